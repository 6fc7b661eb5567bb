// SPDX-License-Identifier: MIT
#include "io/process/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/xalloc.h"

enum { PATIENCE_MS = 3000, STEP_MS = 20 };

struct child {
    pid_t pid;
    int out;
    char *name;
};

// Between fork and exec: only what is safe there.
static void become(const char *const *argv, int out, pid_t parent)
{
    int nowhere = open("/dev/null", O_RDWR);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent || nowhere < 0) {
        _exit(127);
    }
    dup2(nowhere, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    dup2(nowhere, STDERR_FILENO);
    execv(argv[0], (char *const *)(uintptr_t)argv); // NOLINT(performance-no-int-to-ptr): not written to
    _exit(127);
}

struct child *child_start(const char *const *argv, struct error *error)
{
    int ends[2];
    pid_t parent = getpid();
    if (pipe2(ends, O_CLOEXEC) != 0) {
        error_set(error, "cannot start %s: %s", argv[0], strerror(errno));
        return NULL;
    }
    pid_t pid = fork();
    if (pid == 0) {
        become(argv, ends[1], parent);
    }
    close(ends[1]);
    if (pid < 0) {
        error_set(error, "cannot start %s: %s", argv[0], strerror(errno));
        close(ends[0]);
        return NULL;
    }
    struct child *child = xcalloc(1, sizeof *child);
    child->pid = pid;
    child->out = ends[0];
    child->name = xstrdup(argv[1] != NULL ? argv[1] : argv[0]);
    return child;
}

bool child_read_line(struct child *child, int timeout_ms, char *out, size_t room, struct error *error)
{
    size_t len = 0;
    for (;;) {
        struct pollfd ready = {.fd = child->out, .events = POLLIN};
        char byte;
        int polled = poll(&ready, 1, timeout_ms);
        if (polled == 0) {
            return error_set(error, "%s says nothing for %d ms", child->name, timeout_ms);
        }
        ssize_t got = polled > 0 ? read(child->out, &byte, 1) : -1;
        if (got == 0) {
            return error_set(error, "%s ended", child->name);
        }
        if (got < 0) {
            if (errno == EINTR) {
                continue;
            }
            return error_set(error, "%s: %s", child->name, strerror(errno));
        }
        if (byte == '\n') {
            out[len] = '\0';
            return true;
        }
        if (len + 1 < room) {
            out[len++] = byte;
        }
    }
}

void child_end(struct child *child)
{
    if (child == NULL) {
        return;
    }
    int status;
    kill(child->pid, SIGTERM);
    for (int waited = 0; waitpid(child->pid, &status, WNOHANG) == 0; waited += STEP_MS) {
        if (waited >= PATIENCE_MS) {
            kill(child->pid, SIGKILL);
            waitpid(child->pid, &status, 0);
            break;
        }
        poll(NULL, 0, STEP_MS);
    }
    close(child->out);
    free(child->name);
    free(child);
}
