// SPDX-License-Identifier: MIT
// One Route 53 account, as it can be changed: every object is a key and a compact JSON text in Route 53's own
// shape, which is also what a state file keeps, one row an object. What answers is a model compiled from it
// (compile.h); what changes it is an edit (edit.h), and nothing else. One owner, one thread.
#ifndef NEARWELL_CORE_ACCOUNT_ACCOUNT_H
#define NEARWELL_CORE_ACCOUNT_ACCOUNT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/bytes.h"
#include "core/policy/read.h"

// The numbers are stored in state files: new kinds go to the end.
enum account_kind {
    ACCOUNT_ZONE,       // "Z1": HostedZone, with VPCs and DelegationSetId where it has them
    ACCOUNT_RECORD_SET, // see account_record_set_key: ResourceRecordSet
    ACCOUNT_HEALTH_CHECK,
    ACCOUNT_CIDR_COLLECTION,
    ACCOUNT_TAGS,           // "healthcheck ID", "hostedzone Z1": {"Tags": [{"Key", "Value"}]}
    ACCOUNT_DELEGATION_SET, // "N1": DelegationSet
    ACCOUNT_VPC_AUTHORIZATION,
    ACCOUNT_QUERY_LOGGING,
    ACCOUNT_KEY_SIGNING_KEY,
    ACCOUNT_TRAFFIC_POLICY,          // "uuid 0000000001", id and version
    ACCOUNT_TRAFFIC_POLICY_INSTANCE, // the key of its record set: TrafficPolicyInstance without State
    ACCOUNT_REFERENCE, // "healthcheck REF": {"Id"}, used caller references, also of what is gone (H8)
    ACCOUNT_CHANGE,    // "C0...": ChangeInfo without Status; ids grow with time
    ACCOUNT_BASE,      // digest of an object as the policy file last gave it: see merge.h
    ACCOUNT_TRAFFIC_RECORD_SET, // what traffic policy instances are made of: keys as of record sets
    ACCOUNT_ALARM_COPY, // by the check's id: AlarmIdentifier and the settings copied: see alarm_copy.h
};
enum { ACCOUNT_KINDS = 16 };

struct account;

// Empty. Takes the policy for what only a policy can say, NULL when the first edit brings it; its zones,
// checks and collections become the account's with a merge (merge.h). on_loopback: as in policy_options.
struct account *account_create(struct policy *policy, bool on_loopback);
void account_destroy(struct account *account); // NULL is fine

// Valid until the account, or the edit that it was read through, changes. Both texts end with a NUL.
struct account_object {
    enum account_kind kind;
    struct bytes key;
    struct bytes text;
};

// Every object, by kind and key: to write them all down.
void account_each(const struct account *account,
                  void (*visit)(const struct account_object *object, void *context), void *context);
// For reading a state back: best in the order of account_each, since others have to be moved aside. The text
// is trusted to be what an account once held; compiling it finds out.
void account_restore(struct account *account, enum account_kind kind, struct bytes key, struct bytes text);

const struct model_spec *account_policy(const struct account *account); // what the policy says

// Gives back what only the merge of a policy needed; not done by account_apply, since answers need not wait
// for it.
void account_tidy(struct account *account);

size_t account_count(const struct account *account, enum account_kind kind);
size_t account_footprint(const struct account *account); // bytes, without what models cost

#endif
