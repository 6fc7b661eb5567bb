// SPDX-License-Identifier: MIT
// The daemon: probes, decides, answers, shows. One control thread and N DNS workers.
#ifndef NEARWELL_APP_DAEMON_DAEMON_H
#define NEARWELL_APP_DAEMON_DAEMON_H

#include "base/error.h"
#include "core/route53/credentials.h"
#include "io/dns/server.h"

struct daemon_options {
    const char *policy;  // NULL: an empty account
    const char *record;  // file of what it takes in and makes of it; NULL: none
    const char *state;   // file of what was changed at run time; NULL: memory only
    const char *metrics; // a file of metric data, a line a request of /admin/metrics; NULL: none
    struct dns_listener dns[DNS_LISTENERS_MAX];
    size_t dns_count;
    struct ip_endpoint http;
    unsigned workers;
    bool manual_clock;                   // time moves with POST /admin/clock only, probes are scripted
    const char *resolvers;               // for endpoints given by name; NULL: the system's
    const struct route53_keys *api_keys; // NULL: none; needed for a bind beyond loopback
    const char *admin_token;             // NULL: none; needed for a bind beyond loopback
};

// Runs until SIGTERM or SIGINT. Returns the process's exit code: 0 after a graceful stop, 1 when it could not
// start, 2 when the policy is unreadable or wrong (findings on stderr).
int daemon_run(const struct daemon_options *options);

#endif
