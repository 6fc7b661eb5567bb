// SPDX-License-Identifier: MIT
// serve --record: what the daemon takes in and what it makes of it, for nearwell replay. When the file is at
// its bound or the disk is full, the recording ends and the daemon goes on. Control thread; all but open do
// nothing without one.
#ifndef NEARWELL_APP_DAEMON_RECORDER_H
#define NEARWELL_APP_DAEMON_RECORDER_H

#include "base/error.h"
#include "core/health/fleet.h"
#include "core/scenario/recording.h"

struct daemon;

struct recorder {
    struct append_file *file; // NULL: no recording, or no longer
    mono_time started;
    mono_time last;
};

bool recorder_open(struct daemon *daemon, uint64_t seed, struct error *error); // seed: of daemon->ids
void recorder_close(struct daemon *daemon, const char *why);
bool recorder_on(const struct daemon *daemon);

void record_file(const char *path, struct bytes text, void *context); // of a policy; context: the daemon
void record_policy(struct daemon *daemon, mono_time now);
void record_observation(struct daemon *daemon, const struct health_check *check, uint32_t checker,
                        const struct observation *observation, mono_time now);
void record_verdict(struct daemon *daemon, const struct health_change *change);
void record_override(struct daemon *daemon, const char *check, const struct override *override,
                     mono_time now);
void record_control(struct daemon *daemon, const char *check, bool on, mono_time now);
void record_resource(struct daemon *daemon, const char *name, const struct resource_override *override,
                     mono_time now);
void record_metrics(struct daemon *daemon, struct bytes text, mono_time now);
void record_call(struct daemon *daemon, const char *operation, const char *input, mono_time now);
// What each routed name is answered now, for the default client and for the places that Clients names.
void record_answers(struct daemon *daemon);

#endif
