// SPDX-License-Identifier: MIT
// Metric data from outside: POST /admin/metrics, and the file that --metrics names.
#include <stdlib.h>

#include "base/log.h"
#include "core/admin/metric_request.h"
#include "internal.h"
#include "io/files/read.h"

enum { PROBLEMS_MAX = 16384, FILE_MAX = 64 << 20 };

void daemon_admin_metrics(struct http_exchange *exchange, void *context)
{
    struct daemon *daemon = context;
    mono_time now = daemon_clock_mono(&daemon->clock);
    wall_time wall = daemon_clock_wall(&daemon->clock);
    struct metric_batch batch;
    struct buffer problems;
    if (!daemon_admin_allowed(daemon, exchange)) {
        return;
    }
    buffer_init(&problems, PROBLEMS_MAX);
    if (metric_request_parse("request", http_exchange_body(exchange), wall, &batch, &problems)) {
        size_t kept = fleet_put_metrics(daemon->fleet, batch.data, batch.count, now, wall);
        record_metrics(daemon, http_exchange_body(exchange), now);
        daemon_run_health(daemon, now);
        daemon_reply_json(exchange, 200,
                          json_pack("{s:i, s:I, s:I}", "schema_version", STATUS_SCHEMA_VERSION, "accepted",
                                    (json_int_t)kept, "ignored", (json_int_t)(batch.count - kept)));
        metric_batch_free(&batch);
    } else {
        http_exchange_fail(exchange, 400, "%s", buffer_string(&problems));
    }
    buffer_free(&problems);
}

// --- the file ----------------------------------------------------------------------------------------------

static size_t put_line(struct daemon *daemon, struct bytes line, size_t number, mono_time now, wall_time wall)
{
    struct metric_batch batch;
    struct buffer name;
    struct buffer problems;
    size_t kept = 0;
    buffer_init(&name, 4096);
    buffer_init(&problems, PROBLEMS_MAX);
    buffer_format(&name, "line %zu", number);
    if (metric_request_parse(buffer_string(&name), line, wall, &batch, &problems)) {
        kept = fleet_put_metrics(daemon->fleet, batch.data, batch.count, now, wall);
        record_metrics(daemon, line, now);
        metric_batch_free(&batch);
    } else {
        log_message(LOG_LEVEL_ERROR, "metrics_refused", "%s: %s", daemon->options->metrics,
                    buffer_string(&problems));
    }
    buffer_free(&name);
    buffer_free(&problems);
    return kept;
}

// What was read before is not read again, as long as the file still begins with it.
static void put_lines(struct daemon *daemon, struct bytes text)
{
    struct metrics_read *seen = &daemon->metrics_read;
    mono_time now = daemon_clock_mono(&daemon->clock);
    wall_time wall = daemon_clock_wall(&daemon->clock);
    size_t kept = 0;
    struct bytes line;
    if (seen->bytes > text.len || bytes_hash((struct bytes){text.data, seen->bytes}) != seen->hash) {
        *seen = (struct metrics_read){0};
    }
    struct bytes rest = {text.data + seen->bytes, text.len - seen->bytes};
    while (bytes_split(&rest, '\n', &line)) {
        seen->lines++;
        kept += bytes_trim(line).len > 0 ? put_line(daemon, line, seen->lines, now, wall) : 0;
    }
    seen->lines--; // the last may go on
    seen->bytes = text.len;
    seen->hash = bytes_hash(text);
    struct log_line out;
    log_begin(&out, LOG_LEVEL_INFO, "metrics_read");
    log_text(&out, "source", daemon->options->metrics);
    log_number(&out, "data", (int64_t)kept);
    log_end(&out);
}

bool daemon_read_metrics(struct daemon *daemon, struct error *error)
{
    char *text;
    size_t len;
    if (daemon->options->metrics == NULL) {
        return true;
    }
    if (!read_whole_file(daemon->options->metrics, FILE_MAX, &text, &len, error)) {
        return error_context(error, "--metrics");
    }
    put_lines(daemon, (struct bytes){(const uint8_t *)text, len});
    free(text);
    return true;
}
