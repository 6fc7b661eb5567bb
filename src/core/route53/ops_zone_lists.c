// SPDX-License-Identifier: MIT
// Hosted zones in lists: by id, by name, by VPC. API reference 1.9, 3.8 and 3.12.
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "ops.h"

static const struct route53_paging zone_paging = {"MaxItems", 100, 100};

// --- ListHostedZones ---------------------------------------------------------------------------------------

static bool is_wanted(const struct call *call, const json_t *zone)
{
    const char *set = ops_text(call->input, "DelegationSetId");
    const char *type = ops_text(call->input, "HostedZoneType");
    const char *own = ops_text(zone, "DelegationSetId");
    bool of_set = set == NULL || (own != NULL && strcmp(own, ops_bare_id(set, "/delegationset/")) == 0);
    return of_set && (type == NULL || ops_is_private(zone));
}

static json_t *print(const struct call *call, json_t *zone)
{
    json_t *printed = ops_print_zone(call, zone);
    json_decref(zone);
    return printed;
}

bool ops_list_hosted_zones(struct call *call)
{
    static const struct ops_list list = {.kind = ACCOUNT_ZONE,
                                         .list = "HostedZones",
                                         .id_prefix = "/hostedzone/",
                                         .paging = {"MaxItems", 100, 100},
                                         .keep = is_wanted,
                                         .print = print};
    const char *type = ops_text(call->input, "HostedZoneType");
    if (type != NULL && strcmp(type, "PrivateHostedZone") != 0) {
        return route53_fault_constraint(call->fault, type, "HostedZoneType",
                                        "Member must satisfy enum value set: [PrivateHostedZone]");
    }
    return ops_list(call, &list);
}

// --- ListHostedZonesByName ---------------------------------------------------------------------------------

struct named {
    char *key; // "com.example. Z1"
    const char *id;
    json_t *zone;
};

static int compare_keys(const void *a, const void *b)
{
    const struct named *x = a;
    const struct named *y = b;
    return strcmp(x->key, y->key);
}

static char *order_key(const struct dns_name *name, const char *id)
{
    struct buffer key;
    buffer_init(&key, ACCOUNT_KEY_LIMIT);
    account_reversed_name(&key, name);
    buffer_char(&key, ' ');
    buffer_text(&key, id);
    return key.data;
}

static struct named *collect(const struct call *call, size_t *count)
{
    struct account_cursor cursor;
    struct account_object object;
    struct named *zones = xcalloc(ops_count(call, ACCOUNT_ZONE) + 1, sizeof *zones);
    size_t found = 0;
    account_seek(&cursor, call->edit, ACCOUNT_ZONE, bytes_of(""));
    while (account_next(&cursor, &object)) {
        struct dns_name name;
        json_t *zone = ops_parse(&object);
        dns_name_parse(bytes_of(ops_text(zone, "Name")), &name, NULL);
        zones[found++] = (struct named){order_key(&name, ops_text(zone, "Id")), ops_text(zone, "Id"), zone};
    }
    qsort(zones, found, sizeof *zones, compare_keys);
    *count = found;
    return zones;
}

static void print_page(struct call *call, const struct named *zones, size_t count, const char *from,
                       unsigned size)
{
    json_t *page = json_array();
    size_t i = 0;
    while (i < count && strcmp(zones[i].key, from) < 0) {
        i++;
    }
    for (; i < count && json_array_size(page) < size; i++) {
        json_array_append_new(page, ops_print_zone(call, zones[i].zone));
    }
    json_object_set_new(call->output, "HostedZones", page);
    json_object_set_new(call->output, "IsTruncated", json_boolean(i < count));
    if (i < count) {
        json_object_set(call->output, "NextDNSName", json_object_get(zones[i].zone, "Name"));
        json_object_set_new(call->output, "NextHostedZoneId", json_string(zones[i].id));
    }
    route53_page_echo(&zone_paging, size, call->output);
}

// The start's key; NULL: refused.
static char *read_start(struct call *call)
{
    const char *text = ops_text(call->input, "DNSName");
    const char *id = ops_text(call->input, "HostedZoneId");
    struct dns_name name;
    struct error error = {0};
    if (text == NULL) {
        if (id != NULL) {
            REFUSE(call, "InvalidInput", "HostedZoneId goes with a DNSName.");
            return NULL;
        }
        return xstrdup("");
    }
    if (!dns_name_parse(bytes_of(text), &name, &error)) {
        REFUSE(call, "InvalidDomainName", "FATAL problem: %s", error.text);
        return NULL;
    }
    char normal[DNS_NAME_TEXT];
    dns_name_format(&name, normal);
    json_object_set_new(call->output, "DNSName", json_string(normal));
    if (id != NULL) {
        json_object_set_new(call->output, "HostedZoneId", json_string(id));
    }
    return order_key(&name, id != NULL ? ops_bare_id(id, "/hostedzone/") : "");
}

bool ops_list_hosted_zones_by_name(struct call *call)
{
    unsigned size;
    size_t count;
    char *from = read_start(call);
    if (from == NULL || !route53_page_size(&zone_paging, call->input, &size, call->fault)) {
        free(from);
        return false;
    }
    struct named *zones = collect(call, &count);
    print_page(call, zones, count, from, size);
    for (size_t i = 0; i < count; i++) {
        free(zones[i].key);
        json_decref(zones[i].zone);
    }
    free(zones);
    free(from);
    return true;
}

// --- ListHostedZonesByVPC ----------------------------------------------------------------------------------

bool ops_list_hosted_zones_by_vpc(struct call *call)
{
    struct ops_page page;
    if (!ops_check_vpc(call, call->input) || !ops_page_start(call, &zone_paging, &page)) {
        return false;
    }
    struct account_cursor cursor;
    struct account_object object;
    json_t *summaries = json_array();
    account_seek(&cursor, call->edit, ACCOUNT_ZONE, bytes_of(""));
    while (account_next(&cursor, &object)) {
        json_t *zone = ops_parse(&object);
        if (ops_zone_has_vpc(zone, call->input)) {
            json_array_append_new(
                summaries, json_pack("{s:O,s:O,s:{s:s}}", "HostedZoneId", json_object_get(zone, "Id"), "Name",
                                     json_object_get(zone, "Name"), "Owner", "OwningAccount", OPS_ACCOUNT));
        }
        json_decref(zone);
    }
    ops_page_end(call, "HostedZoneSummaries", summaries, &page);
    route53_page_echo(&zone_paging, page.size, call->output);
    return true;
}
