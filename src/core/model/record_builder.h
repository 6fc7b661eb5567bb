// SPDX-License-Identifier: MIT
// The values of a set, frozen as the records that go out on the wire.
#ifndef NEARWELL_CORE_MODEL_RECORD_BUILDER_H
#define NEARWELL_CORE_MODEL_RECORD_BUILDER_H

#include "base/arena.h"
#include "core/model/builder.h"

// Fills records, their length and their count from the spec's type, TTL and values.
void record_builder_freeze(struct arena *arena, const struct record_set_spec *spec, struct record_set *out);

#endif
