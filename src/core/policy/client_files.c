// SPDX-License-Identifier: MIT
// ClientFiles: text, a block of addresses and a place a line, with a comma or blanks between.
//
//   # our offices
//   203.0.113.0/24, BR
//   2001:db8::/32   eu-west-1    # the lab
#include <stdio.h>

#include "context.h"

struct reading {
    struct policy_context *context;
    struct policy_client_list list;
    struct map *seen; // by policy_prefix_key, of all files
    struct bytes whole_line;
    unsigned line;
};

// Where a part of the line begins, 1-based.
static unsigned column_of(const struct reading *reading, struct bytes part)
{
    return (unsigned)(part.data - reading->whole_line.data) + 1;
}

#define REFUSE_PART(reading, part, ...)                                                                      \
    diagnostics_add_at((reading)->context->reader.diagnostics, DIAGNOSTIC_ERROR, (reading)->line,            \
                       column_of(reading, part), __VA_ARGS__)

static struct bytes first_part(struct bytes slice, const char *ends)
{
    size_t len = 0;
    while (len < slice.len && (slice.data[len] == '\0' || strchr(ends, slice.data[len]) == NULL)) {
        len++;
    }
    return (struct bytes){slice.data, len};
}

static struct bytes without(struct bytes slice, size_t count)
{
    return (struct bytes){slice.data + count, slice.len - count};
}

static const char *read_place(struct reading *reading, struct bytes part)
{
    char hint[POLICY_HINT];
    if (part.len == 0) {
        REFUSE_PART(reading, part, "a place is missing behind the block");
        return NULL;
    }
    if (part.len >= POLICY_PLACE_KEY || memchr(part.data, '\0', part.len) != NULL) {
        REFUSE_PART(reading, part, "a place's name has at most %d characters", POLICY_PLACE_KEY - 1);
        return NULL;
    }
    char *place = arena_alloc(reading->context->reader.arena, part.len + 1, 1);
    memcpy(place, part.data, part.len);
    place[part.len] = '\0';
    if (policy_place_unknown(reading->context, place, hint)) {
        REFUSE_PART(reading, part, "place '%s' is neither in the latency table nor an AWS region%s", place,
                    hint);
        return NULL;
    }
    return place;
}

static bool same_place(const char *a, const char *b)
{
    char key[POLICY_PLACE_KEY];
    char other[POLICY_PLACE_KEY];
    return bytes_equal(policy_place_key(a, key), policy_place_key(b, other));
}

static void read_line(struct reading *reading, struct bytes line)
{
    struct bytes said = bytes_trim(first_part(line, "#"));
    if (said.len == 0) {
        return;
    }
    struct bytes cidr = first_part(said, ", \t");
    struct bytes rest = bytes_trim(without(said, cidr.len));
    if (rest.len > 0 && rest.data[0] == ',') {
        rest = bytes_trim(without(rest, 1));
    }
    struct client_spec *spec = &reading->list.items[reading->list.count];
    struct error error = {0};
    *spec = (struct client_spec){.source = CLIENT_SOURCE_FILE};
    if (!ip_prefix_parse(cidr, &spec->prefix, &error)) {
        REFUSE_PART(reading, cidr, "%s", error.text);
        return;
    }
    spec->place = read_place(reading, rest);
    if (spec->place == NULL) {
        return;
    }
    uint8_t key[POLICY_PREFIX_KEY];
    struct bytes prefix = policy_prefix_key(&spec->prefix, key);
    const struct client_spec *other = map_get(reading->seen, prefix);
    if (other == NULL) {
        map_put(reading->seen, prefix, spec);
        reading->list.count++;
    } else if (!same_place(spec->place, other->place)) {
        REFUSE_PART(reading, cidr, "'%.*s' is given twice, in '%s' and in '%s'", (int)cidr.len,
                    (const char *)cidr.data, other->place, spec->place);
    }
}

static void read_lines(struct reading *reading, struct bytes text)
{
    static const char byte_order_mark[] = "\xef\xbb\xbf";
    reading->line = 0;
    while (bytes_split(&text, '\n', &reading->whole_line)) {
        struct bytes line = reading->whole_line;
        reading->line++;
        if (reading->line == 1 && line.len >= 3 && memcmp(line.data, byte_order_mark, 3) == 0) {
            line = without(line, 3);
        }
        line.len -= line.len > 0 && line.data[line.len - 1] == '\r';
        read_line(reading, line);
    }
}

static size_t lines_of(struct bytes text)
{
    size_t lines = 1;
    for (size_t i = 0; i < text.len; i++) {
        lines += text.data[i] == '\n';
    }
    return lines;
}

struct policy_client_list policy_read_client_files(struct policy_context *context)
{
    const struct schema_strings *files = &context->file->client_files;
    struct bytes *texts = arena_new(context->reader.arena, struct bytes, files->count);
    size_t most = 0;
    for (size_t i = 0; i < files->count; i++) {
        char tail[64];
        snprintf(tail, sizeof tail, "ClientFiles/%zu", i);
        const char *path = policy_path(context, context->name, files->items[i]);
        if (policy_read_text(context, &context->file->node, tail, path, "clients", &texts[i])) {
            policy_add_digest(context, texts[i]);
            most += lines_of(texts[i]);
        }
    }
    struct reading reading = {.context = context, .seen = map_create()};
    reading.list.items = arena_new(context->reader.arena, struct client_spec, most);
    for (size_t i = 0; i < files->count; i++) {
        diagnostics_file(context->reader.diagnostics, policy_path(context, context->name, files->items[i]),
                         texts[i]);
        read_lines(&reading, texts[i]);
    }
    diagnostics_file(context->reader.diagnostics, context->name, context->text);
    map_destroy(reading.seen);
    return reading.list;
}
