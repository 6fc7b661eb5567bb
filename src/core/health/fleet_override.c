// SPDX-License-Identifier: MIT
// What operators do to a check: overrides, and the switch of a recovery control.
#include <stdlib.h>

#include "base/xalloc.h"
#include "fleet_state.h"

struct settings fleet_settings(const struct check *check)
{
    const struct health_check *config = check->config;
    const struct override *override = check->override;
    return (struct settings){
        .inverted = override != NULL && override->has_inverted ? override->inverted : config->inverted,
        .disabled = override != NULL && override->has_disabled ? override->disabled : config->disabled,
        .failure_threshold = config->failure_threshold,
    };
}

static void follow_override(struct fleet *fleet, struct check *check, const struct happening *verdict,
                            const struct happening *settings)
{
    struct settings wanted = fleet_settings(check);
    fleet_use(fleet, check, verdict);
    fleet_want(fleet, check, &wanted, settings);
}

void fleet_end_override(struct fleet *fleet, struct check *check, const struct happening *happening)
{
    struct happening ended = *happening;
    ended.cause = "override ended";
    free(check->override);
    check->override = NULL;
    follow_override(fleet, check, &ended, &ended);
}

static void begin_override(struct fleet *fleet, struct check *check, const struct override *override,
                           const struct happening *happening)
{
    struct happening imposed = *happening;
    imposed.cause = override->verdict == OVERRIDE_AUTO ? "override ended" : "override";
    if (check->override == NULL) {
        check->override = xmalloc(sizeof *check->override);
    }
    *check->override = *override;
    if (override->until.ns != MONO_NEVER.ns) {
        queue_push(&fleet->changes, override->until, check->slot);
    }
    follow_override(fleet, check, &imposed, happening);
}

bool fleet_set_override(struct fleet *fleet, uint32_t index, const struct override *override, mono_time now,
                        wall_time wall)
{
    if (index >= fleet->count) {
        return false;
    }
    struct check *check = fleet->checks[index];
    struct happening happening = {NULL, now, wall, NULL, REGION_NONE};
    fleet_advance(fleet, now, wall);
    if (override->has_inverted || override->has_disabled || override->verdict != OVERRIDE_AUTO) {
        begin_override(fleet, check, override, &happening);
    } else {
        fleet_end_override(fleet, check, &happening);
    }
    fleet_advance(fleet, now, wall); // one that was over before it began
    return true;
}

bool fleet_set_routing_control(struct fleet *fleet, uint32_t index, bool on, mono_time now, wall_time wall)
{
    if (index >= fleet->count || fleet->checks[index]->config->type != HEALTH_CHECK_RECOVERY_CONTROL) {
        return false;
    }
    struct happening happening = {"routing control", now, wall, NULL, REGION_NONE};
    fleet_advance(fleet, now, wall);
    for (uint32_t location = 0; location < fleet->location_count; location++) {
        fleet_outlook(fleet->checks[index], location)->raw = on;
    }
    fleet_settle(fleet, fleet->checks[index], &happening);
    return true;
}

const struct override *fleet_override(const struct fleet *fleet, uint32_t check)
{
    return check < fleet->count ? fleet->checks[check]->override : NULL;
}
