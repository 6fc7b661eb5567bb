// SPDX-License-Identifier: MIT
#include "io/http/client.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "base/buffer.h"
#include "base/xalloc.h"
#include "curl_global.h"

struct http_transfer {
    LIST_ENTRY(http_transfer) entry;
    struct http_client *client; // NULL for http_fetch
    CURL *easy;
    struct curl_slist *headers;
    struct buffer body;
    char *place; // the URL as errors show it
    char reason[CURL_ERROR_SIZE];
    void (*done)(const struct http_response *response, void *context);
    void *context;
};

struct http_client {
    struct http_multi *multi;
    LIST_HEAD(, http_transfer) transfers;
};

static size_t take_body(char *data, size_t size, size_t count, void *context)
{
    struct http_transfer *transfer = context;
    buffer_append(&transfer->body, data, size * count);
    return transfer->body.overflow ? 0 : size * count; // 0 ends the transfer
}

// User names, passwords and query strings may be secrets.
static char *without_secrets(const char *url)
{
    const char *scheme_end = strstr(url, "://");
    const char *host = scheme_end != NULL ? scheme_end + 3 : url;
    const char *at = memchr(host, '@', strcspn(host, "/?#"));
    const char *from = at != NULL ? at + 1 : host;
    return xasprintf("%.*s%.*s", (int)(host - url), url, (int)strcspn(from, "?#"), from);
}

static void set_security(CURL *easy)
{
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_NOPROXY, "*"); // an http_proxy in the environment is not for us
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
}

static void set_body(struct http_transfer *transfer, const struct http_request *request)
{
    CURL *easy = transfer->easy;
    if (request->body.len > 0 || strcmp(request->method, "POST") == 0 ||
        strcmp(request->method, "PUT") == 0) {
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.len);
        curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS,
                         request->body.len > 0 ? (const char *)request->body.data : "");
        // curl would add Expect: 100-continue and a form's content type.
        transfer->headers = curl_slist_append(transfer->headers, "Expect:");
        char *type = request->content_type != NULL ? xasprintf("Content-Type: %s", request->content_type)
                                                   : xstrdup("Content-Type:");
        transfer->headers = curl_slist_append(transfer->headers, type);
        free(type);
    }
}

static struct http_transfer *transfer_create(const struct http_request *request)
{
    http_curl_global();
    struct http_transfer *transfer = xcalloc(1, sizeof *transfer);
    transfer->easy = curl_easy_init();
    if (transfer->easy == NULL) {
        abort(); // out of memory
    }
    buffer_init(&transfer->body, request->most_bytes);
    transfer->place = without_secrets(request->url);
    CURL *easy = transfer->easy;
    set_security(easy);
    set_body(transfer, request);
    for (size_t i = 0; request->headers != NULL && request->headers[i] != NULL; i++) {
        transfer->headers = curl_slist_append(transfer->headers, request->headers[i]);
    }
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer->headers);
    curl_easy_setopt(easy, CURLOPT_URL, request->url);
    if (strcmp(request->method, "HEAD") == 0) {
        curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    } else {
        curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request->method);
    }
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, request->timeout_ms);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "nearwell/" NEARWELL_VERSION);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->reason);
    return transfer;
}

static void transfer_free(struct http_transfer *transfer)
{
    curl_easy_cleanup(transfer->easy);
    curl_slist_free_all(transfer->headers);
    buffer_free(&transfer->body);
    free(transfer->place);
    free(transfer);
}

// The system's word for why nobody answers ("Connection refused") says more than curl's.
static const char *reason_of(const struct http_transfer *transfer, CURLcode result)
{
    long system = 0;
    curl_easy_getinfo(transfer->easy, CURLINFO_OS_ERRNO, &system);
    if (result == CURLE_COULDNT_CONNECT && system != 0) {
        return strerrordesc_np((int)system);
    }
    return transfer->reason[0] != '\0' ? transfer->reason : curl_easy_strerror(result);
}

static bool succeeded(const struct http_transfer *transfer, CURLcode result, int *status, struct error *error)
{
    if (transfer->body.overflow) {
        return error_set(error, "%s: the answer has more than %zu bytes", transfer->place,
                         transfer->body.limit);
    }
    if (result != CURLE_OK) {
        return error_set(error, "%s: %s", transfer->place, reason_of(transfer, result));
    }
    long code = 0;
    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &code);
    *status = (int)code;
    return true;
}

static void on_done(CURL *easy, CURLcode result, void *context)
{
    (void)easy;
    struct http_transfer *transfer = context;
    struct http_response response = {0};
    response.ok = succeeded(transfer, result, &response.status, &response.error);
    if (response.ok) {
        response.body = (struct bytes){(const uint8_t *)buffer_string(&transfer->body), transfer->body.len};
    }
    LIST_REMOVE(transfer, entry); // first, since done may destroy the client
    transfer->done(&response, transfer->context);
    transfer_free(transfer);
}

struct http_client *http_client_create(struct http_multi *multi)
{
    struct http_client *client = xcalloc(1, sizeof *client);
    client->multi = multi;
    LIST_INIT(&client->transfers);
    return client;
}

void http_client_destroy(struct http_client *client)
{
    if (client == NULL) {
        return;
    }
    while (!LIST_EMPTY(&client->transfers)) {
        http_client_cancel(LIST_FIRST(&client->transfers));
    }
    free(client);
}

struct http_transfer *http_client_send(struct http_client *client, const struct http_request *request,
                                       void (*done)(const struct http_response *response, void *context),
                                       void *context)
{
    struct http_transfer *transfer = transfer_create(request);
    transfer->client = client;
    transfer->done = done;
    transfer->context = context;
    LIST_INSERT_HEAD(&client->transfers, transfer, entry);
    http_multi_add(client->multi, transfer->easy, on_done, transfer);
    return transfer;
}

void http_client_cancel(struct http_transfer *transfer)
{
    LIST_REMOVE(transfer, entry);
    http_multi_cancel(transfer->client->multi, transfer->easy);
    transfer_free(transfer);
}

bool http_fetch(const struct http_request *request, int *status, char **body, size_t *len,
                struct error *error)
{
    struct http_transfer *transfer = transfer_create(request);
    CURLcode result = curl_easy_perform(transfer->easy);
    int code = 0;
    bool ok = succeeded(transfer, result, &code, error);
    if (ok) {
        *status = code;
        *len = transfer->body.len;
        *body = xstrndup(buffer_string(&transfer->body), transfer->body.len);
    }
    transfer_free(transfer);
    return ok;
}
