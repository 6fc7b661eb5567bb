// SPDX-License-Identifier: MIT
// What the status of a check says of its certificate and of its metrics.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/report/metrics.h"
#include "core/report/status_json.h"
#include "support/virtual_fleet.h"

static json_t *status_of(const struct virtual_fleet *world, uint32_t check)
{
    struct view view = {.model = &world->model, .status = fleet_status(world->fleet)};
    struct status_input input = {.now = virtual_wall(world->now), .view = &view, .fleet = world->fleet};
    return status_check_json(&input, check);
}

static void note(struct virtual_fleet *world, const struct certificate *certificate)
{
    struct probe_order order;
    struct observation success = {.reason = OBSERVED_SUCCESS};
    world->now = fleet_next(world->fleet);
    assert_true(fleet_take_due(world->fleet, world->now, &order));
    fleet_note_certificate(world->fleet, &order, certificate);
    fleet_observe(world->fleet, &order, &success, world->now, virtual_wall(world->now));
    fleet_note_certificate(world->fleet, &order, &(struct certificate){.subject = "too late"});
}

// P20
static void test_a_certificate_is_told_with_what_is_wrong_with_it(void **state)
{
    (void)state;
    static const struct {
        double days; // from the probe to its end
        bool named;
        bool name_matches;
        int left;
        const char *warnings; // without the date
    } cases[] = {
        {30, true, true, 30, "[]"},
        {14, true, true, 14, "[]"},
        {13.9, false, false, 13, "[\"expires at \"]"},
        {0.1, true, true, 0, "[\"expires at \"]"},
        {-0.1, true, true, -1, "[\"expired at \"]"},
        {-2, true, false, -2, "[\"expired at \",\"is not for api.example.com\"]"},
        {30, true, false, 30, "[\"is not for api.example.com\"]"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct virtual_fleet world;
        virtual_fleet_init(&world);
        world.checks[0].type = HEALTH_CHECK_HTTPS;
        world.checks[0].fully_qualified_domain_name = "api.example.com";
        virtual_fleet_apply(&world);
        struct certificate certificate = {
            .subject = "CN = x", .named = cases[i].named, .name_matches = cases[i].name_matches};
        certificate.not_after =
            wall_add(virtual_wall(fleet_next(world.fleet)), duration_from_seconds(cases[i].days * 86400));
        note(&world, &certificate);
        json_t *json = status_of(&world, 0);
        json_t *told = json_object_get(json, "certificate");
        json_t *warnings = json_object_get(told, "warnings");
        char *text = json_dumps(warnings, JSON_COMPACT);
        char *date = strstr(text, "20");
        if (date != NULL) {
            memmove(date, date + 24, strlen(date + 24) + 1);
        }
        assert_string_equal(json_string_value(json_object_get(told, "subject")), "CN = x");
        assert_int_equal(json_integer_value(json_object_get(told, "expires_in_days")), cases[i].left);
        assert_int_equal(json_is_null(json_object_get(told, "name_matches")), !cases[i].named);
        assert_string_equal(text, cases[i].warnings);
        assert_string_equal(json_string_value(json_object_get(json, "status")), "healthy");
        free(text);
        json_decref(json);
        virtual_fleet_free(&world);
    }
}

static void test_another_endpoint_has_another_certificate(void **state)
{
    (void)state;
    struct virtual_fleet world;
    virtual_fleet_init(&world);
    world.checks[0].type = HEALTH_CHECK_HTTPS;
    virtual_fleet_apply(&world);
    assert_null(fleet_certificate(world.fleet, 0));
    note(&world, &(struct certificate){.subject = "CN = x"});
    assert_string_equal(fleet_certificate(world.fleet, 0)->subject, "CN = x");
    world.checks[0].failure_threshold = 2;
    virtual_fleet_apply(&world);
    assert_non_null(fleet_certificate(world.fleet, 0));
    world.checks[0].port = 8443;
    virtual_fleet_apply(&world);
    assert_null(fleet_certificate(world.fleet, 0));
    json_t *json = status_of(&world, 0);
    assert_true(json_is_null(json_object_get(json, "certificate")));
    json_decref(json);
    virtual_fleet_free(&world);
}

static bool has_line(const struct buffer *text, const char *line)
{
    const char *at = strstr(buffer_string(text), line);
    return at != NULL && (at == text->data || at[-1] == '\n');
}

static void write_metrics(const struct virtual_fleet *world, struct buffer *out)
{
    struct view view = {.model = &world->model, .status = fleet_status(world->fleet)};
    struct status_input input = {
        .now = virtual_wall(world->now), .version = "1", .view = &view, .fleet = world->fleet};
    buffer_init(out, 1 << 20);
    metrics_write(&input, out);
}

// H18, H19: which metrics a check has, and that the status is final while the percentage is raw.
static void test_metrics_are_those_of_the_check_s_type_and_state(void **state)
{
    (void)state;
    static const uint32_t children[] = {0, 1, 2};
    struct virtual_fleet world;
    struct buffer text;
    virtual_fleet_init(&world);
    world.checks[0] = virtual_check("inverted");
    world.checks[0].inverted = true;
    world.checks[1] = virtual_check("disabled");
    world.checks[1].disabled = true;
    world.checks[2] = virtual_check("plain");
    world.checks[3] = (struct health_check){.id = "sum",
                                            .version = 1,
                                            .type = HEALTH_CHECK_CALCULATED,
                                            .health_threshold = 1,
                                            .child_count = 3,
                                            .children = children};
    world.model.health_check_count = 4;
    virtual_fleet_apply(&world);
    virtual_fleet_run(&world, VIRTUAL_AT(60));
    write_metrics(&world, &text);
    assert_true(has_line(&text, "nearwell_health_check_status{id=\"inverted\",name=\"\"} 0\n"));
    assert_true(has_line(&text, "nearwell_health_check_percentage_healthy{id=\"inverted\",name=\"\"} 100\n"));
    assert_true(has_line(&text, "nearwell_health_check_status{id=\"disabled\",name=\"\"} 1\n"));
    assert_false(has_line(&text, "nearwell_health_check_percentage_healthy{id=\"disabled\""));
    assert_false(has_line(&text, "nearwell_health_check_percentage_healthy{id=\"sum\""));
    assert_true(has_line(&text, "nearwell_health_check_children_healthy{id=\"sum\",name=\"\"} 2\n"));
    assert_false(has_line(&text, "nearwell_health_check_children_healthy{id=\"plain\""));
    assert_false(has_line(&text, "nearwell_health_check_connection_seconds{"));
    buffer_free(&text);
    virtual_fleet_free(&world);
}

// H18: the times of probes, by checker region, only where MeasureLatency asks for them and only what the type
// has.
static void test_times_of_probes_are_told_where_they_are_measured(void **state)
{
    (void)state;
    static const struct {
        enum health_check_type type;
        bool tls;
        bool http;
    } cases[] = {
        {HEALTH_CHECK_HTTPS, true, true}, {HEALTH_CHECK_HTTP, false, true}, {HEALTH_CHECK_TCP, false, false}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct virtual_fleet world;
        struct buffer text;
        struct probe_order order;
        virtual_fleet_init(&world);
        world.checks[0].type = cases[i].type;
        world.checks[0].measure_latency = true;
        world.checks[0].regions = 1; // us-east-1
        virtual_fleet_apply(&world);
        for (uint32_t n = 0; n < 2; n++) {
            struct observation observation = {.reason = OBSERVED_SUCCESS,
                                              .connect_us = 10000 + 20000 * n,
                                              .tls_ms = 40,
                                              .first_byte_us = 5000};
            world.now = fleet_next(world.fleet);
            assert_true(fleet_take_due(world.fleet, world.now, &order));
            fleet_observe(world.fleet, &order, &observation, world.now, virtual_wall(world.now));
        }
        write_metrics(&world, &text);
        assert_true(has_line(&text, "nearwell_health_check_connection_seconds{id=\"check-0\",name=\"\","
                                    "region=\"us-east-1\"} 0.02\n"));
        assert_int_equal(has_line(&text, "nearwell_health_check_tls_handshake_seconds{id=\"check-0\",name="
                                         "\"\",region=\"us-east-1\"} 0.04\n"),
                         cases[i].tls);
        assert_int_equal(has_line(&text, "nearwell_health_check_first_byte_seconds{id=\"check-0\",name=\"\","
                                         "region=\"us-east-1\"} 0.005\n"),
                         cases[i].http);
        buffer_free(&text);
        virtual_fleet_free(&world);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_certificate_is_told_with_what_is_wrong_with_it),
        cmocka_unit_test(test_another_endpoint_has_another_certificate),
        cmocka_unit_test(test_metrics_are_those_of_the_check_s_type_and_state),
        cmocka_unit_test(test_times_of_probes_are_told_where_they_are_measured),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
