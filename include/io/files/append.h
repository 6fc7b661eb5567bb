// SPDX-License-Identifier: MIT
// A new file that grows line by line and stays within a bound: recordings. Each line goes to the kernel whole
// and at once, so that a process that is killed leaves whole lines, the last one perhaps cut. One owner, one
// thread.
#ifndef NEARWELL_IO_FILES_APPEND_H
#define NEARWELL_IO_FILES_APPEND_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/error.h"

struct append_file;

// NULL: it cannot be made, or is there already: nothing is ever overwritten.
struct append_file *append_file_create(const char *path, uint64_t most_bytes, struct error *error);
void append_file_close(struct append_file *file); // NULL is fine

// False: it would pass the bound, or could not be written; the file ends with the last whole line.
bool append_file_write(struct append_file *file, struct bytes line, struct error *error);

#endif
