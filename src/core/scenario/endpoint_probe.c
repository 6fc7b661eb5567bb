// SPDX-License-Identifier: MIT
// One probe against a script: the events that a fault implies, in their order, fed to the real probe.
#include <stdio.h>

#include "core/health/probe.h"
#include "endpoint_fault.h"

#define RESOLVE_BUDGET DURATION_S(2) // P17

enum { ALERT_HANDSHAKE_FAILURE = 40 }; // RFC 8446 section 6

struct course {
    struct probe probe;
    mono_time at; // of the latest event
};

// Waits for the next event. False when the probe is over, perhaps because its budget ran out before.
static bool pass_until(struct course *course, mono_time until)
{
    if (!probe_done(&course->probe) && mono_before(course->probe.deadline, until)) {
        course->at = course->probe.deadline;
        probe_check_deadline(&course->probe, mono_add(course->at, 1)); // deadlines are inclusive (P7)
    } else if (!probe_done(&course->probe)) {
        course->at = until;
    }
    return !probe_done(&course->probe);
}

static bool is_tls(const struct health_check *check)
{
    return check->type == HEALTH_CHECK_HTTPS || check->type == HEALTH_CHECK_HTTPS_STR_MATCH;
}

// False when there is no connection to go on with.
static bool reach(struct course *course, const struct endpoint_fault *fault)
{
    switch (fault->kind) {
    case ENDPOINT_DOWN:
        probe_failed(&course->probe, OBSERVED_CONNECT_REFUSED, course->at);
        return false;
    case ENDPOINT_UNREACHABLE:
        probe_failed(&course->probe, OBSERVED_UNREACHABLE, course->at);
        return false;
    case ENDPOINT_PARTITION:
    case ENDPOINT_BLACKHOLE:
        return pass_until(course, MONO_NEVER);
    default:
        if (!pass_until(course, mono_add(course->at, fault->connect))) {
            return false;
        }
        probe_connected(&course->probe, course->at);
        return !probe_done(&course->probe);
    }
}

static bool shake_hands(struct course *course, const struct endpoint_fault *fault)
{
    if (is_tls(course->probe.check)) {
        if (fault->kind == ENDPOINT_CERTIFICATE) {
            probe_tls_failed(&course->probe, ALERT_HANDSHAKE_FAILURE, course->at);
        } else {
            probe_requested(&course->probe, course->at);
        }
    }
    return !probe_done(&course->probe);
}

static void respond(struct course *course, const struct endpoint_fault *fault)
{
    char line[64];
    const char *body = fault->body != NULL ? fault->body : course->probe.check->search_string;
    snprintf(line, sizeof line, "HTTP/1.1 %u Scripted\r\n",
             fault->kind == ENDPOINT_STATUS ? fault->status : 200U);
    probe_header_line(&course->probe, bytes_of(line), course->at);
    probe_header_line(&course->probe, bytes_of("\r\n"), course->at);
    if (!pass_until(course, mono_add(course->at, fault->body_delay))) {
        return;
    }
    if (body != NULL) {
        probe_body(&course->probe, bytes_of(body), course->at);
    }
    probe_closed(&course->probe, course->at);
}

static void run(struct course *course, const struct endpoint_fault *fault)
{
    if (!reach(course, fault) || !shake_hands(course, fault)) {
        return;
    }
    if (fault->kind == ENDPOINT_RESET) {
        probe_closed(&course->probe, course->at);
    } else if (pass_until(course,
                          fault->kind == ENDPOINT_HANG ? MONO_NEVER : mono_add(course->at, fault->delay))) {
        respond(course, fault);
    }
}

// By name only (P16): the budget of the connection begins after the resolution.
static bool resolves(const struct endpoint_fault *fault, const struct health_check *check)
{
    return fault->kind != ENDPOINT_RESOLVER || check->ip_address.family != 0;
}

struct endpoint_result endpoint_fault_probe(const struct endpoint_fault *fault,
                                            const struct health_check *check, mono_time now)
{
    struct course course = {.at = now};
    probe_start(&course.probe, check, &check->ip_address, now);
    if (!resolves(fault, check)) {
        duration takes = fault->delay < RESOLVE_BUDGET ? fault->delay : RESOLVE_BUDGET;
        probe_failed(&course.probe, OBSERVED_DNS_FAILED, now);
        return (struct endpoint_result){course.probe.observation, takes};
    }
    static const struct endpoint_fault none = {.kind = ENDPOINT_NONE};
    run(&course, fault->kind == ENDPOINT_RESOLVER ? &none : fault);
    probe_discard(&course.probe);
    return (struct endpoint_result){course.probe.observation, mono_since(course.at, now)};
}
