// SPDX-License-Identifier: MIT
#include "core/model/name_servers.h"

#include <stdio.h>

// ns-N.awsdns-NN.com, .net, .org, .co.uk, N in four ranges of 512.
void name_servers_of(struct bytes seed, char out[NAME_SERVERS][NAME_SERVER_TEXT])
{
    static const char *const suffixes[NAME_SERVERS] = {"com", "net", "org", "co.uk"};
    uint64_t hash = bytes_hash(seed);
    hash ^= hash >> 29;
    for (unsigned i = 0; i < NAME_SERVERS; i++) {
        unsigned number = (unsigned)(hash >> (16 * i)) % 512;
        snprintf(out[i], NAME_SERVER_TEXT, "ns-%u.awsdns-%02u.%s.", number + 512 * i, number / 8,
                 suffixes[i]);
    }
}
