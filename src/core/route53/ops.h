// SPDX-License-Identifier: MIT
// What the operations share: one call under way, and the words that most of them need. Each operation is a
// function that reads call->input and the account through call->edit, stages its changes there, and fills
// call->output; false: call->fault says why.
#ifndef NEARWELL_CORE_ROUTE53_OPS_H
#define NEARWELL_CORE_ROUTE53_OPS_H

#include "core/account/record_set.h"
#include "core/route53/call.h"
#include "core/route53/paging.h"

struct call {
    const struct route53_call_context *context;
    json_t *input;
    json_t *output; // an object, empty at first
    struct account_edit *edit;
    struct route53_fault *fault;
};

#define REFUSE(call, code, ...) route53_fault_set((call)->fault, (code), __VA_ARGS__)

// --- input -------------------------------------------------------------------------------------------------

// NULL: absent, or no text.
const char *ops_text(const json_t *object, const char *member);
// The member, which has least to most characters; NULL: refused as InvalidInput.
const char *ops_required_text(struct call *call, const json_t *object, const char *member, size_t least,
                              size_t most);
// False: refused, because there is such a member and it is no text of at most so many characters.
bool ops_optional_text(struct call *call, const json_t *object, const char *member, size_t most,
                       const char **out);
bool ops_flag(const json_t *object, const char *member); // false when absent

// "/hostedzone/Z1" or "Z1": what is behind the prefix, if it has that one.
const char *ops_bare_id(const char *id, const char *prefix);

// --- the account -------------------------------------------------------------------------------------------

// The object, which the caller owns; NULL: there is none.
json_t *ops_get(const struct call *call, enum account_kind kind, const char *key);
bool ops_has(const struct call *call, enum account_kind kind, const char *key);
void ops_put(struct call *call, enum account_kind kind, const char *key, const json_t *object);
void ops_delete(struct call *call, enum account_kind kind, const char *key);
size_t ops_count(const struct call *call, enum account_kind kind);
json_t *ops_parse(const struct account_object *object); // the caller owns it

// The zone of the input's member, a bare id or one with its prefix; NULL: refused as NoSuchHostedZone.
json_t *ops_required_zone(struct call *call, const char *member);
json_t *ops_required_health_check(struct call *call); // HealthCheckId; NULL: refused as NoSuchHealthCheck

// --- ids ---------------------------------------------------------------------------------------------------

enum { OPS_ID = 40, OPS_UUID = 37 };
// prefix and count upper-case letters and digits, as ids of zones are.
void ops_new_id(struct call *call, char prefix, unsigned count, char out[OPS_ID]);
void ops_new_uuid(struct call *call, char out[OPS_UUID]);
void ops_time(struct call *call, char out[WALL_TIME_TEXT]); // now

// A used caller reference of this kind of object: its id, "" when it is gone; NULL: never seen. The caller
// frees it.
char *ops_reference(const struct call *call, const char *kind, const char *reference);
void ops_put_reference(struct call *call, const char *kind, const char *reference, const char *id);

// A new ChangeInfo, kept for GetChange, as the output's member.
void ops_change(struct call *call, const char *comment); // NULL: none
// As GetChange and all others print a change that the account has.
json_t *ops_change_info(const struct call *call, const json_t *change);

// --- lists -------------------------------------------------------------------------------------------------

// A page of the objects of one kind, each through print, as output member list: from the input's member
// "Marker" on (NULL keeps: all of them), with Marker, IsTruncated, NextMarker and MaxItems as ListHostedZones
// has them. print NULL from keep: leave out.
struct ops_list {
    enum account_kind kind;
    const char *list;
    const char *id_prefix; // of Marker: taken off
    struct route53_paging paging;
    bool (*keep)(const struct call *call, const json_t *object); // NULL: all
    json_t *(*print)(const struct call *call, json_t *object);   // takes the object
};
bool ops_list(struct call *call, const struct ops_list *list);

// --- the operations ----------------------------------------------------------------------------------------

typedef bool ops_function(struct call *call);

#endif
