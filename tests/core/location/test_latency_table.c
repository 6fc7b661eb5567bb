// SPDX-License-Identifier: MIT
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/location/latency_table.h"

enum {
    DEFAULT,
    EUROPE,
    GERMANY,
    BAVARIA,
    ATLANTIS,
    VIRGINIA,
    OFFICE,
    CAFE,
    PARTNER,
    SHIP,
    OVERSEAS,
    GHOST,
    PLACES,
};

static const float full_row[REGION_COUNT] = {[0 ... REGION_COUNT - 1] = 111};
static const float default_row[REGION_COUNT] = {[0 ... REGION_COUNT - 1] = 160};
static const float europe_row[REGION_COUNT] = {[0 ... REGION_COUNT - 1] = 45};

static const struct place places[PLACES] = {
    [DEFAULT] = {.name = "default", .region = REGION_NONE, .ms = default_row},
    [EUROPE] = {.name = "continent:EU", .continent = "EU", .region = REGION_NONE, .ms = europe_row},
    [GERMANY] = {.name = "DE", .country = "DE", .continent = "EU", .region = REGION_NONE, .ms = full_row},
    [BAVARIA] = {.name = "DE-BY", .country = "DE", .subdivision = "BY", .region = REGION_NONE},
    [ATLANTIS] = {.name = "XA", .country = "XA", .continent = "EU", .region = REGION_NONE},
    [VIRGINIA] = {.name = "us-east-1", .country = "US", .region = 0},
    [OFFICE] = {.name = "office", .country = "de", .region = REGION_NONE},
    [CAFE] = {.name = "cafe",
              .country = "DE",
              .region = REGION_NONE,
              .located = true,
              .latitude = 52.5F,
              .longitude = 13.4F},
    [PARTNER] = {.name = "partner", .country = "DE", .subdivision = "BY", .region = REGION_NONE},
    [SHIP] = {.name = "ship", .region = REGION_NONE},
    [OVERSEAS] = {.name = "overseas", .country = "XA", .region = REGION_NONE},
    [GHOST] =
        {.name = "ghost", .country = "ZZ", .subdivision = "1", .continent = "XX", .region = REGION_NONE},
};

static struct model model_of(const struct place *of, uint32_t count)
{
    return (struct model){.places = of, .place_count = count, .fallback_place = DEFAULT};
}

static uint8_t region(const char *code)
{
    uint8_t id = region_find(bytes_of(code));
    assert_int_not_equal(id, REGION_NONE);
    return id;
}

// LT5
static void test_a_place_without_a_row_takes_the_next_best_source(void **state)
{
    (void)state;
    static const struct {
        uint32_t place;
        enum latency_source source;
        uint32_t row_place;
        float ms; // 0: by distance
    } cases[] = {
        {DEFAULT, LATENCY_ROW, DEFAULT, 160},          {GERMANY, LATENCY_ROW, GERMANY, 111},
        {BAVARIA, LATENCY_PARENT, GERMANY, 111},       {ATLANTIS, LATENCY_PARENT, EUROPE, 45},
        {VIRGINIA, LATENCY_GREAT_CIRCLE, VIRGINIA, 0}, {OFFICE, LATENCY_PARENT, GERMANY, 111}, // "de" is DE
        {CAFE, LATENCY_GREAT_CIRCLE, CAFE, 0}, // its own coordinates before the country's row
        {PARTNER, LATENCY_PARENT, GERMANY, 111},       {SHIP, LATENCY_DEFAULT, DEFAULT, 160},
        {OVERSEAS, LATENCY_PARENT, EUROPE, 45}, // the continent of its country
        {GHOST, LATENCY_DEFAULT, DEFAULT, 160},
    };
    struct model model = model_of(places, PLACES);
    struct latency_table *table = latency_table_create(&model, (wall_time){0});
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        for (uint8_t id = 0; id < REGION_COUNT; id++) {
            struct latency_cell cell = latency_cell(table, cases[i].place, id);
            assert_int_equal(cell.source, cases[i].source);
            assert_int_equal(cell.row_place, cases[i].row_place);
            assert_float_equal(cell.ms, cases[i].ms > 0 ? cases[i].ms : 5 + 0.015F * cell.km, 1e-4);
            assert_float_equal(latency_row(table, cases[i].place)[id], cell.ms, 0);
        }
    }
    latency_table_destroy(table);
    latency_table_destroy(NULL);
}

// LT5: 5 ms + 0.015 ms a km
static void test_great_circle_estimates_follow_the_distance(void **state)
{
    (void)state;
    struct model model = model_of(places, PLACES);
    struct latency_table *table = latency_table_create(&model, (wall_time){0});
    struct latency_cell frankfurt = latency_cell(table, CAFE, region("eu-central-1"));
    struct latency_cell tokyo = latency_cell(table, CAFE, region("ap-northeast-1"));
    struct latency_cell home = latency_cell(table, VIRGINIA, 0);
    assert_float_equal(frankfurt.km, 424, 5);
    assert_float_equal(frankfurt.ms, 11.4, 0.1);
    assert_float_equal(tokyo.km, 8918, 20);
    assert_float_equal(tokyo.ms, 138.8, 0.4);
    assert_float_equal(home.ms, 5, 1e-3);
    latency_table_destroy(table);
}

static void test_a_gap_in_a_row_is_filled_and_the_rest_stays(void **state)
{
    (void)state;
    float gappy[REGION_COUNT];
    for (uint8_t id = 0; id < REGION_COUNT; id++) {
        gappy[id] = id == 3 ? NAN : 20;
    }
    struct place own[] = {
        places[DEFAULT],
        places[GERMANY],
        {.name = "branch", .country = "DE", .region = REGION_NONE, .ms = gappy},
    };
    struct model model = model_of(own, 3);
    struct latency_table *table = latency_table_create(&model, (wall_time){0});
    for (uint8_t id = 0; id < REGION_COUNT; id++) {
        struct latency_cell cell = latency_cell(table, 2, id);
        assert_int_equal(cell.source, id == 3 ? LATENCY_PARENT : LATENCY_ROW);
        assert_float_equal(cell.ms, id == 3 ? 111 : 20, 0);
    }
    latency_table_destroy(table);
}

static void test_a_larger_place_without_a_row_lends_its_coordinates(void **state)
{
    (void)state;
    struct place own[] = {
        places[DEFAULT],
        {.name = "DE",
         .country = "DE",
         .region = REGION_NONE,
         .located = true,
         .latitude = 51,
         .longitude = 10},
        {.name = "office", .country = "DE", .region = REGION_NONE},
    };
    struct model model = model_of(own, 3);
    struct latency_table *table = latency_table_create(&model, (wall_time){0});
    struct latency_cell cell = latency_cell(table, 2, 0);
    assert_int_equal(cell.source, LATENCY_PARENT);
    assert_int_equal(cell.row_place, 1);
    assert_true(cell.km > 1000);
    assert_float_equal(cell.ms, latency_row(table, 1)[0], 0);
    latency_table_destroy(table);
}

static void test_a_subdivision_comes_before_its_country(void **state)
{
    (void)state;
    struct place own[] = {
        places[DEFAULT],
        places[GERMANY],
        {.name = "DE-BY", .country = "DE", .subdivision = "BY", .region = REGION_NONE, .ms = europe_row},
        places[PARTNER],
    };
    struct model model = model_of(own, 4);
    struct latency_table *table = latency_table_create(&model, (wall_time){0});
    assert_int_equal(latency_cell(table, 3, 0).row_place, 2);
    assert_float_equal(latency_row(table, 3)[0], 45, 0);
    latency_table_destroy(table);
}

static void test_a_table_that_knows_nothing_says_1000_ms(void **state)
{
    (void)state;
    struct model model = {.places = &places[SHIP], .place_count = 1, .fallback_place = PLACE_NONE};
    struct latency_table *table = latency_table_create(&model, (wall_time){0});
    for (uint8_t id = 0; id < REGION_COUNT; id++) {
        struct latency_cell cell = latency_cell(table, 0, id);
        assert_int_equal(cell.source, LATENCY_UNKNOWN);
        assert_int_equal(cell.row_place, PLACE_NONE);
        assert_float_equal(latency_row(table, 0)[id], 1000, 0);
    }
    latency_table_destroy(table);
}

// LT2: cell by cell, on top of each other, each from its time on.
static void test_versions_change_cells_from_their_time_on(void **state)
{
    (void)state;
    static const float first[REGION_COUNT] = {[0] = 200, [1 ... REGION_COUNT - 1] = NAN};
    static const float second[REGION_COUNT] = {[0] = NAN, [1] = 20, [2 ... REGION_COUNT - 1] = NAN};
    static const float ship[REGION_COUNT] = {[0 ... REGION_COUNT - 1] = 7};
    static const struct latency_change first_changes[] = {{GERMANY, first}};
    static const struct latency_change second_changes[] = {{GERMANY, second}, {SHIP, ship}};
    static const struct latency_version versions[] = {{{1000}, 1, first_changes},
                                                      {{2000}, 2, second_changes}};
    static const struct {
        int64_t at;
        float germany[3]; // to the first regions
        float bavaria;    // DE's row
        float ship;
        int64_t since; // 0: no version yet
        int64_t next;  // 0: none any more
    } cases[] = {
        {0, {111, 111, 111}, 111, 160, 0, 1000},       {999, {111, 111, 111}, 111, 160, 0, 1000},
        {1000, {200, 111, 111}, 200, 160, 1000, 2000}, {1999, {200, 111, 111}, 200, 160, 1000, 2000},
        {2000, {200, 20, 111}, 200, 7, 2000, 0},       {9000, {200, 20, 111}, 200, 7, 2000, 0},
    };
    struct model model = model_of(places, PLACES);
    model.latency_versions = versions;
    model.latency_version_count = 2;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        wall_time time = {0};
        wall_time at = {cases[i].at};
        struct latency_table *table = latency_table_create(&model, at);
        assert_memory_equal(latency_row(table, GERMANY), cases[i].germany, sizeof cases[i].germany);
        assert_float_equal(latency_row(table, BAVARIA)[0], cases[i].bavaria, 0);
        assert_float_equal(latency_row(table, SHIP)[5], cases[i].ship, 0);
        assert_int_equal(latency_cell(table, SHIP, 5).source,
                         cases[i].ship == 7 ? LATENCY_ROW : LATENCY_DEFAULT);
        assert_int_equal(latency_table_valid_from(table, &time), cases[i].since != 0);
        assert_int_equal(time.ns, cases[i].since);
        assert_int_equal(latency_next_version(&model, at, &time), cases[i].next != 0);
        assert_int_equal(time.ns, cases[i].next != 0 ? cases[i].next : cases[i].since);
        latency_table_destroy(table);
    }
}

static void test_every_source_has_a_name(void **state)
{
    (void)state;
    for (int source = LATENCY_ROW; source <= LATENCY_UNKNOWN; source++) {
        assert_non_null(latency_source_name((enum latency_source)source));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_place_without_a_row_takes_the_next_best_source),
        cmocka_unit_test(test_great_circle_estimates_follow_the_distance),
        cmocka_unit_test(test_a_gap_in_a_row_is_filled_and_the_rest_stays),
        cmocka_unit_test(test_a_larger_place_without_a_row_lends_its_coordinates),
        cmocka_unit_test(test_a_subdivision_comes_before_its_country),
        cmocka_unit_test(test_a_table_that_knows_nothing_says_1000_ms),
        cmocka_unit_test(test_versions_change_cells_from_their_time_on),
        cmocka_unit_test(test_every_source_has_a_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
