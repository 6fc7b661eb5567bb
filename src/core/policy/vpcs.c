// SPDX-License-Identifier: MIT
// VPCs: which clients are in them, and which private hosted zones they see (D21, E3; API: VPC).
#include <string.h>

#include "context.h"

// Letters and digits behind "vpc-", so that no place of a latency table is called so.
static bool check_id(struct policy_context *context, const struct policy_vpc *from)
{
    static const char prefix[] = "vpc-";
    size_t start = sizeof prefix - 1;
    if (from->id == NULL) {
        return false;
    }
    if (strncmp(from->id, prefix, start) == 0 && from->id[start] != '\0' &&
        from->id[start + strspn(from->id + start, "abcdefghijklmnopqrstuvwxyz0123456789")] == '\0') {
        return true;
    }
    REFUSE(context, &from->node, "VPCId", "'%s' is not the id of a VPC, such as vpc-1a2b3c4d", from->id);
    return false;
}

// A VPC is in one Region, whoever names it.
static void check_region(struct policy_context *context, const struct policy_vpc *from)
{
    const struct policy_vpc *other = map_get(context->vpcs, bytes_of(from->id));
    if (other == NULL) {
        map_put(context->vpcs, bytes_of(from->id), (struct policy_vpc *)(uintptr_t)from);
    } else if ((from->node.valid & other->node.valid & schema_bit(VPC_REGION)) != 0 &&
               other->region != from->region) {
        REFUSE(context, &from->node, "VPCRegion", "%s is said to be in %s elsewhere", from->id,
               region_at((uint8_t)other->region)->code);
    }
}

static void read_blocks(struct policy_context *context, const struct policy_vpc *from, struct map *seen,
                        struct vpc_spec *to)
{
    size_t count = from->cidr_blocks.count;
    struct ip_prefix *blocks = arena_new(context->reader.arena, struct ip_prefix, count);
    to->blocks = blocks;
    to->block_count = (uint32_t)count;
    for (size_t i = 0; i < count; i++) {
        struct error error = {0};
        char tail[32];
        snprintf(tail, sizeof tail, "CidrBlocks/%zu", i);
        if (!ip_prefix_parse(bytes_of(from->cidr_blocks.items[i]), &blocks[i], &error)) {
            REFUSE(context, &from->node, tail, "%s", error.text);
            continue;
        }
        uint8_t key[POLICY_PREFIX_KEY];
        if (!map_put(seen, policy_prefix_key(&blocks[i], key), to)) {
            REFUSE(context, &from->node, tail, "'%s' is given twice, and clients are in one VPC",
                   from->cidr_blocks.items[i]);
        }
    }
}

void policy_read_vpcs(struct policy_context *context)
{
    size_t count = context->file->vpcs.count;
    const struct policy_vpc *vpcs = context->file->vpcs.items;
    struct vpc_spec *specs = arena_new(context->reader.arena, struct vpc_spec, count);
    struct map *seen = map_create();
    for (size_t i = 0; i < count; i++) {
        specs[i] = (struct vpc_spec){.id = vpcs[i].id, .region = (uint8_t)vpcs[i].region};
        read_blocks(context, &vpcs[i], seen, &specs[i]);
        if (check_id(context, &vpcs[i]) &&
            !map_put(context->vpcs, bytes_of(vpcs[i].id), (struct policy_vpc *)(uintptr_t)&vpcs[i])) {
            REFUSE(context, &vpcs[i].node, "VPCId", "'%s' is given twice", vpcs[i].id);
        }
    }
    map_destroy(seen);
    context->spec->vpcs = specs;
    context->spec->vpc_count = (uint32_t)count;
}

// A VPC sees one zone of a name (API: ConflictingDomainExists).
static void check_namesake(struct policy_context *context, const struct policy_vpc *from,
                           struct zone_spec *zone)
{
    char key[DNS_NAME_MAX + 64];
    size_t len = strlen(from->id) + 1;
    memcpy(key, from->id, len);
    memcpy(key + len, zone->name.wire, zone->name.len);
    struct bytes bytes = {(const uint8_t *)key, len + zone->name.len};
    const struct zone_spec *other = map_get(context->vpc_zones, bytes);
    if (other == NULL) {
        map_put(context->vpc_zones, bytes, zone);
    } else if (other == zone) {
        REFUSE(context, &from->node, "VPCId", "'%s' is given twice", from->id);
    } else {
        REFUSE(context, &from->node, "VPCId",
               "%s is associated with another hosted zone of this name already (%s)", from->id,
               other->id != NULL ? other->id : "?");
    }
}

void policy_read_zone_vpcs(struct policy_context *context, const struct policy_zone *from,
                           struct zone_spec *zone, bool named)
{
    size_t count = from->vpcs.count;
    const struct policy_vpc *vpcs = from->vpcs.items;
    struct vpc_spec *specs = arena_new(context->reader.arena, struct vpc_spec, count);
    for (size_t i = 0; i < count; i++) {
        specs[i] = (struct vpc_spec){.id = vpcs[i].id, .region = (uint8_t)vpcs[i].region};
        if (!check_id(context, &vpcs[i])) {
            continue;
        }
        check_region(context, &vpcs[i]);
        if (named) {
            check_namesake(context, &vpcs[i], zone);
        }
    }
    zone->vpcs = specs;
    zone->vpc_count = (uint32_t)count;
    zone->private_zone = count > 0 || (from->config != NULL && from->config->private_zone);
    if (zone->private_zone && count == 0 && context->options->trap_warnings) {
        WARN(context, &from->node, "",
             "no VPC is associated with this private hosted zone, so nobody sees it (D21)");
    }
}
