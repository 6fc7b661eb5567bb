// SPDX-License-Identifier: MIT
// Good policies: what they say arrives in the spec and in the model.
#include "core/policy/load.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/xalloc.h"
#include "core/dns/message.h"
#include "core/dns/rrtype.h"
#include "support/policy_dsl.h"

static void read_good(struct policy_dsl *dsl, const char *text, const struct policy_options *options)
{
    policy_dsl_read(dsl, text, NULL, options);
    if (dsl->policy == NULL) {
        fail_msg("%s\n%s", text, buffer_string(&dsl->printed));
    }
}

static const struct model_spec *spec_of(const struct policy_dsl *dsl)
{
    return policy_spec(dsl->policy);
}

static const char demo_path[] = "policies/three-regions.json";

static void test_the_policy_of_three_regions_is_good(void **state)
{
    (void)state;
    size_t len;
    size_t table_len;
    char *text = policy_dsl_file_text(demo_path, &len);
    char *table = policy_dsl_file_text("policies/latency/aws.json", &table_len);
    struct policy_options options = {
        .default_latency_name = "built in",
        .default_latency = {(const uint8_t *)table, table_len},
    };
    struct diagnostics *diagnostics = diagnostics_create();
    struct model *model =
        policy_load(demo_path, (struct bytes){(const uint8_t *)text, len}, &options, diagnostics);
    assert_non_null(model);
    assert_int_equal(diagnostics_errors(diagnostics) + diagnostics_warnings(diagnostics), 0);
    assert_int_equal(model->zone_count, 1);
    assert_int_equal(model->health_check_count, 3);
    assert_string_equal(model->source, demo_path);
    assert_string_equal(model->latency_source, "built in"); // so that a copy of it works anywhere
    uint32_t germany = model_find_place(model, bytes_of("DE"));
    uint8_t ireland = region_find(bytes_of("eu-west-1"));
    uint8_t virginia = region_find(bytes_of("us-east-1"));
    assert_int_not_equal(germany, PLACE_NONE);
    assert_true(model->places[germany].ms[ireland] < model->places[germany].ms[virginia]);
    assert_int_equal(model->default_client, model_find_place(model, bytes_of("us-east-1")));
    model_destroy(model);
    diagnostics_destroy(diagnostics);
    free(table);
    free(text);
}

static void test_an_empty_object_is_an_empty_account(void **state)
{
    (void)state;
    struct policy_dsl dsl;
    read_good(&dsl, "{}", NULL);
    assert_int_equal(spec_of(&dsl)->zone_count + spec_of(&dsl)->health_check_count, 0);
    assert_int_equal(spec_of(&dsl)->place_count, 3); // of the built-in table
    assert_string_equal(spec_of(&dsl)->latency_source, "built-in.json");
    policy_dsl_free(&dsl);

    struct diagnostics *diagnostics = diagnostics_create();
    struct policy_options nothing = {0};
    struct model *model = policy_load(NULL, bytes_of("{}"), &nothing, diagnostics);
    assert_non_null(model);
    model_destroy(model);
    diagnostics_destroy(diagnostics);
}

// The knobs' defaults stand in the field table, so that the JSON Schema has them, and in the model.
static void test_simulator_defaults_are_those_of_the_model(void **state)
{
    (void)state;
    struct policy_dsl dsl;
    for (int i = 0; i < 2; i++) {
        read_good(&dsl, i == 0 ? "{}" : "{'Simulator': {}}", NULL);
        const struct simulator_settings *s = &spec_of(&dsl)->simulator;
        assert_int_equal(s->checkers_per_region, simulator_defaults.checkers_per_region);
        assert_int_equal(s->checkers, simulator_defaults.checkers);
        assert_int_equal(s->healthy_percent, simulator_defaults.healthy_percent);
        assert_int_equal(s->seed, simulator_defaults.seed);
        assert_int_equal(s->health_check_config_delay, simulator_defaults.health_check_config_delay);
        assert_int_equal(s->aggregation_delay, simulator_defaults.aggregation_delay);
        assert_int_equal(s->record_delay, simulator_defaults.record_delay);
        assert_int_equal(s->removed_region_linger, simulator_defaults.removed_region_linger);
        assert_int_equal(s->metric_delay, simulator_defaults.metric_delay);
        assert_int_equal(s->treat_missing_data, simulator_defaults.treat_missing_data);
        assert_int_equal(s->even_phases, simulator_defaults.even_phases);
        assert_int_equal(s->first_result_decides, simulator_defaults.first_result_decides);
        assert_int_equal(s->updates_reseed, simulator_defaults.updates_reseed);
        assert_int_equal(s->added_checkers_healthy, simulator_defaults.added_checkers_healthy);
        assert_int_equal(s->dangling_checks_unhealthy, simulator_defaults.dangling_checks_unhealthy);
        assert_int_equal(s->without_reports, simulator_defaults.without_reports);
        assert_int_equal(s->special_use_set, simulator_defaults.special_use_set);
        assert_int_equal(s->free_intervals, simulator_defaults.free_intervals);
        assert_int_equal(s->ecs_scope_v4, simulator_defaults.ecs_scope_v4);
        assert_int_equal(s->ecs_scope_v6, simulator_defaults.ecs_scope_v6);
        assert_int_equal(s->cname_chasing, simulator_defaults.cname_chasing);
        assert_int_equal(s->minimal_any, simulator_defaults.minimal_any);
        assert_int_equal(s->unmapped_located, simulator_defaults.unmapped_located);
        assert_int_equal(s->coarse_unmapped, simulator_defaults.coarse_unmapped);
        assert_int_equal(s->cidr_straight_default, simulator_defaults.cidr_straight_default);
        assert_int_equal(s->random_ties, simulator_defaults.random_ties);
        assert_int_equal(s->fold_replies, simulator_defaults.fold_replies);
        assert_int_equal(s->no_match, simulator_defaults.no_match);
        assert_int_equal(s->unknown_zone_rcode, simulator_defaults.unknown_zone_rcode);
        policy_dsl_free(&dsl);
    }
}

static void test_simulator_knobs_arrive(void **state)
{
    (void)state;
    struct policy_dsl dsl;
    read_good(
        &dsl,
        "{'Simulator': {'CheckersPerRegion': 3, 'Checkers': 1, 'HealthyPercent': 50, 'Seed': 7,"
        " 'HealthCheckConfigDelaySeconds': 20, 'AggregationDelaySeconds': 0.5,"
        " 'RecordDelaySeconds': 30,"
        " 'RemovedRegionLingerSeconds': 60, 'AllowSpecialUseAddresses': false, 'FreeIntervals': true,"
        " 'EcsScopeV4': 20, 'EcsScopeV6': 56, 'CnameChasing': true, 'MinimalAny': true,"
        " 'UnmappedGeolocation': 'Located', 'CoarseSubnets': 'Unmapped', 'CidrFallback': 'Default',"
        " 'NoMatchAnswer': 'NXDOMAIN', 'Ties': 'Random', 'ReplyCase': 'Lower', 'UnknownZone': 'SERVFAIL'}}",
        &(struct policy_options){.on_loopback = true});
    const struct simulator_settings *s = &spec_of(&dsl)->simulator;
    assert_int_equal(s->checkers_per_region, 3);
    assert_int_equal(s->checkers, 1);
    assert_int_equal(s->healthy_percent, 50);
    assert_int_equal(s->seed, 7);
    assert_int_equal(s->health_check_config_delay, DURATION_S(20));
    assert_int_equal(s->aggregation_delay, DURATION_MS(500));
    assert_int_equal(s->record_delay, DURATION_S(30));
    assert_int_equal(s->removed_region_linger, DURATION_S(60));
    assert_true(s->special_use_set);
    assert_false(s->allow_special_use_addresses);
    assert_true(s->free_intervals && s->cname_chasing && s->minimal_any);
    assert_int_equal(s->ecs_scope_v4, 20);
    assert_int_equal(s->ecs_scope_v6, 56);
    assert_true(s->unmapped_located && s->coarse_unmapped && s->cidr_straight_default);
    assert_true(s->random_ties && s->fold_replies);
    assert_int_equal(s->no_match, NO_MATCH_NXDOMAIN);
    assert_int_equal(s->unknown_zone_rcode, DNS_RCODE_SERVFAIL);
    policy_dsl_free(&dsl);
}

// G4, E7: a policy that says where unknown clients are means it for geolocation too, unless it says
// otherwise.
static void test_default_client_places_unmapped_clients_for_geolocation(void **state)
{
    (void)state;
    static const struct {
        const char *policy;
        bool located;
    } cases[] = {
        {"{}", false},
        {"{'DefaultClient': 'eu-west-1'}", true},
        {"{'DefaultClient': 'eu-west-1', 'Simulator': {}}", true},
        {"{'DefaultClient': 'eu-west-1', 'Simulator': {'UnmappedGeolocation': 'Default'}}", false},
        {"{'Simulator': {'UnmappedGeolocation': 'Located'}}", true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct policy_dsl dsl;
        read_good(&dsl, cases[i].policy, NULL);
        assert_int_equal(spec_of(&dsl)->simulator.unmapped_located, cases[i].located);
        policy_dsl_free(&dsl);
    }
}

// As printed by aws route53 list-hosted-zones, list-resource-record-sets and list-health-checks (D18, H8)
static void test_what_the_aws_cli_prints_is_valid_as_it_stands(void **state)
{
    (void)state;
    struct policy_dsl dsl;
    read_good(
        &dsl,
        "{'HostedZones': [{'Id': '/hostedzone/Z0123456789ABC', 'Name': 'example.com.', 'CallerReference': "
        "'x',"
        " 'Config': {'Comment': 'c', 'PrivateZone': false}, 'ResourceRecordSetCount': 4,"
        " 'LinkedService': {'ServicePrincipal': 's', 'Description': 'd'},"
        " 'ResourceRecordSets': ["
        "{'Name': 'example.com.', 'Type': 'NS', 'TTL': 172800, 'ResourceRecords': ["
        "{'Value': 'ns-1.awsdns-01.com.'}, {'Value': 'ns-2.awsdns-02.org.'}]},"
        "{'Name': 'example.com.', 'Type': 'SOA', 'TTL': 900, 'ResourceRecords': [{'Value':"
        " 'ns-1.awsdns-01.com. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400'}]},"
        "{'Name': '\\\\052.example.com.', 'Type': 'A', 'SetIdentifier': 'a', 'Region': 'us-east-1', 'TTL': "
        "60,"
        " 'ResourceRecords': [{'Value': '192.0.2.1'}], 'HealthCheckId': "
        "'abcdef11-2222-3333-4444-555555fedcba'},"
        "{'Name': 'txt.example.com.', 'Type': 'TXT', 'TTL': 0, 'ResourceRecords': [{'Value': '\\\"a "
        "b\\\"'}]}]}],"
        "'HealthChecks': [{'Id': 'abcdef11-2222-3333-4444-555555fedcba', 'CallerReference': 'y',"
        " 'HealthCheckConfig': {'IPAddress': '8.8.8.8', 'Port': 80, 'Type': 'HTTP', 'ResourcePath': '/h?x=1',"
        " 'FullyQualifiedDomainName': 'example.com', 'RequestInterval': 30, 'FailureThreshold': 3,"
        " 'MeasureLatency': true, 'Inverted': false, 'Disabled': false, 'EnableSNI': false},"
        " 'HealthCheckVersion': 4}]}",
        &(struct policy_options){.aws_warnings = true});
    assert_int_equal(dsl.warnings, 0);
    const struct zone_spec *zone = &spec_of(&dsl)->zones[0];
    assert_string_equal(zone->id, "Z0123456789ABC");
    assert_string_equal(zone->comment, "c");
    assert_int_equal(zone->record_set_count, 4);
    assert_true(dns_name_is_wildcard(&zone->record_sets[2].name));
    assert_int_equal(zone->record_sets[2].policy, ROUTING_LATENCY);
    assert_int_equal(zone->record_sets[2].region, region_find(bytes_of("us-east-1")));
    assert_int_equal(zone->record_sets[3].policy, ROUTING_SIMPLE);
    assert_int_equal(zone->record_sets[3].region, REGION_NONE);
    assert_memory_equal(zone->record_sets[2].records[0].rdata, "\xc0\x00\x02\x01", 4);
    const struct health_check *check = &spec_of(&dsl)->health_checks[0].config;
    assert_int_equal(check->version, 4);
    assert_string_equal(check->caller_reference, "y");
    assert_string_equal(check->resource_path, "/h?x=1");
    assert_string_equal(check->fully_qualified_domain_name, "example.com");
    assert_true(check->measure_latency);
    policy_dsl_free(&dsl);
}

// Table 1.1
static void test_health_checks_get_route_53_s_defaults(void **state)
{
    (void)state;
    struct policy_dsl dsl;
    read_good(
        &dsl,
        "{'HealthChecks': ["
        "{'Id': 'http', 'Name': 'n', 'HealthCheckConfig': {'Type': 'HTTP', 'IPAddress': '8.8.8.8'}},"
        "{'Id': 'tcp', 'HealthCheckConfig': {'Type': 'TCP', 'FullyQualifiedDomainName': 'a.example', 'Port': "
        "22,"
        " 'RequestInterval': 10, 'FailureThreshold': 1, 'Inverted': true, 'Disabled': true,"
        " 'Regions': ['us-east-1', 'eu-west-1', 'ap-northeast-1']}},"
        "{'Id': 'path', 'HealthCheckConfig': {'Type': 'HTTP', 'IPAddress': '2606:4700::1', 'Port': 8080,"
        " 'ResourcePath': 'health'}},"
        "{'Id': 'match', 'HealthCheckConfig': {'Type': 'HTTP_STR_MATCH', 'IPAddress': '8.8.8.8',"
        " 'SearchString': 'OK-42'}},"
        "{'Id': 'sum', 'HealthCheckConfig': {'Type': 'CALCULATED', 'HealthThreshold': 1,"
        " 'ChildHealthChecks': ['tcp', 'last'], 'Inverted': true}},"
        "{'Id': 'last', 'HealthCheckConfig': {'Type': 'HTTP', 'IPAddress': '8.8.8.8'}}]}",
        NULL);
    const struct health_check *http = &spec_of(&dsl)->health_checks[0].config;
    assert_string_equal(http->name, "n");
    assert_int_equal(http->port, 80);
    assert_string_equal(http->resource_path, "/");
    assert_int_equal(http->request_interval, DURATION_S(30));
    assert_int_equal(http->failure_threshold, 3);
    assert_int_equal(http->regions, 0xff);
    assert_int_equal(http->version, 1);
    assert_false(http->enable_sni || http->inverted || http->disabled || http->measure_latency);
    const struct health_check *tcp = &spec_of(&dsl)->health_checks[1].config;
    assert_int_equal(tcp->type, HEALTH_CHECK_TCP);
    assert_int_equal(tcp->ip_address.family, 0);
    assert_null(tcp->resource_path);
    assert_int_equal(tcp->request_interval, DURATION_S(10));
    assert_true(tcp->inverted && tcp->disabled);
    assert_int_equal(__builtin_popcount(tcp->regions), 3);
    assert_string_equal(spec_of(&dsl)->health_checks[2].config.resource_path, "/health");
    assert_int_equal(spec_of(&dsl)->health_checks[2].config.ip_address.family, 6);
    assert_null(http->search_string);
    const struct health_check *match = &spec_of(&dsl)->health_checks[3].config;
    assert_int_equal(match->type, HEALTH_CHECK_HTTP_STR_MATCH);
    assert_string_equal(match->search_string, "OK-42");
    assert_int_equal(match->port, 80);
    struct model *model = model_build(spec_of(&dsl));
    const struct health_check *sum = &model->health_checks[4];
    assert_int_equal(sum->type, HEALTH_CHECK_CALCULATED);
    assert_int_equal(sum->health_threshold, 1);
    assert_int_equal(sum->child_count, 2);
    assert_int_equal(sum->children[0], 1);
    assert_int_equal(sum->children[1], 5);
    assert_true(sum->inverted && sum->resource_path == NULL && sum->port == 0);
    model_destroy(model);
    policy_dsl_free(&dsl);
}

static const char local_check[] = "{'HealthChecks': [{'Id': 'a', 'HealthCheckConfig': {'Type': 'HTTP',"
                                  " 'IPAddress': '127.0.0.1', 'RequestInterval': 30}}]%s}";

static void test_special_use_addresses_are_allowed_on_loopback_or_when_asked_for(void **state)
{
    (void)state;
    static const struct {
        bool on_loopback;
        const char *simulator;
        bool good;
    } cases[] = {
        {false, "", false},
        {true, "", true},
        {false, ", 'Simulator': {'AllowSpecialUseAddresses': true}", true},
        {true, ", 'Simulator': {'AllowSpecialUseAddresses': false}", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct policy_options options = {.on_loopback = cases[i].on_loopback};
        struct buffer text;
        buffer_init(&text, 4096);
        buffer_append(&text, local_check, strlen(local_check) - 3);
        buffer_format(&text, "%s}", cases[i].simulator);
        struct policy_dsl dsl;
        policy_dsl_read(&dsl, buffer_string(&text), NULL, &options);
        assert_int_equal(dsl.policy != NULL, cases[i].good);
        assert_int_equal(dsl.warnings, 0);
        policy_dsl_free(&dsl);
        buffer_free(&text);
    }
}

static void test_what_aws_would_refuse_is_a_warning_when_asked_for(void **state)
{
    (void)state;
    static const char text[] =
        "{'HealthChecks': [{'Id': 'a', 'HealthCheckConfig': {'Type': 'HTTP', 'IPAddress': '127.0.0.1',"
        " 'RequestInterval': 0.25}}], 'HostedZones': [{'Id': 'Z1', 'Name': 'a.example', "
        "'ResourceRecordSets': ["
        "{'Name': 'a.example', 'Type': 'TYPE65280', 'TTL': 1, 'ResourceRecords': [{'Value': '\\\\# 1 "
        "ff'}]}]}],"
        " 'Simulator': {'FreeIntervals': true}}";
    struct policy_dsl dsl;
    read_good(&dsl, text, &(struct policy_options){.on_loopback = true, .aws_warnings = true});
    assert_int_equal(dsl.warnings, 3);
    assert_non_null(strstr(buffer_string(&dsl.printed), "AWS would refuse IPAddress 127.0.0.1"));
    assert_non_null(strstr(buffer_string(&dsl.printed), "AWS would refuse RequestInterval 0.25"));
    assert_non_null(strstr(buffer_string(&dsl.printed), "AWS would refuse type TYPE65280"));
    assert_int_equal(spec_of(&dsl)->health_checks[0].config.request_interval, DURATION_MS(250));
    policy_dsl_free(&dsl);
    read_good(&dsl, text, &(struct policy_options){.on_loopback = true});
    assert_int_equal(dsl.warnings, 0);
    policy_dsl_free(&dsl);
}

static void test_clients_arrive_and_may_repeat_themselves(void **state)
{
    (void)state;
    struct policy_dsl dsl;
    read_good(
        &dsl,
        "{'Clients': [{'Cidr': '192.0.2.0/24', 'Place': 'DE'}, {'Cidr': '2001:db8::/32', 'Place': 'jp'},"
        " {'Cidr': '192.0.2.0/24', 'Place': 'de'}, {'Cidr': '198.51.100.7', 'Place': 'ap-south-1'}],"
        " 'DefaultClient': 'JP'}",
        NULL);
    assert_int_equal(spec_of(&dsl)->client_count, 4);
    assert_int_equal(spec_of(&dsl)->clients[0].source, CLIENT_SOURCE_POLICY);
    assert_int_equal(spec_of(&dsl)->clients[3].prefix.length, 32);
    assert_string_equal(spec_of(&dsl)->default_client, "JP");
    struct model *model = model_build(spec_of(&dsl));
    assert_int_equal(model->default_client, model_find_place(model, bytes_of("JP")));
    model_destroy(model);
    policy_dsl_free(&dsl);
}

static void test_the_same_text_has_the_same_digest(void **state)
{
    (void)state;
    uint64_t digests[4];
    static const char *const texts[] = {"{}", "{}", "{ }", "{}"};
    for (int i = 0; i < 4; i++) {
        struct policy_dsl dsl;
        struct policy_options other = {.default_latency_name = "x", .default_latency = bytes_of("{}")};
        read_good(&dsl, texts[i], i == 3 ? &other : NULL);
        digests[i] = spec_of(&dsl)->digest;
        policy_dsl_free(&dsl);
    }
    assert_true(digests[0] == digests[1]);
    assert_true(digests[0] != digests[2]);
    assert_true(digests[0] != digests[3]); // the latency table counts
}

// A file that was cut while it was written, anywhere, is an error and nothing worse.
static void test_a_policy_cut_at_any_byte_is_an_error(void **state)
{
    (void)state;
    size_t len;
    char *text = policy_dsl_file_text(demo_path, &len);
    while (len > 0 && text[len - 1] != '}') {
        len--;
    }
    for (size_t cut = 0; cut < len; cut++) {
        char *exact = xmemdup(text, cut > 0 ? cut : 1);
        struct policy_options options = {0};
        struct diagnostics *diagnostics = diagnostics_create();
        assert_null(
            policy_read("p.json", (struct bytes){(const uint8_t *)exact, cut}, &options, diagnostics));
        assert_int_equal(diagnostics_errors(diagnostics), 1);
        struct buffer out;
        buffer_init(&out, 1 << 16);
        diagnostics_print(diagnostics, &out);
        buffer_free(&out);
        diagnostics_destroy(diagnostics);
        free(exact);
    }
    free(text);
}

static void test_nesting_without_end_is_an_error(void **state)
{
    (void)state;
    static const char *const openings[] = {"[", "{'a':", "{'HostedZones': [",
                                           "{'LatencyTable': {'Places': {'x': "};
    for (size_t i = 0; i < sizeof openings / sizeof openings[0]; i++) {
        struct buffer text;
        buffer_init(&text, 64 << 20);
        for (int n = 0; n < 100000; n++) {
            buffer_text(&text, openings[i]);
        }
        struct policy_dsl dsl;
        policy_dsl_read(&dsl, buffer_string(&text), NULL, NULL);
        assert_null(dsl.policy);
        assert_int_equal(dsl.errors, 1);
        assert_non_null(strstr(buffer_string(&dsl.printed), "nested too deeply"));
        policy_dsl_free(&dsl);
        buffer_free(&text);
    }
}

static void test_a_file_wrong_all_over_is_reported_in_bounded_time(void **state)
{
    (void)state;
    struct buffer text;
    buffer_init(&text, 64 << 20);
    buffer_text(&text, "{'HealthChecks': [");
    for (int i = 0; i < 5000; i++) {
        buffer_format(&text,
                      "%s{'Id': 'check-%d', 'HealthCheckConfig': {'Type': 'HTTP', 'IPAddress': '8.8.8.8'}}",
                      i > 0 ? "," : "", i);
    }
    buffer_text(&text, "], 'HostedZones': [{'Id': 'Z1', 'Name': 'example.com', 'ResourceRecordSets': [");
    for (int i = 0; i < 20000; i++) {
        buffer_format(&text,
                      "%s{'Name': 'n%d.example.com', 'Type': 'A', 'HealthCheckId': 'chekc-%d', 'Ttl': 1}",
                      i > 0 ? "," : "", i, i);
    }
    buffer_text(&text, "]}]}");
    struct policy_dsl dsl;
    policy_dsl_read(&dsl, buffer_string(&text), NULL, NULL);
    assert_int_equal(dsl.errors, 60000); // the check, the field, the content
    policy_dsl_free(&dsl);
    buffer_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_policy_of_three_regions_is_good),
        cmocka_unit_test(test_an_empty_object_is_an_empty_account),
        cmocka_unit_test(test_simulator_defaults_are_those_of_the_model),
        cmocka_unit_test(test_simulator_knobs_arrive),
        cmocka_unit_test(test_default_client_places_unmapped_clients_for_geolocation),
        cmocka_unit_test(test_what_the_aws_cli_prints_is_valid_as_it_stands),
        cmocka_unit_test(test_health_checks_get_route_53_s_defaults),
        cmocka_unit_test(test_special_use_addresses_are_allowed_on_loopback_or_when_asked_for),
        cmocka_unit_test(test_what_aws_would_refuse_is_a_warning_when_asked_for),
        cmocka_unit_test(test_clients_arrive_and_may_repeat_themselves),
        cmocka_unit_test(test_the_same_text_has_the_same_digest),
        cmocka_unit_test(test_a_policy_cut_at_any_byte_is_an_error),
        cmocka_unit_test(test_nesting_without_end_is_an_error),
        cmocka_unit_test(test_a_file_wrong_all_over_is_reported_in_bounded_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
