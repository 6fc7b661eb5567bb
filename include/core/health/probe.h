// SPDX-License-Identifier: MIT
// One probe by one checker as a pure state machine: events and their times in, a deadline and finally an
// observation out (rules P5-P15, V; EX17, EX18). The shell opens the connection, feeds what happens and
// arms a timer for the deadline. All times are mono_time of one clock.
//
//   started --connected--> waiting for status --status line--> reading headers --end--> [body] --> done
//      \______________ deadline passed, error, closed ___________________________________________/
#ifndef NEARWELL_CORE_HEALTH_PROBE_H
#define NEARWELL_CORE_HEALTH_PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/time.h"
#include "core/health/observation.h"
#include "core/model/health_check.h"

enum probe_phase { PROBE_CONNECTING, PROBE_STATUS, PROBE_HEADERS, PROBE_BODY, PROBE_DONE };

struct probe {
    const struct health_check *check;
    enum probe_phase phase;
    mono_time started; // when connecting began; name resolution does not count against the connect budget
    mono_time connected;
    mono_time deadline;             // inclusive (P7): the probe fails when now is after it
    size_t header_bytes;            // so far, status line and line ends included
    struct observation observation; // valid when phase is PROBE_DONE
};

void probe_start(struct probe *probe, const struct health_check *check, const struct ip_address *address,
                 mono_time now);
void probe_connected(struct probe *probe, mono_time now); // TCP: done with success (P15)
void probe_header_line(struct probe *probe, struct bytes line,
                       mono_time now); // status line first; line end included
void probe_body(struct probe *probe, struct bytes data, mono_time now);
void probe_closed(struct probe *probe, mono_time now); // the peer closed in good order
void probe_failed(struct probe *probe, enum observation_reason reason, mono_time now);
void probe_check_deadline(struct probe *probe,
                          mono_time now); // done with the timeout of the phase when past it

static inline bool probe_done(const struct probe *probe)
{
    return probe->phase == PROBE_DONE;
}

// What the request carries. Host: P19, EX21. The path and the user agent: P23.
enum { PROBE_HOST_TEXT = 272, PROBE_USER_AGENT_TEXT = 128 };
void probe_host_header(const struct health_check *check, char out[PROBE_HOST_TEXT]);
void probe_user_agent(const struct health_check *check, char out[PROBE_USER_AGENT_TEXT]);

#endif
