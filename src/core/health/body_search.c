// SPDX-License-Identifier: MIT
#include "body_search.h"

#include <stdlib.h>
#include <strings.h>
#define ZLIB_CONST // zlib reads its input only
#include <zlib.h>

#include "base/xalloc.h"

enum {
    ANY_WRAPPER = 15 + 32, // zlib's windowBits: a gzip or a zlib header
    NO_WRAPPER = -15,
};

struct body_search {
    const char *needle;
    size_t needle_len;
    enum body_coding coding;
    bool encoded_window;
    bool inflating;  // the stream is initialised
    size_t received; // bytes of the body as it came
    z_stream stream;
    size_t len;
    uint8_t window[BODY_WINDOW];
};

static bool is(struct bytes text, const char *word)
{
    return text.len == strlen(word) && strncasecmp((const char *)text.data, word, text.len) == 0;
}

// RFC 7230 section 4.2.3: x-gzip is gzip.
static const struct {
    const char *name;
    enum body_coding coding;
} codings[] = {
    {"gzip", BODY_GZIP}, {"x-gzip", BODY_GZIP}, {"deflate", BODY_DEFLATE}, {"identity", BODY_PLAIN}};

enum body_coding body_coding_of_field(struct bytes line, enum body_coding before)
{
    struct bytes name;
    struct bytes value = line;
    if (!bytes_split(&value, ':', &name) || !is(name, "Content-Encoding")) {
        return before;
    }
    value = bytes_trim(value);
    if (before != BODY_PLAIN) {
        return BODY_UNKNOWN;
    }
    for (size_t i = 0; i < sizeof codings / sizeof codings[0]; i++) {
        if (is(value, codings[i].name)) {
            return codings[i].coding;
        }
    }
    return BODY_UNKNOWN;
}

static void *allocate(void *context, unsigned count, unsigned size)
{
    (void)context;
    return xcalloc(count, size);
}

static void release(void *context, void *memory)
{
    (void)context;
    free(memory);
}

struct body_search *body_search_create(const char *needle, enum body_coding coding, bool encoded_window)
{
    struct body_search *search = xcalloc(1, sizeof *search);
    search->needle = needle;
    search->needle_len = strlen(needle);
    search->coding = coding;
    search->encoded_window = encoded_window && (coding == BODY_GZIP || coding == BODY_DEFLATE);
    search->stream.zalloc = allocate;
    search->stream.zfree = release;
    return search;
}

void body_search_destroy(struct body_search *search)
{
    if (search != NULL && search->inflating) {
        inflateEnd(&search->stream);
    }
    free(search);
}

// RFC 7230 section 4.2.2: deflate is the zlib format, but some send the bare stream. A zlib header begins
// with the method 8 and a window of at most 32 KiB (RFC 1950 section 2.2).
static bool begin_inflating(struct body_search *search, uint8_t first)
{
    bool bare = search->coding == BODY_DEFLATE && ((first & 0x0f) != 8 || first >> 4 > 7);
    search->inflating = inflateInit2(&search->stream, bare ? NO_WRAPPER : ANY_WRAPPER) == Z_OK;
    return search->inflating;
}

// Whether more may come: false after an error and at the end of the data.
static bool inflate_some(struct body_search *search)
{
    search->stream.next_out = search->window + search->len;
    search->stream.avail_out = (unsigned)(BODY_WINDOW - search->len);
    int result = inflate(&search->stream, Z_NO_FLUSH);
    search->len = BODY_WINDOW - search->stream.avail_out;
    if (result == Z_STREAM_END && search->coding == BODY_GZIP) { // RFC 1952 section 2.2: members in a row
        return inflateReset(&search->stream) == Z_OK;
    }
    return result == Z_OK || result == Z_BUF_ERROR;
}

static bool decode(struct body_search *search, struct bytes data)
{
    if (!search->inflating && !begin_inflating(search, data.data[0])) {
        return false;
    }
    search->stream.next_in = data.data;
    search->stream.avail_in = (unsigned)data.len;
    while (search->stream.avail_in > 0 && search->len < BODY_WINDOW) {
        if (!inflate_some(search)) {
            return false;
        }
    }
    return true;
}

static bool receive(struct body_search *search, struct bytes data)
{
    if (search->coding == BODY_GZIP || search->coding == BODY_DEFLATE) {
        return decode(search, data);
    }
    size_t room = BODY_WINDOW - search->len;
    size_t taken = data.len < room ? data.len : room;
    memcpy(search->window + search->len, data.data, taken);
    search->len += taken;
    return true;
}

static bool found_from(const struct body_search *search, size_t from)
{
    return memmem(search->window + from, search->len - from, search->needle, search->needle_len) != NULL;
}

// P12, the other way: all that 5120 bytes as received decode to, at most some 5 MB, a window after the other.
static enum body_result search_encoded(struct body_search *search, struct bytes data)
{
    size_t room = BODY_WINDOW - search->received;
    bool more = search->inflating || begin_inflating(search, data.data[0]);
    search->stream.next_in = data.data;
    search->stream.avail_in = (unsigned)(data.len < room ? data.len : room);
    search->received += search->stream.avail_in;
    while (more && (search->stream.avail_in > 0 || search->len == BODY_WINDOW)) {
        size_t kept = search->len < search->needle_len ? search->len : search->needle_len - 1;
        memmove(search->window, search->window + search->len - kept, kept);
        search->len = kept;
        more = inflate_some(search);
        if (found_from(search, 0)) {
            return BODY_FOUND;
        }
    }
    return more && search->received < BODY_WINDOW ? BODY_MORE : BODY_NOT_FOUND;
}

enum body_result body_search_feed(struct body_search *search, struct bytes data)
{
    if (data.len == 0) {
        return BODY_MORE;
    }
    if (search->encoded_window) {
        return search_encoded(search, data);
    }
    // A needle that was not there before ends in what is new.
    size_t from = search->len >= search->needle_len ? search->len - search->needle_len + 1 : 0;
    bool more = receive(search, data);
    if (found_from(search, from)) {
        return BODY_FOUND;
    }
    return more && search->len < BODY_WINDOW ? BODY_MORE : BODY_NOT_FOUND;
}
