// SPDX-License-Identifier: MIT
// TCP probes, endpoints given by name, and the prober's own conduct.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "probe_fixture.h"

static const struct fake_step ok_script[FAKE_STEPS_MAX] = {{FAKE_REQUEST, NULL, 0},
                                                           {FAKE_SEND, "HTTP/1.1 200 OK\r\n\r\n", 0}};
static const struct fake_step hang_script[FAKE_STEPS_MAX] = {{FAKE_HANG, NULL, 0}};

static const struct fake_name names[] = {
    {.name = "one.example.com", .addresses = {"127.0.0.1"}},
    {.name = "four.example.com", .addresses = {"127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4"}},
    {.name = "alias.example.com", .cname = "one.example.com", .addresses = {"127.0.0.1"}},
    {.name = "empty.example.com"},
    {.name = "silent.example.com", .silent = 1},
    {0},
};

// P15
static void test_a_tcp_probe_succeeds_by_connecting_and_sends_nothing(void **state)
{
    (void)state;
    static const struct fake_step script[FAKE_STEPS_MAX] = {{FAKE_REQUEST, NULL, 0}};
    char request[FAKE_REQUEST_TEXT];
    struct probe_fixture fixture;
    struct fake_origin *origin = fake_origin_start(script, 0);
    struct health_check check = fixture_check(HEALTH_CHECK_TCP, fake_origin_port(origin));
    fixture_start(&fixture, NULL);
    const struct observation *seen = fixture_once(&fixture, &check);
    assert_int_equal(seen->reason, OBSERVED_SUCCESS);
    assert_true(!seen->http && seen->connect_us > 0);
    // The endpoint takes a second connection only after it has read the first to its end.
    while (fake_origin_requests(origin, request) < 2) {
        fixture.count = 0;
        fixture.done[0] = false;
        assert_int_equal(fixture_once(&fixture, &check)->reason, OBSERVED_SUCCESS);
    }
    assert_string_equal(request, "");
    fixture_end(&fixture);
    fake_origin_stop(origin);
}

static void test_a_tcp_probe_tells_refused_from_unreachable(void **state)
{
    (void)state;
    struct fake_refusal refusal;
    fake_refusal_start(&refusal);
    struct probe_fixture fixture;
    struct health_check check = fixture_check(HEALTH_CHECK_TCP, refusal.port);
    fixture_start(&fixture, NULL);
    assert_int_equal(fixture_once(&fixture, &check)->reason, OBSERVED_CONNECT_REFUSED);
    check.ip_address = (struct ip_address){4, {255, 255, 255, 255}};
    assert_int_equal(fixture_once(&fixture, &check)->reason, OBSERVED_UNREACHABLE);
    fixture_end(&fixture);
    fake_refusal_stop(&refusal);
}

static struct health_check named_check(enum health_check_type type, uint16_t port, const char *name)
{
    struct health_check check = fixture_check(type, port);
    check.ip_address = (struct ip_address){0};
    check.fully_qualified_domain_name = name;
    return check;
}

// P16, P17
static void test_an_endpoint_given_by_name_is_resolved_for_every_probe(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        uint8_t reason;
    } cases[] = {
        {"one.example.com", OBSERVED_SUCCESS},
        {"alias.example.com", OBSERVED_SUCCESS},
        {"localhost", OBSERVED_SUCCESS},
        {"127.0.0.1", OBSERVED_SUCCESS},
        {"empty.example.com", OBSERVED_DNS_FAILED},
        {"missing.example.com", OBSERVED_DNS_FAILED},
        {"127.0.0", OBSERVED_DNS_FAILED},
        {"silent.example.com", OBSERVED_DNS_FAILED},
    };
    char request[FAKE_REQUEST_TEXT];
    char host[64];
    struct probe_fixture fixture;
    struct fake_dns *dns = fake_dns_start(names);
    struct fake_origin *origin = fake_origin_start(ok_script, 0);
    uint16_t port = fake_origin_port(origin);
    fixture_start(&fixture, fake_dns_server(dns));
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct health_check check = named_check(HEALTH_CHECK_HTTP, port, cases[i].name);
        const struct observation *seen = fixture_once(&fixture, &check);
        assert_int_equal(seen->reason, cases[i].reason);
        assert_int_equal(seen->resolved.family, cases[i].reason == OBSERVED_SUCCESS ? 4 : 0);
        if (seen->reason == OBSERVED_SUCCESS) {
            fake_origin_requests(origin, request);
            snprintf(host, sizeof host, "\r\nHost: %s:%u\r\n", cases[i].name, port);
            assert_non_null(strstr(request, host));
        }
    }
    unsigned asked = fake_dns_queries(dns);
    struct health_check tcp = named_check(HEALTH_CHECK_TCP, port, "one.example.com");
    assert_int_equal(fixture_once(&fixture, &tcp)->reason, OBSERVED_SUCCESS);
    assert_int_equal(fixture_once(&fixture, &tcp)->reason, OBSERVED_SUCCESS);
    assert_int_equal(fake_dns_queries(dns), asked + 2);
    fixture_end(&fixture);
    fake_origin_stop(origin);
    fake_dns_stop(dns);
}

// P17: uniform over four; the chance of missing one in 64 draws is 4e-8, and the seed is fixed.
static void test_any_of_several_addresses_is_probed(void **state)
{
    (void)state;
    struct fake_refusal refusal;
    fake_refusal_start(&refusal);
    struct probe_fixture fixture;
    struct fake_dns *dns = fake_dns_start(names);
    struct health_check check = named_check(HEALTH_CHECK_TCP, refusal.port, "four.example.com");
    unsigned seen[5] = {0};
    fixture_start(&fixture, fake_dns_server(dns));
    for (unsigned i = 0; i < PROBES_MAX; i++) {
        fixture_probe(&fixture, &check);
    }
    fixture_run(&fixture);
    for (unsigned i = 0; i < PROBES_MAX; i++) {
        assert_int_equal(fixture.observed[i].reason, OBSERVED_CONNECT_REFUSED);
        seen[fixture.observed[i].resolved.bytes[3]]++;
    }
    for (unsigned i = 1; i <= 4; i++) {
        assert_in_range(seen[i], 5, 30);
    }
    fixture_end(&fixture);
    fake_refusal_stop(&refusal);
    fake_dns_stop(dns);
}

// P17, the knob EndpointAddress: the first, as the name server gives them.
static void test_the_first_of_several_addresses_is_probed_when_the_knob_says_so(void **state)
{
    (void)state;
    struct fake_refusal refusal;
    fake_refusal_start(&refusal);
    struct probe_fixture fixture;
    struct fake_dns *dns = fake_dns_start(names);
    struct health_check check = named_check(HEALTH_CHECK_TCP, refusal.port, "four.example.com");
    check.habits.first_address = true;
    fixture_start(&fixture, fake_dns_server(dns));
    for (unsigned i = 0; i < 8; i++) {
        assert_int_equal(fixture_once(&fixture, &check)->resolved.bytes[3], 1);
    }
    fixture_end(&fixture);
    fake_refusal_stop(&refusal);
    fake_dns_stop(dns);
}

static void test_a_type_that_cannot_be_probed_is_no_evidence(void **state)
{
    (void)state;
    struct fake_refusal refusal;
    fake_refusal_start(&refusal);
    struct probe_fixture fixture;
    struct health_check check = fixture_check(HEALTH_CHECK_CALCULATED, refusal.port);
    fixture_start(&fixture, NULL);
    assert_int_equal(fixture_once(&fixture, &check)->reason, OBSERVED_INTERNAL);
    fixture_end(&fixture);
    fake_refusal_stop(&refusal);
}

static void test_a_prober_that_is_destroyed_gives_up_silently(void **state)
{
    (void)state;
    struct probe_fixture fixture;
    struct fake_dns *dns = fake_dns_start(names);
    struct fake_origin *origin = fake_origin_start(hang_script, 0);
    struct health_check checks[] = {
        fixture_check(HEALTH_CHECK_HTTP, fake_origin_port(origin)),
        fixture_check(HEALTH_CHECK_TCP, fake_origin_port(origin)),
        fixture_check(HEALTH_CHECK_CALCULATED, fake_origin_port(origin)),
        named_check(HEALTH_CHECK_HTTP, fake_origin_port(origin), "silent.example.com"),
        named_check(HEALTH_CHECK_TCP, fake_origin_port(origin), "127.0.0.1"),
    };
    fixture_start(&fixture, fake_dns_server(dns));
    for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++) {
        fixture_probe(&fixture, &checks[i]);
    }
    assert_int_equal(prober_active(fixture.prober), sizeof checks / sizeof checks[0]);
    fixture_end(&fixture);
    for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++) {
        assert_false(fixture.done[i]);
    }
    fake_origin_stop(origin);
    fake_dns_stop(dns);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_tcp_probe_succeeds_by_connecting_and_sends_nothing),
        cmocka_unit_test(test_a_tcp_probe_tells_refused_from_unreachable),
        cmocka_unit_test(test_an_endpoint_given_by_name_is_resolved_for_every_probe),
        cmocka_unit_test(test_any_of_several_addresses_is_probed),
        cmocka_unit_test(test_the_first_of_several_addresses_is_probed_when_the_knob_says_so),
        cmocka_unit_test(test_a_type_that_cannot_be_probed_is_no_evidence),
        cmocka_unit_test(test_a_prober_that_is_destroyed_gives_up_silently),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
