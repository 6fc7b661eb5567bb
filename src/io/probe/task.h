// SPDX-License-Identifier: MIT
// One probe under way, shared by the prober and its two transports. A task goes
//
//   prober_start -> (resolving) -> transport.start -> events -> probe machine done -> task_finish -> report
//
// Transports feed the probe machine and tell when something changed; deadlines and reports are the prober's.
#ifndef NEARWELL_IO_PROBE_TASK_H
#define NEARWELL_IO_PROBE_TASK_H

#include <curl/curl.h>
#include <event2/event.h>
#include <event2/event_struct.h>

#include "core/health/probe.h"
#include "io/probe/prober.h"

struct task;

struct transport {
    // Never finishes the task from within: what fails at once is reported through task_fail_later.
    void (*start)(struct task *task);
    // Gives the connection up and leaves the task ready for its next use. Not from curl's own callbacks.
    void (*stop)(struct task *task);
};

extern const struct transport http_transport;
extern const struct transport tcp_transport;

struct task {
    struct task *previous; // in one of the prober's lists
    struct task *next;
    struct task_list *list;
    struct prober *prober;
    const struct transport *transport; // NULL until connecting begins
    struct probe_order order;
    struct health_check check; // type, port and the string to search for; other texts are below
    struct probe probe;
    struct resolver_query *query;
    enum observation_reason failure; // of a task that failed at once

    // http_probe.c
    CURL *easy; // kept from probe to probe
    int socket_error;
    char *search_string; // NULL when there is none
    struct curl_slist headers[4];
    char host[PROBE_HOST_TEXT + 8];
    char user_agent[PROBE_USER_AGENT_TEXT + 16];
    char target[PROBE_TARGET_TEXT];

    // tls_probe.c
    struct {
        char *host;       // the check's FullyQualifiedDomainName; NULL: none
        const char *name; // to send as the server name: host, or NULL
        bool set_up;      // the easy handle has its options
        bool nameless;    // P21: the second connection, without it
        bool wrong_name;  // the certificate lacks it
        bool secured;     // the handshake is over
        uint8_t alert;    // the fatal one that came; 0: none
        bool shown;       // certificate is valid
        struct certificate certificate;
        struct curl_slist connect_to;
        char target[IP_ENDPOINT_TEXT + 2];
    } tls;

    // tcp_probe.c
    int fd;
    struct event connected;
};

bool task_watches_certificates(const struct task *task);
struct loop *task_loop(const struct task *task);
struct http_multi *task_multi(const struct task *task);

// The machine took an event: moves the task to where its deadline belongs.
void task_advanced(struct task *task);
// The machine is done and the transport has let go: reports and recycles the task.
void task_finish(struct task *task, mono_time now);
// It could not even start: reports so from the loop.
void task_fail_later(struct task *task, enum observation_reason reason);

// What a system error on a connecting or connected socket says about the endpoint, or about us.
enum observation_reason task_reason_of_errno(int error, const struct probe *probe);
// The process or the system has no sockets left.
bool task_no_sockets(void);

void http_probe_free(struct task *task); // the easy handle and the search string, if any
// Writes the request's texts: what a task needs of its check.
void http_probe_describe(struct task *task, const struct health_check *check);

#endif
