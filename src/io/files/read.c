// SPDX-License-Identifier: MIT
#include "io/files/read.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xalloc.h"

enum { FIRST_ROOM = 64 << 10 };

// Reads to the end of fd into *data, which grows; one byte more than most tells a file that is too long.
static bool read_all(int fd, size_t most, size_t expected, char **data, size_t *len)
{
    size_t room = expected < most ? expected + 2 : FIRST_ROOM; // one to see the end, one for the NUL
    *data = xmalloc(room);
    *len = 0;
    while (*len <= most) {
        if (room - *len < 2) {
            *data = xreallocarray(*data, room, 2);
            room *= 2;
        }
        ssize_t got = read(fd, *data + *len, room - *len - 1);
        if (got == 0) {
            break;
        }
        if (got < 0 && errno != EINTR) {
            return false;
        }
        *len += got > 0 ? (size_t)got : 0;
    }
    (*data)[*len] = '\0';
    return true;
}

static bool read_open_file(int fd, const char *path, size_t most, char **text, size_t *len,
                           struct error *error)
{
    struct stat status;
    char *data = NULL;
    size_t got = 0;
    if (fstat(fd, &status) != 0) {
        return error_set(error, "%s: %s", path, strerror(errno));
    }
    if (S_ISDIR(status.st_mode)) {
        return error_set(error, "%s: is a folder, not a file", path);
    }
    if (!read_all(fd, most, S_ISREG(status.st_mode) ? (size_t)status.st_size : most, &data, &got)) {
        error_set(error, "%s: %s", path, strerror(errno));
    } else if (got > most) {
        error_set(error, "%s: has more than %zu bytes", path, most);
    } else {
        *text = data;
        *len = got;
        return true;
    }
    free(data);
    return false;
}

bool read_whole_file(const char *path, size_t most, char **text, size_t *len, struct error *error)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0) {
        return error_set(error, "%s: %s", path, strerror(errno));
    }
    bool good = read_open_file(fd, path, most, text, len, error);
    close(fd);
    return good;
}
