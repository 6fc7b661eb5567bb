// SPDX-License-Identifier: MIT
#include "core/report/metrics.h"

#include "core/health/check.h"
#include "core/model/region.h"

// Label values: backslash, quote and newline are escaped (Prometheus text format).
static void label(struct buffer *out, const char *name, const char *value, bool first)
{
    buffer_format(out, "%s%s=\"", first ? "" : ",", name);
    for (const char *c = value; *c != '\0'; c++) {
        if (*c == '\n') {
            buffer_text(out, "\\n");
        } else {
            if (*c == '\\' || *c == '"') {
                buffer_char(out, '\\');
            }
            buffer_char(out, *c);
        }
    }
    buffer_char(out, '"');
}

static void family(struct buffer *out, const char *name, const char *kind, const char *help)
{
    buffer_format(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind);
}

// --- one value each

static double started(const struct status_input *in)
{
    return (double)in->started.ns / 1e9;
}

static double policy_loaded(const struct status_input *in)
{
    return (double)in->policy_loaded.ns / 1e9;
}

static double policy_ok(const struct status_input *in)
{
    return in->reload_error == NULL;
}

static double ready(const struct status_input *in)
{
    return in->ready;
}

static double record_sets(const struct status_input *in)
{
    return in->view->model->record_set_count;
}

static double queries(const struct status_input *in)
{
    return (double)in->dns.queries;
}

static double dropped(const struct status_input *in)
{
    return (double)in->dns.dropped;
}

static double truncated(const struct status_input *in)
{
    return (double)in->dns.truncated;
}

static double fail_open(const struct status_input *in)
{
    return (double)in->dns.fail_open;
}

static double client_subnet(const struct status_input *in)
{
    return (double)in->dns.client_subnet;
}

static double probes_active(const struct status_input *in)
{
    return (double)in->probes_active;
}

static const struct {
    const char *name;
    const char *kind;
    const char *help;
    double (*value)(const struct status_input *in);
} single[] = {
    {"nearwell_start_time_seconds", "gauge", "When the daemon started, in seconds since the epoch.", started},
    {"nearwell_ready", "gauge", "1 once policy, sockets and the first probe round are there.", ready},
    {"nearwell_policy_loaded_timestamp_seconds", "gauge", "When the policy in force was loaded.",
     policy_loaded},
    {"nearwell_policy_last_reload_successful", "gauge", "0 when the last reload was refused.", policy_ok},
    {"nearwell_record_sets", "gauge", "Resource record sets served.", record_sets},
    {"nearwell_dns_queries_total", "counter", "DNS queries received.", queries},
    {"nearwell_dns_dropped_total", "counter", "DNS packets not worth a reply.", dropped},
    {"nearwell_dns_truncated_total", "counter", "Replies with the TC bit set.", truncated},
    {"nearwell_dns_fail_open_total", "counter", "Answers given although every candidate was unhealthy.",
     fail_open},
    {"nearwell_dns_client_subnet_total", "counter", "Queries with an EDNS client subnet option.",
     client_subnet},
    {"nearwell_probes_active", "gauge", "Health check probes under way.", probes_active},
};

// --- one value per health check

static double check_status(const struct check_state *state)
{
    return state->healthy;
}

static double check_checkers(const struct check_state *state)
{
    return state->reporting;
}

static double check_checkers_healthy(const struct check_state *state)
{
    return state->checkers_healthy;
}

static double check_percentage(const struct check_state *state)
{
    return state->reporting > 0 ? 100.0 * state->checkers_healthy / state->reporting : 0;
}

static double check_probes(const struct check_state *state)
{
    return (double)state->probes;
}

// Which checks have it.
enum presence { ALL, ENABLED_ENDPOINTS, CALCULATED };

static const struct {
    const char *name;
    const char *kind;
    const char *help;
    double (*value)(const struct check_state *state);
    enum presence presence; // H18
} per_check[] = {
    {"nearwell_health_check_status", "gauge", "Final status, after inversion: 1 healthy, 0 unhealthy.",
     check_status, ALL},
    {"nearwell_health_check_checkers", "gauge", "Checkers that report, or children of a calculated check.",
     check_checkers, ALL},
    {"nearwell_health_check_checkers_healthy", "gauge",
     "Checkers whose verdict is healthy, or healthy children.", check_checkers_healthy, ALL},
    {"nearwell_health_check_percentage_healthy", "gauge",
     "Share of checkers that report healthy, in percent.", check_percentage, ENABLED_ENDPOINTS},
    {"nearwell_health_check_children_healthy", "gauge", "Healthy children of a calculated check.",
     check_checkers_healthy, CALCULATED},
    {"nearwell_health_check_probes_total", "counter", "Probes observed.", check_probes, ALL},
};

static bool present(enum presence presence, const struct health_check *check, const struct check_state *state)
{
    switch (presence) {
    case ENABLED_ENDPOINTS:
        return health_check_type_is_endpoint(check->type) && !state->disabled;
    case CALCULATED:
        return check->type == HEALTH_CHECK_CALCULATED;
    case ALL:
    default:
        return true;
    }
}

// What no check has is not announced.
static void announce(struct buffer *out, bool *announced, const char *name, const char *kind,
                     const char *help)
{
    if (!*announced) {
        family(out, name, kind, help);
        *announced = true;
    }
}

static void check_labels(struct buffer *out, const char *family_name, const struct health_check *check)
{
    buffer_format(out, "%s{", family_name);
    label(out, "id", check->id, true);
    label(out, "name", check->name != NULL ? check->name : "", false);
}

static void write_checks(const struct status_input *input, struct buffer *out)
{
    const struct model *model = input->view->model;
    for (size_t m = 0; m < sizeof per_check / sizeof per_check[0]; m++) {
        bool announced = false;
        for (uint32_t i = 0; i < model->health_check_count; i++) {
            const struct health_check *check = &model->health_checks[i];
            struct check_state state;
            fleet_check_state(input->fleet, i, &state);
            if (present(per_check[m].presence, check, &state)) {
                announce(out, &announced, per_check[m].name, per_check[m].kind, per_check[m].help);
                check_labels(out, per_check[m].name, check);
                buffer_format(out, "} %.15g\n", per_check[m].value(&state));
            }
        }
    }
}

// --- how long probes take, by checker region (H18), of checks with MeasureLatency

static double connection_seconds(const struct observation *observation)
{
    return observation->connect_us / 1e6;
}

static double tls_seconds(const struct observation *observation)
{
    return observation->tls_ms / 1e3;
}

static double first_byte_seconds(const struct observation *observation)
{
    return observation->first_byte_us / 1e6;
}

static const struct {
    const char *name;
    const char *help;
    double (*seconds)(const struct observation *observation);
    bool tls;  // only of HTTPS types
    bool http; // not of TCP
} per_region[] = {
    {"nearwell_health_check_connection_seconds", "Time to connect, mean of the last probes.",
     connection_seconds, false, false},
    {"nearwell_health_check_tls_handshake_seconds", "Time of the TLS handshake, mean of the last probes.",
     tls_seconds, true, true},
    {"nearwell_health_check_first_byte_seconds",
     "Time from the request to the status line, mean of the last probes.", first_byte_seconds, false, true},
};

static bool over_tls(const struct health_check *check)
{
    return check->type == HEALTH_CHECK_HTTPS || check->type == HEALTH_CHECK_HTTPS_STR_MATCH;
}

struct mean {
    double sum;
    unsigned count;
};

// By region, those without a region last. Only probes that got a response tell how long one takes.
static void measure(const struct fleet *fleet, uint32_t check, double (*seconds)(const struct observation *),
                    struct mean means[CHECKER_REGION_COUNT + 1])
{
    struct check_state state;
    fleet_check_state(fleet, check, &state);
    for (uint32_t i = 0; i < state.checkers && !state.disabled; i++) {
        struct checker_state checker;
        fleet_checker_state(fleet, check, i, &checker);
        if (checker.observed && observation_success(&checker.last)) {
            int region =
                checker.region != REGION_NONE ? checker_region_index(checker.region) : CHECKER_REGION_COUNT;
            means[region].sum += seconds(&checker.last);
            means[region].count++;
        }
    }
}

static void write_latency(const struct status_input *input, struct buffer *out)
{
    const struct model *model = input->view->model;
    for (size_t m = 0; m < sizeof per_region / sizeof per_region[0]; m++) {
        bool announced = false;
        for (uint32_t i = 0; i < model->health_check_count; i++) {
            const struct health_check *check = &model->health_checks[i];
            struct mean means[CHECKER_REGION_COUNT + 1] = {{0, 0}};
            if (!check->measure_latency || (per_region[m].tls && !over_tls(check)) ||
                (per_region[m].http && check->type == HEALTH_CHECK_TCP)) {
                continue;
            }
            measure(input->fleet, i, per_region[m].seconds, means);
            for (unsigned r = 0; r <= CHECKER_REGION_COUNT; r++) {
                if (means[r].count > 0) {
                    announce(out, &announced, per_region[m].name, "gauge", per_region[m].help);
                    check_labels(out, per_region[m].name, check);
                    label(out, "region",
                          r < CHECKER_REGION_COUNT ? region_at(checker_region_at(r))->code : "", false);
                    buffer_format(out, "} %.6g\n", means[r].sum / means[r].count);
                }
            }
        }
    }
}

static void write_rcodes(const struct status_input *input, struct buffer *out)
{
    static const char *const names[] = {"NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"};
    family(out, "nearwell_dns_responses_total", "counter", "Replies sent, by response code.");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        buffer_format(out, "nearwell_dns_responses_total{rcode=\"%s\"} %llu\n", names[i],
                      (unsigned long long)input->dns.rcodes[i]);
    }
    buffer_format(out, "nearwell_dns_responses_total{rcode=\"other\"} %llu\n",
                  (unsigned long long)input->dns.rcodes[15]);
}

void metrics_write(const struct status_input *input, struct buffer *out)
{
    family(out, "nearwell_build_info", "gauge", "The version, always 1.");
    buffer_text(out, "nearwell_build_info{");
    label(out, "version", input->version, true);
    buffer_text(out, "} 1\n");
    for (size_t i = 0; i < sizeof single / sizeof single[0]; i++) {
        family(out, single[i].name, single[i].kind, single[i].help);
        buffer_format(out, "%s %.15g\n", single[i].name, single[i].value(input));
    }
    write_rcodes(input, out);
    write_checks(input, out);
    write_latency(input, out);
}
