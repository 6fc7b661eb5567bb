// SPDX-License-Identifier: MIT
// A MaxMind DB file. Whatever it says, the networks are proper prefixes, and a tree can be made of them.
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "core/location/prefix_tree.h"
#include "io/files/mmdb.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

// libmaxminddb 1.7 loses a list when it refuses damaged metadata.
const char *
__lsan_default_suppressions(void); // NOLINT(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp)
const char *
__lsan_default_suppressions(void) // NOLINT(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp)
{
    return "leak:libmaxminddb";
}

static uint32_t resolve(const char *country, const char *subdivision, void *context)
{
    (void)context;
    assert(strlen(country) == 2 && strlen(subdivision) < LOCATION_CODE);
    return (uint32_t)(country[1] % 4 + subdivision[0] % 4);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct location_blocks blocks = {.resolve = resolve};
    struct error error = {0};
    if (!mmdb_parse((struct bytes){data, size}, &blocks, &error)) {
        assert(error.set);
    }
    struct prefix_entry *entries = xcalloc(blocks.count + 1, sizeof *entries);
    for (size_t i = 0; i < blocks.count; i++) {
        const struct ip_prefix *prefix = &blocks.items[i].prefix;
        struct ip_prefix masked = ip_prefix_of(&prefix->address, prefix->length);
        assert(prefix->length <= ip_bits(&prefix->address) && ip_prefix_equal(prefix, &masked));
        entries[i] = (struct prefix_entry){*prefix, blocks.items[i].place, 0};
    }
    prefix_tree_destroy(prefix_tree_create(entries, blocks.count));
    free(entries);
    location_blocks_free(&blocks);
    return 0;
}
