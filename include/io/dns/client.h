// SPDX-License-Identifier: MIT
// One DNS query to one server, for the command line: blocks.
#ifndef NEARWELL_IO_DNS_CLIENT_H
#define NEARWELL_IO_DNS_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/ip.h"

struct dns_exchange {
    struct ip_endpoint server;
    bool tcp;
    int timeout_ms; // for each try: three over UDP, one over TCP
};

// out has room for room bytes; *len is what came. A reply with another id or from elsewhere is not one.
bool dns_exchange(const struct dns_exchange *exchange, const uint8_t *query, size_t query_len, uint8_t *out,
                  size_t room, size_t *len, struct error *error);

#endif
