// SPDX-License-Identifier: MIT
// The same state as Prometheus text, format 0.0.4: a table of names, kinds and help texts. Pure; control
// thread.
#ifndef NEARWELL_CORE_REPORT_METRICS_H
#define NEARWELL_CORE_REPORT_METRICS_H

#include "base/buffer.h"
#include "core/report/status_json.h"

void metrics_write(const struct status_input *input, struct buffer *out);

#endif
