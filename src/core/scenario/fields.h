// SPDX-License-Identifier: MIT
// What a scenario file says, field by field, as read through the field tables and before any rule that spans
// fields. Each enum numbers the bits of its struct's node (given, valid).
#ifndef NEARWELL_CORE_SCENARIO_FIELDS_H
#define NEARWELL_CORE_SCENARIO_FIELDS_H

#include "core/admin/api_faults.h"
#include "core/json/schema.h"
#include "core/scenario/endpoint.h"

#define TABLE_COUNT(table) (sizeof(table) / sizeof(table)[0])

// --- events ------------------------------------------------------------------------------------------------

enum { CALL_OPERATION, CALL_INPUT, CALL_REFUSED };
struct call_fields {
    struct schema_node node;
    const char *operation;
    json_t *input; // borrowed
    const char *refused;
};

enum { SHIFT_REGION, SHIFT_PLACE, SHIFT_FACTOR, SHIFT_MILLISECONDS };
struct shift_fields {
    struct schema_node node;
    const char *region; // NULL: all
    const char *place;  // NULL: all
    double factor;
    double milliseconds;
};

enum { RESOURCE_EVENT_DNS_NAME, RESOURCE_EVENT_HEALTHY };
struct resource_fields {
    struct schema_node node;
    const char *dns_name;
    bool healthy;
};

enum { REPORTS_LOCATION, REPORTS_CHECKER_REGIONS };
struct reports_fields {
    struct schema_node node;
    const char *location; // NULL: all of them
    struct schema_strings checker_regions;
};

enum { CHANCE_BETWEEN_FAILURES, CHANCE_TO_REPAIR };
struct chance_fields {
    struct schema_node node;
    const char *between_failures;
    const char *to_repair;
};

enum {
    EVENT_AT,
    EVENT_LABEL,
    EVENT_EVERY,
    EVENT_TIMES,
    EVENT_FOR,
    EVENT_CHANCE,
    EVENT_COMMENT,
    EVENT_ENDPOINT,
    EVENT_SITE,
    EVENT_FAULT,
    EVENT_OUTAGE,
    EVENT_CALL,
    EVENT_POLICY,
    EVENT_LATENCY,
    EVENT_HEALTH_CHECK_ID,
    EVENT_OVERRIDE,
    EVENT_RESOURCE,
    EVENT_METRICS,
    EVENT_REPORTS_LOST,
    EVENT_DRAIN,
    EVENT_RELEASE,
    EVENT_API,
};
struct event_fields {
    struct schema_node node;
    const char *at;
    const char *label;
    const char *every;
    int64_t times;
    const char *lasts;
    struct chance_fields *chance;
    const char *endpoint;
    const char *site;
    struct endpoint_fault_fields *fault;
    const char *outage;
    struct call_fields *call;
    const char *policy;
    struct shift_fields *latency;
    const char *health_check_id;
    json_t *override; // borrowed
    struct resource_fields *resource;
    json_t *metrics; // borrowed
    struct reports_fields *reports_lost;
    const char *drain;
    const char *release;
    struct api_faults_request *api;
};

// --- expectations ------------------------------------------------------------------------------------------

enum { ANSWER_REGION, ANSWER_SET_IDENTIFIER, ANSWER_VALUES, ANSWER_RCODE, ANSWER_FAIL_OPEN, ANSWER_TTL };
struct answer_fields {
    struct schema_node node;
    const char *region;
    const char *set_identifier;
    struct schema_strings values;
    uint32_t rcode;
    bool fail_open;
    int64_t ttl;
};

enum { SHARE_LEAST, SHARE_MOST };
struct share_fields {
    struct schema_node node;
    double least;
    double most;
};

enum {
    EXPECT_AT,
    EXPECT_FROM,
    EXPECT_UNTIL,
    EXPECT_AFTER,
    EXPECT_WITHIN,
    EXPECT_NAME,
    EXPECT_TYPE,
    EXPECT_CLIENT,
    EXPECT_CLIENTS,
    EXPECT_EVERYWHERE,
    EXPECT_ANSWER,
    EXPECT_EXPLANATION,
    EXPECT_SHARE,
    EXPECT_HEALTH_CHECK_ID,
    EXPECT_STATUS,
    EXPECT_CHECKERS_HEALTHY,
    EXPECT_NEVER,
    EXPECT_LONGER_THAN,
    EXPECT_COMMENT,
};
struct expectation_fields {
    struct schema_node node;
    const char *at;
    const char *from;
    const char *until;
    const char *after;
    const char *within;
    const char *name;
    const char *type;
    const char *client;
    struct schema_strings clients;
    bool everywhere;
    struct answer_fields *answer;
    const char *explanation;
    struct schema_objects share; // of struct share_fields, by site
    const char *health_check_id;
    uint32_t status;
    int64_t checkers_healthy;
    uint32_t never;
    const char *longer_than;
};

// --- clients (core/population/client_class.h) --------------------------------------------------------------

enum {
    CLASS_CLASS,
    CLASS_SHARE,
    CLASS_FAILED_SECONDS_MOST,
    CLASS_FAILED_SECONDS_LEAST,
    CLASS_MOVED_SECONDS_MOST,
};
struct class_fields {
    struct schema_node node;
    uint32_t class; // client_class_at's
    double share;
    double failed_most;
    double failed_least;
    double moved_most;
};

enum {
    RESOLVER_NAME,
    RESOLVER_SHARE,
    RESOLVER_PLACE,
    RESOLVER_CLIENT_SUBNET,
    RESOLVER_TTL_LEAST,
    RESOLVER_TTL_MOST,
    RESOLVER_STALE_SECONDS,
};
struct resolver_fields {
    struct schema_node node;
    const char *name;
    double share;
    const char *place;
    bool client_subnet;
    double ttl_least; // seconds
    double ttl_most;
    double stale;
};

extern const struct schema_table scenario_class_schema;
extern const struct schema_table scenario_resolver_schema;

// --- the file ----------------------------------------------------------------------------------------------

enum {
    SCENARIO_DESCRIPTION,
    SCENARIO_POLICY,
    SCENARIO_SEED,
    SCENARIO_START,
    SCENARIO_END,
    SCENARIO_PHASES,
    SCENARIO_NAME,
    SCENARIO_TYPE,
    SCENARIO_EVENTS,
    SCENARIO_EXPECTATIONS,
    SCENARIO_CLIENT_CLASSES,
    SCENARIO_RESOLVERS,
};
struct scenario_fields {
    struct schema_node node;
    const char *description;
    json_t *policy; // a string or an object; borrowed
    int64_t seed;
    const char *start;
    const char *end;
    uint32_t phases; // 0 Spread, 1 Random
    const char *name;
    const char *type;
    struct schema_objects events;
    struct schema_objects expectations;
    struct schema_objects client_classes; // struct class_fields
    struct schema_objects resolvers;      // struct resolver_fields
};

extern const struct schema_table scenario_schema;

#endif
