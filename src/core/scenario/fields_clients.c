// SPDX-License-Identifier: MIT
// The field tables of ClientClasses and Resolvers.
#include "core/population/client_class.h"
#include "fields.h"

enum { SECONDS_MOST = 31622400 }; // 366 days

#define AT(member) .offset = offsetof(struct class_fields, member)
static const struct schema_field class_fields[] = {
    [CLASS_CLASS] = {"Class", "How these clients keep names and connections", SCHEMA_ENUM, AT(class),
                     .choices = client_class_names, .required = true},
    [CLASS_SHARE] = {"Share", "Of all clients, in any unit: only shares of the sum count", SCHEMA_NUMBER,
                     AT(share), .least = 0, .most = 1e12, .defaulted = true, .fallback = 1},
    [CLASS_FAILED_SECONDS_MOST] = {"FailedSecondsMost",
                                   "Expects that requests of the average client fail for no longer",
                                   SCHEMA_NUMBER, AT(failed_most), .least = 0, .most = SECONDS_MOST},
    [CLASS_FAILED_SECONDS_LEAST] = {"FailedSecondsLeast", "Expects that they fail for so long at least",
                                    SCHEMA_NUMBER, AT(failed_least), .least = 0, .most = SECONDS_MOST},
    [CLASS_MOVED_SECONDS_MOST] =
        {"MovedSecondsMost", "Expects that after each change of answers all clients are elsewhere by then",
         SCHEMA_NUMBER, AT(moved_most), .least = 0, .most = SECONDS_MOST},
    {"Comment", "For people", .kind = SCHEMA_IGNORED},
};
#undef AT

const struct schema_table scenario_class_schema = {
    "ClientClass", "Clients of one kind, and what they may suffer", sizeof(struct class_fields), class_fields,
    TABLE_COUNT(class_fields)};

#define AT(member) .offset = offsetof(struct resolver_fields, member)
static const struct schema_field resolver_fields[] = {
    [RESOLVER_NAME] = {"Name", "For people", SCHEMA_STRING, AT(name), .least = 1, .most = 64},
    [RESOLVER_SHARE] = {"Share", "Of the clients of each place, in any unit", SCHEMA_NUMBER, AT(share),
                        .least = 0, .most = 1e12, .defaulted = true, .fallback = 1},
    [RESOLVER_PLACE] = {"Place", "Where it is; by default where its clients are", SCHEMA_STRING, AT(place),
                        .least = 1, .most = 64},
    [RESOLVER_CLIENT_SUBNET] =
        {"ClientSubnet", "It tells Route 53 where its clients are; without it, only where it is itself",
         SCHEMA_BOOL, AT(client_subnet), .defaulted = true},
    [RESOLVER_TTL_LEAST] = {"TtlLeast", "Seconds that it keeps an answer at least", SCHEMA_NUMBER,
                            AT(ttl_least), .least = 0, .most = SECONDS_MOST, .defaulted = true},
    [RESOLVER_TTL_MOST] = {"TtlMost", "Seconds that it keeps an answer at most", SCHEMA_NUMBER, AT(ttl_most),
                           .least = 0, .most = SECONDS_MOST, .defaulted = true, .fallback = SECONDS_MOST},
    [RESOLVER_STALE_SECONDS] = {"StaleSeconds", "How much longer it serves an expired answer (RFC 8767)",
                                SCHEMA_NUMBER, AT(stale), .least = 0, .most = SECONDS_MOST,
                                .defaulted = true},
    {"Comment", "For people", .kind = SCHEMA_IGNORED},
};
#undef AT

const struct schema_table scenario_resolver_schema = {"Resolver", "What stands between clients and Route 53",
                                                      sizeof(struct resolver_fields), resolver_fields,
                                                      TABLE_COUNT(resolver_fields)};
