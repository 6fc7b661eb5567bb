// SPDX-License-Identifier: MIT
// Record sets and changes: API reference 3.9, 3.10 and section 4.
#include <string.h>

#include "change_batch.h"

// --- ListResourceRecordSets --------------------------------------------------------------------------------

// Where the list starts (API reference 1.8), as a key.
static bool read_start(struct call *call, const char *zone_id, struct buffer *key)
{
    const char *name_text = ops_text(call->input, "StartRecordName");
    const char *type = ops_text(call->input, "StartRecordType");
    const char *identifier = ops_text(call->input, "StartRecordIdentifier");
    struct dns_name name;
    struct error error = {0};
    if ((name_text == NULL && type != NULL) || (type == NULL && identifier != NULL)) {
        return REFUSE(call, "InvalidInput", "The input is not valid");
    }
    if (name_text == NULL) {
        account_zone_prefix(key, zone_id);
        return true;
    }
    if (!dns_name_parse(bytes_of(name_text), &name, &error)) {
        return REFUSE(call, "InvalidInput", "FATAL problem: %s", error.text);
    }
    account_record_set_key(key, zone_id, &name, type, identifier);
    return !key->overflow || REFUSE(call, "InvalidInput", "The input is not valid");
}

static void print_next(struct call *call, const struct account_object *next)
{
    json_t *record_set = ops_parse(next);
    json_object_set(call->output, "NextRecordName", json_object_get(record_set, "Name"));
    json_object_set(call->output, "NextRecordType", json_object_get(record_set, "Type"));
    json_object_set(call->output, "NextRecordIdentifier", json_object_get(record_set, "SetIdentifier"));
    json_decref(record_set);
}

static void print_page(struct call *call, const char *zone_id, struct bytes from, unsigned size)
{
    struct account_cursor cursor;
    struct account_object object;
    size_t prefix = strlen(zone_id) + 1;
    json_t *page = json_array();
    bool more = false;
    account_seek(&cursor, call->edit, ACCOUNT_RECORD_SET, from);
    while (account_next(&cursor, &object) && object.key.len > prefix &&
           memcmp(object.key.data, from.data, prefix) == 0) {
        if (json_array_size(page) == size) {
            more = true;
            break;
        }
        json_array_append_new(page, ops_parse(&object));
    }
    json_object_set_new(call->output, "ResourceRecordSets", page);
    json_object_set_new(call->output, "IsTruncated", json_boolean(more));
    if (more) {
        print_next(call, &object);
    }
}

bool ops_list_resource_record_sets(struct call *call)
{
    static const struct route53_paging paging = {"MaxItems", 100, 300};
    unsigned size;
    struct buffer from;
    buffer_init(&from, ACCOUNT_KEY_LIMIT);
    json_t *zone = ops_required_zone(call, "HostedZoneId");
    bool good = zone != NULL && route53_page_size(&paging, call->input, &size, call->fault) &&
                read_start(call, ops_text(zone, "Id"), &from);
    if (good) {
        print_page(call, ops_text(zone, "Id"), buffer_bytes(&from), size);
        route53_page_echo(&paging, size, call->output);
    }
    buffer_free(&from);
    json_decref(zone);
    return good;
}

// --- ChangeResourceRecordSets ------------------------------------------------------------------------------

// H11. What a record set names that is gone may stay in it, to be deleted.
static bool check_health_checks(struct call *call, const json_t *changes)
{
    size_t i;
    const json_t *change;
    json_array_foreach(changes, i, change)
    {
        const char *id = ops_text(json_object_get(change, "ResourceRecordSet"), "HealthCheckId");
        bool deletes = strcmp(ops_text(change, "Action"), "DELETE") == 0;
        if (id != NULL && id[0] != '\0' && !deletes && !ops_has(call, ACCOUNT_HEALTH_CHECK, id)) {
            return REFUSE(call, "NoSuchHealthCheck", "A health check with id %s does not exist.", id);
        }
    }
    return true;
}

bool ops_change_resource_record_sets(struct call *call)
{
    const json_t *batch = json_object_get(call->input, "ChangeBatch");
    const json_t *changes = json_object_get(batch, "Changes");
    const char *comment;
    if (!change_batch_check_form(call, changes) ||
        !ops_optional_text(call, batch, "Comment", 256, &comment)) {
        return false;
    }
    json_t *zone = ops_required_zone(call, "HostedZoneId");
    bool good = zone != NULL && check_health_checks(call, changes) && change_batch_stage(call, zone, changes);
    if (good) {
        ops_change(call, ops_text(zone, "Id"), comment);
    }
    json_decref(zone);
    return good;
}

// --- GetChange ---------------------------------------------------------------------------------------------

bool ops_get_change(struct call *call)
{
    const char *id = ops_required_text(call, call->input, "Id", 1, 6500);
    if (id == NULL) {
        return false;
    }
    json_t *change = ops_get(call, ACCOUNT_CHANGE, ops_bare_id(id, "/change/"));
    if (change == NULL) {
        return REFUSE(call, "NoSuchChange", "Could not find resource with ID: %s", id);
    }
    json_object_set_new(call->output, "ChangeInfo", ops_change_info(call, change));
    json_decref(change);
    return true;
}
