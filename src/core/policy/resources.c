// SPDX-License-Identifier: MIT
// AWS resources and the aliases to them: Q3, T1-T3. A load balancer's name is the same with "dualstack." in
// front, which is how the console writes it into aliases.
#include <stdio.h>
#include <string.h>

#include "reading.h"

static const uint16_t address_types[RESOURCE_ADDRESS_TYPES] = {DNS_TYPE_A, DNS_TYPE_AAAA};

static struct dns_name plain_name(const struct dns_name *name)
{
    static const char label[] = "\011dualstack";
    struct dns_name rest;
    if (name->len > sizeof label && memcmp(name->wire, label, sizeof label - 1) == 0 &&
        dns_name_parent(name, &rest)) {
        return rest;
    }
    return *name;
}

static struct resource_spec *find_resource(const struct policy_context *context, const struct dns_name *name)
{
    struct dns_name plain = plain_name(name);
    return map_get(context->resources, (struct bytes){plain.wire, plain.len});
}

// --- resources ---------------------------------------------------------------------------------------------

static void read_name(struct policy_context *context, const struct policy_resource *from,
                      struct resource_spec *to)
{
    struct error error = {0};
    if (from->dns_name == NULL) {
        return;
    }
    if (!dns_name_parse(bytes_of(from->dns_name), &to->name, &error)) {
        REFUSE(context, &from->node, "DNSName", "FATAL problem: %s", error.text);
        to->name.len = 0;
        return;
    }
    dns_name_fold(&to->name);
    to->name = plain_name(&to->name);
    if (!map_put(context->resources, (struct bytes){to->name.wire, to->name.len}, to)) {
        REFUSE(context, &from->node, "DNSName", "another resource has DNSName '%s' already", from->dns_name);
    }
}

static void read_addresses(struct policy_context *context, const struct policy_resource_records *from,
                           const struct schema_strings *texts, struct record_set_spec *to)
{
    struct resource_record_spec *specs =
        arena_new(context->reader.arena, struct resource_record_spec, texts->count);
    char type[DNS_TYPE_TEXT];
    dns_rrtype_format(to->type, type);
    for (size_t i = 0; i < texts->count; i++) {
        uint8_t rdata[DNS_RDATA_MAX];
        size_t len = 0;
        struct error error = {0};
        if (texts->items[i] == NULL) {
            continue;
        }
        if (!dns_rdata_parse(to->type, bytes_of(texts->items[i]), rdata, &len, &error)) {
            char item[DNS_TYPE_TEXT + 24];
            snprintf(item, sizeof item, "%s/%zu", type, i);
            REFUSE(context, &from->node, item, "Invalid Resource Record: 'FATAL problem: %s'", error.text);
        }
        specs[i].rdata = arena_memdup(context->reader.arena, rdata, len, 1);
        specs[i].rdata_len = (uint32_t)len;
    }
    to->records = specs;
    to->record_count = (uint32_t)texts->count;
}

static void read_resource(struct policy_context *context, const struct policy_resource *from,
                          struct resource_spec *to)
{
    to->type = (enum resource_type)from->type;
    to->healthy = from->healthy;
    to->hosted_zone_id = from->hosted_zone_id;
    read_name(context, from, to);
    for (unsigned i = 0; i < RESOURCE_ADDRESS_TYPES; i++) {
        to->addresses[i].type = address_types[i];
        to->addresses[i].ttl =
            policy_readable(&from->node, RESOURCE_TTL) ? (uint32_t)from->ttl : context->resource_ttl;
        if (from->resource_records != NULL) {
            read_addresses(context, from->resource_records,
                           i == 0 ? &from->resource_records->a : &from->resource_records->aaaa,
                           &to->addresses[i]);
        }
    }
    if (context->options->trap_warnings && policy_readable(&from->node, RESOURCE_TYPE) && !from->healthy &&
        !resource_type_has_health(to->type)) {
        WARN(context, &from->node, "Healthy", "a resource of type %s always counts as healthy (Q3)",
             resource_type_name(to->type));
    }
}

void policy_read_resources(struct policy_context *context)
{
    size_t count = context->file->resources.count;
    const struct policy_resource *resources = context->file->resources.items;
    struct resource_spec *specs = arena_new(context->reader.arena, struct resource_spec, count);
    const char **names = arena_new(context->reader.arena, const char *, count + 1);
    size_t known = 0;
    for (size_t i = 0; i < count; i++) {
        read_resource(context, &resources[i], &specs[i]);
        if (resources[i].dns_name != NULL) {
            names[known++] = resources[i].dns_name;
        }
    }
    context->resource_names = names;
    context->spec->resources = specs;
    context->spec->resource_count = (uint32_t)count;
}

// --- aliases to them ---------------------------------------------------------------------------------------

static void check_alias(struct policy_reading *reading, const struct alias_spec *alias,
                        const struct resource_spec *resource)
{
    struct policy_context *context = reading->context;
    const struct policy_alias_target *from = reading->from->alias_target;
    const char *type = resource_type_name(resource->type);
    uint16_t wanted = reading->to->type;
    if (alias->evaluate_target_health && !resource_type_can_be_evaluated(resource->type)) {
        REFUSE(context, &from->node, "EvaluateTargetHealth",
               "EvaluateTargetHealth cannot be true for an alias to a resource of type %s (Q3)", type);
    }
    for (unsigned i = 0; i < RESOURCE_ADDRESS_TYPES; i++) {
        if (wanted == address_types[i]) {
            if (context->options->trap_warnings && resource->addresses[i].record_count == 0) {
                WARN(context, &from->node, "DNSName",
                     "this resource has no addresses of type %s: queries get no data (T2)", reading->type);
            }
            return;
        }
    }
    REFUSE(context, &reading->from->node, "Type",
           "aliases to AWS resources are of type A or AAAA here, not %s", reading->type);
}

uint32_t policy_read_alias_resource(struct policy_reading *reading, const struct alias_spec *alias)
{
    const struct resource_spec *found = find_resource(reading->context, &alias->target);
    const char *own_zone = reading->zone->id;
    if (alias->hosted_zone_id == NULL || found == NULL || found->hosted_zone_id == NULL ||
        strcmp(found->hosted_zone_id, alias->hosted_zone_id) != 0 ||
        (own_zone != NULL && strcmp(own_zone, alias->hosted_zone_id) == 0)) {
        return RESOURCE_NONE;
    }
    check_alias(reading, alias, found);
    return (uint32_t)(found - reading->context->spec->resources);
}

void policy_refuse_resource(struct policy_context *context, const struct policy_alias_target *from,
                            const struct dns_name *target, const char *own_zone)
{
    const struct resource_spec *found = target->len > 0 ? find_resource(context, target) : NULL;
    if (found != NULL && found->hosted_zone_id != NULL) {
        REFUSE(context, &from->node, "HostedZoneId", "HostedZoneId of the resource '%s' is '%s', not '%s'",
               from->dns_name, found->hosted_zone_id, from->hosted_zone_id);
        return;
    }
    char hint[POLICY_HINT] = "";
    if (from->dns_name != NULL) {
        policy_hint(context, from->dns_name, context->resource_names, hint);
    }
    REFUSE(context, &from->node, hint[0] != '\0' ? "DNSName" : "HostedZoneId",
           "HostedZoneId '%s' is not that of this zone ('%s'), and Resources has no '%s'%s",
           from->hosted_zone_id, own_zone != NULL ? own_zone : "?",
           from->dns_name != NULL ? from->dns_name : "?", hint);
}
