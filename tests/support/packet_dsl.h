// SPDX-License-Identifier: MIT
// A question and its reply as one line each, for tests of answer():
//
//   ask(view, "www.example.com A")                 EDNS with 1232 bytes, from 127.0.0.1, over UDP
//   ask(view, "www.example.com A +subnet=203.0.113.0/24 +tcp +noedns +size=512 +from=192.0.2.1 +place=DE")
//
// gives "NOERROR aa | www.example.com. 60 A 192.0.2.10 | NS*4 | | ecs 203.0.113.0/24/24": response code and
// flags, the answers in order of their text, authority as type and count, additional records, the subnet's
// scope.
#ifndef NEARWELL_TESTS_SUPPORT_PACKET_DSL_H
#define NEARWELL_TESTS_SUPPORT_PACKET_DSL_H

#include "support/model_dsl.h"

const char *ask(const struct test_view *view, const char *text); // valid until the next call

#endif
