// SPDX-License-Identifier: MIT
// ClientFiles and LocationDatabases.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/policy_dsl.h"

#define NAMES_ONE "{'ClientFiles': ['one.csv']}"

static const struct model_spec *spec_of(const struct policy_dsl *dsl)
{
    if (dsl->policy == NULL) {
        fail_msg("%s", buffer_string(&dsl->printed));
    }
    return policy_spec(dsl->policy);
}

static void expect_client(const struct client_spec *client, const char *prefix, const char *place,
                          uint8_t source)
{
    char text[IP_PREFIX_TEXT];
    ip_prefix_format(&client->prefix, text);
    assert_string_equal(text, prefix);
    assert_string_equal(client->place, place);
    assert_int_equal(client->source, source);
}

static void test_a_client_file_has_a_block_and_a_place_a_line(void **state)
{
    (void)state;
    static const struct policy_dsl_file files[] = {
        {"geo/one.csv", "\xef\xbb\xbf# offices\r\n192.0.2.0/24,DE\r\n\r\n"
                        "  198.51.100.0/24 \t jp # the lab\n2001:db8::/32 , eu-west-1\n192.0.2.0/24 de"},
        {"geo/two.txt", ""},
        {NULL, NULL},
    };
    struct policy_dsl dsl;
    policy_dsl_read_named(
        &dsl, "geo/policy.json",
        "{'ClientFiles': ['one.csv', 'two.txt'], 'Clients': [{'Cidr': '10.0.0.0/8', 'Place': 'JP'}]}", files,
        NULL);
    const struct model_spec *spec = spec_of(&dsl);
    assert_int_equal(spec->client_count, 4);
    expect_client(&spec->clients[0], "10.0.0.0/8", "JP", CLIENT_SOURCE_POLICY);
    expect_client(&spec->clients[1], "192.0.2.0/24", "DE", CLIENT_SOURCE_FILE);
    expect_client(&spec->clients[2], "198.51.100.0/24", "jp", CLIENT_SOURCE_FILE);
    expect_client(&spec->clients[3], "2001:db8::/32", "eu-west-1", CLIENT_SOURCE_FILE);
    policy_dsl_free(&dsl);
}

static void test_what_a_client_file_must_not_say_is_shown_at_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *finding;
    } cases[] = {
        {"x DE", "one.csv:1:1: error: 'x' is not an IP address or CIDR block"},
        {"\n  192.0.2.1/24 DE", "one.csv:2:3: error: "},
        {"192.0.2.0/24", "one.csv:1:13: error: a place is missing behind the block"},
        {"192.0.2.0/24, # DE", "one.csv:1:14: error: a place is missing behind the block"},
        {"192.0.2.0/24,DX",
         "one.csv:1:14: error: place 'DX' is neither in the latency table nor an AWS region; "
         "did you mean 'DE'?"},
        {"192.0.2.0/24 DE JP",
         "one.csv:1:14: error: place 'DE JP' is neither in the latency table nor an AWS region"},
        {"192.0.2.0/24 DE\n192.0.2.0/24 JP",
         "one.csv:2:1: error: '192.0.2.0/24' is given twice, in 'DE' and in 'JP'"},
        {"192.0.2.0/24 ,, DE",
         "one.csv:1:15: error: place ', DE' is neither in the latency table nor an AWS region"},
        {"192.0.2.0/24 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
         "one.csv:1:14: error: a place's name has at most 63 characters"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct policy_dsl_file files[] = {{"one.csv", cases[i].text}, {NULL, NULL}};
        struct policy_dsl dsl;
        policy_dsl_read(&dsl, NAMES_ONE, files, NULL);
        const char *printed = buffer_string(&dsl.printed);
        if (dsl.errors != 1 || strncmp(printed, cases[i].finding, strlen(cases[i].finding)) != 0) {
            fail_msg("wanted %s\nfound %s", cases[i].finding, printed);
        }
        policy_dsl_free(&dsl);
    }
}

static void test_files_that_cannot_be_read_are_errors_of_the_policy(void **state)
{
    (void)state;
    static const struct policy_dsl_file none[] = {{NULL, NULL}};
    static const struct {
        const char *text;
        const struct policy_dsl_file *files;
        const char *finding;
    } cases[] = {
        {NAMES_ONE, none,
         "policy.json:1:18: error: cannot read the clients: one.csv: No such file or directory"},
        {NAMES_ONE, NULL, "policy.json:1:18: error: files cannot be read from here"},
        {"{'ClientFiles': 'one.csv'}", none, "policy.json:1:17: error: ClientFiles must be "},
        {"{'LocationDatabases': ['x.mmdb']}", none,
         "policy.json:1:24: error: location databases cannot be read from here"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct policy_dsl dsl;
        policy_dsl_read(&dsl, cases[i].text, cases[i].files, NULL);
        const char *printed = buffer_string(&dsl.printed);
        if (dsl.errors != 1 || strncmp(printed, cases[i].finding, strlen(cases[i].finding)) != 0) {
            fail_msg("wanted %s\nfound %s", cases[i].finding, printed);
        }
        policy_dsl_free(&dsl);
    }
}

// --- databases ---------------------------------------------------------------------------------------------

static bool read_locations(const char *path, struct location_blocks *blocks, struct error *error,
                           void *context)
{
    (void)context;
    static const struct {
        const char *prefix;
        const char *country;
        const char *subdivision;
    } networks[] = {
        {"192.0.2.0/24", "DE", ""},    {"198.51.100.0/25", "JP", "13"}, {"198.51.100.128/25", "JP", ""},
        {"203.0.113.0/24", "XA", ""},  {"203.0.114.0/24", "XB", "ZZ"},  {"203.0.115.0/24", "XA", ""},
        {"2001:db8::/32", "US", "CA"}, {"2001:db9::/32", "US", "NV"},
    };
    for (size_t i = 0; i < sizeof networks / sizeof networks[0]; i++) {
        struct ip_prefix prefix;
        uint32_t place = blocks->resolve(networks[i].country, networks[i].subdivision, blocks->context);
        assert_true(ip_prefix_parse(bytes_of(networks[i].prefix), &prefix, NULL));
        assert_true(location_blocks_add(blocks, &prefix, place));
        blocks->digest = bytes_hash(bytes_of(path));
    }
    return strcmp(path, "geo/bad.mmdb") != 0 || error_set(error, "%s: is damaged", path);
}

#define LATENCY                                                                                              \
    "'LatencyTable': {'Regions': ['us-east-1'], 'Places': {'DE': {'Milliseconds': [1]}, "                    \
    "'JP': {'Milliseconds': [2]}, 'US': {'Milliseconds': [3]}, 'US-CA': {'Milliseconds': [4]}}}"

static void test_databases_name_places_of_the_latency_table(void **state)
{
    (void)state;
    struct policy_options options = {.read_locations = read_locations};
    struct policy_dsl dsl;
    policy_dsl_read_named(&dsl, "geo/policy.json",
                          "{'LocationDatabases': ['a.mmdb', 'b.mmdb'],\n" LATENCY "}", NULL, &options);
    const struct model_spec *spec = spec_of(&dsl);
    assert_int_equal(spec->client_count, 8);
    expect_client(&spec->clients[0], "192.0.2.0/24", "DE", CLIENT_SOURCE_DATABASE);
    expect_client(&spec->clients[1], "198.51.100.0/24", "JP", CLIENT_SOURCE_DATABASE);
    expect_client(&spec->clients[2], "2001:db8::/32", "US-CA", CLIENT_SOURCE_DATABASE);
    expect_client(&spec->clients[3], "2001:db9::/32", "US", CLIENT_SOURCE_DATABASE);
    expect_client(&spec->clients[4], "192.0.2.0/24", "DE", CLIENT_SOURCE_DATABASE + 1);
    assert_int_equal(dsl.warnings, 2);
    assert_non_null(
        strstr(buffer_string(&dsl.printed),
               "geo/policy.json:1:24: warning: 3 networks of 'geo/a.mmdb' are in no country of the "
               "latency table: XA, XB\n"));
    struct model *model = model_build(spec);
    assert_int_equal(model->client_prefix_count, 8);
    assert_int_equal(model->client_prefixes[2].place, model_find_place(model, bytes_of("US-CA")));
    model_destroy(model);
    policy_dsl_free(&dsl);
}

static void test_a_database_that_cannot_be_read_is_an_error_of_the_policy(void **state)
{
    (void)state;
    struct policy_options options = {.read_locations = read_locations};
    struct policy_dsl dsl;
    policy_dsl_read_named(&dsl, "geo/policy.json", "{'LocationDatabases': ['bad.mmdb']}", NULL, &options);
    static const char finding[] =
        "geo/policy.json:1:24: error: cannot read the location database: geo/bad.mmdb: is damaged\n";
    assert_null(dsl.policy);
    assert_memory_equal(buffer_string(&dsl.printed), finding, sizeof finding - 1);
    policy_dsl_free(&dsl);
}

// The digest tells policies apart, and their files are part of them.
static void test_the_digest_covers_client_files_and_databases(void **state)
{
    (void)state;
    static const struct policy_dsl_file first[] = {{"one.csv", "192.0.2.0/24 DE"}, {NULL, NULL}};
    static const struct policy_dsl_file other[] = {{"one.csv", "192.0.2.0/24 JP"}, {NULL, NULL}};
    static const struct policy_dsl_file *const files[] = {first, first, other};
    uint64_t digests[3];
    for (size_t i = 0; i < 3; i++) {
        struct policy_dsl dsl;
        policy_dsl_read(&dsl, NAMES_ONE, files[i], NULL);
        digests[i] = spec_of(&dsl)->digest;
        policy_dsl_free(&dsl);
    }
    assert_true(digests[0] == digests[1] && digests[0] != digests[2]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_client_file_has_a_block_and_a_place_a_line),
        cmocka_unit_test(test_what_a_client_file_must_not_say_is_shown_at_its_place),
        cmocka_unit_test(test_files_that_cannot_be_read_are_errors_of_the_policy),
        cmocka_unit_test(test_databases_name_places_of_the_latency_table),
        cmocka_unit_test(test_a_database_that_cannot_be_read_is_an_error_of_the_policy),
        cmocka_unit_test(test_the_digest_covers_client_files_and_databases),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
