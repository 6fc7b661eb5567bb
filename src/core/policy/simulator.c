// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <string.h>

#include "reading.h"

static void read_locations(struct policy_context *context, const struct policy_simulator *from,
                           struct simulator_settings *to)
{
    for (size_t i = 0; i < from->locations.count && i < LOCATIONS_MAX; i++) {
        const char *name = from->locations.items[i];
        char tail[32];
        snprintf(tail, sizeof tail, "Locations/%zu", i);
        if (name == NULL) {
            continue;
        }
        if (name[0] == '\0' || strlen(name) > LOCATION_NAME_MAX) {
            REFUSE(context, &from->node, tail, "a location's name has 1 to %d bytes", LOCATION_NAME_MAX);
            continue;
        }
        for (unsigned k = 0; k < to->location_count; k++) {
            if (strcmp(to->locations[k], name) == 0) {
                REFUSE(context, &from->node, tail, "Locations names '%s' twice", name);
            }
        }
        snprintf(to->locations[to->location_count++], LOCATION_NAME_MAX + 1, "%s", name);
    }
}

void policy_read_simulator(struct policy_context *context)
{
    const struct policy_simulator *from = context->file->simulator;
    struct policy_simulator absent = {0};
    if (from == NULL) {
        // Reading nothing fills in the defaults of the table.
        json_t *nothing = json_object();
        schema_read(&context->reader, &policy_simulator_schema, nothing, &absent);
        json_decref(nothing);
        from = &absent;
    }
    bool special_use_set = policy_readable(&from->node, SIMULATOR_ALLOW_SPECIAL_USE_ADDRESSES);
    bool unmapped_set = policy_readable(&from->node, SIMULATOR_UNMAPPED_GEOLOCATION);
    context->resource_ttl = (uint32_t)from->resource_ttl;
    context->dangling_aliases = from->dangling_aliases;
    context->spec->simulator = (struct simulator_settings){
        .checkers_per_region = (uint8_t)from->checkers_per_region,
        .checkers = (uint16_t)from->checkers,
        .healthy_percent = (uint8_t)from->healthy_percent,
        .seed = (uint64_t)from->seed,
        .health_check_config_delay = duration_from_seconds(from->health_check_config_delay),
        .aggregation_delay = duration_from_seconds(from->aggregation_delay),
        .record_delay = duration_from_seconds(from->record_delay),
        .removed_region_linger = duration_from_seconds(from->removed_region_linger),
        .metric_delay = duration_from_seconds(from->metric_delay),
        .treat_missing_data = from->treat_missing_data,
        .even_phases = from->probe_phases == 1,
        .first_result_decides = from->new_checkers == 1,
        .updates_reseed = from->changed_endpoint == 1,
        .added_checkers_healthy = from->added_checkers == 1,
        .without_reports = (uint8_t)from->without_reports,
        .dangling_checks_unhealthy = from->dangling_checks == 1,
        .probe_habits = {.encoded_window = from->body_window == 1,
                         .first_address = from->endpoint_address == 1,
                         .plain_ref = from->user_agent_ref == 1},
        .special_use_set = special_use_set,
        .allow_special_use_addresses =
            special_use_set ? from->allow_special_use_addresses : context->options->on_loopback,
        .free_intervals = from->free_intervals,
        .ecs_scope_v4 = (uint8_t)from->ecs_scope_v4,
        .ecs_scope_v6 = (uint8_t)from->ecs_scope_v6,
        .cname_chasing = from->cname_chasing,
        .minimal_any = from->minimal_any,
        .unmapped_located = unmapped_set ? from->unmapped_geolocation == 1
                                         : policy_given(&context->file->node, POLICY_DEFAULT_CLIENT),
        .coarse_unmapped = from->coarse_subnets == 1,
        .cidr_straight_default = from->cidr_fallback == 1,
        .random_ties = from->ties == 1,
        .fold_replies = from->reply_case == 1,
        .no_match = (uint8_t)from->no_match_answer,
        .unknown_zone_rcode = policy_unknown_zone_rcodes[from->unknown_zone],
        .private_geoproximity = from->private_geoproximity,
    };
    read_locations(context, from, &context->spec->simulator);
}
