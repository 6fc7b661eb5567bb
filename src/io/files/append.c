// SPDX-License-Identifier: MIT
#include "io/files/append.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/xalloc.h"

struct append_file {
    char *path;
    int fd;
    uint64_t size;
    uint64_t most;
};

struct append_file *append_file_create(const char *path, uint64_t most_bytes, struct error *error)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0644);
    if (fd < 0) {
        if (errno == EEXIST) {
            error_set(error, "%s: File exists, and is not written over; name another", path);
        } else {
            error_set(error, "%s: %s", path, strerror(errno));
        }
        return NULL;
    }
    struct append_file *file = xcalloc(1, sizeof *file);
    file->path = xstrdup(path);
    file->fd = fd;
    file->most = most_bytes;
    return file;
}

void append_file_close(struct append_file *file)
{
    if (file != NULL) {
        close(file->fd);
        free(file->path);
        free(file);
    }
}

static bool write_all(int fd, struct bytes rest)
{
    while (rest.len > 0) {
        ssize_t written = write(fd, rest.data, rest.len);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written < 0) {
            return false;
        }
        rest.data += written;
        rest.len -= (size_t)written;
    }
    return true;
}

bool append_file_write(struct append_file *file, struct bytes line, struct error *error)
{
    if (line.len > file->most - file->size) {
        return error_set(error, "%s: has reached %" PRIu64 " bytes, its bound", file->path, file->most);
    }
    if (!write_all(file->fd, line)) {
        error_set(error, "%s: %s", file->path, strerror(errno));
        int cut = ftruncate(file->fd, (off_t)file->size);
        (void)cut; // else the last line is cut, as after a crash
        return false;
    }
    file->size += line.len;
    return true;
}
