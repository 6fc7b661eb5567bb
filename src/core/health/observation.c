// SPDX-License-Identifier: MIT
#include "core/health/observation.h"

#include <assert.h>
#include <stddef.h>
#include <stdio.h>

// Reason phrases of RFC 7231 section 6.1 and its registry, for codes that endpoints do answer.
static const struct {
    uint16_t status;
    const char *phrase;
} phrases[] = {
    {100, "Continue"},
    {101, "Switching Protocols"},
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {203, "Non-Authoritative Information"},
    {204, "No Content"},
    {205, "Reset Content"},
    {206, "Partial Content"},
    {300, "Multiple Choices"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {402, "Payment Required"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {418, "I'm a teapot"},
    {421, "Misdirected Request"},
    {426, "Upgrade Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {451, "Unavailable For Legal Reasons"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
    {507, "Insufficient Storage"},
    {511, "Network Authentication Required"},
};

static const char *phrase_of(uint16_t status)
{
    for (size_t i = 0; i < sizeof phrases / sizeof phrases[0]; i++) {
        if (phrases[i].status == status) {
            return phrases[i].phrase;
        }
    }
    return NULL;
}

// The connect timeout's text is the API reference's, "DNS resolution failed" and the TLS alert are quoted
// fragments; the wording of the others is ours (section 2.2).
static const char *const failures[OBSERVATION_REASONS] = {
    [OBSERVED_CONNECT_TIMEOUT] =
        "The health checker could not establish a connection within the timeout limit.",
    [OBSERVED_CONNECT_REFUSED] = "The endpoint refused the connection.",
    [OBSERVED_UNREACHABLE] = "The endpoint is unreachable: no route to the host.",
    [OBSERVED_DNS_FAILED] = "DNS resolution failed: the domain name has no usable A record.",
    [OBSERVED_RESPONSE_TIMEOUT] = "The endpoint did not respond within the timeout limit.",
    [OBSERVED_CONNECTION_CLOSED] = "The endpoint closed the connection before its response was complete.",
    [OBSERVED_BAD_RESPONSE] = "The endpoint did not answer with a valid HTTP response.",
    [OBSERVED_BAD_HEADER] = "The response has a malformed header field.",
    [OBSERVED_HEADERS_TOO_LARGE] = "The response headers are larger than 16384 bytes.",
    [OBSERVED_TLS_FAILED] = "The TLS handshake failed.",
    [OBSERVED_STRING_NOT_FOUND] = "The search string is not in the first 5120 bytes of the response body.",
    [OBSERVED_INTERNAL] = "The health checker itself could not probe; the endpoint is not judged by this.",
};

// RFC 8446 section 6.2 and, for what older versions send, RFC 5246 section 7.2.2.
static const struct {
    uint8_t number;
    const char *name;
} alerts[] = {
    {10, "unexpected_message"},
    {20, "bad_record_mac"},
    {22, "record_overflow"},
    {40, "handshake_failure"},
    {42, "bad_certificate"},
    {43, "unsupported_certificate"},
    {44, "certificate_revoked"},
    {45, "certificate_expired"},
    {46, "certificate_unknown"},
    {47, "illegal_parameter"},
    {48, "unknown_ca"},
    {49, "access_denied"},
    {50, "decode_error"},
    {51, "decrypt_error"},
    {70, "protocol_version"},
    {71, "insufficient_security"},
    {80, "internal_error"},
    {86, "inappropriate_fallback"},
    {109, "missing_extension"},
    {110, "unsupported_extension"},
    {112, "unrecognized_name"},
    {116, "certificate_required"},
    {120, "no_application_protocol"},
};

static void format_alert(uint8_t alert, char out[OBSERVATION_TEXT])
{
    for (size_t i = 0; i < sizeof alerts / sizeof alerts[0]; i++) {
        if (alerts[i].number == alert) {
            snprintf(out, OBSERVATION_TEXT, "Failure: SSL alert %s", alerts[i].name);
            return;
        }
    }
    snprintf(out, OBSERVATION_TEXT, "Failure: SSL alert %u", alert);
}

static void format_success(const struct observation *observation, char out[OBSERVATION_TEXT])
{
    char ip[IP_TEXT];
    ip_format(&observation->resolved, ip);
    if (!observation->http) {
        snprintf(out, OBSERVATION_TEXT, "Success: TCP connection established. Resolved IP: %s. OK", ip);
        return;
    }
    const char *phrase = phrase_of(observation->http_status);
    snprintf(out, OBSERVATION_TEXT, "Success: HTTP Status Code: %u. Resolved IP: %s. %s",
             observation->http_status, ip, phrase != NULL ? phrase : "OK");
}

static void format_status(const struct observation *observation, char out[OBSERVATION_TEXT])
{
    const char *phrase = phrase_of(observation->http_status);
    snprintf(out, OBSERVATION_TEXT, "Failure: HTTP Status Code %u%s%s", observation->http_status,
             phrase != NULL ? ", " : "", phrase != NULL ? phrase : "");
}

void observation_format(const struct observation *observation, char out[OBSERVATION_TEXT])
{
    assert(observation->reason < OBSERVATION_REASONS);
    if (observation->reason == OBSERVED_SUCCESS) {
        format_success(observation, out);
    } else if (observation->reason == OBSERVED_HTTP_STATUS) {
        format_status(observation, out);
    } else if (observation->reason == OBSERVED_TLS_FAILED && observation->tls_alert != 0) {
        format_alert(observation->tls_alert, out);
    } else {
        snprintf(out, OBSERVATION_TEXT, "Failure: %s", failures[observation->reason]);
    }
}
