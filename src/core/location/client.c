// SPDX-License-Identifier: MIT
#include "core/location/client.h"

#include <assert.h>
#include <stdlib.h>

#include "base/xalloc.h"

enum { PLACE_BITS = 27 };
_Static_assert(CLIENT_SOURCES_MAX < 1 << (32 - PLACE_BITS), "a source fits above the place");

struct locator {
    struct prefix_tree *places; // values are a place index and, above PLACE_BITS, an enum client_source
    struct prefix_tree *vpcs;   // values are VPC indices; NULL when there are none
    uint32_t default_place;
    bool coarse_unmapped; // E8
};

static struct prefix_tree *plant_vpcs(const struct model *model)
{
    uint32_t count = model->vpc_block_count;
    if (count == 0) {
        return NULL;
    }
    struct prefix_entry *entries = xmalloc(count * sizeof *entries);
    for (uint32_t i = 0; i < count; i++) {
        entries[i] = (struct prefix_entry){model->vpc_blocks[i].prefix, model->vpc_blocks[i].vpc, 0};
    }
    struct prefix_tree *tree = prefix_tree_create(entries, count);
    free(entries);
    return tree;
}

struct locator *locator_create(const struct model *model)
{
    assert(model->default_client < model->place_count && model->place_count < 1U << PLACE_BITS);
    struct locator *locator = xmalloc(sizeof *locator);
    uint32_t count = model->client_prefix_count;
    struct prefix_entry *entries = xmalloc((count + (size_t)1) * sizeof *entries);
    for (uint32_t i = 0; i < count; i++) {
        const struct client_prefix *client = &model->client_prefixes[i];
        assert(client->place < model->place_count && client->source < CLIENT_SOURCES_MAX);
        uint32_t value = client->place | (uint32_t)client->source << PLACE_BITS;
        entries[i] = (struct prefix_entry){client->prefix, value, client->source};
    }
    locator->places = prefix_tree_create(entries, count);
    locator->vpcs = plant_vpcs(model);
    locator->default_place = model->default_client;
    locator->coarse_unmapped = model->simulator.coarse_unmapped;
    free(entries);
    return locator;
}

void locator_destroy(struct locator *locator)
{
    if (locator != NULL) {
        prefix_tree_destroy(locator->places);
        prefix_tree_destroy(locator->vpcs);
        free(locator);
    }
}

uint32_t client_find_vpc(const struct locator *locator, const struct ip_address *address)
{
    uint32_t vpc = locator->vpcs != NULL && address->family != 0
                       ? prefix_tree_find(locator->vpcs, address).value
                       : PREFIX_NO_VALUE;
    return vpc != PREFIX_NO_VALUE ? vpc : VPC_NONE;
}

// The block that decides is at most of the length most.
static bool locate_by(const struct locator *locator, const struct ip_address *address, uint8_t most,
                      uint8_t *scope, struct client_location *out)
{
    struct prefix_match match = prefix_tree_find(locator->places, address);
    *scope = match.scope;
    if (match.value == PREFIX_NO_VALUE || match.length > most) {
        return false;
    }
    out->place = match.value & ((1U << PLACE_BITS) - 1);
    out->source = (uint8_t)(match.value >> PLACE_BITS);
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
    bool subnet_used = client->has_subnet && client->subnet.length > 0;          // E6
    uint8_t most = locator->coarse_unmapped ? client->subnet.length : UINT8_MAX; // E8
    if (subnet_used && locate_by(locator, &client->subnet.address, most, &out->scope, out)) {
        out->evidence = CLIENT_BY_SUBNET;
    } else if (locate_by(locator, &client->source, UINT8_MAX, &unused, out)) {
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
        [CLIENT_BY_VPC] = "VPC",
    };
    return names[evidence];
}

const char *client_source_name(uint8_t source)
{
    static const char *const names[] = {
        [CLIENT_SOURCE_POLICY] = "Clients",
        [CLIENT_SOURCE_FILE] = "ClientFiles",
        [CLIENT_SOURCE_TABLE] = "latency table",
        [CLIENT_SOURCE_DATABASE] = "location database",
    };
    return names[source < CLIENT_SOURCE_DATABASE ? source : CLIENT_SOURCE_DATABASE];
}
