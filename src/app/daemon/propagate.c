// SPDX-License-Identifier: MIT
#include "propagate.h"

#include "internal.h"

static void due(mono_time now, void *context)
{
    struct daemon *daemon = context;
    propagate_arrived(daemon, now);
    daemon_run_health(daemon, now);
}

void propagate_open(struct daemon *daemon)
{
    daemon->propagation_timer = loop_timer_create(daemon->loop, due, daemon);
}

void propagate_close(struct daemon *daemon)
{
    propagation_clear(&daemon->propagation);
    loop_timer_destroy(daemon->propagation_timer);
}

static void arm(struct daemon *daemon)
{
    mono_time next = propagation_next(&daemon->propagation);
    if (daemon->manual == NULL && next.ns != MONO_NEVER.ns) {
        loop_timer_set(daemon->propagation_timer, next);
    }
}

void propagate_arrived(struct daemon *daemon, mono_time now)
{
    struct model *model;
    while ((model = propagation_arrive(&daemon->propagation, now)) != NULL) {
        daemon_take_model(daemon, model, now);
    }
    arm(daemon);
}

void propagate(struct daemon *daemon, struct model *model, bool delayed, mono_time now)
{
    struct model *at_once =
        propagation_submit(&daemon->propagation, daemon->current->model, model, delayed, now);
    if (at_once != NULL) {
        daemon_take_model(daemon, at_once, now);
    }
    arm(daemon);
}
