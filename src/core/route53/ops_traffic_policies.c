// SPDX-License-Identifier: MIT
// Traffic policies: named documents in versions, kept as they came. Keys: "uuid 0000000001", id and version.
#include <stdio.h>
#include <string.h>

#include "core/account/compile.h"
#include "ops_traffic.h"
#include "traffic_document.h"

enum { POLICIES_MAX = 50, VERSIONS_MAX = 1000, KEY_TEXT = 64 }; // L22

static const struct route53_paging paging = {"MaxItems", 100, 100};

static void key_of(const char *id, json_int_t version, char out[KEY_TEXT])
{
    snprintf(out, KEY_TEXT, "%.36s %010" JSON_INTEGER_FORMAT, id, version);
}

static bool refuse_missing(struct call *call)
{
    return REFUSE(call, "NoSuchTrafficPolicy", "No traffic policy exists with the specified ID and version.");
}

json_t *ops_required_traffic_policy(struct call *call, const char *id_member, const char *version_member)
{
    char key[KEY_TEXT];
    key_of(ops_text(call->input, id_member), json_integer_value(json_object_get(call->input, version_member)),
           key);
    json_t *policy = ops_get(call, ACCOUNT_TRAFFIC_POLICY, key);
    if (policy == NULL) {
        refuse_missing(call);
    }
    return policy;
}

static json_t *required_policy(struct call *call)
{
    return ops_required_traffic_policy(call, "Id", "Version");
}

// All versions of all policies, oldest first within each; or of the one with this id.
static json_t *list_versions(const struct call *call, const char *id)
{
    struct account_cursor cursor;
    struct account_object object;
    json_t *versions = json_array();
    account_seek(&cursor, call->edit, ACCOUNT_TRAFFIC_POLICY, bytes_of(id != NULL ? id : ""));
    while (account_next(&cursor, &object)) {
        json_t *policy = ops_parse(&object);
        if (id == NULL || strcmp(ops_text(policy, "Id"), id) == 0) {
            json_array_append(versions, policy);
        }
        json_decref(policy);
    }
    return versions;
}

// --- summaries ---------------------------------------------------------------------------------------------

static json_t *summary_of(const json_t *policy)
{
    return json_pack("{s:s,s:s,s:s,s:O,s:i}", "Id", ops_text(policy, "Id"), "Name", ops_text(policy, "Name"),
                     "Type", ops_text(policy, "Type"), "LatestVersion", json_object_get(policy, "Version"),
                     "TrafficPolicyCount", 1);
}

// One a policy, by id.
static json_t *list_summaries(const struct call *call)
{
    json_t *summaries = json_array();
    json_t *versions = list_versions(call, NULL);
    for (size_t i = 0; i < json_array_size(versions); i++) {
        const json_t *policy = json_array_get(versions, i);
        json_t *last = json_array_get(summaries, json_array_size(summaries) - 1);
        if (last == NULL || strcmp(ops_text(last, "Id"), ops_text(policy, "Id")) != 0) {
            json_array_append_new(summaries, summary_of(policy));
            continue;
        }
        json_int_t count = json_integer_value(json_object_get(last, "TrafficPolicyCount"));
        json_object_set(last, "LatestVersion", json_object_get(policy, "Version"));
        json_object_set_new(last, "TrafficPolicyCount", json_integer(count + 1));
    }
    json_decref(versions);
    return summaries;
}

// --- create ------------------------------------------------------------------------------------------------

static bool refuse_document(struct call *call, const char *why)
{
    return REFUSE(call, "InvalidTrafficPolicyDocument", "The traffic policy document is not valid: %s.", why);
}

// What one rule's record sets would have wrong in any zone.
static bool check_group(struct call *call, const json_t *zone, const json_t *group)
{
    struct diagnostics *diagnostics = diagnostics_create();
    bool good = account_check_record_sets(call->edit, zone, json_object_get(group, "ResourceRecordSets"),
                                          diagnostics);
    if (!good) {
        const char *rule = ops_text(group, "Rule");
        struct buffer why;
        buffer_init(&why, 8192);
        buffer_format(&why, "%s%.64s: ", rule != NULL ? "rule " : "the start", rule != NULL ? rule : "");
        diagnostics_first(diagnostics, &why);
        refuse_document(call, buffer_string(&why));
        buffer_free(&why);
    }
    diagnostics_destroy(diagnostics);
    return good;
}

// As if there were an instance of it.
static bool check_record_sets(struct call *call)
{
    const struct traffic_instance sample = {
        .id = "00000000-0000-0000-0000-000000000000",
        .zone_id = "Z",
        .zone_name = "example.com.",
    };
    json_t *zone = json_pack("{s:s,s:s}", "Id", sample.zone_id, "Name", sample.zone_name);
    json_t *groups = traffic_document_groups(ops_text(call->input, "Document"), &sample);
    bool good = true;
    for (size_t i = 0; good && i < json_array_size(groups); i++) {
        good = check_group(call, zone, json_array_get(groups, i));
    }
    json_decref(groups);
    json_decref(zone);
    return good;
}

// only: the type that it must have; NULL: any.
static bool check_document(struct call *call, const char *only, const char **type)
{
    struct error error = {0};
    bool good = traffic_document_check(ops_text(call->input, "Document"), type, &error);
    if (good && only != NULL && strcmp(*type, only) != 0) {
        good = error_set(&error, "RecordType is %s in all versions", only);
    }
    return good ? check_record_sets(call) : refuse_document(call, error.text);
}

static bool check_new(struct call *call, const char *name)
{
    json_t *others = list_summaries(call);
    bool good = json_array_size(others) < POLICIES_MAX ||
                REFUSE(call, "TooManyTrafficPolicies",
                       "This account has %d traffic policies, which is the most (L22).", POLICIES_MAX);
    for (size_t i = 0; good && i < json_array_size(others); i++) {
        good = strcmp(ops_text(json_array_get(others, i), "Name"), name) != 0 ||
               REFUSE(call, "TrafficPolicyAlreadyExists",
                      "A traffic policy that has the name %s already exists.", name);
    }
    json_decref(others);
    return good;
}

// Keeps a version, and answers with it.
static void put_version(struct call *call, const char *id, json_int_t version, const char *name,
                        const char *type)
{
    char key[KEY_TEXT];
    json_t *policy = json_pack("{s:s,s:I,s:s,s:s,s:s,s:O*}", "Id", id, "Version", version, "Name", name,
                               "Type", type, "Document", ops_text(call->input, "Document"), "Comment",
                               json_object_get(call->input, "Comment"));
    key_of(id, version, key);
    ops_put(call, ACCOUNT_TRAFFIC_POLICY, key, policy);
    json_object_set_new(call->output, "TrafficPolicy", policy);
}

bool ops_create_traffic_policy(struct call *call)
{
    const char *name = ops_text(call->input, "Name");
    const char *type;
    char id[OPS_UUID];
    if (!check_document(call, NULL, &type) || !check_new(call, name)) {
        return false;
    }
    ops_new_uuid(call, id);
    put_version(call, id, 1, name, type);
    return true;
}

bool ops_create_traffic_policy_version(struct call *call)
{
    const char *id = ops_text(call->input, "Id");
    const char *type;
    json_t *versions = list_versions(call, id);
    const json_t *latest = json_array_get(versions, json_array_size(versions) - 1);
    bool good =
        (latest != NULL || refuse_missing(call)) && check_document(call, ops_text(latest, "Type"), &type);
    json_int_t version = json_integer_value(json_object_get(latest, "Version")) + 1;
    if (good && version > VERSIONS_MAX) {
        good = REFUSE(call, "TooManyTrafficPolicyVersionsForCurrentPolicy",
                      "This traffic policy has %d versions, which is the most (L22).", VERSIONS_MAX);
    }
    if (good) {
        put_version(call, id, version, ops_text(latest, "Name"), type);
    }
    json_decref(versions);
    return good;
}

// --- one version -------------------------------------------------------------------------------------------

bool ops_get_traffic_policy(struct call *call)
{
    json_t *policy = required_policy(call);
    if (policy != NULL) {
        json_object_set_new(call->output, "TrafficPolicy", policy);
    }
    return policy != NULL;
}

bool ops_delete_traffic_policy(struct call *call)
{
    json_t *policy = required_policy(call);
    if (policy == NULL) {
        return false;
    }
    char key[KEY_TEXT];
    const char *id = ops_text(policy, "Id");
    json_int_t version = json_integer_value(json_object_get(policy, "Version"));
    bool good = !ops_has_instances(call, id, version) ||
                REFUSE(call, "TrafficPolicyInUse",
                       "One or more traffic policy instances were created by using the specified traffic "
                       "policy.");
    if (good) {
        key_of(id, version, key);
        ops_delete(call, ACCOUNT_TRAFFIC_POLICY, key);
    }
    json_decref(policy);
    return good;
}

bool ops_update_traffic_policy_comment(struct call *call)
{
    json_t *policy = required_policy(call);
    if (policy != NULL) {
        char key[KEY_TEXT];
        json_object_set(policy, "Comment", json_object_get(call->input, "Comment"));
        key_of(ops_text(policy, "Id"), json_integer_value(json_object_get(policy, "Version")), key);
        ops_put(call, ACCOUNT_TRAFFIC_POLICY, key, policy);
        json_object_set_new(call->output, "TrafficPolicy", policy);
    }
    return policy != NULL;
}

// --- lists -------------------------------------------------------------------------------------------------

// Cuts a page out of all, which it takes, from the first at or behind start on; the marker names the first
// one that is left, and is there always, as the model has it.
static bool answer_page(struct call *call, const char *list, const char *marker, json_t *all,
                        bool (*has_begun)(const json_t *item, const char *start),
                        void (*name)(const json_t *item, char out[KEY_TEXT]))
{
    const char *start = ops_text(call->input, marker);
    char next[KEY_TEXT] = "";
    unsigned size;
    bool good = route53_page_size(&paging, call->input, &size, call->fault);
    json_t *page = json_array();
    for (size_t i = 0; good && next[0] == '\0' && i < json_array_size(all); i++) {
        json_t *item = json_array_get(all, i);
        if (start != NULL && !has_begun(item, start)) {
            continue;
        }
        if (json_array_size(page) == size) {
            name(item, next);
        } else {
            json_array_append(page, item);
        }
    }
    json_decref(all);
    json_object_set_new(call->output, list, page);
    json_object_set_new(call->output, "IsTruncated", json_boolean(next[0] != '\0'));
    json_object_set_new(call->output, marker, json_string(next));
    if (good) {
        route53_page_echo(&paging, size, call->output);
    }
    return good;
}

static bool id_has_begun(const json_t *item, const char *start)
{
    return strcmp(ops_text(item, "Id"), start) >= 0;
}

static void name_by_id(const json_t *item, char out[KEY_TEXT])
{
    snprintf(out, KEY_TEXT, "%s", ops_text(item, "Id"));
}

bool ops_list_traffic_policies(struct call *call)
{
    return answer_page(call, "TrafficPolicySummaries", "TrafficPolicyIdMarker", list_summaries(call),
                       id_has_begun, name_by_id);
}

static bool version_has_begun(const json_t *item, const char *start)
{
    uint32_t version;
    return !bytes_parse_u32(bytes_of(start), VERSIONS_MAX, &version) ||
           json_integer_value(json_object_get(item, "Version")) >= version;
}

static void name_by_version(const json_t *item, char out[KEY_TEXT])
{
    snprintf(out, KEY_TEXT, "%" JSON_INTEGER_FORMAT, json_integer_value(json_object_get(item, "Version")));
}

bool ops_list_traffic_policy_versions(struct call *call)
{
    json_t *versions = list_versions(call, ops_text(call->input, "Id"));
    if (json_array_size(versions) == 0) {
        json_decref(versions);
        return refuse_missing(call);
    }
    return answer_page(call, "TrafficPolicies", "TrafficPolicyVersionMarker", versions, version_has_begun,
                       name_by_version);
}
