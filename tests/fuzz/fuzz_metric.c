// SPDX-License-Identifier: MIT
// Any bytes as metric data: a batch that a store takes, or problems that say why not.
#include <assert.h>

#include "core/admin/metric_request.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const wall_time now = {INT64_C(1700000000000000000)};
    struct metric_batch batch;
    struct buffer problems;
    buffer_init(&problems, 65536);
    bool ok = metric_request_parse("request", (struct bytes){data, size}, now, &batch, &problems);
    assert(ok == (problems.len == 0));
    if (ok) {
        struct metric_store *store = metric_store_create();
        assert(batch.count <= METRIC_REQUEST_DATA_MAX);
        for (size_t i = 0; i < batch.count; i++) {
            assert(batch.data[i].samples > 0);
            metric_store_add(store, &batch.data[i], now);
        }
        metric_store_destroy(store);
        metric_batch_free(&batch);
    }
    buffer_free(&problems);
    return 0;
}
