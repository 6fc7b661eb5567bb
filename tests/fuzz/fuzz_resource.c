// SPDX-License-Identifier: MIT
// Any bytes as the body of POST /admin/resources/DNSNAME: a health to set, or problems that say why not.
#include <assert.h>

#include "core/admin/resource_request.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct resource resource = {.type = RESOURCE_ALB, .name = "a.example"};
    struct resource_override set = {.until = MONO_NEVER};
    struct buffer problems;
    buffer_init(&problems, 65536);
    bool ok = resource_request_parse((struct bytes){data, size}, &resource, (mono_time){1}, (wall_time){1},
                                     &set, &problems);
    assert(ok == (problems.len == 0));
    assert(!ok || set.until.ns > 0);
    buffer_free(&problems);
    return 0;
}
