// SPDX-License-Identifier: MIT
#include "app/daemon/embedded.h"

// Paths are relative to where make runs. A size is a word of the machine.
#if __SIZEOF_SIZE_T__ == 8
#define WORD ".quad"
#else
#define WORD ".long"
#endif

// clang-format off
#define EMBED(name, path)                                                                                    \
    __asm__(".pushsection .rodata\n"                                                                         \
            ".balign 16\n"                                                                                   \
            ".global " name "\n"                                                                             \
            ".type " name ", %object\n"                                                                      \
            name ":\n"                                                                                       \
            ".incbin \"" path "\"\n"                                                                         \
            "1:\n"                                                                                           \
            ".size " name ", 1b - " name "\n"                                                                \
            ".balign 16\n"                                                                                   \
            ".global " name "_size\n"                                                                        \
            ".type " name "_size, %object\n"                                                                 \
            name "_size:\n" WORD " 1b - " name "\n"                                                          \
            ".size " name "_size, . - " name "_size\n"                                                       \
            ".popsection\n")
// clang-format on

EMBED("embedded_latency_table", "policies/latency/aws.json");
EMBED("embedded_population", "policies/population/world.json");
