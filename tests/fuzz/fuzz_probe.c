// SPDX-License-Identifier: MIT
// Bytes as what happens to a probe: each line is a header line, and its first byte says how much time passed
// before. Whatever comes, the machine is done 4 s after connecting: 2 s for the status, 2 s for the headers.
#include <assert.h>
#include <stdint.h>

#include "core/health/probe.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct health_check check = {.id = "fuzz", .type = HEALTH_CHECK_HTTP, .port = 80};
static const struct ip_address address = {4, {127, 0, 0, 1}};

static void assert_ended_well(const struct probe *probe)
{
    const struct observation *seen = &probe->observation;
    char text[OBSERVATION_TEXT];
    assert(probe->header_bytes <= 16384 || seen->reason == OBSERVED_HEADERS_TOO_LARGE);
    assert(!observation_success(seen) || (seen->http_status >= 200 && seen->http_status < 400));
    observation_format(seen, text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes rest = {data, size};
    struct probe probe;
    mono_time now = {0};
    probe_start(&probe, &check, &address, now);
    probe_connected(&probe, now);
    while (rest.len > 0) {
        now = mono_add(now, DURATION_MS(rest.data[0]));
        rest = (struct bytes){rest.data + 1, rest.len - 1};
        const uint8_t *end = rest.len > 0 ? memchr(rest.data, '\n', rest.len) : NULL;
        size_t len = end != NULL ? (size_t)(end - rest.data) + 1 : rest.len;
        probe_header_line(&probe, (struct bytes){rest.data, len}, now);
        rest = (struct bytes){rest.data + len, rest.len - len};
        assert(probe_done(&probe) || !mono_before(probe.deadline, now));
    }
    probe_check_deadline(&probe, (mono_time){DURATION_S(4) + 1});
    assert(probe_done(&probe));
    assert_ended_well(&probe);
    return 0;
}
