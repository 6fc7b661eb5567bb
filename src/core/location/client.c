// SPDX-License-Identifier: MIT
#include "core/location/client.h"

#include <assert.h>
#include <stdlib.h>

#include "base/xalloc.h"

struct locator {
    struct prefix_tree *places; // values are place indices
    uint32_t default_place;
};

static size_t append(struct prefix_entry *entries, size_t count, const struct model *model, bool from_policy)
{
    for (uint32_t i = 0; i < model->client_prefix_count; i++) {
        const struct client_prefix *client = &model->client_prefixes[i];
        assert(client->place < model->place_count);
        if (client->from_policy == from_policy) {
            entries[count++] = (struct prefix_entry){client->prefix, client->place};
        }
    }
    return count;
}

struct locator *locator_create(const struct model *model)
{
    assert(model->default_client < model->place_count);
    struct locator *locator = xmalloc(sizeof *locator);
    struct prefix_entry *entries = xmalloc((model->client_prefix_count + (size_t)1) * sizeof *entries);
    size_t count = append(entries, 0, model, true); // first, for of equal prefixes the first wins
    count = append(entries, count, model, false);
    locator->places = prefix_tree_create(entries, count);
    locator->default_place = model->default_client;
    free(entries);
    return locator;
}

void locator_destroy(struct locator *locator)
{
    if (locator != NULL) {
        prefix_tree_destroy(locator->places);
        free(locator);
    }
}

static bool locate_by(const struct locator *locator, const struct ip_address *address, uint8_t *scope,
                      struct client_location *out)
{
    struct prefix_match match = prefix_tree_find(locator->places, address);
    *scope = match.scope;
    if (match.value == PREFIX_NO_VALUE) {
        return false;
    }
    out->place = match.value;
    out->matched = true;
    out->prefix = ip_prefix_of(address, match.length);
    return true;
}

void client_locate(const struct locator *locator, const struct client *client, struct client_location *out)
{
    uint8_t unused;
    *out = (struct client_location){.place = client->place, .evidence = CLIENT_BY_PLACE};
    if (client->place != PLACE_NONE) {
        return;
    }
    bool subnet_used = client->has_subnet && client->subnet.length > 0; // E6
    if (subnet_used && locate_by(locator, &client->subnet.address, &out->scope, out)) {
        out->evidence = CLIENT_BY_SUBNET;
    } else if (locate_by(locator, &client->source, &unused, out)) {
        out->evidence = CLIENT_BY_SOURCE;
    } else {
        out->evidence = CLIENT_BY_DEFAULT;
        out->place = locator->default_place;
    }
}

const char *client_evidence_name(enum client_evidence evidence)
{
    static const char *const names[] = {
        [CLIENT_BY_PLACE] = "place",
        [CLIENT_BY_SUBNET] = "client subnet",
        [CLIENT_BY_SOURCE] = "source address",
        [CLIENT_BY_DEFAULT] = "default client",
    };
    return names[evidence];
}
