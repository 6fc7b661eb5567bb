// SPDX-License-Identifier: MIT
// An endpoint that behaves as scripted: a thread of its own on a loopback port that the kernel chose. It
// serves one connection at a time, each by the same script.
#ifndef NEARWELL_TESTS_SUPPORT_FAKE_ORIGIN_H
#define NEARWELL_TESTS_SUPPORT_FAKE_ORIGIN_H

#include <stddef.h>
#include <stdint.h>

enum fake_step_kind {
    FAKE_CLOSE,   // in good order; also what follows the last step
    FAKE_REQUEST, // reads up to the empty line
    FAKE_SEND,    // text
    FAKE_WAIT,    // ms
    FAKE_FLOOD,   // text over and over until the peer closes
    FAKE_HANG,    // until the peer closes
    FAKE_RESET,   // closes with a RST
};

struct fake_step {
    enum fake_step_kind kind;
    const char *text;
    int ms;
    size_t len; // of a text with zero bytes in it; 0: up to the first
};

enum { FAKE_STEPS_MAX = 8, FAKE_REQUEST_TEXT = 4096 };

struct fake_origin;

// IPv4, or IPv6 when ipv6 is true. The script ends at its first FAKE_CLOSE.
struct fake_origin *fake_origin_start(const struct fake_step script[FAKE_STEPS_MAX], int ipv6);
void fake_origin_stop(struct fake_origin *origin);
uint16_t fake_origin_port(const struct fake_origin *origin);
// The last request so far, and how many connections were accepted.
unsigned fake_origin_requests(struct fake_origin *origin, char out[FAKE_REQUEST_TEXT]);

// A port that refuses connections, on every loopback address: bound, so that nobody else gets it, and not
// listening.
struct fake_refusal {
    int fd;
    uint16_t port;
};
void fake_refusal_start(struct fake_refusal *refusal);
void fake_refusal_stop(struct fake_refusal *refusal);

// A port that takes no connection and refuses none: its backlog is full.
struct fake_black_hole {
    int listener;
    int waiting[4];
    uint16_t port;
};
void fake_black_hole_start(struct fake_black_hole *hole);
void fake_black_hole_stop(struct fake_black_hole *hole);

#endif
