// SPDX-License-Identifier: MIT
// A scenario as it was read: events and expectations with their times, and the policies that they need.
#ifndef NEARWELL_CORE_SCENARIO_SCRIPT_H
#define NEARWELL_CORE_SCENARIO_SCRIPT_H

#include "base/arena.h"
#include "core/dns/name.h"
#include "core/policy/read.h"
#include "core/population/caches.h"
#include "core/scenario/scenario.h"
#include "fields.h"

enum event_kind {
    EVENT_KIND_FAULT,
    EVENT_KIND_OUTAGE,
    EVENT_KIND_CALL,
    EVENT_KIND_POLICY,
    EVENT_KIND_LATENCY,
    EVENT_KIND_OVERRIDE,
    EVENT_KIND_RESOURCE,
    EVENT_KIND_METRICS,
    EVENT_KIND_REPORTS_LOST,
    EVENT_KIND_DRAIN,
    EVENT_KIND_RELEASE,
    EVENT_KIND_API,
};
enum { EVENT_KINDS = 12 };

struct script_event {
    const struct event_fields *fields;
    enum event_kind kind;
    mono_time at;
    duration every; // 0: once
    uint64_t times;
    duration lasts; // INT64_MAX: until something else
    bool by_chance;
    duration between_failures; // means
    duration to_repair;
    struct endpoint_fault fault;
    char endpoint[ENDPOINT_KEY]; // "" when a site is meant
    uint32_t policy;             // index in the scenario
    unsigned line;               // where it stands in the file
    unsigned column;
};

enum when { WHEN_AT, WHEN_THROUGHOUT, WHEN_WITHIN };
enum what {
    WHAT_ANSWER = 1,
    WHAT_EXPLANATION = 2,
    WHAT_SHARE = 4,
    WHAT_HEALTH = 8,
    WHAT_NEVER = 16,
};

struct script_expectation {
    const struct expectation_fields *fields;
    enum when when;
    unsigned what;   // enum what, together
    mono_time from;  // at, from, after
    mono_time until; // the same as from for WHEN_AT
    duration longer_than;
    uint32_t question; // index in the scenario's questions
    unsigned line;     // where it stands in the file
    unsigned column;
};

struct script_question {
    struct dns_name name;
    uint16_t type;
    char text[DNS_NAME_TEXT + 16]; // "api.example.com. A"
};

struct script_class {
    const struct class_fields *fields;
    struct weighted_class weighted;
    unsigned line; // where it stands in the file
    unsigned column;
};

struct script_resolver {
    struct resolver_kind kind;
    const char *place; // NULL: nearby
};

struct script_policy {
    const char *path; // for people
    struct policy *policy;
    const char *text; // as it was read, what-ifs included; in the arena
};

// A file that a policy names: what a recording needs beside the policies.
struct script_file {
    const char *path;
    const char *text;
};

struct scenario {
    struct arena *arena;
    json_t *tree;
    const char *name;
    const struct scenario_options *options;
    const struct scenario_fields *fields;
    uint64_t seed;
    bool seed_given;
    const char *mutation; // what was changed
    wall_time start;      // ns 0: not said
    mono_time end;
    struct script_policy *policies; // the first is in force at the start
    uint32_t policy_count;
    struct script_file *files;
    uint32_t file_count;
    struct script_event *events;
    uint32_t event_count;
    struct script_expectation *expectations;
    uint32_t expectation_count;
    struct script_question *questions;
    uint32_t question_count;
    struct script_class *classes;
    uint32_t class_count;
    struct script_resolver *resolvers;
    uint32_t resolver_count;
};

// Everything below is for reading.
struct script_reading {
    struct schema_reader schema;
    struct scenario *scenario;
    const struct scenario_options *options;
};

#define SCRIPT_REFUSE(reading, node, tail, ...)                                                              \
    schema_finding((reading)->schema.diagnostics, DIAGNOSTIC_ERROR, (node), (tail), __VA_ARGS__)

// "90s" as a time since the start or as a length. False, with a finding at the field, when it is neither.
bool script_time(const struct script_reading *reading, const struct schema_node *node, const char *field,
                 const char *text, duration *out);

void script_read_events(struct script_reading *reading);
void script_read_expectations(struct script_reading *reading, struct bytes text); // after the events, whose
                                                                                  // labels they name

void script_read_clients(struct script_reading *reading, struct bytes text); // after the expectations

// Loads a policy file; the index in the scenario. False, with a finding, when it cannot be used.
bool script_load_policy(struct script_reading *reading, const struct schema_node *node, const char *tail,
                        const char *file, uint32_t *out);

#endif
