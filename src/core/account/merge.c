// SPDX-License-Identifier: MIT
// The policy file's objects, sorted, beside the digests of its last reading, sorted too: one pass over both a
// kind, zones before their record sets.
#include "core/account/merge.h"

#include <stdlib.h>
#include <string.h>

#include "core/account/alarm_copy.h"
#include "core/account/record_set.h"
#include "sections.h"
#include "state.h"

enum { DIGEST_TEXT = 17 };

// --- objects of a policy -----------------------------------------------------------------------------------

struct reading {
    struct table tables[ACCOUNT_KINDS];
    struct buffer key;
    struct buffer text;
};

static void add(struct reading *reading, enum account_kind kind)
{
    table_append(&reading->tables[kind],
                 table_item_create(buffer_bytes(&reading->key), buffer_bytes(&reading->text)));
    buffer_clear(&reading->key);
    buffer_clear(&reading->text);
}

// H8: the references of a file's objects are used ones.
static void add_reference(struct reading *reading, const char *kind, const json_t *object, const char *id)
{
    const char *reference = json_string_value(json_object_get(object, "CallerReference"));
    if (reference != NULL) {
        json_t *text = json_pack("{s:s}", "Id", id);
        buffer_format(&reading->key, "%s %s", kind, reference);
        account_object_text(&reading->text, text);
        add(reading, ACCOUNT_REFERENCE);
        json_decref(text);
    }
}

static void add_record_set(struct reading *reading, const char *zone_id, const json_t *record_set)
{
    struct dns_name name;
    if (!dns_name_parse(bytes_of(json_string_value(json_object_get(record_set, "Name"))), &name, NULL)) {
        return; // a policy that was read has none such
    }
    account_record_set_key(&reading->key, zone_id, &name,
                           json_string_value(json_object_get(record_set, "Type")),
                           json_string_value(json_object_get(record_set, "SetIdentifier")));
    account_record_set_text(&reading->text, record_set);
    add(reading, ACCOUNT_RECORD_SET);
}

// D8: what the builder adds to a zone without, the account has too.
static void add_default_record_sets(struct reading *reading, const char *zone_id, const char *zone_name,
                                    bool has_ns, bool has_soa)
{
    json_t *ns;
    json_t *soa;
    account_default_record_sets(zone_name, zone_id, &ns, &soa);
    if (!has_ns) {
        add_record_set(reading, zone_id, ns);
    }
    if (!has_soa) {
        add_record_set(reading, zone_id, soa);
    }
    json_decref(ns);
    json_decref(soa);
}

static bool is_apex(const json_t *record_set, const struct dns_name *apex)
{
    struct dns_name name;
    return dns_name_parse(bytes_of(json_string_value(json_object_get(record_set, "Name"))), &name, NULL) &&
           dns_name_equal(&name, apex);
}

static const char *bare_id(const char *id)
{
    static const char prefix[] = "/hostedzone/";
    return strncmp(id, prefix, sizeof prefix - 1) == 0 ? id + sizeof prefix - 1 : id;
}

static void add_zone(struct reading *reading, const json_t *from)
{
    const char *id = bare_id(json_string_value(json_object_get(from, "Id")));
    struct dns_name apex;
    char name[DNS_NAME_TEXT];
    if (!dns_name_parse(bytes_of(json_string_value(json_object_get(from, "Name"))), &apex, NULL)) {
        return;
    }
    dns_name_format(&apex, name);
    bool has_ns = false;
    bool has_soa = false;
    size_t i;
    const json_t *record_set;
    json_array_foreach(json_object_get(from, "ResourceRecordSets"), i, record_set)
    {
        const char *type = json_string_value(json_object_get(record_set, "Type"));
        add_record_set(reading, id, record_set);
        has_ns = has_ns || (strcmp(type, "NS") == 0 && is_apex(record_set, &apex));
        has_soa = has_soa || (strcmp(type, "SOA") == 0 && is_apex(record_set, &apex));
    }
    add_default_record_sets(reading, id, name, has_ns, has_soa);
    json_t *zone = json_copy((json_t *)(uintptr_t)from); // NOLINT(performance-no-int-to-ptr): read only
    json_object_del(zone, "ResourceRecordSets");
    json_object_del(zone, "ResourceRecordSetCount");
    json_object_set_new(zone, "Id", json_string(id));
    json_object_set_new(zone, "Name", json_string(name));
    buffer_text(&reading->key, id);
    account_object_text(&reading->text, zone);
    add(reading, ACCOUNT_ZONE);
    add_reference(reading, "hostedzone", zone, id);
    json_decref(zone);
}

// Of which alarm a check without settings of its own asks for them, and when: the merge makes the copy.
static void add_alarm(struct reading *reading, const json_t *check, const char *id)
{
    const json_t *identifier =
        json_object_get(json_object_get(check, "HealthCheckConfig"), "AlarmIdentifier");
    const json_t *version = json_object_get(check, "HealthCheckVersion");
    if (identifier != NULL && json_object_get(check, "CloudWatchAlarmConfiguration") == NULL) {
        buffer_text(&reading->key, id);
        buffer_format(&reading->text, "%s %s %" JSON_INTEGER_FORMAT,
                      json_string_value(json_object_get(identifier, "Region")),
                      json_string_value(json_object_get(identifier, "Name")),
                      version != NULL ? json_integer_value(version) : 1);
        add(reading, ACCOUNT_ALARM_COPY);
    }
}

static void add_health_check(struct reading *reading, const json_t *from)
{
    const char *id = json_string_value(json_object_get(from, "Id"));
    buffer_text(&reading->key, id);
    account_object_text(&reading->text, from);
    add(reading, ACCOUNT_HEALTH_CHECK);
    add_reference(reading, "healthcheck", from, id);
    add_alarm(reading, from, id);
    const json_t *name = json_object_get(from, "Name");
    if (name != NULL) {
        json_t *tags = json_pack("{s:[{s:s,s:O}]}", "Tags", "Key", "Name", "Value", name);
        buffer_format(&reading->key, "healthcheck %s", id);
        account_object_text(&reading->text, tags);
        add(reading, ACCOUNT_TAGS);
        json_decref(tags);
    }
}

static void add_collection(struct reading *reading, const json_t *from)
{
    buffer_text(&reading->key, json_string_value(json_object_get(from, "Id")));
    account_object_text(&reading->text, from);
    add(reading, ACCOUNT_CIDR_COLLECTION);
}

static void read_section(struct reading *reading, const json_t *tree, const char *section,
                         void (*add_one)(struct reading *reading, const json_t *from))
{
    size_t i;
    const json_t *object;
    json_array_foreach(json_object_get(tree, section), i, object)
    {
        add_one(reading, object);
    }
}

static void read_policy(struct reading *reading, const json_t *tree)
{
    buffer_init(&reading->key, ACCOUNT_KEY_LIMIT);
    buffer_init(&reading->text, ACCOUNT_TEXT_LIMIT);
    read_section(reading, tree, "HostedZones", add_zone);
    read_section(reading, tree, "HealthChecks", add_health_check);
    read_section(reading, tree, "CidrCollections", add_collection);
    for (unsigned kind = 0; kind < ACCOUNT_KINDS; kind++) {
        table_sort(&reading->tables[kind]);
    }
    buffer_free(&reading->key);
    buffer_free(&reading->text);
}

// --- merging -----------------------------------------------------------------------------------------------

struct merging {
    struct account_edit *edit;
    struct account_merge *report;
    struct buffer key; // of a base
};

static void digest_of(struct bytes text, char out[DIGEST_TEXT])
{
    uint64_t hash = bytes_hash(text);
    for (unsigned i = DIGEST_TEXT - 1; i-- > 0; hash >>= 4) {
        out[i] = "0123456789abcdef"[hash & 15];
    }
    out[DIGEST_TEXT - 1] = '\0';
}

static struct bytes base_key(struct merging *merging, enum account_kind kind, struct bytes key)
{
    const char prefix[] = {(char)('0' + kind / 10), (char)('0' + kind % 10), ' '};
    buffer_clear(&merging->key);
    buffer_append(&merging->key, prefix, sizeof prefix);
    buffer_append(&merging->key, key.data, key.len);
    return buffer_bytes(&merging->key);
}

// By the API, its deletion included. digest: what the file last said, NULL for nothing.
static bool has_changed(const struct account_edit *edit, enum account_kind kind, struct bytes key,
                        struct bytes digest)
{
    struct account_object now;
    char current[DIGEST_TEXT] = "";
    bool present = account_find(edit, kind, key, &now);
    if (present) {
        digest_of(now.text, current);
    }
    bool was_there = digest.data != NULL;
    return was_there ? !bytes_equal(bytes_of(current), digest) : present;
}

// Counts and tells what the file does to the API's work.
static void note_conflict(struct merging *merging, enum account_kind kind, struct bytes key,
                          struct bytes digest)
{
    if (has_changed(merging->edit, kind, key, digest)) {
        merging->report->conflicts++;
        if (merging->report->conflict != NULL) {
            const struct account_object object = {kind, key, {NULL, 0}};
            merging->report->conflict(&object, merging->report->context);
        }
    }
}

static bool in_lost_zone(const struct account_edit *edit, enum account_kind kind, struct bytes key)
{
    const uint8_t *blank = memchr(key.data, ' ', key.len);
    struct account_object zone;
    if (kind != ACCOUNT_RECORD_SET || blank == NULL) {
        return false;
    }
    return !account_find(edit, ACCOUNT_ZONE, (struct bytes){key.data, (size_t)(blank - key.data)}, &zone);
}

// The zone of a record set is one that this merge brings back.
static bool in_new_zone(const struct account_edit *edit, enum account_kind kind, struct bytes key)
{
    const uint8_t *blank = memchr(key.data, ' ', key.len);
    if (kind != ACCOUNT_RECORD_SET || blank == NULL) {
        return false;
    }
    struct bytes zone = {key.data, (size_t)(blank - key.data)};
    return table_find(&edit->tables[ACCOUNT_ZONE], zone) != NULL &&
           table_find(&edit->account->tables[ACCOUNT_ZONE], zone) == NULL;
}

// S10: the file asks for an alarm anew by naming another one or another HealthCheckVersion. A copy is also
// due where the file's word on the check brought back another alarm than the API's, or the check itself.
static void follow_alarm(struct merging *merging, const struct table_item *item, struct bytes digest)
{
    char now[DIGEST_TEXT];
    struct bytes id = table_item_key(item);
    struct account_object object;
    digest_of(table_item_text(item), now);
    bool asked = !bytes_equal(bytes_of(now), digest);
    if (asked) {
        account_edit_put(merging->edit, ACCOUNT_BASE, base_key(merging, ACCOUNT_ALARM_COPY, id),
                         bytes_of(now));
    }
    if (account_find(merging->edit, ACCOUNT_HEALTH_CHECK, id, &object)) {
        json_t *check = sections_parse(object.text);
        json_t *settings = account_alarm_settings(merging->edit, check);
        if (asked || settings == NULL) {
            account_copy_alarm(merging->edit, check);
        }
        json_decref(settings);
        json_decref(check);
    }
}

static void follow(struct merging *merging, enum account_kind kind, const struct table_item *item,
                   struct bytes digest)
{
    char now[DIGEST_TEXT];
    struct bytes key = table_item_key(item);
    struct bytes text = table_item_text(item);
    digest_of(text, now);
    bool same = digest.data != NULL && bytes_equal(bytes_of(now), digest);
    if (same && !in_new_zone(merging->edit, kind, key)) {
        merging->report->kept += has_changed(merging->edit, kind, key, digest);
        return;
    }
    if (!same) {
        account_edit_put(merging->edit, ACCOUNT_BASE, base_key(merging, kind, key), bytes_of(now));
    }
    if (in_lost_zone(merging->edit, kind, key)) {
        return;
    }
    note_conflict(merging, kind, key, digest);
    *(digest.data != NULL ? &merging->report->changed : &merging->report->added) += 1;
    account_edit_put(merging->edit, kind, key, text);
}

static void remove_all(struct account_edit *edit, enum account_kind kind, struct bytes prefix)
{
    struct account_cursor cursor;
    struct account_object object;
    struct table doomed = {0};
    account_seek(&cursor, edit, kind, prefix);
    while (account_next(&cursor, &object) && object.key.len >= prefix.len &&
           memcmp(object.key.data, prefix.data, prefix.len) == 0) {
        table_append(&doomed, table_item_create(object.key, (struct bytes){NULL, 0})); // else the cursor ends
    }
    for (size_t i = 0; i < doomed.count; i++) {
        account_edit_delete(edit, kind, table_item_key(doomed.items[i]));
    }
    table_free(&doomed);
}

// With what the API may have given it.
static void remove_zone(struct merging *merging, struct bytes id)
{
    struct buffer prefix;
    buffer_init(&prefix, ACCOUNT_KEY_LIMIT);
    account_zone_prefix(&prefix, (const char *)id.data);
    remove_all(merging->edit, ACCOUNT_RECORD_SET, buffer_bytes(&prefix));
    remove_all(merging->edit, ACCOUNT_TRAFFIC_POLICY_INSTANCE, buffer_bytes(&prefix));
    remove_all(merging->edit, ACCOUNT_TRAFFIC_RECORD_SET, buffer_bytes(&prefix));
    buffer_free(&prefix);
}

static void forget(struct merging *merging, enum account_kind kind, const struct account_object *base)
{
    struct bytes key = {base->key.data + 3, base->key.len - 3};
    struct account_object object;
    account_edit_delete(merging->edit, ACCOUNT_BASE, base->key);
    if (kind == ACCOUNT_ALARM_COPY) {
        account_drop_alarm_copy(merging->edit, key);
        return;
    }
    if (!account_find(merging->edit, kind, key, &object)) {
        return;
    }
    note_conflict(merging, kind, key, base->text);
    merging->report->removed++;
    account_edit_delete(merging->edit, kind, key);
    if (kind == ACCOUNT_ZONE) {
        remove_zone(merging, key);
    } else if (kind == ACCOUNT_HEALTH_CHECK) {
        account_drop_alarm_copy(merging->edit, key);
    }
}

static void merge_kind(struct merging *merging, enum account_kind kind, const struct table *file)
{
    const struct table *bases = &merging->edit->account->tables[ACCOUNT_BASE];
    size_t at = table_lower_bound(bases, base_key(merging, kind, (struct bytes){(const uint8_t *)"", 0}));
    size_t end =
        table_lower_bound(bases, base_key(merging, kind + 1, (struct bytes){(const uint8_t *)"", 0}));
    size_t next = 0;
    while (at < end || next < file->count) {
        struct account_object base = {.kind = ACCOUNT_BASE};
        int order = 1;
        if (at < end) {
            base.key = table_item_key(bases->items[at]);
            base.text = table_item_text(bases->items[at]);
            struct bytes key = {base.key.data + 3, base.key.len - 3};
            order = next < file->count ? table_compare(key, table_item_key(file->items[next])) : -1;
        }
        if (order < 0) {
            forget(merging, kind, &base);
            at++;
        } else {
            const struct table_item *item = file->items[next++];
            if (kind == ACCOUNT_ALARM_COPY) {
                follow_alarm(merging, item, base.text);
            } else {
                follow(merging, kind, item, base.text);
            }
            at += order == 0;
        }
    }
}

// Whether the account, as the edit leaves it, has of a kind what the file has and nothing else.
static bool holds_only(const struct account_edit *edit, enum account_kind kind, const struct table *file)
{
    struct account_cursor cursor;
    struct account_object object;
    size_t same = 0;
    account_seek(&cursor, edit, kind, bytes_of(""));
    while (account_next(&cursor, &object)) {
        if (same == file->count || !bytes_equal(object.key, table_item_key(file->items[same])) ||
            !bytes_equal(object.text, table_item_text(file->items[same]))) {
            return false;
        }
        same++;
    }
    return same == file->count;
}

// Then the model need not be compiled from the account's texts, which takes as long as the file took. What a
// check copied of its alarm is not in the file (S10).
static bool is_as_policy(const struct account_edit *edit, const struct reading *reading)
{
    bool same = reading->tables[ACCOUNT_ALARM_COPY].count == 0;
    for (unsigned kind = 0; kind < ACCOUNT_KINDS; kind++) {
        same = same && (!account_kind_in_model(kind) || holds_only(edit, kind, &reading->tables[kind]));
    }
    return same;
}

void account_edit_merge(struct account_edit *edit, struct policy *policy, struct account_merge *merge)
{
    struct reading reading = {.tables = {{0}}};
    struct merging merging = {.edit = edit, .report = merge};
    buffer_init(&merging.key, ACCOUNT_KEY_LIMIT);
    account_edit_take_policy(edit, policy); // first: alarms are copied from it
    read_policy(&reading, policy_tree(policy));
    for (unsigned kind = 0; kind < ACCOUNT_KINDS; kind++) {
        if (kind != ACCOUNT_BASE) {
            merge_kind(&merging, kind, &reading.tables[kind]);
        }
    }
    edit->as_policy = is_as_policy(edit, &reading);
    for (unsigned kind = 0; kind < ACCOUNT_KINDS; kind++) {
        table_free(&reading.tables[kind]);
    }
    buffer_free(&merging.key);
}

void account_edit_take_policy(struct account_edit *edit, struct policy *policy)
{
    policy_destroy(edit->policy);
    edit->policy = policy;
    edit->as_policy = false;
}
