// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/location/client.h"

enum { DE, JP, US, BR, LAPTOP, NOWHERE, PLACES };

static const struct place places[PLACES] = {
    [DE] = {.name = "DE", .country = "DE", .region = REGION_NONE},
    [JP] = {.name = "JP", .country = "JP", .region = REGION_NONE},
    [US] = {.name = "US", .country = "US", .region = REGION_NONE},
    [BR] = {.name = "BR", .country = "BR", .region = REGION_NONE},
    [LAPTOP] = {.name = "laptop", .region = REGION_NONE},
    [NOWHERE] = {.name = "nowhere", .region = REGION_NONE},
};

static const struct client_prefix prefixes[] = {
    {{{4, {203, 0, 113}}, 24}, CLIENT_SOURCE_TABLE, BR}, // the table's; the policy has the same
    {{{4, {203, 0, 113}}, 24}, CLIENT_SOURCE_POLICY, JP},
    {{{4, {203, 0, 112}}, 23}, CLIENT_SOURCE_POLICY, DE},
    {{{4, {198, 51}}, 16}, CLIENT_SOURCE_TABLE, US},
    {{{4, {198, 51, 100, 0}}, 25}, CLIENT_SOURCE_TABLE, DE},
    {{{6, {0x20, 0x01, 0x0d, 0xb8}}, 32}, CLIENT_SOURCE_POLICY, JP},
};

static const struct model model = {
    .places = places,
    .place_count = PLACES,
    .client_prefixes = prefixes,
    .client_prefix_count = sizeof prefixes / sizeof prefixes[0],
    .default_client = NOWHERE,
    .fallback_place = PLACE_NONE,
};

static struct client client(const char *source, const char *subnet, uint32_t place)
{
    struct client made = {.place = place};
    struct ip_prefix parsed;
    if (source != NULL) {
        assert_true(ip_parse(bytes_of(source), &made.source));
    }
    if (subnet != NULL) {
        assert_true(ip_prefix_parse(bytes_of(subnet), &parsed, NULL));
        made.has_subnet = true;
        made.subnet = parsed;
    }
    return made;
}

// E1, E2, E6, E7, E8, E9, LT5, EX19
static void test_a_client_is_where_the_best_evidence_says(void **state)
{
    (void)state;
    static const struct {
        const char *source;
        const char *subnet; // NULL: none
        uint32_t named;
        uint32_t place;
        enum client_evidence evidence;
        const char *block; // NULL: none matched
        uint8_t scope;
    } cases[] = {
        // E1: no subnet
        {"203.0.113.9", NULL, PLACE_NONE, JP, CLIENT_BY_SOURCE, "203.0.113.0/24", 0},
        {"203.0.112.9", NULL, PLACE_NONE, DE, CLIENT_BY_SOURCE, "203.0.112.0/23", 0},
        {"2001:db8::53", NULL, PLACE_NONE, JP, CLIENT_BY_SOURCE, "2001:db8::/32", 0},
        // E2: the subnet replaces the source
        {"203.0.113.9", "198.51.100.0/24", PLACE_NONE, DE, CLIENT_BY_SUBNET, "198.51.100.0/25", 25},
        {"203.0.113.9", "198.51.7.0/24", PLACE_NONE, US, CLIENT_BY_SUBNET, "198.51.0.0/16", 18},
        // E9: of either family, whatever the source's
        {"2001:db8::53", "198.51.128.0/24", PLACE_NONE, US, CLIENT_BY_SUBNET, "198.51.0.0/16", 17},
        {"198.51.7.1", "2001:db8:7::/56", PLACE_NONE, JP, CLIENT_BY_SUBNET, "2001:db8::/32", 32},
        // E6: of no bits
        {"203.0.113.9", "0.0.0.0/0", PLACE_NONE, JP, CLIENT_BY_SOURCE, "203.0.113.0/24", 0},
        // E7: in no block, so the source; the answer still holds for neighbours only
        {"203.0.113.9", "10.0.0.0/24", PLACE_NONE, JP, CLIENT_BY_SOURCE, "203.0.113.0/24", 1},
        {"127.0.0.1", "192.0.2.0/24", PLACE_NONE, NOWHERE, CLIENT_BY_DEFAULT, NULL, 6},
        // E8: coarser than the blocks; the network address decides
        {"127.0.0.1", "198.51.0.0/16", PLACE_NONE, US, CLIENT_BY_SUBNET, "198.51.0.0/16", 18},
        {"127.0.0.1", "198.51.100.0/22", PLACE_NONE, DE, CLIENT_BY_SUBNET, "198.51.100.0/25", 25},
        {"127.0.0.1", "203.0.112.0/23", PLACE_NONE, DE, CLIENT_BY_SUBNET, "203.0.112.0/23", 24},
        // E8: finer than the blocks
        {"127.0.0.1", "198.51.100.77/32", PLACE_NONE, DE, CLIENT_BY_SUBNET, "198.51.100.0/25", 25},
        // LT5: loopback and the unknown
        {"127.0.0.1", NULL, PLACE_NONE, NOWHERE, CLIENT_BY_DEFAULT, NULL, 0},
        {"::1", NULL, PLACE_NONE, NOWHERE, CLIENT_BY_DEFAULT, NULL, 0},
        {"8.8.8.8", NULL, PLACE_NONE, NOWHERE, CLIENT_BY_DEFAULT, NULL, 0},
        {NULL, NULL, PLACE_NONE, NOWHERE, CLIENT_BY_DEFAULT, NULL, 0},
        // a named place is stronger than any address
        {"203.0.113.9", "198.51.100.0/24", LAPTOP, LAPTOP, CLIENT_BY_PLACE, NULL, 0},
        {NULL, NULL, BR, BR, CLIENT_BY_PLACE, NULL, 0},
    };
    struct locator *locator = locator_create(&model);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct client asking = client(cases[i].source, cases[i].subnet, cases[i].named);
        struct client_location location;
        char block[IP_PREFIX_TEXT] = "none";
        client_locate(locator, &asking, &location);
        if (location.matched) {
            ip_prefix_format(&location.prefix, block);
        }
        assert_string_equal(block, cases[i].block != NULL ? cases[i].block : "none");
        if (location.place != cases[i].place || location.evidence != cases[i].evidence ||
            location.scope != cases[i].scope) {
            fail_msg("case %zu: %s by %s, scope %u", i, places[location.place].name,
                     client_evidence_name(location.evidence), location.scope);
        }
    }
    locator_destroy(locator);
}

static void test_loopback_has_a_place_when_the_policy_gives_it_one(void **state)
{
    (void)state;
    const struct client_prefix loopback[] = {{{{4, {127}}, 8}, CLIENT_SOURCE_POLICY, BR}};
    struct model laptop = model;
    laptop.client_prefixes = loopback;
    laptop.client_prefix_count = 1;
    struct locator *locator = locator_create(&laptop);
    struct client asking = client("127.0.0.1", NULL, PLACE_NONE);
    struct client_location location;
    client_locate(locator, &asking, &location);
    assert_int_equal(location.place, BR);
    assert_int_equal(location.evidence, CLIENT_BY_SOURCE);
    locator_destroy(locator);
}

// A database's longer block does not win over what the operator wrote.
static void test_the_first_source_that_has_a_block_decides(void **state)
{
    (void)state;
    static const struct client_prefix sources[] = {
        {{{4, {10, 0, 0}}, 24}, CLIENT_SOURCE_DATABASE + 1, NOWHERE},
        {{{4, {10}}, 8}, CLIENT_SOURCE_DATABASE, US},
        {{{4, {10, 1, 1}}, 24}, CLIENT_SOURCE_DATABASE, BR},
        {{{4, {10, 1}}, 16}, CLIENT_SOURCE_TABLE, DE},
        {{{4, {10, 1, 2}}, 24}, CLIENT_SOURCE_FILE, JP},
        {{{4, {10, 2}}, 16}, CLIENT_SOURCE_POLICY, JP},
        {{{4, {10, 2}}, 16}, CLIENT_SOURCE_FILE, DE},
        {{{4, {10, 2, 3}}, 24}, CLIENT_SOURCE_FILE, US},
        {{{4, {11}}, 8}, CLIENT_SOURCE_DATABASE + 1, BR},
    };
    static const struct {
        const char *subnet;
        uint32_t place;
        const char *block;
        const char *source;
        uint8_t scope;
    } cases[] = {
        {"10.0.0.0/24", US, "10.0.0.0/8", "location database", 16}, // the first database comes first
        {"10.1.1.0/24", DE, "10.1.0.0/16", "latency table", 23},    // though the database has a /24
        {"10.1.2.0/24", JP, "10.1.2.0/24", "ClientFiles", 24},
        {"10.2.3.0/24", JP, "10.2.0.0/16", "Clients", 16},
        {"11.9.0.0/16", BR, "11.0.0.0/8", "location database", 8},
    };
    struct model several = model;
    several.client_prefixes = sources;
    several.client_prefix_count = sizeof sources / sizeof sources[0];
    struct locator *locator = locator_create(&several);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct client asking = client("127.0.0.1", cases[i].subnet, PLACE_NONE);
        struct client_location location;
        char block[IP_PREFIX_TEXT];
        client_locate(locator, &asking, &location);
        assert_true(location.matched);
        ip_prefix_format(&location.prefix, block);
        assert_string_equal(block, cases[i].block);
        assert_string_equal(client_source_name(location.source), cases[i].source);
        assert_int_equal(location.place, cases[i].place);
        assert_int_equal(location.scope, cases[i].scope);
    }
    locator_destroy(locator);
}

static void test_without_blocks_everyone_is_the_default_client(void **state)
{
    (void)state;
    struct model empty = model;
    empty.client_prefixes = NULL;
    empty.client_prefix_count = 0;
    struct locator *locator = locator_create(&empty);
    struct client asking = client("203.0.113.9", "198.51.100.0/24", PLACE_NONE);
    struct client_location location;
    client_locate(locator, &asking, &location);
    assert_int_equal(location.place, NOWHERE);
    assert_int_equal(location.evidence, CLIENT_BY_DEFAULT);
    assert_false(location.matched);
    assert_int_equal(location.scope, 0); // one answer for all
    locator_destroy(locator);
    locator_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_client_is_where_the_best_evidence_says),
        cmocka_unit_test(test_loopback_has_a_place_when_the_policy_gives_it_one),
        cmocka_unit_test(test_the_first_source_that_has_a_block_decides),
        cmocka_unit_test(test_without_blocks_everyone_is_the_default_client),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
