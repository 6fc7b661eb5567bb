// SPDX-License-Identifier: MIT
// The walk of core/routing/decide.c over an atlas: strict, then fail-open, down the aliases.
#include "atlas_state.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

struct mask {
    uint64_t up[2]; // bit per member
};

struct atlas_state {
    const struct atlas_root *root;
    struct mask *masks; // one for each node: members whose own check lets them pass
    uint32_t *tried;    // one for each node: round * 2 + result of the strict walk
    uint32_t round;     // one for each answer
    uint32_t class_index;
    struct atlas_answer *answers;
    unsigned answer_count;
    unsigned answer_room;
};

struct atlas_state *atlas_state_create(const struct atlas_root *root)
{
    struct atlas_state *state = xcalloc(1, sizeof *state);
    state->root = root;
    state->masks = xcalloc(root->node_count, sizeof *state->masks);
    state->tried = xcalloc(root->node_count, sizeof *state->tried);
    return state;
}

void atlas_state_destroy(struct atlas_state *state)
{
    if (state != NULL) {
        free(state->masks);
        free(state->tried);
        free(state->answers);
        free(state);
    }
}

void atlas_state_set(struct atlas_state *state, const struct status_table *status)
{
    for (uint32_t n = 0; n < state->root->node_count; n++) {
        const struct atlas_node *node = &state->root->nodes[n];
        struct mask mask = {{0}};
        for (unsigned i = 0; i < node->member_count; i++) {
            const struct atlas_member *member = &node->members[i];
            bool up = !member->refused &&
                      (member->check == HEALTH_CHECK_NONE || status_table_healthy(status, member->check));
            mask.up[i / 64] |= (uint64_t)up << (i % 64);
        }
        state->masks[n] = mask;
    }
}

static const struct atlas_order *order_of(const struct atlas_state *state, const struct atlas_node *node)
{
    return &node->orders[node->order_of[state->class_index]];
}

static bool passes(const struct mask *mask, unsigned member)
{
    return (mask->up[member / 64] >> (member % 64) & 1) != 0;
}

// --- the strict walk ---------------------------------------------------------------------------------------

static bool try_node(struct atlas_state *state, uint32_t n);

static bool acceptable(struct atlas_state *state, uint32_t n, unsigned number)
{
    const struct atlas_member *member = &state->root->nodes[n].members[number];
    return passes(&state->masks[n], number) &&
           (member->target != TARGET_NODE || !member->evaluate || try_node(state, member->node));
}

static bool search_node(struct atlas_state *state, uint32_t n)
{
    const struct atlas_order *order = order_of(state, &state->root->nodes[n]);
    for (unsigned i = 0; i < order->count; i++) {
        if (acceptable(state, n, order->members[i])) {
            return true;
        }
    }
    return false;
}

// Whether the strict walk finds something, remembered until the next answer.
static bool try_node(struct atlas_state *state, uint32_t n)
{
    if (state->tried[n] >> 1 != state->round) {
        state->tried[n] = state->round << 1 | search_node(state, n);
    }
    return state->tried[n] & 1;
}

static void begin(struct atlas_state *state, uint32_t class_index)
{
    state->class_index = class_index;
    state->answer_count = 0;
    if (++state->round == UINT32_C(1) << 31) {
        memset(state->tried, 0, state->root->node_count * sizeof *state->tried);
        state->round = 1;
    }
}

// --- without chance ----------------------------------------------------------------------------------------

// The member that the walk takes at a node; fail_open is set when health was no help. -1: none is offered.
static int take(struct atlas_state *state, uint32_t n, bool *fail_open)
{
    const struct atlas_node *node = &state->root->nodes[n];
    const struct atlas_order *order = order_of(state, node);
    const struct mask *mask = &state->masks[n];
    for (unsigned i = 0; i < order->count; i++) {
        unsigned number = order->members[i];
        if (node->flat ? passes(mask, number) : acceptable(state, n, number)) {
            return (int)number;
        }
    }
    if (order->count == 0) {
        return -1;
    }
    *fail_open = true;
    return order->members[0];
}

struct atlas_answer atlas_answer(struct atlas_state *state, uint32_t class_index)
{
    struct atlas_answer answer = {.leaf = ATLAS_NO_LEAF, .share = 1};
    begin(state, class_index);
    uint32_t n = state->root->node_count - 1;
    for (;;) {
        int number = take(state, n, &answer.fail_open);
        const struct atlas_member *member = number >= 0 ? &state->root->nodes[n].members[number] : NULL;
        if (member == NULL || member->target == TARGET_NOTHING) {
            return answer;
        }
        if (member->target == TARGET_LEAF) {
            answer.leaf = member->leaf;
            return answer;
        }
        n = member->node;
    }
}

// --- with chance -------------------------------------------------------------------------------------------

static void add(struct atlas_state *state, uint32_t leaf, bool fail_open, double share)
{
    for (unsigned i = 0; i < state->answer_count; i++) {
        struct atlas_answer *answer = &state->answers[i];
        if (answer->leaf == leaf && answer->fail_open == fail_open) {
            answer->share += share;
            return;
        }
    }
    if (state->answer_count == state->answer_room) {
        state->answer_room = state->answer_room > 0 ? state->answer_room * 2 : 16;
        state->answers = xreallocarray(state->answers, state->answer_room, sizeof *state->answers);
    }
    state->answers[state->answer_count++] = (struct atlas_answer){leaf, fail_open, share};
}

static void walk(struct atlas_state *state, uint32_t n, bool fail_open, double share);

static void follow(struct atlas_state *state, const struct atlas_member *member, bool fail_open, double share)
{
    if (member->target == TARGET_NODE) {
        walk(state, member->node, fail_open, share);
    } else {
        add(state, member->target == TARGET_LEAF ? member->leaf : ATLAS_NO_LEAF, fail_open, share);
    }
}

// W1 to W3 and M1: members are drawn without replacement until one is acceptable, which makes each of these
// as probable as its weight among them; those without weight have a turn, alike, when no other is left.
static void walk_by_chance(struct atlas_state *state, uint32_t n, bool fail_open, double share)
{
    bool all = !try_node(state, n);
    const struct atlas_node *node = &state->root->nodes[n];
    const struct atlas_order *order = order_of(state, node);
    struct mask in = {{0}};
    uint32_t weight = 0;
    uint32_t count = 0;
    for (unsigned i = 0; i < order->count; i++) {
        unsigned number = order->members[i];
        if (all || acceptable(state, n, number)) {
            in.up[number / 64] |= UINT64_C(1) << (number % 64);
            weight += node->members[number].weight;
            count++;
        }
    }
    for (unsigned number = 0; number < node->member_count; number++) {
        const struct atlas_member *member = &node->members[number];
        if (passes(&in, number) && (weight == 0 || member->weight > 0)) {
            double part = weight > 0 ? (double)member->weight / weight : 1.0 / count;
            follow(state, member, fail_open || all, share * part);
        }
    }
}

static void walk(struct atlas_state *state, uint32_t n, bool fail_open, double share)
{
    const struct atlas_node *node = &state->root->nodes[n];
    bool open = false;
    if (node->by_chance) {
        walk_by_chance(state, n, fail_open, share);
        return;
    }
    int number = take(state, n, &open);
    if (number >= 0) {
        follow(state, &node->members[number], fail_open || open, share);
    } else {
        add(state, ATLAS_NO_LEAF, fail_open, share);
    }
}

unsigned atlas_answers(struct atlas_state *state, uint32_t class_index, const struct atlas_answer **out)
{
    begin(state, class_index);
    walk(state, state->root->node_count - 1, false, 1);
    *out = state->answers;
    return state->answer_count;
}
