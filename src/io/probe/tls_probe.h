// SPDX-License-Identifier: MIT
// The TLS part of an HTTP probe (P6, P20-P22). libcurl drives the handshake; what it does not tell, OpenSSL
// does: when TCP was connected, which alert came, and whether the certificate has the name that was asked
// for. Certificates are not validated. TLS 1.0 to 1.3 are accepted, with the ciphers of OpenSSL's default
// list at security level 0; what the library was built without, such as RC4, cannot be had.
#ifndef NEARWELL_IO_PROBE_TLS_PROBE_H
#define NEARWELL_IO_PROBE_TLS_PROBE_H

#include <stdbool.h>

#include "task.h"

void tls_probe_describe(struct task *task, const struct health_check *check);
// Before a connection: forgets the one before.
void tls_probe_begin(struct task *task);
// The URL and where it leads: with a name it is the server name that the handshake sends.
void tls_probe_set_url(struct task *task);
// The handshake is over. False: not with this certificate; the connection is to be given up.
bool tls_probe_secured(struct task *task);
// After the connection ended: whether another one without the name is to follow, once: P21, and a name that
// is none to libcurl.
bool tls_probe_again(struct task *task, CURLcode result);
// Whether TLS is what ended it: a handshake that did not finish, or an alert after it.
bool tls_probe_failed(const struct task *task);
void tls_probe_free(struct task *task);

#endif
