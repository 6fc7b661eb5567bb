// SPDX-License-Identifier: MIT
// Tells the service manager how we are (sd_notify(3)): one datagram to $NOTIFY_SOCKET, nothing without it.
#ifndef NEARWELL_IO_NOTIFY_NOTIFY_H
#define NEARWELL_IO_NOTIFY_NOTIFY_H

void notify_service_manager(const char *state); // "READY=1", "RELOADING=1", "STOPPING=1"

#endif
