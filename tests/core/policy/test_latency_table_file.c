// SPDX-License-Identifier: MIT
// The default latency table, policies/latency/aws.json, as the loader and the routing code see it.
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/xalloc.h"
#include "core/location/latency_table.h"
#include "core/policy/load.h"

#define TABLE_FILE "policies/latency/aws.json"

struct fixture {
    struct model *model;
    struct latency_table *table;
};

static struct bytes read_table(void)
{
    FILE *file = fopen(TABLE_FILE, "r");
    assert_non_null(file);
    enum { MOST = 1 << 20 };
    char *text = xmalloc(MOST);
    size_t len = fread(text, 1, MOST, file);
    fclose(file);
    return (struct bytes){(const uint8_t *)text, len};
}

static int load(void **state)
{
    struct diagnostics *diagnostics = diagnostics_create();
    struct bytes text = read_table();
    struct policy_options options = {.default_latency_name = TABLE_FILE, .default_latency = text};
    struct fixture *fixture = xcalloc(1, sizeof *fixture);
    fixture->model = policy_load("empty", bytes_of("{}"), &options, diagnostics);
    assert_non_null(fixture->model);
    assert_int_equal(diagnostics_errors(diagnostics) + diagnostics_warnings(diagnostics), 0);
    fixture->table = latency_table_create(fixture->model, (wall_time){0});
    diagnostics_destroy(diagnostics);
    free((void *)(uintptr_t)text.data);
    *state = fixture;
    return 0;
}

static int unload(void **state)
{
    struct fixture *fixture = *state;
    latency_table_destroy(fixture->table);
    model_destroy(fixture->model);
    free(fixture);
    return 0;
}

static const struct place *place_named(const struct fixture *fixture, struct bytes name)
{
    uint32_t place = model_find_place(fixture->model, name);
    if (place == PLACE_NONE) {
        fail_msg("no place %.*s", (int)name.len, (const char *)name.data);
    }
    return &fixture->model->places[place];
}

static void test_every_place_has_a_value_of_its_own_for_every_region(void **state)
{
    const struct fixture *fixture = *state;
    assert_true(fixture->model->place_count >= 380);
    for (uint32_t place = 0; place < fixture->model->place_count; place++) {
        assert_non_null(fixture->model->places[place].label);
        assert_non_null(fixture->model->places[place].source);
        for (uint8_t region = 0; region < REGION_COUNT; region++) {
            assert_int_equal(latency_cell(fixture->table, place, region).source, LATENCY_ROW);
            float ms = latency_row(fixture->table, place)[region];
            assert_true(isfinite(ms) && ms >= 1 && ms < 600);
        }
    }
}

static void test_every_region_is_a_place_and_its_own_nearest_region(void **state)
{
    const struct fixture *fixture = *state;
    for (uint8_t region = 0; region < REGION_COUNT; region++) {
        const struct place *place = place_named(fixture, bytes_of(region_at(region)->code));
        assert_int_equal(place->region, region);
        assert_string_equal(place->country, region_at(region)->country);
        assert_string_equal(place->continent, region_at(region)->continent);
        float there_km = (float)great_circle_km(place->latitude, place->longitude,
                                                region_at(region)->latitude, region_at(region)->longitude);
        assert_true(there_km < 250); // sources differ on where GovCloud West is
        for (uint8_t other = 0; other < REGION_COUNT; other++) {
            assert_true(other == region || place->ms[region] < place->ms[other]);
        }
    }
}

static const struct {
    const char *continent;
    const char *countries;
} route53_countries[] = {
    {"AF",
     "AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG ER ET GA GH GM GN GQ GW KE KM LR LS LY MA MG ML MR MU MW MZ "
     "NA NE NG RE RW SC SD SH SL SN SO SS ST SZ TD TG TN TZ UG YT ZA ZM ZW"},
    {"AN", "AQ GS TF"},
    {"AS",
     "AE AF AM AZ BD BH BN BT CC CN GE HK ID IL IN IO IQ IR JO JP KG KH KP KR KW KZ LA LB LK MM MN MO MV MY "
     "NP OM PH PK PS QA SA SG SY TH TJ TM TW UZ VN YE"},
    {"EU",
     "AD AL AT AX BA BE BG BY CH CY CZ DE DK EE ES FI FO FR GB GG GI GR HR HU IE IM IS IT JE LI LT LU LV MC "
     "MD ME MK MT NL NO PL PT RO RS RU SE SI SJ SK SM TR UA VA XK"},
    {"NA",
     "AG AI AW BB BL BM BQ BS BZ CA CR CU CW DM DO GD GL GP GT HN HT JM KN KY LC MF MQ MS MX NI PA PM PR SV "
     "SX TC TT US VC VG VI"},
    {"OC", "AS AU CK FJ FM GU KI MH MP NC NF NR NU NZ PF PG PN PW SB TK TL TO TV UM VU WF WS"},
    {"SA", "AR BO BR CL CO EC FK GF GY PE PY SR UY VE"},
};

// G1: Route 53's own assignment of countries to continents
static void test_every_country_of_route53_is_a_place_on_its_continent(void **state)
{
    const struct fixture *fixture = *state;
    unsigned count = 0;
    for (size_t i = 0; i < sizeof route53_countries / sizeof route53_countries[0]; i++) {
        struct bytes rest = bytes_of(route53_countries[i].countries);
        struct bytes code;
        char name[16];
        snprintf(name, sizeof name, "continent:%s", route53_countries[i].continent);
        assert_null(place_named(fixture, bytes_of(name))->country);
        while (bytes_split(&rest, ' ', &code)) {
            const struct place *place = place_named(fixture, code);
            assert_true(bytes_equal(bytes_of(place->country), code));
            assert_string_equal(place->continent, route53_countries[i].continent);
            count++;
        }
    }
    assert_int_equal(count, 246);
}

static void test_states_provinces_and_oblasts_are_places(void **state)
{
    static const struct {
        const char *country;
        unsigned count;
    } cases[] = {{"US", 51}, {"CA", 13}, {"UA", 27}};
    const struct fixture *fixture = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        unsigned count = 0;
        for (uint32_t id = 0; id < fixture->model->place_count; id++) {
            const struct place *place = &fixture->model->places[id];
            if (place->region == REGION_NONE && place->subdivision != NULL &&
                strcmp(place->country, cases[i].country) == 0) {
                char name[16];
                snprintf(name, sizeof name, "%s-%s", place->country, place->subdivision);
                assert_string_equal(place->name, name);
                count++;
            }
        }
        assert_int_equal(count, cases[i].count);
    }
}

// Light in fibre goes no faster, there and back, than 10.5 ms a 1000 km as the crow flies.
static void test_no_round_trip_is_faster_than_light_in_fibre(void **state)
{
    const struct fixture *fixture = *state;
    unsigned compared = 0;
    for (uint32_t id = 0; id < fixture->model->place_count; id++) {
        const struct place *from = &fixture->model->places[id];
        for (uint8_t region = 0; from->located && region < REGION_COUNT; region++) {
            const struct place *to = place_named(fixture, bytes_of(region_at(region)->code));
            double km = great_circle_km(from->latitude, from->longitude, to->latitude, to->longitude);
            if (from->ms[region] < 1 + 10.5e-3 * km - 0.01) {
                fail_msg("%s to %s: %g ms over %.0f km", from->name, to->name, (double)from->ms[region], km);
            }
            compared++;
        }
    }
    assert_true(compared > 370 * REGION_COUNT);
}

static const char *nearest(const struct fixture *fixture, const char *place, const char *const *among)
{
    const float *ms = latency_row(fixture->table, model_find_place(fixture->model, bytes_of(place)));
    uint8_t best = region_find(bytes_of(*among));
    for (; *among != NULL; among++) {
        uint8_t region = region_find(bytes_of(*among));
        best = ms[region] < ms[best] ? region : best;
    }
    return region_at(best)->code;
}

// LT1
static void test_well_known_countries_have_the_region_one_expects(void **state)
{
    static const char *const three[] = {"us-east-1", "eu-west-1", "ap-northeast-1", NULL};
    static const struct {
        const char *place;
        const char *of_all;
        const char *of_three;
    } cases[] = {
        {"DE", "eu-central-1", "eu-west-1"},        {"FR", "eu-west-3", "eu-west-1"},
        {"GB", "eu-west-2", "eu-west-1"},           {"IE", "eu-west-1", "eu-west-1"},
        {"SE", "eu-north-1", "eu-west-1"},          {"JP", "ap-northeast-1", "ap-northeast-1"},
        {"KR", "ap-northeast-2", "ap-northeast-1"}, {"SG", "ap-southeast-1", "ap-northeast-1"},
        {"AU", "ap-southeast-2", "ap-northeast-1"}, {"BR", "sa-east-1", "us-east-1"},
        {"CA", "ca-central-1", "us-east-1"},        {"MX", "mx-central-1", "us-east-1"},
        {"IN", "ap-south-1", "ap-northeast-1"},     {"ZA", "af-south-1", "eu-west-1"},
        {"US-OR", "us-west-2", "us-east-1"},        {"US-VA", "us-east-1", "us-east-1"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_string_equal(nearest(*state, cases[i].place, region_codes()), cases[i].of_all);
        assert_string_equal(nearest(*state, cases[i].place, three), cases[i].of_three);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_place_has_a_value_of_its_own_for_every_region),
        cmocka_unit_test(test_every_region_is_a_place_and_its_own_nearest_region),
        cmocka_unit_test(test_every_country_of_route53_is_a_place_on_its_continent),
        cmocka_unit_test(test_states_provinces_and_oblasts_are_places),
        cmocka_unit_test(test_no_round_trip_is_faster_than_light_in_fibre),
        cmocka_unit_test(test_well_known_countries_have_the_region_one_expects),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
