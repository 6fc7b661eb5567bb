// SPDX-License-Identifier: MIT
#include "default_records.h"

#include <assert.h>
#include <string.h>

#include "core/dns/rrtype.h"

enum { NS_TTL = 172800, SOA_TTL = 900 };

static size_t put_u32(uint8_t *at, uint32_t value)
{
    at[0] = (uint8_t)(value >> 24);
    at[1] = (uint8_t)(value >> 16);
    at[2] = (uint8_t)(value >> 8);
    at[3] = (uint8_t)value;
    return 4;
}

static size_t put_name(uint8_t *at, const struct dns_name *name)
{
    memcpy(at, name->wire, name->len);
    return name->len;
}

static size_t start_of_authority(uint8_t *out, const struct dns_name *first_server)
{
    static const uint32_t numbers[] = {1, 7200, 900, 1209600,
                                       86400}; // serial, refresh, retry, expire, minimum
    struct dns_name mailbox;
    bool valid = dns_name_parse(bytes_of("awsdns-hostmaster.amazon.com."), &mailbox, NULL);
    assert(valid);
    size_t len = put_name(out, first_server);
    len += put_name(out + len, &mailbox);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        len += put_u32(out + len, numbers[i]);
    }
    return len;
}

void default_records_fill(struct default_records *records, const struct zone_spec *zone)
{
    char names[NAME_SERVERS][NAME_SERVER_TEXT];
    name_servers_of(bytes_of(zone->id), names);
    for (unsigned i = 0; i < NAME_SERVERS; i++) {
        bool valid = dns_name_parse(bytes_of(names[i]), &records->servers[i], NULL);
        assert(valid);
        records->ns_records[i] =
            (struct resource_record_spec){records->servers[i].wire, records->servers[i].len};
    }
    records->ns_set = (struct record_set_spec){
        .name = zone->name,
        .type = DNS_TYPE_NS,
        .region = REGION_NONE,
        .ttl = NS_TTL,
        .record_count = NAME_SERVERS,
        .records = records->ns_records,
    };
    records->soa_record.rdata = records->soa;
    records->soa_record.rdata_len = (uint32_t)start_of_authority(records->soa, &records->servers[0]);
    records->soa_set = (struct record_set_spec){
        .name = zone->name,
        .type = DNS_TYPE_SOA,
        .region = REGION_NONE,
        .ttl = SOA_TTL,
        .record_count = 1,
        .records = &records->soa_record,
    };
}
