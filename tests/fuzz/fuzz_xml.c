// SPDX-License-Identifier: MIT
// A body of the Route 53 API: the first byte chooses the operation. What was read is written, and must read
// the same.
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "core/route53/operations.h"
#include "core/route53/xml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct route53_fault fault = {0};
    struct buffer written;
    json_t *read;
    json_t *again;
    if (size == 0) {
        return 0;
    }
    const struct shape *shape = route53_operation_row(data[0] % ROUTE53_OPERATIONS)->input;
    if (!xml_read(shape, (struct bytes){data + 1, size - 1}, &read, &fault)) {
        assert(fault.code != NULL && fault.message[0] != '\0');
        route53_fault_clear(&fault);
        return 0;
    }
    buffer_init(&written, 64 << 20);
    xml_write(shape, read, &written);
    bool good = xml_read(shape, (struct bytes){(const uint8_t *)written.data, written.len}, &again, &fault);
    assert(good && json_equal(read, again));
    json_decref(read);
    json_decref(again);
    buffer_free(&written);
    return 0;
}
