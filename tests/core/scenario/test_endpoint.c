// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/scenario/endpoint.h"
#include "core/scenario/prober.h"
#include "support/virtual_fleet.h"

static void script(struct endpoints *endpoints, const char *endpoint, const char *fault, double at)
{
    struct buffer problems;
    char request[1024];
    buffer_init(&problems, 65536);
    snprintf(request, sizeof request, "{\"Endpoint\": \"%s\", \"Fault\": %s}", endpoint, fault);
    if (!endpoints_request(endpoints, bytes_of(request), VIRTUAL_AT(at), &problems)) {
        fail_msg("%s", buffer_string(&problems));
    }
    buffer_free(&problems);
}

static struct health_check check_of(enum health_check_type type)
{
    struct health_check check = virtual_check("check");
    check.type = type;
    check.search_string =
        type == HEALTH_CHECK_HTTP_STR_MATCH || type == HEALTH_CHECK_HTTPS_STR_MATCH ? "OK-42" : NULL;
    check.resource_path = type == HEALTH_CHECK_TCP ? NULL : "/health?full=1";
    return check;
}

static struct endpoint_result probe_with(const struct health_check *check, const char *fault, uint8_t region)
{
    struct endpoints *endpoints = endpoints_create();
    if (fault != NULL) {
        script(endpoints, "192.0.2.10:80", fault, 100);
    }
    struct endpoint_result result = endpoints_probe(endpoints, check, region, VIRTUAL_AT(100));
    endpoints_destroy(endpoints);
    return result;
}

static void test_faults_lead_to_the_observations_that_the_rules_name(void **state)
{
    (void)state;
    static const struct {
        enum health_check_type type;
        const char *fault;
        uint8_t reason;
        double takes; // seconds
    } cases[] = {
        {HEALTH_CHECK_HTTP, NULL, OBSERVED_SUCCESS, 0},
        {HEALTH_CHECK_HTTP_STR_MATCH, NULL, OBSERVED_SUCCESS, 0},
        {HEALTH_CHECK_TCP, NULL, OBSERVED_SUCCESS, 0},
        {HEALTH_CHECK_HTTP, "{\"Kind\":\"down\"}", OBSERVED_CONNECT_REFUSED, 0},
        {HEALTH_CHECK_HTTP, "{\"Kind\":\"unreachable\"}", OBSERVED_UNREACHABLE, 0},
        {HEALTH_CHECK_HTTP, "{\"Kind\":\"blackhole\"}", OBSERVED_CONNECT_TIMEOUT, 4}, // P5
        {HEALTH_CHECK_TCP, "{\"Kind\":\"blackhole\"}", OBSERVED_CONNECT_TIMEOUT, 10}, // P5
        {HEALTH_CHECK_HTTP, "{\"Kind\":\"hang\"}", OBSERVED_RESPONSE_TIMEOUT, 2},     // P5
        {HEALTH_CHECK_TCP, "{\"Kind\":\"hang\"}", OBSERVED_SUCCESS, 0},               // P15
        {HEALTH_CHECK_HTTP, "{\"Kind\":\"reset\"}", OBSERVED_CONNECTION_CLOSED, 0},
        // EX18
        {HEALTH_CHECK_HTTP, "{\"Kind\":\"slow\",\"ConnectMilliseconds\":3900,\"Milliseconds\":1900}",
         OBSERVED_SUCCESS, 5.8},
        {HEALTH_CHECK_HTTP, "{\"Kind\":\"slow\",\"ConnectMilliseconds\":4100}", OBSERVED_CONNECT_TIMEOUT, 4},
        {HEALTH_CHECK_HTTP, "{\"Kind\":\"slow\",\"Milliseconds\":2100}", OBSERVED_RESPONSE_TIMEOUT, 2},
        {HEALTH_CHECK_HTTP, "{\"Kind\":\"slow\",\"Milliseconds\":2000}", OBSERVED_SUCCESS, 2}, // P7
        {HEALTH_CHECK_TCP, "{\"Kind\":\"slow\",\"ConnectMilliseconds\":9900}", OBSERVED_SUCCESS, 9.9},
        {HEALTH_CHECK_TCP, "{\"Kind\":\"slow\",\"ConnectMilliseconds\":10100}", OBSERVED_CONNECT_TIMEOUT, 10},
        {HEALTH_CHECK_HTTP_STR_MATCH, "{\"Kind\":\"slow\",\"Milliseconds\":1900,\"BodyMilliseconds\":1900}",
         OBSERVED_SUCCESS, 3.8},
        {HEALTH_CHECK_HTTP_STR_MATCH, "{\"Kind\":\"slow\",\"Milliseconds\":1900,\"BodyMilliseconds\":2100}",
         OBSERVED_RESPONSE_TIMEOUT, 3.9},
        // P8, EX17
        {HEALTH_CHECK_HTTP, "{\"Kind\":\"status\",\"Status\":503}", OBSERVED_HTTP_STATUS, 0},
        {HEALTH_CHECK_HTTP, "{\"Kind\":\"status\",\"Status\":302}", OBSERVED_SUCCESS, 0},
        {HEALTH_CHECK_HTTP_STR_MATCH, "{\"Kind\":\"status\",\"Status\":302}", OBSERVED_STRING_NOT_FOUND, 0},
        {HEALTH_CHECK_HTTP_STR_MATCH, "{\"Kind\":\"status\",\"Status\":302,\"Body\":\"OK-42\"}",
         OBSERVED_SUCCESS, 0},
        {HEALTH_CHECK_HTTP_STR_MATCH, "{\"Kind\":\"status\",\"Status\":404,\"Body\":\"OK-42\"}",
         OBSERVED_HTTP_STATUS, 0},
        {HEALTH_CHECK_HTTP_STR_MATCH, "{\"Kind\":\"body\",\"Body\":\"ok-42\"}", OBSERVED_STRING_NOT_FOUND, 0},
        {HEALTH_CHECK_HTTP, "{\"Kind\":\"body\",\"Body\":\"oops\"}", OBSERVED_SUCCESS, 0},
        // P20: no certificate is looked at, but without one there is no handshake
        {HEALTH_CHECK_HTTPS, NULL, OBSERVED_SUCCESS, 0},
        {HEALTH_CHECK_HTTPS, "{\"Kind\":\"certificate\"}", OBSERVED_TLS_FAILED, 0},
        {HEALTH_CHECK_HTTP, "{\"Kind\":\"certificate\"}", OBSERVED_SUCCESS, 0},
        // P18: an address is not resolved
        {HEALTH_CHECK_HTTP, "{\"Kind\":\"resolver\"}", OBSERVED_SUCCESS, 0},
        // another path, and this one with its query
        {HEALTH_CHECK_HTTP, "{\"Kind\":\"hang\",\"Path\":\"/other\"}", OBSERVED_SUCCESS, 0},
        {HEALTH_CHECK_HTTP, "{\"Kind\":\"hang\",\"Path\":\"/health\"}", OBSERVED_RESPONSE_TIMEOUT, 2},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct health_check check = check_of(cases[i].type);
        struct endpoint_result result = probe_with(&check, cases[i].fault, REGION_NONE);
        if (result.observation.reason != cases[i].reason ||
            result.takes != duration_from_seconds(cases[i].takes)) {
            fail_msg("case %zu: %s: reason %u after %g s", i, cases[i].fault, result.observation.reason,
                     duration_seconds(result.takes));
        }
    }
}

static void test_a_name_that_does_not_resolve_fails_within_the_resolver_s_budget(void **state)
{
    (void)state;
    struct endpoints *endpoints = endpoints_create();
    struct health_check check = check_of(HEALTH_CHECK_HTTP);
    check.ip_address = (struct ip_address){0};
    check.fully_qualified_domain_name = "Origin.example.com";
    script(endpoints, "origin.EXAMPLE.com", "{\"Kind\":\"resolver\",\"Milliseconds\":5000}", 0);
    struct endpoint_result result = endpoints_probe(endpoints, &check, REGION_NONE, VIRTUAL_AT(1));
    assert_int_equal(result.observation.reason, OBSERVED_DNS_FAILED); // P16, P17
    assert_true(result.takes == DURATION_S(2));
    endpoints_destroy(endpoints);
}

static uint8_t reason_at(const struct endpoints *endpoints, const char *region, double at)
{
    struct health_check check = check_of(HEALTH_CHECK_HTTP);
    return endpoints_probe(endpoints, &check, region_find(bytes_of(region)), VIRTUAL_AT(at))
        .observation.reason;
}

static void test_a_partition_concerns_the_checkers_of_its_regions_only(void **state)
{
    (void)state;
    struct endpoints *endpoints = endpoints_create();
    script(endpoints, "*", "{\"Kind\":\"partition\",\"CheckerRegions\":[\"sa-east-1\",\"eu-west-1\"]}", 10);
    assert_int_equal(reason_at(endpoints, "sa-east-1", 10), OBSERVED_CONNECT_TIMEOUT);
    assert_int_equal(reason_at(endpoints, "us-east-1", 10), OBSERVED_SUCCESS);
    assert_true(endpoints_serving(endpoints, "192.0.2.10", 80, VIRTUAL_AT(10)));
    // A server that refuses cannot be heard through the partition.
    script(endpoints, "192.0.2.10:80", "{\"Kind\":\"down\"}", 20);
    assert_int_equal(reason_at(endpoints, "sa-east-1", 20), OBSERVED_CONNECT_TIMEOUT);
    assert_int_equal(reason_at(endpoints, "us-east-1", 20), OBSERVED_CONNECT_REFUSED);
    assert_false(endpoints_serving(endpoints, "192.0.2.10", 80, VIRTUAL_AT(20)));
    script(endpoints, "*", "{\"Kind\":\"none\"}", 30);
    assert_int_equal(reason_at(endpoints, "sa-east-1", 30), OBSERVED_CONNECT_REFUSED);
    endpoints_destroy(endpoints);
}

static void test_faults_end_by_themselves_and_flap(void **state)
{
    (void)state;
    struct endpoints *endpoints = endpoints_create();
    script(endpoints, "192.0.2.10", "{\"Kind\":\"down\",\"For\":\"90s\"}", 10);
    assert_int_equal(reason_at(endpoints, "us-east-1", 99.9), OBSERVED_CONNECT_REFUSED);
    assert_int_equal(reason_at(endpoints, "us-east-1", 100), OBSERVED_SUCCESS);
    script(endpoints, "192.0.2.10", "{\"Kind\":\"flap\",\"UpSeconds\":5,\"DownSeconds\":2.5}", 200);
    assert_int_equal(reason_at(endpoints, "us-east-1", 204.9), OBSERVED_SUCCESS);
    assert_int_equal(reason_at(endpoints, "us-east-1", 205), OBSERVED_CONNECT_REFUSED);
    assert_int_equal(reason_at(endpoints, "us-east-1", 207.5), OBSERVED_SUCCESS);
    endpoints_destroy(endpoints);
}

static void test_keys_are_written_in_one_way_or_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *key; // NULL: refused
    } cases[] = {
        {"192.0.2.10:80", "192.0.2.10:80"},
        {"192.0.2.10", "192.0.2.10"},
        {"[2001:DB8:0::1]:443", "[2001:db8::1]:443"},
        {"2001:db8::1", "[2001:db8::1]"},
        {"[2001:db8::1]", "[2001:db8::1]"},
        {"Origin.Example.com:8080", "origin.example.com:8080"},
        {"*", "*"},
        {"", NULL},
        {":80", NULL},
        {"192.0.2.10:0", NULL},
        {"192.0.2.10:65536", NULL},
        {"192.0.2.10:http", NULL},
        {"http://192.0.2.10/", NULL},
        {"a b", NULL},
        {"1:2:3:80", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char key[ENDPOINT_KEY] = "";
        struct error error = {0};
        if (endpoint_key_parse(bytes_of(cases[i].text), key, &error) != (cases[i].key != NULL)) {
            fail_msg("%s: %s", cases[i].text, error.text);
        }
        if (cases[i].key != NULL) {
            assert_string_equal(key, cases[i].key);
        }
    }
}

static void test_bad_requests_are_refused_with_the_reason_and_change_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *reason;
    } cases[] = {
        {"", "request:1"},
        {"{\"Endpoint\": \"192.0.2.10:80\"}", "missing field 'Fault'"},
        {"{\"Fault\": {\"Kind\": \"down\"}}", "missing field 'Endpoint'"},
        {"{\"Endpoint\": \"a b\", \"Fault\": {\"Kind\": \"down\"}}", "an endpoint is a host and a port"},
        {"{\"Endpoint\": \"*\", \"Fault\": {}}", "missing field 'Kind'"},
        {"{\"Endpoint\": \"*\", \"Fault\": {\"Kind\": \"dwon\"}}", "did you mean 'down'?"},
        {"{\"Endpoint\": \"*\", \"Fault\": {\"Kind\": \"status\"}}", "Kind 'status' needs Status"},
        {"{\"Endpoint\": \"*\", \"Fault\": {\"Kind\": \"down\", \"Status\": 503}}",
         "Status does not go with Kind 'down'"},
        {"{\"Endpoint\": \"*\", \"Fault\": {\"Kind\": \"partition\"}}",
         "Kind 'partition' needs CheckerRegions"},
        {"{\"Endpoint\": \"*\", \"Fault\": {\"Kind\": \"down\", \"CheckerRegions\": [\"eu-west-2\"]}}",
         "did you mean 'eu-west-1'?"},
        {"{\"Endpoint\": \"*\", \"Fault\": {\"Kind\": \"down\", \"For\": \"soon\"}}",
         "'soon' is not a duration"},
        {"{\"Endpoint\": \"*\", \"Fault\": {\"Kind\": \"hang\", \"Path\": \"health\"}}", "begins with '/'"},
    };
    struct endpoints *endpoints = endpoints_create();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct buffer problems;
        buffer_init(&problems, 65536);
        assert_false(endpoints_request(endpoints, bytes_of(cases[i].text), VIRTUAL_AT(0), &problems));
        if (strstr(buffer_string(&problems), cases[i].reason) == NULL) {
            fail_msg("%s: %s", cases[i].text, buffer_string(&problems));
        }
        buffer_free(&problems);
    }
    json_t *list = endpoints_json(endpoints, VIRTUAL_AT(0));
    assert_int_equal(json_array_size(list), 0);
    json_decref(list);
    endpoints_destroy(endpoints);
}

static void test_the_list_of_faults_can_be_sent_back(void **state)
{
    (void)state;
    static const char *const faults[] = {
        "{\"Kind\":\"flap\",\"UpSeconds\":5,\"DownSeconds\":2.5,\"For\":\"90s\"}",
        "{\"Kind\":\"status\",\"Status\":503,\"Body\":\"gone\",\"Path\":\"/health\"}",
        "{\"Kind\":\"slow\",\"Milliseconds\":4500}",
        "{\"Kind\":\"partition\",\"CheckerRegions\":[\"sa-east-1\"]}",
    };
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        struct endpoints *first = endpoints_create();
        struct endpoints *second = endpoints_create();
        script(first, "192.0.2.10:80", faults[i], 0);
        json_t *list = endpoints_json(first, VIRTUAL_AT(1));
        char *fault = json_dumps(json_object_get(json_array_get(list, 0), "Fault"), JSON_COMPACT);
        assert_non_null(fault);
        script(second, "192.0.2.10:80", fault, 0);
        json_t *again = endpoints_json(second, VIRTUAL_AT(1));
        assert_true(json_equal(list, again));
        json_decref(list);
        json_decref(again);
        free(fault);
        endpoints_destroy(first);
        endpoints_destroy(second);
    }
}

// --- with a fleet ------------------------------------------------------------------------------------------

struct world {
    struct virtual_fleet fleet; // for its checks and model
    struct endpoints *endpoints;
    struct scripted_prober *prober;
};

static void begin(struct world *world)
{
    static const struct scripted_prober_options options = {.spread = true};
    virtual_fleet_init(&world->fleet);
    world->endpoints = endpoints_create();
    virtual_fleet_apply(&world->fleet);
    world->prober = scripted_prober_create(world->fleet.fleet, world->endpoints, &options);
}

static void end(struct world *world)
{
    scripted_prober_destroy(world->prober);
    endpoints_destroy(world->endpoints);
    virtual_fleet_free(&world->fleet);
}

// When the check's final status changes next, in milliseconds; -1 when it does not before the end.
static int64_t next_change(struct world *world, double until)
{
    struct health_change change;
    while (!fleet_next_change(world->fleet.fleet, &change)) {
        mono_time next = scripted_prober_next(world->prober);
        if (mono_before(VIRTUAL_AT(until), next)) {
            return -1;
        }
        scripted_prober_step(world->prober, next, virtual_wall(next));
    }
    return change.at.ns / 1000000;
}

static void test_ex5_outage_and_recovery_to_the_millisecond(void **state)
{
    (void)state;
    static const struct {
        const char *fault;
        int64_t down_ms; // after the outage
    } cases[] = {{"{\"Kind\":\"down\"}", 84375}, {"{\"Kind\":\"blackhole\"}", 96375}};
    for (size_t i = 0; i < 2; i++) {
        struct world world;
        begin(&world);
        assert_true(next_change(&world, 119.9) < 0); // P4: every checker is in its place by now
        script(world.endpoints, "192.0.2.10:80", cases[i].fault, 120);
        assert_int_equal(next_change(&world, 600), 120000 + cases[i].down_ms); // EX5
        end(&world);
    }
}

static void test_recovery_needs_the_third_verdict_only(void **state)
{
    (void)state;
    struct world world;
    begin(&world);
    assert_true(next_change(&world, 119.9) < 0);
    script(world.endpoints, "192.0.2.10:80", "{\"Kind\":\"down\"}", 120);
    assert_int_equal(next_change(&world, 700), 204375);
    assert_true(next_change(&world, 719.9) < 0);
    script(world.endpoints, "192.0.2.10:80", "{\"Kind\":\"none\"}", 720);
    assert_int_equal(next_change(&world, 900), 720000 + 63750); // EX5, A11
    end(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_faults_lead_to_the_observations_that_the_rules_name),
        cmocka_unit_test(test_a_name_that_does_not_resolve_fails_within_the_resolver_s_budget),
        cmocka_unit_test(test_a_partition_concerns_the_checkers_of_its_regions_only),
        cmocka_unit_test(test_faults_end_by_themselves_and_flap),
        cmocka_unit_test(test_keys_are_written_in_one_way_or_refused),
        cmocka_unit_test(test_bad_requests_are_refused_with_the_reason_and_change_nothing),
        cmocka_unit_test(test_the_list_of_faults_can_be_sent_back),
        cmocka_unit_test(test_ex5_outage_and_recovery_to_the_millisecond),
        cmocka_unit_test(test_recovery_needs_the_third_verdict_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
