// SPDX-License-Identifier: MIT
// The result of one probe, small enough to keep for every checker, and its text (semantics reference,
// section 2.2). A value; any thread.
#ifndef NEARWELL_CORE_HEALTH_OBSERVATION_H
#define NEARWELL_CORE_HEALTH_OBSERVATION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ip.h"

enum observation_reason {
    OBSERVED_SUCCESS,
    OBSERVED_CONNECT_TIMEOUT, // P5
    OBSERVED_CONNECT_REFUSED,
    OBSERVED_UNREACHABLE,       // no route, network down
    OBSERVED_DNS_FAILED,        // P16, P17
    OBSERVED_RESPONSE_TIMEOUT,  // no status code in time, P5
    OBSERVED_CONNECTION_CLOSED, // before a complete response head
    OBSERVED_HTTP_STATUS,       // P8
    OBSERVED_BAD_RESPONSE,      // not HTTP, or a malformed status line
    OBSERVED_BAD_HEADER,        // P14: RFC 7230 section 3.2
    OBSERVED_HEADERS_TOO_LARGE, // P14, L12
    OBSERVED_TLS_FAILED,        // P22
    OBSERVED_STRING_NOT_FOUND,  // P10
    OBSERVED_INTERNAL,          // the prober itself could not: no descriptors, no memory in the kernel
};
enum { OBSERVATION_REASONS = 14, OBSERVATION_TEXT = 256 };

struct observation {
    uint8_t reason;             // enum observation_reason
    bool http;                  // status strings differ between HTTP and TCP
    uint16_t http_status;       // 0 when none was received
    uint32_t connect_us;        // 0 when not connected
    uint32_t first_byte_us;     // from sending the request to the status line; 0 when none
    uint16_t tls_ms;            // the handshake; 0 when there was none
    uint8_t tls_alert;          // RFC 8446 section 6, of OBSERVED_TLS_FAILED; 0 when none came
    struct ip_address resolved; // the address probed; family 0 when there was none
};

static inline bool observation_success(const struct observation *observation)
{
    return observation->reason == OBSERVED_SUCCESS;
}

// "Success: HTTP Status Code: 200. Resolved IP: 192.0.2.2. OK", "Failure: ..."
void observation_format(const struct observation *observation, char out[OBSERVATION_TEXT]);

#endif
