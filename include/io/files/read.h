// SPDX-License-Identifier: MIT
// Whole files into memory. Blocks; any thread.
#ifndef NEARWELL_IO_FILES_READ_H
#define NEARWELL_IO_FILES_READ_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

// Regular files, pipes and terminals; folders are refused, as is more than most bytes. The caller frees
// *text, which has a NUL behind its *len bytes. Errors name the path and the cause.
bool read_whole_file(const char *path, size_t most, char **text, size_t *len, struct error *error);

#endif
