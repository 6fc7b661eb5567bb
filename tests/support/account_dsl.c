// SPDX-License-Identifier: MIT
#include "support/account_dsl.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/xalloc.h"
#include "core/account/compile.h"
#include "core/route53/response.h"
#include "support/policy_dsl.h"

enum { REPLY_LIMIT = 16 << 20 };

static struct policy *read_policy(const char *text)
{
    struct policy_dsl dsl;
    policy_dsl_read(&dsl, text, NULL, &(struct policy_options){.on_loopback = true});
    if (dsl.policy == NULL) {
        fail_msg("%s", buffer_string(&dsl.printed));
    }
    struct policy *policy = dsl.policy;
    dsl.policy = NULL;
    policy_dsl_free(&dsl);
    return policy;
}

static void merge(struct account_dsl *dsl, struct policy *policy, struct account_merge *report)
{
    struct diagnostics *diagnostics = diagnostics_create();
    struct account_edit *edit = account_edit_create(dsl->account);
    struct model *base = model_build(policy_spec(policy));
    account_edit_merge(edit, policy, report);
    if (!account_edit_compile(edit, base, diagnostics)) {
        struct buffer text;
        buffer_init(&text, REPLY_LIMIT);
        diagnostics_print(diagnostics, &text);
        fail_msg("%s", buffer_string(&text));
    }
    struct model *model = account_edit_take_model(edit);
    account_apply(edit);
    model_destroy(base);
    account_tidy(dsl->account);
    model_destroy(dsl->model);
    dsl->model = model;
    diagnostics_destroy(diagnostics);
}

void account_dsl_open(struct account_dsl *dsl, const char *policy)
{
    *dsl = (struct account_dsl){.now = {INT64_C(1767323045000000000)}};
    struct account_merge report = {0};
    random_seed(&dsl->ids, 1);
    dsl->account = account_create(read_policy("{}"), true);
    merge(dsl, read_policy(policy), &report);
}

void account_dsl_close(struct account_dsl *dsl)
{
    model_destroy(dsl->model);
    account_destroy(dsl->account);
    free(dsl->reply);
}

void account_dsl_reload(struct account_dsl *dsl, const char *policy, struct account_merge *report)
{
    merge(dsl, read_policy(policy), report);
}

static void set_reply(struct account_dsl *dsl, char *text)
{
    for (char *c = text; *c != '\0'; c++) {
        *c = *c == '"' ? '\'' : *c;
    }
    free(dsl->reply);
    dsl->reply = text;
}

static json_t *parse(const char *text)
{
    char *quoted = policy_dsl_quotes(text);
    json_error_t error;
    json_t *json = json_loads(quoted, 0, &error);
    if (json == NULL) {
        fail_msg("%s: %s", text, error.text);
    }
    free(quoted);
    return json;
}

// Where the service does not keep to its own model: ids with their paths are longer than ids may be, Marker
// is left out when the request had none, DelegationSet of private zones, and Tags may be none (API
// reference 1.3, 1.6, 3.6).
static void keep_to_model(json_t *output)
{
    const char *name;
    json_t *member;
    size_t i;
    json_t *item;
    if (json_array_size(json_object_get(output, "Tags")) == 0) {
        json_object_del(output, "Tags");
    }
    json_object_foreach(output, name, member)
    {
        const char *slash = strcmp(name, "Id") == 0 ? strrchr(json_string_value(member), '/') : NULL;
        if (slash != NULL) {
            char *bare = xstrdup(slash + 1);
            json_string_set(member, bare);
            free(bare);
        }
        keep_to_model(member);
        json_array_foreach(member, i, item)
        {
            keep_to_model(item);
        }
    }
}

static bool has_marker(enum route53_operation operation)
{
    return operation == ROUTE53_LIST_HOSTED_ZONES || operation == ROUTE53_LIST_HEALTH_CHECKS ||
           operation == ROUTE53_LIST_REUSABLE_DELEGATION_SETS;
}

static void check_output(enum route53_operation operation, const json_t *output)
{
    struct route53_fault fault = {0};
    json_t *copy = json_deep_copy(output);
    keep_to_model(copy);
    if (has_marker(operation) && json_object_get(copy, "Marker") == NULL) {
        json_object_set_new(copy, "Marker", json_string(""));
    }
    if (json_object_get(copy, "VPC") != NULL && json_object_get(copy, "HostedZone") != NULL) {
        json_object_set_new(copy, "DelegationSet", json_pack("{s:[s]}", "NameServers", "ns"));
    }
    if (!route53_output_check(operation, copy, &fault)) {
        fail_msg("%s: %s", fault.message, json_dumps(output, JSON_COMPACT));
    }
    json_decref(copy);
}

const char *account_dsl_call(struct account_dsl *dsl, const char *operation, const char *input_text)
{
    const struct route53_call_context context = {
        .account = dsl->account,
        .fleet = dsl->fleet,
        .view = dsl->view,
        .model = dsl->model,
        .now = dsl->now,
        .one_change_at_a_time = dsl->one_change_at_a_time,
        .ids = &dsl->ids,
    };
    enum route53_operation number = route53_operation_find(bytes_of(operation));
    if (number == ROUTE53_OPERATIONS) {
        fail_msg("no operation %s", operation);
    }
    json_t *input = parse(input_text);
    json_t *output = NULL;
    struct account_edit *edit = NULL;
    struct route53_fault fault = {0};
    if (route53_call(&context, number, input, &output, &edit, &fault)) {
        if (!route53_output_check(number, output, &fault)) {
            fail_msg("%s", fault.message);
        }
        check_output(number, output);
        set_reply(dsl, json_dumps(output, JSON_COMPACT));
        struct model *model = edit != NULL ? account_edit_take_model(edit) : NULL;
        if (model != NULL) {
            model_destroy(dsl->model);
            dsl->model = model;
        }
        if (edit != NULL) {
            account_apply(edit);
        }
    } else {
        assert_null(output);
        assert_null(edit);
        set_reply(dsl, xasprintf("%s: %s", fault.code, fault.message));
    }
    dsl->now = wall_add(dsl->now, DURATION_S(1));
    route53_fault_clear(&fault);
    json_decref(output);
    json_decref(input);
    return dsl->reply;
}

const char *account_dsl_at(struct account_dsl *dsl, const char *path)
{
    json_t *reply = parse(dsl->reply);
    const json_t *at = reply;
    char *copy = xstrdup(path);
    char *rest = copy;
    for (char *token = strtok_r(copy, "/", &rest); token != NULL; token = strtok_r(NULL, "/", &rest)) {
        at = json_is_array(at) ? json_array_get(at, strtoul(token, NULL, 10)) : json_object_get(at, token);
    }
    char *text = at == NULL           ? xstrdup("")
                 : json_is_string(at) ? xstrdup(json_string_value(at))
                                      : json_dumps(at, JSON_COMPACT | JSON_ENCODE_ANY);
    free(copy);
    json_decref(reply);
    free(dsl->reply);
    dsl->reply = NULL;
    set_reply(dsl, text);
    return dsl->reply;
}

void account_dsl_expect(struct account_dsl *dsl, const char *operation, const char *input, const char *wanted)
{
    const char *reply = account_dsl_call(dsl, operation, input);
    size_t len = strlen(wanted);
    bool open = len >= 3 && strcmp(wanted + len - 3, "...") == 0;
    if (open ? strncmp(reply, wanted, len - 3) != 0 : strcmp(reply, wanted) != 0) {
        fail_msg("%s %s\nwanted: %s\nfound:  %s", operation, input, wanted, reply);
    }
}

static void dump_object(const struct account_object *object, void *context)
{
    buffer_format(context, "%u %.*s %.*s\n", object->kind, (int)object->key.len,
                  (const char *)object->key.data, (int)object->text.len, (const char *)object->text.data);
}

char *account_dsl_dump(const struct account_dsl *dsl)
{
    struct buffer text;
    buffer_init(&text, REPLY_LIMIT);
    account_each(dsl->account, dump_object, &text);
    return text.data != NULL ? text.data : xstrdup("");
}

char *account_dsl_escape(const char *text)
{
    struct buffer escaped;
    buffer_init(&escaped, REPLY_LIMIT);
    for (; *text != '\0'; text++) {
        buffer_text(&escaped, *text == '\'' || *text == '\\' ? "\\" : "");
        buffer_char(&escaped, *text);
    }
    char *copy = xstrdup(buffer_string(&escaped));
    buffer_free(&escaped);
    return copy;
}
