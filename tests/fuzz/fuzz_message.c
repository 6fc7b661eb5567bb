// SPDX-License-Identifier: MIT
// Any bytes as a query and as a reply: what is accepted is whole, and can be written and printed.
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "core/dns/edns.h"
#include "core/dns/message.h"
#include "core/dns/rrtype.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_query(const struct dns_query *query, size_t size)
{
    uint8_t out[DNS_UDP_MIN];
    struct dns_writer writer;
    struct dns_query again;
    assert(query->udp_size >= DNS_UDP_MIN);
    assert(query->question ? query->question_len == query->name.len + 4U : query->question_len == 0);
    assert(DNS_HEADER_LEN + query->question_len <= size);
    dns_writer_init(&writer, out, sizeof out);
    dns_edns_write(&writer, query, query->rcode, 0);
    assert(!writer.full && writer.len == dns_edns_size(query));
    if (query->rcode == DNS_RCODE_NOERROR) {
        size_t len = dns_query_write(out, sizeof out, query->id, &query->name, query->type, query->edns,
                                     &query->subnet);
        assert(dns_query_parse(out, len, &again) && again.rcode == DNS_RCODE_NOERROR);
        assert(dns_name_equal(&again.name, &query->name) && again.type == query->type);
        assert(again.subnet.present == query->subnet.present);
        assert(!again.subnet.present || ip_equal(&again.subnet.address, &query->subnet.address));
    }
}

static void check_records(const uint8_t *data, size_t size, const struct dns_reply *reply)
{
    struct dns_record record;
    struct buffer text;
    buffer_init(&text, 1 << 20);
    unsigned count = 0;
    for (size_t at = reply->records_at; dns_reply_next(data, size, &at, &record); count++) {
        uint8_t rdata[1024];
        size_t len;
        if (dns_record_rdata(data, size, &record, rdata, sizeof rdata, &len)) {
            buffer_clear(&text);
            dns_rdata_format(record.type, (struct bytes){rdata, len}, &text);
        }
    }
    assert(count == (unsigned)reply->counts[1] + reply->counts[2] + reply->counts[3]);
    buffer_free(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dns_query query;
    struct dns_reply reply;
    if (dns_query_parse(data, size, &query)) {
        check_query(&query, size);
    }
    if (dns_reply_parse(data, size, &reply)) {
        check_records(data, size, &reply);
    }
    return 0;
}
