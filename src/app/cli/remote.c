// SPDX-License-Identifier: MIT
#include "remote.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "io/files/read.h"
#include "io/http/client.h"

enum { TOKEN_MAX = 4096, URL_MAX = 16384, RESPONSE_MAX = 256 << 20, TIMEOUT_MS = 10000 };

bool remote_read_token(struct remote *remote, const char *path, struct error *error)
{
    size_t len;
    free(remote->token);
    remote->token = NULL;
    if (!read_whole_file(path, TOKEN_MAX, &remote->token, &len, error)) {
        return error_context(error, "--token-file");
    }
    remote->token[strcspn(remote->token, "\r\n")] = '\0';
    return true;
}

void remote_free(struct remote *remote)
{
    free(remote->token);
}

void remote_escape(struct buffer *url, const char *text)
{
    for (const char *c = text; *c != '\0'; c++) {
        bool plain = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9') ||
                     strchr("-._~", *c) != NULL;
        buffer_format(url, plain ? "%c" : "%%%02X", plain ? *c : (unsigned char)*c);
    }
}

static bool read_answer(const struct remote *remote, int status, const char *body, size_t len, json_t **out,
                        struct error *error)
{
    json_t *json = json_loadb(body, len, JSON_REJECT_DUPLICATES, NULL);
    const char *message = json_string_value(json_object_get(json, "error"));
    if (status == 200 && json != NULL) {
        *out = json;
        return true;
    }
    if (status == 401 && remote->token == NULL) {
        error_set(error, "%s wants a token; give --token-file FILE", remote->url);
    } else if (message != NULL) {
        error_set(error, "%s", message);
    } else {
        error_set(error, "%s answered %d without JSON; is it a nearwell daemon?", remote->url, status);
    }
    json_decref(json);
    return false;
}

bool remote_ask(const struct remote *remote, const char *method, const char *path, const json_t *body,
                json_t **out, struct error *error)
{
    struct buffer url;
    size_t base = strlen(remote->url);
    char *text = body != NULL ? json_dumps(body, JSON_COMPACT) : NULL;
    const char *user = getenv("USER");
    char *behalf = xasprintf("X-Nearwell-User: %s", user != NULL ? user : ""); // for the journal
    char *authorization = remote->token != NULL ? xasprintf("Authorization: Bearer %s", remote->token) : NULL;
    const char *const headers[] = {behalf, authorization, NULL};
    char *answer = NULL;
    size_t len = 0;
    int status = 0;
    while (base > 0 && remote->url[base - 1] == '/') {
        base--;
    }
    buffer_init(&url, URL_MAX);
    buffer_append(&url, remote->url, base);
    buffer_text(&url, path);
    struct http_request request = {
        .method = method,
        .url = buffer_string(&url),
        .content_type = text != NULL ? "application/json" : NULL,
        .headers = headers,
        .body = text != NULL ? bytes_of(text) : (struct bytes){NULL, 0},
        .timeout_ms = TIMEOUT_MS,
        .most_bytes = RESPONSE_MAX,
    };
    bool ok = http_fetch(&request, &status, &answer, &len, error);
    if (ok) {
        ok = read_answer(remote, status, answer, len, out, error);
    } else {
        error_context(error, "no daemon there; --server says where one is");
    }
    free(answer);
    free(authorization);
    free(behalf);
    free(text);
    buffer_free(&url);
    return ok;
}

const char *remote_text(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "";
}
