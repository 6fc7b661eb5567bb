// SPDX-License-Identifier: MIT
// Tables that other tables of this folder nest.
#ifndef NEARWELL_CORE_POLICY_FIELDS_PARTS_H
#define NEARWELL_CORE_POLICY_FIELDS_PARTS_H

#include "core/json/schema.h"

extern const struct schema_table policy_prefix_schema; // struct policy_prefix

#define TABLE_COUNT(fields) (sizeof(fields) / sizeof((fields)[0]))

#endif
