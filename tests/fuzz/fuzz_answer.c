// SPDX-License-Identifier: MIT
// Any bytes as a query: the reply is none or a well-formed message within its limit, over UDP and TCP.
#include <assert.h>

#include "core/answer/answer.h"
#include "core/dns/message.h"
#include "support/model_dsl.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char policy[] = "zone Z1 example.com.\n"
                             "latency api.example.com. A 60 us-east-1 192.0.2.10 hc\n"
                             "latency api.example.com. A 60 eu-west-1 198.51.100.20\n"
                             "record www.example.com. CNAME 60 api.example.com.\n"
                             "record *.w.example.com. TXT 60 \"wild\"\n"
                             "record example.com. MX 60 |10 api.example.com.|\n"
                             "record sub.example.com. NS 60 ns.sub.example.com.\n"
                             "record ns.sub.example.com. A 60 192.0.2.53\n"
                             "record loop.example.com. CNAME 60 loop.example.com.\n"
                             "check hc\nplace DE us-east-1=90 eu-west-1=25\nclient 203.0.113.0/24 DE\n"
                             "knob chasing 1\n";

static void ask(const struct test_view *view, const uint8_t *data, size_t size, bool tcp, size_t room)
{
    static uint8_t out[ANSWER_MAX];
    struct answer_counters counters = {0};
    struct answer_origin origin = {.source = {4, {127, 0, 0, 1}}, .place = PLACE_NONE, .tcp = tcp};
    struct random roll;
    struct dns_reply reply;
    random_seed(&roll, 1);
    size_t len = answer(&view->view, data, size, &origin, &roll, &counters, out, room);
    assert(len <= room && counters.queries == 1);
    if (len > 0) {
        assert(dns_reply_parse(out, len, &reply));
        size_t at = reply.records_at;
        struct dns_record record;
        for (unsigned i = 0; i < (unsigned)reply.counts[1] + reply.counts[2] + reply.counts[3]; i++) {
            assert(dns_reply_next(out, len, &at, &record));
        }
        assert(at == len);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct test_view *view;
    if (view == NULL) {
        view = test_view_create(policy);
    }
    ask(view, data, size, false, DNS_UDP_MIN);
    ask(view, data, size, false, DNS_UDP_MAX);
    ask(view, data, size, true, ANSWER_MAX);
    return 0;
}
