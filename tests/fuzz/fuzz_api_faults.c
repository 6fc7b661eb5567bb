// SPDX-License-Identifier: MIT
// Any bytes as the body of POST /admin/api: faults, or problems that say why not. And as a row of a state
// file, which is written again as it was read.
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/admin/api_faults.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_again(const struct api_faults *faults)
{
    struct api_faults again;
    char *text = api_faults_row_print(faults, (mono_time){1});
    if (text != NULL) {
        assert(api_faults_row_parse(bytes_of(text), (mono_time){1}, (wall_time){1}, &again));
        char *other = api_faults_row_print(&again, (mono_time){1});
        assert(other != NULL && strcmp(text, other) == 0);
        free(other);
    }
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct api_faults faults = {0};
    struct buffer problems;
    buffer_init(&problems, 65536);
    bool ok =
        api_faults_parse((struct bytes){data, size}, (mono_time){1}, (wall_time){1}, &faults, &problems);
    assert(ok == (problems.len == 0));
    assert(ok || (faults.limit == 0 && faults.fault == API_FAULT_NONE));
    assert(faults.limit == 0 || faults.fault != API_FAULT_NONE ||
           api_faults_admit(&faults, (mono_time){1}) == API_FAULT_NONE);
    read_again(&faults);
    if (api_faults_row_parse((struct bytes){data, size}, (mono_time){1}, (wall_time){1}, &faults)) {
        read_again(&faults);
    }
    buffer_free(&problems);
    return 0;
}
