// SPDX-License-Identifier: MIT
// A policy made ready to answer: the model with its locator and latency table, counted because the views of
// the workers may outlive the control thread's interest by a grace period. One that is derived from another
// shares what did not change (core/model/parts.h).
#ifndef NEARWELL_APP_DAEMON_SNAPSHOT_H
#define NEARWELL_APP_DAEMON_SNAPSHOT_H

#include "base/buffer.h"
#include "core/health/status_table.h"
#include "core/location/client.h"
#include "core/location/latency_table.h"
#include "core/model/parts.h"
#include "core/routing/view.h"

struct snapshot {
    struct model *model;
    struct geography *geography; // shared by those that are derived from one another; it owns these two:
    const struct locator *locator;
    const struct latency_table *latency;
    struct policy *parsed; // what the model was made of, or NULL
    unsigned references;   // atomic
};

struct snapshot_reader {
    bool on_loopback;  // see struct policy_options
    bool aws_warnings; // as for `check`
    // Is told each file that was read, the policy itself first of all; NULL: nobody.
    void (*note)(const char *path, struct bytes text, void *context);
    void *context;
};

// Reads a policy; path NULL is the empty account. NULL on any error, with all findings in problems (and
// warnings also on success).
struct policy *snapshot_read(const char *path, const struct snapshot_reader *reader, struct buffer *problems,
                             struct buffer *first_problem);
// The same, compiled.
struct snapshot *snapshot_load(const char *path, bool on_loopback, bool aws_warnings, struct buffer *problems,
                               struct buffer *first_problem);
// Takes a model. Where it has its places from that of base (NULL: none), the two share their geography.
struct snapshot *snapshot_create(struct model *model, const struct snapshot *base);
// To the latency table of that time, which is at first that of the real clock; false: it is the same one
// (LT2). Control thread; views that were made before keep theirs.
bool snapshot_move(struct snapshot *snapshot, wall_time at);
void snapshot_hold(struct snapshot *snapshot);
void snapshot_release(struct snapshot *snapshot); // any thread; frees with the last reference

// A view that holds its snapshot and a copy of the statuses, for publishing.
const struct view *snapshot_view_create(struct snapshot *snapshot, const struct status_table *status);
void snapshot_view_destroy(const struct view *view); // any thread

#endif
