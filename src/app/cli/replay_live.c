// SPDX-License-Identifier: MIT
#include "replay_live.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "commands.h"
#include "core/admin/api_faults.h"
#include "core/dns/message.h"
#include "core/dns/rrtype.h"
#include "core/route53/request.h"
#include "core/scenario/live.h"
#include "core/scenario/replay.h"
#include "core/scenario/what_if.h"
#include "io/dns/client.h"
#include "io/files/read.h"
#include "io/http/client.h"
#include "io/loop/clock.h"
#include "io/process/child.h"
#include "remote.h"

enum {
    READY_MS = 20000,
    QUERY_MS = 1000,
    HTTP_MS = 5000,
    PAUSE_MS = 10, // between two rounds of questions
    LINE = 4096,
    FINDINGS_MAX = 16 << 20,
    ANSWER_TEXT = 1 << 20,
};
#define INTERVAL_LIVE 0.5 // seconds
#define SLACK         0.5

struct stage {
    const char *file;
    struct live_plan *plan;
    double speed;
    char program[LINE];
    struct child *regions[LIVE_ENDPOINTS_MAX];
    char *controls[LIVE_ENDPOINTS_MAX]; // "http://127.0.0.1:40001"
    uint16_t ports[LIVE_ENDPOINTS_MAX];
    int policy; // memory file that the daemon reads
    struct child *daemon;
    struct remote remote;
    char *url;
    struct ip_endpoint dns[LIVE_CLIENTS_MAX];
    struct live_sequence expected[LIVE_CLIENTS_MAX];
    struct live_sequence got[LIVE_CLIENTS_MAX];
};

// --- virtual time ------------------------------------------------------------------------------------------

static void look(mono_time at, const struct view *view, void *context)
{
    struct stage *stage = context;
    for (size_t i = 0; i < stage->plan->client_count; i++) {
        live_sequence_add(&stage->expected[i], at, live_answer_of(view, &stage->plan->clients[i]));
    }
}

// --- processes ---------------------------------------------------------------------------------------------

static bool read_ready(struct child *child, json_t **out, struct error *error)
{
    char line[LINE];
    if (!child_read_line(child, READY_MS, line, sizeof line, error)) {
        return false;
    }
    *out = json_loads(line, 0, NULL);
    return *out != NULL || error_set(error, "not a ready line: %s", line);
}

static bool start_region(struct stage *stage, size_t i, struct error *error)
{
    const char *const argv[] = {stage->program, "region",    "--name",      "us-east-1", "--listen",
                                "127.0.0.1:0",  "--control", "127.0.0.1:0", NULL};
    json_t *ready;
    struct ip_endpoint at;
    stage->regions[i] = child_start(argv, error);
    if (stage->regions[i] == NULL || !read_ready(stage->regions[i], &ready, error)) {
        return false;
    }
    bool good = ip_endpoint_parse(bytes_of(remote_text(ready, "listen")), &at, error);
    stage->ports[i] = at.port;
    stage->controls[i] = xasprintf("http://%s/fault", remote_text(ready, "control"));
    json_decref(ready);
    return good;
}

static bool write_policy(struct stage *stage, const char *setting, struct error *error)
{
    char *text = live_plan_policy(stage->plan, stage->speed, stage->ports);
    bool good = true;
    if (setting != NULL) {
        json_t *policy = json_loads(text, 0, NULL);
        good = what_if_set(policy, setting, error);
        free(text);
        text = json_dumps(policy, JSON_COMPACT);
        json_decref(policy);
    }
    stage->policy = good ? memfd_create("policy", 0) : -1; // the daemon inherits it
    size_t len = strlen(text);
    if (good && (stage->policy < 0 || write(stage->policy, text, len) != (ssize_t)len)) {
        good = error_set(error, "cannot hold the policy for the daemon: %s", strerror(errno));
    }
    free(text);
    return good;
}

static bool start_daemon(struct stage *stage, struct error *error)
{
    enum { FIXED = 8 };
    char policy[64];
    char listeners[LIVE_CLIENTS_MAX][128];
    const char *argv[FIXED + 2 * LIVE_CLIENTS_MAX + 1] = {stage->program, "serve",       "--policy",  policy,
                                                          "--http",       "127.0.0.1:0", "--workers", "1"};
    size_t count = FIXED;
    json_t *ready;
    snprintf(policy, sizeof policy, "/proc/self/fd/%d", stage->policy);
    for (size_t i = 0; i < stage->plan->client_count; i++) {
        snprintf(listeners[i], sizeof listeners[i], "127.0.0.1:0=%s", stage->plan->clients[i].place);
        argv[count++] = "--dns";
        argv[count++] = listeners[i];
    }
    stage->daemon = child_start(argv, error);
    if (stage->daemon == NULL || !read_ready(stage->daemon, &ready, error)) {
        return false;
    }
    bool good = true;
    for (size_t i = 0; i < stage->plan->client_count; i++) {
        const char *at = json_string_value(json_array_get(json_object_get(ready, "dns"), i));
        good = good && ip_endpoint_parse(bytes_of(at != NULL ? at : ""), &stage->dns[i], error);
    }
    stage->url = xasprintf("http://%s", remote_text(ready, "http"));
    stage->remote.url = stage->url;
    json_decref(ready);
    return good;
}

static bool fetch(const char *method, const char *url, const char *type, const char *body, int *status,
                  char **answer, struct error *error)
{
    size_t len;
    struct http_request request = {.method = method,
                                   .url = url,
                                   .content_type = type,
                                   .body = bytes_of(body != NULL ? body : ""),
                                   .timeout_ms = HTTP_MS,
                                   .most_bytes = ANSWER_TEXT};
    return http_fetch(&request, status, answer, &len, error);
}

// All endpoints have been probed once.
static bool wait_ready(struct stage *stage, struct error *error)
{
    char *url = xasprintf("%s/readyz", stage->url);
    mono_time until = mono_add(clock_mono(), DURATION_MS(READY_MS));
    int status = 0;
    bool good = true;
    while (good && status != 200) {
        char *answer = NULL;
        good = fetch("GET", url, NULL, NULL, &status, &answer, error) &&
               (mono_before(clock_mono(), until) || error_set(error, "the daemon does not get ready"));
        free(answer);
        poll(NULL, 0, PAUSE_MS);
    }
    free(url);
    return good;
}

static void end_stage(struct stage *stage)
{
    child_end(stage->daemon);
    for (size_t i = 0; i < LIVE_ENDPOINTS_MAX; i++) {
        child_end(stage->regions[i]);
        free(stage->controls[i]);
    }
    for (size_t i = 0; i < LIVE_CLIENTS_MAX; i++) {
        live_sequence_free(&stage->expected[i]);
        live_sequence_free(&stage->got[i]);
    }
    if (stage->policy >= 0) {
        close(stage->policy);
    }
    free(stage->url);
    live_plan_destroy(stage->plan);
}

// --- actions -----------------------------------------------------------------------------------------------

static bool set_fault(const struct stage *stage, const struct live_action *action, struct error *error)
{
    int status = 0;
    char *answer = NULL;
    bool good = fetch("POST", stage->controls[action->target], "application/json", action->text, &status,
                      &answer, error) &&
                (status == 200 || error_set(error, "the region refuses %s: %s", action->text, answer));
    free(answer);
    return good;
}

// Done, refused with this code, or not answered at all, as the scenario has it.
static bool is_expected(const struct live_action *action, bool answered, int status, const char *answer)
{
    if (action->refused == NULL) {
        return answered && status < 300;
    }
    if (strcmp(action->refused, api_fault_code(API_FAULT_DROP)) == 0) {
        return !answered;
    }
    return answered && status >= 300 && strstr(answer, action->refused) != NULL;
}

static bool call(const struct stage *stage, const struct live_action *action, struct error *error)
{
    enum route53_operation operation = route53_operation_find(bytes_of(action->name));
    json_t *input = json_loads(action->text, 0, NULL);
    struct buffer url;
    struct buffer body;
    struct route53_fault fault = {0};
    struct error trouble = {0};
    int status = 0;
    char *answer = NULL;
    if (operation == ROUTE53_OPERATIONS || !route53_input_check(operation, input, &fault)) {
        error_set(error, "%s: %s", action->name, fault.message != NULL ? fault.message : "no such operation");
        route53_fault_clear(&fault);
        json_decref(input);
        return false;
    }
    buffer_init(&url, ANSWER_TEXT);
    buffer_init(&body, ROUTE53_BODY_MOST);
    buffer_text(&url, stage->url);
    route53_request_write(operation, input, &url, &body);
    bool answered = fetch(route53_operation_row(operation)->method, buffer_string(&url), "application/xml",
                          buffer_string(&body), &status, &answer, &trouble);
    bool good = is_expected(action, answered, status, answer);
    if (!good && answered) {
        error_set(error, "%s answers %d: %s", action->name, status, answer);
    } else if (!good) {
        error_set(error, "%s: %s", action->name, trouble.text);
    }
    free(answer);
    buffer_free(&url);
    buffer_free(&body);
    json_decref(input);
    return good;
}

static bool administer(const struct stage *stage, const struct live_action *action, struct error *error)
{
    static const char *const paths[] = {[LIVE_OVERRIDE] = "/admin/health-checks/",
                                        [LIVE_DRAIN] = "/admin/drains/",
                                        [LIVE_RELEASE] = "/admin/drains/",
                                        [LIVE_API] = "/admin/api"};
    struct buffer path;
    json_t *answer = NULL;
    json_t *body = action->text != NULL         ? json_loads(action->text, 0, NULL)
                   : action->kind == LIVE_DRAIN ? json_object()
                                                : NULL;
    buffer_init(&path, LINE);
    buffer_text(&path, paths[action->kind]);
    remote_escape(&path, action->name != NULL ? action->name : "");
    bool good = remote_ask(&stage->remote, action->kind == LIVE_RELEASE ? "DELETE" : "POST",
                           buffer_string(&path), body, &answer, error);
    json_decref(body);
    json_decref(answer);
    buffer_free(&path);
    return good;
}

static bool act(const struct stage *stage, const struct live_action *action, struct error *error)
{
    switch (action->kind) {
    case LIVE_FAULT:
        return set_fault(stage, action, error);
    case LIVE_CALL:
        return call(stage, action, error);
    default:
        return administer(stage, action, error);
    }
}

// --- questions ---------------------------------------------------------------------------------------------

static char *read_reply(const uint8_t *data, size_t len, uint16_t type)
{
    struct dns_reply reply;
    struct dns_record record;
    char *values[256];
    size_t count = 0;
    if (!dns_reply_parse(data, len, &reply)) {
        return xstrdup("a malformed reply");
    }
    if (reply.rcode != DNS_RCODE_NOERROR) {
        return xstrdup(dns_rcode_name(reply.rcode));
    }
    size_t at = reply.records_at;
    for (unsigned i = 0; i < reply.counts[1] && count < 256 && dns_reply_next(data, len, &at, &record); i++) {
        uint8_t rdata[DNS_RDATA_MAX];
        size_t rdata_len = 0;
        struct buffer text;
        buffer_init(&text, ANSWER_TEXT);
        if (record.type == type || record.type == DNS_TYPE_CNAME) {
            if (dns_record_rdata(data, len, &record, rdata, sizeof rdata, &rdata_len)) {
                dns_rdata_format(record.type, (struct bytes){rdata, rdata_len}, &text);
            }
            values[count++] = xstrdup(buffer_string(&text));
        }
        buffer_free(&text);
    }
    char *text = live_answer_text(values, count);
    while (count > 0) {
        free(values[--count]);
    }
    return text;
}

static bool ask(struct stage *stage, size_t client, mono_time at, struct error *error)
{
    static uint8_t data[65535];
    static const struct dns_client_subnet none = {.present = false};
    const struct live_client *who = &stage->plan->clients[client];
    struct dns_exchange exchange = {.server = stage->dns[client], .timeout_ms = QUERY_MS};
    uint8_t query[DNS_UDP_MIN];
    size_t len = 0;
    size_t query_len = dns_query_write(query, sizeof query, (uint16_t)(clock_mono().ns >> 8), &who->name,
                                       who->type, true, &none);
    if (!dns_exchange(&exchange, query, query_len, data, sizeof data, &len, error)) {
        return false;
    }
    live_sequence_add(&stage->got[client], at, read_reply(data, len, who->type));
    return true;
}

// --- the run -----------------------------------------------------------------------------------------------

static mono_time scenario_time(const struct stage *stage, mono_time origin)
{
    double since = (double)mono_since(clock_mono(), origin) * stage->speed;
    return (mono_time){(int64_t)since};
}

// What comes at the end of the scenario may be late, too.
static bool is_over(const struct stage *stage, mono_time now, duration tolerance)
{
    bool all = true;
    for (size_t i = 0; i < stage->plan->client_count; i++) {
        all = all && stage->got[i].count >= stage->expected[i].count;
    }
    return mono_before(all ? stage->plan->end : mono_add(stage->plan->end, tolerance), now);
}

static bool play(struct stage *stage, duration tolerance, struct error *error)
{
    const struct live_plan *plan = stage->plan;
    mono_time origin = clock_mono();
    mono_time told = origin;
    size_t next = 0;
    for (;;) {
        mono_time now = scenario_time(stage, origin);
        while (next < plan->action_count && !mono_before(now, plan->actions[next].at)) {
            if (!act(stage, &plan->actions[next++], error)) {
                return false;
            }
        }
        for (size_t i = 0; i < plan->client_count; i++) {
            if (!ask(stage, i, scenario_time(stage, origin), error)) {
                return false;
            }
        }
        if (is_over(stage, now, tolerance)) {
            return true;
        }
        if (mono_since(clock_mono(), told) > DURATION_S(2)) {
            char at[REPLAY_TIME_TEXT];
            told = clock_mono();
            replay_time_format(now, at);
            fprintf(stderr, "nearwell replay: %s: live, %s\n", stage->file, at);
        }
        poll(NULL, 0, PAUSE_MS);
    }
}

static bool run_live(struct stage *stage, const char *setting, duration tolerance, struct error *error)
{
    ssize_t len = readlink("/proc/self/exe", stage->program, sizeof stage->program - 1);
    if (len < 0) {
        return error_set(error, "cannot find our own program: %s", strerror(errno));
    }
    for (size_t i = 0; i < stage->plan->endpoint_count; i++) {
        if (!start_region(stage, i, error)) {
            return error_context(error, "a sample region");
        }
    }
    return write_policy(stage, setting, error) && start_daemon(stage, error) && wait_ready(stage, error) &&
           play(stage, tolerance, error);
}

// --- what is told ------------------------------------------------------------------------------------------

static json_t *sequence_json(const struct live_sequence *sequence)
{
    json_t *list = json_array();
    for (size_t i = 0; i < sequence->count; i++) {
        json_array_append_new(list, json_pack("{s:f, s:s}", "at", (double)sequence->answers[i].at.ns / 1e9,
                                              "answer", sequence->answers[i].text));
    }
    return list;
}

static void print_sequences(const struct live_client *client, const struct live_sequence *expected,
                            const struct live_sequence *got, const char *difference)
{
    printf("%s for a client in %s: %s\n", client->question, client->place,
           difference[0] != '\0' ? difference : "agrees");
    printf("  %14s  %14s\n", "virtual time", "live");
    for (size_t i = 0; i < expected->count || i < got->count; i++) {
        const struct live_answer *a = i < expected->count ? &expected->answers[i] : NULL;
        const struct live_answer *b = i < got->count ? &got->answers[i] : NULL;
        char times[2][REPLAY_TIME_TEXT] = {"-", "-"};
        if (a != NULL) {
            replay_time_format(a->at, times[0]);
        }
        if (b != NULL) {
            replay_time_format(b->at, times[1]);
        }
        bool same = a != NULL && b != NULL && strcmp(a->text, b->text) == 0;
        printf("  %14s  %14s  %s%s%s\n", times[0], times[1], a != NULL ? a->text : "nothing",
               same ? "" : ", live ",
               same        ? ""
               : b != NULL ? b->text
                           : "nothing");
    }
}

static int report(const struct stage *stage, duration tolerance, bool as_json)
{
    json_t *clients = json_array();
    size_t failed = 0;
    for (size_t i = 0; i < stage->plan->client_count; i++) {
        struct buffer difference;
        buffer_init(&difference, ANSWER_TEXT);
        const struct live_client *client = &stage->plan->clients[i];
        bool agree = live_sequences_agree(&stage->expected[i], &stage->got[i], tolerance, &difference);
        failed += !agree;
        if (!as_json) {
            print_sequences(client, &stage->expected[i], &stage->got[i], buffer_string(&difference));
        }
        json_array_append_new(clients, json_pack("{s:s, s:s, s:b, s:s, s:o, s:o}", "question",
                                                 client->question, "client", client->place, "agrees", agree,
                                                 "difference", buffer_string(&difference), "virtual",
                                                 sequence_json(&stage->expected[i]), "live",
                                                 sequence_json(&stage->got[i])));
        buffer_free(&difference);
    }
    json_t *all = json_pack("{s:i, s:s, s:b, s:f, s:f, s:o}", "schema_version", 1, "file", stage->file,
                            "agrees", failed == 0, "speed", stage->speed, "tolerance_seconds",
                            duration_seconds(tolerance), "clients", clients);
    if (as_json) {
        json_dumpf(all, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(9));
        fputc('\n', stdout);
    } else {
        printf("%s: %zu of %zu clients are answered the same live, %.0f times as fast, within %.0f s of the "
               "scenario's time\n",
               stage->file, stage->plan->client_count - failed, stage->plan->client_count, stage->speed,
               duration_seconds(tolerance));
    }
    json_decref(all);
    return failed == 0 ? EXIT_OK : EXIT_FAILED;
}

static int stage_run(struct stage *stage, struct scenario *scenario, const struct live_options *options)
{
    struct error error = {0};
    stage->plan = live_plan_create(scenario, options->speed > 0 ? options->speed : 1, &error);
    if (stage->plan != NULL && options->speed <= 0) { // the intervals are known now
        double speed = duration_seconds(stage->plan->interval) / INTERVAL_LIVE;
        stage->speed = speed > 1 ? speed : 1;
        live_plan_destroy(stage->plan);
        stage->plan = live_plan_create(scenario, stage->speed, &error);
    }
    if (stage->plan == NULL) {
        fprintf(stderr, "nearwell replay: %s\n", error.text);
        return EXIT_USAGE;
    }
    double interval = duration_seconds(stage->plan->interval) / stage->speed;
    duration tolerance = duration_from_seconds(
        (options->tolerance_s > 0 ? options->tolerance_s : interval + SLACK) * stage->speed);
    struct replay_options looking = {.look = look, .context = stage};
    struct replay_report virtual;
    replay_run(scenario, &looking, &virtual);
    replay_report_free(&virtual);
    if (!run_live(stage, options->live_setting, tolerance, &error)) {
        fprintf(stderr, "nearwell replay: %s: %s\n", stage->file, error.text);
        return EXIT_FAILED;
    }
    return report(stage, tolerance, options->json);
}

int replay_live(const char *file, const struct live_options *options)
{
    char *content = NULL;
    size_t len = 0;
    struct error error = {0};
    if (!read_whole_file(file, SCENARIO_TEXT_MAX, &content, &len, &error)) {
        fprintf(stderr, "nearwell replay: %s\n", error.text);
        return EXIT_USAGE;
    }
    struct diagnostics *diagnostics = diagnostics_create();
    struct buffer findings;
    buffer_init(&findings, FINDINGS_MAX);
    struct scenario *scenario =
        scenario_read(file, (struct bytes){(const uint8_t *)content, len}, &options->scenario, diagnostics);
    diagnostics_print(diagnostics, &findings);
    fputs(buffer_string(&findings), stderr);
    struct stage stage = {.file = file, .speed = options->speed, .policy = -1};
    int code = scenario != NULL ? stage_run(&stage, scenario, options) : EXIT_USAGE;
    end_stage(&stage);
    scenario_destroy(scenario);
    buffer_free(&findings);
    diagnostics_destroy(diagnostics);
    free(content);
    return code;
}
