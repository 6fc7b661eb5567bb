// SPDX-License-Identifier: MIT
// The decision: which record set of a group answers this client now (rules R1-R7 and the policy's own). The
// DNS wire, explain, status, replay and the benchmarks all come here through resolve.h. Pure: chance is the
// roll passed in; nothing is allocated. Any thread.
#ifndef NEARWELL_CORE_ROUTING_DECIDE_H
#define NEARWELL_CORE_ROUTING_DECIDE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/random.h"
#include "core/routing/trace.h"
#include "core/routing/view.h"

// What a decision works with. The location is looked up when a policy first asks for it.
struct decide_context {
    const struct view *view;
    const struct client *client;
    struct random *roll;
    struct trace *trace; // NULL: nobody wants to know
    bool private_zone;   // the zone of the decision is private; false at first
    bool located;
    struct client_location location;
};

enum { DECISION_RECORD_SETS_MAX = 8 }; // L19

struct decision {
    const struct record_set *entry; // the member of the group asked for that was taken; its aliases lead to:
    const struct record_set *record_sets[DECISION_RECORD_SETS_MAX]; // 0: no member applies to this client
    uint8_t count;
    bool fail_open; // R3: everything was unhealthy
    uint32_t ttl;   // seconds
};

void decide(struct decide_context *context, const struct record_group *group, struct decision *out);

// The members in the order in which the group's policy offers them to this client, whatever their health;
// those that it does not offer are left out. Where chance decides it is one order of many. Returns how many.
unsigned decide_order(struct decide_context *context, const struct record_group *group,
                      uint8_t order[MEMBERS_MAX]);

// The VPC that the client is in: the one it stands for, else by its source address; NULL: in none.
const struct vpc *decide_vpc(const struct view *view, const struct client *client);

// The client's place, found once per context (R6, E5: having asked is what makes an answer
// location-dependent). Whoever is in a VPC is in its Region (E3); a client subnet places them elsewhere in
// public zones only.
const struct client_location *decide_location(struct decide_context *context);

#endif
