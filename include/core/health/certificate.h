// SPDX-License-Identifier: MIT
// The certificate that an HTTPS endpoint showed a checker. It is for people, who would rather know before it
// expires: probes do not judge it (P20). A value; any thread.
#ifndef NEARWELL_CORE_HEALTH_CERTIFICATE_H
#define NEARWELL_CORE_HEALTH_CERTIFICATE_H

#include <stdbool.h>

#include "base/time.h"

enum { CERTIFICATE_SUBJECT = 128 };

struct certificate {
    char subject[CERTIFICATE_SUBJECT]; // "CN = api.example.com", cut where it is longer
    wall_time not_after;
    bool named;        // the check has a FullyQualifiedDomainName to hold against it
    bool name_matches; // it is for that name; valid when named
};

#endif
