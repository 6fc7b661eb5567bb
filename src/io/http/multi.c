// SPDX-License-Identifier: MIT
#include "io/http/multi.h"

#include <assert.h>
#include <event2/event.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "curl_global.h"
#include "io/loop/clock.h"

struct http_multi {
    struct loop *loop;
    CURLM *curl;
    struct loop_timer *timer;
};

// What CURLOPT_PRIVATE holds while a handle is in use.
struct transfer {
    http_multi_done done;
    void *context;
};

static void init_once(void)
{
    CURLcode result = curl_global_init(CURL_GLOBAL_DEFAULT);
    assert(result == CURLE_OK);
}

void http_curl_global(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, init_once);
}

// done may add and cancel handles: nothing of ours is held across it.
static void report_finished(struct http_multi *multi)
{
    int left;
    for (CURLMsg *message; (message = curl_multi_info_read(multi->curl, &left)) != NULL;) {
        if (message->msg != CURLMSG_DONE) {
            continue;
        }
        CURL *easy = message->easy_handle;
        CURLcode result = message->data.result; // the message dies with the next call
        char *private = NULL;
        curl_easy_getinfo(easy, CURLINFO_PRIVATE, &private);
        struct transfer transfer = *(struct transfer *)(void *)private;
        free(private);
        curl_multi_remove_handle(multi->curl, easy);
        curl_easy_setopt(easy, CURLOPT_PRIVATE, NULL);
        transfer.done(easy, result, transfer.context);
    }
}

static void on_socket(evutil_socket_t fd, short what, void *context)
{
    struct http_multi *multi = context;
    int running;
    int action = (what & EV_READ ? CURL_CSELECT_IN : 0) | (what & EV_WRITE ? CURL_CSELECT_OUT : 0);
    curl_multi_socket_action(multi->curl, fd, action, &running);
    report_finished(multi);
}

static void on_timer(mono_time now, void *context)
{
    (void)now;
    struct http_multi *multi = context;
    int running;
    curl_multi_socket_action(multi->curl, CURL_SOCKET_TIMEOUT, 0, &running);
    report_finished(multi);
}

// curl wants to watch a socket, to watch it differently, or no more. watched is our event for it.
static int watch_socket(CURL *easy, curl_socket_t fd, int what, void *context, void *watched)
{
    (void)easy;
    struct http_multi *multi = context;
    struct event *event = watched;
    if (event != NULL) {
        event_free(event);
        event = NULL;
    }
    if (what != CURL_POLL_REMOVE) {
        int kind = EV_PERSIST | (what & CURL_POLL_IN ? EV_READ : 0) | (what & CURL_POLL_OUT ? EV_WRITE : 0);
        event = event_new(loop_base(multi->loop), fd, (short)kind, on_socket, multi);
        if (event == NULL || event_add(event, NULL) != 0) {
            abort(); // out of memory
        }
        curl_multi_assign(multi->curl, fd, event);
    }
    return 0;
}

static int watch_time(CURLM *curl, long wait_ms, void *context)
{
    (void)curl;
    struct http_multi *multi = context;
    if (wait_ms < 0) {
        loop_timer_clear(multi->timer);
    } else {
        loop_timer_set(multi->timer, mono_add(clock_mono(), DURATION_MS(wait_ms)));
    }
    return 0;
}

struct http_multi *http_multi_create(struct loop *loop)
{
    http_curl_global();
    struct http_multi *multi = xcalloc(1, sizeof *multi);
    multi->loop = loop;
    multi->timer = loop_timer_create(loop, on_timer, multi);
    multi->curl = curl_multi_init();
    if (multi->curl == NULL) {
        abort(); // out of memory
    }
    curl_multi_setopt(multi->curl, CURLMOPT_SOCKETFUNCTION, watch_socket);
    curl_multi_setopt(multi->curl, CURLMOPT_SOCKETDATA, multi);
    curl_multi_setopt(multi->curl, CURLMOPT_TIMERFUNCTION, watch_time);
    curl_multi_setopt(multi->curl, CURLMOPT_TIMERDATA, multi);
    return multi;
}

void http_multi_destroy(struct http_multi *multi)
{
    if (multi == NULL) {
        return;
    }
    curl_multi_cleanup(multi->curl); // closes kept connections, and so unwatches their sockets
    loop_timer_destroy(multi->timer);
    free(multi);
}

void http_multi_add(struct http_multi *multi, CURL *easy, http_multi_done done, void *context)
{
    struct transfer *transfer = xmalloc(sizeof *transfer);
    *transfer = (struct transfer){done, context};
    curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer);
    // This only asks for a timer; the transfer starts, and may fail, in on_timer.
    CURLMcode result = curl_multi_add_handle(multi->curl, easy);
    assert(result == CURLM_OK);
}

void http_multi_cancel(struct http_multi *multi, CURL *easy)
{
    char *private = NULL;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &private);
    assert(private != NULL);
    CURLMcode result = curl_multi_remove_handle(multi->curl, easy);
    assert(result == CURLM_OK);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, NULL);
    free(private);
}
