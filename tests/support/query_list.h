// SPDX-License-Identifier: MIT
// A file of queries for benchmarks and load generators, one a line: "NAME TYPE [CIDR]", where CIDR becomes
// the client subnet. Each is there as bytes for the wire and as values for the resolver. A wrong line aborts.
#ifndef NEARWELL_TESTS_SUPPORT_QUERY_LIST_H
#define NEARWELL_TESTS_SUPPORT_QUERY_LIST_H

#include <stddef.h>
#include <stdint.h>

#include "core/dns/name.h"
#include "core/location/client.h"

enum { LISTED_QUERY_MAX = 300 };

struct listed_query {
    uint8_t bytes[LISTED_QUERY_MAX]; // with EDNS; the id is 0
    uint16_t len;
    uint16_t type;
    struct dns_name name;
    struct client client; // from 127.0.0.1
};

struct query_list {
    struct listed_query *queries;
    size_t count;
};

void query_list_read(struct query_list *list, const char *path);
void query_list_free(struct query_list *list);

#endif
