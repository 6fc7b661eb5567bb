// SPDX-License-Identifier: MIT
// The four name servers that a hosted zone or a reusable delegation set gets (D8): one of each of AWS's
// patterns, and always the same for the same seed. Pure; any thread.
#ifndef NEARWELL_CORE_MODEL_NAME_SERVERS_H
#define NEARWELL_CORE_MODEL_NAME_SERVERS_H

#include "base/bytes.h"

enum { NAME_SERVERS = 4, NAME_SERVER_TEXT = 64 };

// seed: the id of the zone or of the set. "ns-5.awsdns-00.com." and so on, with final dots.
void name_servers_of(struct bytes seed, char out[NAME_SERVERS][NAME_SERVER_TEXT]);

#endif
