// SPDX-License-Identifier: MIT
// Percent-encoding (RFC 3986, section 2.1), strictly: a bad escape or a NUL is an error. Pure; any thread.
#ifndef NEARWELL_IO_HTTP_DECODE_H
#define NEARWELL_IO_HTTP_DECODE_H

#include "base/bytes.h"

// plus: '+' is a space, as in a query. The result is malloc'd; NULL for what cannot be decoded.
char *http_decode(struct bytes text, bool plus);

#endif
