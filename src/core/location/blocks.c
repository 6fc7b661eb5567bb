// SPDX-License-Identifier: MIT
#include "core/location/blocks.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

enum { FIRST_ROOM = 1024 };

// The two halves of one block, lower before upper.
static bool halves(const struct ip_prefix *lower, const struct ip_prefix *upper)
{
    if (lower->length == 0 || lower->length != upper->length ||
        lower->address.family != upper->address.family) {
        return false;
    }
    unsigned bit = lower->length - 1U;
    struct ip_address other = lower->address;
    other.bytes[bit / 8] ^= (uint8_t)(0x80U >> bit % 8);
    return memcmp(lower->address.bytes, upper->address.bytes, sizeof other.bytes) < 0 &&
           memcmp(other.bytes, upper->address.bytes, sizeof other.bytes) == 0;
}

static bool make_room(struct location_blocks *blocks)
{
    if (blocks->count < blocks->room) {
        return true;
    }
    if (blocks->count >= LOCATION_BLOCKS_MAX) {
        return false;
    }
    blocks->room = blocks->room == 0 ? FIRST_ROOM : blocks->room * 2;
    blocks->items = xreallocarray(blocks->items, blocks->room, sizeof *blocks->items);
    return true;
}

bool location_blocks_add(struct location_blocks *blocks, const struct ip_prefix *prefix, uint32_t place)
{
    if (place == LOCATION_NO_PLACE) {
        blocks->skipped++;
        return true;
    }
    struct location_block block = {*prefix, place};
    while (blocks->count > 0) {
        const struct location_block *last = &blocks->items[blocks->count - 1];
        if (last->place != place || !halves(&last->prefix, &block.prefix)) {
            break;
        }
        block.prefix = last->prefix;
        block.prefix.length--;
        blocks->count--;
    }
    if (!make_room(blocks)) {
        return false;
    }
    blocks->items[blocks->count++] = block;
    return true;
}

void location_blocks_free(struct location_blocks *blocks)
{
    free(blocks->items);
    blocks->items = NULL;
    blocks->count = blocks->room = 0;
}
