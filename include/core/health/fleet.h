// SPDX-License-Identifier: MIT
// All checkers of all checks: who probes next, what they think, and what follows for each check. The daemon
// and the replay drive the same fleet: they take due probes, carry them out (or script them), and hand the
// observations back. No clock, no chance of its own: phases come from the seed (P4). One owner, one thread.
//
//   fleet -> checks[]   -> checkers[]  verdict, next probe, last observation; none but of endpoints
//         -> watch      of a check of a metric: its copy of the alarm's settings, its last reading
//         -> parents[]  the calculated checks that a check is a child of
//         -> queue      earliest due probe or delayed change first
#ifndef NEARWELL_CORE_HEALTH_FLEET_H
#define NEARWELL_CORE_HEALTH_FLEET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/time.h"
#include "core/health/certificate.h"
#include "core/health/metric.h"
#include "core/health/observation.h"
#include "core/health/status_table.h"
#include "core/model/model.h"

struct fleet;

struct fleet *fleet_create(void);
void fleet_destroy(struct fleet *fleet); // NULL is fine

// Takes the checks of a model, which must live until the next fleet_apply or fleet_destroy has returned.
// Checks are matched by id: one whose definition did not change keeps everything, one that changed follows
// H14, A7 and A8, a new one starts as H4 and H5 say; another type under an old id is a new check. Inverted,
// Disabled and FailureThreshold of a check that was there before take effect after
// health_check_config_delay (H15). Overrides stay with their check's id.
void fleet_apply(struct fleet *fleet, const struct model *model, mono_time now, wall_time wall);

// When fleet_take_due or fleet_advance next has something to do; MONO_NEVER when it has not. Functions that
// take the time do what fleet_advance does first, but fleet_take_due.
mono_time fleet_next(const struct fleet *fleet);

// A probe to carry out. Hand it back with its observation, whatever happened in between.
struct probe_order {
    uint32_t check;                    // index in the model at the time
    uint32_t checker;                  // index in the check
    uint64_t token;                    // tells outdated orders apart
    const struct health_check *config; // of the model: copy what must outlive it
};

bool fleet_take_due(struct fleet *fleet, mono_time now, struct probe_order *out);

// The next probe of this checker is due one RequestInterval after now (P2, P3). An order from before a change
// of the check's endpoint, or of a check that is gone or disabled, is ignored (H14). Returns false then.
// OBSERVED_INTERNAL is kept as the last observation and schedules the next probe, but neither counts for nor
// against the endpoint: that the prober is in trouble is no evidence.
bool fleet_observe(struct fleet *fleet, const struct probe_order *order,
                   const struct observation *observation, mono_time now, wall_time wall);

// The certificate that a probe of this order was shown: the latest of a check is kept until its endpoint
// changes. Call before fleet_observe, which ends the order.
void fleet_note_certificate(struct fleet *fleet, const struct probe_order *order,
                            const struct certificate *certificate);
const struct certificate *fleet_certificate(const struct fleet *fleet, uint32_t check); // NULL: none was seen

// Whose observation this order asks for, by the model as it is now; false when it would be ignored.
bool fleet_order_checker(const struct fleet *fleet, const struct probe_order *order, uint32_t *check,
                         uint32_t *checker);

// Carries out delayed changes and expired overrides up to now. Call before reading statuses.
void fleet_advance(struct fleet *fleet, mono_time now, wall_time wall);

// What an operator imposes on a check on top of the policy, until it is ended or expires. Inverted and
// Disabled take effect as if the check were updated (H15, A9); a verdict does at once. Probing goes on.
enum override_verdict { OVERRIDE_AUTO, OVERRIDE_HEALTHY, OVERRIDE_UNHEALTHY };
struct override {
    bool has_inverted;
    bool inverted;
    bool has_disabled;
    bool disabled;
    enum override_verdict verdict; // final status when not AUTO, whatever the probes say
    mono_time until;               // MONO_NEVER: until ended
    wall_time until_wall;          // the same for people; ns 0 when never
    wall_time since;
    char reason[256]; // "" when none was given
};

// Replaces the check's override; one that says nothing ends it. False: no such check.
bool fleet_set_override(struct fleet *fleet, uint32_t check, const struct override *override, mono_time now,
                        wall_time wall);
const struct override *fleet_override(const struct fleet *fleet, uint32_t check); // NULL when none

// S12: the switch of a RECOVERY_CONTROL check is its raw status, On until this says otherwise; nothing damps
// it. It stays with the check's id. False: no such check, or one of another type.
bool fleet_set_routing_control(struct fleet *fleet, uint32_t check, bool on, mono_time now, wall_time wall);

// Data of metrics, as CloudWatch would have it; checks that watch them are read anew at once, and at the end
// of each of their periods (S9, S11). It is kept whether a check watches it or not. Returns how many counted:
// see metric.h. data's strings are only read.
size_t fleet_put_metrics(struct fleet *fleet, const struct metric_datum *data, size_t count, mono_time now,
                         wall_time wall);

// What a check of a metric watches and finds; valid until the next call that changes the fleet. The settings
// are the check's own (API: CloudWatchAlarmConfiguration), as the checks of an account have them. Of a check
// without they are a copy of the alarm's, made when the check is new, when it names another alarm, and when
// its HealthCheckVersion differs (S10). False: no such check, or one of another type.
struct metric_state {
    const char *region; // AlarmIdentifier
    const char *name;
    const struct alarm_settings *settings;
    struct metric_reading reading; // as it was when disabled
    bool last_known;               // S13: before an inversion
};
bool fleet_metric_state(const struct fleet *fleet, uint32_t index, struct metric_state *out);

// A5: Route 53 locations decide on their own, each by the reports that reach it; with Simulator.Locations
// there may be up to LOCATIONS_MAX. Checkers, settings, overrides, metrics and resources are the same for
// all; what follows from verdicts, and from there for calculated checks, is each location's own. Functions
// without a location mean the first, which is the only one by default.
uint32_t fleet_location_count(const struct fleet *fleet);
const char *fleet_location_name(const struct fleet *fleet, uint32_t location); // "" when it has none
#define LOCATION_NONE UINT32_MAX
uint32_t fleet_find_location(const struct fleet *fleet, const char *name); // LOCATION_NONE

// Whether reports from the checkers of a region reach a location; all do at first, and again when a model's
// Locations differ. The others are the denominator; with none left the raw status stays (A6). Probing goes
// on. REGION_NONE: the checkers of Simulator.Checkers. False: no such location, or a region without checkers.
bool fleet_set_reports(struct fleet *fleet, uint32_t location, uint8_t checker_region, bool reach,
                       mono_time now, wall_time wall);
bool fleet_reports_reach(const struct fleet *fleet, uint32_t location, uint8_t checker_region);

// The health of an AWS resource that aliases lead to is what the policy says (Q3), until it is set here: by
// an operator, a test, a scenario. It stays with the resource's name until it is ended or expires.
struct resource_override {
    bool healthy;
    mono_time until;      // MONO_NEVER: until ended
    wall_time until_wall; // the same for people; ns 0 when never
    wall_time since;
    char reason[256]; // "" when none was given
};

// Replaces what is set; NULL ends it. False: no such resource, or of a type that always counts as healthy.
bool fleet_set_resource(struct fleet *fleet, uint32_t resource, const struct resource_override *override,
                        mono_time now, wall_time wall);
const struct resource_override *fleet_resource_override(const struct fleet *fleet,
                                                        uint32_t resource); // NULL: as the policy says

// The state of one check, for status, logs and explanations. What reports to a calculated check are its
// children, with their final statuses (S7); it has no checkers (H16).
struct check_state {
    bool healthy;  // final (S3): what answers use
    bool raw;      // before Inverted
    bool inverted; // in effect, override included
    bool disabled;
    uint32_t checkers;
    uint32_t reporting; // have a verdict that counts (A5): each starts with one (H5), unless cut off
    uint32_t checkers_healthy;
    uint32_t needed; // healthy ones for HEALTHY; 0 when nothing reports
    wall_time since; // of the final status
    uint64_t probes; // observations so far
};
void fleet_check_state(const struct fleet *fleet, uint32_t index, struct check_state *out);
void fleet_check_state_at(const struct fleet *fleet, uint32_t location, uint32_t index,
                          struct check_state *out);

struct checker_state {
    uint8_t region;  // region id, REGION_NONE when the policy sets Checkers
    bool healthy;    // verdict
    bool observed;   // last and at are valid
    uint8_t against; // consecutive contrary results so far
    struct observation last;
    wall_time at;                    // CheckedTime
    struct observation last_failure; // valid when failed
    bool failed;
    wall_time failed_at;
};
void fleet_checker_state(const struct fleet *fleet, uint32_t index, uint32_t number,
                         struct checker_state *out);

// True when every enabled endpoint check has had one observation of each checker, or there is none to have.
// A check that is added or enabled later makes it false again until it has had its own.
bool fleet_first_round_done(const struct fleet *fleet);

// The statuses now: checks by their index, then the resources by theirs. generation grows with every change
// of any final status. The table belongs to the fleet and changes with it: copy it to publish.
const struct status_table *fleet_status(const struct fleet *fleet); // of the first location
const struct status_table *fleet_status_at(const struct fleet *fleet, uint32_t location);
uint64_t fleet_generation(const struct fleet *fleet);

// What changed, in order, since the last call: one line for the log, one event for subscribers.
struct health_change {
    uint32_t check;
    uint8_t location; // that sees it; each tells for itself
    bool healthy;     // the new final status
    bool raw;
    const char *cause; // "observation", "inverted", "disabled", "override", "override ended", "policy",
                       // "child", "metric", "routing control", "reports": static
    uint32_t checkers_healthy; // these three: when final changed, before aggregation_delay
    uint32_t reporting;
    uint32_t needed;
    struct observation evidence; // for "observation": the one that tipped the balance
    uint8_t evidence_region;     // REGION_NONE when it has none
    mono_time at;
    wall_time wall;
};
bool fleet_next_change(struct fleet *fleet, struct health_change *out);

// The same for resources; a policy's own word is no change.
struct resource_change {
    uint32_t resource;
    bool healthy;
    const char *cause; // "override", "override ended": static
    mono_time at;
    wall_time wall;
};
bool fleet_next_resource_change(struct fleet *fleet, struct resource_change *out);

#endif
