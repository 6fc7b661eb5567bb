// SPDX-License-Identifier: MIT
#include "core/routing/resolve.h"

#include "core/dns/rrtype.h"
#include "core/model/name_index.h"

static inline void read_lookup(struct name_lookup found, struct resolution *out)
{
    static const enum resolution_kind kinds[] = {
        [NAME_NO_ZONE] = RESOLVED_REFUSED,    [NAME_ABSENT] = RESOLVED_NXDOMAIN,
        [NAME_DELEGATED] = RESOLVED_REFERRAL, [NAME_EXACT] = RESOLVED_ANSWER,
        [NAME_WILDCARD] = RESOLVED_ANSWER,
    };
    out->kind = kinds[found.match];
    out->node = found.node;
    out->zone = found.node != NULL ? found.node->zone : NULL;
    out->group = found.match == NAME_DELEGATED ? name_node_group(found.node, DNS_TYPE_NS) : NULL;
    out->wildcard = found.match == NAME_WILDCARD;
    out->decision.count = 0;
    out->decision.fail_open = false;
}

void resolve_name(struct decide_context *context, const struct dns_name *name, uint16_t type,
                  struct resolution *out)
{
    const struct model *model = context->view->model;
    const struct vpc *vpc = model->vpc_count > 0 ? decide_vpc(context->view, context->client) : NULL;
    read_lookup(model_find_name(model, vpc, name, type == DNS_TYPE_DS), out);
}

void resolve_at(struct decide_context *context, const struct name_node *node, uint16_t type,
                struct resolution *out)
{
    const struct record_group *group = name_node_group(node, type);
    if (group == NULL) {
        group = name_node_group(node, DNS_TYPE_CNAME); // D5
    }
    out->group = group;
    if (group == NULL) {
        out->kind = RESOLVED_NODATA;
        return;
    }
    decide(context, group, &out->decision);
    out->kind = RESOLVED_ANSWER;
    if (out->decision.count == 0) {
        static const enum resolution_kind kinds[] = {
            [NO_MATCH_NODATA] = RESOLVED_NODATA,
            [NO_MATCH_NXDOMAIN] = RESOLVED_NXDOMAIN,
            [NO_MATCH_REFUSED] = RESOLVED_REFUSED,
        };
        out->kind = kinds[context->view->model->simulator.no_match]; // G5, I5
        out->group = NULL;
    }
}

void resolve(struct decide_context *context, const struct dns_name *name, uint16_t type,
             struct resolution *out)
{
    resolve_name(context, name, type, out);
    if (out->kind == RESOLVED_ANSWER) {
        resolve_at(context, out->node, type, out);
    }
}

void resolve_in_zone(struct decide_context *context, const struct zone *zone, const struct dns_name *name,
                     uint16_t type, struct resolution *out)
{
    read_lookup(zone_find_name(zone, name, type == DNS_TYPE_DS), out);
    if (out->kind == RESOLVED_ANSWER) {
        resolve_at(context, out->node, type, out);
    }
}

const char *resolution_kind_name(enum resolution_kind kind)
{
    static const char *const names[] = {"NOERROR", "NODATA", "NXDOMAIN", "REFERRAL", "REFUSED"};
    return names[kind];
}
