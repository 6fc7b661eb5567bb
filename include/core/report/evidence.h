// SPDX-License-Identifier: MIT
// What a running fleet adds to an explanation (core/routing/explain.h): to the evidence of each candidate
// with a health check its raw status, checkers and since when, and what an operator imposed, why and how
// long. Pure; control thread.
#ifndef NEARWELL_CORE_REPORT_EVIDENCE_H
#define NEARWELL_CORE_REPORT_EVIDENCE_H

#include "core/report/status_json.h"

void report_evidence(const struct status_input *input, json_t *explanation);

#endif
