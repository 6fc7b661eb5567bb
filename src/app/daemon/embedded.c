// SPDX-License-Identifier: MIT
#include "app/daemon/embedded.h"

// The path is relative to where make runs. The size is a word of the machine.
#if __SIZEOF_SIZE_T__ == 8
#define WORD ".quad"
#else
#define WORD ".long"
#endif

__asm__(".pushsection .rodata\n"
        ".balign 16\n"
        ".global embedded_latency_table\n"
        ".type embedded_latency_table, %object\n"
        "embedded_latency_table:\n"
        ".incbin \"policies/latency/aws.json\"\n"
        "1:\n"
        ".size embedded_latency_table, 1b - embedded_latency_table\n"
        ".balign 16\n"
        ".global embedded_latency_table_size\n"
        ".type embedded_latency_table_size, %object\n"
        "embedded_latency_table_size:\n" WORD " 1b - embedded_latency_table\n"
        ".size embedded_latency_table_size, . - embedded_latency_table_size\n"
        ".popsection\n");
