// SPDX-License-Identifier: MIT
// Latency tables that change in time (LT2): when a version comes into force, the next answers follow it.
#include "base/log.h"
#include "internal.h"

// A real clock may be set, so it is looked at again now and then.
#define LOOKED_AT_AGAIN DURATION_S(60)

static void log_version(const struct latency_table *latency)
{
    struct log_line line;
    char text[WALL_TIME_TEXT];
    wall_time from;
    if (latency_table_valid_from(latency, &from)) {
        wall_time_format(from, text);
        log_begin(&line, LOG_LEVEL_INFO, "latency_table_changed");
        log_text(&line, "valid_from", text);
        log_end(&line);
    }
}

static mono_time next_due(const struct daemon *daemon)
{
    mono_time now = daemon_clock_mono(&daemon->clock);
    wall_time wall = daemon_clock_wall(&daemon->clock);
    wall_time next;
    if (!latency_next_version(daemon->current->model, wall, &next)) {
        return MONO_NEVER;
    }
    duration left = next.ns - wall.ns;
    return mono_add(now, daemon->manual == NULL && left > LOOKED_AT_AGAIN ? LOOKED_AT_AGAIN : left);
}

bool daemon_follow_latency(struct daemon *daemon)
{
    bool changed = snapshot_move(daemon->current, daemon_clock_wall(&daemon->clock));
    if (changed) {
        log_version(daemon->current->latency);
    }
    mono_time due = next_due(daemon);
    if (daemon->manual == NULL && due.ns != MONO_NEVER.ns) {
        loop_timer_set(daemon->latency_timer, due);
    }
    return changed;
}

void daemon_latency_fell_due(mono_time now, void *context)
{
    struct daemon *daemon = context;
    (void)now;
    if (daemon_follow_latency(daemon)) {
        daemon_publish(daemon);
    }
}
