// SPDX-License-Identifier: MIT
#include "context.h"

#include <stdio.h>
#include <string.h>

#include "base/suggest.h"
#include "base/xalloc.h"
#include "core/json/text.h"

// A file that is wrong all over must not cost the square of its size in suggestions.
enum { SUGGESTIONS_MAX = 100, CANDIDATES_MAX = 4096 };

void policy_keep_tree(struct policy_context *context, json_t *tree)
{
    size_t count = context->tree_count + 1;
    context->trees = xreallocarray(context->trees, count, sizeof(json_t *));
    context->trees[count - 1] = tree;
    context->tree_count = count;
}

json_t *policy_parse(struct policy_context *context, struct bytes text)
{
    json_t *tree = json_text_parse(text, POLICY_DEPTH_MAX, POLICY_TEXT_MAX, context->reader.diagnostics);
    if (tree != NULL) {
        policy_keep_tree(context, tree);
    }
    return tree;
}

// Texts are long, so a word at a time, and bytes only at the end.
static uint64_t digest_of(struct bytes text)
{
    uint64_t digest = text.len;
    uint64_t word;
    while (text.len >= sizeof word) {
        memcpy(&word, text.data, sizeof word);
        digest = (digest ^ word) * UINT64_C(0x9e3779b97f4a7c15); // 2^64 divided by the golden ratio
        digest ^= digest >> 32;
        text = (struct bytes){text.data + sizeof word, text.len - sizeof word};
    }
    return digest ^ bytes_hash(text);
}

void policy_add_digest(struct policy_context *context, struct bytes text)
{
    uint64_t digests[2] = {context->spec->digest, digest_of(text)};
    context->spec->digest = bytes_hash((struct bytes){(const uint8_t *)digests, sizeof digests});
}

const char *policy_path(struct policy_context *context, const char *base, const char *name)
{
    const char *slash = strrchr(base, '/');
    size_t folder = slash != NULL && name[0] != '/' ? (size_t)(slash - base) + 1 : 0;
    size_t size = folder + strlen(name) + 1;
    char *joined = arena_alloc(context->reader.arena, size, 1);
    memcpy(joined, base, folder);
    memcpy(joined + folder, name, size - folder);
    return joined;
}

bool policy_read_text(struct policy_context *context, const struct schema_node *node, const char *tail,
                      const char *path, const char *what, struct bytes *text)
{
    const struct policy_options *options = context->options;
    struct error error = {0};
    char *read = NULL;
    size_t len = 0;
    if (strlen(path) > POLICY_PATH_MAX) {
        REFUSE(context, node, tail, "the path is longer than %d bytes", POLICY_PATH_MAX);
        return false;
    }
    if (options->read_file == NULL) {
        REFUSE(context, node, tail, "files cannot be read from here; the %s itself can stand in the policy",
               what);
        return false;
    }
    if (!options->read_file(path, &read, &len, &error, options->context)) {
        REFUSE(context, node, tail, "cannot read the %s: %s", what, error.text);
        return false;
    }
    diagnostics_keep(context->reader.diagnostics, read);
    *text = (struct bytes){(const uint8_t *)read, len};
    return true;
}

void policy_hint(struct policy_context *context, const char *word, const char *const *candidates,
                 char out[POLICY_HINT])
{
    const char *nearest = NULL;
    if (context->suggestions < SUGGESTIONS_MAX) {
        context->suggestions++;
        nearest = suggest_nearest(word, candidates);
    }
    out[0] = '\0';
    if (nearest != NULL) {
        snprintf(out, POLICY_HINT, "; did you mean '%s'?", nearest);
    }
}

struct bytes policy_place_key(const char *name, char out[POLICY_PLACE_KEY])
{
    size_t len = strnlen(name, POLICY_PLACE_KEY);
    for (size_t i = 0; i < len; i++) {
        out[i] = (char)ascii_lower((uint8_t)name[i]);
    }
    return (struct bytes){(const uint8_t *)out, len};
}

struct bytes policy_prefix_key(const struct ip_prefix *prefix, uint8_t out[POLICY_PREFIX_KEY])
{
    out[0] = prefix->address.family;
    out[1] = prefix->length;
    memcpy(out + 2, prefix->address.bytes, sizeof prefix->address.bytes);
    return (struct bytes){out, POLICY_PREFIX_KEY};
}

struct names {
    const char *list[CANDIDATES_MAX + 1];
    size_t count;
};

static void add_name(struct bytes key, void *value, void *context)
{
    (void)key;
    struct names *names = context;
    if (names->count < CANDIDATES_MAX) {
        names->list[names->count++] = ((const struct place_spec *)value)->place.name;
    }
}

bool policy_place_unknown(struct policy_context *context, const char *name, char hint[POLICY_HINT])
{
    char key[POLICY_PLACE_KEY];
    struct bytes folded = policy_place_key(name, key);
    if (context->places_missing || map_get(context->places, folded) != NULL ||
        region_find(folded) != REGION_NONE) {
        return false;
    }
    struct names names = {.count = 0};
    map_each(context->places, add_name, &names);
    for (const char *const *code = region_codes(); *code != NULL && names.count < CANDIDATES_MAX; code++) {
        names.list[names.count++] = *code;
    }
    names.list[names.count] = NULL;
    policy_hint(context, name, names.list, hint);
    return true;
}
