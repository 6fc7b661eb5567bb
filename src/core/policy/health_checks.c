// SPDX-License-Identifier: MIT
// Health checks: semantics reference, table 1.1 (fields) and table 1.2 (texts).
#include <stdio.h>
#include <string.h>

#include "context.h"

#define TYPE_BIT(type) (1U << (type))

enum {
    HTTP_TYPES = TYPE_BIT(HEALTH_CHECK_HTTP) | TYPE_BIT(HEALTH_CHECK_HTTP_STR_MATCH),
    HTTPS_TYPES = TYPE_BIT(HEALTH_CHECK_HTTPS) | TYPE_BIT(HEALTH_CHECK_HTTPS_STR_MATCH),
    MATCH_TYPES = TYPE_BIT(HEALTH_CHECK_HTTP_STR_MATCH) | TYPE_BIT(HEALTH_CHECK_HTTPS_STR_MATCH),
    ENDPOINT_TYPES = HTTP_TYPES | HTTPS_TYPES | TYPE_BIT(HEALTH_CHECK_TCP),
    CALCULATED_TYPES = TYPE_BIT(HEALTH_CHECK_CALCULATED),
    METRIC_TYPES = TYPE_BIT(HEALTH_CHECK_CLOUDWATCH_METRIC),
    CONTROL_TYPES = TYPE_BIT(HEALTH_CHECK_RECOVERY_CONTROL),
    CHECKER_REGIONS_ALL = 0xff,
    IDS_MAX = 4096, // candidates for suggestions
};

// Which types may have a field. Fields of all types are not listed.
static const struct {
    uint8_t field;
    unsigned types;
    const char *what; // as the text of a refusal names it
} applicability[] = {
    {CHECK_IP_ADDRESS, ENDPOINT_TYPES, "IP address"},
    {CHECK_PORT, ENDPOINT_TYPES, "port"},
    {CHECK_RESOURCE_PATH, HTTP_TYPES | HTTPS_TYPES, "resource path"},
    {CHECK_FULLY_QUALIFIED_DOMAIN_NAME, ENDPOINT_TYPES, "fully qualified domain name"},
    {CHECK_SEARCH_STRING, MATCH_TYPES, "search string"},
    {CHECK_REQUEST_INTERVAL, ENDPOINT_TYPES, "request interval"},
    {CHECK_FAILURE_THRESHOLD, ENDPOINT_TYPES, "failure threshold"},
    {CHECK_MEASURE_LATENCY, ENDPOINT_TYPES, "latency measurement"},
    {CHECK_HEALTH_THRESHOLD, CALCULATED_TYPES, "health threshold"},
    {CHECK_CHILD_HEALTH_CHECKS, CALCULATED_TYPES, "child health check"},
    {CHECK_ENABLE_SNI, HTTPS_TYPES, "SNI"},
    {CHECK_REGIONS, ENDPOINT_TYPES, "region"},
    {CHECK_ALARM_IDENTIFIER, METRIC_TYPES, "metric region"},
    {CHECK_INSUFFICIENT_DATA_HEALTH_STATUS, METRIC_TYPES, "insufficient data health status"},
    {CHECK_ROUTING_CONTROL_ARN, CONTROL_TYPES, "routing control ARN"},
};

struct reading {
    struct policy_context *context;
    const struct policy_health_check_config *from;
    struct health_check *to;
};

static bool given(const struct policy_health_check_config *config, unsigned field)
{
    return config->node.given & schema_bit(field);
}

static bool readable(const struct policy_health_check_config *config, unsigned field)
{
    return config->node.valid & schema_bit(field);
}

// Route 53 itself prints these as false for types that do not have them.
static bool is_false(const struct policy_health_check_config *config, unsigned field)
{
    return (field == CHECK_ENABLE_SNI && !config->enable_sni) ||
           (field == CHECK_MEASURE_LATENCY && !config->measure_latency);
}

static const char *kind_of(enum health_check_type type)
{
    return TYPE_BIT(type) & ENDPOINT_TYPES          ? "Basic"
           : type == HEALTH_CHECK_CALCULATED        ? "Calculated"
           : type == HEALTH_CHECK_CLOUDWATCH_METRIC ? "CloudWatch metric"
                                                    : "Recovery control";
}

static void refuse_field(const struct reading *reading, const char *tail, unsigned field, const char *what)
{
    const struct schema_node *node = &reading->from->node;
    enum health_check_type type = reading->from->type;
    if (field == CHECK_RESOURCE_PATH && type == HEALTH_CHECK_TCP) {
        REFUSE(reading->context, node, tail, "TCP health checks must not have a resource path specificed.");
    } else {
        REFUSE(reading->context, node, tail,
               "Invalid parameter : %s health checks must not have %s %s specified.", kind_of(type),
               field == CHECK_ALARM_IDENTIFIER || strchr("Ii", what[0]) != NULL ? "an" : "a", what);
    }
}

static void check_applicability(const struct reading *reading)
{
    const struct policy_health_check_config *from = reading->from;
    for (size_t i = 0; i < sizeof applicability / sizeof applicability[0]; i++) {
        unsigned field = applicability[i].field;
        if (given(from, field) && !is_false(from, field) &&
            !(applicability[i].types & TYPE_BIT(from->type))) {
            char tail[64];
            const struct schema_field *config = &policy_health_check_schema.fields[HEALTH_CHECK_CONFIG];
            snprintf(tail, sizeof tail, "#key/%s", config->table->fields[field].name);
            refuse_field(reading, tail, field, applicability[i].what);
        }
    }
}

// --- the endpoint ------------------------------------------------------------------------------------------

static void read_address(const struct reading *reading)
{
    struct policy_context *context = reading->context;
    const struct policy_health_check_config *from = reading->from;
    const char *text = from->ip_address;
    struct ip_address address;
    if (!readable(from, CHECK_IP_ADDRESS) || text[0] == '\0') {
        return;
    }
    if (!ip_parse(bytes_of(text), &address)) {
        REFUSE(context, &from->node, "IPAddress", "'%s' is not an IPv4 or IPv6 address", text);
        return;
    }
    reading->to->ip_address = address;
    const char *range = ip_special_use(&address);
    if (range != NULL && !context->spec->simulator.allow_special_use_addresses) {
        REFUSE(context, &from->node, "IPAddress",
               "IPAddress %s is in a range for special use (%s), which Route 53 refuses; "
               "Simulator.AllowSpecialUseAddresses permits it here",
               text, range);
    } else if (range != NULL && context->options->aws_warnings) {
        schema_finding(context->reader.diagnostics, DIAGNOSTIC_WARNING, &from->node, "IPAddress",
                       "AWS would refuse IPAddress %s: it is in a range for special use (%s)", text, range);
    }
}

// What goes into a request line or a Host header as it stands must not be able to end it.
static bool fits_request(const char *text, const char *forbidden)
{
    for (; *text != '\0'; text++) {
        if (*text <= ' ' || *text > '~' || strchr(forbidden, *text) != NULL) {
            return false;
        }
    }
    return true;
}

static void read_domain_name(const struct reading *reading)
{
    const struct policy_health_check_config *from = reading->from;
    const char *name = from->fully_qualified_domain_name;
    if (!readable(from, CHECK_FULLY_QUALIFIED_DOMAIN_NAME) || name[0] == '\0') {
        return;
    }
    if (!fits_request(name, "/?#@:[]\\\"<>")) {
        REFUSE(reading->context, &from->node, "FullyQualifiedDomainName", "'%s' is not a domain name", name);
        return;
    }
    reading->to->fully_qualified_domain_name = name;
}

static void check_endpoint(const struct reading *reading)
{
    const struct policy_health_check_config *from = reading->from;
    const struct schema_node *node = &from->node;
    bool address = given(from, CHECK_IP_ADDRESS) && (from->ip_address == NULL || from->ip_address[0] != '\0');
    bool name = given(from, CHECK_FULLY_QUALIFIED_DOMAIN_NAME) &&
                (from->fully_qualified_domain_name == NULL || from->fully_qualified_domain_name[0] != '\0');
    if (!address && !name) {
        REFUSE(reading->context, node, "", "IPAddress or FullyQualifiedDomainName is required");
    }
    if (from->type == HEALTH_CHECK_TCP && address && name) {
        REFUSE(
            reading->context, node, "FullyQualifiedDomainName",
            "TCP health checks that have IP address must not have a fully qualified domain name specified.");
    }
    if (from->type == HEALTH_CHECK_TCP && !given(from, CHECK_PORT)) {
        REFUSE(reading->context, node, "", "TCP health checks must have a Port");
    }
}

static void read_path(const struct reading *reading)
{
    const struct policy_health_check_config *from = reading->from;
    if (from->type == HEALTH_CHECK_TCP) {
        return;
    }
    const char *path = readable(from, CHECK_RESOURCE_PATH) ? from->resource_path : "";
    if (!fits_request(path, "")) {
        REFUSE(reading->context, &from->node, "ResourcePath",
               "ResourcePath must be printable ASCII without spaces; write others as %%20");
        return;
    }
    if (path[0] != '/') {
        size_t len = strlen(path) + 2;
        char *absolute = arena_alloc(reading->context->reader.arena, len, 1);
        snprintf(absolute, len, "/%s", path);
        path = absolute;
    }
    reading->to->resource_path = path;
}

static void read_search_string(const struct reading *reading)
{
    const struct policy_health_check_config *from = reading->from;
    if (!(TYPE_BIT(from->type) & MATCH_TYPES)) {
        return;
    }
    reading->to->search_string = readable(from, CHECK_SEARCH_STRING) ? from->search_string : "";
    if (reading->to->search_string[0] == '\0' &&
        (!given(from, CHECK_SEARCH_STRING) || readable(from, CHECK_SEARCH_STRING))) {
        REFUSE(reading->context, &from->node, given(from, CHECK_SEARCH_STRING) ? "SearchString" : "",
               "Invalid parameter : Basic health checks of type %s must have a search string specified.",
               policy_health_check_types()[from->type]);
    }
}

static void read_interval(const struct reading *reading)
{
    struct policy_context *context = reading->context;
    const struct policy_health_check_config *from = reading->from;
    reading->to->request_interval = duration_from_seconds(from->request_interval);
    if (!readable(from, CHECK_REQUEST_INTERVAL) || from->request_interval == 10 ||
        from->request_interval == 30) {
        return;
    }
    if (!context->spec->simulator.free_intervals) {
        REFUSE(context, &from->node, "RequestInterval",
               "RequestInterval must be 10 or 30, not %g; Simulator.FreeIntervals permits any from 0.05",
               from->request_interval);
    } else if (context->options->aws_warnings) {
        schema_finding(context->reader.diagnostics, DIAGNOSTIC_WARNING, &from->node, "RequestInterval",
                       "AWS would refuse RequestInterval %g: only 10 and 30 are possible",
                       from->request_interval);
    }
}

static void read_regions(const struct reading *reading)
{
    const struct policy_health_check_config *from = reading->from;
    reading->to->regions = CHECKER_REGIONS_ALL;
    if (!readable(from, CHECK_REGIONS)) {
        return;
    }
    uint8_t regions = 0;
    for (size_t i = 0; i < from->regions.count; i++) {
        const char *code = from->regions.items[i];
        uint8_t bit = (uint8_t)(1U << checker_region_index(region_find(bytes_of(code))));
        if (regions & bit) {
            char tail[32];
            snprintf(tail, sizeof tail, "Regions/%zu", i);
            REFUSE(reading->context, &from->node, tail, "Regions names '%s' twice", code);
        }
        regions |= bit;
    }
    reading->to->regions = regions;
}

static void read_endpoint(const struct reading *reading)
{
    const struct policy_health_check_config *from = reading->from;
    struct health_check *to = reading->to;
    read_address(reading);
    read_domain_name(reading);
    check_endpoint(reading);
    read_path(reading);
    read_search_string(reading);
    read_interval(reading);
    read_regions(reading);
    bool tls = TYPE_BIT(from->type) & HTTPS_TYPES;
    to->port = (uint16_t)(readable(from, CHECK_PORT) ? from->port : tls ? 443 : 80);
    to->enable_sni = readable(from, CHECK_ENABLE_SNI) ? from->enable_sni : tls;
    to->failure_threshold = (uint8_t)from->failure_threshold;
    to->measure_latency = from->measure_latency;
    to->habits = reading->context->spec->simulator.probe_habits;
}

// --- calculated --------------------------------------------------------------------------------------------

static void read_calculated(const struct reading *reading, struct health_check_spec *spec)
{
    const struct policy_health_check_config *from = reading->from;
    if (!given(from, CHECK_HEALTH_THRESHOLD)) {
        REFUSE(reading->context, &from->node, "",
               "Invalid parameter : Calculated health checks must have a health threshold specified.");
    }
    spec->config.health_threshold = (uint16_t)from->health_threshold;
    if (readable(from, CHECK_CHILD_HEALTH_CHECKS)) {
        spec->child_ids = from->child_health_checks.items;
        spec->child_count = (uint32_t)from->child_health_checks.count;
    }
}

static void check_child(struct policy_context *context, const struct schema_node *node,
                        const struct health_check_spec *parent, uint32_t index)
{
    const char *id = parent->child_ids[index];
    const struct health_check_spec *child = map_get(context->health_checks, bytes_of(id));
    char tail[40];
    snprintf(tail, sizeof tail, "ChildHealthChecks/%u", index);
    if (child == NULL && !context->options->dangling) {
        char hint[POLICY_HINT];
        policy_hint(context, id, context->health_check_ids, hint);
        REFUSE(context, node, tail, "a health check with id '%s' does not exist%s", id, hint);
    } else if (child != NULL && child->config.type == HEALTH_CHECK_CALCULATED) { // S7
        REFUSE(context, node, tail, "'%s' is a calculated health check, which cannot be a child", id);
    }
    for (uint32_t i = 0; i < index; i++) {
        if (strcmp(parent->child_ids[i], id) == 0) {
            REFUSE(context, node, tail, "ChildHealthChecks names '%s' twice", id);
            return;
        }
    }
}

// When all checks are known: a child may come after its parent.
static void check_children(struct policy_context *context, const struct policy_health_check *checks,
                           const struct health_check_spec *specs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        for (uint32_t child = 0; child < specs[i].child_count; child++) {
            check_child(context, &checks[i].config->node, &specs[i], child);
        }
    }
}

// --- the others --------------------------------------------------------------------------------------------

static void read_metric(const struct reading *reading, const struct policy_alarm *copy)
{
    const struct policy_health_check_config *from = reading->from;
    reading->to->insufficient_data = (uint8_t)from->insufficient_data_health_status;
    if (!given(from, CHECK_ALARM_IDENTIFIER)) {
        REFUSE(reading->context, &from->node, "",
               "Invalid parameter : CloudWatch metric health checks must have an alarm identifier "
               "specified.");
    } else if (from->alarm_identifier != NULL) {
        policy_read_alarm_watch(reading->context, from->alarm_identifier, copy, &reading->to->alarm);
    }
}

static void read_config(struct policy_context *context, const struct policy_health_check *check,
                        struct health_check_spec *spec)
{
    const struct policy_health_check_config *from = check->config;
    struct health_check *to = &spec->config;
    if (!readable(from, CHECK_TYPE)) {
        return;
    }
    struct reading reading = {context, from, to};
    to->type = from->type;
    to->inverted = from->inverted;
    to->disabled = from->disabled;
    check_applicability(&reading);
    if (TYPE_BIT(from->type) & ENDPOINT_TYPES) {
        read_endpoint(&reading);
    } else if (from->type == HEALTH_CHECK_CALCULATED) {
        read_calculated(&reading, spec);
    } else if (from->type == HEALTH_CHECK_CLOUDWATCH_METRIC) {
        read_metric(&reading, check->alarm_configuration);
    } else if (!given(from, CHECK_ROUTING_CONTROL_ARN)) {
        REFUSE(context, &from->node, "",
               "Invalid parameter : Recovery control health checks must have a routing control ARN "
               "specified.");
    }
}

static void add_id(struct policy_context *context, const struct policy_health_check *from,
                   struct health_check_spec *spec, const char **ids, size_t *count)
{
    if (from->id == NULL) {
        return;
    }
    if (!map_put(context->health_checks, bytes_of(from->id), spec)) {
        REFUSE(context, &from->node, "Id", "another health check has Id '%s' already", from->id);
    }
    if (*count < IDS_MAX) {
        ids[(*count)++] = from->id;
    }
}

void policy_read_health_checks(struct policy_context *context)
{
    size_t count = context->file->health_checks.count;
    const struct policy_health_check *checks = context->file->health_checks.items;
    struct health_check_spec *specs = arena_new(context->reader.arena, struct health_check_spec, count);
    const char **ids = arena_new(context->reader.arena, const char *, IDS_MAX + 1);
    size_t id_count = 0;
    for (size_t i = 0; i < count; i++) {
        const struct policy_health_check *from = &checks[i];
        specs[i].config.id = from->id;
        specs[i].config.name = from->name;
        specs[i].config.caller_reference = from->caller_reference;
        specs[i].config.version = (uint64_t)from->version;
        if (from->config != NULL) {
            read_config(context, from, &specs[i]);
        }
        add_id(context, from, &specs[i], ids, &id_count);
    }
    context->health_check_ids = ids;
    check_children(context, checks, specs, count);
    context->spec->health_checks = specs;
    context->spec->health_check_count = (uint32_t)count;
}
