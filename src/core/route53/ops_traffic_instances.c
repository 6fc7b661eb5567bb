// SPDX-License-Identifier: MIT
// Traffic policy instances. Each has one record set at its name, which clients see, and which leads to those
// that its policy's document stands for, which they do not. Keys: as of that record set, so that they come in
// the order of the lists.
#include <string.h>

#include "change_batch.h"
#include "ops_traffic.h"
#include "traffic_document.h"

enum { INSTANCES_MAX = 5 }; // L22

// --- objects -----------------------------------------------------------------------------------------------

static struct bytes key_of(struct buffer *out, const json_t *instance)
{
    struct dns_name name;
    dns_name_parse(bytes_of(ops_text(instance, "Name")), &name, NULL);
    account_record_set_key(out, ops_text(instance, "HostedZoneId"), &name,
                           ops_text(instance, "TrafficPolicyType"), NULL);
    return buffer_bytes(out);
}

static void put_instance(struct call *call, const json_t *instance)
{
    struct buffer key;
    buffer_init(&key, ACCOUNT_KEY_LIMIT);
    key_of(&key, instance);
    ops_put(call, ACCOUNT_TRAFFIC_POLICY_INSTANCE, buffer_string(&key), instance);
    buffer_free(&key);
}

static json_t *required_instance(struct call *call)
{
    const char *id = ops_text(call->input, "Id");
    struct account_cursor cursor;
    struct account_object object;
    account_seek(&cursor, call->edit, ACCOUNT_TRAFFIC_POLICY_INSTANCE, bytes_of(""));
    while (account_next(&cursor, &object)) {
        json_t *instance = ops_parse(&object);
        if (strcmp(ops_text(instance, "Id"), id) == 0) {
            return instance;
        }
        json_decref(instance);
    }
    REFUSE(call, "NoSuchTrafficPolicyInstance", "No traffic policy instance exists with ID: %s", id);
    return NULL;
}

bool ops_is_instance_of(const json_t *instance, const char *policy_id, json_int_t version)
{
    return strcmp(ops_text(instance, "TrafficPolicyId"), policy_id) == 0 &&
           json_integer_value(json_object_get(instance, "TrafficPolicyVersion")) == version;
}

bool ops_has_instances(const struct call *call, const char *policy_id, json_int_t version)
{
    struct account_cursor cursor;
    struct account_object object;
    bool found = false;
    account_seek(&cursor, call->edit, ACCOUNT_TRAFFIC_POLICY_INSTANCE, bytes_of(""));
    while (!found && account_next(&cursor, &object)) {
        json_t *instance = ops_parse(&object);
        found = ops_is_instance_of(instance, policy_id, version);
        json_decref(instance);
    }
    return found;
}

static json_t *print(const struct call *call, const json_t *instance)
{
    json_t *printed =
        json_copy((json_t *)(uintptr_t)instance); // NOLINT(performance-no-int-to-ptr): read only
    const char *busy = json_is_true(json_object_get(instance, "Updated")) ? "Updating" : "Creating";
    json_object_set_new(printed, "State", json_string(ops_is_pending(call, instance) ? busy : "Applied"));
    json_object_set_new(printed, "Message", json_string(""));
    json_object_del(printed, "SubmittedAt");
    json_object_del(printed, "Updated");
    return printed;
}

// --- what they are made of ---------------------------------------------------------------------------------

static void remove_record_sets(struct call *call, const json_t *instance)
{
    const char *id = ops_text(instance, "HostedZoneId");
    struct account_cursor cursor;
    struct account_object object;
    json_t *doomed = json_array(); // a change ends the use of the cursor
    struct buffer zone;
    const char *instance_id = ops_text(instance, "Id"); // which their names have in them
    buffer_init(&zone, ACCOUNT_KEY_LIMIT);
    account_zone_prefix(&zone, id);
    account_seek(&cursor, call->edit, ACCOUNT_TRAFFIC_RECORD_SET, buffer_bytes(&zone));
    while (account_next(&cursor, &object) && object.key.len > zone.len &&
           memcmp(object.key.data, zone.data, zone.len) == 0) {
        if (memmem(object.key.data, object.key.len, instance_id, strlen(instance_id)) != NULL) {
            json_array_append_new(doomed, json_stringn((const char *)object.key.data, object.key.len));
        }
    }
    for (size_t i = 0; i < json_array_size(doomed); i++) {
        ops_delete(call, ACCOUNT_TRAFFIC_RECORD_SET, json_string_value(json_array_get(doomed, i)));
    }
    json_decref(doomed);
    buffer_free(&zone);
}

static bool put_record_set(struct call *call, const char *zone_id, const json_t *record_set)
{
    const char *health_check = ops_text(record_set, "HealthCheckId");
    struct dns_name name;
    struct error error = {0};
    if (health_check != NULL && !ops_has(call, ACCOUNT_HEALTH_CHECK, health_check)) {
        return REFUSE(call, "InvalidInput", "A health check with id %s does not exist.", health_check);
    }
    if (!dns_name_parse(bytes_of(ops_text(record_set, "Name")), &name, &error)) {
        return REFUSE(call, "InvalidInput", "The name of the hosted zone is too long for %s: %s",
                      ops_text(record_set, "Name"), error.text);
    }
    struct buffer key;
    struct buffer text;
    buffer_init(&key, ACCOUNT_KEY_LIMIT);
    buffer_init(&text, ACCOUNT_TEXT_LIMIT);
    account_record_set_key(&key, zone_id, &name, ops_text(record_set, "Type"),
                           ops_text(record_set, "SetIdentifier"));
    account_record_set_text(&text, record_set);
    account_edit_put(call->edit, ACCOUNT_TRAFFIC_RECORD_SET, buffer_bytes(&key), buffer_bytes(&text));
    buffer_free(&key);
    buffer_free(&text);
    return true;
}

static bool put_record_sets(struct call *call, const json_t *zone, const json_t *instance,
                            const json_t *policy)
{
    const struct traffic_instance of = {
        .id = ops_text(instance, "Id"),
        .zone_id = ops_text(zone, "Id"),
        .zone_name = ops_text(zone, "Name"),
        .ttl = json_integer_value(json_object_get(instance, "TTL")),
    };
    json_t *groups = traffic_document_groups(ops_text(policy, "Document"), &of);
    bool good = true;
    for (size_t i = 0; i < json_array_size(groups); i++) {
        const json_t *sets = json_object_get(json_array_get(groups, i), "ResourceRecordSets");
        for (size_t k = 0; good && k < json_array_size(sets); k++) {
            good = put_record_set(call, of.zone_id, json_array_get(sets, k));
        }
    }
    json_decref(groups);
    return good;
}

// What a batch would say against the record set at the instance's name, this operation says too.
static bool create_record_set(struct call *call, const json_t *zone, const json_t *instance)
{
    json_t *changes =
        json_pack("[{s:s,s:{s:O,s:O,s:O}}]", "Action", "CREATE", "ResourceRecordSet", "Name",
                  json_object_get(instance, "Name"), "Type", json_object_get(instance, "TrafficPolicyType"),
                  "TrafficPolicyInstanceId", json_object_get(instance, "Id"));
    bool good = change_batch_stage(call, zone, changes);
    json_decref(changes);
    if (!good) {
        struct route53_fault why = *call->fault;
        *call->fault = (struct route53_fault){0};
        REFUSE(call, "InvalidInput", "%s", why.message);
        route53_fault_clear(&why);
    }
    return good;
}

// --- create ------------------------------------------------------------------------------------------------

static bool check_new(struct call *call, const char *zone_id, const struct dns_name *name, const char *type)
{
    struct buffer key;
    struct account_object object;
    if (ops_count(call, ACCOUNT_TRAFFIC_POLICY_INSTANCE) >= INSTANCES_MAX) {
        return REFUSE(call, "TooManyTrafficPolicyInstances",
                      "This account has %d traffic policy instances, which is the most (L22).",
                      INSTANCES_MAX);
    }
    buffer_init(&key, ACCOUNT_KEY_LIMIT);
    account_record_set_key(&key, zone_id, name, type, NULL);
    bool taken = account_find(call->edit, ACCOUNT_TRAFFIC_POLICY_INSTANCE, buffer_bytes(&key), &object);
    buffer_free(&key);
    return !taken ||
           REFUSE(call, "TrafficPolicyInstanceAlreadyExists",
                  "A traffic policy instance of this name and type %s exists already in hosted zone "
                  "%s.",
                  type, zone_id);
}

static json_t *make_instance(struct call *call, const json_t *zone, const struct dns_name *name,
                             const json_t *policy)
{
    char id[OPS_UUID];
    char name_text[DNS_NAME_TEXT];
    ops_new_uuid(call, id);
    dns_name_format(name, name_text);
    return json_pack("{s:s,s:O,s:s,s:O,s:O,s:O,s:O,s:I}", "Id", id, "HostedZoneId",
                     json_object_get(zone, "Id"), "Name", name_text, "TTL",
                     json_object_get(call->input, "TTL"), "TrafficPolicyId", json_object_get(policy, "Id"),
                     "TrafficPolicyVersion", json_object_get(policy, "Version"), "TrafficPolicyType",
                     json_object_get(policy, "Type"), "SubmittedAt", (json_int_t)call->context->now.ns);
}

static bool create(struct call *call, const json_t *zone, const json_t *policy)
{
    struct dns_name name;
    struct error error = {0};
    if (!dns_name_parse(bytes_of(ops_text(call->input, "Name")), &name, &error)) {
        return REFUSE(call, "InvalidInput", "FATAL problem: %s", error.text);
    }
    if (!check_new(call, ops_text(zone, "Id"), &name, ops_text(policy, "Type"))) {
        return false;
    }
    json_t *instance = make_instance(call, zone, &name, policy);
    put_instance(call, instance);
    bool good = put_record_sets(call, zone, instance, policy) && create_record_set(call, zone, instance);
    if (good) {
        ops_change_silently(call, ops_text(zone, "Id"));
        json_object_set_new(call->output, "TrafficPolicyInstance", print(call, instance));
    }
    json_decref(instance);
    return good;
}

bool ops_create_traffic_policy_instance(struct call *call)
{
    json_t *zone = ops_required_zone(call, "HostedZoneId");
    json_t *policy =
        zone != NULL ? ops_required_traffic_policy(call, "TrafficPolicyId", "TrafficPolicyVersion") : NULL;
    bool good = policy != NULL && create(call, zone, policy);
    json_decref(policy);
    json_decref(zone);
    return good;
}

// --- one instance ------------------------------------------------------------------------------------------

bool ops_get_traffic_policy_instance(struct call *call)
{
    json_t *instance = required_instance(call);
    if (instance == NULL) {
        return false;
    }
    json_object_set_new(call->output, "TrafficPolicyInstance", print(call, instance));
    json_decref(instance);
    return true;
}

static bool update(struct call *call, json_t *instance, const json_t *policy)
{
    const char *zone_id = ops_text(instance, "HostedZoneId");
    const char *type = ops_text(instance, "TrafficPolicyType");
    if (!ops_check_zone_is_free(call, zone_id)) {
        return false;
    }
    if (strcmp(ops_text(policy, "Type"), type) != 0) {
        return REFUSE(call, "ConflictingTypes",
                      "The traffic policy instance is of type %s, and the traffic policy version of type %s.",
                      type, ops_text(policy, "Type"));
    }
    json_t *zone = ops_get(call, ACCOUNT_ZONE, zone_id);
    json_object_set(instance, "TTL", json_object_get(call->input, "TTL"));
    json_object_set(instance, "TrafficPolicyId", json_object_get(policy, "Id"));
    json_object_set(instance, "TrafficPolicyVersion", json_object_get(policy, "Version"));
    json_object_set_new(instance, "SubmittedAt", json_integer((json_int_t)call->context->now.ns));
    json_object_set_new(instance, "Updated", json_true());
    remove_record_sets(call, instance);
    bool good = put_record_sets(call, zone, instance, policy);
    if (good) {
        put_instance(call, instance);
        ops_change_silently(call, zone_id);
        json_object_set_new(call->output, "TrafficPolicyInstance", print(call, instance));
    }
    json_decref(zone);
    return good;
}

bool ops_update_traffic_policy_instance(struct call *call)
{
    json_t *instance = required_instance(call);
    json_t *policy = instance != NULL
                         ? ops_required_traffic_policy(call, "TrafficPolicyId", "TrafficPolicyVersion")
                         : NULL;
    bool good = policy != NULL && update(call, instance, policy);
    json_decref(policy);
    json_decref(instance);
    return good;
}

// A record set that has taken the place of the instance's own stays.
static void remove_record_set(struct call *call, struct bytes key, const json_t *instance)
{
    struct account_object object;
    if (account_find(call->edit, ACCOUNT_RECORD_SET, key, &object)) {
        json_t *held = ops_parse(&object);
        const char *id = ops_text(held, "TrafficPolicyInstanceId");
        if (id != NULL && strcmp(id, ops_text(instance, "Id")) == 0) {
            account_edit_delete(call->edit, ACCOUNT_RECORD_SET, key);
        }
        json_decref(held);
    }
}

bool ops_delete_traffic_policy_instance(struct call *call)
{
    json_t *instance = required_instance(call);
    bool good = instance != NULL && ops_check_zone_is_free(call, ops_text(instance, "HostedZoneId"));
    if (good) {
        struct buffer key;
        buffer_init(&key, ACCOUNT_KEY_LIMIT);
        struct bytes own = key_of(&key, instance);
        remove_record_set(call, own, instance);
        remove_record_sets(call, instance);
        account_edit_delete(call->edit, ACCOUNT_TRAFFIC_POLICY_INSTANCE, own);
        ops_change_silently(call, ops_text(instance, "HostedZoneId"));
        buffer_free(&key);
    }
    json_decref(instance);
    return good;
}

bool ops_get_traffic_policy_instance_count(struct call *call)
{
    json_object_set_new(call->output, "TrafficPolicyInstanceCount",
                        json_integer((json_int_t)ops_count(call, ACCOUNT_TRAFFIC_POLICY_INSTANCE)));
    return true;
}

// --- lists -------------------------------------------------------------------------------------------------

// Of all, of a zone, or of a version of a policy; what the input names must be there.
struct list {
    const char *zone_id;   // NULL: of all zones
    const char *policy_id; // NULL: of all policies
    json_int_t version;
};

static bool read_list(struct call *call, struct list *out)
{
    *out = (struct list){.policy_id = ops_text(call->input, "TrafficPolicyId"),
                         .version = json_integer_value(json_object_get(call->input, "TrafficPolicyVersion"))};
    const char *zone_id = ops_text(call->input, "HostedZoneId");
    if (zone_id != NULL) {
        json_t *zone = ops_required_zone(call, "HostedZoneId");
        json_decref(zone);
        out->zone_id = ops_bare_id(zone_id, "/hostedzone/");
        return zone != NULL;
    }
    if (out->policy_id != NULL) {
        json_t *policy = ops_required_traffic_policy(call, "TrafficPolicyId", "TrafficPolicyVersion");
        json_decref(policy);
        return policy != NULL;
    }
    return true;
}

// The key of the first one that is asked for.
static bool read_start(struct call *call, const struct list *list, struct buffer *key)
{
    const char *zone_id = ops_text(call->input, "HostedZoneIdMarker");
    const char *name = ops_text(call->input, "TrafficPolicyInstanceNameMarker");
    const char *type = ops_text(call->input, "TrafficPolicyInstanceTypeMarker");
    struct error error = {0};
    struct dns_name parsed;
    zone_id = list->zone_id != NULL ? list->zone_id : zone_id;
    if ((name != NULL && zone_id == NULL) || (type != NULL && name == NULL)) {
        return REFUSE(call, "InvalidInput", "The input is not valid");
    }
    if (name != NULL && !dns_name_parse(bytes_of(name), &parsed, &error)) {
        return REFUSE(call, "InvalidInput", "FATAL problem: %s", error.text);
    }
    if (name != NULL) {
        account_record_set_key(key, ops_bare_id(zone_id, "/hostedzone/"), &parsed, type, NULL);
    } else if (zone_id != NULL) {
        account_zone_prefix(key, ops_bare_id(zone_id, "/hostedzone/"));
    }
    return !key->overflow || REFUSE(call, "InvalidInput", "The input is not valid");
}

static bool is_listed(const struct list *list, const json_t *instance)
{
    return (list->zone_id == NULL || strcmp(ops_text(instance, "HostedZoneId"), list->zone_id) == 0) &&
           (list->policy_id == NULL || ops_is_instance_of(instance, list->policy_id, list->version));
}

static void print_next(struct call *call, const struct list *list, const json_t *next)
{
    if (list->zone_id == NULL) {
        json_object_set(call->output, "HostedZoneIdMarker", json_object_get(next, "HostedZoneId"));
    }
    json_object_set(call->output, "TrafficPolicyInstanceNameMarker", json_object_get(next, "Name"));
    json_object_set(call->output, "TrafficPolicyInstanceTypeMarker",
                    json_object_get(next, "TrafficPolicyType"));
}

static void print_page(struct call *call, const struct list *list, struct bytes start, unsigned size)
{
    struct account_cursor cursor;
    struct account_object object;
    json_t *page = json_array();
    bool more = false;
    account_seek(&cursor, call->edit, ACCOUNT_TRAFFIC_POLICY_INSTANCE, start);
    while (!more && account_next(&cursor, &object)) {
        json_t *instance = ops_parse(&object);
        bool listed = is_listed(list, instance);
        more = listed && json_array_size(page) == size;
        if (more) {
            print_next(call, list, instance);
        } else if (listed) {
            json_array_append_new(page, print(call, instance));
        }
        json_decref(instance);
    }
    json_object_set_new(call->output, "TrafficPolicyInstances", page);
    json_object_set_new(call->output, "IsTruncated", json_boolean(more));
}

bool ops_list_traffic_policy_instances(struct call *call)
{
    static const struct route53_paging paging = {"MaxItems", 100, 100};
    struct list list;
    struct buffer start;
    unsigned size;
    buffer_init(&start, ACCOUNT_KEY_LIMIT);
    bool good = read_list(call, &list) && read_start(call, &list, &start) &&
                route53_page_size(&paging, call->input, &size, call->fault);
    if (good) {
        print_page(call, &list, buffer_bytes(&start), size);
        route53_page_echo(&paging, size, call->output);
    }
    buffer_free(&start);
    return good;
}
