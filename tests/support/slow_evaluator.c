// SPDX-License-Identifier: MIT
#include "support/slow_evaluator.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

struct evaluation {
    const struct view *view;
    const struct model *model;
    const struct client *client;
    const struct place *vpc; // E3: where the client of a private zone is; NULL: by address
};

// The members of a group that apply to this client, most wanted first.
struct order {
    const struct record_set *members[MEMBERS_MAX];
    double keys[MEMBERS_MAX]; // by which they were sorted; all different where nothing was
    unsigned count;
};

// --- distributions -----------------------------------------------------------------------------------------

static int by_address(const void *a, const void *b)
{
    const struct record_set *const *x = a;
    const struct record_set *const *y = b;
    return (*x > *y) - (*x < *y);
}

static bool same_sets(const struct slow_outcome *a, const struct slow_outcome *b)
{
    return a->count == b->count && a->fail_open == b->fail_open &&
           memcmp(a->sets, b->sets, a->count * sizeof(a->sets[0])) == 0;
}

static void add(struct slow_distribution *out, const struct slow_outcome *outcome, double share)
{
    for (size_t i = 0; i < out->count; i++) {
        if (same_sets(&out->outcomes[i], outcome)) {
            out->outcomes[i].probability += share * outcome->probability;
            return;
        }
    }
    if (out->count == out->room) {
        out->room = out->room * 2 + 8;
        out->outcomes = xreallocarray(out->outcomes, out->room, sizeof *out->outcomes);
    }
    out->outcomes[out->count] = *outcome;
    out->outcomes[out->count++].probability = share * outcome->probability;
}

static void add_all(struct slow_distribution *out, const struct slow_distribution *from, double share)
{
    for (size_t i = 0; i < from->count; i++) {
        add(out, &from->outcomes[i], share);
    }
}

static void add_one(struct slow_distribution *out, const struct record_set *record_set, double share)
{
    struct slow_outcome outcome = {.count = record_set != NULL, .probability = 1};
    outcome.sets[0] = record_set;
    add(out, &outcome, share);
}

void slow_distribution_free(struct slow_distribution *distribution)
{
    free(distribution->outcomes);
    *distribution = (struct slow_distribution){0};
}

const struct slow_outcome *slow_find(const struct slow_distribution *distribution,
                                     const struct record_set *const *sets, unsigned count, bool open)
{
    struct slow_outcome wanted = {.count = count, .fail_open = open};
    for (unsigned i = 0; i < count; i++) {
        wanted.sets[i] = sets[i];
    }
    qsort(wanted.sets, count, sizeof(wanted.sets[0]), by_address);
    for (size_t i = 0; i < distribution->count; i++) {
        if (same_sets(&distribution->outcomes[i], &wanted)) {
            return &distribution->outcomes[i];
        }
    }
    return NULL;
}

bool slow_equal(const struct slow_distribution *a, const struct slow_distribution *b)
{
    if (a->count != b->count) {
        return false;
    }
    for (size_t i = 0; i < a->count; i++) {
        const struct slow_outcome *other =
            slow_find(b, a->outcomes[i].sets, a->outcomes[i].count, a->outcomes[i].fail_open);
        if (other == NULL || fabs(other->probability - a->outcomes[i].probability) > 1e-9) {
            return false;
        }
    }
    return true;
}

// --- where the client is (E1, E2, E7, E8, LT5, X5) ---------------------------------------------------------

static bool bit(const struct ip_address *address, unsigned i)
{
    return (address->bytes[i / 8] >> (7 - i % 8) & 1) != 0;
}

static bool covers(const struct ip_prefix *block, const struct ip_address *address)
{
    if (block->address.family != address->family) {
        return false;
    }
    for (unsigned i = 0; i < block->length; i++) {
        if (bit(&block->address, i) != bit(address, i)) {
            return false;
        }
    }
    return true;
}

static const struct place *place_of_address(const struct model *model, const struct ip_address *address)
{
    const struct client_prefix *best = NULL;
    for (uint32_t i = 0; i < model->client_prefix_count; i++) {
        const struct client_prefix *entry = &model->client_prefixes[i];
        if (covers(&entry->prefix, address) && (best == NULL || entry->prefix.length > best->prefix.length)) {
            best = entry;
        }
    }
    return best != NULL ? &model->places[best->place] : NULL;
}

// E8: its network address is looked up; or, by a knob, only a block around all of it counts.
static const struct place *place_of_subnet(const struct evaluation *e)
{
    const struct ip_prefix *subnet = &e->client->subnet;
    for (uint32_t i = 0; i < e->model->client_prefix_count; i++) {
        const struct ip_prefix *block = &e->model->client_prefixes[i].prefix;
        if (e->model->simulator.coarse_unmapped && block->length > subnet->length &&
            covers(block, &subnet->address)) {
            return NULL;
        }
    }
    return place_of_address(e->model, &subnet->address);
}

// The Region of the VPC that has the longest block around the source address (E3), as a place.
static const struct place *place_of_vpc(const struct model *model, const struct client *client)
{
    const struct vpc_block *best = NULL;
    for (uint32_t i = 0; i < model->vpc_block_count; i++) {
        const struct vpc_block *block = &model->vpc_blocks[i];
        if (covers(&block->prefix, &client->source) &&
            (best == NULL || block->prefix.length > best->prefix.length)) {
            best = block;
        }
    }
    const char *code = best != NULL ? region_at(model->vpcs[best->vpc].region)->code : "";
    for (uint32_t i = 0; i < model->place_count; i++) {
        if (strcmp(model->places[i].name, code) == 0) {
            return &model->places[i];
        }
    }
    return NULL;
}

// Latency and geoproximity need some place: the resolver's address stands in for an unmapped subnet (E7), and
// DefaultClient for an unmapped resolver (LT5, X5).
static const struct place *place_of(const struct evaluation *e)
{
    const struct place *place = NULL;
    if (e->client->place != PLACE_NONE) {
        return &e->model->places[e->client->place];
    }
    if (e->vpc != NULL) {
        return e->vpc;
    }
    if (e->client->has_subnet) {
        place = place_of_subnet(e);
    }
    if (place == NULL) {
        place = place_of_address(e->model, &e->client->source);
    }
    return place != NULL ? place : &e->model->places[e->model->default_client];
}

// For geolocation an unmapped address is nowhere (G4), and so is an unmapped subnet (E7): NULL. A policy that
// names a DefaultClient says otherwise (policies/README.md).
static const struct place *area_of(const struct evaluation *e)
{
    bool placed = e->client->place != PLACE_NONE || e->vpc != NULL || e->model->simulator.unmapped_located;
    return placed                  ? place_of(e)
           : e->client->has_subnet ? place_of_subnet(e)
                                   : place_of_address(e->model, &e->client->source);
}

// --- order() of each policy (section 7) --------------------------------------------------------------------

// Smallest key first, equal ones by SetIdentifier (R7).
static void order_by_key(const struct record_group *group, const double *keys, struct order *out)
{
    bool taken[MEMBERS_MAX] = {false};
    for (unsigned n = 0; n < group->member_count; n++) {
        int best = -1;
        for (int i = 0; i < group->member_count; i++) {
            if (taken[i]) {
                continue;
            }
            if (best < 0 || keys[i] < keys[best] ||
                (keys[i] == keys[best] &&
                 strcmp(group->members[i].set_identifier, group->members[best].set_identifier) < 0)) {
                best = i;
            }
        }
        taken[best] = true;
        out->keys[out->count] = keys[best];
        out->members[out->count++] = &group->members[best];
    }
}

static double radians(double degrees)
{
    return degrees * 3.14159265358979323846 / 180;
}

// The spherical law of cosines: good enough for places that are far apart, and not the haversine.
static double distance_km(double latitude_a, double longitude_a, double latitude_b, double longitude_b)
{
    double a = radians(latitude_a);
    double b = radians(latitude_b);
    double cosine = sin(a) * sin(b) + cos(a) * cos(b) * cos(radians(longitude_a - longitude_b));
    return 6371.0088 * acos(fmin(1, fmax(-1, cosine)));
}

// LT4: the VPC's own Region, then the closest one.
static void order_by_region(const struct evaluation *e, const struct record_group *group, struct order *out)
{
    double keys[MEMBERS_MAX];
    for (unsigned i = 0; i < group->member_count; i++) {
        const struct region *from = region_at(e->vpc->region);
        const struct region *to = region_at(group->members[i].region);
        bool own = group->members[i].region == e->vpc->region;
        keys[i] = own ? -1
                      : distance_km((double)from->latitude, (double)from->longitude, (double)to->latitude,
                                    (double)to->longitude);
    }
    order_by_key(group, keys, out);
}

// LT1, LT3
static void order_latency(const struct evaluation *e, const struct record_group *group, struct order *out)
{
    if (e->vpc != NULL) {
        order_by_region(e, group, out);
        return;
    }
    const struct place *place = place_of(e);
    double keys[MEMBERS_MAX];
    for (unsigned i = 0; i < group->member_count; i++) {
        const struct region *region = region_at(group->members[i].region);
        bool chinese = place->country != NULL && strcmp(place->country, "CN") == 0;
        bool mainland = chinese && strcmp(region->code, "cn-north-1") == 0;
        keys[i] = mainland ? -1 : (double)place->ms[group->members[i].region];
    }
    order_by_key(group, keys, out);
}

// X1, X2
static void order_geoproximity(const struct evaluation *e, const struct record_group *group,
                               struct order *out)
{
    const struct place *place = place_of(e);
    double keys[MEMBERS_MAX];
    for (unsigned i = 0; i < group->member_count; i++) {
        const struct geo_position *at = group->members[i].routing.position;
        double km = distance_km((double)place->latitude, (double)place->longitude, (double)at->latitude,
                                (double)at->longitude);
        keys[i] = at->bias >= 0 ? km * (100 - at->bias) / 100 : km * 100 / (100 + at->bias);
    }
    order_by_key(group, keys, out);
}

static void append_area(const struct record_group *group, enum geo_area_kind kind, const char *codes,
                        struct order *out)
{
    for (unsigned i = 0; i < group->member_count; i++) {
        const struct geo_area *area = &group->members[i].routing.area;
        if (area->kind == kind && strncmp(area->codes, codes, sizeof area->codes) == 0) {
            out->members[out->count++] = &group->members[i];
        }
    }
}

// G1, G3, G4, G6, G8
static void order_geolocation(const struct evaluation *e, const struct record_group *group, struct order *out)
{
    const struct place *place = area_of(e);
    char state[5] = "";
    if (place != NULL && place->country != NULL && place->subdivision != NULL) {
        memcpy(state, place->country, 2);
        memcpy(state + 2, place->subdivision, 2);
        append_area(group, GEO_SUBDIVISION, state, out);
    }
    if (place != NULL && place->country != NULL) {
        append_area(group, GEO_COUNTRY, place->country, out);
    }
    if (place != NULL && place->continent != NULL) {
        append_area(group, GEO_CONTINENT, place->continent, out);
    }
    if (group->node->zone->private_zone && out->count > 1) { // G8
        out->count = 1;
    }
    append_area(group, GEO_DEFAULT, "", out);
}

// The first member of the location that is not in the order yet.
static void append_location(const struct record_group *group, uint32_t location, struct order *out)
{
    for (unsigned i = 0; i < out->count; i++) {
        if (out->members[i]->routing.cidr.location == location) {
            return;
        }
    }
    for (unsigned i = 0; i < group->member_count; i++) {
        if (group->members[i].routing.cidr.location == location) {
            out->members[out->count++] = &group->members[i];
            return;
        }
    }
}

// I1-I4: blocks of each length in turn, the longest first.
static void order_cidr(const struct evaluation *e, const struct record_group *group, struct order *out)
{
    const struct cidr_collection *collection =
        &e->model->cidr_collections[group->members[0].routing.cidr.collection];
    const struct ip_address *address =
        e->client->has_subnet ? &e->client->subnet.address : &e->client->source;
    int known = e->client->has_subnet ? e->client->subnet.length : address->family == 4 ? 32 : 128;
    for (int length = e->vpc == NULL ? known : 0; length > 0; length--) { // E3: no address is known
        for (uint32_t i = 0; i < collection->block_count; i++) {
            const struct cidr_block *block = &collection->blocks[i];
            if (block->prefix.length == length && covers(&block->prefix, address)) {
                append_location(group, block->location, out);
            }
        }
    }
    if (e->model->simulator.cidr_straight_default && out->count > 1) { // I4's other reading
        out->count = 1;
    }
    append_location(group, CIDR_DEFAULT, out);
}

// O1
static void order_failover(const struct record_group *group, struct order *out)
{
    for (int secondary = 0; secondary <= 1; secondary++) {
        for (unsigned i = 0; i < group->member_count; i++) {
            if (group->members[i].routing.secondary == (secondary != 0)) {
                out->members[out->count++] = &group->members[i];
            }
        }
    }
}

static void order_as_listed(const struct record_group *group, struct order *out)
{
    for (unsigned i = 0; i < group->member_count; i++) {
        out->members[out->count++] = &group->members[i];
    }
}

static void order_of(const struct evaluation *e, const struct record_group *group, struct order *out)
{
    for (unsigned i = 0; i < MEMBERS_MAX; i++) {
        out->keys[i] = i;
    }
    switch ((enum routing_policy_id)group->policy) {
    case ROUTING_LATENCY:
        order_latency(e, group, out);
        break;
    case ROUTING_GEOLOCATION:
        order_geolocation(e, group, out);
        break;
    case ROUTING_GEOPROXIMITY:
        order_geoproximity(e, group, out);
        break;
    case ROUTING_CIDR:
        order_cidr(e, group, out);
        break;
    case ROUTING_FAILOVER:
        order_failover(group, out);
        break;
    case ROUTING_SIMPLE:
    case ROUTING_WEIGHTED:
    case ROUTING_MULTIVALUE:
        order_as_listed(group, out);
        break;
    }
}

// --- choosing one, then the next (R1, W1-W5) ---------------------------------------------------------------

// For each member of the order that is still there, the probability that it is the next choice; false when
// none is left.
static bool next_choice(const struct evaluation *e, const struct record_group *group,
                        const struct order *order, const bool *gone, double *share)
{
    double weights = 0;
    double left = 0;
    int first = -1;
    for (int i = (int)order->count - 1; i >= 0; i--) {
        share[i] = 0;
        if (!gone[i]) {
            first = i;
            left++;
            weights += order->members[i]->routing.weight;
        }
    }
    if (first < 0) {
        return false;
    }
    if (group->policy != ROUTING_WEIGHTED) {
        double equals = 0;
        for (unsigned i = (unsigned)first; i < order->count; i++) {
            equals += !gone[i] && order->keys[i] == order->keys[first];
        }
        for (unsigned i = (unsigned)first; i < order->count; i++) { // R7
            bool tied = !gone[i] && order->keys[i] == order->keys[first];
            share[i] = !e->model->simulator.random_ties ? i == (unsigned)first : tied ? 1 / equals : 0;
        }
        return true;
    }
    for (unsigned i = 0; i < order->count; i++) {
        if (!gone[i]) {
            share[i] = weights > 0 ? order->members[i]->routing.weight / weights : 1 / left;
        }
    }
    return true;
}

// M1-M3: every choice of up to eight of these members is as likely as any other.
static void add_subsets(struct slow_distribution *out, const struct record_set *const *from, unsigned count)
{
    unsigned size = count < DECISION_RECORD_SETS_MAX ? count : DECISION_RECORD_SETS_MAX;
    struct slow_distribution subsets = {0};
    for (uint32_t mask = 0; mask < UINT32_C(1) << count; mask++) {
        struct slow_outcome outcome = {.probability = 1};
        if ((unsigned)__builtin_popcount(mask) != size) {
            continue;
        }
        for (unsigned i = 0; i < count; i++) {
            if ((mask >> i & 1) != 0) {
                outcome.sets[outcome.count++] = from[i];
            }
        }
        qsort(outcome.sets, outcome.count, sizeof(outcome.sets[0]), by_address);
        add(&subsets, &outcome, 1);
    }
    add_all(out, &subsets, 1.0 / (double)subsets.count);
    slow_distribution_free(&subsets);
}

bool slow_healthy(const struct view *view, const struct record_set *record_set)
{
    return status_table_healthy(view->status, record_set->health_check);
}

static bool multivalue(const struct evaluation *e, const struct record_group *group, bool whatever,
                       struct slow_distribution *out)
{
    const struct record_set *members[MEMBERS_MAX];
    unsigned count = 0;
    for (unsigned i = 0; i < group->member_count; i++) {
        if (whatever || slow_healthy(e->view, &group->members[i])) {
            members[count++] = &group->members[i];
        }
    }
    if (count > 0) {
        add_subsets(out, members, count);
    }
    return count > 0;
}

// --- try_ and force (section 7.1) --------------------------------------------------------------------------

static bool try_group(const struct evaluation *e, const struct record_group *group,
                      struct slow_distribution *out);

static void force_group(const struct evaluation *e, const struct record_group *group,
                        struct slow_distribution *out);

static bool resource_healthy(const struct evaluation *e, const struct resource *resource)
{
    (void)e;
    return resource->healthy;
}

// What an alias answers when it must: T2, T3, T7.
static void answer_alias(const struct evaluation *e, const struct alias_target *alias,
                         struct slow_distribution *out)
{
    if (alias->resource != NULL) {
        add_one(out, alias->addresses, 1); // NULL: it has none of this type
    } else {
        force_group(e, alias->group, out);
    }
}

// One candidate by Q1. False: unhealthy, choose again.
static bool try_member(const struct evaluation *e, const struct record_set *member,
                       struct slow_distribution *out)
{
    if (!slow_healthy(e->view, member)) {
        return false;
    }
    if (member->alias == NULL) {
        add_one(out, member, 1);
        return true;
    }
    if (member->alias->resource != NULL) { // Q3
        if (member->alias->evaluate_target_health && !resource_healthy(e, member->alias->resource)) {
            return false;
        }
        answer_alias(e, member->alias, out);
        return true;
    }
    if (member->alias->evaluate_target_health) {
        return member->alias->group != NULL && try_group(e, member->alias->group, out);
    }
    answer_alias(e, member->alias, out);
    return true;
}

// What each member of an order would answer, were it its turn.
struct turns {
    struct slow_distribution answers[MEMBERS_MAX];
    bool usable[MEMBERS_MAX];
    bool gone[MEMBERS_MAX];
};

static bool try_rest(const struct evaluation *e, const struct record_group *group, const struct order *order,
                     struct turns *turns, double probability, struct slow_distribution *out)
{
    double share[MEMBERS_MAX];
    if (!next_choice(e, group, order, turns->gone, share)) {
        return false;
    }
    bool answered = false;
    for (unsigned i = 0; i < order->count; i++) {
        if (share[i] > 0 && turns->usable[i]) {
            add_all(out, &turns->answers[i], probability * share[i]);
            answered = true;
        } else if (share[i] > 0) {
            turns->gone[i] = true;
            answered |= try_rest(e, group, order, turns, probability * share[i], out);
            turns->gone[i] = false;
        }
    }
    return answered;
}

static bool try_group(const struct evaluation *e, const struct record_group *group,
                      struct slow_distribution *out)
{
    if (group->policy == ROUTING_MULTIVALUE) {
        return multivalue(e, group, false, out);
    }
    struct order order = {.count = 0};
    order_of(e, group, &order);
    struct turns *turns = xcalloc(1, sizeof *turns);
    for (unsigned i = 0; i < order.count; i++) {
        turns->usable[i] = try_member(e, order.members[i], &turns->answers[i]);
    }
    bool answered = try_rest(e, group, &order, turns, 1, out);
    for (unsigned i = 0; i < order.count; i++) {
        slow_distribution_free(&turns->answers[i]);
    }
    free(turns);
    return answered;
}

// R3: the policy's choice, health ignored; inside the chosen branch the healthy come first again (T10).
static void fail_open(const struct evaluation *e, const struct record_group *group,
                      struct slow_distribution *out)
{
    struct order order = {.count = 0};
    bool gone[MEMBERS_MAX] = {false};
    double share[MEMBERS_MAX];
    order_of(e, group, &order);
    if (!next_choice(e, group, &order, gone, share)) {
        add_one(out, NULL, 1);
        return;
    }
    for (unsigned i = 0; i < order.count; i++) {
        struct slow_distribution answer = {0};
        if (share[i] > 0 && order.members[i]->alias != NULL) {
            answer_alias(e, order.members[i]->alias, &answer);
        } else if (share[i] > 0) {
            add_one(&answer, order.members[i], 1);
        }
        for (size_t k = 0; k < answer.count; k++) {
            answer.outcomes[k].fail_open = true;
        }
        add_all(out, &answer, share[i]);
        slow_distribution_free(&answer);
    }
}

static void force_group(const struct evaluation *e, const struct record_group *group,
                        struct slow_distribution *out)
{
    if (group == NULL) { // T5: a dangling alias that must answer
        add_one(out, NULL, 1);
    } else if (try_group(e, group, out)) {
        return;
    } else if (group->policy == ROUTING_MULTIVALUE) {
        multivalue(e, group, true, out);
        for (size_t i = 0; i < out->count; i++) {
            out->outcomes[i].fail_open = true;
        }
    } else {
        fail_open(e, group, out);
    }
}

void slow_decide(const struct view *view, const struct client *client, const struct record_group *group,
                 struct slow_distribution *out)
{
    struct evaluation e = {.view = view, .model = view->model, .client = client};
    if (group->node->zone->private_zone && client->place == PLACE_NONE) {
        e.vpc = place_of_vpc(view->model, client);
    }
    out->count = 0;
    force_group(&e, group, out);
}
