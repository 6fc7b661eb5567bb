// SPDX-License-Identifier: MIT
// The fleet against a naive model of the rules: random observations, updates, overrides and partitions
// between checkers and locations, everything recomputed from scratch after every step.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/random.h"
#include "core/model/region.h"
#include "support/virtual_fleet.h"

enum { CHECKS = 5, CHECKERS_MAX = 16, STEPS = 6000, SEEDS = 12, LOCATIONS = 3 };

// By check number, whether it is in the policy or not; ids are "check-0" and so on.
struct naive_checker {
    bool exists;
    bool healthy;
    unsigned against;
};

struct naive_check {
    bool present;
    bool raw[LOCATIONS];
    bool was_disabled;
    struct health_check config;
    struct override override;
    struct naive_checker checkers[CHECKERS_MAX]; // two for each checker region
};

struct comparison {
    struct virtual_fleet world;
    struct random random;
    struct naive_check naive[CHECKS];
    unsigned number_of[CHECKS]; // by index in the model
    bool last_status[LOCATIONS][CHECKS];
    unsigned locations;                        // 1 or LOCATIONS
    bool cut[LOCATIONS][CHECKER_REGION_COUNT]; // reports that do not arrive
};

static const char *const ids[CHECKS] = {"check-0", "check-1", "check-2", "check-3", "check-4"};

static uint32_t draw(struct comparison *comparison, uint32_t bound)
{
    return random_below(&comparison->random, bound);
}

static bool naive_disabled(const struct naive_check *check)
{
    return check->override.has_disabled ? check->override.disabled : check->config.disabled;
}

static bool naive_inverted(const struct naive_check *check)
{
    return check->override.has_inverted ? check->override.inverted : check->config.inverted;
}

static void naive_reseed(struct naive_check *check)
{
    for (unsigned i = 0; i < CHECKERS_MAX; i++) {
        check->checkers[i].healthy = true;
        check->checkers[i].against = 0;
    }
}

// A1, A5 and A6 in plain words.
static void naive_aggregate(const struct comparison *comparison, struct naive_check *check, unsigned location)
{
    unsigned healthy = 0;
    unsigned all = 0;
    for (unsigned i = 0; i < CHECKERS_MAX; i++) {
        bool reports = check->checkers[i].exists && !comparison->cut[location][i / 2];
        all += reports;
        healthy += reports && check->checkers[i].healthy;
    }
    if (all > 0) {
        check->raw[location] = healthy * 100 > 18 * all;
    }
}

// Also what disabling and enabling do.
static void naive_follow(const struct comparison *comparison, struct naive_check *check)
{
    if (check->was_disabled && !naive_disabled(check)) {
        naive_reseed(check);
    }
    check->was_disabled = naive_disabled(check);
    for (unsigned location = 0; location < LOCATIONS; location++) {
        naive_aggregate(comparison, check, location);
    }
}

static bool naive_final(const struct naive_check *check, unsigned location)
{
    if (check->override.verdict != OVERRIDE_AUTO) {
        return check->override.verdict == OVERRIDE_HEALTHY;
    }
    return (naive_disabled(check) ? true : check->raw[location]) != naive_inverted(check);
}

static void naive_regions(struct naive_check *check)
{
    for (unsigned i = 0; i < CHECKERS_MAX; i++) {
        bool wanted = check->config.regions >> (i / 2) & 1;
        if (wanted && !check->checkers[i].exists) {
            check->checkers[i] = (struct naive_checker){true, naive_disabled(check) || check->raw[0], 0};
        }
        check->checkers[i].exists = wanted;
    }
}

static void naive_observe(struct naive_check *check, unsigned checker, bool success)
{
    struct naive_checker *naive = &check->checkers[checker];
    if (success == naive->healthy) {
        naive->against = 0;
    } else if (++naive->against >= check->config.failure_threshold) {
        naive->healthy = success;
        naive->against = 0;
    }
}

// The n-th checker of a check is the n-th that exists.
static unsigned naive_number(const struct naive_check *check, uint32_t checker)
{
    for (unsigned i = 0; i < CHECKERS_MAX; i++) {
        if (check->checkers[i].exists && checker-- == 0) {
            return i;
        }
    }
    fail_msg("no such checker");
    return 0;
}

static void compare_check(const struct comparison *comparison, uint32_t index)
{
    const struct naive_check *check = &comparison->naive[comparison->number_of[index]];
    struct check_state state;
    unsigned all = 0;
    fleet_check_state(comparison->world.fleet, index, &state);
    for (unsigned i = 0; i < CHECKERS_MAX; i++) {
        if (check->checkers[i].exists) {
            struct checker_state checker;
            fleet_checker_state(comparison->world.fleet, index, all++, &checker);
            assert_int_equal(checker.region, checker_region_at(i / 2));
            assert_int_equal(checker.healthy, check->checkers[i].healthy);
            assert_int_equal(checker.against, check->checkers[i].against);
        }
    }
    assert_int_equal(state.checkers, all);
    for (unsigned location = 0; location < comparison->locations; location++) {
        const struct status_table *status = fleet_status_at(comparison->world.fleet, location);
        fleet_check_state_at(comparison->world.fleet, location, index, &state);
        assert_int_equal(state.raw, naive_disabled(check) || check->raw[location]);
        assert_int_equal(state.healthy, naive_final(check, location));
        assert_int_equal(status_table_healthy(status, index), naive_final(check, location));
    }
}

// The changes told and the statuses before must add up to the statuses now.
static void compare(struct comparison *comparison)
{
    struct health_change change;
    while (fleet_next_change(comparison->world.fleet, &change)) {
        bool *last = &comparison->last_status[change.location][comparison->number_of[change.check]];
        assert_int_not_equal(*last, change.healthy);
        *last = change.healthy;
    }
    for (uint32_t i = 0; i < comparison->world.model.health_check_count; i++) {
        compare_check(comparison, i);
        for (unsigned location = 0; location < comparison->locations; location++) {
            assert_int_equal(comparison->last_status[location][comparison->number_of[i]],
                             status_table_healthy(fleet_status_at(comparison->world.fleet, location), i));
        }
    }
}

static void apply(struct comparison *comparison)
{
    uint32_t count = 0;
    for (unsigned number = 0; number < CHECKS; number++) {
        struct naive_check *check = &comparison->naive[number];
        if (check->present) {
            comparison->number_of[count] = number;
            comparison->world.checks[count++] = check->config;
        } else {
            *check = (struct naive_check){0};
        }
    }
    comparison->world.model.health_check_count = count;
    virtual_fleet_apply(&comparison->world);
}

static void add_or_remove(struct comparison *comparison, unsigned number)
{
    struct naive_check *check = &comparison->naive[number];
    if (check->present && draw(comparison, 4) != 0) {
        return;
    }
    check->present = !check->present;
    if (check->present) {
        check->config = virtual_check(ids[number]);
        check->config.failure_threshold = (uint8_t)(1 + draw(comparison, 3));
        check->config.inverted = draw(comparison, 4) == 0;
        for (unsigned location = 0; location < LOCATIONS; location++) {
            check->raw[location] = true;
            comparison->last_status[location][number] = naive_final(check, location);
        }
        naive_regions(check);
        naive_reseed(check);
    }
}

static void move_endpoint(struct naive_check *check)
{
    check->config.port++;
    for (unsigned i = 0; i < CHECKERS_MAX; i++) {
        check->checkers[i].against = 0;
    }
}

static void update(struct comparison *comparison)
{
    unsigned number = draw(comparison, CHECKS);
    struct naive_check *check = &comparison->naive[number];
    uint32_t kind = check->present ? draw(comparison, 7) : 0;
    switch (kind) {
    case 0:
        add_or_remove(comparison, number);
        break;
    case 1:
        check->config.inverted = !check->config.inverted;
        break;
    case 2:
        check->config.disabled = !check->config.disabled;
        break;
    case 3:
        check->config.regions = (uint8_t)(draw(comparison, 255) + 1);
        naive_regions(check);
        break;
    case 4:
        check->config.failure_threshold = (uint8_t)(1 + draw(comparison, 3));
        break;
    case 5:
        move_endpoint(check);
        break;
    default: // nothing new
        break;
    }
    apply(comparison);
    if (check->present) {
        naive_follow(comparison, check);
    }
}

static void override_one(struct comparison *comparison)
{
    uint32_t count = comparison->world.model.health_check_count;
    if (count == 0) {
        return;
    }
    uint32_t index = draw(comparison, count);
    struct naive_check *check = &comparison->naive[comparison->number_of[index]];
    struct override override = {
        .has_inverted = draw(comparison, 3) == 0,
        .inverted = draw(comparison, 2) == 0,
        .has_disabled = draw(comparison, 4) == 0,
        .disabled = draw(comparison, 2) == 0,
        .verdict = draw(comparison, 3) == 0 ? 1 + draw(comparison, 2) : OVERRIDE_AUTO,
        .until = MONO_NEVER,
    };
    fleet_set_override(comparison->world.fleet, index, &override, comparison->world.now,
                       virtual_wall(comparison->world.now));
    check->override = override;
    naive_follow(comparison, check);
}

static void cut_or_join(struct comparison *comparison)
{
    unsigned location = draw(comparison, comparison->locations);
    unsigned region = draw(comparison, CHECKER_REGION_COUNT);
    bool *cut = &comparison->cut[location][region];
    *cut = !*cut;
    assert_true(fleet_set_reports(comparison->world.fleet, location, checker_region_at(region), !*cut,
                                  comparison->world.now, virtual_wall(comparison->world.now)));
    for (unsigned i = 0; i < CHECKS; i++) {
        naive_aggregate(comparison, &comparison->naive[i], location);
    }
}

// Each check has good and bad times of its own, so that verdicts move.
static bool succeeds(struct comparison *comparison, unsigned number)
{
    bool bad_times = (comparison->world.now.ns / DURATION_S(200) + number) % 2 == 1;
    return draw(comparison, 10) < (bad_times ? 1 : 8);
}

static void probe(struct comparison *comparison)
{
    struct probe_order order;
    mono_time next = fleet_next(comparison->world.fleet);
    if (next.ns == MONO_NEVER.ns) {
        return;
    }
    comparison->world.now = next;
    fleet_advance(comparison->world.fleet, next, virtual_wall(next));
    if (!fleet_take_due(comparison->world.fleet, next, &order)) {
        return;
    }
    unsigned number = comparison->number_of[order.check];
    struct naive_check *check = &comparison->naive[number];
    bool success = succeeds(comparison, number);
    struct observation observation = {.reason = success ? OBSERVED_SUCCESS : OBSERVED_CONNECT_REFUSED};
    assert_string_equal(order.config->id, ids[number]);
    assert_int_equal(order.config->port, check->config.port);
    naive_observe(check, naive_number(check, order.checker), success);
    naive_follow(comparison, check);
    assert_true(fleet_observe(comparison->world.fleet, &order, &observation, next, virtual_wall(next)));
}

// V1-V3, A1, A5-A7, A10, H5, H14, S1-S4
static void test_the_fleet_agrees_with_a_naive_model_of_the_rules(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct comparison comparison = {0};
        virtual_fleet_init(&comparison.world);
        random_seed(&comparison.random, seed);
        comparison.world.model.simulator.seed = seed;
        comparison.locations = seed % 2 == 0 ? 1 : LOCATIONS;
        for (unsigned i = 0; i < comparison.locations && comparison.locations > 1; i++) {
            snprintf(comparison.world.model.simulator.locations[i], LOCATION_NAME_MAX, "location-%u", i);
            comparison.world.model.simulator.location_count++;
        }
        apply(&comparison);
        for (unsigned i = 0; i < CHECKS; i++) {
            update(&comparison);
        }
        for (unsigned step = 0; step < STEPS; step++) {
            uint32_t kind = draw(&comparison, 60);
            if (kind == 0) {
                update(&comparison);
            } else if (kind == 1) {
                override_one(&comparison);
            } else if (kind == 2) {
                cut_or_join(&comparison);
            } else {
                probe(&comparison);
            }
            compare(&comparison);
        }
        virtual_fleet_free(&comparison.world);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_fleet_agrees_with_a_naive_model_of_the_rules),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
