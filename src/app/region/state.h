// SPDX-License-Identifier: MIT
// What the three files of a region share: region.c (life and faults), services.c (requests), peers.c
// (replication).
#ifndef NEARWELL_APP_REGION_STATE_H
#define NEARWELL_APP_REGION_STATE_H

#include <sys/queue.h>

#include "app/region/region.h"
#include "core/sample/counters.h"
#include "core/sample/fault.h"
#include "core/sample/replication.h"
#include "io/http/client.h"
#include "io/http/server.h"

enum { INSTANCE_BYTES = 8 };

enum region_stage { REGION_STARTING, REGION_SERVING, REGION_STOPPING };

struct region {
    struct loop *loop;
    char *name;
    char instance[2 * INSTANCE_BYTES + 1]; // new with each start
    enum region_stage stage;
    struct loop_timer *stage_limit; // ends starting and stopping
    void (*ready)(struct region *region, void *context);
    void *ready_context;

    struct http_server *server;
    struct http_server *control;
    struct ip_endpoint listen_at;
    struct ip_endpoint control_at;
    char listen_text[IP_ENDPOINT_TEXT];
    bool listening; // not while down

    struct fault *fault;
    mono_time fault_since;
    enum fault_kind phase; // what of it holds now
    struct loop_timer *fault_timer;

    struct counters *counters;
    LIST_HEAD(, delayed_answer) delayed;

    struct http_multi *multi;
    struct http_client *client;
    struct peer *peers;
    size_t peer_count;
};

// --- region.c ----------------------------------------------------------------------------------------------

struct replication_sender region_sender(const struct region *region);
// Takes the fault over; it holds from now on.
void region_set_fault(struct region *region, struct fault *fault);
// Something that starting or stopping waits for is done.
void region_check_stage(struct region *region);

// --- services.c --------------------------------------------------------------------------------------------

extern const struct http_route region_routes[];
extern const struct http_route region_control_routes[];

void region_answer_waiting(struct region *region); // those that came in before it was ready
void region_forget_delayed(struct region *region); // without an answer

// --- peers.c -----------------------------------------------------------------------------------------------

void peers_create(struct region *region, const char *const *urls, size_t count);
void peers_destroy(struct region *region);
void peers_work(struct region *region);          // send what there is to send, ask what there is to ask
void peers_fault_changed(struct region *region); // break off what is cut, and go on with what is not
void peers_heard(struct region *region, const char *from); // a lost peer speaks: no need to wait any longer
void peers_flush(struct region *region);                   // what is left goes out now, once
bool peers_busy(const struct region *region);              // transfers are under way
// Is a peer that says it is this one on the other side of a fault?
bool peers_cut_sender(const struct region *region, const char *from, const char *at);

#endif
