// SPDX-License-Identifier: MIT
// Random policies, health states and clients: decide() against tests/support/slow_evaluator.h, which reads
// the rules a second time. A failure is shown as a policy in the words of model_dsl.h, as short as it fails.
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "core/answer/answer.h"
#include "core/dns/message.h"
#include "core/dns/rrtype.h"
#include "support/random_policy.h"
#include "support/slow_evaluator.h"

enum { DRAWS = 600 };

// --- what must hold ----------------------------------------------------------------------------------------

// Over all cases: how far the counts of draws are from what the slow evaluator expects.
struct fit {
    double excess; // sum of chi-square minus its mean
    double variance;
    unsigned cases;
    unsigned drawn;     // cases with more than one outcome
    unsigned fail_open; // cases where R3 was needed
    unsigned empty;     // cases without an answer
};

typedef const char *(*property)(struct test_view *view, const struct random_question *question,
                                struct fit *fit);

// Whether some answer exists whatever the client and the health: no branch ends in nothing.
static bool always_answers(const struct record_group *group)
{
    bool location = group->policy == ROUTING_GEOLOCATION || group->policy == ROUTING_CIDR;
    bool has_default = false;
    for (unsigned i = 0; i < group->member_count; i++) {
        const struct record_set *member = &group->members[i];
        has_default |= group->policy == ROUTING_GEOLOCATION ? member->routing.area.kind == GEO_DEFAULT
                                                            : member->routing.cidr.location == CIDR_DEFAULT;
        const struct alias_target *alias = member->alias;
        if (alias != NULL && alias->resource != NULL && alias->addresses == NULL) {
            return false;
        }
        if (alias != NULL && alias->resource == NULL &&
            (alias->group == NULL || !always_answers(alias->group))) {
            return false;
        }
    }
    return has_default || !location;
}

static uint32_t lowest_ttl(const struct decision *decision)
{
    uint32_t ttl = UINT32_MAX;
    for (unsigned i = 0; i < decision->count; i++) {
        ttl = decision->record_sets[i]->ttl < ttl ? decision->record_sets[i]->ttl : ttl;
    }
    return ttl;
}

// T3, F7, and the entry that explain and status name.
static const char *check_decision(const struct record_group *group, const struct decision *decision)
{
    if (decision->count == 0) {
        return NULL;
    }
    if (decision->entry < group->members || decision->entry >= group->members + group->member_count) {
        return "the entry is not in the group";
    }
    return decision->ttl == lowest_ttl(decision) ? NULL : "wrong TTL";
}

// One cell of Pearson's chi-square, of which there are k: the sum has mean k - 1 and, for N draws, exactly
// the variance 2(k - 1) + (sum of 1/p - k^2 - 2k + 2) / N.
struct cells {
    double chi_square;
    double inverse;
    double k;
};

static void add_cell(struct cells *cells, double p, double seen)
{
    double off = seen - DRAWS * p;
    cells->chi_square += off * off / (DRAWS * p);
    cells->inverse += 1 / p;
    cells->k++;
}

// Outcomes that are expected less than five times make one cell together: alone they would drown the rest.
static const char *check_counts(const struct slow_distribution *expected, const unsigned *seen,
                                struct fit *fit)
{
    struct cells cells = {0};
    double rare = 0;
    double rare_seen = 0;
    for (size_t i = 0; i < expected->count; i++) {
        double p = expected->outcomes[i].probability;
        if (fabs(seen[i] - DRAWS * p) > 6 * sqrt(DRAWS * p * (1 - p)) + 4) {
            return "far too often or too seldom";
        }
        if (DRAWS * p < 5) {
            rare += p;
            rare_seen += seen[i];
        } else {
            add_cell(&cells, p, seen[i]);
        }
    }
    if (DRAWS * rare >= 5) {
        add_cell(&cells, rare, rare_seen);
    } else if (rare > 0) {
        return NULL; // too rare even together: no fair cell
    }
    fit->excess += cells.chi_square - (cells.k - 1);
    fit->variance += 2 * (cells.k - 1) + (cells.inverse - cells.k * cells.k - 2 * cells.k + 2) / DRAWS;
    return NULL;
}

static const char *check_draws(const struct test_view *view, const struct random_question *question,
                               const struct record_group *group, const struct slow_distribution *expected,
                               unsigned *seen)
{
    struct random roll;
    random_seed(&roll, question->seed);
    for (unsigned i = 0; i < (expected->count == 1 ? 3 : DRAWS); i++) {
        struct decide_context context = {.view = &view->view, .client = &question->client, .roll = &roll};
        struct decision decision;
        decide(&context, group, &decision);
        const char *wrong = check_decision(group, &decision);
        if (wrong != NULL) {
            return wrong;
        }
        const struct slow_outcome *outcome =
            slow_find(expected, decision.record_sets, decision.count, decision.fail_open);
        if (outcome == NULL) {
            return slow_find(expected, decision.record_sets, decision.count, !decision.fail_open) != NULL
                       ? "wrong fail_open flag"
                       : "an answer that cannot be";
        }
        seen[outcome - expected->outcomes]++;
    }
    return NULL;
}

static const char *agrees(struct test_view *view, const struct random_question *question, struct fit *fit)
{
    const struct record_group *group = random_question_group(view, question);
    if (group == NULL) {
        return NULL;
    }
    struct slow_distribution expected = {0};
    slow_decide(&view->view, &question->client, group, &expected);
    unsigned *seen = xcalloc(expected.count, sizeof *seen);
    const char *wrong = check_draws(view, question, group, &expected, seen);
    if (wrong == NULL && expected.count > 1) {
        wrong = check_counts(&expected, seen, fit);
        fit->drawn++;
    }
    fit->cases++;
    fit->fail_open += expected.outcomes[0].fail_open;
    fit->empty += expected.outcomes[0].count == 0;
    free(seen);
    slow_distribution_free(&expected);
    return wrong;
}

static void decide_once(const struct test_view *view, const struct random_question *question,
                        const struct record_group *group, struct decision *out)
{
    struct random roll;
    random_seed(&roll, question->seed);
    struct decide_context context = {.view = &view->view, .client = &question->client, .roll = &roll};
    decide(&context, group, out);
}

static const char *answers(struct test_view *view, const struct random_question *question, struct fit *fit)
{
    const struct record_group *group = random_question_group(view, question);
    if (group == NULL || !always_answers(group)) {
        return NULL;
    }
    struct decision decision;
    decide_once(view, question, group, &decision);
    fit->cases++;
    fit->fail_open += decision.fail_open;
    return decision.count > 0 ? NULL : "no answer";
}

// No help from the slow evaluator here: what was answered is healthy, or nothing above it was.
static const char *prefers_healthy(struct test_view *view, const struct random_question *question,
                                   struct fit *fit)
{
    const struct record_group *group = random_question_group(view, question);
    if (group == NULL) {
        return NULL;
    }
    struct decision decision;
    decide_once(view, question, group, &decision);
    fit->cases++;
    if (decision.count == 0 || decision.fail_open) {
        return NULL;
    }
    if (!slow_healthy(&view->view, decision.entry)) { // T8
        return "an unhealthy entry without fail-open";
    }
    for (unsigned i = 0; i < decision.count; i++) {
        if (!slow_healthy(&view->view, decision.record_sets[i])) {
            return "an unhealthy answer without fail-open";
        }
    }
    return NULL;
}

// --- the scope of answers ----------------------------------------------------------------------------------

struct reply {
    const struct record_set *sets[DECISION_RECORD_SETS_MAX];
    unsigned count;
    uint8_t scope;
};

static bool has_address(const struct record_set *record_set, struct bytes address)
{
    struct bytes rdata;
    size_t at = 0;
    return record_set != NULL && record_set_next(record_set, &at, &rdata) && bytes_equal(rdata, address);
}

// The record set, here or below, whose address this is: no two share one.
static const struct record_set *find_by_address(const struct record_group *group, struct bytes address)
{
    const struct record_set *found = NULL;
    for (unsigned i = 0; found == NULL && i < group->member_count; i++) {
        const struct record_set *member = &group->members[i];
        if (member->alias == NULL || member->alias->resource != NULL) {
            const struct record_set *own = member->alias == NULL ? member : member->alias->addresses;
            found = has_address(own, address) ? own : NULL;
        } else if (member->alias->group != NULL) {
            found = find_by_address(member->alias->group, address);
        }
    }
    return found;
}

static void ask_once(const struct test_view *view, const struct random_question *question,
                     const struct client *client, struct random *roll, struct reply *out)
{
    static uint8_t bytes[ANSWER_MAX];
    uint8_t query[DNS_UDP_MIN];
    char text[32];
    struct dns_name name;
    struct dns_reply reply;
    struct dns_record record;
    struct answer_counters counters = {0};
    struct answer_origin origin = {.source = client->source, .place = client->place, .tcp = true};
    struct dns_client_subnet subnet = {true, client->subnet.address, client->subnet.length};
    snprintf(text, sizeof text, "g%u.example.com", question->group);
    assert_true(dns_name_parse(bytes_of(text), &name, NULL));
    size_t len = dns_query_write(query, sizeof query, 1, &name, DNS_TYPE_A, true, &subnet);
    len = answer(&view->view, query, len, &origin, roll, &counters, bytes, sizeof bytes);
    assert_true(dns_reply_parse(bytes, len, &reply));
    assert_int_equal(reply.rcode, DNS_RCODE_NOERROR);
    *out = (struct reply){.scope = reply.subnet_scope};
    size_t at = reply.records_at;
    while (out->count < reply.counts[1] && dns_reply_next(bytes, len, &at, &record)) {
        out->sets[out->count] = find_by_address(random_question_group(view, question), record.rdata);
        assert_non_null(out->sets[out->count++]);
    }
}

// Some other address that shares so many bits, asked for in full.
static struct client neighbour(const struct client *client, unsigned shared, struct random *random)
{
    struct client other = *client;
    struct ip_address *address = &other.subnet.address;
    for (unsigned i = shared; i < ip_bits(address); i++) {
        uint8_t mask = (uint8_t)(128 >> i % 8);
        address->bytes[i / 8] =
            (uint8_t)((address->bytes[i / 8] & ~mask) | (random_chance(random, 50) ? mask : 0));
    }
    other.subnet.length = ip_bits(address);
    return other;
}

static bool draws_lots(const struct record_group *group)
{
    bool lots = group->policy == ROUTING_WEIGHTED && group->member_count > 1;
    for (unsigned i = 0; i < group->member_count && !lots; i++) {
        const struct alias_target *alias = group->members[i].alias;
        lots = alias != NULL && alias->group != NULL && draws_lots(alias->group);
    }
    return lots;
}

static bool possible(const struct slow_distribution *distribution, const struct reply *reply)
{
    return slow_find(distribution, reply->sets, reply->count, false) != NULL ||
           slow_find(distribution, reply->sets, reply->count, true) != NULL;
}

// Where weights decide whether the location is consulted at all, one answer says nothing of the others: there
// its neighbours must only be able to get the same.
static const char *holds_in_scope(struct test_view *view, const struct random_question *question,
                                  struct fit *fit)
{
    const struct record_group *group = random_question_group(view, question);
    struct client client = question->client;
    struct random random;
    struct reply reply;
    if (group == NULL || client.place != PLACE_NONE) {
        return NULL;
    }
    random_seed(&random, question->seed);
    client = neighbour(&client, client.subnet.length, &random);
    client.has_subnet = true;
    struct slow_distribution mine = {0};
    struct slow_distribution theirs = {0};
    const char *wrong = NULL;
    slow_decide(&view->view, &client, group, &mine);
    for (unsigned i = 0; i < 4 && wrong == NULL; i++) {
        ask_once(view, question, &client, &random, &reply);
        struct client other = neighbour(&client, reply.scope, &random);
        slow_decide(&view->view, &other, group, &theirs);
        if (!possible(&mine, &reply)) {
            wrong = "an answer that cannot be";
        } else if (!possible(&theirs, &reply) || (!draws_lots(group) && !slow_equal(&mine, &theirs))) {
            wrong = "a neighbour within the scope is answered otherwise";
        }
        fit->drawn += reply.scope > 0 && reply.scope < ip_bits(&client.subnet.address);
    }
    fit->cases++;
    slow_distribution_free(&mine);
    slow_distribution_free(&theirs);
    return wrong;
}

// --- running and repeating ---------------------------------------------------------------------------------

static const char *run_policy(const struct random_policy *policy, const struct random_question *question,
                              property holds)
{
    struct fit unused = {0};
    struct test_view *view = random_policy_view(policy);
    random_question_set_health(view, question);
    const char *wrong = holds(view, question, &unused);
    test_view_destroy(view);
    return wrong;
}

// Leaves out lines as long as it still fails.
static void shrink(struct random_policy *policy, const struct random_question *question, property holds)
{
    for (unsigned i = 0; i < policy->count;) {
        struct random_policy shorter = *policy;
        if (random_policy_drop(&shorter, i) && run_policy(&shorter, question, holds) != NULL) {
            *policy = shorter;
            i = 0;
        } else {
            i++;
        }
    }
}

static void for_random_policies(unsigned policies, unsigned questions, property holds, struct fit *fit)
{
    for (uint64_t seed = 1; seed <= policies; seed++) {
        struct random random;
        random_seed_stream(&random, seed, 1);
        struct random_policy *policy = random_policy_create(seed);
        if (seed % 4 == 0) {
            random_policy_break_ties_by_chance(policy);
        }
        if (seed % 5 == 0) {
            random_policy_make_private(policy);
        }
        struct test_view *view = random_policy_view(policy);
        for (unsigned i = 0; i < questions; i++) {
            struct random_question question = random_question_make(&random);
            random_question_set_health(view, &question);
            if (holds(view, &question, fit) != NULL) {
                shrink(policy, &question, holds);
                random_policy_show(policy, &question);
                fail_msg("seed %" PRIu64 ": %s", seed, run_policy(policy, &question, holds));
            }
        }
        test_view_destroy(view);
        free(policy);
    }
}

// R1-R4, R6, R7, Q1, Q2, Q4-Q6, W1-W5, LT1-LT3, LT6, G1-G4, G6, X1, X2, I1-I4, M1, M2, O1, T3, T5-T11, D22:
// the frequencies fit too, case by case and taken together.
static void test_decisions_are_those_of_the_rules_read_a_second_time(void **state)
{
    (void)state;
    struct fit fit = {0};
    for_random_policies(1000, 8, agrees, &fit);
    double sigmas = fit.excess / sqrt(fit.variance);
    print_message("%u cases, %u left to chance, %u by fail-open, %u empty; chi-square off by %.2f sigma\n",
                  fit.cases, fit.drawn, fit.fail_open, fit.empty, sigmas);
    assert_true(fit.cases > 6000 && fit.drawn > 800 && fit.fail_open > 300 && fit.empty > 20);
    assert_true(fabs(sigmas) < 4);
}

// R3, T10
static void test_health_alone_never_leaves_a_question_without_an_answer(void **state)
{
    (void)state;
    struct fit fit = {0};
    for_random_policies(600, 8, answers, &fit);
    assert_true(fit.cases > 1000 && fit.fail_open > 200);
}

// R1, Q1, T8
static void test_nothing_unhealthy_answers_unless_by_fail_open(void **state)
{
    (void)state;
    struct fit fit = {0};
    for_random_policies(600, 8, prefers_healthy, &fit);
    assert_true(fit.cases > 3000);
}

// E5, RFC 7871 section 7.2.1: a cache may give the answer to everybody in the scope.
static void test_an_answer_holds_for_everybody_in_its_scope(void **state)
{
    (void)state;
    struct fit fit = {0};
    for_random_policies(600, 8, holds_in_scope, &fit);
    assert_true(fit.cases > 1000 && fit.drawn > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_decisions_are_those_of_the_rules_read_a_second_time),
        cmocka_unit_test(test_health_alone_never_leaves_a_question_without_an_answer),
        cmocka_unit_test(test_nothing_unhealthy_answers_unless_by_fail_open),
        cmocka_unit_test(test_an_answer_holds_for_everybody_in_its_scope),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
