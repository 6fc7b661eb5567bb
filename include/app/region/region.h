// SPDX-License-Identifier: MIT
// The sample regional service: counts hits per client, replicates the counters to its peers, and has faults
// on request. One loop, one thread.
//
//   main listener     GET /hello /health /counters /fault /replicate, POST /fault /replicate
//   control listener  GET /counters /fault, POST /fault, whatever the fault
#ifndef NEARWELL_APP_REGION_REGION_H
#define NEARWELL_APP_REGION_REGION_H

#include <stddef.h>

#include "base/error.h"
#include "base/ip.h"
#include "io/loop/loop.h"

struct region_options {
    const char *name; // counters_region_valid
    struct ip_endpoint listen;
    struct ip_endpoint control;
    const char *const *peers; // URLs of their main listeners
    size_t peer_count;
};

struct region;

// Listens at once; requests wait until the region is ready. NULL when an address cannot be had.
struct region *region_create(struct loop *loop, const struct region_options *options, struct error *error);
void region_destroy(struct region *region); // NULL is fine

struct ip_endpoint region_listen(const struct region *region); // with the port that the kernel chose
struct ip_endpoint region_control(const struct region *region);

// Asks the peers for their counters, so that it goes on where an earlier run was. ready is called from the
// loop, when all have answered or failed, or after a second.
void region_start(struct region *region, void (*ready)(struct region *region, void *context), void *context);

// Takes no more connections, finishes the answers under way, sends what the peers do not have yet, once each,
// and stops the loop; after two seconds at the latest, or when called again.
void region_stop(struct region *region);

#endif
