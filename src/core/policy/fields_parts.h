// SPDX-License-Identifier: MIT
// Tables that other tables of this folder nest.
#ifndef NEARWELL_CORE_POLICY_FIELDS_PARTS_H
#define NEARWELL_CORE_POLICY_FIELDS_PARTS_H

#include "core/json/schema.h"

extern const struct schema_table policy_prefix_schema; // struct policy_prefix

extern const struct schema_table policy_provenance_schema; // struct latency_provenance

// For SCHEMA_CUSTOM: an object of numbers, kept as a json_t * to read when the names are known.
void policy_read_numbers(const struct schema_reader *reader, struct schema_node *node,
                         const struct schema_field *field, json_t *value, void *out);
#define NUMBERS_SHAPE "{\"type\": \"object\", \"additionalProperties\": {\"type\": \"number\"}}"

#define TABLE_COUNT(fields) (sizeof(fields) / sizeof((fields)[0]))

#endif
