// SPDX-License-Identifier: MIT
// Tags: API reference 3.6. The tag Name of a health check is also the name that nearwell prints.
#include <stdlib.h>
#include <string.h>

#include "ops.h"

enum { TAGS_MAX = 10, KEY_TEXT = 128 };

struct tagged {
    const char *type; // "healthcheck", "hostedzone"
    const char *id;
    char key[KEY_TEXT];
};

// The refusals of clients that send ids with their prefix, and of ids that nothing has.
static bool find_resource(struct call *call, const char *id, struct tagged *out)
{
    out->type = ops_text(call->input, "ResourceType");
    out->id = id;
    bool zone = out->type != NULL && strcmp(out->type, "hostedzone") == 0;
    if (!zone && (out->type == NULL || strcmp(out->type, "healthcheck") != 0)) {
        return REFUSE(call, "InvalidInput", "Invalid resource type: %s", out->type != NULL ? out->type : "");
    }
    size_t most = zone ? 32 : 64;
    if (strlen(id) > most) {
        char constraint[80];
        snprintf(constraint, sizeof constraint, "Member must have length less than or equal to %zu", most);
        return route53_fault_constraint(call->fault, id, "ResourceId", constraint);
    }
    if (zone && !ops_has(call, ACCOUNT_ZONE, id)) {
        return REFUSE(call, "NoSuchHostedZone", "No hosted zone found with ID: %s", id);
    }
    if (!zone && !ops_has(call, ACCOUNT_HEALTH_CHECK, id)) {
        return REFUSE(call, "NoSuchHealthCheck", "A health check with id %s does not exist.", id);
    }
    snprintf(out->key, sizeof out->key, "%s %s", out->type, id);
    return true;
}

static json_t *tags_of(const struct call *call, const struct tagged *resource)
{
    json_t *object = ops_get(call, ACCOUNT_TAGS, resource->key);
    json_t *tags = json_object_get(object, "Tags");
    json_t *copy = tags != NULL ? json_deep_copy(tags) : json_array();
    json_decref(object);
    return copy;
}

// --- ChangeTagsForResource ---------------------------------------------------------------------------------

static size_t find_tag(const json_t *tags, const char *key)
{
    size_t i = 0;
    while (i < json_array_size(tags) && strcmp(ops_text(json_array_get(tags, i), "Key"), key) != 0) {
        i++;
    }
    return i;
}

static bool add_tags(struct call *call, json_t *tags)
{
    size_t i;
    const json_t *tag;
    json_array_foreach(json_object_get(call->input, "AddTags"), i, tag)
    {
        const char *key = ops_text(tag, "Key");
        const char *value = ops_text(tag, "Value");
        if (key == NULL || key[0] == '\0') {
            return REFUSE(call, "InvalidInput", "A tag has a Key of 1 to 128 characters.");
        }
        json_t *added = json_pack("{s:s,s:s}", "Key", key, "Value", value != NULL ? value : "");
        size_t at = find_tag(tags, key);
        if (at < json_array_size(tags)) {
            json_array_set_new(tags, at, added);
        } else {
            json_array_append_new(tags, added);
        }
    }
    return true;
}

static void remove_tags(struct call *call, json_t *tags)
{
    size_t i;
    const json_t *key;
    json_array_foreach(json_object_get(call->input, "RemoveTagKeys"), i, key)
    {
        json_array_remove(tags, find_tag(tags, json_string_value(key))); // none: no change
    }
}

// A health check's Name is for people: status pages and logs.
static void name_check(struct call *call, const char *id, const json_t *tags)
{
    json_t *check = ops_get(call, ACCOUNT_HEALTH_CHECK, id);
    const char *held = ops_text(check, "Name");
    const char *name = ops_text(json_array_get(tags, find_tag(tags, "Name")), "Value");
    bool same = held == name || (held != NULL && name != NULL && strcmp(held, name) == 0);
    if (!same) {
        json_object_del(check, "Name");
        if (name != NULL) {
            json_object_set_new(check, "Name", json_string(name));
        }
        ops_put(call, ACCOUNT_HEALTH_CHECK, id, check);
    }
    json_decref(check);
}

static void put_tags(struct call *call, const struct tagged *resource, json_t *tags)
{
    if (json_array_size(tags) > 0) {
        json_t *object = json_pack("{s:O}", "Tags", tags);
        ops_put(call, ACCOUNT_TAGS, resource->key, object);
        json_decref(object);
    } else if (ops_has(call, ACCOUNT_TAGS, resource->key)) {
        ops_delete(call, ACCOUNT_TAGS, resource->key);
    }
    if (strcmp(resource->type, "healthcheck") == 0) {
        name_check(call, resource->id, tags);
    }
}

bool ops_change_tags_for_resource(struct call *call)
{
    struct tagged resource;
    const char *id = ops_text(call->input, "ResourceId");
    if (!find_resource(call, id != NULL ? id : "", &resource)) {
        return false;
    }
    if (json_object_get(call->input, "AddTags") == NULL &&
        json_object_get(call->input, "RemoveTagKeys") == NULL) {
        return REFUSE(call, "InvalidInput", "Either AddTags or RemoveTagKeys must be given.");
    }
    json_t *tags = tags_of(call, &resource);
    remove_tags(call, tags);
    bool good = add_tags(call, tags) &&
                (json_array_size(tags) <= TAGS_MAX ||
                 REFUSE(call, "InvalidInput", "A resource can have at most %d tags.", TAGS_MAX));
    if (good) {
        put_tags(call, &resource, tags);
    }
    json_decref(tags);
    return good;
}

// --- ListTagsForResource, ListTagsForResources -------------------------------------------------------------

static json_t *print_set(const struct call *call, const struct tagged *resource)
{
    return json_pack("{s:s,s:s,s:o}", "ResourceType", resource->type, "ResourceId", resource->id, "Tags",
                     tags_of(call, resource));
}

bool ops_list_tags_for_resource(struct call *call)
{
    struct tagged resource;
    const char *id = ops_text(call->input, "ResourceId");
    if (!find_resource(call, id != NULL ? id : "", &resource)) {
        return false;
    }
    json_object_set_new(call->output, "ResourceTagSet", print_set(call, &resource));
    return true;
}

bool ops_list_tags_for_resources(struct call *call)
{
    json_t *sets = json_array();
    size_t i;
    const json_t *id;
    bool good = true;
    json_array_foreach(json_object_get(call->input, "ResourceIds"), i, id)
    {
        struct tagged resource;
        good = good && find_resource(call, json_string_value(id), &resource);
        if (good) {
            json_array_append_new(sets, print_set(call, &resource));
        }
    }
    json_object_set_new(call->output, "ResourceTagSets", sets);
    return good;
}
