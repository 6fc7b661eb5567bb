// SPDX-License-Identifier: MIT
// P15: a connection that comes about is success; nothing is sent and it is closed at once.
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "io/loop/clock.h"
#include "task.h"

static void stop(struct task *task)
{
    event_del(&task->connected);
    close(task->fd);
}

static void on_writable(evutil_socket_t fd, short what, void *context)
{
    (void)what;
    struct task *task = context;
    mono_time now = clock_mono();
    int error = 0;
    socklen_t len = sizeof error;
    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) != 0) {
        error = errno;
    }
    if (error == 0) {
        probe_connected(&task->probe, now);
    } else {
        probe_failed(&task->probe, task_reason_of_errno(error, &task->probe), now);
    }
    stop(task);
    task_finish(task, now);
}

static int connect_without_waiting(int fd, const struct task *task)
{
    struct ip_endpoint endpoint = {task->probe.observation.resolved, task->check.port};
    struct sockaddr_storage address;
    socklen_t len = ip_endpoint_to_sockaddr(&endpoint, &address);
    int result = connect(fd, (const struct sockaddr *)&address, len);
    return result == 0 || errno == EINPROGRESS ? 0 : errno;
}

static void start(struct task *task)
{
    int family = task->probe.observation.resolved.family == 4 ? AF_INET : AF_INET6;
    task->fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (task->fd < 0) {
        task_fail_later(task, task_reason_of_errno(errno, &task->probe));
        return;
    }
    int error = connect_without_waiting(task->fd, task);
    if (error != 0) {
        close(task->fd);
        task_fail_later(task, task_reason_of_errno(error, &task->probe));
        return;
    }
    event_assign(&task->connected, loop_base(task_loop(task)), task->fd, EV_WRITE, on_writable, task);
    event_add(&task->connected, NULL);
}

const struct transport tcp_transport = {start, stop};
