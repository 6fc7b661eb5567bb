// SPDX-License-Identifier: MIT
#include "core/account/compile.h"

#include <assert.h>

#include "core/account/record_set.h"
#include "state.h"

static json_t *parse(struct bytes text)
{
    json_t *object = json_loadb((const char *)text.data, text.len, 0, NULL);
    assert(object != NULL); // the account wrote it
    return object;
}

// --- sections ----------------------------------------------------------------------------------------------

static bool is_of(const struct account_object *record_set, const char *prefix, size_t len)
{
    return record_set->key.len >= len && memcmp(record_set->key.data, prefix, len) == 0;
}

static json_t *record_sets_of(const struct account_edit *edit, struct bytes zone_id)
{
    json_t *list = json_array();
    struct account_cursor cursor;
    struct account_object object;
    struct buffer prefix;
    buffer_init(&prefix, ACCOUNT_KEY_LIMIT);
    account_zone_prefix(&prefix, (const char *)zone_id.data);
    account_seek(&cursor, edit, ACCOUNT_RECORD_SET, buffer_bytes(&prefix));
    while (account_next(&cursor, &object) && is_of(&object, prefix.data, prefix.len)) {
        json_array_append_new(list, parse(object.text));
    }
    buffer_free(&prefix);
    return list;
}

static json_t *zones_of(const struct account_edit *edit)
{
    json_t *list = json_array();
    struct account_cursor cursor;
    struct account_object object;
    account_seek(&cursor, edit, ACCOUNT_ZONE, bytes_of(""));
    while (account_next(&cursor, &object)) {
        json_t *zone = parse(object.text);
        json_object_del(zone, "DelegationSetId");
        json_object_set_new(zone, "ResourceRecordSets", record_sets_of(edit, object.key));
        json_array_append_new(list, zone);
    }
    return list;
}

static json_t *objects_of(const struct account_edit *edit, enum account_kind kind)
{
    json_t *list = json_array();
    struct account_cursor cursor;
    struct account_object object;
    account_seek(&cursor, edit, kind, bytes_of(""));
    while (account_next(&cursor, &object)) {
        json_array_append_new(list, parse(object.text));
    }
    return list;
}

// --- the model ---------------------------------------------------------------------------------------------

static bool touches_model(const struct account_edit *edit)
{
    static const enum account_kind kinds[] = {ACCOUNT_ZONE, ACCOUNT_RECORD_SET, ACCOUNT_HEALTH_CHECK,
                                              ACCOUNT_CIDR_COLLECTION};
    bool touched = edit->policy != NULL;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        touched = touched || edit->tables[kinds[i]].count > 0;
    }
    return touched;
}

bool account_edit_compile(struct account_edit *edit, const struct model *base,
                          struct diagnostics *diagnostics)
{
    (void)base;
    if (!touches_model(edit)) {
        return true;
    }
    const struct account *account = edit->account;
    const struct policy *rest = edit->policy != NULL ? edit->policy : account->policy;
    json_t *sections = json_object();
    json_object_set_new(sections, "HostedZones", zones_of(edit));
    json_object_set_new(sections, "HealthChecks", objects_of(edit, ACCOUNT_HEALTH_CHECK));
    json_object_set_new(sections, "CidrCollections", objects_of(edit, ACCOUNT_CIDR_COLLECTION));
    struct policy *policy = policy_read_over(rest, sections, &account->options, diagnostics);
    json_decref(sections);
    if (policy == NULL) {
        return false;
    }
    model_destroy(edit->model);
    edit->model = model_build(policy_spec(policy));
    policy_destroy(policy);
    return true;
}

struct model *account_edit_take_model(struct account_edit *edit)
{
    struct model *model = edit->model;
    edit->model = NULL;
    return model;
}
