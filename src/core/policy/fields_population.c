// SPDX-License-Identifier: MIT
// The field tables of a population.
#include "fields.h"
#include "fields_parts.h"

void policy_read_numbers(const struct schema_reader *reader, struct schema_node *node,
                         const struct schema_field *field, json_t *value, void *out)
{
    if (json_is_object(value)) {
        *(json_t **)out = value;
        return;
    }
    char found[SCHEMA_TEXT];
    schema_describe(value, found);
    schema_finding(reader->diagnostics, DIAGNOSTIC_ERROR, node, field->name,
                   "%s must be an object of numbers, not %s", field->name, found);
}

#define AT(member) .offset = offsetof(struct population_text, member)
static const struct schema_field population_fields[] = {
    [POPULATION_PROVENANCE] = {"Provenance", "Where the numbers come from", SCHEMA_OBJECTS, AT(provenance),
                               .table = &policy_provenance_schema},
    [POPULATION_PLACES] = {"Places",
                           "How many clients are in each place, in any unit: only shares of the sum count",
                           SCHEMA_CUSTOM, AT(places), .read = policy_read_numbers, .shape = NUMBERS_SHAPE,
                           .required = true},
    {"$schema", "For editors", SCHEMA_IGNORED, .shape = "{\"type\": \"string\"}"},
    {"Comment", "For people", .kind = SCHEMA_IGNORED},
};
#undef AT

const struct schema_table policy_population_schema = {"Population", "Where the clients of the world are",
                                                      sizeof(struct population_text), population_fields,
                                                      TABLE_COUNT(population_fields)};
