// SPDX-License-Identifier: MIT
// nearwell query: a DNS query with client subnet, for people without dig.
#include <getopt.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "commands.h"
#include "core/dns/message.h"
#include "core/dns/rrtype.h"
#include "io/dns/client.h"
#include "io/loop/clock.h"
#include "options.h"

static const char help[] =
    "usage: nearwell query NAME [TYPE] [--server ADDR:PORT] [--subnet CIDR] [--tcp] [--output text|json]\n"
    "\n"
    "Asks a DNS server one question. TYPE is A unless given.\n"
    "\n"
    "  --server ADDR:PORT    (127.0.0.1:5300)\n"
    "  --subnet CIDR         EDNS client subnet: on behalf of a client there\n"
    "  --tcp                 over TCP; UDP answers that are truncated are asked again over TCP anyway\n"
    "  --output text|json    (text)\n"
    "  -h, --help\n"
    "\n"
    "exit code: 0 NOERROR, 1 another response code or no reply, 2 wrong usage\n"
    "\n"
    "examples:\n"
    "  nearwell query api.example.com --subnet 203.0.113.0/24\n"
    "  nearwell query example.com SOA --server '[::1]:5300' --tcp\n";

enum { TIMEOUT_MS = 2000, TEXT_MAX = 1 << 22 };

struct arguments {
    struct dns_exchange exchange;
    struct dns_client_subnet subnet;
    struct dns_name name;
    uint16_t type;
    bool json;
    bool help;
};

static bool parse_subnet(const char *text, struct dns_client_subnet *out, struct error *error)
{
    struct ip_prefix prefix;
    if (!ip_prefix_parse(bytes_of(text), &prefix, error)) {
        return error_context(error, "--subnet");
    }
    *out = (struct dns_client_subnet){true, prefix.address, prefix.length};
    return true;
}

static bool parse_option(int option, const char *value, struct arguments *out, struct error *error)
{
    switch (option) {
    case 's':
        return ip_endpoint_parse(bytes_of(value), &out->exchange.server, error) ||
               error_context(error, "--server");
    case 'c':
        return parse_subnet(value, &out->subnet, error);
    case 't':
        out->exchange.tcp = true;
        return true;
    case 'o':
        return option_output(value, &out->json, error);
    case 'h':
        out->help = true;
        return true;
    default:
        return error_set(error, "see nearwell query --help");
    }
}

static bool parse(int argc, char **argv, struct arguments *out, struct error *error)
{
    static const struct option table[] = {
        {"server", required_argument, NULL, 's'}, {"subnet", required_argument, NULL, 'c'},
        {"tcp", no_argument, NULL, 't'},          {"output", required_argument, NULL, 'o'},
        {"help", no_argument, NULL, 'h'},         {NULL, 0, NULL, 0},
    };
    int option;
    while ((option = getopt_long(argc, argv, "h", table, NULL)) != -1) {
        if (!parse_option(option, optarg, out, error)) {
            return false;
        }
    }
    if (out->help) {
        return true;
    }
    struct option_question question;
    if (!option_question("query", argc, argv, optind, &question, error) ||
        !dns_name_parse(bytes_of(question.name), &out->name, error)) {
        return false;
    }
    return dns_rrtype_parse(bytes_of(question.type), &out->type) ||
           error_set(error, "'%s' is not a record type", question.type);
}

static json_t *record_json(const uint8_t *data, size_t len, const struct dns_record *record)
{
    static uint8_t rdata[DNS_RDATA_MAX];
    size_t rdata_len = 0;
    char name[DNS_NAME_TEXT];
    char type[DNS_TYPE_TEXT];
    struct buffer text;
    buffer_init(&text, TEXT_MAX);
    dns_name_format_plain(&record->name, name);
    dns_rrtype_format(record->type, type);
    if (dns_record_rdata(data, len, record, rdata, sizeof rdata, &rdata_len)) {
        dns_rdata_format(record->type, (struct bytes){rdata, rdata_len}, &text);
    }
    json_t *json = json_pack("{s:s, s:I, s:s, s:s}", "name", name, "ttl", (json_int_t)record->ttl, "type",
                             type, "value", buffer_string(&text));
    buffer_free(&text);
    return json;
}

static json_t *reply_json(const uint8_t *data, size_t len, const struct dns_reply *reply)
{
    static const char *const sections[] = {"answer", "authority", "additional"};
    json_t *json = json_pack("{s:i, s:s, s:b, s:b}", "schema_version", 1, "rcode",
                             dns_rcode_name(reply->rcode), "authoritative", (reply->flags & DNS_FLAG_AA) != 0,
                             "truncated", (reply->flags & DNS_FLAG_TC) != 0);
    if (reply->subnet.present) {
        char prefix[IP_PREFIX_TEXT];
        struct ip_prefix subnet = {reply->subnet.address, reply->subnet.source};
        ip_prefix_format(&subnet, prefix);
        json_object_set_new(json, "subnet",
                            json_pack("{s:s, s:i}", "source", prefix, "scope", reply->subnet_scope));
    }
    size_t at = reply->records_at;
    for (unsigned s = 0; s < 3; s++) {
        json_t *array = json_array();
        struct dns_record record;
        for (unsigned i = 0; i < reply->counts[s + 1] && dns_reply_next(data, len, &at, &record); i++) {
            if (record.type != DNS_TYPE_OPT) {
                json_array_append_new(array, record_json(data, len, &record));
            }
        }
        json_object_set_new(json, sections[s], array);
    }
    return json;
}

static void print_text(const json_t *json)
{
    static const char *const sections[] = {"answer", "authority", "additional"};
    const json_t *subnet = json_object_get(json, "subnet");
    printf("%s%s%s\n", json_string_value(json_object_get(json, "rcode")),
           json_is_true(json_object_get(json, "authoritative")) ? ", authoritative" : "",
           json_is_true(json_object_get(json, "truncated")) ? ", truncated" : "");
    if (subnet != NULL) {
        printf("client subnet %s, scope %lld\n", json_string_value(json_object_get(subnet, "source")),
               (long long)json_integer_value(json_object_get(subnet, "scope")));
    }
    for (unsigned s = 0; s < 3; s++) {
        size_t i;
        json_t *record;
        json_array_foreach(json_object_get(json, sections[s]), i, record)
        {
            printf("%-10s  %s %lld %s %s\n", i == 0 ? sections[s] : "",
                   json_string_value(json_object_get(record, "name")),
                   (long long)json_integer_value(json_object_get(record, "ttl")),
                   json_string_value(json_object_get(record, "type")),
                   json_string_value(json_object_get(record, "value")));
        }
    }
}

static bool ask(struct arguments *arguments, json_t **out, unsigned *rcode, struct error *error)
{
    static uint8_t data[65535];
    uint8_t query[DNS_UDP_MIN];
    size_t len = 0;
    struct dns_reply reply;
    uint16_t id = (uint16_t)(clock_mono().ns >> 8);
    size_t query_len =
        dns_query_write(query, sizeof query, id, &arguments->name, arguments->type, true, &arguments->subnet);
    if (!dns_exchange(&arguments->exchange, query, query_len, data, sizeof data, &len, error)) {
        return error_context(error, "no answer; --server says whom to ask");
    }
    if (!dns_reply_parse(data, len, &reply)) {
        return error_set(error, "the reply is malformed");
    }
    if ((reply.flags & DNS_FLAG_TC) != 0 && !arguments->exchange.tcp) {
        arguments->exchange.tcp = true;
        return ask(arguments, out, rcode, error);
    }
    *out = reply_json(data, len, &reply);
    *rcode = reply.rcode;
    return true;
}

int command_query(int argc, char **argv)
{
    struct arguments arguments = {.type = DNS_TYPE_A, .exchange.timeout_ms = TIMEOUT_MS};
    struct error error = {0};
    json_t *json = NULL;
    unsigned rcode = 0;
    ip_endpoint_parse(bytes_of("127.0.0.1:5300"), &arguments.exchange.server, NULL);
    if (!parse(argc, argv, &arguments, &error)) {
        fprintf(stderr, "nearwell query: %s\n", error.text);
        return 2;
    }
    if (arguments.help) {
        fputs(help, stdout);
        return 0;
    }
    if (!ask(&arguments, &json, &rcode, &error)) {
        fprintf(stderr, "nearwell query: %s\n", error.text);
        return 1;
    }
    if (arguments.json) {
        json_dumpf(json, stdout, JSON_INDENT(2));
        fputc('\n', stdout);
    } else {
        print_text(json);
    }
    json_decref(json);
    return rcode == DNS_RCODE_NOERROR ? 0 : 1;
}
