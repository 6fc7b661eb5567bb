// SPDX-License-Identifier: MIT
// HTTP through libcurl, which connects, sends and cuts the response head into lines. It judges nothing: time
// limits, statuses, headers and bodies are the probe machine's, and the transfer is broken off as soon as
// that has seen enough. Of a body that is searched it takes the framing off (chunks, Content-Length); one
// that is not searched it never gets to.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/xalloc.h"
#include "io/loop/clock.h"
#include "task.h"
#include "tls_probe.h"

static size_t on_header(char *line, size_t size, size_t count, void *context)
{
    struct task *task = context;
    enum probe_phase before = task->probe.phase;
    size_t len = size * count;
    probe_header_line(&task->probe, (struct bytes){(const uint8_t *)line, len}, clock_mono());
    if (probe_done(&task->probe)) {
        return CURL_WRITEFUNC_ERROR;
    }
    if (task->probe.phase != before) {
        task_advanced(task);
    }
    return len;
}

static size_t on_body(char *data, size_t size, size_t count, void *context)
{
    struct task *task = context;
    size_t len = size * count;
    probe_body(&task->probe, (struct bytes){(const uint8_t *)data, len}, clock_mono());
    return probe_done(&task->probe) ? CURL_WRITEFUNC_ERROR : len;
}

static int on_connected(void *context, char *remote_ip, char *local_ip, int remote_port, int local_port)
{
    (void)remote_ip;
    (void)local_ip;
    (void)remote_port;
    (void)local_port;
    struct task *task = context;
    mono_time now = clock_mono();
    probe_connected(&task->probe, now); // over TLS it was before the handshake
    if (!tls_probe_secured(task)) {
        return CURL_PREREQFUNC_ABORT;
    }
    probe_requested(&task->probe, now);
    if (probe_done(&task->probe)) {
        return CURL_PREREQFUNC_ABORT;
    }
    task_advanced(task);
    return CURL_PREREQFUNC_OK;
}

static curl_socket_t on_open(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
    (void)purpose;
    struct task *task = context;
    int fd = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    task->socket_error = fd < 0 ? errno : 0;
    return fd < 0 ? CURL_SOCKET_BAD : fd;
}

static enum observation_reason reason_while_connecting(const struct task *task, CURLcode result)
{
    if (task->socket_error != 0) {
        return task_reason_of_errno(task->socket_error, &task->probe);
    }
    long error = 0;
    curl_easy_getinfo(task->easy, CURLINFO_OS_ERRNO, &error);
    if (result == CURLE_COULDNT_CONNECT && error != 0) {
        return task_reason_of_errno((int)error, &task->probe);
    }
    return result == CURLE_COULDNT_CONNECT ? OBSERVED_CONNECT_REFUSED : OBSERVED_INTERNAL;
}

// What libcurl found wrong with the response before the machine had its line.
static enum observation_reason reason_of_response(const struct task *task, CURLcode result)
{
    bool headers = task->probe.phase == PROBE_HEADERS;
    switch (result) {
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_BAD_FUNCTION_ARGUMENT:
        return headers ? OBSERVED_BAD_HEADER : OBSERVED_BAD_RESPONSE;
    case CURLE_OUT_OF_MEMORY: // a line or a head larger than libcurl takes
        return headers ? OBSERVED_HEADERS_TOO_LARGE : OBSERVED_BAD_RESPONSE;
    default:
        return OBSERVED_CONNECTION_CLOSED;
    }
}

static void begin(struct task *task);

static void on_done(CURL *easy, CURLcode result, void *context)
{
    (void)easy;
    struct task *task = context;
    mono_time now = clock_mono();
    probe_check_deadline(&task->probe, now);
    if (!probe_done(&task->probe) && tls_probe_again(task, result)) {
        begin(task); // in what is left of the two seconds
        return;
    }
    if (tls_probe_failed(task)) {
        probe_tls_failed(&task->probe, task->tls.alert, now);
    } else if (task->probe.phase == PROBE_CONNECTING) {
        probe_failed(&task->probe, reason_while_connecting(task, result), now);
    } else if (task->probe.phase == PROBE_BODY) {
        probe_closed(&task->probe, now); // however it ended, what came was searched
    } else {
        probe_failed(&task->probe, reason_of_response(task, result), now);
    }
    task_finish(task, now);
}

// What no probe changes.
static void set_up(struct task *task)
{
    CURL *easy = task->easy;
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_HTTP09_ALLOWED, 0L);
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L); // P9
    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, 60000L); // never reached: ours is 4 s
    curl_easy_setopt(easy, CURLOPT_DNS_CACHE_TIMEOUT, 0L);     // addresses are numeric
    curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, 4096L);
    curl_easy_setopt(easy, CURLOPT_TCP_NODELAY, 0L); // one small request: nothing to hold back, a call less
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, task->headers);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, task);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, task);
    curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, on_connected);
    curl_easy_setopt(easy, CURLOPT_PREREQDATA, task);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_open);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, task);
}

static void describe_search(struct task *task, const struct health_check *check)
{
    static char any_coding[] = "Accept-Encoding: *"; // P23
    free(task->search_string);
    task->search_string = check->search_string != NULL ? xstrdup(check->search_string) : NULL;
    task->check.search_string = task->search_string;
    task->headers[3] = (struct curl_slist){any_coding, NULL};
    task->headers[2].next = task->search_string != NULL ? &task->headers[3] : NULL;
}

void http_probe_describe(struct task *task, const struct health_check *check)
{
    char host[PROBE_HOST_TEXT];
    char user_agent[PROBE_USER_AGENT_TEXT];
    static char connection[] = "Connection: close";
    if (check->type == HEALTH_CHECK_TCP) {
        return;
    }
    probe_host_header(check, host);
    probe_user_agent(check, user_agent);
    probe_request_target(check, task->target);
    snprintf(task->host, sizeof task->host, "Host: %s", host);
    snprintf(task->user_agent, sizeof task->user_agent, "User-Agent: %s", user_agent);
    task->headers[0] = (struct curl_slist){task->host, &task->headers[1]};
    task->headers[1] = (struct curl_slist){task->user_agent, &task->headers[2]};
    task->headers[2] = (struct curl_slist){connection, NULL};
    describe_search(task, check);
    tls_probe_describe(task, check);
}

static void begin(struct task *task)
{
    task->socket_error = 0;
    tls_probe_begin(task);
    tls_probe_set_url(task);
    http_multi_add(task_multi(task), task->easy, on_done, task);
}

static void start(struct task *task)
{
    if (task->easy == NULL) {
        task->easy = curl_easy_init();
        if (task->easy == NULL) {
            abort(); // out of memory
        }
        set_up(task);
    }
    curl_easy_setopt(task->easy, CURLOPT_REQUEST_TARGET, task->target);
    bool body = task->search_string != NULL;
    curl_easy_setopt(task->easy, CURLOPT_IGNORE_CONTENT_LENGTH, body ? 0L : 1L);
    curl_easy_setopt(task->easy, CURLOPT_HTTP_TRANSFER_DECODING, body ? 1L : 0L);
    begin(task);
}

static void stop(struct task *task)
{
    http_multi_cancel(task_multi(task), task->easy);
}

void http_probe_free(struct task *task)
{
    curl_easy_cleanup(task->easy);
    free(task->search_string);
    tls_probe_free(task);
}

const struct transport http_transport = {start, stop};
