// SPDX-License-Identifier: MIT
// The settings of its alarm that a health check of a metric goes by: those that the alarm had when the check
// asked for them. CreateHealthCheck asks, UpdateHealthCheck with an AlarmIdentifier, and a policy file as
// merge.h says; else the alarm may change, or go (S10). The copy is an object of its own
// (ACCOUNT_ALARM_COPY), so that the check of a policy file stays what the file said. One owner, one thread.
#ifndef NEARWELL_CORE_ACCOUNT_ALARM_COPY_H
#define NEARWELL_CORE_ACCOUNT_ALARM_COPY_H

#include <jansson.h>

#include "core/account/edit.h"

// Stages a copy of the alarm that the check names, as the policy has it now, in place of the one that the
// check has. No such alarm, or one that no health check can watch: the check has no copy afterwards, and
// compiling it says why.
void account_copy_alarm(struct account_edit *edit, const json_t *check);
void account_drop_alarm_copy(struct account_edit *edit, struct bytes check_id); // if there is one

// CloudWatchAlarmConfiguration of the check, as policies have it: its own, or else its copy of the alarm that
// it names. NULL: it has neither. The caller owns it.
json_t *account_alarm_settings(const struct account_edit *edit, const json_t *check);

#endif
