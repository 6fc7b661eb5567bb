// SPDX-License-Identifier: MIT
// What a stranger may send to be believed: lines with the Authorization header, the date, the path and the
// query; then a keys file. No input can be a good signature of the one key there is, and each stage ends.
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "core/route53/sigv4.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void verify(const struct sigv4_request *request)
{
    static const wall_time now = {INT64_C(1767323045) * 1000000000};
    struct route53_keys *keys = route53_keys_parse(bytes_of("AKIDEXAMPLE secret"), NULL);
    struct route53_fault fault = {0};
    bool good = sigv4_verify(request, keys, now, &fault);
    assert(!good && fault.message[0] != '\0');
    sigv4_claimed_id(request);
    route53_fault_clear(&fault);
    route53_keys_destroy(keys);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes rest = {data, size};
    struct bytes lines[4] = {{NULL, 0}};
    for (size_t i = 0; i < 4; i++) {
        bytes_split(&rest, '\n', &lines[i]);
    }
    const struct sigv4_header headers[] = {
        {bytes_of("Authorization"), lines[0]},
        {bytes_of("X-Amz-Date"), lines[1]},
        {bytes_of("Host"), bytes_of("localhost")},
    };
    struct sigv4_request request = {bytes_of("GET"), lines[2], lines[3], headers, 3, rest};
    verify(&request);
    struct buffer canonical;
    buffer_init(&canonical, 16 << 20);
    sigv4_canonical_request(&request, lines[0], &canonical);
    assert(!canonical.overflow);
    buffer_free(&canonical);
    route53_keys_destroy(route53_keys_parse(rest, NULL));
    return 0;
}
