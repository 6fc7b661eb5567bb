// SPDX-License-Identifier: MIT
#include "support/packet_dsl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "core/answer/answer.h"
#include "core/dns/message.h"
#include "core/dns/rrtype.h"

enum { LINES = 600 };

struct question {
    struct dns_name name;
    uint16_t type;
    bool edns;
    uint16_t size;
    struct dns_client_subnet subnet;
    struct answer_origin origin;
};

static void wrong(const char *word)
{
    fprintf(stderr, "packet_dsl: %s\n", word);
    abort();
}

static void read_subnet(const char *text, struct dns_client_subnet *out)
{
    struct ip_prefix prefix;
    if (!ip_prefix_parse(bytes_of(text), &prefix, NULL)) {
        wrong(text);
    }
    *out = (struct dns_client_subnet){true, prefix.address, prefix.length};
}

static void read_word(const struct test_view *view, const char *word, struct question *out)
{
    if (strncmp(word, "+subnet=", 8) == 0) {
        read_subnet(word + 8, &out->subnet);
    } else if (strcmp(word, "+tcp") == 0) {
        out->origin.tcp = true;
    } else if (strcmp(word, "+noedns") == 0) {
        out->edns = false;
    } else if (strncmp(word, "+size=", 6) == 0) {
        out->size = (uint16_t)strtoul(word + 6, NULL, 10);
    } else if (strncmp(word, "+from=", 6) == 0) {
        ip_parse(bytes_of(word + 6), &out->origin.source);
    } else if (strncmp(word, "+place=", 7) == 0) {
        out->origin.place = model_find_place(view->model, bytes_of(word + 7));
    } else if (!dns_rrtype_parse(bytes_of(word), &out->type) &&
               !dns_name_parse(bytes_of(word), &out->name, NULL)) {
        wrong(word);
    }
}

static struct question read_question(const struct test_view *view, const char *text)
{
    struct question question = {.type = DNS_TYPE_A, .edns = true, .size = 1232};
    char copy[1024];
    char *rest = copy;
    snprintf(copy, sizeof copy, "%s", text);
    question.origin.source = (struct ip_address){4, {127, 0, 0, 1}};
    question.origin.place = PLACE_NONE;
    char *name = strsep(&rest, " ");
    if (!dns_name_parse(bytes_of(name), &question.name, NULL)) {
        wrong(name);
    }
    for (char *word; (word = strsep(&rest, " ")) != NULL;) {
        read_word(view, word, &question);
    }
    return question;
}

static void print_record(const uint8_t *reply, size_t len, const struct dns_record *record,
                         struct buffer *out)
{
    static uint8_t rdata[DNS_RDATA_MAX];
    size_t rdata_len;
    char name[DNS_NAME_TEXT];
    char type[DNS_TYPE_TEXT];
    dns_name_format_plain(&record->name, name);
    dns_rrtype_format(record->type, type);
    if (!dns_record_rdata(reply, len, record, rdata, sizeof rdata, &rdata_len)) {
        wrong("malformed rdata in the reply");
    }
    buffer_format(out, "%s %u %s ", name, record->ttl, type);
    dns_rdata_format(record->type, (struct bytes){rdata, rdata_len}, out);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void print_section(const uint8_t *reply, size_t len, size_t *at, unsigned count, bool short_form,
                          struct buffer *out)
{
    char *lines[LINES];
    unsigned used = 0;
    unsigned authority = 0;
    char type[DNS_TYPE_TEXT] = "";
    for (unsigned i = 0; i < count; i++) {
        struct dns_record record;
        if (!dns_reply_next(reply, len, at, &record)) {
            wrong("fewer records than counted");
        }
        if (short_form) {
            dns_rrtype_format(record.type, type);
            authority++;
        } else if (record.type != DNS_TYPE_OPT) {
            struct buffer line;
            buffer_init(&line, 1 << 20);
            print_record(reply, len, &record, &line);
            lines[used++] = line.data;
        }
    }
    qsort(lines, used, sizeof lines[0], by_text);
    for (unsigned i = 0; i < used; i++) {
        buffer_format(out, "%s%s", i > 0 ? ", " : " ", lines[i]);
        free(lines[i]);
    }
    if (authority > 0) {
        buffer_format(out, " %s*%u", type, authority);
    }
}

static void print_reply(const uint8_t *data, size_t len, struct buffer *out)
{
    struct dns_reply reply;
    if (!dns_reply_parse(data, len, &reply)) {
        wrong("the reply is malformed");
    }
    buffer_format(out, "%s%s%s", dns_rcode_name(reply.rcode), (reply.flags & DNS_FLAG_AA) != 0 ? " aa" : "",
                  (reply.flags & DNS_FLAG_TC) != 0 ? " tc" : "");
    size_t at = reply.records_at;
    for (unsigned section = 0; section < 3; section++) {
        buffer_text(out, " |");
        print_section(data, len, &at, reply.counts[section + 1], section == 1, out);
    }
    if (reply.subnet.present) {
        char prefix[IP_PREFIX_TEXT];
        struct ip_prefix subnet = {reply.subnet.address, reply.subnet.source};
        ip_prefix_format(&subnet, prefix);
        buffer_format(out, " | ecs %s/%u", prefix, reply.subnet_scope);
    }
}

const char *ask(const struct test_view *view, const char *text)
{
    static struct buffer out;
    static struct random roll = {{1, 2, 3, 4}};
    static uint8_t reply[ANSWER_MAX];
    uint8_t query[DNS_UDP_MIN];
    struct answer_counters counters = {0};
    struct question question = read_question(view, text);
    size_t len = dns_query_write(query, sizeof query, 0x4e57, &question.name, question.type, question.edns,
                                 &question.subnet);
    if (question.edns) { // the requestor's payload size is the class of the OPT record, which comes last
        size_t opt = DNS_HEADER_LEN + question.name.len + 4;
        query[opt + 3] = (uint8_t)(question.size >> 8);
        query[opt + 4] = (uint8_t)question.size;
    }
    size_t room = question.origin.tcp ? ANSWER_MAX : DNS_UDP_MAX;
    size_t reply_len = answer(&view->view, query, len, &question.origin, &roll, &counters, reply, room);
    out.limit = 1 << 20;
    buffer_clear(&out);
    if (reply_len == 0) {
        return "nothing";
    }
    print_reply(reply, reply_len, &out);
    return buffer_string(&out);
}
