// SPDX-License-Identifier: MIT
// CIDR collections, one by one: I1, I6, L16.
#include "context.h"
#include "reading.h"

bool policy_is_cidr_name(const char *name)
{
    return name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")] == '\0';
}

static void check_name(struct policy_context *context, const struct schema_node *node, const char *field,
                       const char *name)
{
    if (name != NULL && !policy_is_cidr_name(name)) {
        REFUSE(context, node, field, "%s must be of letters, digits, '-' and '_', not '%s'", field, name);
    }
}

// I1: the zero-length block is what "*" in a record set stands for.
static bool read_prefix(struct policy_context *context, const struct policy_cidr_block *from,
                        struct ip_prefix *out)
{
    struct error error = {0};
    if (!ip_prefix_parse(bytes_of(from->cidr_block), out, &error)) {
        REFUSE(context, &from->node, "CidrBlock", "%s", error.text);
        return false;
    }
    unsigned most = out->address.family == 4 ? 24 : 48;
    if (out->length < 1 || out->length > most) {
        REFUSE(context, &from->node, "CidrBlock",
               "an %s block of a CIDR collection is from /1 to /%u, not /%u",
               out->address.family == 4 ? "IPv4" : "IPv6", most, out->length);
        return false;
    }
    return true;
}

// I6: a block lives in one location.
static void read_block(struct policy_context *context, const struct policy_cidr_block *from, struct map *seen,
                       struct cidr_block_spec *to)
{
    to->location = from->location_name;
    check_name(context, &from->node, "LocationName", from->location_name);
    if (from->cidr_block == NULL || !read_prefix(context, from, &to->prefix)) {
        return;
    }
    uint8_t key[POLICY_PREFIX_KEY];
    struct bytes prefix = policy_prefix_key(&to->prefix, key);
    const struct cidr_block_spec *other = map_get(seen, prefix);
    if (other == NULL) {
        map_put(seen, prefix, to);
    } else {
        REFUSE(context, &from->node, "CidrBlock", "'%s' is given twice, in '%s' and in '%s'",
               from->cidr_block, other->location != NULL ? other->location : "",
               to->location != NULL ? to->location : "");
    }
}

static void read_collection(struct policy_context *context, const struct policy_cidr_collection *from,
                            struct map *names, struct cidr_collection_spec *to)
{
    const struct policy_cidr_block *blocks = from->blocks.items;
    struct cidr_block_spec *specs =
        arena_new(context->reader.arena, struct cidr_block_spec, from->blocks.count);
    struct map *seen = map_create();
    for (size_t i = 0; i < from->blocks.count; i++) {
        read_block(context, &blocks[i], seen, &specs[i]);
    }
    map_destroy(seen);
    *to = (struct cidr_collection_spec){from->id, from->name, (uint32_t)from->blocks.count, specs};
    check_name(context, &from->node, "Name", from->name);
    if (from->name != NULL && !map_put(names, bytes_of(from->name), to)) {
        REFUSE(context, &from->node, "Name", "another CIDR collection is named '%s' already", from->name);
    }
    if (from->id != NULL && !map_put(context->cidr_collections, bytes_of(from->id), to)) {
        REFUSE(context, &from->node, "Id", "another CIDR collection has Id '%s' already", from->id);
    }
}

void policy_read_cidr_collections(struct policy_context *context)
{
    size_t count = context->file->cidr_collections.count;
    const struct policy_cidr_collection *collections = context->file->cidr_collections.items;
    struct cidr_collection_spec *specs = arena_new(context->reader.arena, struct cidr_collection_spec, count);
    const char **ids = arena_new(context->reader.arena, const char *, count + 1);
    struct map *names = map_create();
    size_t known = 0;
    for (size_t i = 0; i < count; i++) {
        read_collection(context, &collections[i], names, &specs[i]);
        if (specs[i].id != NULL) {
            ids[known++] = specs[i].id;
        }
    }
    map_destroy(names);
    context->cidr_collection_ids = ids;
    context->spec->cidr_collections = specs;
    context->spec->cidr_collection_count = (uint32_t)count;
}
