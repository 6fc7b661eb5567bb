// SPDX-License-Identifier: MIT
// A name server on a loopback UDP port, in a thread of its own, with a fixed table of names.
#ifndef NEARWELL_TESTS_SUPPORT_FAKE_DNS_H
#define NEARWELL_TESTS_SUPPORT_FAKE_DNS_H

#include <stdint.h>

struct fake_name {
    const char *name;         // without the final dot; NULL ends the table
    const char *cname;        // answered in front of the addresses; NULL: none
    const char *addresses[4]; // IPv4, at most four
    int rcode;
    int silent; // no answer at all
};

struct fake_dns;

// names stays the caller's and must live as long. What is not in it is NXDOMAIN.
struct fake_dns *fake_dns_start(const struct fake_name *names);
void fake_dns_stop(struct fake_dns *dns);
const char *fake_dns_server(const struct fake_dns *dns); // "127.0.0.1:PORT"
unsigned fake_dns_queries(struct fake_dns *dns);         // of type A, so far
unsigned fake_dns_other_queries(struct fake_dns *dns);   // of any other type

#endif
