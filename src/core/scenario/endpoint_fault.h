// SPDX-License-Identifier: MIT
// What the script of endpoints needs of a fault beyond its public values. Pure; any thread.
#ifndef NEARWELL_CORE_SCENARIO_ENDPOINT_FAULT_H
#define NEARWELL_CORE_SCENARIO_ENDPOINT_FAULT_H

#include "core/scenario/endpoint.h"

// What endpoint_fault_read would take; the caller's.
json_t *endpoint_fault_json(const struct endpoint_fault *fault);

// The whole course of a probe of check that meets the fault.
struct endpoint_result endpoint_fault_probe(const struct endpoint_fault *fault,
                                            const struct health_check *check, mono_time now);

#endif
