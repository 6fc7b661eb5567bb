// SPDX-License-Identifier: MIT
// Traps of health checks, see traps.c: unused ones, those that cannot change their mind, inversions, loops
// through the name that a check controls, and too many requests for one endpoint.
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "core/policy/request_rates.h"
#include "reading.h"
#include "validate.h"

enum { LOOKUPS_MAX = 32 }; // names from one to the next

// --- unused ------------------------------------------------------------------------------------------------

static void mark(struct map *used, const char *id)
{
    if (id != NULL) {
        map_put(used, bytes_of(id), used);
    }
}

static struct map *collect_used(const struct model_spec *spec)
{
    struct map *used = map_create();
    for (uint32_t i = 0; i < spec->zone_count; i++) {
        for (uint32_t k = 0; k < spec->zones[i].record_set_count; k++) {
            mark(used, spec->zones[i].record_sets[k].health_check_id);
        }
    }
    for (uint32_t i = 0; i < spec->health_check_count; i++) {
        for (uint32_t k = 0; k < spec->health_checks[i].child_count; k++) {
            mark(used, spec->health_checks[i].child_ids[k]);
        }
    }
    return used;
}

static void warn_of_unused(struct policy_context *context, const struct policy_health_check *checks)
{
    struct map *used = collect_used(context->spec);
    for (size_t i = 0; i < context->file->health_checks.count; i++) {
        if (map_get(used, bytes_of(checks[i].id)) == NULL) {
            WARN(context, &checks[i].node, "Id", "no record set uses health check %s (Q1)", checks[i].id);
        }
    }
    map_destroy(used);
}

// --- inverted ----------------------------------------------------------------------------------------------

// Where an inversion is the way to look for what must not be there, it is meant: strings, switches, metrics.
static bool inverts_a_failure(const struct health_check *check)
{
    return check->type == HEALTH_CHECK_HTTP || check->type == HEALTH_CHECK_HTTPS ||
           check->type == HEALTH_CHECK_TCP || check->type == HEALTH_CHECK_CALCULATED;
}

static void warn_of_inversion(struct policy_context *context, const struct policy_health_check *from,
                              const struct health_check *check)
{
    if (check->inverted && !check->disabled && inverts_a_failure(check)) {
        WARN(
            context, &from->config->node, "Inverted",
            "an inverted check turns healthy when what it checks really fails; to hold it unhealthy whatever "
            "happens, set Disabled as well (S5)");
    }
}

// --- always the same (S6) ----------------------------------------------------------------------------------

static void warn_of_constant(struct policy_context *context, const struct policy_health_check *from,
                             const struct health_check_spec *spec)
{
    const struct health_check *check = &spec->config;
    if (check->type != HEALTH_CHECK_CALCULATED || check->disabled) {
        return;
    }
    uint32_t least = 0; // children that are healthy at all times, S7
    uint32_t most = 0;  // that can be
    for (uint32_t i = 0; i < spec->child_count; i++) {
        const struct health_check_spec *child = map_get(context->health_checks, bytes_of(spec->child_ids[i]));
        least += child->config.disabled && !child->config.inverted;
        most += !child->config.disabled || !child->config.inverted;
    }
    bool met = check->health_threshold <= least;
    if (!met && check->health_threshold <= most) {
        return;
    }
    WARN(context, &from->config->node, "HealthThreshold",
         "this check can never be %s: of its %u children at least %u and at most %u are healthy, and "
         "HealthThreshold is %u%s (S6)",
         met != check->inverted ? "unhealthy" : "healthy", spec->child_count, least, most,
         check->health_threshold, check->inverted ? ", inverted" : "");
}

// --- a check of the name that it controls (P24) ------------------------------------------------------------

// Which record sets one gets to by asking for a check's name, as its checkers do: for IPv4 addresses (P16).
struct chase {
    struct policy_context *context;
    const char *check;
    uint32_t number;        // of the check, from 1
    uint32_t **visited;     // by zone and entry: 2 * the check that was here last, plus 1 if health mattered
    const struct entry *at; // that the check decides about
    uint32_t zone;          // its
};

// Where the chase is. matters: whether a record set answers depends on its health, for it is one of several
// or an alias with EvaluateTargetHealth leads to it from one of several (R2, T6, T7).
struct chase_step {
    uint32_t zone;
    struct run group;
    bool matters;
    unsigned depth;
};

static uint32_t zone_of(const struct policy_context *context, const struct dns_name *name)
{
    uint32_t best = UINT32_MAX;
    for (uint32_t i = 0; i < context->spec->zone_count; i++) {
        const struct dns_name *zone = &context->spec->zones[i].name;
        if (dns_name_within(name, zone) &&
            (best == UINT32_MAX || zone->len > context->spec->zones[best].name.len)) {
            best = i;
        }
    }
    return best;
}

static bool decides(const struct chase *chase, const struct entry *entry)
{
    const char *id = entry->spec->health_check_id;
    if (id == NULL) {
        return false;
    }
    const struct health_check_spec *check = map_get(chase->context->health_checks, bytes_of(id));
    bool found = strcmp(id, chase->check) == 0;
    for (uint32_t i = 0; i < check->child_count && !found; i++) {
        found = strcmp(check->child_ids[i], chase->check) == 0;
    }
    return found;
}

static bool name_leads_back(struct chase *chase, const struct dns_name *name, unsigned depth);

static bool group_leads_back(struct chase *chase, struct chase_step step);

static bool entry_leads_back(struct chase *chase, const struct chase_step *step, const struct entry *entry)
{
    const struct record_set_spec *spec = entry->spec;
    const struct alias_spec *alias = spec->alias;
    struct dns_name target;
    if (step->matters && decides(chase, entry)) {
        chase->at = entry;
        chase->zone = step->zone;
        return true;
    }
    if (alias != NULL) {
        struct run group = {NULL, 0};
        if (alias->resource == RESOURCE_NONE) {
            group = policy_find_group(chase->context->sorted[step->zone], &alias->target, spec->type);
        }
        struct chase_step next = {step->zone, group, step->matters && alias->evaluate_target_health,
                                  step->depth + 1};
        return group_leads_back(chase, next);
    }
    struct bytes rdata = {spec->records[0].rdata, spec->records[0].rdata_len};
    return spec->type == DNS_TYPE_CNAME && dns_name_from_wire(rdata, &target) &&
           name_leads_back(chase, &target, step->depth + 1);
}

static bool group_leads_back(struct chase *chase, struct chase_step step)
{
    if (step.group.count == 0 || step.depth == LOOKUPS_MAX) {
        return false;
    }
    step.matters = step.matters || step.group.count > 1;
    uint32_t mark = 2 * chase->number + step.matters;
    uint32_t *visited =
        &chase->visited[step.zone][step.group.entries - chase->context->sorted[step.zone].entries];
    if (*visited >= mark) {
        return false;
    }
    *visited = mark;
    for (size_t i = 0; i < step.group.count; i++) {
        if (entry_leads_back(chase, &step, &step.group.entries[i])) {
            return true;
        }
    }
    return false;
}

// D9: the name's own record sets, else those of the nearest wildcard.
static bool name_leads_back(struct chase *chase, const struct dns_name *name, unsigned depth)
{
    static const uint16_t types[] = {DNS_TYPE_A, DNS_TYPE_CNAME};
    struct dns_name parent = *name;
    struct dns_name at = *name;
    dns_name_fold(&at);
    uint32_t zone = zone_of(chase->context, &at);
    while (zone != UINT32_MAX && dns_name_within(&at, &chase->context->spec->zones[zone].name)) {
        for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
            struct run group = policy_find_group(chase->context->sorted[zone], &at, types[i]);
            if (group.count > 0) {
                return group_leads_back(chase, (struct chase_step){zone, group, false, depth});
            }
        }
        struct dns_name below = parent;
        if (!dns_name_parent(&below, &parent) || !dns_name_wildcard_of(&parent, &at)) {
            return false;
        }
        dns_name_fold(&at);
    }
    return false;
}

static void warn_of_loop(struct chase *chase, const struct policy_health_check *from,
                         const struct health_check *check)
{
    struct dns_name name;
    struct error error = {0};
    if (check->ip_address.family != 0 || check->fully_qualified_domain_name == NULL ||
        !dns_name_parse(bytes_of(check->fully_qualified_domain_name), &name, &error) ||
        !name_leads_back(chase, &name, 0)) {
        return;
    }
    struct validation validation = {chase->context, &chase->context->spec->zones[chase->zone]};
    struct entry_names names;
    policy_entry_names(&validation, chase->at, &names);
    const char *id = entry_identifier(chase->at);
    WARN(chase->context, &from->config->node, "FullyQualifiedDomainName",
         "this check decides about record set %s%s%s, to which the name that it probes leads: what it finds "
         "depends on itself; give it an IPAddress, or a name of that endpoint alone (P24)",
         names.name, id[0] != '\0' ? " " : "", id);
}

static void warn_of_loops(struct policy_context *context, const struct policy_health_check *checks)
{
    const struct model_spec *spec = context->spec;
    struct chase chase = {.context = context};
    chase.visited = xcalloc(spec->zone_count + 1, sizeof *chase.visited);
    for (uint32_t i = 0; i < spec->zone_count; i++) {
        chase.visited[i] = xcalloc(context->sorted[i].count + 1, sizeof **chase.visited);
    }
    for (uint32_t i = 0; i < spec->health_check_count; i++) {
        chase.check = checks[i].id;
        chase.number = i + 1;
        warn_of_loop(&chase, &checks[i], &spec->health_checks[i].config);
    }
    for (uint32_t i = 0; i < spec->zone_count; i++) {
        free(chase.visited[i]);
    }
    free(chase.visited);
}

// --- too many requests -------------------------------------------------------------------------------------

static void warn_of_rates(struct policy_context *context, const struct policy_health_check *checks)
{
    size_t count;
    struct request_rate *rates = request_rates(context->spec, &count);
    for (size_t i = 0; i < count; i++) {
        const struct policy_health_check *first = &checks[rates[i].first_check];
        bool address = policy_readable(&first->config->node, CHECK_IP_ADDRESS);
        if (rates[i].per_second > REQUESTS_PER_SECOND_ADVISED) {
            WARN(
                context, &first->config->node, address ? "IPAddress" : "FullyQualifiedDomainName",
                "%u health check%s send%s up to %.0f requests a second to %s; more than %.0f are hardly ever "
                "meant (P1, P2)",
                rates[i].checks, rates[i].checks == 1 ? "" : "s", rates[i].checks == 1 ? "s" : "",
                rates[i].per_second, rates[i].endpoint, REQUESTS_PER_SECOND_ADVISED);
        }
    }
    free(rates);
}

void policy_warn_of_check_traps(struct policy_context *context)
{
    const struct policy_health_check *checks = context->file->health_checks.items;
    warn_of_unused(context, checks);
    for (uint32_t i = 0; i < context->spec->health_check_count; i++) {
        const struct health_check_spec *spec = &context->spec->health_checks[i];
        warn_of_inversion(context, &checks[i], &spec->config);
        warn_of_constant(context, &checks[i], spec);
    }
    warn_of_loops(context, checks);
    warn_of_rates(context, checks);
}
