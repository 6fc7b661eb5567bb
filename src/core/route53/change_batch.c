// SPDX-License-Identifier: MIT
// One change after the other, each on what the ones before it have left (B1): existence, CNAMEs beside others
// and alias targets are judged on the way, what spans a group of record sets at the end.
#include "change_batch.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/xalloc.h"
#include "core/account/compile.h"
#include "core/dns/rrtype.h"

enum {
    RECORDS_MAX = 1000,      // L6
    CHARACTERS_MAX = 32000,  // L7
    RECORD_SETS_MAX = 10000, // L2
};

struct batch {
    struct call *call;
    const json_t *zone;
    const char *zone_id;
    struct dns_name apex;
    char zone_name[DNS_NAME_TEXT];
    struct map *touched; // names by wire form, to a struct touched
    struct map *seen;    // identities, by key, to one of the two below
    char deleted;        // only a deletion so far
    char settled;        // nothing more may come
};

struct touched {
    struct dns_name name;
    bool faulty; // has a fault already, so that its end state means nothing
};

// One change as it is worked on.
struct change {
    const char *action;
    const json_t *record_set;
    const char *type;
    const char *identifier; // NULL: none
    struct dns_name name;
    char name_text[DNS_NAME_TEXT];
    struct buffer key;
    struct touched *touched;
};

#define FAULT(batch, change, ...)                                                                            \
    ((change)->touched->faulty = true,                                                                       \
     route53_fault_add((batch)->call->fault, "InvalidChangeBatch", __VA_ARGS__))

static bool is(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

// --- equality ----------------------------------------------------------------------------------------------

static int compare_values(const void *a, const void *b)
{
    const json_t *const *x = a;
    const json_t *const *y = b;
    return strcmp(ops_text(*x, "Value"), ops_text(*y, "Value"));
}

static json_t *sorted_values(const json_t *values)
{
    size_t count = json_array_size(values);
    json_t **items = xcalloc(count + 1, sizeof(json_t *));
    json_t *sorted = json_array();
    for (size_t i = 0; i < count; i++) {
        items[i] = json_array_get(values, i);
    }
    qsort(items, count, sizeof(json_t *), compare_values);
    for (size_t i = 0; i < count; i++) {
        json_array_append(sorted, items[i]);
    }
    free(items);
    return sorted;
}

json_t *change_batch_normal(const json_t *record_set)
{
    struct buffer text;
    buffer_init(&text, ACCOUNT_TEXT_LIMIT);
    account_record_set_text(&text, record_set);
    json_t *normal = json_loadb(text.data, text.len, 0, NULL);
    buffer_free(&text);
    const json_t *values = json_object_get(normal, "ResourceRecords");
    if (values != NULL) {
        json_object_set_new(normal, "ResourceRecords", sorted_values(values));
    }
    return normal;
}

static bool is_same(const json_t *a, const json_t *b)
{
    json_t *x = change_batch_normal(a);
    json_t *y = change_batch_normal(b);
    bool same = json_equal(x, y);
    json_decref(x);
    json_decref(y);
    return same;
}

// --- texts -------------------------------------------------------------------------------------------------

enum { IDENTITY = 1700 };

// [name='a.example.com.', type='A', set-identifier='x']
static const char *identity(const struct change *change, char out[IDENTITY])
{
    if (change->identifier == NULL) {
        snprintf(out, IDENTITY, "[name='%s', type='%s']", change->name_text, change->type);
    } else {
        snprintf(out, IDENTITY, "[name='%s', type='%s', set-identifier='%s']", change->name_text,
                 change->type, change->identifier);
    }
    return out;
}

// --- one change --------------------------------------------------------------------------------------------

static struct touched *touch(struct batch *batch, const struct dns_name *name)
{
    struct bytes key = {name->wire, name->len};
    struct touched *touched = map_get(batch->touched, key);
    if (touched == NULL) {
        touched = xcalloc(1, sizeof *touched);
        touched->name = *name;
        map_put(batch->touched, key, touched);
    }
    return touched;
}

// 4.3. False: the name says nothing about which record set is meant.
static bool read_change(struct batch *batch, const json_t *from, struct change *out)
{
    struct error error = {0};
    out->action = ops_text(from, "Action");
    out->record_set = json_object_get(from, "ResourceRecordSet");
    out->type = ops_text(out->record_set, "Type");
    out->identifier = ops_text(out->record_set, "SetIdentifier");
    if (!dns_name_parse(bytes_of(ops_text(out->record_set, "Name")), &out->name, &error)) {
        return route53_fault_add(batch->call->fault, "InvalidChangeBatch", "FATAL problem: %s", error.text);
    }
    dns_name_fold(&out->name);
    dns_name_format(&out->name, out->name_text);
    if (!dns_name_within(&out->name, &batch->apex)) {
        return route53_fault_add(batch->call->fault, "InvalidChangeBatch",
                                 "RRSet with DNS name %s is not permitted in zone %s", out->name_text,
                                 batch->zone_name);
    }
    account_record_set_key(&out->key, batch->zone_id, &out->name, out->type, out->identifier);
    out->touched = touch(batch, &out->name);
    return true;
}

// B3. Only a deletion may be followed by something else for the same record set.
static bool check_sequence(struct batch *batch, struct change *change)
{
    struct bytes key = buffer_bytes(&change->key);
    bool deletes = is(change->action, "DELETE");
    const char *before = map_get(batch->seen, key);
    if (before == &batch->settled || (before == &batch->deleted && deletes)) {
        return FAULT(batch, change,
                     "The request contains an invalid set of changes for a resource record set '%s %s'",
                     change->type, change->name_text);
    }
    map_set(batch->seen, key, deletes ? &batch->deleted : &batch->settled);
    return true;
}

static void stage_delete(struct batch *batch, struct change *change, const json_t *held)
{
    char text[IDENTITY];
    if (held == NULL) {
        FAULT(batch, change, "Tried to delete resource record set %s but it was not found",
              identity(change, text));
    } else if (!is_same(held, change->record_set)) {
        FAULT(
            batch, change,
            "Tried to delete resource record set %s but the values provided do not match the current values",
            identity(change, text));
    } else {
        account_edit_delete(batch->call->edit, ACCOUNT_RECORD_SET, buffer_bytes(&change->key));
    }
}

// --- neighbours --------------------------------------------------------------------------------------------

// What else has the name, as the changes so far have left it.
struct neighbours {
    bool cname;  // of another record set
    bool others; // types but CNAME
};

static struct neighbours find_neighbours(struct batch *batch, const struct change *change)
{
    struct neighbours found = {false, false};
    struct account_cursor cursor;
    struct account_object object;
    struct buffer prefix;
    buffer_init(&prefix, ACCOUNT_KEY_LIMIT);
    account_record_set_key(&prefix, batch->zone_id, &change->name, NULL, NULL);
    account_seek(&cursor, batch->call->edit, ACCOUNT_RECORD_SET, buffer_bytes(&prefix));
    while (account_next(&cursor, &object) && object.key.len > prefix.len &&
           memcmp(object.key.data, prefix.data, prefix.len) == 0) {
        const char *type = (const char *)object.key.data + prefix.len;
        bool cname = strncmp(type, "CNAME", 5) == 0 && (type[5] == ' ' || type[5] == '\0');
        found.cname = found.cname || cname;
        found.others = found.others || !cname;
    }
    buffer_free(&prefix);
    return found;
}

// F5, per change in order.
static bool check_neighbours(struct batch *batch, struct change *change)
{
    struct neighbours found = find_neighbours(batch, change);
    bool cname = is(change->type, "CNAME");
    bool apex = dns_name_equal(&change->name, &batch->apex); // where no CNAME may be at all
    if (cname && found.others && !apex) {
        return FAULT(
            batch, change,
            "RRSet of type CNAME with DNS name %s is not permitted as it conflicts with other records "
            "with the same DNS name in zone %s",
            change->name_text, batch->zone_name);
    }
    if (!cname && found.cname) {
        return FAULT(batch, change,
                     "RRSet of type %s with DNS name %s is not permitted because a conflicting RRSet of type "
                     "CNAME with the same DNS name already exists in zone %s",
                     change->type, change->name_text, batch->zone_name);
    }
    return true;
}

// --- aliases -----------------------------------------------------------------------------------------------

// Names of AWS services: what they lead to is not known here, and need not be.
static bool is_of_aws(const struct dns_name *target)
{
    static const char *const suffixes[] = {
        ".amazonaws.com.",        ".amazonaws.com.cn.", ".cloudfront.net.", ".awsglobalaccelerator.com.",
        ".elasticbeanstalk.com.", ".awsapprunner.com.", ".on.aws.",         ".aws.dev."};
    char text[DNS_NAME_TEXT];
    dns_name_format(target, text);
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
        size_t len = strlen(suffixes[i]);
        size_t all = strlen(text);
        if (all > len && is(text + all - len, suffixes[i])) {
            return true;
        }
    }
    return false;
}

static bool is_resource(const struct batch *batch, const struct dns_name *target)
{
    const struct model_spec *policy = account_policy(batch->call->context->account);
    for (uint32_t i = 0; i < policy->resource_count; i++) {
        if (dns_name_equal(&policy->resources[i].name, target)) {
            return true;
        }
    }
    return false;
}

static bool has_group(const struct batch *batch, const struct dns_name *name, const char *type)
{
    struct buffer key;
    buffer_init(&key, ACCOUNT_KEY_LIMIT);
    account_record_set_key(&key, batch->zone_id, name, type, NULL);
    struct account_object object;
    bool found = account_find(batch->call->edit, ACCOUNT_RECORD_SET, buffer_bytes(&key), &object);
    buffer_char(&key, ' ');
    found = found || account_count_prefix(batch->call->edit, ACCOUNT_RECORD_SET, buffer_bytes(&key)) > 0;
    buffer_free(&key);
    return found;
}

// 4.5: the target must be there already, so it comes first in the batch.
static bool check_alias(struct batch *batch, struct change *change)
{
    const json_t *alias = json_object_get(change->record_set, "AliasTarget");
    struct dns_name target;
    char text[DNS_NAME_TEXT];
    struct error error = {0};
    const char *id = ops_text(alias, "HostedZoneId");
    const char *name = ops_text(alias, "DNSName");
    if (alias == NULL || id == NULL || name == NULL) {
        return true;
    }
    if (!dns_name_parse(bytes_of(name), &target, &error)) {
        return FAULT(batch, change, "FATAL problem: %s", error.text);
    }
    dns_name_fold(&target);
    dns_name_format(&target, text);
    bool own = is(ops_bare_id(id, "/hostedzone/"), batch->zone_id);
    bool good = true;
    if (own && !dns_name_within(&target, &batch->apex)) {
        good =
            FAULT(batch, change,
                  "Tried to create an alias that targets %s, type %s in zone %s, but the alias target name "
                  "does not lie within the target zone",
                  text, change->type, batch->zone_id);
    }
    bool found =
        own ? has_group(batch, &target, change->type)
            : !ops_has(batch->call, ACCOUNT_ZONE, id) && (is_of_aws(&target) || is_resource(batch, &target));
    if (!found) {
        good = FAULT(batch, change,
                     "Tried to create an alias that targets %s, type %s in zone %s, but that target was not "
                     "found",
                     text, change->type, id);
    }
    return good;
}

// A record set of a traffic policy instance can come back where the instance has it, and nowhere else.
static bool check_instance(struct batch *batch, struct change *change)
{
    const char *id = ops_text(change->record_set, "TrafficPolicyInstanceId");
    struct account_object object;
    if (id == NULL) {
        return true;
    }
    bool found =
        account_find(batch->call->edit, ACCOUNT_TRAFFIC_POLICY_INSTANCE, buffer_bytes(&change->key), &object);
    json_t *instance = found ? ops_parse(&object) : NULL;
    bool good = (found && is(ops_text(instance, "Id"), id)) ||
                FAULT(batch, change,
                      "No traffic policy instance with the ID %s has the name %s and the type %s; use "
                      "CreateTrafficPolicyInstance",
                      id, change->name_text, change->type);
    json_decref(instance);
    return good;
}

// --- values ------------------------------------------------------------------------------------------------

struct findings {
    struct batch *batch;
    struct touched *touched;
};

static void add_finding(const struct diagnostic *finding, void *context)
{
    const struct findings *findings = context;
    findings->touched->faulty = true;
    route53_fault_add(findings->batch->call->fault, "InvalidChangeBatch", "%s", finding->message);
}

// What core/policy finds wrong with some record sets of the zone, of one name. Takes them.
static void check_record_sets(struct batch *batch, json_t *record_sets, struct touched *touched)
{
    struct diagnostics *diagnostics = diagnostics_create();
    struct findings findings = {batch, touched};
    if (!account_check_record_sets(batch->call->edit, batch->zone, record_sets, diagnostics)) {
        diagnostics_each(diagnostics, add_finding, &findings);
    }
    diagnostics_destroy(diagnostics);
    json_decref(record_sets);
}

// --- in order ----------------------------------------------------------------------------------------------

static void stage_put(struct batch *batch, struct change *change, const json_t *held)
{
    char text[IDENTITY];
    if (held != NULL && is(change->action, "CREATE")) {
        FAULT(batch, change, "Tried to create resource record set %s but it already exists",
              identity(change, text));
        return;
    }
    check_neighbours(batch, change);
    check_alias(batch, change);
    check_instance(batch, change);
    check_record_sets(batch, json_pack("[O]", change->record_set), change->touched);
    struct buffer kept;
    buffer_init(&kept, ACCOUNT_TEXT_LIMIT);
    account_record_set_text(&kept, change->record_set);
    account_edit_put(batch->call->edit, ACCOUNT_RECORD_SET, buffer_bytes(&change->key), buffer_bytes(&kept));
    buffer_free(&kept);
}

static void stage_change(struct batch *batch, const json_t *from)
{
    struct change change = {0};
    buffer_init(&change.key, ACCOUNT_KEY_LIMIT);
    if (read_change(batch, from, &change) && check_sequence(batch, &change)) {
        struct account_object object;
        bool present =
            account_find(batch->call->edit, ACCOUNT_RECORD_SET, buffer_bytes(&change.key), &object);
        json_t *held = present ? ops_parse(&object) : NULL;
        if (is(change.action, "DELETE")) {
            stage_delete(batch, &change, held);
        } else {
            stage_put(batch, &change, held);
        }
        json_decref(held);
    }
    buffer_free(&change.key);
}

// --- the end state -----------------------------------------------------------------------------------------

// F3, F7, L4, L5 and what a group has only once. What the batch left alone comes first: it was there before,
// and what clashes with it is told of what came.
static void check_end_of(struct bytes key, void *value, void *context)
{
    (void)key;
    struct batch *batch = context;
    struct touched *touched = value;
    struct account_cursor cursor;
    struct account_object object;
    struct buffer prefix;
    json_t *record_sets = json_array();
    json_t *changed = json_array();
    buffer_init(&prefix, ACCOUNT_KEY_LIMIT);
    account_record_set_key(&prefix, batch->zone_id, &touched->name, NULL, NULL);
    account_seek(&cursor, batch->call->edit, ACCOUNT_RECORD_SET, buffer_bytes(&prefix));
    while (!touched->faulty && account_next(&cursor, &object) && object.key.len > prefix.len &&
           memcmp(object.key.data, prefix.data, prefix.len) == 0) {
        bool old = map_get(batch->seen, object.key) == NULL;
        json_array_append_new(old ? record_sets : changed, ops_parse(&object));
    }
    buffer_free(&prefix);
    json_array_extend(record_sets, changed);
    json_decref(changed);
    if (json_array_size(record_sets) > 1) {
        check_record_sets(batch, record_sets, touched);
    } else {
        json_decref(record_sets);
    }
}

// B6
static void check_apex(struct batch *batch)
{
    if (!has_group(batch, &batch->apex, "SOA")) {
        route53_fault_add(batch->call->fault, "InvalidChangeBatch",
                          "A HostedZone must contain exactly one SOA record.");
    }
    if (!has_group(batch, &batch->apex, "NS")) {
        route53_fault_add(batch->call->fault, "InvalidChangeBatch",
                          "A HostedZone must contain at least one NS record for the zone itself.");
    }
}

static size_t count_record_sets(const struct batch *batch)
{
    struct buffer prefix;
    buffer_init(&prefix, ACCOUNT_KEY_LIMIT);
    account_zone_prefix(&prefix, batch->zone_id);
    size_t count = account_count_prefix(batch->call->edit, ACCOUNT_RECORD_SET, buffer_bytes(&prefix));
    buffer_free(&prefix);
    return count;
}

// L6, L7; an UPSERT counts twice.
static bool check_limits(struct call *call, const json_t *changes)
{
    size_t records = 0;
    size_t characters = 0;
    size_t i;
    const json_t *change;
    json_array_foreach(changes, i, change)
    {
        const json_t *values =
            json_object_get(json_object_get(change, "ResourceRecordSet"), "ResourceRecords");
        size_t times = is(ops_text(change, "Action"), "UPSERT") ? 2 : 1;
        records += times * (values != NULL ? json_array_size(values) : 1);
        for (size_t k = 0; k < json_array_size(values); k++) {
            const char *value = ops_text(json_array_get(values, k), "Value");
            characters += times * (value != NULL ? strlen(value) : 0);
        }
    }
    if (records > RECORDS_MAX) {
        return route53_fault_add(call->fault, "InvalidChangeBatch", "Number of records limit of %d exceeded.",
                                 RECORDS_MAX);
    }
    return characters <= CHARACTERS_MAX ||
           route53_fault_add(call->fault, "InvalidChangeBatch", "Number of characters limit of %d exceeded.",
                             CHARACTERS_MAX);
}

static void free_touched(struct bytes key, void *value, void *context)
{
    (void)key;
    (void)context;
    free(value);
}

static void stage_all(struct batch *batch, const json_t *changes)
{
    size_t i;
    const json_t *change;
    size_t before = count_record_sets(batch);
    json_array_foreach(changes, i, change)
    {
        stage_change(batch, change);
    }
    map_each(batch->touched, check_end_of, batch);
    check_apex(batch);
    size_t after = count_record_sets(batch);
    if (after > RECORD_SETS_MAX && after > before) { // a policy file may have brought more
        route53_fault_add(batch->call->fault, "InvalidChangeBatch",
                          "The hosted zone would have %zu resource record sets; the limit is %d.", after,
                          RECORD_SETS_MAX);
    }
}

bool change_batch_stage(struct call *call, const json_t *zone, const json_t *changes)
{
    struct batch batch = {
        .call = call,
        .zone = zone,
        .zone_id = ops_text(zone, "Id"),
        .touched = map_create(),
        .seen = map_create(),
    };
    dns_name_parse(bytes_of(ops_text(zone, "Name")), &batch.apex, NULL);
    dns_name_format(&batch.apex, batch.zone_name);
    if (check_limits(call, changes)) {
        stage_all(&batch, changes);
    }
    map_each(batch.touched, free_touched, NULL);
    map_destroy(batch.touched);
    map_destroy(batch.seen);
    return call->fault->code == NULL;
}
