// SPDX-License-Identifier: MIT
// nearwell region
#include <getopt.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/region/region.h"
#include "base/log.h"
#include "base/xalloc.h"
#include "commands.h"
#include "core/sample/counters.h"
#include "io/loop/clock.h"

enum { PEERS_MOST = 64 };

static const char help[] =
    "usage: nearwell region --name REGION [options]\n"
    "\n"
    "A sample regional service: it counts hits per client and replicates the counters to its peers, the "
    "last\n"
    "writer winning, as a DynamoDB global table does.\n"
    "\n"
    "  --name REGION        the region it plays, such as us-east-1\n"
    "  --listen ADDR:PORT   where it serves; port 0 lets the kernel choose (127.0.0.1:0)\n"
    "  --control ADDR:PORT  where /fault and /counters stay reachable, whatever the fault\n"
    "                       (the address of --listen, port 0)\n"
    "  --peers URL,...      the other regions' --listen addresses; they may come up later\n"
    "  -h, --help\n"
    "\n"
    "When ready it prints one line of JSON: "
    "{\"event\":\"ready\",\"region\":...,\"listen\":...,\"control\":...}.\n"
    "\n"
    "  GET /hello[?client=NAME]   {\"region\":\"us-east-1\",\"client\":\"127.0.0.1\",\"hits\":3}\n"
    "  GET /health                200 {\"region\":\"us-east-1\",\"status\":\"ok\"}\n"
    "  GET /counters              all clients: "
    "{\"127.0.0.1\":{\"hits\":3,\"written_at\":...,\"region\":...}}\n"
    "  GET /fault, POST /fault    what is wrong with it; each POST replaces the last:\n"
    "      {\"Kind\":\"none\"}                                 nothing\n"
    "      {\"Kind\":\"down\",\"For\":\"90s\"}                     refuses connections; every kind takes "
    "For\n"
    "      {\"Kind\":\"hang\",\"Path\":\"/health\"}                never answers; Path goes with these four\n"
    "      {\"Kind\":\"slow\",\"Milliseconds\":4500}             answers late\n"
    "      {\"Kind\":\"status\",\"Status\":503}                  answers with that status\n"
    "      {\"Kind\":\"body\",\"Body\":\"oops\"}                   answers with that body\n"
    "      {\"Kind\":\"flap\",\"UpSeconds\":5,\"DownSeconds\":5}   is up and down in turn\n"
    "      {\"Kind\":\"partition\",\"Peers\":[\"eu-west-1\"]}      does not replicate with these\n"
    "\n"
    "exit code: 0 ended by SIGTERM or SIGINT, 1 an address cannot be had, 2 wrong usage\n"
    "\n"
    "examples:\n"
    "  nearwell region --name us-east-1 --listen 127.0.10.1:8080 --peers http://127.0.10.2:8080\n"
    "  nearwell region --name eu-west-1 --listen 127.0.10.2:8080 --peers http://127.0.10.1:8080\n"
    "  curl http://127.0.10.1:8080/hello\n"
    "  curl -d '{\"Kind\":\"down\",\"For\":\"90s\"}' http://127.0.10.1:8080/fault\n";

struct arguments {
    struct region_options options;
    bool control_given;
    char *peer_list; // cut up; peers point into it
    const char *peers[PEERS_MOST];
};

static bool parse_peers(const char *text, struct arguments *arguments, struct error *error)
{
    free(arguments->peer_list);
    arguments->peer_list = xstrdup(text);
    size_t count = 0;
    for (char *rest = arguments->peer_list, *url; (url = strsep(&rest, ",")) != NULL;) {
        if (*url == '\0') {
            continue;
        }
        if (strncmp(url, "http://", 7) != 0 && strncmp(url, "https://", 8) != 0) {
            return error_set(error, "--peers: '%s' is not a URL such as http://127.0.10.2:8080", url);
        }
        if (count == PEERS_MOST) {
            return error_set(error, "--peers: more than %d", PEERS_MOST);
        }
        arguments->peers[count++] = url;
    }
    arguments->options.peers = arguments->peers;
    arguments->options.peer_count = count;
    return true;
}

static bool parse_endpoint(const char *option, const char *text, struct ip_endpoint *out, struct error *error)
{
    return ip_endpoint_parse(bytes_of(text), out, error) || error_context(error, "%s", option);
}

enum { OPTION_NAME = 256, OPTION_LISTEN, OPTION_CONTROL, OPTION_PEERS, OPTION_HELP = 'h' };

static bool take_option(int option, struct arguments *arguments, struct error *error)
{
    switch (option) {
    case OPTION_NAME:
        arguments->options.name = optarg;
        return counters_region_valid(optarg) ||
               error_set(error, "--name: '%s' is not a region: letters, digits, '.', '_' and '-'", optarg);
    case OPTION_LISTEN:
        return parse_endpoint("--listen", optarg, &arguments->options.listen, error);
    case OPTION_CONTROL:
        arguments->control_given = true;
        return parse_endpoint("--control", optarg, &arguments->options.control, error);
    case OPTION_PEERS:
        return parse_peers(optarg, arguments, error);
    default:
        return error_set(error, "%s", ""); // getopt has said it
    }
}

// *exit_code is set, and the result false, when there is nothing to run.
static bool parse(int argc, char **argv, struct arguments *arguments, int *exit_code)
{
    static const struct option long_options[] = {
        {"name", required_argument, NULL, OPTION_NAME},
        {"listen", required_argument, NULL, OPTION_LISTEN},
        {"control", required_argument, NULL, OPTION_CONTROL},
        {"peers", required_argument, NULL, OPTION_PEERS},
        {"help", no_argument, NULL, OPTION_HELP},
        {NULL, 0, NULL, 0},
    };
    struct error error = {0};
    *exit_code = EXIT_USAGE;
    for (int option; !error.set && (option = getopt_long(argc, argv, "h", long_options, NULL)) != -1;) {
        if (option == OPTION_HELP) {
            fputs(help, stdout);
            *exit_code = EXIT_OK;
            return false;
        }
        take_option(option, arguments, &error);
    }
    if (!error.set && optind < argc) {
        error_set(&error, "unexpected argument '%s'", argv[optind]);
    }
    if (!error.set && arguments->options.name == NULL) {
        error_set(&error, "--name is required");
    }
    if (error.set) {
        if (error.text[0] != '\0') {
            fprintf(stderr, "nearwell region: %s\n", error.text);
        }
        fprintf(stderr, "Try 'nearwell region --help'.\n");
        return false;
    }
    if (!arguments->control_given) {
        arguments->options.control = arguments->options.listen;
        arguments->options.control.port = 0;
    }
    return true;
}

static void on_ready(struct region *region, void *context)
{
    const char *name = context;
    char listen[IP_ENDPOINT_TEXT];
    char control[IP_ENDPOINT_TEXT];
    struct ip_endpoint endpoint = region_listen(region);
    ip_endpoint_format(&endpoint, listen);
    endpoint = region_control(region);
    ip_endpoint_format(&endpoint, control);
    printf("{\"event\":\"ready\",\"region\":\"%s\",\"listen\":\"%s\",\"control\":\"%s\",\"pid\":%d}\n", name,
           listen, control, (int)getpid());
    fflush(stdout);
}

static void on_signal(int number, void *context)
{
    (void)number;
    region_stop(context);
}

static int run(const struct region_options *options)
{
    log_configure(LOG_LEVEL_INFO, clock_wall);
    struct loop *loop = loop_create();
    struct error error = {0};
    struct region *region = region_create(loop, options, &error);
    if (region == NULL) {
        fprintf(stderr, "nearwell region: %s\n", error.text);
        loop_destroy(loop);
        return EXIT_FAILED;
    }
    struct loop_signal *terminate = loop_signal_create(loop, SIGTERM, on_signal, region);
    struct loop_signal *interrupt = loop_signal_create(loop, SIGINT, on_signal, region);
    char *name = xstrdup(options->name);
    region_start(region, on_ready, name);
    loop_run(loop);
    loop_signal_destroy(terminate);
    loop_signal_destroy(interrupt);
    region_destroy(region);
    loop_destroy(loop);
    free(name);
    return EXIT_OK;
}

int command_region(int argc, char **argv)
{
    struct arguments arguments = {
        .options = {.listen = {.address = {.family = 4, .bytes = {127, 0, 0, 1}}}},
    };
    int exit_code;
    if (parse(argc, argv, &arguments, &exit_code)) {
        exit_code = run(&arguments.options);
    }
    free(arguments.peer_list);
    return exit_code;
}
