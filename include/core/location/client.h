// SPDX-License-Identifier: MIT
// From what a query reveals to a place: the place that was named, else the client subnet (E2), else the
// source address (E1, and E7 when the subnet is in no block), each by the longest block of the first source
// that has one around it (enum client_source), else DefaultClient (LT5). Loopback is in a block only if the
// policy says so. Frozen; any thread.
#ifndef NEARWELL_CORE_LOCATION_CLIENT_H
#define NEARWELL_CORE_LOCATION_CLIENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ip.h"
#include "core/location/prefix_tree.h"
#include "core/model/model.h"

struct locator;

// Good for every model that shares the place list (core/model/parts.h).
struct locator *locator_create(const struct model *model);
void locator_destroy(struct locator *locator); // NULL is fine

// Who asks, as far as the query says. A value.
struct client {
    struct ip_address source; // of the query; family 0 when there is none (explain by place)
    bool has_subnet;          // an ECS option with SOURCE above 0 (E6)
    struct ip_prefix subnet;
    uint32_t place;        // PLACE_NONE, or the place that this socket or caller stands for
    const struct vpc *vpc; // of the model, when the socket or caller stands for it; NULL: by source
};

enum client_evidence {
    CLIENT_BY_PLACE,   // the socket's or the caller's place
    CLIENT_BY_SUBNET,  // E2
    CLIENT_BY_SOURCE,  // E1, or E7 when the subnet is in no block
    CLIENT_BY_DEFAULT, // LT5
    CLIENT_BY_VPC,     // E3: in the VPC's Region
};

struct client_location {
    uint32_t place; // always a place of the model
    enum client_evidence evidence;
    bool matched; // prefix is the block that decided
    struct ip_prefix prefix;
    uint8_t source; // enum client_source: who has the block
    uint8_t scope; // bits of the subnet that the location depends on, also when it is in no block; may exceed
                   // SOURCE (E8: the network address is looked up); 0 when no subnet was used
};

// The index of the VPC that has the longest block around an address; VPC_NONE when none has.
#define VPC_NONE UINT32_MAX
uint32_t client_find_vpc(const struct locator *locator, const struct ip_address *address);

// Whatever VPC the client is in: what becomes of that depends on the zone that answers
// (core/routing/decide.h).
void client_locate(const struct locator *locator, const struct client *client, struct client_location *out);

const char *client_evidence_name(enum client_evidence evidence); // "place", "client subnet", ...
const char *client_source_name(uint8_t source);                  // "Clients", "latency table", ...

#endif
