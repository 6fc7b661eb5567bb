// SPDX-License-Identifier: MIT
// Made from the field tables themselves: each field of each table with each type of value. What is of the
// wrong type is an error at the field, whatever stands around it, and nothing worse.
#include "core/policy/fields.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/model/health_check.h"
#include "core/model/region.h"
#include "core/policy/read.h"

enum { DEPTH_MAX = 16, VALUES = 8 };

// The way from the root to a table: how to wrap one of its objects into a whole policy.
struct path {
    const struct schema_table *tables[DEPTH_MAX];
    const struct schema_field *fields[DEPTH_MAX]; // fields[i] of tables[i] holds tables[i + 1]
    unsigned depth;
};

static unsigned tried;

static json_t *wrap(const struct path *path, json_t *object)
{
    for (unsigned i = path->depth; i-- > 0;) {
        const struct schema_field *field = path->fields[i];
        json_t *value = field->kind == SCHEMA_OBJECTS ? json_pack("[o]", object)
                        : field->kind == SCHEMA_MAP   ? json_pack("{so}", "DE", object)
                                                      : object;
        object = json_pack("{so}", field->name, value);
    }
    return object;
}

static size_t errors_of(json_t *policy, bool print)
{
    char *text = json_dumps(policy, 0);
    struct policy_options options = {.on_loopback = true, .aws_warnings = true};
    struct diagnostics *diagnostics = diagnostics_create();
    struct policy *read = policy_read("p.json", bytes_of(text), &options, diagnostics);
    size_t errors = diagnostics_errors(diagnostics);
    assert_int_equal(read == NULL, errors > 0);
    struct buffer out;
    buffer_init(&out, 1 << 20);
    diagnostics_print(diagnostics, &out);
    if (print) {
        print_error("%s\n%s", text, buffer_string(&out));
    }
    buffer_free(&out);
    policy_destroy(read);
    diagnostics_destroy(diagnostics);
    free(text);
    return errors;
}

static bool accepts(const struct schema_field *field, const json_t *value)
{
    switch (field->kind) {
    case SCHEMA_STRING:
    case SCHEMA_ENUM:
        return json_is_string(value);
    case SCHEMA_BOOL:
        return json_is_boolean(value);
    case SCHEMA_INTEGER:
        return json_is_integer(value);
    case SCHEMA_NUMBER:
        return json_is_number(value);
    case SCHEMA_STRINGS:
    case SCHEMA_OBJECTS:
        return json_is_array(value);
    case SCHEMA_OBJECT:
    case SCHEMA_MAP:
        return json_is_object(value);
    case SCHEMA_CUSTOM:
        return json_is_object(value) || json_is_string(value) || json_is_array(value);
    case SCHEMA_IGNORED:
        return true;
    }
    return false;
}

static void try_field(const struct path *path, const struct schema_field *field)
{
    json_t *values[VALUES] = {json_null(),     json_true(),         json_integer(-7), json_real(1.5),
                              json_string(""), json_string("x\n/"), json_pack("[n]"), json_pack("{sn}", "x")};
    for (unsigned i = 0; i < VALUES; i++) {
        bool refused = !accepts(field, values[i]) && !(field->nullable && json_is_null(values[i]));
        json_t *policy = wrap(path, json_pack("{sO}", field->name, values[i]));
        size_t errors = errors_of(policy, false);
        if (refused && errors == 0) {
            errors_of(policy, true);
            fail_msg("%s took a value of the wrong type", field->name);
        }
        tried++;
        json_decref(policy);
        json_decref(values[i]);
    }
}

static void try_table(struct path *path, const struct schema_table *table)
{
    path->tables[path->depth] = table;
    for (size_t i = 0; i < table->count; i++) {
        const struct schema_field *field = &table->fields[i];
        try_field(path, field);
        if (field->table != NULL) {
            path->fields[path->depth++] = field;
            try_table(path, field->table);
            path->depth--;
        }
    }
}

static void test_every_field_refuses_values_of_other_types(void **state)
{
    (void)state;
    struct path path = {.depth = 0};
    tried = 0;
    try_table(&path, &policy_schema);
    assert_true(tried > 100 * VALUES); // the tables were walked
}

static void test_every_field_says_what_it_is_for(void **state)
{
    (void)state;
    static const struct schema_table *const tables[] = {
        &policy_schema,      &policy_latency_schema,      &policy_population_schema,
        &policy_zone_schema, &policy_health_check_schema, &policy_simulator_schema};
    for (size_t t = 0; t < sizeof tables / sizeof tables[0]; t++) {
        assert_true(tables[t]->count <= 64);
        for (size_t i = 0; i < tables[t]->count; i++) {
            const struct schema_field *field = &tables[t]->fields[i];
            assert_non_null(field->name); // a number of the enum without a row
            assert_non_null(field->help);
            if (field->shape != NULL) {
                json_t *shape = json_loads(field->shape, 0, NULL);
                assert_non_null(shape);
                json_decref(shape);
            }
        }
    }
}

static void test_choices_are_in_the_order_of_the_model(void **state)
{
    (void)state;
    const char *const *types = policy_health_check_types();
    for (int i = 0; i < HEALTH_CHECK_TYPES; i++) {
        assert_string_equal(types[i], health_check_type_name((enum health_check_type)i));
    }
    assert_null(types[HEALTH_CHECK_TYPES]);
    for (uint8_t i = 0; i < REGION_COUNT; i++) {
        assert_string_equal(region_codes()[i], region_at(i)->code);
    }
    const struct schema_table *config = policy_health_check_schema.fields[HEALTH_CHECK_CONFIG].table;
    const char *const *checkers = config->fields[CHECK_REGIONS].choices();
    for (unsigned i = 0; i < CHECKER_REGION_COUNT; i++) {
        bool found = false;
        for (unsigned k = 0; checkers[k] != NULL; k++) {
            found = found || strcmp(checkers[k], region_at(checker_region_at(i))->code) == 0;
        }
        assert_true(found);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_field_refuses_values_of_other_types),
        cmocka_unit_test(test_every_field_says_what_it_is_for),
        cmocka_unit_test(test_choices_are_in_the_order_of_the_model),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
