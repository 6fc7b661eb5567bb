// SPDX-License-Identifier: MIT
// Any bytes as the body of POST /admin/api: faults, or problems that say why not.
#include <assert.h>

#include "core/admin/api_faults.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct api_faults faults = {0};
    struct buffer problems;
    buffer_init(&problems, 65536);
    bool ok = api_faults_parse((struct bytes){data, size}, (mono_time){1}, &faults, &problems);
    assert(ok == (problems.len == 0));
    assert(ok || (faults.limit == 0 && faults.fault == API_FAULT_NONE));
    assert(faults.limit == 0 || faults.fault != API_FAULT_NONE ||
           api_faults_admit(&faults, (mono_time){1}) == API_FAULT_NONE);
    buffer_free(&problems);
    return 0;
}
