// SPDX-License-Identifier: MIT
// Latency tables: files, tables that stand in the policy, and tables laid over others.
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "support/policy_dsl.h"

static const struct place *find(const struct policy_dsl *dsl, const char *name)
{
    const struct model_spec *spec = policy_spec(dsl->policy);
    for (uint32_t i = 0; i < spec->place_count; i++) {
        if (strcmp(spec->places[i].place.name, name) == 0) {
            return &spec->places[i].place;
        }
    }
    return NULL;
}

static float cell(const struct policy_dsl *dsl, const char *place, const char *region)
{
    return find(dsl, place)->ms[region_find(bytes_of(region))];
}

static void read_good(struct policy_dsl *dsl, const char *text, const struct policy_dsl_file *files)
{
    policy_dsl_read(dsl, text, files, NULL);
    if (dsl->policy == NULL) {
        fail_msg("%s\n%s", text, buffer_string(&dsl->printed));
    }
}

static const struct policy_dsl_file files[] = {
    {"latency/base.json",
     "{'Unit': 'ms', 'Provenance': [{'What': 'all', 'Source': 'me', 'Date': '2026-01-01'}],"
     " 'Regions': ['us-east-1', 'eu-west-1', 'ap-northeast-1'], 'Default': 'default', 'Places': {"
     " 'default': {'Milliseconds': [1, 2, 3]},"
     " 'DE': {'Label': 'Germany', 'Continent': 'EU', 'Latitude': 51, 'Longitude': 10, 'Milliseconds': [90, "
     "25, null]},"
     " 'US-CA': {'Milliseconds': [60, 140, 110]}, 'continent:EU': {}, 'us-east-1': {'Milliseconds': [1, 70, "
     "150]}},"
     " 'Prefixes': [{'Cidr': '192.0.2.0/24', 'Place': 'DE'}, {'Cidr': '198.51.100.0/24', 'Place': "
     "'US-CA'}]}"},
    {"latency/lab.json",
     "{'Extends': 'base.json', 'Default': 'lab', 'Places': {"
     " 'de': {'Milliseconds': {'ap-northeast-1': 230, 'us-east-1': 95}}, 'lab': {'Label': 'Lab'}},"
     " 'Prefixes': [{'Cidr': '192.0.2.0/24', 'Place': 'lab'}, {'Cidr': '203.0.113.0/24', 'Place': "
     "'eu-west-1'}]}"},
    {"latency/a.json", "{'Extends': 'b.json'}"},
    {"latency/b.json", "{\n'Extends': 'a.json'}"},
    {"latency/bad.json", "{\n  'Places': {'DE': {'Milliseconds': [1]}}}"},
    {"over-bad.json", "{'Extends': 'latency/bad.json', 'Prefix': []}"},
    {"broken.json", "{"},
    {"1", "{'Extends': '2'}"},
    {"2", "{'Extends': '3'}"},
    {"3", "{'Extends': '4'}"},
    {"4", "{'Extends': '5'}"},
    {"5", "{'Extends': '6'}"},
    {"6", "{'Extends': '7'}"},
    {"7", "{'Extends': '8'}"},
    {"8", "{'Extends': '9'}"},
    {"9", "{}"},
    {NULL, NULL},
};

static void test_a_file_gives_rows_places_and_prefixes(void **state)
{
    (void)state;
    struct policy_dsl dsl;
    read_good(&dsl, "{'LatencyTable': 'latency/base.json'}", files);
    const struct model_spec *spec = policy_spec(dsl.policy);
    assert_int_equal(spec->place_count, 5);
    assert_string_equal(spec->fallback_place, "default");
    assert_string_equal(spec->latency_source, "latency/base.json");
    const struct place *germany = find(&dsl, "DE");
    assert_string_equal(germany->label, "Germany");
    assert_string_equal(germany->country, "DE"); // by its name
    assert_true(germany->located && germany->latitude == 51);
    assert_true(cell(&dsl, "DE", "eu-west-1") == 25);
    assert_true(isnan(cell(&dsl, "DE", "ap-northeast-1")));
    assert_true(isnan(cell(&dsl, "DE", "us-west-2")));
    assert_string_equal(find(&dsl, "US-CA")->country, "US");
    assert_string_equal(find(&dsl, "US-CA")->subdivision, "CA");
    assert_string_equal(find(&dsl, "continent:EU")->continent, "EU");
    assert_null(find(&dsl, "continent:EU")->ms);
    assert_int_equal(find(&dsl, "us-east-1")->region, region_find(bytes_of("us-east-1")));
    assert_int_equal(spec->client_count, 2);
    assert_int_equal(spec->clients[0].source, CLIENT_SOURCE_TABLE);
    assert_string_equal(spec->clients[0].place, "DE");
    policy_dsl_free(&dsl);
}

static void test_a_table_lies_over_the_one_it_extends_cell_by_cell(void **state)
{
    (void)state;
    struct policy_dsl dsl;
    read_good(&dsl,
              "{'LatencyTable': 'latency/lab.json', 'Clients': [{'Cidr': '192.0.2.0/24', 'Place': 'DE'}]}",
              files);
    const struct model_spec *spec = policy_spec(dsl.policy);
    assert_int_equal(spec->place_count, 6);
    assert_true(cell(&dsl, "DE", "us-east-1") == 95);       // the upper table's
    assert_true(cell(&dsl, "DE", "ap-northeast-1") == 230); // only there
    assert_true(cell(&dsl, "DE", "eu-west-1") == 25);       // only below
    assert_string_equal(find(&dsl, "DE")->label, "Germany");
    assert_string_equal(spec->fallback_place, "lab");
    assert_string_equal(spec->latency_source, "latency/lab.json, extending latency/base.json");
    assert_int_equal(spec->client_count, 4);
    assert_string_equal(spec->clients[0].place, "lab");
    assert_int_equal(spec->clients[3].source, CLIENT_SOURCE_POLICY);
    policy_dsl_free(&dsl);
}

// LT2: of all texts of the chain, by time; of one time the lower text's first.
static void test_versions_are_gathered_by_their_time(void **state)
{
    (void)state;
    struct policy_dsl dsl;
    static const struct policy_dsl_file versioned[] = {
        {"low.json", "{'Regions': ['us-east-1', 'eu-west-1'], 'Places': {'DE': {'Milliseconds': [90, 25]}}, "
                     "'Versions': [{'ValidFrom': '2026-03-01T00:00:00Z', 'Places': {'de': {'Milliseconds': "
                     "[null, 30]}}}, {'ValidFrom': '2026-01-01T00:00:00Z', 'Places': {}}]}"},
        {NULL, NULL},
    };
    read_good(&dsl,
              "{'LatencyTable': {'Extends': 'low.json', 'Versions': [{'ValidFrom': "
              "'2026-03-01T01:00:00+01:00', 'Comment': 'x', 'Places': {'DE': {'Milliseconds': {'us-east-1': "
              "95}}, 'eu-west-1': {'Milliseconds': {'us-east-1': 1}}}}]}}",
              versioned);
    const struct model_spec *spec = policy_spec(dsl.policy);
    assert_int_equal(spec->latency_version_count, 3);
    const struct latency_version_spec *versions = spec->latency_versions;
    assert_int_equal(versions[0].change_count, 0);
    assert_true(versions[1].valid_from.ns == versions[2].valid_from.ns);
    assert_int_equal(versions[2].valid_from.ns, 1772323200 * INT64_C(1000000000));
    assert_string_equal(versions[1].changes[0].place, "de");
    assert_true(isnan(versions[1].changes[0].ms[0]));
    assert_true(versions[1].changes[0].ms[region_find(bytes_of("eu-west-1"))] == 30);
    assert_int_equal(versions[2].change_count, 2);
    assert_true(versions[2].changes[0].ms[0] == 95);
    struct model *model = model_build(spec);
    assert_int_equal(model->latency_version_count, 3);
    assert_string_equal(model->places[model->latency_versions[2].changes[1].place].name, "eu-west-1");
    model_destroy(model);
    policy_dsl_free(&dsl);
}

static void test_a_table_may_stand_in_the_policy_and_extend_a_file(void **state)
{
    (void)state;
    struct policy_dsl dsl;
    read_good(
        &dsl,
        "{'LatencyTable': {'Extends': 'latency/base.json', 'Places': {'home': {'Milliseconds': {'eu-west-1': "
        "12.5}}}}, 'DefaultClient': 'Home'}",
        files);
    assert_true(cell(&dsl, "home", "eu-west-1") == 12.5F);
    assert_true(cell(&dsl, "DE", "eu-west-1") == 25);
    policy_dsl_free(&dsl);
}

static void test_a_table_that_cannot_be_read_is_one_finding_not_one_for_each_place(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "{'LatencyTable': 'no.json', 'DefaultClient': 'DE', 'Clients': [{'Cidr': '192.0.2.0/24', 'Place': "
        "'JP'}]}",
        "{'LatencyTable': 'broken.json', 'Population': {'Places': {'DE': 1}}, 'DefaultClient': 'DE'}",
        "{'LatencyTable': {'Extends': 'no.json', 'Default': 'DE', 'Prefixes': [{'Cidr': '192.0.2.0/24', "
        "'Place': 'DE'}]}}",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct policy_dsl dsl;
        policy_dsl_read(&dsl, texts[i], files, NULL);
        assert_int_equal(dsl.errors, 1);
        policy_dsl_free(&dsl);
    }
}

static void test_what_is_wrong_with_a_table_is_told_with_its_own_file_and_place(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *finding;
    } cases[] = {
        {"{'LatencyTable': 7}",
         "policy.json:1:18: error: LatencyTable must be a file's name or a latency table, not the number 7"},
        {"{'LatencyTable': 'no.json'}",
         "policy.json:1:18: error: cannot read the table: no.json: No such file or directory"},
        {"{'LatencyTable': 'broken.json'}", "broken.json:1:2: error: the text ends too early"},
        {"{'LatencyTable': 'latency/a.json'}",
         "latency/b.json:2:12: error: 'latency/a.json' extends itself, directly or through others"},
        {"{'LatencyTable': '1'}", "8:1:13: error: a latency table can stand on at most 7 others"},
        {"{'LatencyTable': 'latency/bad.json'}",
         "latency/bad.json:2:37: error: an array needs Regions, which says whose round trips these are"},
        {"{'LatencyTable': 'over-bad.json'}",
         "over-bad.json:1:33: error: unknown field 'Prefix'; did you mean 'Prefixes'?"},
        {"{'LatencyTable': {'Places': {'DE': {'Milliseconds': 5}}}}",
         "policy.json:1:53: error: Milliseconds must be an array in the order of Regions or an object by "
         "region, "
         "not the number 5"},
        {"{'LatencyTable': {'Regions': ['us-east-1', 'eu-west-1'], 'Places': {'DE': {'Milliseconds': [1]}}}}",
         "policy.json:1:92: error: Milliseconds has 1 values, but Regions has 2"},
        {"{'LatencyTable': {'Regions': ['us-east-1', 'us-east-1']}}",
         "policy.json:1:44: error: Regions names 'us-east-1' twice"},
        {"{'LatencyTable': {'Places': {'DE': {'Milliseconds': {'us-est-1': 5}}}}}",
         "policy.json:1:53: error: unknown region 'us-est-1'; did you mean 'us-east-1'?"},
        {"{'LatencyTable': {'Places': {'DE': {'Milliseconds': {'us-east-1': -5}}}}}",
         "policy.json:1:67: error: a round trip is from 0 to 60000 ms, not the number -5"},
        {"{'LatencyTable': {'Places': {'DE': {'Milliseconds': {'us-east-1': 'x'}}}}}",
         "policy.json:1:67: error: a round trip is from 0 to 60000 ms, not the string 'x'"},
        {"{'LatencyTable': {'Places': {'DE': {}, 'de': {}}}}",
         "policy.json:1:46: error: place 'de' is here already, as 'DE'"},
        {"{'LatencyTable': {'Places': {'': {}}}}",
         "policy.json:1:34: error: a place's name has 1 to 63 bytes"},
        {"{'LatencyTable': {'Places': {'DE': {'Latitude': 5}}}}",
         "policy.json:1:36: error: Latitude and Longitude go together"},
        {"{'LatencyTable': {'Default': 'DEE', 'Places': {'DE': {}}}}",
         "policy.json:1:30: error: place 'DEE' is not among Places; did you mean 'DE'?"},
        {"{'LatencyTable': {'Unit': 's'}}", "policy.json:1:27: error: unknown Unit 's'"},
        {"{'LatencyTable': {'Prefixes': [{'Cidr': '192.0.2.0/24', 'Place': 'XX'}]}}",
         "policy.json:1:66: error: place 'XX' is neither among Places nor an AWS region"},
        {"{'LatencyTable': {'Prefixes': [{'Cidr': '192.0.2.0/24', 'Place': 'us-east-1'},"
         " {'Cidr': '192.0.2.0/24', 'Place': 'us-east-2'}]}}",
         "policy.json:1:89: error: '192.0.2.0/24' is given twice, in 'us-east-1' and in 'us-east-2'"},
        {"{'LatencyTable': {'Versions': [{'Places': {}}]}}",
         "policy.json:1:32: error: missing field 'ValidFrom'"},
        {"{'LatencyTable': {'Versions': [{'ValidFrom': 'soon', 'Places': {}}]}}",
         "policy.json:1:46: error: 'soon' is not a time of the years 1970 to 2199 such as "
         "2026-03-01T00:00:00Z"},
        {"{'LatencyTable': {'Versions': [{'ValidFrom': '2026-03-01T00:00:00Z', 'Places': {}},"
         "{'ValidFrom': '2026-03-01T00:00:00Z', 'Places': {}}]}}",
         "policy.json:1:98: error: another version is valid from '2026-03-01T00:00:00Z' already"},
        {"{'LatencyTable': {'Places': {'DE': {}}, 'Versions': [{'ValidFrom': '2026-03-01T00:00:00Z', "
         "'Places': "
         "{'DEE': {'Milliseconds': {}}}}]}}",
         "error: place 'DEE' is neither among Places nor an AWS region; did you mean 'DE'?"},
        {"{'LatencyTable': {'Versions': [{'ValidFrom': '2026-03-01T00:00:00Z', 'Places': {'us-east-1': "
         "{}}}]}}",
         "error: missing field 'Milliseconds'"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct policy_dsl dsl;
        policy_dsl_read(&dsl, cases[i].text, files, NULL);
        const char *printed = buffer_string(&dsl.printed);
        if (dsl.policy != NULL || strstr(printed, cases[i].finding) == NULL) {
            fail_msg("%s\nwanted: %s\nfound: %s", cases[i].text, cases[i].finding, printed);
        }
        policy_dsl_free(&dsl);
    }
}

static void test_files_of_a_table_are_named_from_the_policy_s_folder(void **state)
{
    (void)state;
    static const struct policy_dsl_file nested[] = {
        {"some/folder/lat/top.json", "{'Extends': '../base.json'}"},
        {"some/folder/lat/../base.json", "{'Places': {'DE': {}}}"},
        {NULL, NULL},
    };
    struct policy_dsl dsl;
    struct policy_options options = {0};
    struct diagnostics *diagnostics = diagnostics_create();
    const char *text = "{\"LatencyTable\": \"lat/top.json\"}";
    assert_null(policy_read("some/folder/p.json", bytes_of(text), &options, diagnostics));
    struct buffer first;
    buffer_init(&first, 1000);
    diagnostics_first(diagnostics, &first);
    assert_string_equal(buffer_string(&first),
                        "some/folder/p.json:1:18: files cannot be read from here; the table "
                        "itself can stand in the policy");
    buffer_free(&first);
    diagnostics_destroy(diagnostics);

    policy_dsl_read_named(&dsl, "some/folder/p.json", "{'LatencyTable': 'lat/top.json'}", nested, NULL);
    assert_non_null(dsl.policy);
    assert_string_equal(policy_spec(dsl.policy)->latency_source,
                        "some/folder/lat/top.json, extending some/folder/lat/../base.json");
    policy_dsl_free(&dsl);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_file_gives_rows_places_and_prefixes),
        cmocka_unit_test(test_a_table_lies_over_the_one_it_extends_cell_by_cell),
        cmocka_unit_test(test_versions_are_gathered_by_their_time),
        cmocka_unit_test(test_a_table_may_stand_in_the_policy_and_extend_a_file),
        cmocka_unit_test(test_a_table_that_cannot_be_read_is_one_finding_not_one_for_each_place),
        cmocka_unit_test(test_what_is_wrong_with_a_table_is_told_with_its_own_file_and_place),
        cmocka_unit_test(test_files_of_a_table_are_named_from_the_policy_s_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
