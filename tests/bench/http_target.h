// SPDX-License-Identifier: MIT
// Where http_origin listens and http_floor connects: address number i of a block of loopback.
#ifndef NEARWELL_TESTS_BENCH_HTTP_TARGET_H
#define NEARWELL_TESTS_BENCH_HTTP_TARGET_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>

enum { TARGETS_MAX = 16384 };

static inline struct sockaddr_in http_target(uint32_t i, uint16_t port)
{
    return (struct sockaddr_in){.sin_family = AF_INET,
                                .sin_port = htons(port),
                                .sin_addr.s_addr = htonl(UINT32_C(0x7f400001) + i)}; // 127.64.0.1
}

#endif
