// SPDX-License-Identifier: MIT
// An account's objects as sections of a policy, to be read by core/policy.
#ifndef NEARWELL_CORE_ACCOUNT_SECTIONS_H
#define NEARWELL_CORE_ACCOUNT_SECTIONS_H

#include "core/json/diagnostic.h"
#include "state.h"

json_t *sections_parse(struct bytes text); // of an object; the caller owns it
// Which the objects are read over: the one that the edit brings, or the account's.
const struct policy *sections_policy(const struct account_edit *edit);

// All record sets whose keys begin with prefix, in their order.
json_t *sections_record_sets(const struct account_edit *edit, struct bytes prefix);
// All of a zone, and then what its traffic policy instances are made of.
json_t *sections_all_record_sets(const struct account_edit *edit, const char *zone_id);
// HostedZone without what only the API knows. Takes the array of record sets. What traffic policies leave out
// of theirs is put in: a TrafficPolicyInstanceId becomes an alias to where the instance begins, and an alias
// to an AWS service gets the HostedZoneId that the policy's Resources have for it.
json_t *sections_zone(const struct account_edit *edit, const json_t *zone, json_t *record_sets);
json_t *sections_objects(const struct account_edit *edit, enum account_kind kind);
// A health check, which it takes, with the alarm's settings that it copied.
json_t *sections_check(const struct account_edit *edit, json_t *check);

// A policy of these zones, which it takes, with all collections and no health checks: references to them stay
// names. NULL: something is wrong.
struct policy *sections_read(const struct account_edit *edit, json_t *zones, struct diagnostics *diagnostics);
// The same for health checks without zones.
struct policy *sections_read_checks(const struct account_edit *edit, json_t *checks,
                                    struct diagnostics *diagnostics);
// All of the account.
struct policy *sections_read_all(const struct account_edit *edit, struct diagnostics *diagnostics);

#endif
