// SPDX-License-Identifier: MIT
// The DNS workers' counters, summed up, as reports see them.
#ifndef NEARWELL_CORE_REPORT_COUNTERS_H
#define NEARWELL_CORE_REPORT_COUNTERS_H

#include <stdint.h>

struct dns_totals {
    uint64_t queries;
    uint64_t dropped;
    uint64_t truncated;
    uint64_t fail_open;
    uint64_t client_subnet;
    uint64_t rcodes[16]; // 15: 15 and above
};

#endif
