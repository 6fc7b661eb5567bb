// SPDX-License-Identifier: MIT
// The first byte chooses the coding and how the rest is cut. However it is cut, the outcome is the same.
#include <assert.h>
#include <stdint.h>

#include "core/health/body_search.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum body_result search(enum body_coding coding, bool encoded_window, struct bytes body, size_t piece)
{
    struct body_search *search = body_search_create("OK-42", coding, encoded_window);
    enum body_result result = BODY_MORE;
    for (size_t at = 0; at < body.len && result == BODY_MORE; at += piece) {
        size_t left = body.len - at;
        result = body_search_feed(search, (struct bytes){body.data + at, left < piece ? left : piece});
    }
    body_search_destroy(search);
    return result;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) {
        return 0;
    }
    struct bytes body = {data + 1, size - 1};
    enum body_coding coding = (enum body_coding)(data[0] & 3);
    for (unsigned encoded_window = 0; encoded_window < 2; encoded_window++) {
        enum body_result whole = search(coding, encoded_window, body, size);
        enum body_result pieces = search(coding, encoded_window, body, 1 + (data[0] >> 2));
        assert((pieces == BODY_FOUND) == (whole == BODY_FOUND));
    }
    return 0;
}
