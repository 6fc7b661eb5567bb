// SPDX-License-Identifier: MIT
// nearwell serve: the daemon.
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/daemon/daemon.h"
#include "base/log.h"
#include "commands.h"
#include "io/files/read.h"
#include "io/loop/clock.h"

static const char help[] =
    "usage: nearwell serve [--policy FILE] [options]\n"
    "\n"
    "The daemon: probes health checks, decides, answers DNS, shows its state over HTTP.\n"
    "Without a policy it serves an empty account.\n"
    "\n"
    "  --policy FILE              what to answer and what to probe\n"
    "  --state FILE               what is changed while it runs is kept there, durable across a crash at "
    "any\n"
    "                             instant; made if need be (memory only)\n"
    "  --dns ADDR:PORT[=PLACE]    answer DNS there over UDP and TCP (127.0.0.1:5300); repeatable. With "
    "=PLACE\n"
    "                             as if every client of that socket were in PLACE, or in a VPC "
    "(vpc-1a2b3c4d),\n"
    "                             which sees its private hosted zones. Port 0: any free one\n"
    "  --http ADDR:PORT           status, metrics, explanations, admin (127.0.0.1:8053)\n"
    "  --workers N                DNS threads (one per processor, at most 8)\n"
    "  --metrics FILE             data of CloudWatch metrics, read at start, and what is new with SIGHUP: a "
    "line is\n"
    "                             what POST /admin/metrics takes\n"
    "  --resolver ADDR[:PORT],... ask these for endpoints given by name (the system's)\n"
    "  --admin-token-file FILE    what changes state needs 'Authorization: Bearer TOKEN', 16 characters or "
    "more;\n"
    "                             must be given when --http is not on loopback\n"
    "  --api-keys-file FILE       access keys of the Route 53 API, as ~/.aws/credentials has them or 'ID "
    "SECRET' a\n"
    "                             line: signatures are verified then. Must be given when --http is not on "
    "loopback\n"
    "  --record FILE              everything that decides, in a new file that nearwell replay takes; 1 GiB "
    "at most\n"
    "  --clock real|manual        manual: time stands until POST /admin/clock moves it, and endpoints "
    "answer\n"
    "                             probes as POST /admin/endpoints scripts them; for tests (real)\n"
    "  --log-level LEVEL          debug, info, warning or error (info)\n"
    "  -h, --help\n"
    "\n"
    "When ready it prints one JSON line with the addresses in use. SIGHUP reloads the policy, the old one\n"
    "stays in force when the new one is wrong. SIGTERM ends it.\n"
    "\n"
    "exit code: 0 ended by SIGTERM or SIGINT, 1 an address cannot be had, 2 wrong usage, or a file is wrong\n"
    "\n"
    "examples:\n"
    "  nearwell serve --policy policies/three-regions.json\n"
    "  nearwell serve --policy mine.json --dns 127.0.0.1:5300 --dns 127.0.0.1:5301=DE --dns '[::1]:5300'\n"
    "  dig @127.0.0.1 -p 5300 api.example.com +subnet=203.0.113.0/24\n"
    "  curl http://127.0.0.1:8053/status\n";

enum { TOKEN_MAX = 4096, KEYS_MAX = 1 << 20, DEFAULT_WORKERS_MAX = 8 };

static unsigned default_workers(void)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    return processors < 1 ? 1 : processors > DEFAULT_WORKERS_MAX ? DEFAULT_WORKERS_MAX : (unsigned)processors;
}

static bool add_listener(struct daemon_options *options, const char *text, struct error *error)
{
    struct bytes place = bytes_of(text);
    struct bytes address;
    struct dns_listener listener = {0};
    bytes_split(&place, '=', &address);
    if (options->dns_count == DNS_LISTENERS_MAX) {
        return error_set(error, "--dns: more than %d addresses", DNS_LISTENERS_MAX);
    }
    if (!ip_endpoint_parse(address, &listener.at, error)) {
        return error_context(error, "--dns");
    }
    if (place.data != NULL) {
        if (place.len == 0 || place.len >= sizeof listener.place) {
            return error_set(error, "--dns: '%s' needs a place after '=', for example DE or us-east-1", text);
        }
        memcpy(listener.place, place.data, place.len);
    }
    options->dns[options->dns_count++] = listener;
    return true;
}

static bool read_token(const char *path, char **out, struct error *error)
{
    size_t len;
    if (!read_whole_file(path, TOKEN_MAX, out, &len, error)) {
        return error_context(error, "--admin-token-file");
    }
    (*out)[strcspn(*out, "\r\n")] = '\0';
    if (strlen(*out) < 16) {
        return error_set(error, "--admin-token-file %s: a token has at least 16 characters", path);
    }
    return true;
}

static bool read_keys(const char *path, struct route53_keys **out, struct error *error)
{
    char *text;
    size_t len;
    if (!read_whole_file(path, KEYS_MAX, &text, &len, error)) {
        return error_context(error, "--api-keys-file");
    }
    route53_keys_destroy(*out);
    *out = route53_keys_parse((struct bytes){(const uint8_t *)text, len}, error);
    free(text);
    return *out != NULL || error_context(error, "--api-keys-file %s", path);
}

struct parsed {
    struct daemon_options options;
    char *token;
    struct route53_keys *keys;
    enum log_level level;
    bool help;
};

static bool parse_number(const char *name, const char *text, uint32_t least, uint32_t most, uint32_t *out,
                         struct error *error)
{
    if (!bytes_parse_u32(bytes_of(text), most, out) || *out < least) {
        return error_set(error, "%s: '%s' is not a number from %u to %u", name, text, least, most);
    }
    return true;
}

static bool parse_option(int option, const char *value, struct parsed *parsed, struct error *error)
{
    struct daemon_options *options = &parsed->options;
    switch (option) {
    case 'p':
        options->policy = value;
        return true;
    case 'R':
        options->record = value;
        return true;
    case 's':
        options->state = value;
        return true;
    case 'd':
        return add_listener(options, value, error);
    case 'a':
        return ip_endpoint_parse(bytes_of(value), &options->http, error) || error_context(error, "--http");
    case 'w':
        return parse_number("--workers", value, 1, DNS_WORKERS_MAX, &options->workers, error);
    case 'm':
        options->metrics = value;
        return true;
    case 'r':
        options->resolvers = value;
        return true;
    case 't':
        return read_token(value, &parsed->token, error);
    case 'k':
        return read_keys(value, &parsed->keys, error);
    case 'l':
        return log_level_parse(value, &parsed->level) ||
               error_set(error, "--log-level: '%s' is not debug, info, warning or error", value);
    case 'c':
        options->manual_clock = strcmp(value, "manual") == 0;
        return options->manual_clock || strcmp(value, "real") == 0 ||
               error_set(error, "--clock: '%s' is not real or manual", value);
    case 'h':
        parsed->help = true;
        return true;
    default:
        return error_set(error, "see nearwell serve --help");
    }
}

static bool parse(int argc, char **argv, struct parsed *parsed, struct error *error)
{
    static const struct option table[] = {
        {"policy", required_argument, NULL, 'p'},
        {"record", required_argument, NULL, 'R'},
        {"state", required_argument, NULL, 's'},
        {"dns", required_argument, NULL, 'd'},
        {"http", required_argument, NULL, 'a'},
        {"workers", required_argument, NULL, 'w'},
        {"metrics", required_argument, NULL, 'm'},
        {"resolver", required_argument, NULL, 'r'},
        {"admin-token-file", required_argument, NULL, 't'},
        {"api-keys-file", required_argument, NULL, 'k'},
        {"clock", required_argument, NULL, 'c'},
        {"log-level", required_argument, NULL, 'l'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    int option;
    while ((option = getopt_long(argc, argv, "h", table, NULL)) != -1) {
        if (!parse_option(option, optarg, parsed, error)) {
            return false;
        }
    }
    if (optind < argc) {
        return error_set(error, "unexpected '%s'; see nearwell serve --help", argv[optind]);
    }
    return parsed->options.dns_count > 0 || add_listener(&parsed->options, "127.0.0.1:5300", error);
}

int command_serve(int argc, char **argv)
{
    struct parsed parsed = {.level = LOG_LEVEL_INFO, .options.workers = default_workers()};
    struct error error = {0};
    int code = 2;
    ip_endpoint_parse(bytes_of("127.0.0.1:8053"), &parsed.options.http, NULL);
    if (!parse(argc, argv, &parsed, &error)) {
        fprintf(stderr, "nearwell serve: %s\n", error.text);
    } else if (parsed.help) {
        fputs(help, stdout);
        code = 0;
    } else {
        parsed.options.admin_token = parsed.token;
        parsed.options.api_keys = parsed.keys;
        log_configure(parsed.level, clock_wall);
        code = daemon_run(&parsed.options);
    }
    free(parsed.token);
    route53_keys_destroy(parsed.keys);
    return code;
}
