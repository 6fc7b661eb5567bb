// SPDX-License-Identifier: MIT
// What the files of the fleet share. A check's status comes about from left to right:
//
//   observations -> checkers[].verdict -> raw -> final -----> delayed -----> used -> status_table
//                   V1-V3                 A1    S3            A9             override's verdict, if any
//   policy, override -> wanted ---------------> active
//                               H15
//   children's used -------------------> raw of a calculated check, S6
//   data of a metric ------------------> raw of a check of it, S11
//
// fleet.c takes observations, fleet_metrics.c data, fleet_apply.c models, fleet_override.c overrides; each of
// them ends in fleet_settle (fleet_settle.c), which alone carries a change on to the right.
#ifndef NEARWELL_CORE_HEALTH_FLEET_STATE_H
#define NEARWELL_CORE_HEALTH_FLEET_STATE_H

#include "base/map.h"
#include "base/queue.h"
#include "core/health/check.h"
#include "core/health/fleet.h"
#include "core/health/metric.h"

// There are 16 of these for each check: keep it small.
struct checker {
    struct observation last;
    struct observation last_failure;
    wall_time at;
    wall_time failed_at;
    mono_time due;   // of the next probe; MONO_NEVER while one is under way or the check is disabled
    uint32_t ticket; // of the probe under way; 0: none whose result would count
    struct checker_verdict verdict;
    uint8_t region;
    bool observed : 1;
    bool failed : 1;
    bool fresh : 1; // seeded, and without a result since
};
_Static_assert(sizeof(struct checker) <= 96, "one checker of very many");

// What an update can change with a delay (H15).
struct settings {
    bool inverted;
    bool disabled;
    uint8_t failure_threshold;
};

// A change on its way to taking effect. Lists of these are in order of due.
struct delayed {
    struct delayed *next;
    mono_time due;
    struct settings settings;    // of delayed settings
    const char *cause;           // of delayed settings; NULL: what differs says it
    struct health_change change; // of delayed statuses
};

struct delay_line {
    struct delayed *first;
    struct delayed *last;
};

// What one location makes of a check (A5).
struct outlook {
    bool raw;     // of the checkers, whether disabled or not
    bool final;   // S3
    bool arrived; // final, aggregation_delay later
    bool used;
    uint32_t healthy;   // verdicts of those that report; children of a calculated check
    uint32_t reporting; // checkers whose reports reach it; children
    wall_time since;
    struct delay_line coming_statuses;
};

struct check {
    const struct health_check *config; // of the current model
    uint32_t index;                    // in the current model
    uint32_t slot;                     // in fleet.slots, for good
    uint64_t round;                    // of the fleet_apply that last saw it
    struct settings wanted;
    struct settings active;
    struct delay_line coming_settings;
    struct outlook first;   // of the first location
    struct outlook *others; // of the other ones; NULL when there are none
    uint32_t count;         // checkers in use, first in the array
    uint32_t lingering;     // then those of removed regions (A8)
    uint32_t waiting;       // of those in use: no observation yet, though enabled
    struct checker *checkers;
    mono_time *leaves;          // one for each that lingers
    struct metric_watch *watch; // NULL but of CLOUDWATCH_METRIC
    struct override *override;
    struct certificate *certificate; // the latest; NULL: none was seen
    uint64_t probes;
};

// Payload of a hint in changes that is about what is set of resources.
#define FLEET_RESOURCES UINT64_MAX

// A Route 53 location, which decides by the reports that reach it (A5).
struct location {
    struct status_table *table; // checks, then resources
    uint16_t cut;               // bit fleet_region_bit: reports of that checker region do not reach it
};

// Queue entries are hints: "look at this checker (or check) then". One that finds nothing due is outdated.
struct fleet {
    struct simulator_settings simulator;
    struct check **slots; // NULL where free
    uint32_t slot_count;
    uint32_t *free_slots;
    uint32_t free_count;
    uint32_t slot_room;
    struct check **checks; // by index in the model
    uint32_t count;
    struct map *by_id;
    struct metric_store *metrics;
    struct queue probes;    // payload: slot << 32 | checker
    struct queue changes;   // payload: slot, or FLEET_RESOURCES
    uint32_t *parents;      // of check i: first_parent[i] .. first_parent[i + 1], indices in the model
    uint32_t *first_parent; // NULL, both, while a model is applied
    uint32_t last_ticket;
    uint64_t round;
    uint64_t waiting;                 // sum over the checks
    const struct resource *resources; // of the current model
    uint32_t resource_count;
    struct map *set_resources; // struct resource_override by name
    struct resource_change *resource_news;
    size_t resource_news_first;
    size_t resource_news_count;
    struct location locations[LOCATIONS_MAX];
    uint32_t location_count; // at least 1
    uint64_t generation;
    struct health_change *news; // news_first .. news_count: not yet told; check is a slot
    size_t news_first;
    size_t news_count;
    size_t news_room;
};

// What happened, for the changes that follow from it.
struct happening {
    const char *cause;
    mono_time at;
    wall_time wall;
    const struct observation *evidence; // NULL: none
    uint8_t region;
};

// fleet_locations.c
struct outlook *fleet_outlook(struct check *check, uint32_t location);
const struct outlook *fleet_outlook_of(const struct check *check, uint32_t location);
bool fleet_reports(const struct fleet *fleet, uint32_t location, uint8_t region);
// Healthy and reporting checkers, at each location.
void fleet_count_verdicts(const struct fleet *fleet, struct check *check);
// The verdict of a checker of this region flipped.
void fleet_count_flip(const struct fleet *fleet, struct check *check, uint8_t region, bool healthy);
// Follows the model's locations. Before the checks are looked at; checks of before follow by
// fleet_fit_outlooks.
void fleet_take_locations(struct fleet *fleet, const struct model *model);
bool fleet_same_locations(const struct simulator_settings *a, const struct simulator_settings *b);
// A new check, or one that had so many locations; new ones begin as the first is.
void fleet_fit_outlooks(struct fleet *fleet, struct check *check, uint32_t had);

// fleet_settle.c
// Something that final follows from may have changed: carries it on, at once or by the delay.
void fleet_settle(struct fleet *fleet, struct check *check, const struct happening *happening);
// Judges the verdicts (A1) or the children (S6), or reads the metric (S11), and settles.
void fleet_recount(struct fleet *fleet, struct check *check, const struct happening *happening);
void fleet_recount_at(struct fleet *fleet, struct check *check, uint32_t location,
                      const struct happening *happening); // not of a metric
// The override's verdict may have changed; it knows no delay.
void fleet_use(struct fleet *fleet, struct check *check, const struct happening *happening);
bool fleet_verdict(const struct check *check, const struct outlook *outlook); // what it should use
// Asks for these settings; they take effect after health_check_config_delay.
void fleet_want(struct fleet *fleet, struct check *check, const struct settings *settings,
                const struct happening *happening);
void fleet_forget_news(struct fleet *fleet, uint32_t slot);
void fleet_forget_news_beyond(struct fleet *fleet, uint32_t location_count);
// Carries out what is due for this check by now.
void fleet_take_effect(struct fleet *fleet, struct check *check, mono_time now, wall_time wall);
bool fleet_effect_due(const struct fleet *fleet, const struct check *check, mono_time now);
void fleet_clear_delays(struct fleet *fleet, struct check *check);
void fleet_clear_line(struct delay_line *line);

// fleet_children.c
bool fleet_is_calculated(const struct check *check);
uint32_t fleet_needed(const struct fleet *fleet, const struct check *check, uint32_t location);
// Healthy children and raw, of a calculated check.
void fleet_count_children(const struct fleet *fleet, struct check *check, uint32_t location);
void fleet_link_children(struct fleet *fleet);
void fleet_unlink_children(struct fleet *fleet);
void fleet_tell_parents(struct fleet *fleet, const struct check *child, uint32_t location, mono_time at,
                        wall_time wall);

// fleet_metrics.c
// Copies the alarm's settings when there is no copy, or the model sends them again (S10).
void fleet_follow_alarm(struct fleet *fleet, struct check *check);
// Raw of a check of a metric, and when to look again.
void fleet_read_metric(struct fleet *fleet, struct check *check, mono_time now, wall_time wall);
bool fleet_metric_due(const struct check *check, mono_time now);
void fleet_free_watch(struct fleet *fleet, struct check *check);

// fleet_checkers.c
// The next probe of this checker is due then.
void fleet_schedule(struct fleet *fleet, struct check *check, uint32_t checker, mono_time due);
// Those that neither wait nor probe start at their phase (P4), counted from now.
void fleet_start_checkers(struct fleet *fleet, struct check *check, mono_time now);
// None waits any more; the results of probes under way will not count.
void fleet_stop_checkers(struct check *check);
// H5: healthy all, counters empty, phases anew.
void fleet_reseed(struct fleet *fleet, struct check *check, mono_time now);
void fleet_count_waiting(struct fleet *fleet, struct check *check);
// Fits the checkers to the config's regions and the fleet's size: A4, A7, A8. True when any came or went.
bool fleet_fit_checkers(struct fleet *fleet, struct check *check, mono_time now);
// Lets go of those whose time to linger is over.
void fleet_dismiss_lingering(struct fleet *fleet, struct check *check, mono_time now);

// fleet_override.c
struct settings fleet_settings(const struct check *check); // the config's, under the override
void fleet_end_override(struct fleet *fleet, struct check *check, const struct happening *happening);

// fleet_resources.c
// Fills their part of the table, which is behind the checks.
void fleet_take_resources(struct fleet *fleet, const struct model *model);
bool fleet_resource_due(const struct fleet *fleet, mono_time now);
void fleet_expire_resources(struct fleet *fleet, mono_time now, wall_time wall);
void fleet_free_resources(struct fleet *fleet);

// fleet_apply.c
void fleet_free_check(struct fleet *fleet, struct check *check);

// fleet.c
void fleet_drop_outdated(struct fleet *fleet);

#endif
