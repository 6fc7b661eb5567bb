// SPDX-License-Identifier: MIT
// The OPT record of a reply (RFC 6891) with its client subnet option (RFC 7871). Pure; any thread.
#ifndef NEARWELL_CORE_DNS_EDNS_H
#define NEARWELL_CORE_DNS_EDNS_H

#include "core/dns/message.h"
#include "core/dns/writer.h"

enum { DNS_OPTION_CLIENT_SUBNET = 8, DNS_EDNS_VERSION = 0 };

// Bytes that dns_edns_write will need for this query: 0 when it had no OPT.
size_t dns_edns_size(const struct dns_query *query);

// Repeats family, source and address of the query's subnet with the given scope (rule E5), and the upper
// bits of rcode. Nothing when the query had no OPT (rule E6). DO is cleared (rule D20).
void dns_edns_write(struct dns_writer *writer, const struct dns_query *query, unsigned rcode, uint8_t scope);

// The options of an OPT record: finds the client subnet, passes over all others. False when they do not fill
// rdata exactly, or the subnet is malformed (rule E6) or there twice; then out and scope are untouched.
bool dns_edns_read_options(struct bytes rdata, struct dns_client_subnet *out, uint8_t *scope);

#endif
