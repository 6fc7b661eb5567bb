// SPDX-License-Identifier: MIT
// Expectations: when each must hold, of what question, and where it stands in the file.
#include <stdio.h>
#include <string.h>

#include "core/dns/rrtype.h"
#include "script.h"

static bool has(const struct expectation_fields *fields, unsigned field)
{
    return (fields->node.given & schema_bit(field)) != 0;
}

static bool usable(const struct expectation_fields *fields, unsigned field)
{
    return (fields->node.valid & schema_bit(field)) != 0;
}

// --- when --------------------------------------------------------------------------------------------------

static const struct script_event *labelled(const struct scenario *scenario, const char *label)
{
    for (uint32_t i = 0; i < scenario->event_count; i++) {
        const char *own = scenario->events[i].fields->label;
        if (own != NULL && strcmp(own, label) == 0) {
            return &scenario->events[i];
        }
    }
    return NULL;
}

static void read_within(const struct script_reading *reading, struct script_expectation *out)
{
    const struct expectation_fields *fields = out->fields;
    duration at = 0;
    duration within = 0;
    out->when = WHEN_WITHIN;
    if (!has(fields, EXPECT_WITHIN)) {
        SCRIPT_REFUSE(reading, &fields->node, "After", "After needs Within: how soon it must come true");
        return;
    }
    const struct script_event *event = labelled(reading->scenario, fields->after);
    if (event != NULL) {
        at = event->at.ns;
    } else if (!duration_parse(bytes_of(fields->after), &at)) {
        SCRIPT_REFUSE(reading, &fields->node, "After",
                      "no event has the Label '%s', and it is no time either", fields->after);
    }
    if (usable(fields, EXPECT_WITHIN)) {
        script_time(reading, &fields->node, "Within", fields->within, &within);
    }
    out->from = (mono_time){at};
    out->until = mono_add(out->from, within);
}

static void read_throughout(const struct script_reading *reading, struct script_expectation *out)
{
    const struct expectation_fields *fields = out->fields;
    duration from = 0;
    duration until = INT64_MAX;
    out->when = WHEN_THROUGHOUT;
    if (usable(fields, EXPECT_FROM)) {
        script_time(reading, &fields->node, "From", fields->from, &from);
    }
    if (usable(fields, EXPECT_UNTIL) && script_time(reading, &fields->node, "Until", fields->until, &until) &&
        until < from) {
        SCRIPT_REFUSE(reading, &fields->node, "Until", "Until is before From");
    }
    out->from = (mono_time){from};
    out->until = (mono_time){until};
}

static void read_when(const struct script_reading *reading, struct script_expectation *out)
{
    const struct expectation_fields *fields = out->fields;
    bool at = has(fields, EXPECT_AT);
    bool range = has(fields, EXPECT_FROM) || has(fields, EXPECT_UNTIL);
    bool after = has(fields, EXPECT_AFTER) || has(fields, EXPECT_WITHIN);
    duration time = 0;
    if (at + range + after > 1) {
        SCRIPT_REFUSE(
            reading, &fields->node, "",
            "an expectation holds either At a time, From and Until, or After something Within a time");
    } else if (at) {
        out->when = WHEN_AT;
        if (usable(fields, EXPECT_AT)) {
            script_time(reading, &fields->node, "At", fields->at, &time);
        }
        out->from = out->until = (mono_time){time};
    } else if (usable(fields, EXPECT_AFTER)) {
        read_within(reading, out);
    } else if (after) {
        SCRIPT_REFUSE(reading, &fields->node, "", "Within needs After: an event's Label or a time");
    } else if (range || has(fields, EXPECT_NEVER)) {
        read_throughout(reading, out);
    } else {
        SCRIPT_REFUSE(reading, &fields->node, "", "when? Give At, or From and Until, or After and Within");
    }
}

// --- what --------------------------------------------------------------------------------------------------

static void read_what(const struct script_reading *reading, struct script_expectation *out)
{
    const struct expectation_fields *fields = out->fields;
    bool health = has(fields, EXPECT_STATUS) || has(fields, EXPECT_CHECKERS_HEALTHY);
    out->what = (has(fields, EXPECT_ANSWER) ? WHAT_ANSWER : 0U) |
                (has(fields, EXPECT_EXPLANATION) ? WHAT_EXPLANATION : 0U) |
                (has(fields, EXPECT_SHARE) ? WHAT_SHARE : 0U) | (health ? WHAT_HEALTH : 0U) |
                (has(fields, EXPECT_NEVER) ? WHAT_NEVER : 0U);
    if (out->what == 0) {
        SCRIPT_REFUSE(
            reading, &fields->node, "",
            "nothing is expected; give Answer, Explanation, Share, Status, CheckersHealthy or Never");
    }
    if (health != has(fields, EXPECT_HEALTH_CHECK_ID)) {
        SCRIPT_REFUSE(reading, &fields->node, "", "HealthCheckId goes with Status or CheckersHealthy");
    }
    if (has(fields, EXPECT_CLIENT) + has(fields, EXPECT_CLIENTS) + has(fields, EXPECT_EVERYWHERE) > 1) {
        SCRIPT_REFUSE(reading, &fields->node, "", "give one of Client, Clients and Everywhere");
    }
    bool dead = usable(fields, EXPECT_NEVER) && fields->never == 1;
    if (has(fields, EXPECT_LONGER_THAN) && !dead) {
        SCRIPT_REFUSE(reading, &fields->node, "LongerThan", "LongerThan goes with Never DeadSite");
    } else if (usable(fields, EXPECT_LONGER_THAN)) {
        script_time(reading, &fields->node, "LongerThan", fields->longer_than, &out->longer_than);
    }
    if (out->when == WHEN_WITHIN && (out->what & WHAT_NEVER) != 0) {
        SCRIPT_REFUSE(reading, &fields->node, "Never", "Never goes with From and Until");
    }
}

// --- the question ------------------------------------------------------------------------------------------

static uint32_t add_question(struct scenario *scenario, const struct dns_name *name, uint16_t type)
{
    for (uint32_t i = 0; i < scenario->question_count; i++) {
        const struct script_question *known = &scenario->questions[i];
        if (known->type == type && known->name.len == name->len &&
            memcmp(known->name.wire, name->wire, name->len) == 0) {
            return i;
        }
    }
    struct script_question *question = &scenario->questions[scenario->question_count];
    char text[DNS_NAME_TEXT];
    char type_text[DNS_TYPE_TEXT];
    question->name = *name;
    question->type = type;
    dns_name_format_plain(name, text);
    dns_rrtype_format(type, type_text);
    snprintf(question->text, sizeof question->text, "%s %s", text, type_text);
    return scenario->question_count++;
}

static void read_question(const struct script_reading *reading, const struct schema_node *node,
                          const char *name_text, const char *type_text, uint32_t *out)
{
    const struct scenario_fields *whole = reading->scenario->fields;
    struct dns_name name;
    uint16_t type = DNS_TYPE_A;
    struct error error = {0};
    const char *word = type_text != NULL ? type_text : whole->type;
    if (word != NULL && !dns_rrtype_parse(bytes_of(word), &type)) {
        SCRIPT_REFUSE(reading, type_text != NULL ? node : &whole->node, "Type", "'%s' is not a record type",
                      word);
    }
    word = name_text != NULL ? name_text : whole->name;
    if (word == NULL) {
        SCRIPT_REFUSE(reading, node, "", "Name is missing, here and in the scenario: what is asked?");
    } else if (!dns_name_parse(bytes_of(word), &name, &error)) {
        SCRIPT_REFUSE(reading, name_text != NULL ? node : &whole->node, "Name", "%s", error.text);
    } else {
        *out = add_question(reading->scenario, &name, type);
    }
}

// --- places in the file ------------------------------------------------------------------------------------

struct places {
    unsigned *line; // of the first item; the others follow at a distance
    unsigned *column;
    size_t stride;
};

static void take_place(const struct diagnostic *finding, void *context)
{
    struct places *places = context;
    *places->line = finding->line;
    *places->column = finding->column;
    places->line = (unsigned *)(void *)((char *)places->line + places->stride);
    places->column = (unsigned *)(void *)((char *)places->column + places->stride);
}

// The items of a list stand in the file in their own order.
static void find_places(const struct scenario *scenario, struct bytes text, const struct schema_node *nodes,
                        size_t node_size, uint32_t count, struct places places)
{
    struct diagnostics *diagnostics = diagnostics_create();
    diagnostics_file(diagnostics, scenario->name, text);
    for (uint32_t i = 0; i < count; i++) {
        const struct schema_node *node = (const void *)((const char *)nodes + i * node_size);
        schema_finding(diagnostics, DIAGNOSTIC_WARNING, node, "", "here");
    }
    diagnostics_each(diagnostics, take_place, &places);
    diagnostics_destroy(diagnostics);
}

static void find_all_places(struct scenario *scenario, struct bytes text)
{
    struct script_event *events = scenario->events;
    struct script_expectation *expectations = scenario->expectations;
    if (scenario->event_count > 0) {
        find_places(scenario, text, scenario->fields->events.items, sizeof(struct event_fields),
                    scenario->event_count, (struct places){&events->line, &events->column, sizeof *events});
    }
    if (scenario->expectation_count > 0) {
        find_places(scenario, text, scenario->fields->expectations.items, sizeof(struct expectation_fields),
                    scenario->expectation_count,
                    (struct places){&expectations->line, &expectations->column, sizeof *expectations});
    }
}

// The run lasts until the last expectation.
static void extend(const struct script_reading *reading, const struct script_expectation *expectation)
{
    struct scenario *scenario = reading->scenario;
    mono_time last = expectation->until.ns == INT64_MAX ? expectation->from : expectation->until;
    bool said = (scenario->fields->node.valid & schema_bit(SCENARIO_END)) != 0;
    if (!said && mono_before(scenario->end, last)) {
        scenario->end = last;
    } else if (mono_before(scenario->end, last)) {
        SCRIPT_REFUSE(reading, &expectation->fields->node, "", "this is after the End");
    }
}

void script_read_expectations(struct script_reading *reading, struct bytes text)
{
    struct scenario *scenario = reading->scenario;
    const struct schema_objects *list = &scenario->fields->expectations;
    const struct expectation_fields *items = list->items;
    if (list->count > SCENARIO_EXPECTATIONS_MAX) {
        SCRIPT_REFUSE(reading, &scenario->fields->node, "Expectations", "more than %d expectations",
                      SCENARIO_EXPECTATIONS_MAX);
        return;
    }
    scenario->expectations = arena_new(reading->schema.arena, struct script_expectation, list->count);
    scenario->questions = arena_new(reading->schema.arena, struct script_question, list->count + 1);
    if (scenario->fields->name != NULL) {
        uint32_t ignored;
        read_question(reading, &scenario->fields->node, NULL, NULL, &ignored);
    }
    for (size_t i = 0; i < list->count; i++) {
        struct script_expectation *expectation = &scenario->expectations[scenario->expectation_count++];
        expectation->fields = &items[i];
        read_when(reading, expectation);
        read_what(reading, expectation);
        if ((expectation->what & ~(unsigned)WHAT_HEALTH) != 0) {
            read_question(reading, &items[i].node, items[i].name, items[i].type, &expectation->question);
        }
        extend(reading, expectation);
    }
    find_all_places(scenario, text);
}
