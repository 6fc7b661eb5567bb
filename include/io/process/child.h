// SPDX-License-Identifier: MIT
// Programs that we start, hear one line from, and end. One owner, one thread; blocks.
#ifndef NEARWELL_IO_PROCESS_CHILD_H
#define NEARWELL_IO_PROCESS_CHILD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct child;

// argv ends with NULL; argv[0] is a path. Its stderr goes nowhere. It gets SIGTERM when we end in any way.
struct child *child_start(const char *const *argv, struct error *error);
// The next line of its stdout, without the line feed; what is beyond room is cut off.
bool child_read_line(struct child *child, int timeout_ms, char *out, size_t room, struct error *error);
void child_end(struct child *child); // SIGTERM, SIGKILL if that is not enough; waits. NULL is fine

#endif
