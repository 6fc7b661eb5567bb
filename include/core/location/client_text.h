// SPDX-License-Identifier: MIT
// Who asks, as people write it: "DE" or "us-east-1" is a place, "203.0.113.0/24" a client subnet (E2),
// "203.0.113.9" a resolver's or client's own address (E1), "vpc-1a2b3c4d" someone in that VPC (E3). Pure; any
// thread.
#ifndef NEARWELL_CORE_LOCATION_CLIENT_TEXT_H
#define NEARWELL_CORE_LOCATION_CLIENT_TEXT_H

#include "base/error.h"
#include "core/location/client.h"

bool client_text_is_vpc(struct bytes text); // begins with "vpc-"
bool client_parse(const struct model *model, struct bytes text, struct client *out, struct error *error);

#endif
