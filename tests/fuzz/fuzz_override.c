// SPDX-License-Identifier: MIT
// Any bytes as the body of POST /admin/health-checks/ID: an override, or problems that say why not.
#include <assert.h>

#include "core/admin/override_request.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct health_check check = {.id = "c", .type = HEALTH_CHECK_RECOVERY_CONTROL};
    struct override override = {.until = MONO_NEVER};
    enum routing_control control;
    struct buffer problems;
    buffer_init(&problems, 65536);
    bool ok = override_request_parse((struct bytes){data, size}, &check, NULL, (mono_time){1}, (wall_time){1},
                                     &override, &control, &problems);
    assert(ok == (problems.len == 0));
    assert(!ok || override.until.ns > 0);
    buffer_free(&problems);
    return 0;
}
