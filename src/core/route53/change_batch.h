// SPDX-License-Identifier: MIT
// ChangeResourceRecordSets in two halves: is each change well formed, and what does the batch do to the zone.
// Source: API reference, section 4.
#ifndef NEARWELL_CORE_ROUTE53_CHANGE_BATCH_H
#define NEARWELL_CORE_ROUTE53_CHANGE_BATCH_H

#include "ops.h"

// 4.2: InvalidInput for the first change that is not well formed.
bool change_batch_check_form(struct call *call, const json_t *changes);

// 4.3 to 4.6: stages all of the batch, and adds every fault as InvalidChangeBatch. The changes are well
// formed.
bool change_batch_stage(struct call *call, const json_t *zone, const json_t *changes);

// The record set as the account would keep it, and the same with its values sorted, for comparison. The
// caller owns it.
json_t *change_batch_normal(const json_t *record_set);

#endif
