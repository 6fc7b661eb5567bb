// SPDX-License-Identifier: MIT
// nearwell explain: the answer and why, from a policy file or a running daemon.
#include <getopt.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/daemon/snapshot.h"
#include "base/xalloc.h"
#include "commands.h"
#include "core/dns/rrtype.h"
#include "core/location/client_text.h"
#include "core/routing/explain.h"
#include "io/loop/clock.h"
#include "options.h"
#include "remote.h"

static const char help[] =
    "usage: nearwell explain --policy FILE NAME [TYPE] [--client IP|CIDR|PLACE|VPC] [options]\n"
    "       nearwell explain --server URL NAME [TYPE] [--client IP|CIDR|PLACE|VPC] [options]\n"
    "\n"
    "The answer and why: candidates, their health, where the client is, the latency row, who was refused.\n"
    "TYPE is A unless given. From a policy file every health check has its initial status (H4).\n"
    "\n"
    "  --policy FILE         decide from this policy\n"
    "  --server URL          ask a running daemon, with the health that it sees\n"
    "  --client WHO          a place (DE, us-east-1), a client subnet (203.0.113.0/24), an address or a VPC\n"
    "                        (vpc-1a2b3c4d); the policy's DefaultClient unless given\n"
    "  --unhealthy ID        with --policy: as if this health check were unhealthy; repeatable\n"
    "  --output text|json    (text)\n"
    "  -h, --help\n"
    "\n"
    "exit code: 0 there is an answer, 1 there is none (NODATA, NXDOMAIN, REFUSED), 2 wrong usage or input\n"
    "\n"
    "examples:\n"
    "  nearwell explain --policy policies/three-regions.json api.example.com --client JP\n"
    "  nearwell explain --server http://127.0.0.1:8053 api.example.com A --client 203.0.113.0/24\n";

enum { UNHEALTHY_MAX = 64, TEXT_MAX = 16 << 20 };

struct arguments {
    const char *policy;
    const char *server;
    const char *client;
    struct option_question question;
    const char *unhealthy[UNHEALTHY_MAX];
    size_t unhealthy_count;
    bool json;
    bool help;
};

static bool parse_option(int option, const char *value, struct arguments *out, struct error *error)
{
    switch (option) {
    case 'p':
        out->policy = value;
        return true;
    case 's':
        out->server = value;
        return true;
    case 'c':
        out->client = value;
        return true;
    case 'u':
        if (out->unhealthy_count == UNHEALTHY_MAX) {
            return error_set(error, "--unhealthy: more than %d", UNHEALTHY_MAX);
        }
        out->unhealthy[out->unhealthy_count++] = value;
        return true;
    case 'o':
        return option_output(value, &out->json, error);
    case 'h':
        out->help = true;
        return true;
    default:
        return error_set(error, "see nearwell explain --help");
    }
}

static bool parse(int argc, char **argv, struct arguments *out, struct error *error)
{
    static const struct option table[] = {
        {"policy", required_argument, NULL, 'p'},
        {"server", required_argument, NULL, 's'},
        {"client", required_argument, NULL, 'c'},
        {"unhealthy", required_argument, NULL, 'u'},
        {"output", required_argument, NULL, 'o'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
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
    if (!option_question("explain", argc, argv, optind, &out->question, error)) {
        return false;
    }
    if ((out->policy == NULL) == (out->server == NULL)) {
        return error_set(error, "give either --policy FILE or --server URL");
    }
    return out->server == NULL || out->unhealthy_count == 0 ||
           error_set(error, "--unhealthy goes with --policy; on a daemon use POST /admin/health-checks/ID");
}

// --- from a policy

static struct status_table *initial_statuses(const struct model *model)
{
    struct status_table *status = status_table_create(model->health_check_count, true);
    for (uint32_t i = 0; i < model->health_check_count; i++) {
        status_table_set(status, i, !model->health_checks[i].inverted); // H4, S3
    }
    return status;
}

static bool explain_in(const struct view *view, struct status_table *status,
                       const struct arguments *arguments, json_t **out, struct error *error)
{
    struct dns_name name;
    uint16_t type;
    struct client client = {.place = view->model->default_client};
    struct random roll;
    if (!dns_name_parse(bytes_of(arguments->question.name), &name, error)) {
        return false;
    }
    if (!dns_rrtype_parse(bytes_of(arguments->question.type), &type)) {
        return error_set(error, "'%s' is not a record type", arguments->question.type);
    }
    if (arguments->client != NULL &&
        !client_parse(view->model, bytes_of(arguments->client), &client, error)) {
        return error_context(error, "--client");
    }
    for (size_t i = 0; i < arguments->unhealthy_count; i++) {
        uint32_t check = model_find_health_check(view->model, bytes_of(arguments->unhealthy[i]));
        if (check == HEALTH_CHECK_NONE) {
            return error_set(error, "--unhealthy: the policy has no health check '%s'",
                             arguments->unhealthy[i]);
        }
        status_table_set(status, check, false);
    }
    random_seed(&roll, (uint64_t)clock_wall().ns);
    *out = explain(view, &name, type, &client, &roll);
    return true;
}

static bool explain_policy(const struct arguments *arguments, json_t **out, struct error *error)
{
    struct buffer problems;
    struct buffer first;
    buffer_init(&problems, TEXT_MAX);
    buffer_init(&first, 4096);
    struct snapshot *snapshot = snapshot_load(arguments->policy, true, false, &problems, &first);
    bool ok = false;
    if (snapshot == NULL) {
        fputs(buffer_string(&problems), stderr);
        error_set(error, "%s cannot be used", arguments->policy);
    } else {
        struct status_table *status = initial_statuses(snapshot->model);
        struct view view = {.model = snapshot->model,
                            .locator = snapshot->locator,
                            .latency = snapshot->latency,
                            .status = status};
        ok = explain_in(&view, status, arguments, out, error);
        free(status);
    }
    snapshot_release(snapshot);
    buffer_free(&problems);
    buffer_free(&first);
    return ok;
}

// --- from a daemon

static void append_parameter(struct buffer *path, char separator, const char *name, const char *value)
{
    buffer_format(path, "%c%s=", separator, name);
    remote_escape(path, value);
}

static bool explain_server(const struct arguments *arguments, json_t **out, struct error *error)
{
    struct remote remote = {.url = arguments->server};
    struct buffer path;
    buffer_init(&path, 16384);
    buffer_text(&path, "/explain");
    append_parameter(&path, '?', "name", arguments->question.name);
    append_parameter(&path, '&', "type", arguments->question.type);
    if (arguments->client != NULL) {
        append_parameter(&path, '&', "client", arguments->client);
    }
    bool ok = remote_ask(&remote, "GET", buffer_string(&path), NULL, out, error);
    buffer_free(&path);
    return ok;
}

static int print(json_t *explanation, bool as_json)
{
    if (as_json) {
        json_dumpf(explanation, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(9));
        fputc('\n', stdout);
    } else {
        struct buffer text;
        buffer_init(&text, TEXT_MAX);
        explain_text(explanation, &text);
        fputs(buffer_string(&text), stdout);
        buffer_free(&text);
    }
    int code = json_is_object(json_object_get(explanation, "answer")) ? 0 : 1;
    json_decref(explanation);
    return code;
}

int command_explain(int argc, char **argv)
{
    struct arguments arguments = {0};
    struct error error = {0};
    json_t *explanation = NULL;
    if (!parse(argc, argv, &arguments, &error)) {
        fprintf(stderr, "nearwell explain: %s\n", error.text);
        return 2;
    }
    if (arguments.help) {
        fputs(help, stdout);
        return 0;
    }
    bool ok = arguments.policy != NULL ? explain_policy(&arguments, &explanation, &error)
                                       : explain_server(&arguments, &explanation, &error);
    if (!ok) {
        fprintf(stderr, "nearwell explain: %s\n", error.text);
        return 2;
    }
    return print(explanation, arguments.json);
}
