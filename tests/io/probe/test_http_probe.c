// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "probe_fixture.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define SENDS(text)                                                                                          \
    {                                                                                                        \
        {FAKE_REQUEST, NULL, 0},                                                                             \
        {                                                                                                    \
            FAKE_SEND, text, 0                                                                               \
        }                                                                                                    \
    }
#define K(text)  text text text text text text text text text text text text text text text text
#define FIELD_1K "X-Pad: " K(K("abcd")) "\r\n"

// P8, P9, P14, section 2.2: each reason but the timeouts, as a real endpoint causes it.
static void test_endpoints_are_judged_by_what_they_answer(void **state)
{
    (void)state;
    static const struct {
        struct fake_step script[FAKE_STEPS_MAX];
        uint8_t reason;
        uint16_t status;
    } cases[] = {
        {SENDS("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"), OBSERVED_SUCCESS, 200},
        {SENDS("HTTP/1.0 200\r\n\r\n"), OBSERVED_SUCCESS, 200},
        {SENDS("HTTP/1.1 399 Odd\r\n\r\n"), OBSERVED_SUCCESS, 399},
        {SENDS("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n\r\n"), OBSERVED_SUCCESS, 302},
        {SENDS("HTTP/1.1 204 No Content\n\n"), OBSERVED_SUCCESS, 204},
        {SENDS("HTTP/1.1 200 OK\r\nX-Folded: a\r\n b\r\n\r\n"), OBSERVED_SUCCESS, 200},
        {SENDS("HTTP/1.1 200 OK\r\nContent-Length: banana\r\n\r\n"), OBSERVED_SUCCESS, 200},
        {SENDS("HTTP/1.1 200 OK\r\nContent-Encoding: nonsense\r\nTransfer-Encoding: odd\r\n\r\n"),
         OBSERVED_SUCCESS, 200},
        {SENDS("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
               "HTTP/1.1 200 OK\r\n\r\n"),
         OBSERVED_SUCCESS, 200},
        {SENDS("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 500 Oh\r\n\r\n"), OBSERVED_HTTP_STATUS, 500},
        {SENDS("HTTP/1.1 100 Continue\r\n\r\n"), OBSERVED_CONNECTION_CLOSED, 0},
        {SENDS("HTTP/1.1 101 Switching Protocols\r\n\r\n"), OBSERVED_HTTP_STATUS, 101},
        {SENDS("HTTP/1.1 400 Bad Request\r\n\r\n"), OBSERVED_HTTP_STATUS, 400},
        {SENDS("HTTP/1.1 503 Service Unavailable\r\n\r\n"), OBSERVED_HTTP_STATUS, 503},
        {SENDS(""), OBSERVED_CONNECTION_CLOSED, 0},
        {SENDS("HTTP/1.1 2"), OBSERVED_CONNECTION_CLOSED, 0},
        {SENDS("HTTP/1.1 200 OK\r\nServer: x\r\n"), OBSERVED_CONNECTION_CLOSED, 200},
        {SENDS("HTTP/1.1 200 OK\r\nServ"), OBSERVED_CONNECTION_CLOSED, 200},
        {{{FAKE_REQUEST, NULL, 0}, {FAKE_RESET, NULL, 0}}, OBSERVED_CONNECTION_CLOSED, 0},
        {SENDS("SSH-2.0-OpenSSH_9.2\r\n"), OBSERVED_BAD_RESPONSE, 0},
        {SENDS("<html>hello</html>\n"), OBSERVED_BAD_RESPONSE, 0},
        {SENDS("HTTP/1.1 20 OK\r\n\r\n"), OBSERVED_BAD_RESPONSE, 0},
        {SENDS("HTTP/1.1 2000 OK\r\n\r\n"), OBSERVED_BAD_RESPONSE, 0},
        {SENDS("HTTP/9.1 200 OK\r\n\r\n"), OBSERVED_BAD_RESPONSE, 0},
        {SENDS("HTTP/2 200\r\n\r\n"), OBSERVED_BAD_RESPONSE, 0},
        {SENDS("\r\nHTTP/1.1 200 OK\r\n\r\n"), OBSERVED_BAD_RESPONSE, 0},
        {SENDS("HTTP/1.1 200 OK\r\nno colon\r\n\r\n"), OBSERVED_BAD_HEADER, 200},
        {SENDS("HTTP/1.1 200 OK\r\nServer : x\r\n\r\n"), OBSERVED_BAD_HEADER, 200},
        {SENDS("HTTP/1.1 200 OK\r\n: x\r\n\r\n"), OBSERVED_BAD_HEADER, 200},
        {SENDS("HTTP/1.1 200 OK\r\n folded: too early\r\n\r\n"), OBSERVED_BAD_HEADER, 200},
        {SENDS("HTTP/1.1 200 OK\r\nServer: a\x01z\r\n\r\n"), OBSERVED_BAD_HEADER, 200},
        {SENDS("HTTP/1.1 200 OK\r\nServer: a\rb\r\n\r\n"), OBSERVED_BAD_HEADER, 200},
        {SENDS("HTTP/1.1 200 OK\r\n" FIELD_1K FIELD_1K "\r\n"), OBSERVED_SUCCESS, 200},
        {SENDS("HTTP/1.1 200 OK\r\n" K(FIELD_1K) "\r\n"), OBSERVED_HEADERS_TOO_LARGE, 200},
        {{{FAKE_REQUEST, NULL, 0}, {FAKE_SEND, "HTTP/1.1 200 OK\r\n", 0}, {FAKE_FLOOD, "X: y\r\n", 0}},
         OBSERVED_HEADERS_TOO_LARGE,
         200},
        {{{FAKE_REQUEST, NULL, 0}, {FAKE_SEND, "HTTP/1.1 200 OK\r\nX: ", 0}, {FAKE_FLOOD, "yyyyyyy", 0}},
         OBSERVED_HEADERS_TOO_LARGE,
         200},
        {{{FAKE_REQUEST, NULL, 0}, {FAKE_SEND, "HTTP/1.1 200 ", 0}, {FAKE_FLOOD, "yyyyyyy", 0}},
         OBSERVED_BAD_RESPONSE,
         0},
        {{{FAKE_REQUEST, NULL, 0}, {FAKE_SEND, "HTTP/1.1 200 OK\r\n\r\n", 0}, {FAKE_FLOOD, "body ", 0}},
         OBSERVED_SUCCESS,
         200},
    };
    struct probe_fixture fixture;
    struct fake_origin *origins[COUNT(cases)];
    fixture_start(&fixture, NULL);
    for (size_t i = 0; i < COUNT(cases); i++) {
        origins[i] = fake_origin_start(cases[i].script, 0);
        struct health_check check = fixture_check(HEALTH_CHECK_HTTP, fake_origin_port(origins[i]));
        fixture_probe(&fixture, &check);
    }
    fixture_run(&fixture);
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct observation *seen = &fixture.observed[i];
        if (seen->reason != cases[i].reason || seen->http_status != cases[i].status) {
            char text[OBSERVATION_TEXT];
            observation_format(seen, text);
            fail_msg("case %zu: %s (status %u)", i, text, seen->http_status);
        }
        assert_true(seen->http && seen->connect_us > 0 && seen->resolved.family == 4);
        assert_int_equal(seen->first_byte_us > 0, seen->http_status != 0);
        fake_origin_stop(origins[i]);
    }
    fixture_end(&fixture);
}

static void test_refused_and_unreachable_endpoints_are_told_apart(void **state)
{
    (void)state;
    struct fake_refusal refusal;
    fake_refusal_start(&refusal);
    struct probe_fixture fixture;
    struct health_check check = fixture_check(HEALTH_CHECK_HTTP, refusal.port);
    fixture_start(&fixture, NULL);
    const struct observation *seen = fixture_once(&fixture, &check);
    assert_int_equal(seen->reason, OBSERVED_CONNECT_REFUSED);
    assert_int_equal(seen->connect_us, 0);
    check.ip_address = (struct ip_address){4, {255, 255, 255, 255}}; // the kernel refuses to connect there
    assert_int_equal(fixture_once(&fixture, &check)->reason, OBSERVED_UNREACHABLE);
    fixture_end(&fixture);
    fake_refusal_stop(&refusal);
}

// P5, P7, EX18: all at once, so that the whole takes as long as the longest. What must pass stays half a
// second away from its limit, for the sake of busy machines; test_probe.c goes to the edge.
static void test_slow_endpoints_pass_or_fail_by_the_time_they_take(void **state)
{
    (void)state;
    static const struct {
        struct fake_step script[FAKE_STEPS_MAX];
        uint8_t reason;
        int least_ms;
    } cases[] = {
        {{{FAKE_REQUEST, NULL, 0}, {FAKE_WAIT, NULL, 1500}, {FAKE_SEND, "HTTP/1.1 200 OK\r\n\r\n", 0}},
         OBSERVED_SUCCESS,
         1500},
        {{{FAKE_REQUEST, NULL, 0}, {FAKE_WAIT, NULL, 2100}, {FAKE_SEND, "HTTP/1.1 200 OK\r\n\r\n", 0}},
         OBSERVED_RESPONSE_TIMEOUT,
         2000},
        {{{FAKE_REQUEST, NULL, 0}, {FAKE_HANG, NULL, 0}}, OBSERVED_RESPONSE_TIMEOUT, 2000},
        {{{FAKE_REQUEST, NULL, 0}, {FAKE_SEND, "HTTP/1.1 200", 0}, {FAKE_HANG, NULL, 0}},
         OBSERVED_RESPONSE_TIMEOUT,
         2000},
        {{{FAKE_REQUEST, NULL, 0}, {FAKE_SEND, "HTTP/1.1 200 OK\r\nA: b\r\n", 0}, {FAKE_HANG, NULL, 0}},
         OBSERVED_RESPONSE_TIMEOUT,
         2000},
        {{{FAKE_REQUEST, NULL, 0},
          {FAKE_SEND, "HTTP/1.1 100 Continue\r\n\r\n", 0},
          {FAKE_WAIT, NULL, 2100},
          {FAKE_SEND, "HTTP/1.1 200 OK\r\n\r\n", 0}},
         OBSERVED_RESPONSE_TIMEOUT,
         2000},
        // 2 s for the status line and 2 s more for the headers.
        {{{FAKE_REQUEST, NULL, 0},
          {FAKE_WAIT, NULL, 1500},
          {FAKE_SEND, "HTTP/1.1 200 OK\r\n", 0},
          {FAKE_WAIT, NULL, 1500},
          {FAKE_SEND, "\r\n", 0}},
         OBSERVED_SUCCESS,
         3000},
    };
    struct probe_fixture fixture;
    struct fake_origin *origins[COUNT(cases)];
    struct fake_black_hole hole;
    fake_black_hole_start(&hole);
    fixture_start(&fixture, NULL);
    for (size_t i = 0; i < COUNT(cases); i++) {
        origins[i] = fake_origin_start(cases[i].script, 0);
        struct health_check check = fixture_check(HEALTH_CHECK_HTTP, fake_origin_port(origins[i]));
        fixture_probe(&fixture, &check);
    }
    struct health_check lost = fixture_check(HEALTH_CHECK_HTTP, hole.port);
    unsigned last = fixture_probe(&fixture, &lost);
    fixture_run(&fixture);
    for (unsigned i = 0; i <= last; i++) {
        duration took = mono_since(fixture.ended[i], fixture.started[i]);
        uint8_t reason = i == last ? OBSERVED_CONNECT_TIMEOUT : cases[i].reason;
        duration least = i == last ? DURATION_S(4) : DURATION_MS(cases[i].least_ms);
        if (fixture.observed[i].reason != reason || took < least || took > least + DURATION_S(5)) {
            fail_msg("case %u: reason %u after %.3f s", i, fixture.observed[i].reason,
                     duration_seconds(took));
        }
    }
    for (size_t i = 0; i < COUNT(cases); i++) {
        fake_origin_stop(origins[i]);
    }
    fake_black_hole_stop(&hole);
    fixture_end(&fixture);
}

static const struct fake_step ok_script[FAKE_STEPS_MAX] = SENDS("HTTP/1.1 200 OK\r\n\r\n");

static void assert_request(struct probe_fixture *fixture, const struct health_check *check,
                           struct fake_origin *origin, const char *target, const char *host)
{
    char request[FAKE_REQUEST_TEXT];
    char expected[FAKE_REQUEST_TEXT];
    char line[512];
    assert_int_equal(fixture_once(fixture, check)->reason, OBSERVED_SUCCESS);
    fake_origin_requests(origin, request);
    snprintf(expected, sizeof expected, "GET %s HTTP/1.1\r\n", target);
    assert_memory_equal(request, expected, strlen(expected));
    snprintf(line, sizeof line, "\r\nHost: %s\r\n", host);
    assert_non_null(strstr(request, line));
}

// P18, P19, P23, EX21
static void test_the_endpoint_receives_the_request_of_a_checker(void **state)
{
    (void)state;
    char request[FAKE_REQUEST_TEXT];
    char host[64];
    struct probe_fixture fixture;
    struct fake_origin *origin = fake_origin_start(ok_script, 0);
    struct health_check check = fixture_check(HEALTH_CHECK_HTTP, fake_origin_port(origin));
    fixture_start(&fixture, NULL);

    snprintf(host, sizeof host, "127.0.0.1:%u", check.port);
    assert_request(&fixture, &check, origin, "/health", host);
    check.fully_qualified_domain_name = "api.example.com"; // not resolved: there is an address
    check.resource_path = "/a/../b//c?d=e f&g=%20#\xc3\xa9\"";
    snprintf(host, sizeof host, "api.example.com:%u", check.port);
    assert_request(&fixture, &check, origin, "/a/../b//c?d=e%20f&g=%20%23%C3%A9\"", host);

    unsigned accepted = fake_origin_requests(origin, request);
    assert_int_equal(accepted, 2);
    assert_non_null(strstr(request, "\r\nUser-Agent: Amazon-Route53-Health-Check-Service (ref "));
    assert_non_null(strstr(request, "; report http://amzn.to/1vsZADi)\r\n"));
    assert_non_null(strstr(request, "\r\nAccept: */*\r\n"));
    assert_non_null(strstr(request, "\r\nConnection: close\r\n"));
    assert_null(strstr(request, "Expect:"));
    fixture_end(&fixture);
    fake_origin_stop(origin);
}

static void test_an_ipv6_endpoint_is_probed_and_bracketed_in_host(void **state)
{
    (void)state;
    char host[64];
    struct probe_fixture fixture;
    struct fake_origin *origin = fake_origin_start(ok_script, 1);
    struct health_check check = fixture_check(HEALTH_CHECK_HTTP, fake_origin_port(origin));
    check.ip_address = (struct ip_address){6, {[15] = 1}};
    fixture_start(&fixture, NULL);
    snprintf(host, sizeof host, "[::1]:%u", check.port);
    assert_request(&fixture, &check, origin, "/health", host);
    fixture_end(&fixture);
    fake_origin_stop(origin);
}

// P9
static void test_a_redirect_is_success_and_is_not_followed(void **state)
{
    (void)state;
    char request[FAKE_REQUEST_TEXT];
    char reply[128];
    struct probe_fixture fixture;
    struct fake_origin *target = fake_origin_start(ok_script, 0);
    snprintf(reply, sizeof reply, "HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1:%u/\r\n\r\n",
             fake_origin_port(target));
    const struct fake_step script[FAKE_STEPS_MAX] = SENDS(reply);
    struct fake_origin *origin = fake_origin_start(script, 0);
    struct health_check check = fixture_check(HEALTH_CHECK_HTTP, fake_origin_port(origin));
    fixture_start(&fixture, NULL);
    const struct observation *seen = fixture_once(&fixture, &check);
    assert_int_equal(seen->reason, OBSERVED_SUCCESS);
    assert_int_equal(seen->http_status, 301);
    assert_int_equal(fake_origin_requests(origin, request), 1);
    assert_int_equal(fake_origin_requests(target, request), 0);
    fixture_end(&fixture);
    fake_origin_stop(origin);
    fake_origin_stop(target);
}

static void test_a_proxy_of_the_environment_is_not_used(void **state)
{
    (void)state;
    struct probe_fixture fixture;
    struct fake_origin *origin = fake_origin_start(ok_script, 0);
    struct health_check check = fixture_check(HEALTH_CHECK_HTTP, fake_origin_port(origin));
    setenv("http_proxy", "http://127.0.0.1:1", 1);
    setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
    fixture_start(&fixture, NULL);
    assert_int_equal(fixture_once(&fixture, &check)->reason, OBSERVED_SUCCESS);
    unsetenv("http_proxy");
    unsetenv("ALL_PROXY");
    fixture_end(&fixture);
    fake_origin_stop(origin);
}

// One handle serves many probes; each makes a connection of its own.
static void test_every_probe_connects_anew(void **state)
{
    (void)state;
    struct fake_refusal refusal;
    fake_refusal_start(&refusal);
    char request[FAKE_REQUEST_TEXT];
    struct probe_fixture fixture;
    struct fake_origin *origin = fake_origin_start(ok_script, 0);
    struct health_check check = fixture_check(HEALTH_CHECK_HTTP, fake_origin_port(origin));
    struct health_check dead = fixture_check(HEALTH_CHECK_HTTP, refusal.port);
    fixture_start(&fixture, NULL);
    for (unsigned i = 0; i < 20; i++) {
        assert_int_equal(fixture_once(&fixture, &check)->reason, OBSERVED_SUCCESS);
        assert_int_equal(fixture_once(&fixture, &dead)->reason, OBSERVED_CONNECT_REFUSED);
    }
    assert_int_equal(fake_origin_requests(origin, request), 20);
    fixture_end(&fixture);
    fake_refusal_stop(&refusal);
    fake_origin_stop(origin);
}

static void test_without_descriptors_the_endpoint_is_not_blamed(void **state)
{
    (void)state;
    struct probe_fixture fixture;
    struct fake_origin *origin = fake_origin_start(ok_script, 0);
    struct health_check check = fixture_check(HEALTH_CHECK_HTTP, fake_origin_port(origin));
    struct health_check tcp = fixture_check(HEALTH_CHECK_TCP, fake_origin_port(origin));
    struct rlimit before;
    fixture_start(&fixture, NULL);
    assert_int_equal(fixture_once(&fixture, &check)->reason, OBSERVED_SUCCESS);
    getrlimit(RLIMIT_NOFILE, &before);
    setrlimit(RLIMIT_NOFILE, &(struct rlimit){3, before.rlim_max}); // all below are taken
    uint8_t http_reason = fixture_once(&fixture, &check)->reason;
    uint8_t tcp_reason = fixture_once(&fixture, &tcp)->reason;
    setrlimit(RLIMIT_NOFILE, &before);
    assert_int_equal(http_reason, OBSERVED_INTERNAL);
    assert_int_equal(tcp_reason, OBSERVED_INTERNAL);
    assert_int_equal(fixture_once(&fixture, &check)->reason, OBSERVED_SUCCESS);
    fixture_end(&fixture);
    fake_origin_stop(origin);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_endpoints_are_judged_by_what_they_answer),
        cmocka_unit_test(test_refused_and_unreachable_endpoints_are_told_apart),
        cmocka_unit_test(test_slow_endpoints_pass_or_fail_by_the_time_they_take),
        cmocka_unit_test(test_the_endpoint_receives_the_request_of_a_checker),
        cmocka_unit_test(test_an_ipv6_endpoint_is_probed_and_bracketed_in_host),
        cmocka_unit_test(test_a_redirect_is_success_and_is_not_followed),
        cmocka_unit_test(test_a_proxy_of_the_environment_is_not_used),
        cmocka_unit_test(test_every_probe_connects_anew),
        cmocka_unit_test(test_without_descriptors_the_endpoint_is_not_blamed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
