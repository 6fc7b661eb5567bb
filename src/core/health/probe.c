// SPDX-License-Identifier: MIT
#include "core/health/probe.h"

#include "body_search.h"
#include "http_head.h"

#define TCP_CONNECT_BUDGET  DURATION_S(10)
#define HTTP_CONNECT_BUDGET DURATION_S(4)
#define STATUS_BUDGET       DURATION_S(2)
#define HEADERS_BUDGET      DURATION_S(2)

enum { HEADER_BYTES_MAX = 16384 }; // P14, L12

static bool is_tcp(const struct probe *probe)
{
    return probe->check->type == HEALTH_CHECK_TCP;
}

// 0 says "none", so what took no time at all counts as a microsecond.
static uint32_t microseconds(mono_time from, mono_time to)
{
    duration us = mono_since(to, from) / 1000;
    return us < 1 ? 1 : us > UINT32_MAX ? UINT32_MAX : (uint32_t)us;
}

static bool matches_string(const struct probe *probe)
{
    enum health_check_type type = probe->check->type;
    return type == HEALTH_CHECK_HTTP_STR_MATCH || type == HEALTH_CHECK_HTTPS_STR_MATCH;
}

void probe_discard(struct probe *probe)
{
    body_search_destroy(probe->search);
    probe->search = NULL;
}

static void finish(struct probe *probe, enum observation_reason reason)
{
    probe_discard(probe);
    probe->phase = PROBE_DONE;
    probe->deadline = MONO_NEVER;
    probe->observation.reason = (uint8_t)reason;
}

void probe_start(struct probe *probe, const struct health_check *check, const struct ip_address *address,
                 mono_time now)
{
    *probe = (struct probe){.check = check, .phase = PROBE_CONNECTING, .started = now};
    probe->deadline = mono_add(now, is_tcp(probe) ? TCP_CONNECT_BUDGET : HTTP_CONNECT_BUDGET);
    probe->observation.http = !is_tcp(probe);
    probe->observation.resolved = *address;
}

void probe_check_deadline(struct probe *probe, mono_time now)
{
    if (!probe_done(probe) && mono_before(probe->deadline, now)) {
        finish(probe,
               probe->phase == PROBE_CONNECTING ? OBSERVED_CONNECT_TIMEOUT : OBSERVED_RESPONSE_TIMEOUT);
    }
}

// An event that comes after the deadline is too late, whether or not the timer came first.
static bool takes(struct probe *probe, enum probe_phase phase, mono_time now)
{
    probe_check_deadline(probe, now);
    return probe->phase == phase;
}

void probe_connected(struct probe *probe, mono_time now)
{
    if (!takes(probe, PROBE_CONNECTING, now)) {
        return;
    }
    probe->connected = now;
    probe->requested = now;
    probe->observation.connect_us = microseconds(probe->started, now);
    if (is_tcp(probe)) {
        finish(probe, OBSERVED_SUCCESS);
        return;
    }
    probe->phase = PROBE_STATUS;
    probe->deadline = mono_add(now, STATUS_BUDGET);
}

void probe_requested(struct probe *probe, mono_time now)
{
    if (takes(probe, PROBE_STATUS, now)) {
        probe->requested = now;
        probe->observation.tls_ms =
            (uint16_t)(mono_since(now, probe->connected) / 1000000); // at most P6's 2 s
    }
}

void probe_tls_failed(struct probe *probe, uint8_t alert, mono_time now)
{
    probe_check_deadline(probe, now);
    if (!probe_done(probe)) {
        probe->observation.tls_alert = alert;
        finish(probe, OBSERVED_TLS_FAILED);
    }
}

// RFC 7231 section 6.2: heads that precede the final one. After a 101 no other follows.
static bool interim(uint16_t status)
{
    return status < 200 && status != 101;
}

static void read_status(struct probe *probe, struct bytes line, mono_time now)
{
    uint16_t status;
    if (!http_head_status(line, &status)) {
        finish(probe, OBSERVED_BAD_RESPONSE);
        return;
    }
    probe->phase = PROBE_HEADERS;
    probe->fields = 0;
    probe->coding = BODY_PLAIN;
    probe->observation.http_status = status;
    if (!interim(status)) {
        probe->observation.first_byte_us = microseconds(probe->requested, now);
        probe->deadline = mono_add(now, HEADERS_BUDGET);
    }
}

static void end_head(struct probe *probe)
{
    uint16_t status = probe->observation.http_status;
    if (interim(status)) {
        probe->phase = PROBE_STATUS;
        probe->observation.http_status = 0;
        return;
    }
    if (status < 200 || status >= 400) {
        finish(probe, OBSERVED_HTTP_STATUS);
    } else if (matches_string(probe)) {
        probe->phase = PROBE_BODY; // P5: the budget goes on, it began with the status line
        probe->search = body_search_create(probe->check->search_string, probe->coding,
                                           probe->check->habits.encoded_window);
    } else {
        finish(probe, OBSERVED_SUCCESS);
    }
}

static void read_field(struct probe *probe, struct bytes line, struct bytes raw)
{
    if (line.len == 0) {
        end_head(probe);
        return;
    }
    probe->header_bytes += raw.len;
    if (probe->header_bytes > HEADER_BYTES_MAX) {
        finish(probe, OBSERVED_HEADERS_TOO_LARGE);
    } else if (!http_head_field(line, probe->fields > 0)) {
        finish(probe, OBSERVED_BAD_HEADER);
    } else {
        probe->fields++;
        if (matches_string(probe)) {
            probe->coding = (uint8_t)body_coding_of_field(line, probe->coding);
        }
    }
}

void probe_header_line(struct probe *probe, struct bytes line, mono_time now)
{
    struct bytes chomped = http_head_chomp(line);
    if (takes(probe, PROBE_STATUS, now)) {
        read_status(probe, chomped, now);
    } else if (takes(probe, PROBE_HEADERS, now)) {
        read_field(probe, chomped, line);
    }
}

void probe_body(struct probe *probe, struct bytes data, mono_time now)
{
    if (!takes(probe, PROBE_BODY, now)) {
        return;
    }
    enum body_result result = body_search_feed(probe->search, data);
    if (result != BODY_MORE) {
        finish(probe, result == BODY_FOUND ? OBSERVED_SUCCESS : OBSERVED_STRING_NOT_FOUND);
    }
}

void probe_closed(struct probe *probe, mono_time now)
{
    // All that came was searched as it came (P13).
    bool searched = probe->phase == PROBE_BODY;
    probe_failed(probe, searched ? OBSERVED_STRING_NOT_FOUND : OBSERVED_CONNECTION_CLOSED, now);
}

void probe_failed(struct probe *probe, enum observation_reason reason, mono_time now)
{
    probe_check_deadline(probe, now);
    if (!probe_done(probe)) {
        finish(probe, reason);
    }
}
