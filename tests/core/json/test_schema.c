// SPDX-License-Identifier: MIT
// A table with a field of each kind: what is read, what is found wrong, and its JSON Schema.
#include "core/json/schema.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct inner {
    struct schema_node node;
    int64_t n;
};

struct outer {
    struct schema_node node;
    const char *text;
    bool flag;
    int64_t count;
    double ratio;
    uint32_t color;
    struct schema_strings words;
    struct inner *one;
    struct schema_objects many;
    struct schema_objects named;
    json_t *any;
};

static const char *const *colors(void)
{
    static const char *const names[] = {"red", "green", "blue", NULL};
    return names;
}

static void read_any(const struct schema_reader *reader, struct schema_node *node,
                     const struct schema_field *field, json_t *value, void *out)
{
    if (json_is_null(value)) {
        schema_finding(reader->diagnostics, DIAGNOSTIC_WARNING, node, field->name, "nothing here");
    }
    *(json_t **)out = value;
}

static const struct schema_field inner_fields[] = {
    {"N", "A number", SCHEMA_INTEGER, .required = true, .offset = offsetof(struct inner, n), .least = 1,
     .most = 9},
};
static const struct schema_table inner_table = {"Inner", "Inside", sizeof(struct inner), inner_fields, 1};

enum { TEXT, FLAG, COUNT, RATIO, COLOR, WORDS, ONE, MANY, NAMED, ANY, LATER, OLD };
#define AT(member) .offset = offsetof(struct outer, member)
static const struct schema_field outer_fields[] = {
    [TEXT] = {"Text", "Some text", SCHEMA_STRING, AT(text), .least = 2, .most = 4, .required = true},
    [FLAG] = {"Flag", "Yes or no", SCHEMA_BOOL, AT(flag), .defaulted = true, .fallback = 1},
    [COUNT] = {"Count", "How many", SCHEMA_INTEGER, AT(count), .least = -5, .most = 5, .defaulted = true,
               .fallback = 3},
    [RATIO] = {"Ratio", "How much", SCHEMA_NUMBER, AT(ratio), .nullable = true, .defaulted = true,
               .fallback = 0.5},
    [COLOR] = {"Color", "Which", SCHEMA_ENUM, AT(color), .choices = colors, .defaulted = true, .fallback = 2},
    [WORDS] = {"Words", "Several", SCHEMA_STRINGS, AT(words), .least = 0, .most = 2},
    [ONE] = {"One", "An object", SCHEMA_OBJECT, AT(one), .table = &inner_table},
    [MANY] = {"Many", "Objects", SCHEMA_OBJECTS, AT(many), .table = &inner_table},
    [NAMED] = {"Named", "Objects by name", SCHEMA_MAP, AT(named), .table = &inner_table},
    [ANY] = {"Any", "Anything", SCHEMA_CUSTOM, AT(any), .read = read_any, .shape = "{\"title\": \"any\"}"},
    [LATER] = {"Later", "Next year", SCHEMA_BOOL, .unsupported = "Later is not supported yet"},
    [OLD] = {"Old", "Not used", .kind = SCHEMA_IGNORED},
};
static const struct schema_table outer_table = {"Outer", "Outside", sizeof(struct outer), outer_fields, 12};

struct read {
    struct arena *arena;
    struct diagnostics *diagnostics;
    json_t *tree;
    struct outer outer;
    struct buffer printed;
};

static void print_line(const struct diagnostic *finding, void *context)
{
    buffer_format(context, "%u:%u %s\n", finding->line, finding->column, finding->message);
}

static void read_text(struct read *read, const char *text)
{
    *read = (struct read){.arena = arena_create(), .diagnostics = diagnostics_create()};
    buffer_init(&read->printed, 1 << 20);
    read->tree = json_loads(text, JSON_DECODE_ANY, NULL);
    assert_non_null(read->tree);
    diagnostics_file(read->diagnostics, "t", bytes_of(text));
    struct schema_reader reader = {read->arena, read->diagnostics};
    schema_read(&reader, &outer_table, read->tree, &read->outer);
    diagnostics_each(read->diagnostics, print_line, &read->printed);
}

static void free_read(struct read *read)
{
    json_decref(read->tree);
    arena_destroy(read->arena);
    diagnostics_destroy(read->diagnostics);
    buffer_free(&read->printed);
}

static void test_every_kind_is_read_into_its_member(void **state)
{
    (void)state;
    struct read read;
    read_text(
        &read,
        "{\"Text\": \"\u00e9\u00e9\u00e9\u00e9\", \"Flag\": false, \"Count\": -5, \"Ratio\": 2, \"Color\": "
        "\"green\","
        " \"Words\": [\"a\", \"b\"], \"One\": {\"N\": 1}, \"Many\": [{\"N\": 2}, {\"N\": 3}],"
        " \"Named\": {\"x\": {\"N\": 4}, \"y/z\": {\"N\": 5}}, \"Any\": [], \"Later\": false, \"Old\": 7}");
    assert_string_equal(buffer_string(&read.printed), "");
    const struct outer *outer = &read.outer;
    assert_string_equal(outer->text, "\u00e9\u00e9\u00e9\u00e9");
    assert_false(outer->flag);
    assert_int_equal(outer->count, -5);
    assert_true(outer->ratio == 2);
    assert_int_equal(outer->color, 1);
    assert_int_equal(outer->words.count, 2);
    assert_string_equal(outer->words.items[1], "b");
    assert_int_equal(outer->one->n, 1);
    const struct inner *many = outer->many.items;
    assert_int_equal(outer->many.count, 2);
    assert_int_equal(many[1].n, 3);
    const struct inner *named = outer->named.items;
    assert_string_equal(named[1].node.key, "y/z");
    assert_int_equal(named[1].n, 5);
    assert_true(json_is_array(outer->any));
    assert_int_equal(outer->node.given & schema_bit(LATER), 0); // false says nothing
    assert_int_equal(outer->node.valid, schema_bit(OLD + 1) - 1 - schema_bit(LATER));
    free_read(&read);
}

static void test_what_is_absent_has_its_default_and_is_not_given(void **state)
{
    (void)state;
    struct read read;
    read_text(&read, "{\"Text\": \"ab\", \"Ratio\": null}");
    assert_string_equal(buffer_string(&read.printed), "");
    assert_true(read.outer.flag);
    assert_int_equal(read.outer.count, 3);
    assert_true(read.outer.ratio == 0.5);
    assert_int_equal(read.outer.color, 2);
    assert_null(read.outer.one);
    assert_int_equal(read.outer.node.given, schema_bit(TEXT));
    free_read(&read);
}

static void test_every_finding_is_made_at_its_place(void **state)
{
    (void)state;
    struct read read;
    read_text(&read,
              "{\"Text\": \"a\",\n\"Flag\": 1,\n\"Count\": 6,\n\"Ratio\": \"x\",\n\"Color\": \"gren\",\n"
              "\"Words\": [\"a\", 5, null],\n\"One\": {\"M\": 1},\n\"Many\": [{\"N\": 1}, 2, {\"N\": 0}],\n"
              "\"Named\": {\"y/z\": {\"N\": 1.5}},\n\"Any\": null,\n\"Later\": true,\n\"Txt\": 1,\n"
              "\"Much~too/strange\": 1}");
    assert_string_equal(buffer_string(&read.printed),
                        "1:10 Text must have 2 to 4 characters, not 1\n"
                        "2:9 Flag must be true or false, not the number 1\n"
                        "3:10 Count must be from -5 to 5, not 6\n"
                        "4:10 Ratio must be a number, not the string 'x'\n"
                        "5:10 unknown Color 'gren'; did you mean 'green'?\n"
                        "6:10 Words must have at most 2 items, not 3\n"
                        "6:16 Words must hold strings, not the number 5\n"
                        "6:19 Words must hold strings, not null\n"
                        "7:8 missing field 'N'\n"
                        "7:9 unknown field 'M'; did you mean 'N'?\n"
                        "8:20 this must be an object (Inner), not the number 2\n"
                        "8:29 N must be from 1 to 9, not 0\n"
                        "9:24 N must be an integer, not the number 1.5\n"
                        "10:8 nothing here\n"
                        "11:1 Later is not supported yet\n"
                        "12:1 unknown field 'Txt'; did you mean 'Text'?\n"
                        "13:1 unknown field 'Much~too/strange' of Outer\n");
    assert_int_equal(read.outer.node.valid & schema_bit(TEXT), 0);
    assert_int_equal(read.outer.node.given & schema_bit(TEXT), schema_bit(TEXT));
    free_read(&read);
}

static void test_an_outermost_value_of_another_type_is_one_finding(void **state)
{
    (void)state;
    static const char *const cases[] = {"1", "1.5", "null", "true", "\"x\"", "[1]"};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct read read;
        read_text(&read, cases[i]);
        assert_int_equal(diagnostics_errors(read.diagnostics), 1);
        assert_int_equal(read.outer.node.given, 0);
        free_read(&read);
    }
}

static void test_the_json_schema_says_what_the_table_says(void **state)
{
    (void)state;
    json_t *schema = schema_print(&outer_table, "outer.json");
    json_t *wanted = json_loads(
        "{\"Text\": {\"description\": \"Some text\", \"type\": \"string\", \"minLength\": 2, \"maxLength\": "
        "4},"
        "\"Flag\": {\"description\": \"Yes or no\", \"type\": \"boolean\", \"default\": true},"
        "\"Count\": {\"description\": \"How many\", \"type\": \"integer\", \"minimum\": -5, \"maximum\": 5,"
        " \"default\": 3},"
        "\"Ratio\": {\"description\": \"How much\", \"type\": [\"number\", \"null\"], \"default\": 0.5},"
        "\"Color\": {\"description\": \"Which\", \"type\": \"string\", \"enum\": [\"red\", \"green\", "
        "\"blue\"],"
        " \"default\": \"blue\"},"
        "\"Words\": {\"description\": \"Several\", \"type\": \"array\", \"minItems\": 0, \"maxItems\": 2,"
        " \"items\": {\"type\": \"string\"}},"
        "\"Any\": {\"description\": \"Anything\", \"title\": \"any\"},"
        "\"Later\": {\"description\": \"Next year (not supported yet)\", \"type\": \"boolean\"},"
        "\"Old\": {\"description\": \"Not used\"}}",
        0, NULL);
    json_t *inner =
        json_loads("{\"description\": \"Inside\", \"type\": \"object\", \"properties\": {\"N\": {"
                   "\"description\": \"A number\", \"type\": \"integer\", \"minimum\": 1, \"maximum\": 9}},"
                   "\"required\": [\"N\"], \"additionalProperties\": false}",
                   0, NULL);
    const json_t *properties = json_object_get(schema, "properties");
    const char *name;
    json_t *value;
    json_object_foreach(wanted, name, value)
    {
        assert_true(json_equal(json_object_get(properties, name), value));
    }
    assert_int_equal(json_object_size(properties), 12);
    assert_true(json_equal(json_object_get(json_object_get(properties, "Many"), "items"), inner));
    assert_true(
        json_equal(json_object_get(json_object_get(properties, "Named"), "additionalProperties"), inner));
    assert_true(json_is_false(json_object_get(schema, "additionalProperties")));
    assert_string_equal(json_string_value(json_array_get(json_object_get(schema, "required"), 0)), "Text");
    json_decref(schema);
    json_decref(wanted);
    json_decref(inner);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_kind_is_read_into_its_member),
        cmocka_unit_test(test_what_is_absent_has_its_default_and_is_not_given),
        cmocka_unit_test(test_every_finding_is_made_at_its_place),
        cmocka_unit_test(test_an_outermost_value_of_another_type_is_one_finding),
        cmocka_unit_test(test_the_json_schema_says_what_the_table_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
