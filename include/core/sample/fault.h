// SPDX-License-Identifier: MIT
// What is wrong with the sample regional service, on request, as JSON in Route 53's spelling:
//   {"Kind":"none"}
//   {"Kind":"down"}                                     refuses connections, and does not replicate
//   {"Kind":"hang"}                                     accepts, and never answers
//   {"Kind":"slow","Milliseconds":4500}                 answers that much later
//   {"Kind":"status","Status":503}                      answers with that status
//   {"Kind":"body","Body":"oops"}                       answers 200 with that body
//   {"Kind":"flap","UpSeconds":5,"DownSeconds":2.5}     none, then down, and so on
//   {"Kind":"partition","Peers":["eu-west-1"]}          does not replicate with them (regions or URLs)
// "For":"90s" ends any of them by itself. "Path":"/health" limits hang, slow, status and body to one path.
// Pure: elapsed time is passed in. One owner, one thread.
#ifndef NEARWELL_CORE_SAMPLE_FAULT_H
#define NEARWELL_CORE_SAMPLE_FAULT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/time.h"

enum fault_kind {
    FAULT_NONE,
    FAULT_DOWN,
    FAULT_HANG,
    FAULT_SLOW,
    FAULT_STATUS,
    FAULT_BODY,
    FAULT_FLAP,
    FAULT_PARTITION,
};

struct fault; // immutable

struct fault *fault_parse(struct bytes text, struct error *error); // NULL on error
struct fault *fault_none(void);
void fault_destroy(struct fault *fault);      // NULL is fine
char *fault_print(const struct fault *fault); // what fault_parse would take; malloc'd

enum fault_kind fault_kind(const struct fault *fault);
const char *fault_kind_name(enum fault_kind kind);
duration fault_delay(const struct fault *fault);   // of slow
int fault_status(const struct fault *fault);       // of status
const char *fault_body(const struct fault *fault); // of body

// Does the fault concern requests for this path?
bool fault_concerns(const struct fault *fault, const char *path);
// Does a partition cut off this peer? at is its address, url the one it is reached by; "" when unknown.
bool fault_cuts(const struct fault *fault, const char *region, const char *at, const char *url);

// What holds so long after the fault was set, and until when. Never FAULT_FLAP; FAULT_NONE with ended when
// "For" is over.
struct fault_phase {
    enum fault_kind kind;
    bool ended;
    duration until; // in elapsed time; INT64_MAX for always
};
struct fault_phase fault_phase_at(const struct fault *fault, duration elapsed);

#endif
