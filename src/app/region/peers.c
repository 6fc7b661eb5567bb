// SPDX-License-Identifier: MIT
// Replication. With each peer at most one request is under way:
//
//   not asked yet ──► GET /replicate?since=N until it has no more
//   then          ──► POST /replicate with what changed here since what the peer acknowledged
//   failed        ──► again after 0.1 s, doubling up to 5 s
//
// Each region tells what it wrote itself, so that a partition between two is one, whoever else talks to
// both. Only a peer that has just (re)started is told everything.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/xalloc.h"
#include "io/loop/clock.h"
#include "state.h"

static const duration retry_first = DURATION_MS(100);
static const duration retry_most = DURATION_S(5);

enum {
    TIMEOUT_MS = 5000,
    TIMEOUT_HURRIED_MS = 1000, // at start and stop
    ANSWER_MOST = 1 << 20,
};

struct peer {
    struct region *region;
    char *url;
    char name[COUNTERS_REGION_BYTES_MOST + 1]; // "" until it answered once
    char instance[REPLICATION_WORD_MOST + 1];  // likewise
    bool asked;                                // it gave all it had
    uint64_t asked_since;
    uint64_t acknowledged;  // of our changes
    uint64_t everything_to; // up to here it is told what others wrote, too
    uint64_t sending;       // what the request under way reaches
    struct http_transfer *transfer;
    struct loop_timer *retry;
    bool resting; // retry is set
    duration rest;
    bool lost;
    bool self; // the list of peers may name the region itself
};

static bool is_cut(const struct peer *peer)
{
    const struct region *region = peer->region;
    return region->phase == FAULT_DOWN || fault_cuts(region->fault, peer->name, "", peer->url);
}

bool peers_cut_sender(const struct region *region, const char *from, const char *at)
{
    if (fault_cuts(region->fault, from, at, "")) {
        return true;
    }
    for (size_t i = 0; i < region->peer_count; i++) {
        const struct peer *peer = &region->peers[i];
        if (from[0] != '\0' && strcmp(peer->name, from) == 0 && is_cut(peer)) {
            return true;
        }
    }
    return false;
}

static void log_peer(enum log_level level, const char *event, const struct peer *peer, const char *reason)
{
    struct log_line line;
    log_begin(&line, level, event);
    log_text(&line, "url", peer->url);
    if (peer->name[0] != '\0') {
        log_text(&line, "region", peer->name);
    }
    if (reason != NULL) {
        log_text(&line, "reason", reason);
    }
    log_end(&line);
}

static void work(struct peer *peer);

static void on_retry(mono_time now, void *context)
{
    (void)now;
    struct peer *peer = context;
    peer->resting = false;
    work(peer);
}

static void failed(struct peer *peer, const char *reason)
{
    if (!peer->lost) {
        peer->lost = true;
        log_peer(LOG_LEVEL_WARNING, "peer_lost", peer, reason);
    }
    if (peer->region->stage == REGION_STOPPING) {
        return;
    }
    peer->rest = peer->rest == 0 ? retry_first : peer->rest * 2;
    peer->rest = peer->rest < retry_most ? peer->rest : retry_most;
    peer->resting = true;
    loop_timer_set(peer->retry, mono_add(clock_mono(), peer->rest));
}

// It answered, as this instance of it.
static void met(struct peer *peer, const struct replication_sender *sender)
{
    if (strcmp(peer->instance, sender->instance) != 0) {
        peer->acknowledged = 0;
        peer->everything_to = counters_sequence(peer->region->counters);
        snprintf(peer->instance, sizeof peer->instance, "%s", sender->instance);
        snprintf(peer->name, sizeof peer->name, "%s", sender->from);
    }
    peer->self = strcmp(sender->instance, peer->region->instance) == 0;
    if (peer->lost) {
        peer->lost = false;
        log_peer(LOG_LEVEL_INFO, "peer_back", peer, NULL);
    }
    peer->rest = 0;
}

static bool read_answer(const struct http_response *response, struct replication *out, struct error *error)
{
    if (!response->ok) {
        *error = response->error;
        return false;
    }
    if (response->status != 200) {
        return error_set(error, "it answered with status %d", response->status);
    }
    return replication_parse(response->body, out, error);
}

static void go_on(struct peer *peer)
{
    if (peer->region->stage != REGION_STARTING || !peer->asked) {
        work(peer);
    }
    region_check_stage(peer->region);
}

static void on_pushed(const struct http_response *response, void *context)
{
    struct peer *peer = context;
    struct replication answer;
    struct error error = {0};
    peer->transfer = NULL;
    if (!read_answer(response, &answer, &error)) {
        failed(peer, error.text);
        region_check_stage(peer->region);
        return;
    }
    // A first message goes to whoever is there; when the peer turns out to be new, it begins again.
    bool same = strcmp(peer->instance, answer.sender.instance) == 0;
    met(peer, &answer.sender);
    if (same) {
        peer->acknowledged = peer->sending;
    }
    replication_free(&answer);
    go_on(peer);
}

static void on_asked(const struct http_response *response, void *context)
{
    struct peer *peer = context;
    struct region *region = peer->region;
    struct replication answer;
    struct error error = {0};
    peer->transfer = NULL;
    if (!read_answer(response, &answer, &error)) {
        failed(peer, error.text);
        region_check_stage(region);
        return;
    }
    met(peer, &answer.sender);
    bool progress = answer.sequence > peer->asked_since;
    if (is_cut(peer)) { // now that its name is known
        progress = true;
    } else if (replication_apply(&answer, region->counters, &error) != COUNTERS_OK) {
        log_peer(LOG_LEVEL_WARNING, "peer_refused", peer, error.text);
        progress = false;
    } else {
        peer->asked_since = answer.sequence;
    }
    // Whatever comes after the start it sends by itself.
    peer->asked = !is_cut(peer) && (!answer.more || !progress);
    replication_free(&answer);
    go_on(peer);
}

static void submit(struct peer *peer, const char *method, const char *url, const char *body,
                   void (*done)(const struct http_response *response, void *context))
{
    struct region *region = peer->region;
    struct http_request request = {
        .method = method,
        .url = url,
        .content_type = body != NULL ? "application/json" : NULL,
        .body = body != NULL ? bytes_of(body) : (struct bytes){0},
        .timeout_ms = region->stage == REGION_SERVING ? TIMEOUT_MS : TIMEOUT_HURRIED_MS,
        .most_bytes = ANSWER_MOST,
    };
    peer->transfer = http_client_send(region->client, &request, done, peer);
}

static void ask(struct peer *peer)
{
    char *url =
        xasprintf("%s/replicate?since=%llu&from=%s&at=%s", peer->url, (unsigned long long)peer->asked_since,
                  peer->region->name, peer->region->listen_text);
    submit(peer, "GET", url, NULL, on_asked);
    free(url);
}

static void push(struct peer *peer)
{
    struct region *region = peer->region;
    struct replication_sender sender = region_sender(region);
    char *text = NULL;
    while (text == NULL && peer->acknowledged < counters_sequence(region->counters)) {
        bool everything = peer->acknowledged < peer->everything_to;
        text = replication_print(&sender, region->counters, everything ? NULL : region->name,
                                 peer->acknowledged, &peer->sending);
        if (text == NULL) {
            peer->acknowledged = peer->sending; // all written by others
        }
    }
    if (text != NULL) {
        char *url = xasprintf("%s/replicate", peer->url);
        submit(peer, "POST", url, text, on_pushed);
        free(url);
    }
    free(text);
}

static void work(struct peer *peer)
{
    if (peer->transfer != NULL || peer->resting || peer->self || is_cut(peer)) {
        return;
    }
    if (!peer->asked && peer->region->stage != REGION_STOPPING) {
        ask(peer);
    } else {
        push(peer);
    }
}

void peers_work(struct region *region)
{
    for (size_t i = 0; i < region->peer_count; i++) {
        work(&region->peers[i]);
    }
}

static void stop_resting(struct peer *peer)
{
    loop_timer_clear(peer->retry);
    peer->resting = false;
    peer->rest = 0;
}

void peers_fault_changed(struct region *region)
{
    for (size_t i = 0; i < region->peer_count; i++) {
        struct peer *peer = &region->peers[i];
        if (is_cut(peer) && peer->transfer != NULL) {
            http_client_cancel(peer->transfer);
            peer->transfer = NULL;
        }
        stop_resting(peer);
        work(peer);
    }
    region_check_stage(region);
}

void peers_heard(struct region *region, const char *from)
{
    for (size_t i = 0; i < region->peer_count; i++) {
        struct peer *peer = &region->peers[i];
        if (peer->resting && strcmp(peer->name, from) == 0) {
            stop_resting(peer);
            work(peer);
        }
    }
}

void peers_flush(struct region *region)
{
    for (size_t i = 0; i < region->peer_count; i++) {
        stop_resting(&region->peers[i]);
        work(&region->peers[i]);
    }
}

bool peers_busy(const struct region *region)
{
    for (size_t i = 0; i < region->peer_count; i++) {
        if (region->peers[i].transfer != NULL) {
            return true;
        }
    }
    return false;
}

void peers_create(struct region *region, const char *const *urls, size_t count)
{
    region->peers = xcalloc(count, sizeof *region->peers);
    region->peer_count = count;
    for (size_t i = 0; i < count; i++) {
        struct peer *peer = &region->peers[i];
        size_t len = strlen(urls[i]);
        peer->region = region;
        peer->url = xstrndup(urls[i], len - (len > 0 && urls[i][len - 1] == '/'));
        peer->retry = loop_timer_create(region->loop, on_retry, peer);
    }
}

void peers_destroy(struct region *region)
{
    for (size_t i = 0; i < region->peer_count; i++) {
        loop_timer_destroy(region->peers[i].retry);
        free(region->peers[i].url);
    }
    free(region->peers); // http_client_destroy cancels the transfers
}
