// SPDX-License-Identifier: MIT
#include "core/answer/answer.h"

#include "core/dns/edns.h"
#include "core/dns/reader.h"
#include "core/dns/rrtype.h"
#include "reply.h"

enum { CHASE_MAX = 8 }; // CNAMEs followed within our zones, when that is switched on (D5)

// One writer per counter, any reader: a relaxed store is a plain one on every machine that we run on.
static void count(uint64_t *counter)
{
    __atomic_store_n(counter, *counter + 1, __ATOMIC_RELAXED);
}

static void truncate_answer(struct reply *reply)
{
    dns_writer_rewind(&reply->writer, DNS_HEADER_LEN + reply->query->question_len);
    reply->flags |= DNS_FLAG_TC;
    for (unsigned i = 0; i < 3; i++) {
        reply->counts[i] = 0;
    }
}

// The target of the only record written since from, if that is a CNAME.
static bool cname_target(const struct reply *reply, size_t from, struct dns_name *target, uint16_t *owner)
{
    struct dns_reader reader;
    dns_reader_init(&reader, reply->writer.data, reply->writer.len);
    dns_reader_skip(&reader, from + 2);
    bool cname = dns_reader_u16(&reader) == DNS_TYPE_CNAME;
    dns_reader_skip(&reader, 8);
    *owner = (uint16_t)(0xc000U | reader.at);
    dns_reader_name(&reader, target);
    return cname && !reader.failed;
}

static bool seen(const struct name_node *const *nodes, unsigned count, const struct name_node *node)
{
    for (unsigned i = 0; i < count; i++) {
        if (nodes[i] == node) {
            return true;
        }
    }
    return false;
}

// D5's switch: the target's records too, as RFC 1034 has it. Ends quietly where our zones end or a loop
// closes.
static bool chase(struct reply *reply, uint16_t type, size_t from, const struct name_node *start)
{
    const struct name_node *visited[CHASE_MAX] = {start};
    for (unsigned i = 1; i < CHASE_MAX && type != DNS_TYPE_CNAME; i++) {
        struct dns_name target;
        struct resolution resolution;
        uint16_t owner;
        if (!cname_target(reply, from, &target, &owner)) {
            return true;
        }
        resolve(reply->context, &target, type, &resolution);
        if (resolution.kind != RESOLVED_ANSWER || seen(visited, i, resolution.node)) {
            return true;
        }
        visited[i] = resolution.node;
        from = reply->writer.len;
        if (!reply_records(reply, REPLY_ANSWER, owner, &resolution.decision)) {
            return false;
        }
    }
    return true;
}

static void positive(struct reply *reply, uint16_t type, const struct resolution *resolution)
{
    size_t from = reply->writer.len;
    reply->flags |= DNS_FLAG_AA;
    reply->fail_open = resolution->decision.fail_open;
    if (!reply_records(reply, REPLY_ANSWER, REPLY_QUESTION_OWNER, &resolution->decision)) {
        truncate_answer(reply);
        return;
    }
    if (reply->context->view->model->simulator.cname_chasing && !chase(reply, type, from, resolution->node)) {
        truncate_answer(reply);
        return;
    }
    size_t to = reply->writer.len;
    if (resolution->group != resolution->zone->ns) {
        reply_zone_ns(reply, resolution->zone);
    }
    if (resolution->group->type != DNS_TYPE_A && resolution->group->type != DNS_TYPE_AAAA) { // name no host
        reply_targets(reply, resolution->zone, from, to, false);
    }
}

static void any(struct reply *reply, const struct resolution *name)
{
    reply->flags |= DNS_FLAG_AA;
    for (uint16_t i = 0; i < name->node->group_count; i++) {
        struct decision decision;
        decide(reply->context, &name->node->groups[i], &decision);
        if (!reply_records(reply, REPLY_ANSWER, REPLY_QUESTION_OWNER, &decision)) {
            truncate_answer(reply);
            return;
        }
        if (reply->context->view->model->simulator.minimal_any && reply->counts[REPLY_ANSWER] > 0) {
            break; // RFC 8482: one RRset will do
        }
    }
    if (reply->counts[REPLY_ANSWER] == 0) {
        reply_soa(reply, name->zone);
    }
}

static void respond(struct reply *reply)
{
    const struct dns_query *query = reply->query;
    struct resolution resolution;
    resolve_name(reply->context, &query->name, query->type, &resolution);
    if (resolution.kind == RESOLVED_ANSWER && query->type == DNS_TYPE_ANY) {
        any(reply, &resolution);
        return;
    }
    if (resolution.kind == RESOLVED_ANSWER) {
        resolve_at(reply->context, resolution.node, query->type, &resolution);
    }
    switch (resolution.kind) {
    case RESOLVED_ANSWER:
        positive(reply, query->type, &resolution);
        break;
    case RESOLVED_REFERRAL:
        reply_referral(reply, &resolution);
        break;
    case RESOLVED_NXDOMAIN:
        reply->rcode = DNS_RCODE_NXDOMAIN;
        __attribute__((fallthrough));
    case RESOLVED_NODATA:
        reply->flags |= DNS_FLAG_AA;
        reply_soa(reply, resolution.zone);
        break;
    case RESOLVED_REFUSED: // D14, or by a knob G5
        reply->rcode = resolution.zone == NULL ? reply->context->view->model->simulator.unknown_zone_rcode
                                               : DNS_RCODE_REFUSED;
        break;
    }
}

// What a well-formed query still cannot have here (D24).
static unsigned unserved(const struct dns_query *query)
{
    if (query->class != DNS_CLASS_IN && query->class != DNS_CLASS_ANY) {
        return DNS_RCODE_REFUSED;
    }
    switch (query->type) {
    case DNS_TYPE_AXFR:
    case DNS_TYPE_IXFR:
        return DNS_RCODE_REFUSED;
    case DNS_TYPE_MAILA:
    case DNS_TYPE_MAILB:
    case DNS_TYPE_OPT:
        return DNS_RCODE_NOTIMP;
    default:
        return DNS_RCODE_NOERROR;
    }
}

// E5, E3: 0 unless the location was asked for and the subnet told it; then at least the finest block that
// IP-based routing can distinguish, and finer where our own blocks are.
static uint8_t scope(const struct reply *reply)
{
    const struct decide_context *context = reply->context;
    const struct simulator_settings *settings = &context->view->model->simulator;
    if (!context->located || !context->client->has_subnet || context->private_zone ||
        context->location.evidence == CLIENT_BY_PLACE) {
        return 0;
    }
    uint8_t least =
        context->client->subnet.address.family == 4 ? settings->ecs_scope_v4 : settings->ecs_scope_v6;
    return context->location.scope > least ? context->location.scope : least;
}

static void finish(struct reply *reply, uint8_t *out)
{
    const struct dns_query *query = reply->query;
    uint16_t flags = (uint16_t)(DNS_FLAG_QR | ((unsigned)query->opcode << 11) | (query->flags & DNS_FLAG_RD) |
                                reply->flags | (reply->rcode & 0xf));
    size_t before = reply->writer.len;
    dns_edns_write(&reply->writer, query, reply->rcode, scope(reply));
    uint16_t opt = reply->writer.len > before ? 1 : 0;
    struct dns_writer header;
    dns_writer_init(&header, out, DNS_HEADER_LEN);
    dns_writer_u16(&header, query->id);
    dns_writer_u16(&header, flags);
    dns_writer_u16(&header, query->question ? 1 : 0);
    dns_writer_u16(&header, reply->counts[REPLY_ANSWER]);
    dns_writer_u16(&header, reply->counts[REPLY_AUTHORITY]);
    dns_writer_u16(&header, (uint16_t)(reply->counts[REPLY_ADDITIONAL] + opt));
}

static size_t size_limit(const struct dns_query *query, const struct answer_origin *origin, size_t room)
{
    size_t limit = ANSWER_MAX;
    if (!origin->tcp) { // D1
        limit = query->edns && query->udp_size > DNS_UDP_MIN ? query->udp_size : DNS_UDP_MIN;
        limit = limit < DNS_UDP_MAX ? limit : DNS_UDP_MAX;
    }
    return limit < room ? limit : room;
}

static struct client client_of(const struct dns_query *query, const struct answer_origin *origin)
{
    struct client client = {.source = origin->source, .place = origin->place, .vpc = origin->vpc};
    if (query->subnet.present && query->subnet.source > 0) { // E6
        client.has_subnet = true;
        client.subnet.address = query->subnet.address;
        client.subnet.length = query->subnet.source;
    }
    return client;
}

// D11: the question's bytes, which all owner names point to, in lower case. Lengths of labels are no letters.
static void fold_question(uint8_t *question, size_t len)
{
    for (size_t i = 0; i + 4 < len; i++) {
        question[i] = ascii_lower(question[i]);
    }
}

static void tally(struct answer_counters *counters, const struct reply *reply)
{
    unsigned rcode = reply->rcode < 15 ? reply->rcode : 15;
    count(&counters->rcodes[rcode]);
    if ((reply->flags & DNS_FLAG_TC) != 0) {
        count(&counters->truncated);
    }
    if (reply->fail_open) {
        count(&counters->fail_open);
    }
    if (reply->query->subnet.present) {
        count(&counters->client_subnet);
    }
}

size_t answer(const struct view *view, const uint8_t *query_bytes, size_t len,
              const struct answer_origin *origin, struct random *roll, struct answer_counters *counters,
              uint8_t *out, size_t room)
{
    struct dns_query query;
    count(&counters->queries);
    if (!dns_query_parse(query_bytes, len, &query)) {
        count(&counters->dropped);
        return 0;
    }
    struct client client = client_of(&query, origin);
    struct decide_context context;
    context.view = view;
    context.client = &client;
    context.roll = roll;
    context.trace = NULL;
    context.private_zone = false;
    context.located = false;
    struct reply reply = {.query = &query, .context = &context, .rcode = query.rcode};
    // The OPT record's room is set aside first, so that what comes before never pushes it out.
    size_t limit = size_limit(&query, origin, room);
    dns_writer_init(&reply.writer, out, limit - dns_edns_size(&query));
    reply.writer.len = DNS_HEADER_LEN;
    if (query.question) {
        dns_writer_bytes(&reply.writer, query_bytes + DNS_HEADER_LEN,
                         query.question_len); // D11: case and all
        if (view->model->simulator.fold_replies) {
            fold_question(out + DNS_HEADER_LEN, query.question_len);
        }
    }
    if (reply.rcode == DNS_RCODE_NOERROR) {
        reply.rcode = unserved(&query);
    }
    if (reply.rcode == DNS_RCODE_NOERROR) {
        respond(&reply);
    }
    reply.writer.limit = limit;
    finish(&reply, out);
    tally(counters, &reply);
    return reply.writer.len;
}
