// SPDX-License-Identifier: MIT
// Carries out probe orders on real sockets: resolves, connects, speaks HTTP through libcurl, feeds the pure
// probe machine (core/health/probe.h) and reports one observation per order. One loop, one thread.
#ifndef NEARWELL_IO_PROBE_PROBER_H
#define NEARWELL_IO_PROBE_PROBER_H

#include <stddef.h>

#include "base/random.h"
#include "core/health/fleet.h"
#include "core/health/observation.h"
#include "io/http/multi.h"
#include "io/loop/loop.h"
#include "io/resolver/resolver.h"

struct prober;

// Called once per order, from the loop, never from within prober_start; now and wall are the end of the
// probe. The order comes back without its config, whose model may be gone. The callback may start probes.
typedef void (*prober_done)(const struct probe_order *order, const struct observation *observation,
                            mono_time now, wall_time wall, void *context);

// Called, before prober_done, with the certificate that an HTTPS endpoint showed, valid or not.
typedef void (*prober_certificate)(const struct probe_order *order, const struct certificate *certificate,
                                   void *context);

struct prober *prober_create(struct loop *loop, struct http_multi *multi, struct resolver *resolver,
                             uint64_t seed, prober_done done, void *context);
void prober_destroy(struct prober *prober); // gives up what is under way without reports; NULL is fine

// Without it certificates are not looked at, but for P21. The context is that of prober_create.
void prober_watch_certificates(struct prober *prober, prober_certificate seen);

// Copies what it needs of the order's check. OBSERVED_INTERNAL is what comes of a type without an endpoint,
// and of a process without descriptors or ports left.
void prober_start(struct prober *prober, const struct probe_order *order, mono_time now);
size_t prober_active(const struct prober *prober);

#endif
