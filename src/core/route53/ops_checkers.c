// SPDX-License-Identifier: MIT
// Where AWS's health checkers come from: API reference 3.5. nearwell's own probes come from where it runs,
// but what firewalls are opened for is this list.
#include "ops.h"

// The eight checker regions, two ranges of each family, as AWS publishes them (ROUTE53_HEALTHCHECKS), behind
// the one that it publishes as global.
static const char *const ranges[] = {
    "15.177.0.0/18",
    "54.248.220.0/26",
    "54.250.253.192/26",
    "54.251.31.128/26",
    "54.255.254.192/26",
    "54.252.254.192/26",
    "54.252.79.128/26",
    "176.34.159.192/26",
    "54.228.16.0/26",
    "177.71.207.128/26",
    "54.232.40.64/26",
    "107.23.255.0/26",
    "54.243.31.192/26",
    "54.183.255.128/26",
    "54.241.32.64/26",
    "54.244.52.192/26",
    "54.245.168.0/26",
    "2406:da14:7ff:f800::/56",
    "2406:da14:fff:f800::/56",
    "2406:da18:7ff:f800::/56",
    "2406:da18:fff:f800::/56",
    "2406:da1c:7ff:f800::/56",
    "2406:da1c:fff:f800::/56",
    "2a05:d018:7ff:f800::/56",
    "2a05:d018:fff:f800::/56",
    "2600:1f1e:7ff:f800::/56",
    "2600:1f1e:fff:f800::/56",
    "2600:1f18:3fff:f800::/56",
    "2600:1f18:7fff:f800::/56",
    "2600:1f1c:7ff:f800::/56",
    "2600:1f1c:fff:f800::/56",
    "2600:1f14:7ff:f800::/56",
    "2600:1f14:fff:f800::/56",
};

bool ops_get_checker_ip_ranges(struct call *call)
{
    json_t *list = json_array();
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
        json_array_append_new(list, json_string(ranges[i]));
    }
    json_object_set_new(call->output, "CheckerIpRanges", list);
    return true;
}
