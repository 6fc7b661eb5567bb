// SPDX-License-Identifier: MIT
// A prober on a loop of its own, probes by the number, and what they observed.
#ifndef NEARWELL_TESTS_IO_PROBE_PROBE_FIXTURE_H
#define NEARWELL_TESTS_IO_PROBE_PROBE_FIXTURE_H

#include "io/loop/clock.h"
#include "io/probe/prober.h"
#include "support/fake_dns.h"
#include "support/fake_origin.h"

enum { PROBES_MAX = 64 };

struct probe_fixture {
    struct loop *loop;
    struct http_multi *multi;
    struct resolver *resolver;
    struct prober *prober;
    struct health_check checks[PROBES_MAX];
    struct observation observed[PROBES_MAX];
    bool done[PROBES_MAX];
    mono_time started[PROBES_MAX];
    mono_time ended[PROBES_MAX];
    unsigned count;
    unsigned left;
    bool in_call;
};

static void fixture_done(const struct probe_order *order, const struct observation *observation,
                         mono_time now, wall_time wall, void *context)
{
    struct probe_fixture *fixture = context;
    assert_false(fixture->in_call);
    assert_false(fixture->done[order->token]);
    assert_true(wall.ns > 0);
    fixture->done[order->token] = true;
    fixture->observed[order->token] = *observation;
    fixture->ended[order->token] = now;
    if (--fixture->left == 0) {
        loop_stop(fixture->loop);
    }
}

static inline void fixture_start(struct probe_fixture *fixture, const char *name_servers)
{
    *fixture = (struct probe_fixture){.loop = loop_create()};
    fixture->multi = http_multi_create(fixture->loop);
    fixture->resolver = resolver_create(fixture->loop, name_servers, 300, NULL);
    fixture->prober =
        prober_create(fixture->loop, fixture->multi, fixture->resolver, 1, fixture_done, fixture);
}

static inline void fixture_end(struct probe_fixture *fixture)
{
    prober_destroy(fixture->prober);
    resolver_destroy(fixture->resolver);
    http_multi_destroy(fixture->multi);
    loop_destroy(fixture->loop);
}

// Of 127.0.0.1 and this port; change it before fixture_probe.
static inline struct health_check fixture_check(enum health_check_type type, uint16_t port)
{
    return (struct health_check){
        .id = "check",
        .type = type,
        .ip_address = {4, {127, 0, 0, 1}},
        .port = port,
        .resource_path = type == HEALTH_CHECK_TCP ? NULL : "/health",
        .request_interval = DURATION_S(30),
        .failure_threshold = 3,
    };
}

// Starts a probe and returns its number.
static inline unsigned fixture_probe(struct probe_fixture *fixture, const struct health_check *check)
{
    unsigned number = fixture->count++;
    assert_true(number < PROBES_MAX);
    fixture->checks[number] = *check;
    fixture->left++;
    fixture->in_call = true;
    fixture->started[number] = clock_mono();
    struct probe_order order = {.token = number, .config = &fixture->checks[number]};
    prober_start(fixture->prober, &order, fixture->started[number]);
    // All that is needed was copied.
    memset(&fixture->checks[number], 0xa5, sizeof fixture->checks[number]);
    fixture->in_call = false;
    return number;
}

static inline void fixture_run(struct probe_fixture *fixture)
{
    loop_run(fixture->loop);
    assert_int_equal(prober_active(fixture->prober), 0);
}

static inline const struct observation *fixture_once(struct probe_fixture *fixture,
                                                     const struct health_check *check)
{
    unsigned number = fixture_probe(fixture, check);
    fixture_run(fixture);
    return &fixture->observed[number];
}

#endif
