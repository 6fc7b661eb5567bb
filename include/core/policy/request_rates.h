// SPDX-License-Identifier: MIT
// How many requests health checks send to each endpoint, at most: a checker's next request follows its
// interval after a response (P2), so each sends 1/interval a second or less, and all checkers add up (P1).
// Pure; one owner, one thread.
#ifndef NEARWELL_CORE_POLICY_REQUEST_RATES_H
#define NEARWELL_CORE_POLICY_REQUEST_RATES_H

#include <stddef.h>

#include "core/model/builder.h"

#define REQUESTS_PER_SECOND_ADVISED 50.0 // above, check warns

enum { REQUEST_ENDPOINT_TEXT = 288 };
struct request_rate {
    char endpoint[REQUEST_ENDPOINT_TEXT]; // "192.0.2.1:80", "[2001:db8::1]:443", "api.example.com:443"
    double per_second;
    uint32_t checks;      // that probe it
    uint32_t first_check; // of those, index in the spec
};

// In the order of their first check; disabled checks send nothing (S1). The array is malloc'd, NULL when
// there are none.
struct request_rate *request_rates(const struct model_spec *spec, size_t *count);

#endif
