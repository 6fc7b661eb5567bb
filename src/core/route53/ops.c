// SPDX-License-Identifier: MIT
#include "ops.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "core/account/compile.h"

enum { REFERENCE_TEXT = 1024, CHANGES_MAX = 10000, CHANGE_TIME = 9, CHANGE_RANDOM = 11 };

// --- input -------------------------------------------------------------------------------------------------

const char *ops_text(const json_t *object, const char *member)
{
    return json_string_value(json_object_get(object, member));
}

static size_t character_count(const char *text)
{
    size_t count = 0;
    for (; *text != '\0'; text++) {
        count += ((unsigned char)*text & 0xc0) != 0x80;
    }
    return count;
}

static bool too_long(struct call *call, const char *text, const char *member, size_t most)
{
    char constraint[80];
    snprintf(constraint, sizeof constraint, "Member must have length less than or equal to %zu", most);
    return route53_fault_constraint(call->fault, text, member, constraint);
}

const char *ops_required_text(struct call *call, const json_t *object, const char *member, size_t least,
                              size_t most)
{
    const char *text = ops_text(object, member);
    if (text == NULL) {
        route53_fault_constraint(call->fault, NULL, member, "Member must not be null");
        return NULL;
    }
    size_t count = character_count(text);
    if (count < least) {
        char constraint[80];
        snprintf(constraint, sizeof constraint, "Member must have length greater than or equal to %zu",
                 least);
        route53_fault_constraint(call->fault, text, member, constraint);
        return NULL;
    }
    return count <= most || too_long(call, text, member, most) ? text : NULL;
}

bool ops_optional_text(struct call *call, const json_t *object, const char *member, size_t most,
                       const char **out)
{
    const json_t *value = json_object_get(object, member);
    *out = json_string_value(value);
    if (value == NULL || (*out != NULL && character_count(*out) <= most)) {
        return true;
    }
    return *out != NULL ? too_long(call, *out, member, most)
                        : route53_fault_constraint(call->fault, NULL, member, "Member must be a string");
}

bool ops_flag(const json_t *object, const char *member)
{
    return json_is_true(json_object_get(object, member));
}

const char *ops_bare_id(const char *id, const char *prefix)
{
    size_t len = strlen(prefix);
    return strncmp(id, prefix, len) == 0 ? id + len : id;
}

// --- the account -------------------------------------------------------------------------------------------

json_t *ops_parse(const struct account_object *object)
{
    json_t *parsed = json_loadb((const char *)object->text.data, object->text.len, 0, NULL);
    assert(parsed != NULL); // the account wrote it
    return parsed;
}

json_t *ops_get(const struct call *call, enum account_kind kind, const char *key)
{
    struct account_object object;
    return account_find(call->edit, kind, bytes_of(key), &object) ? ops_parse(&object) : NULL;
}

bool ops_has(const struct call *call, enum account_kind kind, const char *key)
{
    struct account_object object;
    return account_find(call->edit, kind, bytes_of(key), &object);
}

void ops_put(struct call *call, enum account_kind kind, const char *key, const json_t *object)
{
    struct buffer text;
    buffer_init(&text, ACCOUNT_TEXT_LIMIT);
    account_object_text(&text, object);
    account_edit_put(call->edit, kind, bytes_of(key), buffer_bytes(&text));
    buffer_free(&text);
}

void ops_delete(struct call *call, enum account_kind kind, const char *key)
{
    account_edit_delete(call->edit, kind, bytes_of(key));
}

size_t ops_count(const struct call *call, enum account_kind kind)
{
    return account_count_prefix(call->edit, kind, bytes_of(""));
}

json_t *ops_required_zone(struct call *call, const char *member)
{
    const char *given = ops_text(call->input, member);
    if (given == NULL) {
        route53_fault_constraint(call->fault, NULL, member, "Member must not be null");
        return NULL;
    }
    json_t *zone = ops_get(call, ACCOUNT_ZONE, ops_bare_id(given, "/hostedzone/"));
    if (zone == NULL) {
        REFUSE(call, "NoSuchHostedZone", "No hosted zone found with ID: %s", given);
    }
    return zone;
}

json_t *ops_required_health_check(struct call *call)
{
    const char *id = ops_text(call->input, "HealthCheckId");
    json_t *check = id != NULL ? ops_get(call, ACCOUNT_HEALTH_CHECK, id) : NULL;
    if (check == NULL) {
        REFUSE(call, "NoSuchHealthCheck", "A health check with id %s does not exist.", id != NULL ? id : "");
    }
    return check;
}

// --- ids ---------------------------------------------------------------------------------------------------

static const char id_letters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

static void add_letters(struct call *call, unsigned count, char *out)
{
    for (unsigned i = 0; i < count; i++) {
        out[i] = id_letters[random_below(call->context->ids, sizeof id_letters - 1)];
    }
    out[count] = '\0';
}

void ops_new_id(struct call *call, char prefix, unsigned count, char out[OPS_ID])
{
    assert(count + 2 <= OPS_ID);
    out[0] = prefix;
    add_letters(call, count, out + 1);
}

// RFC 4122, version 4.
void ops_new_uuid(struct call *call, char out[OPS_UUID])
{
    uint64_t high = random_next(call->context->ids);
    uint64_t low = random_next(call->context->ids);
    snprintf(out, OPS_UUID, "%08x-%04x-4%03x-%04x-%012llx", (unsigned)(high >> 32),
             (unsigned)(high >> 16) & 0xffff, (unsigned)high & 0xfff, (unsigned)(low >> 48 & 0x3fff) | 0x8000,
             (unsigned long long)(low & 0xffffffffffff));
}

void ops_time(struct call *call, char out[WALL_TIME_TEXT])
{
    wall_time_format(call->context->now, out);
}

static const char *reference_key(const char *kind, const char *reference, char out[REFERENCE_TEXT])
{
    snprintf(out, REFERENCE_TEXT, "%s %s", kind, reference);
    return out;
}

char *ops_reference(const struct call *call, const char *kind, const char *reference)
{
    char key[REFERENCE_TEXT];
    json_t *used = ops_get(call, ACCOUNT_REFERENCE, reference_key(kind, reference, key));
    const char *id = ops_text(used, "Id");
    char *copy = used != NULL ? xstrdup(id != NULL ? id : "") : NULL;
    json_decref(used);
    return copy;
}

void ops_put_reference(struct call *call, const char *kind, const char *reference, const char *id)
{
    char key[REFERENCE_TEXT];
    json_t *used = json_pack("{s:s}", "Id", id);
    ops_put(call, ACCOUNT_REFERENCE, reference_key(kind, reference, key), used);
    json_decref(used);
}

// --- changes -----------------------------------------------------------------------------------------------

// Ids grow with time, so that the oldest of too many is the first.
static void new_change_id(struct call *call, char out[OPS_ID])
{
    uint64_t ms = (uint64_t)(call->context->now.ns / 1000000);
    out[0] = 'C';
    for (unsigned i = CHANGE_TIME; i > 0; i--) {
        out[i] = id_letters[ms % 36];
        ms /= 36;
    }
    add_letters(call, CHANGE_RANDOM, out + 1 + CHANGE_TIME);
}

static void forget_oldest_change(struct call *call)
{
    struct account_cursor cursor;
    struct account_object oldest;
    account_seek(&cursor, call->edit, ACCOUNT_CHANGE, bytes_of(""));
    if (ops_count(call, ACCOUNT_CHANGE) > CHANGES_MAX && account_next(&cursor, &oldest)) {
        account_edit_delete(call->edit, ACCOUNT_CHANGE, oldest.key);
    }
}

// B4: in sync when the servers have it, which is RecordDelaySeconds after it was submitted.
bool ops_is_pending(const struct call *call, const json_t *change)
{
    const struct model *model = call->context->model;
    duration age = call->context->now.ns - json_integer_value(json_object_get(change, "SubmittedAt"));
    return model != NULL && age < model->simulator.record_delay;
}

static bool has_pending_change(const struct call *call, const char *zone_id)
{
    struct account_cursor cursor;
    struct account_object object;
    bool pending = false;
    account_seek(&cursor, call->edit, ACCOUNT_CHANGE, bytes_of(""));
    while (!pending && account_next(&cursor, &object)) {
        json_t *change = ops_parse(&object);
        const char *zone = ops_text(change, "HostedZoneId");
        pending = zone != NULL && strcmp(zone, zone_id) == 0 && ops_is_pending(call, change);
        json_decref(change);
    }
    return pending;
}

bool ops_check_zone_is_free(struct call *call, const char *zone_id)
{
    return !call->context->one_change_at_a_time || !has_pending_change(call, zone_id) ||
           REFUSE(call, "PriorRequestNotComplete",
                  "The request was rejected because Route 53 was still processing a prior request.");
}

json_t *ops_change_info(const struct call *call, const json_t *change)
{
    json_t *info = json_object();
    char id[OPS_ID + 16];
    char at[WALL_TIME_TEXT];
    json_int_t submitted = json_integer_value(json_object_get(change, "SubmittedAt"));
    wall_time_format((wall_time){submitted}, at);
    snprintf(id, sizeof id, "/change/%s", ops_text(change, "Id"));
    json_object_set_new(info, "Id", json_string(id));
    json_object_set_new(info, "Status", json_string(ops_is_pending(call, change) ? "PENDING" : "INSYNC"));
    json_object_set_new(info, "SubmittedAt", json_string(at));
    json_object_set(info, "Comment", json_object_get(change, "Comment"));
    return info;
}

static json_t *keep_change(struct call *call, const char *zone_id, const char *comment)
{
    char id[OPS_ID];
    new_change_id(call, id);
    json_t *change = json_pack("{s:s,s:s*,s:I,s:s*}", "Id", id, "HostedZoneId", zone_id, "SubmittedAt",
                               (json_int_t)call->context->now.ns, "Comment", comment);
    ops_put(call, ACCOUNT_CHANGE, id, change);
    forget_oldest_change(call);
    return change;
}

void ops_change_silently(struct call *call, const char *zone_id)
{
    json_decref(keep_change(call, zone_id, NULL));
}

void ops_change(struct call *call, const char *zone_id, const char *comment)
{
    json_t *change = keep_change(call, zone_id, comment);
    json_t *info = ops_change_info(call, change);
    json_object_set_new(info, "Status", json_string("PENDING"));
    json_object_set_new(call->output, "ChangeInfo", info);
    json_decref(change);
}

// --- lists -------------------------------------------------------------------------------------------------

bool ops_list(struct call *call, const struct ops_list *list)
{
    const char *marker = ops_text(call->input, "Marker");
    unsigned size;
    if (!route53_page_size(&list->paging, call->input, &size, call->fault)) {
        return false;
    }
    struct account_cursor cursor;
    struct account_object object;
    json_t *page = json_array();
    json_t *next = NULL;
    account_seek(&cursor, call->edit, list->kind,
                 bytes_of(marker != NULL ? ops_bare_id(marker, list->id_prefix) : ""));
    while (next == NULL && account_next(&cursor, &object)) {
        json_t *parsed = ops_parse(&object);
        if (list->keep != NULL && !list->keep(call, parsed)) {
            json_decref(parsed);
        } else if (json_array_size(page) == size) {
            next = json_stringn((const char *)object.key.data, object.key.len);
            json_decref(parsed);
        } else {
            json_array_append_new(page, list->print(call, parsed));
        }
    }
    json_object_set_new(call->output, list->list, page);
    if (marker != NULL) {
        json_object_set_new(call->output, "Marker", json_string(marker));
    }
    json_object_set_new(call->output, "IsTruncated", json_boolean(next != NULL));
    if (next != NULL) {
        json_object_set_new(call->output, "NextMarker", next);
    }
    route53_page_echo(&list->paging, size, call->output);
    return true;
}

bool ops_page_start(struct call *call, const struct route53_paging *paging, struct ops_page *out)
{
    const char *token = ops_text(call->input, "NextToken");
    uint32_t start = 0;
    if (!route53_page_size(paging, call->input, &out->size, call->fault)) {
        return false;
    }
    if (token != NULL && !bytes_parse_u32(bytes_of(token), UINT32_MAX, &start)) {
        return REFUSE(call, "InvalidPaginationToken", "The pagination token '%s' is not valid.", token);
    }
    out->start = start;
    return true;
}

void ops_page_end(struct call *call, const char *list, json_t *items, const struct ops_page *page)
{
    size_t count = json_array_size(items);
    json_t *shown = json_array();
    size_t end = page->start + page->size;
    for (size_t i = page->start; i < count && i < end; i++) {
        json_array_append(shown, json_array_get(items, i));
    }
    json_object_set_new(call->output, list, shown);
    if (end < count) {
        char token[24];
        snprintf(token, sizeof token, "%zu", end);
        json_object_set_new(call->output, "NextToken", json_string(token));
    }
    json_decref(items);
}
