// SPDX-License-Identifier: MIT
// TestDNSAnswer: the decision that the DNS servers make, asked for by hand (N1 to N3, E4). API
// reference 3.11.
#include <string.h>

#include "core/dns/rrtype.h"
#include "core/model/name_servers.h"
#include "core/routing/resolve.h"
#include "ops.h"

enum { VALUES_LIMIT = 1 << 20 };
static const char asking_region[] = "us-east-1"; // E4

// --- who asks ----------------------------------------------------------------------------------------------

static bool read_address(struct call *call, const char *member, struct ip_address *out, bool *given)
{
    const char *text = ops_text(call->input, member);
    *given = text != NULL && text[0] != '\0';
    return !*given || ip_parse(bytes_of(text), out) ||
           REFUSE(call, "InvalidInput", "%s '%s' is not an IP address.", member, text);
}

static bool read_subnet(struct call *call, struct client *client)
{
    struct ip_address address = {0};
    bool given;
    const char *mask = ops_text(call->input, "EDNS0ClientSubnetMask");
    if (!read_address(call, "EDNS0ClientSubnetIP", &address, &given)) {
        return false;
    }
    if (!given) {
        return mask == NULL ||
               REFUSE(call, "InvalidInput", "EDNS0ClientSubnetMask goes with an EDNS0ClientSubnetIP.");
    }
    uint32_t most = address.family == 4 ? 32 : 128;
    uint32_t length = address.family == 4 ? 24 : 64; // E4
    if (mask != NULL && mask[0] != '\0' && !bytes_parse_u32(bytes_of(mask), most, &length)) {
        return REFUSE(call, "InvalidInput", "EDNS0ClientSubnetMask must be from 0 to %u, not '%s'.", most,
                      mask);
    }
    client->has_subnet = length > 0; // E6
    client->subnet = ip_prefix_of(&address, (uint8_t)length);
    return true;
}

// Without a resolver and without a subnet of a known place, somebody in us-east-1.
static bool read_client(struct call *call, struct client *client)
{
    const struct view *view = call->context->view;
    bool resolver;
    *client = (struct client){.place = PLACE_NONE};
    if (!read_address(call, "ResolverIP", &client->source, &resolver) || !read_subnet(call, client)) {
        return false;
    }
    struct client_location location;
    client_locate(view->locator, client, &location);
    if (!resolver && location.evidence == CLIENT_BY_DEFAULT) {
        client->place = model_find_place(view->model, bytes_of(asking_region));
    }
    return true;
}

// --- the answer --------------------------------------------------------------------------------------------

struct question {
    const struct zone *zone;
    struct dns_name name;
    uint16_t type;
};

static const struct zone *find_zone(const struct model *model, const char *id)
{
    for (uint32_t i = 0; i < model->zone_count; i++) {
        if (strcmp(model->zones[i]->id, id) == 0) {
            return model->zones[i];
        }
    }
    return NULL;
}

static bool read_question(struct call *call, const json_t *zone, struct question *out)
{
    struct error error = {0};
    const char *name = ops_text(call->input, "RecordName");
    const char *type = ops_text(call->input, "RecordType");
    if (ops_is_private(zone)) {
        return REFUSE(call, "InvalidInput", "TestDNSAnswer is for public hosted zones only.");
    }
    if (call->context->view == NULL) {
        return REFUSE(call, "ServiceUnavailable", "Nothing answers DNS queries here.");
    }
    if (!dns_name_parse(bytes_of(name), &out->name, &error)) {
        return REFUSE(call, "InvalidInput", "FATAL problem: %s", error.text);
    }
    if (!dns_rrtype_parse(bytes_of(type), &out->type)) {
        return REFUSE(call, "InvalidInput", "Unknown record type '%s'.", type);
    }
    out->zone = find_zone(call->context->view->model, ops_text(zone, "Id"));
    return true;
}

static void print_values(const struct resolution *resolution, json_t *values)
{
    struct buffer text;
    buffer_init(&text, VALUES_LIMIT);
    for (uint8_t i = 0; i < resolution->decision.count; i++) {
        const struct record_set *record_set = resolution->decision.record_sets[i];
        struct bytes rdata;
        for (size_t at = 0; record_set_next(record_set, &at, &rdata);) {
            buffer_clear(&text);
            dns_rdata_format(resolution->group->type, rdata, &text);
            json_array_append_new(values, json_string(buffer_string(&text)));
        }
    }
    buffer_free(&text);
}

static const char *print_answer(struct call *call, const struct question *question,
                                const struct client *client, json_t *values)
{
    struct decide_context context = {
        .view = call->context->view, .client = client, .roll = call->context->ids};
    struct resolution resolution = {.kind = RESOLVED_REFUSED};
    if (question->zone != NULL) {
        resolve_in_zone(&context, question->zone, &question->name, question->type, &resolution);
    }
    switch (resolution.kind) {
    case RESOLVED_ANSWER:
        print_values(&resolution, values);
        return "NOERROR";
    case RESOLVED_NODATA:
    case RESOLVED_REFERRAL: // D12: not shown
        return "NOERROR";
    case RESOLVED_NXDOMAIN:
        return "NXDOMAIN";
    case RESOLVED_REFUSED:
        return "REFUSED";
    }
    return "SERVFAIL";
}

static void print_reply(struct call *call, const json_t *zone, const struct question *question,
                        const struct client *client)
{
    char name[DNS_NAME_TEXT];
    char servers[NAME_SERVERS][NAME_SERVER_TEXT];
    json_t *values = json_array();
    const char *code = print_answer(call, question, client, values);
    name_servers_of(bytes_of(ops_text(zone, "Id")), servers);
    dns_name_format(&question->name, name);
    json_object_set_new(call->output, "Nameserver", json_stringn(servers[0], strlen(servers[0]) - 1));
    json_object_set_new(call->output, "RecordName", json_string(name));
    json_object_set(call->output, "RecordType", json_object_get(call->input, "RecordType"));
    json_object_set_new(call->output, "RecordData", values);
    json_object_set_new(call->output, "ResponseCode", json_string(code));
    json_object_set_new(call->output, "Protocol", json_string("UDP"));
}

bool ops_test_dns_answer(struct call *call)
{
    struct question question = {0};
    struct client client;
    json_t *zone = ops_required_zone(call, "HostedZoneId");
    bool good = zone != NULL && read_question(call, zone, &question) && read_client(call, &client);
    if (good) {
        print_reply(call, zone, &question, &client);
    }
    json_decref(zone);
    return good;
}
