// SPDX-License-Identifier: MIT
// The probe machine in virtual time.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "core/health/probe.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define START        DURATION_S(1000)

static const struct ip_address address = {4, {192, 0, 2, 5}};
static const struct health_check http = {.id = "a", .type = HEALTH_CHECK_HTTP, .port = 80};
static const struct health_check match = {
    .id = "a", .type = HEALTH_CHECK_HTTP_STR_MATCH, .port = 80, .search_string = "OK-42"};
static const struct health_check tcp = {.id = "a", .type = HEALTH_CHECK_TCP, .port = 80};

static mono_time after(duration ns)
{
    return (mono_time){START + ns};
}

static void line(struct probe *probe, const char *text, duration ns)
{
    probe_header_line(probe, bytes_of(text), after(ns));
}

// EX18, P5, P7
static void test_ex18_time_budgets_are_kept_to_the_tick(void **state)
{
    (void)state;
    static const struct {
        const struct health_check *check;
        duration connected;
        duration status; // after connecting
        duration end;    // after the status line
        uint8_t reason;
    } cases[] = {
        {&http, DURATION_MS(3900), DURATION_MS(1900), 0, OBSERVED_SUCCESS},
        {&http, DURATION_MS(4100), 0, 0, OBSERVED_CONNECT_TIMEOUT},
        {&http, 0, DURATION_MS(2100), 0, OBSERVED_RESPONSE_TIMEOUT},
        {&tcp, DURATION_MS(9900), 0, 0, OBSERVED_SUCCESS},
        {&tcp, DURATION_MS(10100), 0, 0, OBSERVED_CONNECT_TIMEOUT},
        {&http, DURATION_S(4), DURATION_S(2), DURATION_S(2), OBSERVED_SUCCESS},
        {&http, DURATION_S(4) + 1, 0, 0, OBSERVED_CONNECT_TIMEOUT},
        {&http, 0, DURATION_S(2) + 1, 0, OBSERVED_RESPONSE_TIMEOUT},
        {&http, 0, 0, DURATION_S(2) + 1, OBSERVED_RESPONSE_TIMEOUT},
        {&tcp, DURATION_S(10), 0, 0, OBSERVED_SUCCESS},
        {&tcp, DURATION_S(10) + 1, 0, 0, OBSERVED_CONNECT_TIMEOUT},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct probe probe;
        duration at = cases[i].connected;
        probe_start(&probe, cases[i].check, &address, after(0));
        probe_connected(&probe, after(at));
        line(&probe, "HTTP/1.1 200 OK\r\n", at += cases[i].status);
        line(&probe, "\r\n", at += cases[i].end);
        assert_true(probe_done(&probe));
        assert_int_equal(probe.observation.reason, cases[i].reason);
    }
}

static void test_the_deadline_ends_each_phase_with_its_own_reason(void **state)
{
    (void)state;
    struct probe probe;
    probe_start(&probe, &http, &address, after(0));
    assert_int_equal(probe.deadline.ns, after(DURATION_S(4)).ns);
    probe_check_deadline(&probe, probe.deadline);
    assert_false(probe_done(&probe));
    probe_connected(&probe, after(DURATION_S(1)));
    assert_int_equal(probe.deadline.ns, after(DURATION_S(3)).ns);
    line(&probe, "HTTP/1.1 200 OK\r\n", DURATION_S(2));
    assert_int_equal(probe.deadline.ns, after(DURATION_S(4)).ns);
    line(&probe, "A: b\r\n", DURATION_S(3)); // each field does not start the budget anew
    assert_int_equal(probe.deadline.ns, after(DURATION_S(4)).ns);
    probe_check_deadline(&probe, after(DURATION_S(4) + 1));
    assert_int_equal(probe.observation.reason, OBSERVED_RESPONSE_TIMEOUT);
    assert_int_equal(probe.deadline.ns, MONO_NEVER.ns);
}

static void body(struct probe *probe, const char *text, duration ns)
{
    probe_body(probe, bytes_of(text), after(ns));
}

static void begin_match(struct probe *probe, duration status)
{
    probe_start(probe, &match, &address, after(0));
    probe_connected(probe, after(0));
    line(probe, "HTTP/1.1 200 OK\r\n", status);
    line(probe, "\r\n", status);
    assert_false(probe_done(probe));
}

// EX18, P5, P7: the string's two seconds begin with the status code.
static void test_ex18_the_string_must_come_within_two_seconds_of_the_status(void **state)
{
    (void)state;
    static const struct {
        duration string; // after the status line
        uint8_t reason;
    } cases[] = {
        {DURATION_MS(1900), OBSERVED_SUCCESS},
        {DURATION_S(2), OBSERVED_SUCCESS},
        {DURATION_MS(2100), OBSERVED_RESPONSE_TIMEOUT},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct probe probe;
        begin_match(&probe, DURATION_MS(1900));
        body(&probe, "OK-", DURATION_MS(1900));
        body(&probe, "42", DURATION_MS(1900) + cases[i].string);
        assert_true(probe_done(&probe));
        assert_int_equal(probe.observation.reason, cases[i].reason);
        assert_int_equal(probe.observation.http_status, 200);
    }
}

// P6: the handshake spends the two seconds that end with the status code.
static void test_the_tls_handshake_spends_the_budget_of_the_status(void **state)
{
    (void)state;
    static const struct health_check https = {.id = "a", .type = HEALTH_CHECK_HTTPS, .port = 443};
    static const struct {
        duration secured; // after connecting
        duration status;
        uint8_t reason;
    } cases[] = {
        {DURATION_MS(1000), DURATION_MS(1950), OBSERVED_SUCCESS},
        {DURATION_MS(1000), DURATION_MS(2050), OBSERVED_RESPONSE_TIMEOUT},
        {DURATION_MS(2050), DURATION_MS(2060), OBSERVED_RESPONSE_TIMEOUT},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct probe probe;
        duration connected = DURATION_MS(3900);
        probe_start(&probe, &https, &address, after(0));
        probe_connected(&probe, after(connected));
        probe_requested(&probe, after(connected + cases[i].secured));
        line(&probe, "HTTP/1.1 200 OK\r\n", connected + cases[i].status);
        line(&probe, "\r\n", connected + cases[i].status);
        assert_int_equal(probe.observation.reason, cases[i].reason);
        if (i == 0) { // the time of the handshake is not the endpoint's to the first byte
            assert_int_equal(probe.observation.first_byte_us, 950000);
            assert_int_equal(probe.observation.tls_ms, 1000);
        }
    }
    struct probe probe;
    probe_start(&probe, &https, &address, after(0));
    probe_connected(&probe, after(0));
    probe_tls_failed(&probe, 40, after(DURATION_S(1)));
    assert_int_equal(probe.observation.reason, OBSERVED_TLS_FAILED);
    assert_int_equal(probe.observation.tls_alert, 40);
}

// EX17, P8, P9, P10: the status decides first.
static void test_ex17_the_status_and_the_body_must_both_be_right(void **state)
{
    (void)state;
    static const struct {
        const char *status;
        const char *text;
        uint8_t reason;
    } cases[] = {
        {"HTTP/1.1 200 OK\r\n", "it is OK-42 here", OBSERVED_SUCCESS},
        {"HTTP/1.1 200 OK\r\n", "ok-42", OBSERVED_STRING_NOT_FOUND},
        {"HTTP/1.1 302 Found\r\n", "OK-42", OBSERVED_SUCCESS},
        {"HTTP/1.1 302 Found\r\n", "moved", OBSERVED_STRING_NOT_FOUND},
        {"HTTP/1.1 404 Not Found\r\n", "OK-42", OBSERVED_HTTP_STATUS},
        {"HTTP/1.1 200 OK\r\n", "", OBSERVED_STRING_NOT_FOUND},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct probe probe;
        probe_start(&probe, &match, &address, after(0));
        probe_connected(&probe, after(0));
        line(&probe, cases[i].status, 0);
        line(&probe, "\r\n", 0);
        body(&probe, cases[i].text, 0);
        probe_closed(&probe, after(0)); // P13
        assert_true(probe_done(&probe));
        assert_int_equal(probe.observation.reason, cases[i].reason);
    }
}

// P11: the coding is the final head's alone.
static void test_an_interim_head_says_nothing_about_the_body(void **state)
{
    (void)state;
    struct probe probe;
    probe_start(&probe, &match, &address, after(0));
    probe_connected(&probe, after(0));
    line(&probe, "HTTP/1.1 103 Early Hints\r\n", 0);
    line(&probe, "Content-Encoding: gzip\r\n", 0);
    line(&probe, "\r\n", 0);
    line(&probe, "HTTP/1.1 200 OK\r\n", 0);
    line(&probe, "\r\n", 0);
    body(&probe, "OK-42", 0);
    assert_int_equal(probe.observation.reason, OBSERVED_SUCCESS);
}

static void test_a_probe_given_up_while_it_searches_leaves_nothing(void **state)
{
    (void)state;
    struct probe probe;
    begin_match(&probe, 0);
    probe_discard(&probe);
    probe_discard(&probe);
    assert_null(probe.search);
}

static void test_an_observation_carries_its_times_and_address(void **state)
{
    (void)state;
    struct probe probe;
    probe_start(&probe, &http, &address, after(0));
    probe_connected(&probe, after(DURATION_MS(12)));
    line(&probe, "HTTP/1.1 204 No Content\r\n", DURATION_MS(45));
    line(&probe, "\r\n", DURATION_MS(50));
    assert_int_equal(probe.observation.connect_us, 12000);
    assert_int_equal(probe.observation.first_byte_us, 33000);
    assert_int_equal(probe.observation.http_status, 204);
    assert_true(probe.observation.http && ip_equal(&probe.observation.resolved, &address));
    probe_start(&probe, &tcp, &address, after(0));
    probe_connected(&probe, after(0));
    assert_int_equal(probe.observation.connect_us, 1); // 0 is "none"
    assert_false(probe.observation.http);
}

// Feeds a whole head and returns the reason; OBSERVATION_REASONS when the machine waits for more.
static unsigned judge(const char *head, uint16_t *status)
{
    struct probe probe;
    struct bytes rest = bytes_of(head);
    probe_start(&probe, &http, &address, after(0));
    probe_connected(&probe, after(0));
    while (rest.len > 0) {
        const uint8_t *end = memchr(rest.data, '\n', rest.len);
        size_t len = end != NULL ? (size_t)(end - rest.data) + 1 : rest.len;
        probe_header_line(&probe, (struct bytes){rest.data, len}, after(0));
        rest = (struct bytes){rest.data + len, rest.len - len};
    }
    *status = probe.observation.http_status;
    return probe_done(&probe) ? probe.observation.reason : OBSERVATION_REASONS;
}

// P8, P9, P14; RFC 7230 sections 3.1.2, 3.2, 3.5; RFC 7231 section 6.2
static void test_response_heads_are_judged_by_their_grammar_and_status(void **state)
{
    (void)state;
    enum { MORE = OBSERVATION_REASONS };
    static const struct {
        const char *head;
        unsigned reason;
        uint16_t status;
    } cases[] = {
        {"HTTP/1.1 200 OK\r\n\r\n", OBSERVED_SUCCESS, 200},
        {"HTTP/1.0 200 OK\r\n\r\n", OBSERVED_SUCCESS, 200},
        {"HTTP/1.1 200 OK\n\n", OBSERVED_SUCCESS, 200},
        {"HTTP/1.1 200\r\n\r\n", OBSERVED_SUCCESS, 200},
        {"HTTP/1.1 200 \r\n\r\n", OBSERVED_SUCCESS, 200},
        {"HTTP/1.1 200 \xc3\xa9t\xc3\xa9\r\n\r\n", OBSERVED_SUCCESS, 200},
        {"HTTP/1.1 399 x\r\n\r\n", OBSERVED_SUCCESS, 399},
        {"HTTP/1.1 301 x\r\n\r\n", OBSERVED_SUCCESS, 301},
        {"HTTP/1.1 400 x\r\n\r\n", OBSERVED_HTTP_STATUS, 400},
        {"HTTP/1.1 500 x\r\n\r\n", OBSERVED_HTTP_STATUS, 500},
        {"HTTP/1.1 999 x\r\n\r\n", OBSERVED_HTTP_STATUS, 999},
        {"HTTP/1.1 500 x\r\n", MORE, 500},
        {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", OBSERVED_SUCCESS, 200},
        {"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 404 No\r\n\r\n", OBSERVED_HTTP_STATUS, 404},
        {"HTTP/1.1 100 Continue\r\n\r\n", MORE, 0},
        {"HTTP/1.1 101 Switching Protocols\r\n\r\n", OBSERVED_HTTP_STATUS, 101},
        {"HTTP/1.1 100 Continue\r\nbad\r\n", OBSERVED_BAD_HEADER, 100},
        {"HTTP/1.1 200OK\r\n", OBSERVED_BAD_RESPONSE, 0},
        {"HTTP/1.1  200 OK\r\n", OBSERVED_BAD_RESPONSE, 0},
        {"HTTP/1.1 099 x\r\n", OBSERVED_BAD_RESPONSE, 0},
        {"HTTP/1.1 20 x\r\n", OBSERVED_BAD_RESPONSE, 0},
        {"HTTP/1.1 2000 x\r\n", OBSERVED_BAD_RESPONSE, 0},
        {"HTTP/1.1 200 a\x01z\r\n", OBSERVED_BAD_RESPONSE, 0},
        {"HTTP/1.x 200 OK\r\n", OBSERVED_BAD_RESPONSE, 0},
        {"HTTP/2.0 200 OK\r\n", OBSERVED_BAD_RESPONSE, 0},
        {"http/1.1 200 OK\r\n", OBSERVED_BAD_RESPONSE, 0},
        {"\r\n", OBSERVED_BAD_RESPONSE, 0},
        {"<html>\n", OBSERVED_BAD_RESPONSE, 0},
        {"HTTP/1.1 200 OK\r\nA:b\r\nA:\r\nA: \t b \r\n!#$%&'*+-.^_`|~09Az: x\r\n\r\n", OBSERVED_SUCCESS, 200},
        {"HTTP/1.1 200 OK\r\nA: \x80\xff\r\n\r\n", OBSERVED_SUCCESS, 200},
        {"HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\td\r\n \r\n\r\n", OBSERVED_SUCCESS, 200},
        {"HTTP/1.1 200 OK\r\n A: b\r\n", OBSERVED_BAD_HEADER, 200},
        {"HTTP/1.1 100 C\r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\n c\r\n", OBSERVED_BAD_HEADER, 200},
        {"HTTP/1.1 200 OK\r\nA : b\r\n", OBSERVED_BAD_HEADER, 200},
        {"HTTP/1.1 200 OK\r\nA B: c\r\n", OBSERVED_BAD_HEADER, 200},
        {"HTTP/1.1 200 OK\r\n: b\r\n", OBSERVED_BAD_HEADER, 200},
        {"HTTP/1.1 200 OK\r\nA\r\n", OBSERVED_BAD_HEADER, 200},
        {"HTTP/1.1 200 OK\r\n\xc3\xa9: b\r\n", OBSERVED_BAD_HEADER, 200},
        {"HTTP/1.1 200 OK\r\nA: \x7f\r\n", OBSERVED_BAD_HEADER, 200},
        {"HTTP/1.1 200 OK\r\nA: b\rc\r\n", OBSERVED_BAD_HEADER, 200},
        {"HTTP/1.1 200 OK\r\nA: b\r\n c\x01\r\n", OBSERVED_BAD_HEADER, 200},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        uint16_t status;
        unsigned reason = judge(cases[i].head, &status);
        if (reason != cases[i].reason || status != cases[i].status) {
            fail_msg("%s: reason %u, status %u", cases[i].head, reason, status);
        }
    }
}

static void test_a_zero_byte_is_no_header(void **state)
{
    (void)state;
    static const uint8_t field[] = {'A', ':', ' ', 0, '\r', '\n'};
    static const uint8_t name[] = {'A', 0, ':', ' ', '\r', '\n'};
    struct probe probe;
    for (unsigned i = 0; i < 2; i++) {
        probe_start(&probe, &http, &address, after(0));
        probe_connected(&probe, after(0));
        line(&probe, "HTTP/1.1 200 OK\r\n", 0);
        probe_header_line(&probe, (struct bytes){i == 0 ? field : name, sizeof field}, after(0));
        assert_int_equal(probe.observation.reason, OBSERVED_BAD_HEADER);
    }
}

// P14, L12: fields and their line ends count, of interim heads too; status lines and empty lines do not.
static void test_header_fields_may_be_16384_bytes_together(void **state)
{
    (void)state;
    char kilobyte[1025];
    char longer[1026];
    snprintf(kilobyte, sizeof kilobyte, "X: %01019d\r\n", 0);
    snprintf(longer, sizeof longer, "X: %01020d\r\n", 0);
    assert_int_equal(strlen(kilobyte), 1024);
    for (unsigned extra = 0; extra < 2; extra++) {
        struct probe probe;
        probe_start(&probe, &http, &address, after(0));
        probe_connected(&probe, after(0));
        line(&probe, "HTTP/1.1 100 Continue with a phrase that does not count\r\n", 0);
        for (unsigned i = 0; i < 15; i++) {
            line(&probe, kilobyte, 0);
            if (i == 4) {
                line(&probe, "\r\n", 0);
                line(&probe, "HTTP/1.1 200 OK with a phrase that does not count\r\n", 0);
            }
        }
        line(&probe, extra ? longer : kilobyte, 0);
        line(&probe, "\r\n", 0);
        assert_int_equal(probe.observation.reason, extra ? OBSERVED_HEADERS_TOO_LARGE : OBSERVED_SUCCESS);
    }
}

static void test_what_comes_after_the_end_changes_nothing(void **state)
{
    (void)state;
    struct probe probe;
    probe_start(&probe, &http, &address, after(0));
    probe_failed(&probe, OBSERVED_CONNECT_REFUSED, after(0));
    struct observation first = probe.observation;
    probe_connected(&probe, after(1));
    line(&probe, "HTTP/1.1 200 OK\r\n", 1);
    line(&probe, "\r\n", 1);
    probe_closed(&probe, after(2));
    probe_failed(&probe, OBSERVED_BAD_HEADER, after(2));
    probe_check_deadline(&probe, after(DURATION_S(100)));
    assert_memory_equal(&probe.observation, &first, sizeof first);
}

static void test_a_closed_connection_and_an_error_after_the_deadline_are_timeouts(void **state)
{
    (void)state;
    struct probe probe;
    probe_start(&probe, &http, &address, after(0));
    probe_connected(&probe, after(0));
    probe_closed(&probe, after(DURATION_S(1)));
    assert_int_equal(probe.observation.reason, OBSERVED_CONNECTION_CLOSED);
    probe_start(&probe, &http, &address, after(0));
    probe_failed(&probe, OBSERVED_CONNECT_REFUSED, after(DURATION_S(5)));
    assert_int_equal(probe.observation.reason, OBSERVED_CONNECT_TIMEOUT);
}

// P19, EX21
static void test_ex21_host_carries_the_port_when_it_is_not_the_type_s_own(void **state)
{
    (void)state;
    static const struct ip_address v6 = {6, {0x20, 0x01, 0x0d, 0xb8, [15] = 5}};
    static const struct {
        enum health_check_type type;
        const char *name;
        uint16_t port;
        bool v6;
        const char *host;
    } cases[] = {
        {HEALTH_CHECK_HTTPS, "api.example.com", 443, false, "api.example.com"},
        {HEALTH_CHECK_HTTPS, "api.example.com", 8443, false, "api.example.com:8443"},
        {HEALTH_CHECK_HTTPS, "api.example.com", 80, false, "api.example.com:80"},
        {HEALTH_CHECK_HTTPS_STR_MATCH, "api.example.com", 443, false, "api.example.com"},
        {HEALTH_CHECK_HTTP, "api.example.com", 443, false, "api.example.com:443"},
        {HEALTH_CHECK_HTTP, "api.example.com", 80, false, "api.example.com"},
        {HEALTH_CHECK_HTTP_STR_MATCH, NULL, 80, false, "192.0.2.5"},
        {HEALTH_CHECK_HTTP, NULL, 80, false, "192.0.2.5"},
        {HEALTH_CHECK_HTTP, NULL, 8080, false, "192.0.2.5:8080"},
        {HEALTH_CHECK_HTTP, NULL, 80, true, "[2001:db8::5]"},
        {HEALTH_CHECK_HTTP, NULL, 8080, true, "[2001:db8::5]:8080"},
        {HEALTH_CHECK_HTTP, "api.example.com", 80, true, "api.example.com"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char host[PROBE_HOST_TEXT];
        struct health_check check = {.type = cases[i].type,
                                     .fully_qualified_domain_name = cases[i].name,
                                     .ip_address = cases[i].v6 ? v6 : address,
                                     .port = cases[i].port};
        probe_host_header(&check, host);
        assert_string_equal(host, cases[i].host);
    }
}

// P23
static void test_the_user_agent_names_a_uuid_of_the_check(void **state)
{
    (void)state;
    static const char *const ids[] = {"a", "b", "3f7c0e0e-9a1b-4c9b-8a53-1f0b1c2d3e4f"};
    char agents[COUNT(ids)][PROBE_USER_AGENT_TEXT];
    for (size_t i = 0; i < COUNT(ids); i++) {
        struct health_check check = {.id = ids[i]};
        char again[PROBE_USER_AGENT_TEXT];
        unsigned version;
        char variant;
        int end = 0;
        probe_user_agent(&check, agents[i]);
        probe_user_agent(&check, again);
        assert_string_equal(agents[i], again);
        int read = sscanf(agents[i],
                          "Amazon-Route53-Health-Check-Service (ref %*8[0-9a-f]-%*4[0-9a-f]-%1x%*3[0-9a-f]-"
                          "%c%*3[0-9a-f]-%*12[0-9a-f]; report http://amzn.to/1vsZADi)%n",
                          &version, &variant, &end);
        assert_int_equal(read, 2);
        assert_int_equal(end, strlen(agents[i]));
        assert_int_equal(version, 5);
        assert_non_null(strchr("89ab", variant));
        assert_null(strstr(agents[i], ids[2]));
    }
    assert_string_not_equal(agents[0], agents[1]);
}

// P23, table 1.1: the path is requested as it was given.
static void test_the_request_target_is_escaped_only_where_it_must_be(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        const char *target;
    } cases[] = {
        {NULL, "/"},
        {"/", "/"},
        {"health", "/health"},
        {"/health?a=b&c=%20+'\"<>[]", "/health?a=b&c=%20+'\"<>[]"},
        {"/a/../b/./c//d", "/a/../b/./c//d"},
        {"/a b\tc\r\n", "/a%20b%09c%0D%0A"},
        {"/\xc3\xa9#x\x7f", "/%C3%A9%23x%7F"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char target[PROBE_TARGET_TEXT];
        struct health_check check = {.resource_path = cases[i].path};
        probe_request_target(&check, target);
        assert_string_equal(target, cases[i].target);
    }
    char longest[256];
    memset(longest, ' ', 255);
    longest[255] = '\0';
    char target[PROBE_TARGET_TEXT];
    probe_request_target(&(struct health_check){.resource_path = longest}, target);
    assert_int_equal(strlen(target), 1 + 3 * 255);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ex18_time_budgets_are_kept_to_the_tick),
        cmocka_unit_test(test_the_deadline_ends_each_phase_with_its_own_reason),
        cmocka_unit_test(test_ex18_the_string_must_come_within_two_seconds_of_the_status),
        cmocka_unit_test(test_the_tls_handshake_spends_the_budget_of_the_status),
        cmocka_unit_test(test_ex17_the_status_and_the_body_must_both_be_right),
        cmocka_unit_test(test_an_interim_head_says_nothing_about_the_body),
        cmocka_unit_test(test_a_probe_given_up_while_it_searches_leaves_nothing),
        cmocka_unit_test(test_an_observation_carries_its_times_and_address),
        cmocka_unit_test(test_response_heads_are_judged_by_their_grammar_and_status),
        cmocka_unit_test(test_a_zero_byte_is_no_header),
        cmocka_unit_test(test_header_fields_may_be_16384_bytes_together),
        cmocka_unit_test(test_what_comes_after_the_end_changes_nothing),
        cmocka_unit_test(test_a_closed_connection_and_an_error_after_the_deadline_are_timeouts),
        cmocka_unit_test(test_ex21_host_carries_the_port_when_it_is_not_the_type_s_own),
        cmocka_unit_test(test_the_user_agent_names_a_uuid_of_the_check),
        cmocka_unit_test(test_the_request_target_is_escaped_only_where_it_must_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
