// SPDX-License-Identifier: MIT
// libcurl's global state, set up on first use and kept until the process ends. Any thread.
#ifndef NEARWELL_IO_HTTP_CURL_GLOBAL_H
#define NEARWELL_IO_HTTP_CURL_GLOBAL_H

void http_curl_global(void);

#endif
