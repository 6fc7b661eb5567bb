// SPDX-License-Identifier: MIT
// Route 53 locations: each decides by the reports that reach it, so in a partition they may disagree (A5).
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "core/model/region.h"
#include "fleet_state.h"

enum { WITHOUT_REGION = CHECKER_REGION_COUNT }; // Simulator.Checkers

struct outlook *fleet_outlook(struct check *check, uint32_t location)
{
    return location == 0 ? &check->first : &check->others[location - 1];
}

const struct outlook *fleet_outlook_of(const struct check *check, uint32_t location)
{
    return location == 0 ? &check->first : &check->others[location - 1];
}

static uint16_t bit_of(uint8_t region)
{
    return (uint16_t)(1U << (region == REGION_NONE ? WITHOUT_REGION : checker_region_index(region)));
}

bool fleet_reports(const struct fleet *fleet, uint32_t location, uint8_t region)
{
    uint16_t cut = fleet->locations[location].cut;
    return cut == 0 || !(cut & bit_of(region));
}

void fleet_count_verdicts(const struct fleet *fleet, struct check *check)
{
    uint32_t total = check->count + check->lingering;
    for (uint32_t location = 0; location < fleet->location_count; location++) {
        struct outlook *outlook = fleet_outlook(check, location);
        outlook->healthy = outlook->reporting = 0;
        for (uint32_t i = 0; i < total; i++) {
            bool reports = fleet_reports(fleet, location, check->checkers[i].region);
            outlook->reporting += reports;
            outlook->healthy += reports && check->checkers[i].verdict.healthy;
        }
    }
}

void fleet_count_flip(const struct fleet *fleet, struct check *check, uint8_t region, bool healthy)
{
    for (uint32_t location = 0; location < fleet->location_count; location++) {
        if (fleet_reports(fleet, location, region)) {
            fleet_outlook(check, location)->healthy += healthy ? 1 : UINT32_MAX; // one more or one less
        }
    }
}

bool fleet_set_reports(struct fleet *fleet, uint32_t location, uint8_t checker_region, bool reach,
                       mono_time now, wall_time wall)
{
    if (location >= fleet->location_count ||
        (checker_region != REGION_NONE && checker_region_index(checker_region) < 0)) {
        return false;
    }
    struct happening happening = {"reports", now, wall, NULL, REGION_NONE};
    uint16_t bit = bit_of(checker_region);
    uint16_t *cut = &fleet->locations[location].cut;
    fleet_advance(fleet, now, wall);
    if (reach == !(*cut & bit)) {
        return true;
    }
    *cut ^= bit;
    for (uint32_t i = 0; i < fleet->count; i++) {
        struct check *check = fleet->checks[i];
        if (health_check_type_is_endpoint(check->config->type)) {
            fleet_count_verdicts(fleet, check);
            fleet_recount_at(fleet, check, location, &happening);
        }
    }
    return true;
}

bool fleet_reports_reach(const struct fleet *fleet, uint32_t location, uint8_t checker_region)
{
    return location < fleet->location_count && fleet_reports(fleet, location, checker_region);
}

uint32_t fleet_location_count(const struct fleet *fleet)
{
    return fleet->location_count;
}

uint32_t fleet_find_location(const struct fleet *fleet, const char *name)
{
    for (uint32_t i = 0; i < fleet->simulator.location_count; i++) {
        if (strcmp(fleet->simulator.locations[i], name) == 0) {
            return i;
        }
    }
    return LOCATION_NONE;
}

const char *fleet_location_name(const struct fleet *fleet, uint32_t location)
{
    return location < fleet->simulator.location_count ? fleet->simulator.locations[location] : "";
}

// --- from one model to the next ----------------------------------------------------------------------------

bool fleet_same_locations(const struct simulator_settings *a, const struct simulator_settings *b)
{
    return a->location_count == b->location_count &&
           memcmp(a->locations, b->locations, sizeof a->locations) == 0;
}

void fleet_take_locations(struct fleet *fleet, const struct model *model)
{
    const struct simulator_settings *simulator = &model->simulator;
    if (!fleet_same_locations(&fleet->simulator, simulator)) {
        for (uint32_t i = 0; i < LOCATIONS_MAX; i++) {
            fleet->locations[i].cut = 0;
        }
    }
    fleet->location_count = simulator->location_count > 0 ? simulator->location_count : 1;
    fleet_forget_news_beyond(fleet, fleet->location_count);
}

void fleet_fit_outlooks(struct fleet *fleet, struct check *check, uint32_t had)
{
    uint32_t wanted = fleet->location_count;
    for (uint32_t i = wanted; i < had; i++) {
        fleet_clear_line(&fleet_outlook(check, i)->coming_statuses);
    }
    if (wanted == 1) {
        free(check->others);
        check->others = NULL;
        return;
    }
    if (wanted != had) {
        check->others = xreallocarray(check->others, wanted - 1, sizeof *check->others);
    }
    for (uint32_t i = had > 0 ? had : 1; i < wanted; i++) {
        struct outlook *outlook = fleet_outlook(check, i);
        *outlook = check->first;
        outlook->arrived = outlook->final;
        outlook->used = fleet_verdict(check, outlook);
        outlook->coming_statuses = (struct delay_line){NULL, NULL};
    }
}
