// SPDX-License-Identifier: MIT
// nearwell COMMAND: the table of commands.
#include <stdio.h>

int main(void)
{
    fprintf(stderr, "nearwell " NEARWELL_VERSION "\n");
    return 2;
}
