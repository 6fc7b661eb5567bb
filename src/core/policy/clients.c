// SPDX-License-Identifier: MIT
// Clients and DefaultClient. Runs after the latency table, which brings places and prefixes of its own.
#include "context.h"

static void read_client(struct policy_context *context, const struct policy_prefix *from, struct map *seen,
                        struct client_spec *to)
{
    struct error error = {0};
    char hint[POLICY_HINT];
    if (from->place != NULL && policy_place_unknown(context, from->place, hint)) {
        REFUSE(context, &from->node, "Place",
               "place '%s' is neither in the latency table nor an AWS region%s", from->place, hint);
    }
    if (from->cidr == NULL) {
        return;
    }
    if (!ip_prefix_parse(bytes_of(from->cidr), &to->prefix, &error)) {
        REFUSE(context, &from->node, "Cidr", "%s", error.text);
        return;
    }
    uint8_t key[POLICY_PREFIX_KEY];
    struct bytes prefix = policy_prefix_key(&to->prefix, key);
    const struct client_spec *other = map_get(seen, prefix);
    if (other == NULL) {
        map_put(seen, prefix, to);
        return;
    }
    char place[POLICY_PLACE_KEY];
    char other_place[POLICY_PLACE_KEY];
    if (from->place != NULL && other->place != NULL &&
        !bytes_equal(policy_place_key(from->place, place), policy_place_key(other->place, other_place))) {
        REFUSE(context, &from->node, "Cidr", "'%s' is given twice, in '%s' and in '%s'", from->cidr,
               other->place, from->place);
    }
}

static void read_default_client(struct policy_context *context)
{
    const char *name = context->file->default_client;
    char hint[POLICY_HINT];
    if (name != NULL && policy_place_unknown(context, name, hint)) {
        REFUSE(context, &context->file->node, "DefaultClient",
               "place '%s' is neither in the latency table nor an AWS region%s", name, hint);
    }
    context->spec->default_client = name;
}

void policy_read_clients(struct policy_context *context)
{
    size_t count = context->file->clients.count;
    size_t before = context->spec->client_count; // the latency table's prefixes
    struct policy_client_list files = policy_read_client_files(context);
    struct policy_client_list all = policy_read_location_databases(context, before + count + files.count);
    const struct policy_prefix *clients = context->file->clients.items;
    struct client_spec *specs = all.items;
    struct map *seen = map_create();
    if (before > 0) {
        memcpy(specs, context->spec->clients, before * sizeof *specs);
    }
    for (size_t i = 0; i < count; i++) {
        struct client_spec *to = &specs[before + i];
        to->place = clients[i].place;
        to->source = CLIENT_SOURCE_POLICY;
        read_client(context, &clients[i], seen, to);
    }
    map_destroy(seen);
    if (files.count > 0) {
        memcpy(&specs[before + count], files.items, files.count * sizeof *specs);
    }
    context->spec->clients = specs;
    context->spec->client_count = (uint32_t)all.count;
    read_default_client(context);
}
