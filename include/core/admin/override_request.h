// SPDX-License-Identifier: MIT
// POST /admin/health-checks/ID: what an operator imposes on a check, as JSON:
//   {"Inverted": bool, "Disabled": bool, "Verdict": "healthy|unhealthy|auto", "Reason": text, "For": "2h"}
// and, for checks of type RECOVERY_CONTROL, {"RoutingControl": "On|Off"} (S12), which is no override: it
// lasts. Fields that are left out keep what an earlier request set. Pure; any thread.
#ifndef NEARWELL_CORE_ADMIN_OVERRIDE_REQUEST_H
#define NEARWELL_CORE_ADMIN_OVERRIDE_REQUEST_H

#include "base/buffer.h"
#include "core/health/fleet.h"

enum routing_control { ROUTING_CONTROL_AS_IT_IS, ROUTING_CONTROL_ON, ROUTING_CONTROL_OFF };

// current: the override in force, or NULL. What the policy says anyway is dropped, so that a request back to
// it leaves nothing behind. False: problems says all that is wrong, on lines of their own.
bool override_request_parse(struct bytes text, const struct health_check *check,
                            const struct override *current, mono_time now, wall_time wall,
                            struct override *out, enum routing_control *control, struct buffer *problems);

#endif
