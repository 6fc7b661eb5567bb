// SPDX-License-Identifier: MIT
// The JSON Schemas beside the policies say what the field tables say. NEARWELL_UPDATE=1 writes them.
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/policy/fields.h"
#include "core/scenario/fields.h"
#include "support/policy_dsl.h"

static const struct {
    const char *path;
    const struct schema_table *table;
} schemas[] = {
    {"policies/policy.schema.json", &policy_schema},
    {"policies/latency.schema.json", &policy_latency_schema},
    {"policies/population.schema.json", &policy_population_schema},
    {"scenarios/scenario.schema.json", &scenario_schema},
};

static char *print(const struct schema_table *table, const char *path)
{
    json_t *schema = schema_print(table, strrchr(path, '/') + 1);
    char *body = json_dumps(schema, JSON_INDENT(2) | JSON_REAL_PRECISION(10));
    size_t size = strlen(body) + 2;
    char *text = malloc(size);
    assert_non_null(text);
    snprintf(text, size, "%s\n", body);
    free(body);
    json_decref(schema);
    return text;
}

static void test_schema_files_are_those_of_the_field_tables(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof schemas / sizeof schemas[0]; i++) {
        char *wanted = print(schemas[i].table, schemas[i].path);
        if (getenv("NEARWELL_UPDATE") != NULL) {
            FILE *file = fopen(schemas[i].path, "wb");
            assert_non_null(file);
            fputs(wanted, file);
            assert_int_equal(fclose(file), 0);
        }
        size_t len;
        char *found = policy_dsl_file_text(schemas[i].path, &len);
        assert_string_equal(found, wanted);
        free(found);
        free(wanted);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_schema_files_are_those_of_the_field_tables),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
