// SPDX-License-Identifier: MIT
// Any bytes as the body of POST /admin/clock: a step forward, or problems that say why not.
#include <assert.h>

#include "core/admin/clock_request.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    duration by = -1;
    struct buffer problems;
    buffer_init(&problems, 65536);
    bool ok = clock_request_parse((struct bytes){data, size}, &by, &problems);
    assert(ok == (problems.len == 0));
    assert(ok == (by >= 0) && by <= DURATION_S(31 * 86400));
    buffer_free(&problems);
    return 0;
}
