// SPDX-License-Identifier: MIT
// One probe by one checker as a pure state machine: events and their times in, a deadline and finally an
// observation out (rules P5-P15; EX17, EX18). The shell opens the connection, feeds what happens and arms
// a timer for the deadline. All times are mono_time of one clock. An event after the deadline is too late,
// whether or not the timer came first; events after the end are ignored.
//
//   started --connected--> waiting for status --status line--> reading headers --end of head--> done
//      |                            ^_____________ 1xx, end of head ________| |                  ^
//      |                                     2xx or 3xx, *_STR_MATCH: searching the body --------|
//      \_________________ deadline passed, error, closed ______________________________________/
//
// Budgets: connecting P5; the final status line within 2 s of connecting, whatever 1xx came before; the rest
// of the head within 2 s of the status line (AWS names no limit; ours is that of the body in P5), and the
// searched string within the same 2 s.
// The status decides at the end of the head. A 101 is final: nothing that follows it is HTTP. A body is read
// only to be searched (P9-P13), and only until the string is found or the window is full.
// A head is read as RFC 7230 has it: lines end in CRLF or LF (3.5), obs-fold is accepted (3.2.4), a space
// before the colon, a control character or a line that is no field is not (P14).
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

struct body_search;

struct probe {
    const struct health_check *check;
    enum probe_phase phase;
    mono_time started; // when connecting began; name resolution does not count against the connect budget
    mono_time connected;
    mono_time requested;            // the same, but over TLS
    mono_time deadline;             // inclusive (P7): the probe fails when now is after it
    size_t header_bytes;            // header fields so far, their line ends included; at most 16384 (P14)
    uint32_t fields;                // lines of this head so far
    uint8_t coding;                 // enum body_coding (body_search.h)
    struct body_search *search;     // in PROBE_BODY
    struct observation observation; // valid when phase is PROBE_DONE
};

void probe_start(struct probe *probe, const struct health_check *check, const struct ip_address *address,
                 mono_time now);
void probe_connected(struct probe *probe, mono_time now); // TCP: done with success (P15)
// Over TLS: the handshake is over and the request goes out. It spends the budget of the status line (P6).
void probe_requested(struct probe *probe, mono_time now);
void probe_tls_failed(struct probe *probe, uint8_t alert, mono_time now); // 0: no alert came
// Status line first, the empty line last; line ends included.
void probe_header_line(struct probe *probe, struct bytes line, mono_time now);
void probe_body(struct probe *probe, struct bytes data, mono_time now); // framing taken off, codings not
// The peer closed in good order, or the body is complete (P13).
void probe_closed(struct probe *probe, mono_time now);
void probe_failed(struct probe *probe, enum observation_reason reason, mono_time now);
// Done with the timeout of the phase when now is past the deadline.
void probe_check_deadline(struct probe *probe, mono_time now);
// Frees what a probe that is given up before it is done may hold.
void probe_discard(struct probe *probe);

static inline bool probe_done(const struct probe *probe)
{
    return probe->phase == PROBE_DONE;
}

// What the request carries. Host: P19, EX21; an IPv6 address is bracketed. The user agent: P23, with a UUID
// derived from the check's id. The target is the ResourcePath as given, but that blanks, control characters,
// '#' and bytes beyond ASCII are percent-encoded.
enum { PROBE_HOST_TEXT = 272, PROBE_USER_AGENT_TEXT = 128, PROBE_TARGET_TEXT = 776 };
void probe_host_header(const struct health_check *check, char out[PROBE_HOST_TEXT]);
void probe_user_agent(const struct health_check *check, char out[PROBE_USER_AGENT_TEXT]);
void probe_request_target(const struct health_check *check, char out[PROBE_TARGET_TEXT]);

#endif
