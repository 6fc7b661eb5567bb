// SPDX-License-Identifier: MIT
// How the Route 53 API misbehaves on request, for tests of its clients: it limits rates as Route 53 does, or
// it is down for a time while DNS answers on. POST /admin/api, and Api of a scenario's event:
//   {"ThrottleRequestsPerSecond": 5}   calls beyond fail with Throttling; 0: no limit (L8)
//   {"OneChangeAtATime": true}         PriorRequestNotComplete while a change of the zone is PENDING (B5);
//                                      Simulator.RecordDelaySeconds says how long that is
//   {"Fault": "ServiceUnavailable"}    every call fails so; also InternalFailure, Throttling,
//                                      PriorRequestNotComplete, Drop (the connection closes); None ends it
//   {"Fault": "Drop", "For": "60m"}    it ends by itself
//   {"Reason": "game day"}             why, for those who find it
// Fields that are left out keep what an earlier request set. A value; pure; one owner.
#ifndef NEARWELL_CORE_ADMIN_API_FAULTS_H
#define NEARWELL_CORE_ADMIN_API_FAULTS_H

#include <jansson.h>

#include "base/buffer.h"
#include "base/bytes.h"
#include "base/time.h"
#include "core/json/schema.h"

enum { API_FAULTS_REASON = 256 };

enum api_fault {
    API_FAULT_NONE,
    API_FAULT_SERVICE_UNAVAILABLE,
    API_FAULT_INTERNAL_FAILURE,
    API_FAULT_THROTTLING,
    API_FAULT_PRIOR_REQUEST_NOT_COMPLETE,
    API_FAULT_DROP,
};

struct api_faults { // {0}: none
    enum api_fault fault;
    mono_time until;      // of the fault; MONO_NEVER: until ended
    wall_time until_wall; // the same for people and for state files; 0: until ended
    unsigned limit;       // requests per second; 0: none
    double tokens;        // of at most limit
    mono_time filled;
    bool one_change_at_a_time; // not by api_faults_admit, but by the call itself
    char reason[API_FAULTS_REASON];
};

// One request as the field table reads it, for whoever has it within something else.
enum { API_FAULTS_LIMIT, API_FAULTS_FAULT, API_FAULTS_FOR, API_FAULTS_ONE_CHANGE, API_FAULTS_WHY };
struct api_faults_request {
    struct schema_node node; // the enum numbers its bits
    int64_t limit;
    uint32_t fault;         // enum api_fault
    const char *lasts_text; // "60m"
    bool one_change;
    const char *reason;
    duration lasts; // api_faults_check fills it; INT64_MAX: until ended
};
extern const struct schema_table api_faults_schema;

// What the table cannot say. False: diagnostics has it.
bool api_faults_check(struct api_faults_request *request, struct diagnostics *diagnostics);
void api_faults_set(struct api_faults *faults, const struct api_faults_request *request, mono_time now,
                    wall_time wall); // a request that was read and checked without a finding

// The same from a text. False: problems says all that is wrong, on lines of their own, and nothing changed.
bool api_faults_parse(struct bytes text, mono_time now, wall_time wall, struct api_faults *faults,
                      struct buffer *problems);
json_t *api_faults_json(const struct api_faults *faults, mono_time now); // the caller's
json_t *api_faults_subjects(const struct api_faults *faults,
                            mono_time now); // the same as texts, for a journal

// The text that a state file keeps; NULL: nothing is set. The caller's. Reading one, now and wall tell what
// is left of the fault's time. False: no such text.
char *api_faults_row_print(const struct api_faults *faults, mono_time now);
bool api_faults_row_parse(struct bytes text, mono_time now, wall_time wall, struct api_faults *out);

// What becomes of a call that comes now. Counts it.
enum api_fault api_faults_admit(struct api_faults *faults, mono_time now);

// The error code and the message of a fault that is answered.
const char *api_fault_code(enum api_fault fault);
const char *api_fault_message(enum api_fault fault);

#endif
