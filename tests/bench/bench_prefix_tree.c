// SPDX-License-Identifier: MIT
// Longest-prefix lookup in tables of the size of the Internet's: ns for one, bytes for each prefix.
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/random.h"
#include "base/xalloc.h"
#include "core/location/prefix_tree.h"

enum { ADDRESSES = 1 << 20, ROUNDS = 8 };

// Lengths as in the routing table: most are /24, or /48.
static uint8_t length_of(struct random *random, uint8_t family)
{
    static const uint8_t v4[] = {24, 24, 24, 24, 24, 24, 23, 22, 22, 21, 20, 19, 18, 16, 14, 12};
    static const uint8_t v6[] = {48, 48, 48, 48, 48, 48, 44, 40, 40, 36, 32, 32, 32, 29, 29, 64};
    return (family == 4 ? v4 : v6)[random_below(random, 16)];
}

// IPv4 unicast; for IPv6 the blocks that the registries assign from.
static struct ip_address address_of(struct random *random, uint8_t family)
{
    static const uint8_t registries[] = {0x20, 0x24, 0x26, 0x28, 0x2a, 0x2c};
    struct ip_address address = {.family = family};
    for (unsigned i = 0; i < ip_bits(&address) / 8u; i++) {
        address.bytes[i] = (uint8_t)random_below(random, 256);
    }
    if (family == 4) {
        address.bytes[0] = (uint8_t)(1 + random_below(random, 223));
    } else {
        address.bytes[0] = registries[random_below(random, 6)];
        address.bytes[1] &= 0x0f;
    }
    return address;
}

static double now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static void bench(uint8_t family, uint32_t prefixes)
{
    struct random random;
    random_seed(&random, 1);
    struct prefix_entry *entries = xmalloc(prefixes * sizeof *entries);
    struct ip_address *addresses = xmalloc(ADDRESSES * sizeof *addresses);
    for (uint32_t i = 0; i < prefixes; i++) {
        struct ip_address address = address_of(&random, family);
        entries[i] = (struct prefix_entry){ip_prefix_of(&address, length_of(&random, family)), i % 400};
    }
    for (uint32_t i = 0; i < ADDRESSES; i++) { // half from known blocks, half from anywhere
        addresses[i] = i % 2 == 0 ? entries[random_below(&random, prefixes)].prefix.address
                                  : address_of(&random, family);
    }
    double started = now_ns();
    struct prefix_tree *tree = prefix_tree_create(entries, prefixes);
    double built = now_ns();
    uint64_t sum = 0;
    for (unsigned round = 0; round < ROUNDS; round++) {
        for (uint32_t i = 0; i < ADDRESSES; i++) {
            struct prefix_match match = prefix_tree_find(tree, &addresses[i]);
            sum += match.value + match.scope;
        }
    }
    double looked_up = now_ns();
    printf("prefix_tree IPv%u, %7" PRIu32 " prefixes: %5.1f ns/lookup, %4.1f bytes/prefix, built in %.0f ms "
           "(sum %" PRIu64 ")\n",
           family, prefixes, (looked_up - built) / ((double)ROUNDS * ADDRESSES),
           (double)prefix_tree_footprint(tree) / prefixes, (built - started) / 1e6, sum);
    prefix_tree_destroy(tree);
    free(addresses);
    free(entries);
}

int main(void)
{
    bench(4, 12);
    bench(4, 300000);
    bench(4, 1000000);
    bench(6, 12);
    bench(6, 100000);
    bench(6, 1000000);
    return 0;
}
