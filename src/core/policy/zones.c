// SPDX-License-Identifier: MIT
// Hosted zones and their record sets, one by one: semantics reference, table 5.1, F1 and the texts of
// table 5.3. Routing is in routing.c, aliases are in aliases.c; what spans record sets is in validate.c.
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "reading.h"
#include "validate.h"

enum { ZONE_ID_MAX = 32, TYPE_NAMES = 32 };

// --- name and type -----------------------------------------------------------------------------------------

static bool read_name(struct policy_reading *reading)
{
    const struct policy_record_set *from = reading->from;
    struct error error = {0};
    if (!policy_readable(&from->node, RECORD_SET_NAME)) {
        return false;
    }
    if (!dns_name_parse(bytes_of(from->name), &reading->to->name, &error)) {
        REFUSE(reading->context, &from->node, "Name", "FATAL problem: %s", error.text);
        return false;
    }
    dns_name_fold(&reading->to->name);
    if (reading->zone_named && !dns_name_within(&reading->to->name, &reading->zone->name)) {
        char name[DNS_NAME_TEXT];
        char zone[DNS_NAME_TEXT];
        dns_name_format(&reading->to->name, name);
        dns_name_format(&reading->zone->name, zone);
        REFUSE(reading->context, &from->node, "Name", "RRSet with DNS name %s is not permitted in zone %s",
               name, zone);
        return false;
    }
    return true;
}

static void refuse_type(struct policy_reading *reading, const char *why)
{
    const char *names[TYPE_NAMES + 1];
    char texts[TYPE_NAMES][DNS_TYPE_TEXT];
    size_t count = dns_rrtype_count() < TYPE_NAMES ? dns_rrtype_count() : TYPE_NAMES;
    for (size_t i = 0; i < count; i++) {
        dns_rrtype_format(dns_rrtype_at(i), texts[i]);
        names[i] = texts[i];
    }
    names[count] = NULL;
    char hint[POLICY_HINT];
    policy_hint(reading->context, reading->from->type, names, hint);
    REFUSE(reading->context, &reading->from->node, "Type", "%s '%s'%s", why, reading->from->type, hint);
}

// Types of questions and of the protocol itself, which no zone holds (RFC 6895 section 3.1).
static bool is_meta_type(uint16_t type)
{
    return type == 0 || type == DNS_TYPE_OPT || (type >= 128 && type <= DNS_TYPE_ANY);
}

static bool read_type(struct policy_reading *reading)
{
    struct policy_context *context = reading->context;
    const struct policy_record_set *from = reading->from;
    if (!policy_readable(&from->node, RECORD_SET_TYPE)) {
        return false;
    }
    if (!dns_rrtype_parse(bytes_of(from->type), &reading->to->type)) {
        refuse_type(reading, "unknown record type");
        return false;
    }
    if (is_meta_type(reading->to->type)) {
        refuse_type(reading, "record sets cannot have type");
        return false;
    }
    dns_rrtype_format(reading->to->type, reading->type);
    if (!dns_rrtype_in_route53(reading->to->type) && context->options->aws_warnings) {
        schema_finding(context->reader.diagnostics, DIAGNOSTIC_WARNING, &from->node, "Type",
                       "AWS would refuse type %s: Route 53 does not have it", reading->type);
    }
    return true;
}

void policy_refuse_change(const struct policy_reading *reading, const char *tail, const char *format, ...)
{
    char what[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    const struct policy_record_set *from = reading->from;
    const char *id = from->set_identifier;
    REFUSE(reading->context, &from->node, tail,
           "Invalid request: %s in Change with [Action=CREATE, Name=%s, Type=%s, SetIdentifier=%s]", what,
           from->name != NULL ? from->name : "null", from->type != NULL ? from->type : "null",
           id != NULL ? id : "null");
}

// --- content -----------------------------------------------------------------------------------------------

// F1
static void check_content(struct policy_reading *reading)
{
    const struct policy_record_set *from = reading->from;
    bool ttl = policy_given(&from->node, RECORD_SET_TTL);
    bool records = policy_given(&from->node, RECORD_SET_RESOURCE_RECORDS);
    bool alias = policy_given(&from->node, RECORD_SET_ALIAS_TARGET);
    bool instance = policy_given(&from->node, RECORD_SET_TRAFFIC_POLICY_INSTANCE_ID);
    unsigned kinds = (unsigned)(ttl || records) + alias + instance;
    if (kinds == 1 && ttl == records) {
        return;
    }
    policy_refuse_change(reading, "",
                         "Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or "
                         "TrafficPolicyInstanceId], but found %s",
                         kinds > 1 ? "more than one" : "none");
}

// Addresses are the same in any spelling, other values only in theirs.
static bool same_value(const struct policy_reading *reading, size_t a, size_t b)
{
    const struct policy_resource_record *records = reading->from->resource_records.items;
    const struct resource_record_spec *specs = reading->to->records;
    bool address = reading->to->type == DNS_TYPE_A || reading->to->type == DNS_TYPE_AAAA;
    if (specs[a].rdata_len != specs[b].rdata_len || specs[a].rdata == NULL || specs[b].rdata == NULL) {
        return false;
    }
    return address ? memcmp(specs[a].rdata, specs[b].rdata, specs[a].rdata_len) == 0
                   : strcmp(records[a].value, records[b].value) == 0;
}

static void refuse_duplicates(const struct policy_reading *reading)
{
    const struct policy_resource_record *records = reading->from->resource_records.items;
    for (size_t i = 1; i < reading->to->record_count; i++) {
        for (size_t k = 0; k < i; k++) {
            if (same_value(reading, k, i)) {
                REFUSE(reading->context, &records[i].node, "Value", "Duplicate Resource Record: '%s'",
                       records[i].value);
                break;
            }
        }
    }
}

static void read_records(struct policy_reading *reading)
{
    struct policy_context *context = reading->context;
    size_t count = reading->from->resource_records.count;
    const struct policy_resource_record *records = reading->from->resource_records.items;
    struct resource_record_spec *specs = arena_new(context->reader.arena, struct resource_record_spec, count);
    for (size_t i = 0; i < count; i++) {
        uint8_t rdata[DNS_RDATA_MAX];
        size_t len = 0;
        struct error error = {0};
        if (records[i].value == NULL) {
            continue;
        }
        if (!dns_rdata_parse(reading->to->type, bytes_of(records[i].value), rdata, &len, &error)) {
            REFUSE(context, &records[i].node, "Value", "Invalid Resource Record: 'FATAL problem: %s'",
                   error.text);
            continue;
        }
        specs[i].rdata = arena_memdup(context->reader.arena, rdata, len, 1);
        specs[i].rdata_len = (uint32_t)len;
    }
    reading->to->records = specs;
    reading->to->record_count = (uint32_t)count;
    refuse_duplicates(reading);
    bool single = reading->to->type == DNS_TYPE_CNAME || reading->to->type == DNS_TYPE_SOA;
    if (single && count > 1) {
        REFUSE(context, &records[1].node, "", "a record set of type %s has exactly one value, not %zu",
               reading->type, count);
    }
}

static void check_place(struct policy_reading *reading)
{
    const struct schema_node *node = &reading->from->node;
    uint16_t type = reading->to->type;
    bool apex = dns_name_equal(&reading->to->name, &reading->zone->name);
    if (type == DNS_TYPE_NS && !apex && reading->zone->private_zone) {
        REFUSE(reading->context, node, "Type",
               "a private hosted zone cannot delegate: NS record sets are at its apex only (D12)");
    }
    if (type == DNS_TYPE_NS && dns_name_is_wildcard(&reading->to->name)) {
        REFUSE(reading->context, node, "Name", "NS record sets cannot have a wildcard name");
    }
    bool cname_at_apex = type == DNS_TYPE_CNAME && apex;
    bool soa_elsewhere = type == DNS_TYPE_SOA && !apex;
    if (!reading->zone_named || (!cname_at_apex && !soa_elsewhere)) {
        return;
    }
    char name[DNS_NAME_TEXT];
    char zone[DNS_NAME_TEXT];
    dns_name_format(&reading->to->name, name);
    dns_name_format(&reading->zone->name, zone);
    REFUSE(reading->context, node, "Type", "RRSet of type %s with DNS name %s is %s in zone %s",
           reading->type, name, cname_at_apex ? "not permitted at apex" : "only permitted at apex", zone);
}

static void read_health_check_id(struct policy_reading *reading)
{
    struct policy_context *context = reading->context;
    const char *id = reading->from->health_check_id;
    if (!policy_readable(&reading->from->node, RECORD_SET_HEALTH_CHECK_ID) || id[0] == '\0') {
        return;
    }
    reading->to->health_check_id = id;
    if (context->options->dangling || map_get(context->health_checks, bytes_of(id)) != NULL) {
        return;
    }
    char hint[POLICY_HINT];
    policy_hint(context, id, context->health_check_ids, hint);
    const char *rest = hint[0] != '\0' ? hint + strlen("; did") : "";
    REFUSE(context, &reading->from->node, "HealthCheckId", "A health check with id %s does not exist.%s%s",
           id, rest[0] != '\0' ? " Did" : "", rest);
}

// False when the record set has no place among others.
static bool read_record_set(struct policy_reading *reading)
{
    bool named = read_name(reading);
    bool typed = read_type(reading);
    reading->to->ttl = (uint32_t)reading->from->ttl;
    reading->to->set_identifier = reading->from->set_identifier;
    policy_read_routing(reading);
    check_content(reading);
    read_health_check_id(reading);
    if (typed) {
        policy_check_routing(reading);
        policy_read_alias(reading);
        read_records(reading);
    }
    if (named && typed) {
        check_place(reading);
    }
    return named && typed;
}

// --- zones -------------------------------------------------------------------------------------------------

static struct run read_record_sets(struct policy_context *context, const struct policy_zone *from,
                                   struct zone_spec *zone, bool named)
{
    size_t count = from->record_sets.count;
    const struct policy_record_set *record_sets = from->record_sets.items;
    struct record_set_spec *specs = arena_new(context->reader.arena, struct record_set_spec, count);
    struct entry *entries = arena_new(context->reader.arena, struct entry, count);
    size_t good = 0;
    for (size_t i = 0; i < count; i++) {
        struct policy_reading reading = {context, zone, named, &record_sets[i], &specs[i], ""};
        if (read_record_set(&reading)) {
            entries[good++] = entry_of(&specs[i], &record_sets[i]);
        }
    }
    zone->record_sets = specs;
    zone->record_set_count = (uint32_t)count;
    return policy_validate_record_sets(context, zone, entries, good);
}

// "/hostedzone/Z1" is how the API prints the id Z1.
static const char *read_zone_id(struct policy_context *context, const struct policy_zone *from)
{
    static const char prefix[] = "/hostedzone/";
    const char *id = from->id;
    if (id == NULL) {
        return NULL;
    }
    if (strncmp(id, prefix, sizeof prefix - 1) == 0) {
        id += sizeof prefix - 1;
    }
    size_t len = strlen(id);
    if (len == 0 || len > ZONE_ID_MAX || strchr(id, '/') != NULL) {
        REFUSE(context, &from->node, "Id", "'%s' is not the id of a hosted zone: 1 to %d characters",
               from->id, ZONE_ID_MAX);
    }
    return id;
}

static bool read_zone_name(struct policy_context *context, const struct policy_zone *from,
                           struct dns_name *out)
{
    struct error error = {0};
    if (from->name == NULL) {
        return false;
    }
    if (!dns_name_parse(bytes_of(from->name), out, &error)) {
        REFUSE(context, &from->node, "Name", "FATAL problem: %s", error.text);
        return false;
    }
    dns_name_fold(out);
    return true;
}

static void check_id(struct policy_context *context, const struct policy_zone *from, struct map *ids,
                     const struct zone_spec *zone)
{
    if (zone->id != NULL && !map_put(ids, bytes_of(zone->id), context)) {
        REFUSE(context, &from->node, "Id", "another hosted zone has Id '%s' already", zone->id);
    }
}

// D23: legal, and on Route 53 each zone has name servers of its own.
static void warn_of_namesake(struct policy_context *context, const struct policy_zone *from,
                             struct map *names, struct zone_spec *zone)
{
    struct bytes name = {zone->name.wire, zone->name.len};
    const struct zone_spec *first = map_get(names, name);
    if (first == NULL) {
        map_put(names, name, zone);
    } else if (context->options->trap_warnings && first->id != NULL) {
        WARN(context, &from->node, "Name",
             "hosted zone %s is named '%s' too, and only the first one answers over DNS (D23)", first->id,
             from->name);
    }
}

void policy_read_zones(struct policy_context *context)
{
    size_t count = context->file->zones.count;
    const struct policy_zone *zones = context->file->zones.items;
    struct zone_spec *specs = arena_new(context->reader.arena, struct zone_spec, count);
    struct run *sorted = arena_new(context->reader.arena, struct run, count);
    struct map *ids = map_create();
    struct map *names = map_create();
    for (size_t i = 0; i < count; i++) {
        const struct policy_zone *from = &zones[i];
        specs[i].id = read_zone_id(context, from);
        bool named = read_zone_name(context, from, &specs[i].name);
        specs[i].comment = from->config != NULL ? from->config->comment : NULL;
        policy_read_zone_vpcs(context, from, &specs[i], named);
        check_id(context, from, ids, &specs[i]);
        if (named && !specs[i].private_zone) {
            warn_of_namesake(context, from, names, &specs[i]);
        }
        sorted[i] = read_record_sets(context, from, &specs[i], named);
    }
    map_destroy(ids);
    map_destroy(names);
    context->sorted = sorted;
    context->spec->zones = specs;
    context->spec->zone_count = (uint32_t)count;
}
