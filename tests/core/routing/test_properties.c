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
#include "core/model/name_index.h"
#include "support/model_dsl.h"
#include "support/slow_evaluator.h"

enum { LINES = 160, LINE = 256, CHECKS = 6, GROUPS = 6, MEMBERS = 5, MULTIVALUE_MEMBERS = 10, DRAWS = 600 };

// --- a random policy, line by line -------------------------------------------------------------------------

struct policy_text {
    char lines[LINES][LINE];
    unsigned count;
    unsigned addresses; // used so far: each record has one of its own
};

struct question {
    unsigned group;
    uint32_t down; // bit per check
    struct client client;
    uint64_t seed; // of the draws
};

static void __attribute__((format(printf, 2, 3))) put(struct policy_text *text, const char *format, ...)
{
    va_list arguments;
    assert_true(text->count < LINES);
    va_start(arguments, format);
    int len = vsnprintf(text->lines[text->count++], LINE, format, arguments);
    va_end(arguments);
    assert_in_range(len, 1, LINE - 1);
}

static bool chance(struct random *random, unsigned percent)
{
    return random_below(random, 100) < percent;
}

// Few distinct bytes, so that blocks lie within one another.
static struct ip_address random_address(struct random *random)
{
    struct ip_address address = {.family = 4};
    if (chance(random, 25)) {
        address.family = 6;
        memcpy(address.bytes, "\x20\x01\x0d\xb8", 4);
        address.bytes[4] = (uint8_t)(random_below(random, 2) * 128);
        address.bytes[5] = (uint8_t)random_below(random, 3);
        address.bytes[15] = (uint8_t)random_below(random, 256);
        return address;
    }
    address.bytes[0] = (uint8_t)(10 + random_below(random, 2));
    address.bytes[1] = (uint8_t)(random_below(random, 3) * 64);
    address.bytes[2] = (uint8_t)random_below(random, 4);
    address.bytes[3] = (uint8_t)random_below(random, 256);
    return address;
}

static struct ip_prefix random_prefix(struct random *random, unsigned most4, unsigned most6)
{
    struct ip_address address = random_address(random);
    unsigned length =
        address.family == 4 ? 6 + random_below(random, most4 - 5) : 28 + random_below(random, most6 - 27);
    return ip_prefix_of(&address, (uint8_t)length);
}

static const char *const places[] = {
    "place P-WA country=US state=WA continent=NA at=47.61,-122.33",
    "place P-US country=US continent=NA at=39.12,-98.35",
    "place P-NA continent=NA at=45.40,-75.70",
    "place DE continent=EU at=50.11,8.68",
    "place JP continent=AS at=35.68,139.69",
    "place CN continent=AS at=39.90,116.40",
    "place BR continent=SA at=-23.55,-46.63",
};
static const char *const place_names[] = {"P-WA", "P-US", "P-NA", "DE", "JP", "CN", "BR"};
static const char *const regions[] = {"us-east-1", "us-west-2", "eu-west-1", "ap-northeast-1", "cn-north-1"};
static const char *const areas[] = {"US-WA", "US", "DE", "continent:NA", "continent:EU", "*", "JP", "CN"};
static const char *const locations[] = {"*", "sea", "tyo", "fra"};
static const char *const sites[] = {"38.95,-77.45", "45.84,-119.70", "53.35,-6.26", "35.55,139.78",
                                    "38.95,-77.45"};
enum { PLACES = 7 };

static void put_places(struct random *random, struct policy_text *text)
{
    for (unsigned i = 0; i < PLACES; i++) {
        char row[LINE] = "";
        for (unsigned k = 0; k < sizeof regions / sizeof regions[0]; k++) {
            size_t len = strlen(row); // five steps, so that there are ties (R7)
            snprintf(row + len, sizeof row - len, " %s=%u", regions[k], 10 * (1 + random_below(random, 5)));
        }
        put(text, "%s%s", places[i], row);
    }
    put(text, "default %s", place_names[random_below(random, PLACES)]);
    for (unsigned i = random_below(random, 12); i > 0; i--) {
        char prefix[IP_PREFIX_TEXT];
        struct ip_prefix block = random_prefix(random, 30, 64);
        ip_prefix_format(&block, prefix);
        put(text, "client %s %s", prefix, place_names[random_below(random, PLACES)]);
    }
}

// I1: a block lies in one location only.
static void put_blocks(struct random *random, struct policy_text *text)
{
    struct ip_prefix seen[10];
    unsigned count = 0;
    for (unsigned i = random_below(random, 10); i > 0; i--) {
        char prefix[IP_PREFIX_TEXT];
        struct ip_prefix block = random_prefix(random, 24, 48);
        bool new = true;
        for (unsigned k = 0; k < count; k++) {
            new = new && !ip_prefix_equal(&seen[k], &block);
        }
        if (new) {
            seen[count++] = block;
            ip_prefix_format(&block, prefix);
            put(text, "block %s %s", locations[1 + random_below(random, 3)], prefix);
        }
    }
}

// An address, or an alias of a later group: no cycles. Few aliases lead nowhere (T5).
static const char *random_value(struct random *random, struct policy_text *text, unsigned group, bool alias)
{
    static char value[64];
    if (alias && group + 1 < GROUPS && chance(random, 60)) {
        unsigned target = group + 1 + random_below(random, GROUPS - group - 1);
        const char *how = chance(random, 70) ? "alias" : "blind";
        if (chance(random, 4)) {
            snprintf(value, sizeof value, "%s=nowhere.example.com.", how);
        } else {
            snprintf(value, sizeof value, "%s=g%u.example.com.", how, target);
        }
    } else {
        text->addresses++;
        snprintf(value, sizeof value, "192.0.%u.%u", 2 + text->addresses / 200, text->addresses % 200);
    }
    return value;
}

static const char *random_check(struct random *random)
{
    static const char *const checks[CHECKS] = {"h0", "h1", "h2", "h3", "h4", "h5"};
    return chance(random, 70) ? checks[random_below(random, CHECKS)] : "-";
}

// The word that says what routes to member i of a group; NULL when the policy has no more.
static const char *routing_word(struct random *random, enum routing_policy_id policy, unsigned i)
{
    static const unsigned weights[] = {0, 0, 1, 1, 2, 3, 10, 255};
    static const int biases[] = {0, 0, 25, -25, 60, 99, -99};
    static char word[64];
    switch (policy) {
    case ROUTING_SIMPLE:
        return i == 0 ? "" : NULL;
    case ROUTING_LATENCY:
        return regions[i];
    case ROUTING_FAILOVER:
        return i == 0 ? "primary" : i == 1 ? "secondary" : NULL;
    case ROUTING_GEOLOCATION:
        return areas[i];
    case ROUTING_CIDR:
        return i < 4 ? locations[i] : NULL;
    case ROUTING_MULTIVALUE:
        snprintf(word, sizeof word, "m%u", i);
        return word;
    case ROUTING_WEIGHTED:
        snprintf(word, sizeof word, "%c:%u", 'a' + (int)i, weights[random_below(random, 8)]);
        return word;
    case ROUTING_GEOPROXIMITY:
        snprintf(word, sizeof word, "%c:%s,%d", 'a' + (int)i, sites[i], biases[random_below(random, 7)]);
        return word;
    }
    return NULL;
}

static void put_group(struct random *random, struct policy_text *text, unsigned group)
{
    static const char *const words[ROUTING_POLICIES] = {"record", "weighted", "latency", "failover",
                                                        "geo",    "near",     "multi",   "cidr"};
    enum routing_policy_id policy = random_below(random, ROUTING_POLICIES);
    bool multivalue = policy == ROUTING_MULTIVALUE;
    unsigned most = multivalue ? MULTIVALUE_MEMBERS : policy == ROUTING_GEOLOCATION ? 8 : MEMBERS;
    unsigned ttl = 1 + random_below(random, 300);
    unsigned count = 0;
    for (unsigned i = 0; i < most && (multivalue || count < MEMBERS); i++) {
        const char *word = routing_word(random, policy, i);
        if (word == NULL || (policy != ROUTING_SIMPLE && chance(random, 25))) {
            continue;
        }
        unsigned own = multivalue ? 1 + random_below(random, 300) : ttl; // F7
        const char *value = random_value(random, text, group, !multivalue);
        put(text, "%s g%u.example.com. A %u %s %s %s", words[policy], group, own, word, value,
            random_check(random));
        count++;
    }
}

static struct policy_text *random_policy(uint64_t seed)
{
    struct random random;
    struct policy_text *text = xcalloc(1, sizeof *text);
    random_seed(&random, seed);
    put(text, "zone Z1 example.com.");
    for (unsigned i = 0; i < CHECKS; i++) {
        put(text, "check h%u", i);
    }
    put_places(&random, text);
    put_blocks(&random, text);
    for (unsigned i = 0; i < GROUPS; i++) {
        put_group(&random, text, i);
    }
    return text;
}

static struct test_view *view_of(const struct policy_text *text)
{
    struct buffer joined;
    buffer_init(&joined, 1 << 20);
    for (unsigned i = 0; i < text->count; i++) {
        buffer_format(&joined, "%s\n", text->lines[i]);
    }
    struct test_view *view = test_view_create(buffer_string(&joined));
    buffer_free(&joined);
    return view;
}

static struct question random_question(struct random *random)
{
    struct question question = {.seed = random_next(random)};
    question.group = chance(random, 60) ? 0 : random_below(random, GROUPS);
    question.down = (uint32_t)random_next(random);
    question.down &= chance(random, 30) ? UINT32_MAX : (uint32_t)random_next(random);
    question.down |= chance(random, 20) ? UINT32_MAX : 0;
    question.client.place = PLACE_NONE;
    switch (random_below(random, 3)) {
    case 0:
        question.client.place = random_below(random, PLACES);
        break;
    case 1:
        question.client.has_subnet = true;
        break;
    default:
        break;
    }
    if (question.client.place == PLACE_NONE) {
        question.client.source = random_address(random);
        question.client.subnet = random_prefix(random, 32, 128);
    }
    return question;
}

static const struct record_group *group_of(const struct test_view *view, unsigned number)
{
    struct dns_name name;
    char text[32];
    snprintf(text, sizeof text, "g%u.example.com", number);
    assert_true(dns_name_parse(bytes_of(text), &name, NULL));
    dns_name_fold(&name);
    const struct name_node *node = name_index_exact(view->model->names, &name);
    return node != NULL ? name_node_group(node, DNS_TYPE_A) : NULL;
}

static void set_health(struct test_view *view, const struct question *question)
{
    for (uint32_t i = 0; i < view->model->health_check_count; i++) {
        status_table_set(view->status, i, (question->down >> i & 1) == 0);
    }
}

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

typedef const char *(*property)(struct test_view *view, const struct question *question, struct fit *fit);

// Whether some answer exists whatever the client and the health: no branch ends in nothing.
static bool always_answers(const struct record_group *group)
{
    bool location = group->policy == ROUTING_GEOLOCATION || group->policy == ROUTING_CIDR;
    bool has_default = false;
    for (unsigned i = 0; i < group->member_count; i++) {
        const struct record_set *member = &group->members[i];
        has_default |= group->policy == ROUTING_GEOLOCATION ? member->routing.area.kind == GEO_DEFAULT
                                                            : member->routing.cidr.location == CIDR_DEFAULT;
        if (member->alias != NULL &&
            (member->alias->group == NULL || !always_answers(member->alias->group))) {
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

static const char *check_draws(const struct test_view *view, const struct question *question,
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

static const char *agrees(struct test_view *view, const struct question *question, struct fit *fit)
{
    const struct record_group *group = group_of(view, question->group);
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

static void decide_once(const struct test_view *view, const struct question *question,
                        const struct record_group *group, struct decision *out)
{
    struct random roll;
    random_seed(&roll, question->seed);
    struct decide_context context = {.view = &view->view, .client = &question->client, .roll = &roll};
    decide(&context, group, out);
}

static const char *answers(struct test_view *view, const struct question *question, struct fit *fit)
{
    const struct record_group *group = group_of(view, question->group);
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
static const char *prefers_healthy(struct test_view *view, const struct question *question, struct fit *fit)
{
    const struct record_group *group = group_of(view, question->group);
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

// --- the scope of answers
// ------------------------------------------------------------------------------------

struct reply {
    const struct record_set *sets[DECISION_RECORD_SETS_MAX];
    unsigned count;
    uint8_t scope;
};

// The record set, here or below, whose address this is: no two share one.
static const struct record_set *find_by_address(const struct record_group *group, struct bytes address)
{
    const struct record_set *found = NULL;
    for (unsigned i = 0; found == NULL && i < group->member_count; i++) {
        const struct record_set *member = &group->members[i];
        struct bytes rdata;
        size_t at = 0;
        if (member->alias == NULL) {
            assert_true(record_set_next(member, &at, &rdata));
            found = bytes_equal(rdata, address) ? member : NULL;
        } else if (member->alias->group != NULL) {
            found = find_by_address(member->alias->group, address);
        }
    }
    return found;
}

static void ask_once(const struct test_view *view, const struct question *question,
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
        out->sets[out->count] = find_by_address(group_of(view, question->group), record.rdata);
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
        address->bytes[i / 8] = (uint8_t)((address->bytes[i / 8] & ~mask) | (chance(random, 50) ? mask : 0));
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
static const char *holds_in_scope(struct test_view *view, const struct question *question, struct fit *fit)
{
    const struct record_group *group = group_of(view, question->group);
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

static const char *run_text(const struct policy_text *text, const struct question *question, property holds)
{
    struct fit unused = {0};
    struct test_view *view = view_of(text);
    set_health(view, question);
    const char *wrong = holds(view, question, &unused);
    test_view_destroy(view);
    return wrong;
}

static bool can_go(const char *line)
{
    static const char *const stay[] = {"zone", "check", "place", "default"};
    for (size_t i = 0; i < sizeof stay / sizeof stay[0]; i++) {
        if (strncmp(line, stay[i], strlen(stay[i])) == 0) {
            return false;
        }
    }
    return true;
}

// Leaves out lines as long as it still fails.
static void shrink(struct policy_text *text, const struct question *question, property holds)
{
    for (unsigned i = 0; i < text->count;) {
        struct policy_text shorter = *text;
        memmove(shorter.lines[i], shorter.lines[i + 1], (LINES - i - 1) * sizeof shorter.lines[0]);
        shorter.count--;
        if (can_go(text->lines[i]) && run_text(&shorter, question, holds) != NULL) {
            *text = shorter;
            i = 0;
        } else {
            i++;
        }
    }
}

static void show(const struct policy_text *text, const struct question *question, property holds,
                 uint64_t seed)
{
    char source[IP_TEXT];
    char subnet[IP_PREFIX_TEXT];
    const struct client *client = &question->client;
    ip_format(&client->source, source);
    ip_prefix_format(&client->subnet, subnet);
    print_error("policy seed %" PRIu64 ", draws seed %" PRIu64 ": %s\n", seed, question->seed,
                run_text(text, question, holds));
    for (unsigned i = 0; i < text->count; i++) {
        print_error("%s\n", text->lines[i]);
    }
    for (unsigned i = 0; i < CHECKS; i++) {
        print_error("h%u is %s\n", i, (question->down >> i & 1) != 0 ? "unhealthy" : "healthy");
    }
    print_error("asked: g%u.example.com, client: %s\n", question->group,
                client->place != PLACE_NONE ? place_names[client->place]
                : client->has_subnet        ? subnet
                                            : source);
    print_error("resolver: %s\n", source);
}

static void for_random_policies(unsigned policies, unsigned questions, property holds, struct fit *fit)
{
    for (uint64_t seed = 1; seed <= policies; seed++) {
        struct random random;
        random_seed_stream(&random, seed, 1);
        struct policy_text *text = random_policy(seed);
        struct test_view *view = view_of(text);
        for (unsigned i = 0; i < questions; i++) {
            struct question question = random_question(&random);
            set_health(view, &question);
            if (holds(view, &question, fit) != NULL) {
                shrink(text, &question, holds);
                show(text, &question, holds, seed);
                fail();
            }
        }
        test_view_destroy(view);
        free(text);
    }
}

// R1-R4, R6, R7, Q1, Q2, Q4, Q5, Q6, W1-W5, LT1, LT3, G1-G4, X1, X2, I1-I4, M1, M2, O1, T3, T5-T11: the
// frequencies fit too, case by case and taken together.
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
