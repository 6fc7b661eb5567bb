// SPDX-License-Identifier: MIT
// What a scenario asks of real processes: its policy with the endpoints on this machine and time sped up,
// what has to be done when, and who asks what. And what came of it beside what virtual time said. Pure; one
// owner, one thread. Times are the scenario's unless they say otherwise.
#ifndef NEARWELL_CORE_SCENARIO_LIVE_H
#define NEARWELL_CORE_SCENARIO_LIVE_H

#include "base/arena.h"
#include "base/buffer.h"
#include "core/routing/view.h"
#include "core/scenario/endpoint.h"
#include "core/scenario/scenario.h"

enum { LIVE_ENDPOINTS_MAX = 32, LIVE_CLIENTS_MAX = 32, LIVE_ACTIONS_MAX = 10000 };

enum live_action_kind {
    LIVE_FAULT,    // target: number of an endpoint; text: what the sample region takes (core/sample/fault.h)
    LIVE_CALL,     // name: operation; text: its input; refused: the code to fail with, NULL: it succeeds
    LIVE_OVERRIDE, // name: health check id; text: as POST /admin/health-checks/ID takes it
    LIVE_DRAIN,    // name: region or health check
    LIVE_RELEASE,
    LIVE_API, // text: as POST /admin/api takes it
};

struct live_action {
    mono_time at;
    enum live_action_kind kind;
    size_t target;
    const char *name;
    const char *text; // JSON
    const char *refused;
};

struct live_client {
    const char *place;
    const char *question; // "api.example.com. A"
    struct dns_name name;
    uint16_t type;
};

struct live_plan {
    struct arena *arena;
    const char *folder;                               // of the policy, that file names in it are relative to
    const char *policy;                               // JSON, as the scenario has it
    char endpoints[LIVE_ENDPOINTS_MAX][ENDPOINT_KEY]; // what checks probe, each once
    size_t endpoint_count;
    struct live_action *actions; // by time
    size_t action_count;
    struct live_client clients[LIVE_CLIENTS_MAX];
    size_t client_count;
    duration interval; // the longest RequestInterval
    mono_time end;
};

// speed: how much faster than the scenario it will go. NULL: what of the scenario real processes cannot
// show, in error.
struct live_plan *live_plan_create(const struct scenario *scenario, double speed, struct error *error);
void live_plan_destroy(struct live_plan *plan); // NULL is fine

// The policy for the daemon: checks go to these ports of 127.0.0.1, one for each endpoint. The caller frees
// it.
char *live_plan_policy(const struct live_plan *plan, double speed, const uint16_t *ports);

// --- what came of it ---------------------------------------------------------------------------------------

// One client's different answers, in order.
struct live_sequence {
    struct live_answer {
        mono_time at;
        char *text; // values, sorted; or "NODATA", "NXDOMAIN", ...
    } * answers;
    size_t count;
};

// Takes the text; kept if it is not what came before.
void live_sequence_add(struct live_sequence *sequence, mono_time at, char *text);
void live_sequence_free(struct live_sequence *sequence);
// What a client is answered from a view.
char *live_answer_of(const struct view *view, const struct live_client *client);
// Values as live_sequence_add wants them: the caller's array of texts, sorted in place.
char *live_answer_text(char **values, size_t count);

// The same answers in the same order, each within the tolerance. Says otherwise what differs first.
bool live_sequences_agree(const struct live_sequence *expected, const struct live_sequence *got,
                          duration tolerance, struct buffer *difference);

#endif
