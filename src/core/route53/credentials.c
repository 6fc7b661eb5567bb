// SPDX-License-Identifier: MIT
#include "core/route53/credentials.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/xalloc.h"

enum { TEXT_MOST = 1 << 20, KEYS_MOST = 1000, VALUE_MOST = 4096 };

struct route53_keys {
    struct arena *arena; // of the texts
    size_t count;
    struct route53_key keys[KEYS_MOST];
};

struct parser {
    struct route53_keys *keys;
    struct route53_key key; // of the open line or profile
    unsigned key_line;
    bool profiles; // the format with [names]
    unsigned line;
    struct error *error;
};

static bool take(struct parser *parser, struct bytes value, const char **out, const char *what)
{
    if (value.len == 0 || value.len > VALUE_MOST || memchr(value.data, '\0', value.len) != NULL) {
        return error_set(parser->error, "line %u: no usable %s", parser->line, what);
    }
    if (*out != NULL) {
        return error_set(parser->error, "line %u: a second %s", parser->line, what);
    }
    char *copy = arena_alloc(parser->keys->arena, value.len + 1, 1); // zeroed
    memcpy(copy, value.data, value.len);
    *out = copy;
    return true;
}

// A profile without a key (one with a role, say) is left out; half a key is a slip.
static bool close_key(struct parser *parser)
{
    struct route53_keys *keys = parser->keys;
    struct route53_key key = parser->key;
    parser->key = (struct route53_key){0};
    if (key.id == NULL && key.secret == NULL) {
        return true;
    }
    if (key.id == NULL || key.secret == NULL) {
        return error_set(
            parser->error,
            "line %u: a profile with one of aws_access_key_id and aws_secret_access_key needs the other",
            parser->key_line);
    }
    if (route53_keys_find(keys, bytes_of(key.id)) != NULL) {
        return error_set(parser->error, "line %u: access key id '%.128s' is there already", parser->key_line,
                         key.id);
    }
    if (keys->count == KEYS_MOST) {
        return error_set(parser->error, "line %u: more than %d keys", parser->key_line, KEYS_MOST);
    }
    keys->keys[keys->count++] = key;
    return true;
}

// --- lines -------------------------------------------------------------------------------------------------

static size_t span_word(struct bytes text)
{
    size_t len = 0;
    while (len < text.len && text.data[len] != ' ' && text.data[len] != '\t') {
        len++;
    }
    return len;
}

static bool read_pair(struct parser *parser, struct bytes line)
{
    struct bytes id = {line.data, span_word(line)};
    struct bytes secret = bytes_trim((struct bytes){line.data + id.len, line.len - id.len});
    if (secret.len == 0 || span_word(secret) != secret.len) {
        return error_set(parser->error, "line %u: expected an access key id, a blank and its secret",
                         parser->line);
    }
    parser->key_line = parser->line;
    return take(parser, id, &parser->key.id, "access key id") &&
           take(parser, secret, &parser->key.secret, "secret") && close_key(parser);
}

static bool read_setting(struct parser *parser, struct bytes line)
{
    const struct {
        const char *name;
        const char **place;
    } settings[] = {
        {"aws_access_key_id", &parser->key.id},
        {"aws_secret_access_key", &parser->key.secret},
        {"aws_session_token", &parser->key.token},
    };
    struct bytes value = line;
    struct bytes name;
    bytes_split(&value, '=', &name);
    if (value.data == NULL) {
        return error_set(parser->error, "line %u: expected name = value", parser->line);
    }
    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++) {
        if (bytes_equal(bytes_trim(name), bytes_of(settings[i].name))) {
            return take(parser, bytes_trim(value), settings[i].place, settings[i].name);
        }
    }
    return true; // a profile may say more
}

static bool open_profile(struct parser *parser, struct bytes line)
{
    if (line.data[line.len - 1] != ']') {
        return error_set(parser->error, "line %u: '[' without ']'", parser->line);
    }
    bool good = close_key(parser);
    parser->profiles = true;
    parser->key_line = parser->line;
    return good;
}

static bool read_line(struct parser *parser, struct bytes line)
{
    if (line.len > 0 && line.data[line.len - 1] == '\r') {
        line.len--;
    }
    line = bytes_trim(line);
    if (line.len == 0 || line.data[0] == '#' || line.data[0] == ';') {
        return true;
    }
    if (line.data[0] == '[') {
        return open_profile(parser, line);
    }
    return parser->profiles ? read_setting(parser, line) : read_pair(parser, line);
}

// --- the whole ---------------------------------------------------------------------------------------------

struct route53_keys *route53_keys_parse(struct bytes text, struct error *error)
{
    struct route53_keys *keys = xcalloc(1, sizeof *keys);
    struct parser parser = {.keys = keys, .error = error};
    struct bytes line;
    keys->arena = arena_create();
    bool good = text.len <= TEXT_MOST || error_set(error, "longer than %d bytes", TEXT_MOST);
    while (good && bytes_split(&text, '\n', &line)) {
        parser.line++;
        good = read_line(&parser, line);
    }
    good =
        good && close_key(&parser) && (keys->count > 0 || error_set(error, "there is no access key in it"));
    if (!good) {
        route53_keys_destroy(keys);
        return NULL;
    }
    return keys;
}

void route53_keys_destroy(struct route53_keys *keys)
{
    if (keys != NULL) {
        arena_destroy(keys->arena);
        free(keys);
    }
}

const struct route53_key *route53_keys_find(const struct route53_keys *keys, struct bytes id)
{
    for (size_t i = 0; i < keys->count; i++) {
        if (bytes_equal(id, bytes_of(keys->keys[i].id))) {
            return &keys->keys[i];
        }
    }
    return NULL;
}
