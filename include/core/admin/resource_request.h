// SPDX-License-Identifier: MIT
// POST /admin/resources/DNSNAME: how an AWS resource is doing now, as JSON:
//   {"Healthy": bool, "Reason": text, "For": "2h"}
// It takes the place of what an earlier request set. Pure; any thread.
#ifndef NEARWELL_CORE_ADMIN_RESOURCE_REQUEST_H
#define NEARWELL_CORE_ADMIN_RESOURCE_REQUEST_H

#include "base/buffer.h"
#include "base/bytes.h"
#include "core/health/fleet.h"

// False: problems says all that is wrong, on lines of their own.
bool resource_request_parse(struct bytes text, const struct resource *resource, mono_time now, wall_time wall,
                            struct resource_override *out, struct buffer *problems);

#endif
