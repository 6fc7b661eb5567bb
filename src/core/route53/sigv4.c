// SPDX-License-Identifier: MIT
#include "core/route53/sigv4.h"

#include <assert.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "sigv4_header.h"

enum { DIGEST = 32, NAME_MOST = 256, TERM_MOST = 256, STAGE_MOST = 16 << 20 };

static const char hex[] = "0123456789abcdef";

static void print_hex(const uint8_t digest[DIGEST], char out[SIGV4_HEX])
{
    for (size_t i = 0; i < DIGEST; i++) {
        out[2 * i] = hex[digest[i] >> 4];
        out[2 * i + 1] = hex[digest[i] & 15];
    }
    out[SIGV4_HEX - 1] = '\0';
}

void sigv4_hash(struct bytes data, char out[SIGV4_HEX])
{
    uint8_t digest[EVP_MAX_MD_SIZE];
    if (EVP_Digest(data.data, data.len, digest, NULL, EVP_sha256(), NULL) != 1) {
        abort(); // out of memory
    }
    print_hex(digest, out);
}

// "2026-01-02T03:04:05.678Z" without its punctuation and fraction.
void sigv4_date(wall_time at, char out[SIGV4_DATE_TEXT])
{
    char text[WALL_TIME_TEXT];
    size_t len = 0;
    wall_time_format(at, text);
    for (const char *c = text; *c != '.' && *c != '\0' && len < SIGV4_DATE_TEXT - 2; c++) {
        if (*c != '-' && *c != ':') {
            out[len++] = *c;
        }
    }
    out[len++] = 'Z';
    out[len] = '\0';
}

// --- stage 1: the canonical request ------------------------------------------------------------------------

static bool is_unreserved(uint8_t c)
{
    return (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.' || c == '~';
}

static void encode(struct bytes text, char also_bare, struct buffer *out)
{
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.data[i];
        if (is_unreserved(c) || (c == (uint8_t)also_bare && also_bare != '\0')) {
            buffer_char(out, (char)c);
        } else {
            buffer_format(out, "%%%02X", c);
        }
    }
}

static void decode_and_encode(struct bytes text, struct buffer *out)
{
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.data[i];
        size_t len;
        if (c == '%' && text.len - i > 2 &&
            bytes_parse_hex((struct bytes){text.data + i + 1, 2}, &c, 1, &len)) {
            i += 2;
        }
        encode((struct bytes){&c, 1}, '\0', out);
    }
}

// Without ".", ".." and empty segments; a slash at the end stays. What was encoded is encoded once more.
static void write_path(struct bytes path, struct buffer *out)
{
    bool ends_in_slash = path.len > 0 && path.data[path.len - 1] == '/';
    size_t start = out->len;
    struct bytes segment;
    while (bytes_split(&path, '/', &segment)) {
        if (segment.len == 0 || bytes_equal(segment, bytes_of("."))) {
            continue;
        }
        if (bytes_equal(segment, bytes_of(".."))) {
            while (out->len > start && out->data[--out->len] != '/') {
            }
            continue;
        }
        buffer_char(out, '/');
        encode(segment, '\0', out);
    }
    if (ends_in_slash || out->len == start) {
        buffer_char(out, '/');
    }
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

// A pair in the form that is signed, but with a byte below all others where '=' will be, so that names sort
// before values.
static char *canonical_pair(struct bytes pair)
{
    struct buffer out;
    struct bytes value = pair;
    struct bytes name;
    bytes_split(&value, '=', &name);
    buffer_init(&out, STAGE_MOST);
    decode_and_encode(name, &out);
    buffer_char(&out, '\1');
    decode_and_encode(value, &out);
    return out.data;
}

static void write_query(struct bytes query, struct buffer *out)
{
    char **pairs = NULL;
    size_t count = 0;
    struct bytes pair;
    while (bytes_split(&query, '&', &pair)) {
        if (pair.len > 0) {
            pairs = xreallocarray(pairs, count + 1, sizeof *pairs);
            pairs[count++] = canonical_pair(pair);
        }
    }
    if (count > 0) {
        qsort(pairs, count, sizeof *pairs, compare_texts);
    }
    for (size_t i = 0; i < count; i++) {
        *strchr(pairs[i], '\1') = '=';
        buffer_format(out, "%s%s", i > 0 ? "&" : "", pairs[i]);
        free(pairs[i]);
    }
    free(pairs);
}

bool sigv4_same_name(struct bytes a, struct bytes b)
{
    size_t i = 0;
    while (i < a.len && i < b.len && ascii_lower(a.data[i]) == ascii_lower(b.data[i])) {
        i++;
    }
    return i == a.len && i == b.len;
}

struct bytes sigv4_header_value(const struct sigv4_request *request, const char *name)
{
    for (size_t i = 0; i < request->header_count; i++) {
        if (sigv4_same_name(request->headers[i].name, bytes_of(name))) {
            return bytes_trim(request->headers[i].value);
        }
    }
    return (struct bytes){NULL, 0};
}

// Trimmed, with one blank for every run of them.
static void write_header_value(struct bytes value, struct buffer *out)
{
    value = bytes_trim(value);
    for (size_t i = 0; i < value.len; i++) {
        bool blank = value.data[i] == ' ' || value.data[i] == '\t';
        bool after_blank = i > 0 && (value.data[i - 1] == ' ' || value.data[i - 1] == '\t');
        if (!blank || !after_blank) {
            buffer_char(out, blank ? ' ' : (char)value.data[i]);
        }
    }
}

static void write_headers(const struct sigv4_request *request, struct bytes signed_headers,
                          struct buffer *out)
{
    struct bytes name;
    while (bytes_split(&signed_headers, ';', &name)) {
        const char *between = "";
        buffer_append(out, name.data, name.len);
        buffer_char(out, ':');
        for (size_t i = 0; i < request->header_count; i++) {
            if (sigv4_same_name(request->headers[i].name, name)) {
                buffer_text(out, between);
                write_header_value(request->headers[i].value, out);
                between = ",";
            }
        }
        buffer_char(out, '\n');
    }
}

void sigv4_canonical_request(const struct sigv4_request *request, struct bytes signed_headers,
                             struct buffer *out)
{
    struct bytes hash = sigv4_header_value(request, "x-amz-content-sha256");
    char computed[SIGV4_HEX];
    if (hash.data == NULL) {
        sigv4_hash(request->body, computed);
        hash = bytes_of(computed);
    }
    buffer_append(out, request->method.data, request->method.len);
    buffer_char(out, '\n');
    write_path(request->path, out);
    buffer_char(out, '\n');
    write_query(request->query, out);
    buffer_char(out, '\n');
    write_headers(request, signed_headers, out);
    buffer_char(out, '\n');
    buffer_append(out, signed_headers.data, signed_headers.len);
    buffer_char(out, '\n');
    buffer_append(out, hash.data, hash.len);
}

// --- stages 2 and 3 ----------------------------------------------------------------------------------------

void sigv4_write_scope(const struct sigv4_scope *scope, struct buffer *out)
{
    buffer_append(out, scope->date.data, scope->date.len);
    buffer_char(out, '/');
    buffer_append(out, scope->region.data, scope->region.len);
    buffer_char(out, '/');
    buffer_append(out, scope->service.data, scope->service.len);
    buffer_text(out, "/aws4_request");
}

void sigv4_string_to_sign(struct bytes date_time, const struct sigv4_scope *scope,
                          struct bytes canonical_request, struct buffer *out)
{
    char hash[SIGV4_HEX];
    sigv4_hash(canonical_request, hash);
    buffer_text(out, SIGV4_ALGORITHM "\n");
    buffer_append(out, date_time.data, date_time.len);
    buffer_char(out, '\n');
    sigv4_write_scope(scope, out);
    buffer_format(out, "\n%s", hash);
}

static void chain(uint8_t key[DIGEST], size_t key_len, const uint8_t *start, struct bytes text)
{
    if (HMAC(EVP_sha256(), start, (int)key_len, text.data, text.len, key, NULL) == NULL) {
        abort(); // out of memory
    }
}

void sigv4_signature(const char *secret, const struct sigv4_scope *scope, struct bytes string_to_sign,
                     char out[SIGV4_HEX])
{
    uint8_t key[DIGEST];
    uint8_t next[DIGEST];
    char *start = xasprintf("AWS4%s", secret);
    chain(key, strlen(start), (const uint8_t *)start, scope->date);
    chain(next, DIGEST, key, scope->region);
    chain(key, DIGEST, next, scope->service);
    chain(next, DIGEST, key, bytes_of("aws4_request"));
    chain(key, DIGEST, next, string_to_sign);
    print_hex(key, out);
    OPENSSL_cleanse(start, strlen(start));
    OPENSSL_cleanse(next, sizeof next);
    free(start);
}

void sigv4_sign_stages(const struct sigv4_request *request, struct bytes signed_headers,
                       struct bytes date_time, const struct sigv4_scope *scope, const char *secret,
                       char out[SIGV4_HEX])
{
    struct buffer canonical;
    struct buffer to_sign;
    buffer_init(&canonical, STAGE_MOST);
    buffer_init(&to_sign, STAGE_MOST);
    sigv4_canonical_request(request, signed_headers, &canonical);
    sigv4_string_to_sign(date_time, scope,
                         (struct bytes){(const uint8_t *)buffer_string(&canonical), canonical.len}, &to_sign);
    sigv4_signature(secret, scope, (struct bytes){(const uint8_t *)buffer_string(&to_sign), to_sign.len},
                    out);
    buffer_free(&canonical);
    buffer_free(&to_sign);
}

// --- signing -----------------------------------------------------------------------------------------------

static char *lower_name(struct bytes name)
{
    char *text = xstrndup((const char *)name.data, name.len);
    for (char *c = text; *c != '\0'; c++) {
        *c = (char)ascii_lower((uint8_t)*c);
    }
    return text;
}

static void list_names(const struct sigv4_request *request, struct buffer *out)
{
    char **names = xcalloc(request->header_count + 1, sizeof *names);
    for (size_t i = 0; i < request->header_count; i++) {
        names[i] = lower_name(request->headers[i].name);
    }
    qsort(names, request->header_count, sizeof *names, compare_texts);
    for (size_t i = 0; i < request->header_count; i++) {
        if (i == 0 || strcmp(names[i], names[i - 1]) != 0) {
            buffer_format(out, "%s%s", i > 0 ? ";" : "", names[i]);
        }
    }
    for (size_t i = 0; i < request->header_count; i++) {
        free(names[i]);
    }
    free(names);
}

void sigv4_authorize(const struct sigv4_request *request, const struct route53_key *key, struct bytes region,
                     struct bytes service, struct buffer *out)
{
    struct bytes date_time = sigv4_header_value(request, "x-amz-date");
    assert(date_time.len == SIGV4_DATE_TEXT - 1 && sigv4_header_value(request, "host").data != NULL);
    struct sigv4_scope scope = {{date_time.data, 8}, region, service};
    struct buffer names;
    char signature[SIGV4_HEX];
    buffer_init(&names, STAGE_MOST);
    list_names(request, &names);
    sigv4_sign_stages(request, bytes_of(buffer_string(&names)), date_time, &scope, key->secret, signature);
    buffer_format(out, SIGV4_ALGORITHM " Credential=%s/", key->id);
    sigv4_write_scope(&scope, out);
    buffer_format(out, ", SignedHeaders=%s, Signature=%s", buffer_string(&names), signature);
    buffer_free(&names);
}
