// SPDX-License-Identifier: MIT
//
// The pointers are sorted by token, so that all that share a prefix are neighbours; a walk over the text
// narrows the range of pointers at each level and skips every value that no pointer leads into:
//
//   /HealthChecks/0/Id          {                          range 0-3
//   /HealthChecks/7/Id            "HealthChecks": [        range 0-2
//   /Simulator/Seed                  {...},                range 0-1
//
#include "position.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "base/xalloc.h"

// Deeper values are skipped: their pointers get the ancestor at this depth.
enum { DEPTH_MAX = 64, KEY_MAX = 4096 };

struct walk {
    const uint8_t *text;
    size_t len;
    const char **pointers; // sorted
    size_t *order;         // sorted position to the caller's
    struct json_span *spans;
    bool *found_key;   // by sorted position: a member that is itself named "#key" does not take this away
    struct buffer key; // of the current member, as a pointer token
};

struct range {
    size_t from;
    size_t to;
    size_t prefix; // bytes that these pointers share: the path so far
};

static bool is_space(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static size_t skip_space(const struct walk *walk, size_t at)
{
    while (at < walk->len && is_space(walk->text[at])) {
        at++;
    }
    return at;
}

// at is on the opening quote; the result is behind the closing one.
static size_t string_end(const uint8_t *text, size_t len, size_t at)
{
    // Few strings hold an escape, and most are long enough for memchr to be the faster.
    const uint8_t *quote = memchr(text + at + 1, '"', len - at - 1);
    if (quote != NULL && quote[-1] != '\\') {
        return (size_t)(quote - text) + 1;
    }
    for (at++; at < len && text[at] != '"'; at++) {
        if (text[at] == '\\') {
            at++;
        }
    }
    return at < len ? at + 1 : len;
}

static size_t literal_end(const uint8_t *text, size_t len, size_t at)
{
    while (at < len && !is_space(text[at]) && memchr(",:[]{}\"", text[at], 7) == NULL) {
        at++;
    }
    return at;
}

static bool is_punctuation(uint8_t c)
{
    return memchr(",:[]{}", c, 6) != NULL;
}

static size_t token_end(const uint8_t *text, size_t len, size_t at)
{
    if (text[at] == '"') {
        return string_end(text, len, at);
    }
    return is_punctuation(text[at]) ? at + 1 : literal_end(text, len, at);
}

// Behind the value that starts at at. Needs no stack, so depth does not matter.
static size_t skip_value(const struct walk *walk, size_t at)
{
    size_t depth = 0;
    while (at < walk->len) {
        uint8_t c = walk->text[at];
        if (is_space(c)) {
            at++;
            continue;
        }
        if (depth == 0 && (c == ',' || c == ':' || c == ']' || c == '}')) {
            return walk->len; // no value where one should be: nothing after it can be trusted
        }
        depth += c == '{' || c == '[';
        depth -= c == '}' || c == ']';
        at = token_end(walk->text, walk->len, at);
        if (depth == 0) {
            return at;
        }
    }
    return walk->len;
}

// --- pointers ----------------------------------------------------------------------------------------------

// The end of a pointer sorts first, then the slash: a parent stands before its children, which stand
// together.
static int pointer_rank(char c)
{
    return c == '\0' ? 0 : c == '/' ? 1 : (uint8_t)c + 2;
}

struct sortable {
    const char *pointer;
    size_t index;
};

static int compare_pointers(const void *a, const void *b)
{
    const char *x = ((const struct sortable *)a)->pointer;
    const char *y = ((const struct sortable *)b)->pointer;
    while (*x != '\0' && *x == *y) {
        x++;
        y++;
    }
    return pointer_rank(*x) - pointer_rank(*y);
}

// The token after the prefix against token: <0, 0, >0, in the order of compare_pointers.
static int compare_token(const char *pointer, size_t prefix, const char *token)
{
    const char *x = pointer + prefix;
    if (*x != '/') {
        return *x == '\0' ? -1 : 1; // a parent; no pointer at all
    }
    x++;
    while (*token != '\0' && *x == *token) {
        x++;
        token++;
    }
    int left = *x == '/' ? 0 : pointer_rank(*x);
    return left - pointer_rank(*token);
}

static size_t first_not_below(const struct walk *walk, struct range range, const char *token, int least)
{
    size_t from = range.from;
    size_t to = range.to;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (compare_token(walk->pointers[middle], range.prefix, token) < least) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    return from;
}

// The pointers of range that go on with token.
static struct range narrow(const struct walk *walk, struct range range, const char *token)
{
    struct range inner = {first_not_below(walk, range, token, 0), first_not_below(walk, range, token, 1),
                          range.prefix + 1 + strlen(token)};
    return inner;
}

static void place(const struct walk *walk, struct range range, size_t at, size_t end)
{
    for (size_t i = range.from; i < range.to; i++) {
        if (!walk->found_key[i]) {
            walk->spans[walk->order[i]] = (struct json_span){at, end > at ? end - at : 1};
        }
    }
}

static void place_key(const struct walk *walk, struct range range, size_t at, size_t end)
{
    place(walk, range, at, end);
    for (size_t i = range.from; i < range.to; i++) {
        walk->found_key[i] = true;
    }
}

// --- the walk ----------------------------------------------------------------------------------------------

static bool hex4(const uint8_t *text, size_t len, size_t at, uint32_t *out)
{
    uint8_t pair[2];
    size_t got;
    if (len - at < 4 || !bytes_parse_hex((struct bytes){text + at, 4}, pair, sizeof pair, &got)) {
        return false;
    }
    *out = (uint32_t)pair[0] << 8 | pair[1];
    return true;
}

static void append_utf8(struct buffer *out, uint32_t c)
{
    if (c < 0x80) {
        buffer_char(out, (char)c);
    } else if (c < 0x800) {
        buffer_char(out, (char)(0xc0 | c >> 6));
        buffer_char(out, (char)(0x80 | (c & 0x3f)));
    } else if (c < 0x10000) {
        buffer_char(out, (char)(0xe0 | c >> 12));
        buffer_char(out, (char)(0x80 | (c >> 6 & 0x3f)));
        buffer_char(out, (char)(0x80 | (c & 0x3f)));
    } else {
        buffer_char(out, (char)(0xf0 | c >> 18));
        buffer_char(out, (char)(0x80 | (c >> 12 & 0x3f)));
        buffer_char(out, (char)(0x80 | (c >> 6 & 0x3f)));
        buffer_char(out, (char)(0x80 | (c & 0x3f)));
    }
}

// at is behind the backslash; the result is behind the escape.
static size_t append_escape(const uint8_t *text, size_t len, size_t at, struct buffer *out)
{
    static const char from[] = "bfnrt";
    static const char to[] = "\b\f\n\r\t";
    const char *known = memchr(from, text[at], sizeof from - 1);
    uint32_t c;
    uint32_t low;
    if (text[at] != 'u' || !hex4(text, len, at + 1, &c)) {
        buffer_char(out, known != NULL ? to[known - from] : (char)text[at]);
        return at + 1;
    }
    at += 5;
    if (c >= 0xd800 && c < 0xdc00 && len - at >= 2 && text[at] == '\\' && text[at + 1] == 'u' &&
        hex4(text, len, at + 2, &low) && low >= 0xdc00 && low < 0xe000) {
        c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
        at += 6;
    }
    append_utf8(out, c);
    return at;
}

// The string between at and end, quotes included, as a token of a pointer: "~" is "~0", "/" is "~1".
static const char *key_token(struct walk *walk, size_t at, size_t end)
{
    buffer_clear(&walk->key);
    for (at++; at + 1 < end;) {
        uint8_t c = walk->text[at++];
        if (c == '\\' && at + 1 < end) {
            at = append_escape(walk->text, end - 1, at, &walk->key);
        } else if (c == '~' || c == '/') {
            buffer_text(&walk->key, c == '~' ? "~0" : "~1");
        } else {
            buffer_char(&walk->key, (char)c);
        }
    }
    return walk->key.overflow ? "" : buffer_string(&walk->key);
}

static size_t walk_value(struct walk *walk, size_t at, struct range range, unsigned depth);

static size_t walk_array(struct walk *walk, size_t at, struct range range, unsigned depth)
{
    at = skip_space(walk, at + 1);
    for (size_t i = 0; at < walk->len && walk->text[at] != ']'; i++) {
        char token[24];
        size_t digit = sizeof token - 1;
        token[digit] = '\0';
        size_t left = i;
        do {
            token[--digit] = (char)('0' + left % 10);
            left /= 10;
        } while (left > 0);
        at = skip_space(walk, walk_value(walk, at, narrow(walk, range, token + digit), depth + 1));
        if (at < walk->len && walk->text[at] == ',') {
            at = skip_space(walk, at + 1);
        } else if (at < walk->len && walk->text[at] != ']') {
            return walk->len;
        }
    }
    return at < walk->len ? at + 1 : walk->len;
}

static size_t walk_member(struct walk *walk, size_t at, struct range range, struct range keys, unsigned depth)
{
    if (walk->text[at] != '"') {
        return walk->len;
    }
    size_t end = string_end(walk->text, walk->len, at);
    const char *token = key_token(walk, at, end);
    place_key(walk, narrow(walk, keys, token), at, end);
    struct range inner = narrow(walk, range, token);
    at = skip_space(walk, end);
    if (at >= walk->len || walk->text[at] != ':') {
        return walk->len;
    }
    return skip_space(walk, walk_value(walk, at + 1, inner, depth + 1));
}

static size_t walk_object(struct walk *walk, size_t at, struct range range, unsigned depth)
{
    struct range keys = narrow(walk, range, "#key");
    at = skip_space(walk, at + 1);
    while (at < walk->len && walk->text[at] != '}') {
        at = walk_member(walk, at, range, keys, depth);
        if (at < walk->len && walk->text[at] == ',') {
            at = skip_space(walk, at + 1);
        } else if (at < walk->len && walk->text[at] != '}') {
            return walk->len;
        }
    }
    return at < walk->len ? at + 1 : walk->len;
}

// Gives the whole range this place; what is found further in overwrites it.
static size_t walk_value(struct walk *walk, size_t at, struct range range, unsigned depth)
{
    at = skip_space(walk, at);
    if (range.from == range.to || at >= walk->len) {
        return skip_value(walk, at);
    }
    uint8_t c = walk->text[at];
    bool nested = c == '{' || c == '[';
    place(walk, range, at, nested ? at + 1 : token_end(walk->text, walk->len, at));
    if (!nested || depth == DEPTH_MAX) {
        return skip_value(walk, at);
    }
    return c == '{' ? walk_object(walk, at, range, depth) : walk_array(walk, at, range, depth);
}

void json_position_find(struct bytes text, const char *const *pointers, size_t count, struct json_span *spans)
{
    struct walk walk = {.text = text.data, .len = text.len, .spans = spans};
    struct sortable *sorted = xcalloc(count + 1, sizeof *sorted);
    walk.pointers = xcalloc(count + 1, sizeof *walk.pointers);
    walk.order = xcalloc(count + 1, sizeof *walk.order);
    walk.found_key = xcalloc(count + 1, sizeof *walk.found_key);
    buffer_init(&walk.key, KEY_MAX);
    for (size_t i = 0; i < count; i++) {
        sorted[i] = (struct sortable){pointers[i], i};
        spans[i] = (struct json_span){0, 1};
    }
    qsort(sorted, count, sizeof *sorted, compare_pointers);
    for (size_t i = 0; i < count; i++) {
        walk.pointers[i] = sorted[i].pointer;
        walk.order[i] = sorted[i].index;
    }
    walk_value(&walk, 0, (struct range){0, count, 0}, 0);
    buffer_free(&walk.key);
    free(walk.found_key);
    free(walk.order);
    free(walk.pointers);
    free(sorted);
}

struct json_span json_position_token(struct bytes text, size_t offset)
{
    size_t at = 0;
    while (at < text.len && at <= offset) {
        if (is_space(text.data[at])) {
            at++;
            continue;
        }
        size_t end = token_end(text.data, text.len, at);
        if (end > offset) {
            return (struct json_span){at, end - at};
        }
        at = end;
    }
    return (struct json_span){offset < text.len ? offset : text.len, 1};
}

size_t json_position_too_deep(struct bytes text, unsigned most)
{
    // Runs over every text that is read, so all but the few bytes that matter cost one look into a table.
    static const bool matters[256] = {['"'] = true, ['{'] = true, ['['] = true, ['}'] = true, [']'] = true};
    unsigned depth = 0;
    for (size_t at = 0; at < text.len;) {
        uint8_t c = text.data[at];
        if (!matters[c]) {
            at++;
            continue;
        }
        if (c == '"') {
            at = string_end(text.data, text.len, at);
            continue;
        }
        if ((c == '{' || c == '[') && ++depth > most) {
            return at;
        }
        depth -= (c == '}' || c == ']') && depth > 0;
        at++;
    }
    return text.len;
}
