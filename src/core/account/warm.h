// SPDX-License-Identifier: MIT
// Specs of zones that the API changes, kept so that a change reads its own names only. A zone gets them with
// its first change; a zone that nobody changes has none, since they cost several times its texts.
#ifndef NEARWELL_CORE_ACCOUNT_WARM_H
#define NEARWELL_CORE_ACCOUNT_WARM_H

#include "core/json/diagnostic.h"
#include "core/policy/read.h"
#include "state.h"

// The zone's specs as an edit leaves them. The caller ends it with warm_zone_discard, or gives it to
// warm_zone_keep when the edit is applied.
struct warm_zone *warm_zone_read(const struct account_edit *edit, const char *zone_id,
                                 struct diagnostics *diagnostics); // NULL: something is wrong
const struct zone_spec *warm_zone_spec(const struct warm_zone *zone);
void warm_zone_discard(struct warm_zone *zone); // NULL is fine
void warm_zone_keep(struct account *account, struct warm_zone *zone);

// When the zone is gone, or was changed without its specs; NULL: all zones.
void warm_zone_forget(struct account *account, const char *zone_id);

#endif
