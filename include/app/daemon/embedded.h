// SPDX-License-Identifier: MIT
// Files that are part of the program. Constants; any thread.
#ifndef NEARWELL_APP_DAEMON_EMBEDDED_H
#define NEARWELL_APP_DAEMON_EMBEDDED_H

#include <stddef.h>

// policies/latency/aws.json: the latency table of policies that name none. Not NUL-terminated.
extern const char embedded_latency_table[];
extern const size_t embedded_latency_table_size; // bytes

// policies/population/world.json: the same for the population.
extern const char embedded_population[];
extern const size_t embedded_population_size; // bytes

#endif
