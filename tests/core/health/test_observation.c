// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "core/health/observation.h"

// clang-format off
#define IP {4, {192, 0, 2, 2}}
// clang-format on

// Section 2.2
static void test_observations_read_as_route_53_writes_them(void **state)
{
    (void)state;
    static const struct {
        struct observation observation;
        const char *text;
    } cases[] = {
        {{.http = true, .http_status = 200, .resolved = IP},
         "Success: HTTP Status Code: 200. Resolved IP: 192.0.2.2. OK"},
        {{.http = true, .http_status = 302, .resolved = IP},
         "Success: HTTP Status Code: 302. Resolved IP: 192.0.2.2. Found"},
        {{.http = true, .http_status = 299, .resolved = {6, {0x20, 0x01, 0x0d, 0xb8, [15] = 1}}},
         "Success: HTTP Status Code: 299. Resolved IP: 2001:db8::1. OK"},
        {{.resolved = IP}, "Success: TCP connection established. Resolved IP: 192.0.2.2. OK"},
        {{.reason = OBSERVED_CONNECT_TIMEOUT},
         "Failure: The health checker could not establish a connection within the timeout limit."},
        {{.reason = OBSERVED_HTTP_STATUS, .http = true, .http_status = 503},
         "Failure: HTTP Status Code 503, Service Unavailable"},
        {{.reason = OBSERVED_HTTP_STATUS, .http = true, .http_status = 599}, "Failure: HTTP Status Code 599"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[OBSERVATION_TEXT];
        observation_format(&cases[i].observation, text);
        assert_string_equal(text, cases[i].text);
    }
}

static void test_every_reason_has_a_text_of_its_own(void **state)
{
    (void)state;
    char texts[OBSERVATION_REASONS][OBSERVATION_TEXT];
    for (uint8_t reason = 0; reason < OBSERVATION_REASONS; reason++) {
        struct observation observation = {.reason = reason, .http = true, .http_status = 404, .resolved = IP};
        observation_format(&observation, texts[reason]);
        const char *prefix = reason == OBSERVED_SUCCESS ? "Success: " : "Failure: ";
        assert_memory_equal(texts[reason], prefix, strlen(prefix));
        for (uint8_t other = 0; other < reason; other++) {
            assert_string_not_equal(texts[reason], texts[other]);
        }
    }
    assert_non_null(strstr(texts[OBSERVED_DNS_FAILED], "DNS resolution failed"));
    assert_null(strstr(texts[OBSERVED_TLS_FAILED], "alert"));
    struct observation tls = {.reason = OBSERVED_TLS_FAILED, .tls_alert = 40};
    char text[OBSERVATION_TEXT];
    observation_format(&tls, text);
    assert_string_equal(text, "Failure: SSL alert handshake_failure"); // P22
    tls.tls_alert = 250;
    observation_format(&tls, text);
    assert_string_equal(text, "Failure: SSL alert 250");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_observations_read_as_route_53_writes_them),
        cmocka_unit_test(test_every_reason_has_a_text_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
