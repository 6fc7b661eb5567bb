// SPDX-License-Identifier: MIT
// Which failures together break what a policy promises: all sets of failures up to a size, the smallest
// first, every place of the population in each. Pure but for the callback; one thread.
#ifndef NEARWELL_CORE_SEARCH_SEARCH_H
#define NEARWELL_CORE_SEARCH_SEARCH_H

#include "core/search/failures.h"

enum search_invariant {
    SEARCH_DEAD,      // a client is sent to a dead site although one of its group's is alive
    SEARCH_FAIL_OPEN, // an answer is by fail-open (R3)
    SEARCH_OVERLOAD,  // a site gets more clients than it can bear
    SEARCH_MOVED,     // a single failure moves more clients than it may
};
enum { SEARCH_INVARIANTS = 4, SEARCH_FINDINGS_MAX = 1000 };

struct search_options {
    unsigned kinds;           // of failures: bit per enum failure_kind
    unsigned up_to;           // failures at once
    unsigned invariants;      // bit per enum search_invariant
    const double *capacities; // of each site, as a share of all clients; INFINITY: no limit
    double most_moved;        // share of all clients
    uint64_t most_decisions;  // more are refused before the first
    bool verify;              // hold every answer to decide()
    // Now and then; NULL: never. States of all.
    void (*progress)(uint64_t done, uint64_t all, void *context);
    void *context;
};

// A set of failures that breaks an invariant while no smaller part of it does, for the same root and site. Of
// sets that come to the same (a site that dies, and its only check that fails) it is the first.
struct search_finding {
    enum search_invariant invariant;
    uint32_t root;
    uint32_t site; // SEARCH_OVERLOAD: which
    unsigned failure_count;
    struct failure *failures;
    uint64_t digest; // of what the failures come to
    double share;    // of all clients: sent to dead sites, answered by fail-open, at the site, moved
};

struct search_result {
    uint32_t failure_count; // that there are to combine
    uint64_t states;
    uint64_t decisions;                 // states * places, of all roots
    uint64_t broken[SEARCH_INVARIANTS]; // states that break it, the smallest and all others
    uint32_t finding_count;
    struct search_finding *findings; // the smallest first
    bool more;                       // than SEARCH_FINDINGS_MAX
};

// False when there is too much to do, or when verify finds an answer that is not decide()'s.
bool search_run(const struct atlas *atlas, const struct search_options *options, struct search_result *out,
                struct error *error);
void search_result_free(struct search_result *result);

// What a client in a place of the population is told in a state: the most probable answer.
struct search_answer {
    uint32_t lead;   // index in the population: the most populous of
    uint32_t places; // so many that are told the same, since they are offered the same orders
    double share;    // of all clients, over all places that are told the same
    uint32_t leaf;   // ATLAS_NO_LEAF: nothing
    bool fail_open;
};

// One for each class that the finding is about, the largest first. malloc'd.
struct search_answer *search_evidence(const struct atlas *atlas, const struct search_finding *finding,
                                      uint32_t *count);

// Holds one root's answers for all places to decide(). Where chance has a part, a few draws.
bool search_verify(const struct atlas *atlas, const struct atlas_root *root, struct atlas_state *state,
                   const struct status_table *status, struct error *error);

const char *search_invariant_name(enum search_invariant invariant); // "dead-site", "fail-open", ...

#endif
