// SPDX-License-Identifier: MIT
// Events: which action each is, which fields go with it, and when it happens.
#include <string.h>

#include "script.h"

enum { OCCURRENCES_MAX = 100000 };

#define BIT(field) (UINT64_C(1) << (field))

// The field that makes an event what it is, and those that go with it.
static const struct {
    uint8_t field;
    uint64_t with;
    bool lasting; // For and Chance make sense
} actions[EVENT_KINDS] = {
    [EVENT_KIND_FAULT] = {EVENT_FAULT, BIT(EVENT_ENDPOINT) | BIT(EVENT_SITE), true},
    [EVENT_KIND_OUTAGE] = {EVENT_OUTAGE, 0, true},
    [EVENT_KIND_CALL] = {EVENT_CALL, 0, false},
    [EVENT_KIND_POLICY] = {EVENT_POLICY, 0, false},
    [EVENT_KIND_LATENCY] = {EVENT_LATENCY, 0, true},
    [EVENT_KIND_OVERRIDE] = {EVENT_OVERRIDE, BIT(EVENT_HEALTH_CHECK_ID), false},
    [EVENT_KIND_RESOURCE] = {EVENT_RESOURCE, 0, true},
    [EVENT_KIND_METRICS] = {EVENT_METRICS, 0, false},
    [EVENT_KIND_REPORTS_LOST] = {EVENT_REPORTS_LOST, 0, true},
    [EVENT_KIND_DRAIN] = {EVENT_DRAIN, 0, true},
    [EVENT_KIND_RELEASE] = {EVENT_RELEASE, 0, false},
    [EVENT_KIND_API] = {EVENT_API, 0, false}, // its Fault has a For of its own
};

static const char *const names[EVENT_KINDS] = {"Fault",       "Outage",   "Call",     "Policy",
                                               "Latency",     "Override", "Resource", "Metrics",
                                               "ReportsLost", "Drain",    "Release",  "Api"};

static bool has(const struct event_fields *fields, unsigned field)
{
    return (fields->node.given & schema_bit(field)) != 0;
}

static bool usable(const struct event_fields *fields, unsigned field)
{
    return (fields->node.valid & schema_bit(field)) != 0;
}

// --- what it is --------------------------------------------------------------------------------------------

static bool find_kind(const struct script_reading *reading, const struct event_fields *fields,
                      enum event_kind *out)
{
    int found = -1;
    for (int kind = 0; kind < EVENT_KINDS; kind++) {
        if (!has(fields, actions[kind].field)) {
            continue;
        }
        if (found >= 0) {
            SCRIPT_REFUSE(reading, &fields->node, names[kind], "an event is one thing; this is %s and %s",
                          names[found], names[kind]);
            return false;
        }
        found = kind;
    }
    if (found < 0) {
        SCRIPT_REFUSE(reading, &fields->node, "",
                      "nothing happens; an event has one of Fault, Outage, Call, Policy, Latency, Override, "
                      "Resource, Metrics, ReportsLost, Drain, Release and Api");
        return false;
    }
    *out = (enum event_kind)found;
    return usable(fields, actions[found].field);
}

static void check_company(const struct script_reading *reading, const struct event_fields *fields,
                          enum event_kind kind)
{
    static const struct {
        uint8_t field;
        const char *name;
    } companions[] = {
        {EVENT_ENDPOINT, "Endpoint"}, {EVENT_SITE, "Site"}, {EVENT_HEALTH_CHECK_ID, "HealthCheckId"}};
    for (size_t i = 0; i < sizeof companions / sizeof companions[0]; i++) {
        if (has(fields, companions[i].field) && (actions[kind].with & BIT(companions[i].field)) == 0) {
            SCRIPT_REFUSE(reading, &fields->node, companions[i].name, "%s does not go with %s",
                          companions[i].name, names[kind]);
        }
    }
    if (!actions[kind].lasting && (has(fields, EVENT_FOR) || has(fields, EVENT_CHANCE))) {
        SCRIPT_REFUSE(reading, &fields->node, has(fields, EVENT_FOR) ? "For" : "Chance",
                      "%s does not go with %s", has(fields, EVENT_FOR) ? "For" : "Chance", names[kind]);
    }
}

// --- when it happens ---------------------------------------------------------------------------------------

static void read_chance(const struct script_reading *reading, struct script_event *event)
{
    const struct event_fields *fields = event->fields;
    const struct chance_fields *chance = fields->chance;
    if (!usable(fields, EVENT_CHANCE)) {
        return;
    }
    if (has(fields, EVENT_FOR) || has(fields, EVENT_EVERY)) {
        SCRIPT_REFUSE(reading, &fields->node, "Chance", "Chance is in place of For and Every");
    }
    event->by_chance = true;
    if (chance->between_failures != NULL && chance->to_repair != NULL) {
        script_time(reading, &chance->node, "MeanTimeBetweenFailures", chance->between_failures,
                    &event->between_failures);
        script_time(reading, &chance->node, "MeanTimeToRepair", chance->to_repair, &event->to_repair);
    }
}

static void read_times(const struct script_reading *reading, struct script_event *event)
{
    const struct event_fields *fields = event->fields;
    duration at = 0;
    if (usable(fields, EVENT_AT)) {
        script_time(reading, &fields->node, "At", fields->at, &at);
    }
    event->at = (mono_time){at};
    event->lasts = INT64_MAX;
    if (usable(fields, EVENT_FOR) &&
        script_time(reading, &fields->node, "For", fields->lasts, &event->lasts) && event->lasts == 0) {
        SCRIPT_REFUSE(reading, &fields->node, "For", "For must be longer than nothing");
    }
    event->times = 1;
    if (usable(fields, EVENT_EVERY) &&
        script_time(reading, &fields->node, "Every", fields->every, &event->every)) {
        event->times = has(fields, EVENT_TIMES) ? (uint64_t)fields->times : OCCURRENCES_MAX;
        if (event->every < DURATION_MS(1)) {
            SCRIPT_REFUSE(reading, &fields->node, "Every", "Every must be at least 1ms");
        }
    } else if (has(fields, EVENT_TIMES)) {
        SCRIPT_REFUSE(reading, &fields->node, "Times", "Times goes with Every");
    }
    read_chance(reading, event);
}

// --- single actions ----------------------------------------------------------------------------------------

static void read_fault(struct script_reading *reading, struct script_event *event)
{
    const struct event_fields *fields = event->fields;
    struct error error = {0};
    if (has(fields, EVENT_ENDPOINT) == has(fields, EVENT_SITE)) {
        SCRIPT_REFUSE(reading, &fields->node, "Fault", "a Fault is that of either an Endpoint or a Site");
    }
    if (usable(fields, EVENT_ENDPOINT) &&
        !endpoint_key_parse(bytes_of(fields->endpoint), event->endpoint, &error)) {
        SCRIPT_REFUSE(reading, &fields->node, "Endpoint", "%s", error.text);
    }
    if (endpoint_fault_read(&reading->schema, fields->fault, &event->fault) && event->lasts != INT64_MAX) {
        if (event->fault.lasts != INT64_MAX) {
            SCRIPT_REFUSE(reading, &fields->node, "For", "the Fault has a For of its own");
        }
        event->fault.lasts = event->lasts;
    }
    event->lasts = event->fault.lasts;
}

static void read_action(struct script_reading *reading, struct script_event *event)
{
    const struct event_fields *fields = event->fields;
    switch (event->kind) {
    case EVENT_KIND_FAULT:
        read_fault(reading, event);
        break;
    case EVENT_KIND_POLICY:
        script_load_policy(reading, &fields->node, "Policy", fields->policy, &event->policy);
        break;
    case EVENT_KIND_OVERRIDE:
        if (!has(fields, EVENT_HEALTH_CHECK_ID)) {
            SCRIPT_REFUSE(reading, &fields->node, "Override", "an Override needs a HealthCheckId");
        }
        break;
    case EVENT_KIND_OUTAGE:
        if (region_find(bytes_of(fields->outage)) == REGION_NONE) {
            SCRIPT_REFUSE(reading, &fields->node, "Outage", "'%s' is not an AWS region", fields->outage);
        }
        break;
    case EVENT_KIND_LATENCY:
        if (fields->latency->region != NULL &&
            region_find(bytes_of(fields->latency->region)) == REGION_NONE) {
            SCRIPT_REFUSE(reading, &fields->latency->node, "Region", "'%s' is not an AWS region",
                          fields->latency->region);
        }
        break;
    case EVENT_KIND_API:
        if (api_faults_check(fields->api, reading->schema.diagnostics)) {
            event->lasts = fields->api->lasts;
        }
        break;
    default:
        break;
    }
}

void script_read_events(struct script_reading *reading)
{
    struct scenario *scenario = reading->scenario;
    const struct schema_objects *list = &scenario->fields->events;
    const struct event_fields *items = list->items;
    if (list->count > SCENARIO_EVENTS_MAX) {
        SCRIPT_REFUSE(reading, &scenario->fields->node, "Events", "more than %d events", SCENARIO_EVENTS_MAX);
        return;
    }
    scenario->events = arena_new(reading->schema.arena, struct script_event, list->count);
    for (size_t i = 0; i < list->count; i++) {
        struct script_event *event = &scenario->events[scenario->event_count++];
        event->fields = &items[i];
        read_times(reading, event);
        if (find_kind(reading, &items[i], &event->kind)) {
            check_company(reading, &items[i], event->kind);
            read_action(reading, event);
        }
    }
}
