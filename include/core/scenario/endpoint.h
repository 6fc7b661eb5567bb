// SPDX-License-Identifier: MIT
// Scripted endpoints: who answers probes how, by host and port, without a network. A probe drives the real
// state machine of one probe (core/health/probe.h) with the events that the fault implies, so budgets and
// reasons are those of rules P5-P22. What no script names answers 200 at once, with the string that the check
// looks for. One owner, one thread.
//
// A fault in JSON is what the sample region takes (core/sample/fault.h), and more:
//   {"Kind":"none"}
//   {"Kind":"down"}                                      refuses connections at once
//   {"Kind":"hang"}                                      accepts, and never answers
//   {"Kind":"slow","Milliseconds":4500}                  the status line comes so late after connecting;
//                                                        "ConnectMilliseconds" and "BodyMilliseconds" delay
//                                                        the connection and, after the head, the body
//   {"Kind":"status","Status":503}                       "Body" may follow, else it is empty
//   {"Kind":"body","Body":"oops"}                        200 with that body
//   {"Kind":"flap","UpSeconds":5,"DownSeconds":2.5}      none, then down, and so on
//   {"Kind":"partition","CheckerRegions":["sa-east-1"]}  packets of those checkers are lost: a blackhole
//   {"Kind":"blackhole"}                                 packets are lost
//   {"Kind":"unreachable"}                               no route to it
//   {"Kind":"reset"}                                     accepts, then closes without an answer
//   {"Kind":"certificate"}                               has lost its certificate: TLS handshakes fail
//   {"Kind":"resolver"}                                  its name does not resolve; "Milliseconds" later
// "For":"90s" ends any of them by itself. "Path":"/health" limits hang, slow, status, body and reset to one
// path. "CheckerRegions" limits any of them to the checkers of these regions.
#ifndef NEARWELL_CORE_SCENARIO_ENDPOINT_H
#define NEARWELL_CORE_SCENARIO_ENDPOINT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/bytes.h"
#include "base/error.h"
#include "base/time.h"
#include "core/health/observation.h"
#include "core/json/schema.h"
#include "core/model/health_check.h"

enum endpoint_fault_kind {
    ENDPOINT_NONE,
    ENDPOINT_DOWN,
    ENDPOINT_HANG,
    ENDPOINT_SLOW,
    ENDPOINT_STATUS,
    ENDPOINT_BODY,
    ENDPOINT_FLAP,
    ENDPOINT_PARTITION,
    ENDPOINT_BLACKHOLE,
    ENDPOINT_UNREACHABLE,
    ENDPOINT_RESET,
    ENDPOINT_CERTIFICATE,
    ENDPOINT_RESOLVER,
};

// A value; its strings are borrowed.
struct endpoint_fault {
    uint8_t kind;            // enum endpoint_fault_kind
    uint8_t checker_regions; // bit i: checker_region_at(i); 0: all checkers, and everyone else
    uint16_t status;
    duration connect;
    duration delay;
    duration body_delay;
    duration up;
    duration down;
    duration lasts;   // INT64_MAX: until the next one
    const char *body; // NULL: the string that the check looks for
    const char *path; // NULL: all
};

// A fault as part of a larger document: a field of kind SCHEMA_OBJECT with this table is a pointer to the
// struct, which endpoint_fault_read turns into a fault or into findings. Strings stay the document's.
extern const struct schema_table endpoint_fault_schema;
struct endpoint_fault_fields;
bool endpoint_fault_read(const struct schema_reader *reader, const struct endpoint_fault_fields *fields,
                         struct endpoint_fault *out);

const char *const *endpoint_checker_regions(void); // NULL-terminated, for field tables

const char *endpoint_fault_kind_name(enum endpoint_fault_kind kind);
// "down", "slow by 4500 ms", "status 503 for checkers in sa-east-1": for people.
void endpoint_fault_describe(const struct endpoint_fault *fault, struct buffer *out);

// Where a fault applies: "192.0.2.10:80", "[2001:db8::1]:443", "origin.example.com:80"; without a port all
// ports; "*" everything. Hosts are as health checks name them: the IPAddress if there is one, else the
// FullyQualifiedDomainName.
enum { ENDPOINT_KEY = 320 };
bool endpoint_key_parse(struct bytes text, char out[ENDPOINT_KEY], struct error *error);
void endpoint_key_of(const struct health_check *check, char out[ENDPOINT_KEY]); // host and port

struct endpoints;

struct endpoints *endpoints_create(void);
void endpoints_destroy(struct endpoints *endpoints); // NULL is fine

// Replaces the fault that held for these checkers at this key; ENDPOINT_NONE ends it. One for everyone ends
// those of single regions too. Strings are copied. More than one key may concern an endpoint: what loses
// packets (partition, blackhole, unreachable, resolver) counts first, then the most specific key.
void endpoints_set(struct endpoints *endpoints, const char *key, const struct endpoint_fault *fault,
                   mono_time now);
void endpoints_clear(struct endpoints *endpoints);

// A request of an operator: {"Endpoint": "192.0.2.10:80", "Fault": {"Kind": "down", "For": "90s"}}. False:
// problems says all that is wrong, on lines of their own, and nothing changed.
bool endpoints_request(struct endpoints *endpoints, struct bytes text, mono_time now,
                       struct buffer *problems);

// [{"Endpoint", "Fault": {...}, "Since": seconds ago}], in the order of keys; the caller's.
json_t *endpoints_json(const struct endpoints *endpoints, mono_time now);

// One probe that starts now by a checker of a region (REGION_NONE: of none). What holds at its start holds to
// its end. takes is from the start to the observation.
struct endpoint_result {
    struct observation observation;
    duration takes;
};
struct endpoint_result endpoints_probe(const struct endpoints *endpoints, const struct health_check *check,
                                       uint8_t region, mono_time now);

// Does a user's request to this host and port succeed, however late? Faults of single checker regions and of
// single paths do not concern users.
bool endpoints_serving(const struct endpoints *endpoints, const char *host, uint16_t port, mono_time now);

#endif
