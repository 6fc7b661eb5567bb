// SPDX-License-Identifier: MIT
// What every place of the population is answered, for the questions that a scenario is about: kept from
// change to change, so that a timeline tells what moved. Chance is the same for one place and question at all
// times, so an answer changes only when its reasons do. One owner, one thread.
#ifndef NEARWELL_CORE_SCENARIO_ANSWERS_H
#define NEARWELL_CORE_SCENARIO_ANSWERS_H

#include "core/routing/resolve.h"
#include "script.h"
#include "world.h"

// One of the different answers that were seen.
struct answer_label {
    char *text;       // "us-east-1 (192.0.2.10)", "eu-west-1 > blue (192.0.2.20), last resort", "NODATA"
    const char *site; // "us-east-1", the SetIdentifier, or "" for what has neither
    bool fail_open;
    bool answered; // NOERROR with records
    uint32_t ttl;  // of the answer when it was last given
    size_t endpoint_count;
    struct answer_endpoint {
        char *host;
        uint16_t port; // of the health check that probes the host; 0 when none does
    } * endpoints;
};

struct answers;

struct answers *answers_create(const struct scenario *scenario);
void answers_destroy(struct answers *answers); // NULL is fine

// Asks everything again, after the world changed. moved: called for each group of places that one question
// answers otherwise than before, in a fixed order; share is that of all clients. Not called for the first
// time.
struct answers_move {
    const struct script_question *question;
    const struct answer_label *from;
    const struct answer_label *to;
    uint32_t places;
    double share;
    char names[128]; // of the places with the most clients
};
uint64_t answers_refresh(struct answers *answers, const struct world *world,
                         void (*moved)(const struct answers_move *move, void *context), void *context);

// place: index in the population's shares.
const struct answer_label *answers_at(const struct answers *answers, uint32_t question, uint32_t place);

// None of the endpoints that the answer names serves. An answer without endpoints is never dead.
bool answer_label_dead(const struct answer_label *label, const struct world *world);

// The answer as text, for any client. The buffer is appended to.
void answers_describe(const struct resolution *resolution, struct buffer *out);

#endif
