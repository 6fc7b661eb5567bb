// SPDX-License-Identifier: MIT
// The VPCs of a model: those that the place list knows, then those that only zones name; each with an index
// of the zones associated with it.
//
//   associations (vpc number, zone), sorted by vpc, in the order of the zones -> one index a run
#include <stdlib.h>

#include "base/map.h"
#include "base/xalloc.h"
#include "model_builder.h"
#include "name_table.h"

struct association {
    uint32_t vpc;
    uint32_t order;
    const struct zone *zone;
};

static int by_vpc(const void *left, const void *right)
{
    const struct association *a = left;
    const struct association *b = right;
    if (a->vpc != b->vpc) {
        return a->vpc < b->vpc ? -1 : 1;
    }
    return a->order < b->order ? -1 : a->order > b->order;
}

static uint32_t place_of(const struct model *model, uint8_t region)
{
    return model_find_place(model, bytes_of(region_at(region)->code)); // every region is a place
}

static struct vpc *vpc_named(struct model *model, struct vpc *vpcs, struct map *by_id,
                             const struct vpc *named)
{
    struct vpc *vpc = map_get(by_id, bytes_of(named->id));
    if (vpc == NULL) {
        vpc = &vpcs[model->vpc_count++];
        *vpc = (struct vpc){.id = named->id, .region = named->region};
        vpc->place = place_of(model, named->region);
        map_put(by_id, bytes_of(named->id), vpc);
    }
    return vpc;
}

static uint32_t count_associations(const struct model *model)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < model->zone_count; i++) {
        count += model->zones[i]->vpc_count;
    }
    return count;
}

static void index_zones(struct model *model, struct vpc *vpcs, struct association *associations,
                        uint32_t count)
{
    const struct zone **zones = xcalloc(count + 1, sizeof *zones);
    qsort(associations, count, sizeof *associations, by_vpc);
    for (uint32_t i = 0; i < count;) {
        uint32_t vpc = associations[i].vpc;
        uint32_t of_vpc = 0;
        for (; i < count && associations[i].vpc == vpc; i++) {
            zones[of_vpc++] = associations[i].zone;
        }
        vpcs[vpc].zones = zone_index_build(model->arena, zones, of_vpc);
    }
    free(zones);
}

void vpc_builder_run(struct model *model)
{
    const struct place_list *list = model->place_list;
    uint32_t count = count_associations(model);
    struct vpc *vpcs = arena_new(model->arena, struct vpc, list->vpc_count + count);
    struct association *associations = xcalloc(count + 1, sizeof *associations);
    struct map *by_id = map_create();
    model->vpcs = vpcs;
    for (uint32_t i = 0; i < list->vpc_count; i++) { // at the index that vpc_blocks have
        vpc_named(model, vpcs, by_id, &list->vpcs[i]);
    }
    uint32_t next = 0;
    for (uint32_t i = 0; i < model->zone_count; i++) {
        for (uint32_t k = 0; k < model->zones[i]->vpc_count; k++, next++) {
            const struct vpc *vpc = vpc_named(model, vpcs, by_id, &model->zones[i]->vpcs[k]);
            associations[next] = (struct association){(uint32_t)(vpc - vpcs), next, model->zones[i]};
        }
    }
    index_zones(model, vpcs, associations, count);
    map_destroy(by_id);
    free(associations);
}
