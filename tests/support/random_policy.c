// SPDX-License-Identifier: MIT
#include "support/random_policy.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/xalloc.h"
#include "core/dns/rrtype.h"
#include "core/model/name_index.h"

enum { CHECKS = 6, GROUPS = 6, MEMBERS = 5, MULTIVALUE_MEMBERS = 10, RESOURCES = 4 };

static void __attribute__((format(printf, 2, 3))) put(struct random_policy *policy, const char *format, ...)
{
    va_list arguments;
    assert(policy->count < RANDOM_POLICY_LINES);
    va_start(arguments, format);
    int len = vsnprintf(policy->lines[policy->count++], RANDOM_POLICY_LINE, format, arguments);
    va_end(arguments);
    assert(len > 0 && len < RANDOM_POLICY_LINE);
    (void)len;
}

bool random_chance(struct random *random, unsigned percent)
{
    return random_below(random, 100) < percent;
}

// Few distinct bytes, so that blocks lie within one another.
static struct ip_address random_address(struct random *random)
{
    struct ip_address address = {.family = 4};
    if (random_chance(random, 25)) {
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

static void put_places(struct random *random, struct random_policy *policy)
{
    for (unsigned i = 0; i < PLACES; i++) {
        char row[RANDOM_POLICY_LINE] = "";
        for (unsigned k = 0; k < sizeof regions / sizeof regions[0]; k++) {
            size_t len = strlen(row); // five steps, so that there are ties (R7)
            snprintf(row + len, sizeof row - len, " %s=%u", regions[k], 10 * (1 + random_below(random, 5)));
        }
        put(policy, "%s%s", places[i], row);
    }
    put(policy, "default %s", place_names[random_below(random, PLACES)]);
    for (unsigned i = random_below(random, 12); i > 0; i--) {
        char prefix[IP_PREFIX_TEXT];
        struct ip_prefix block = random_prefix(random, 30, 64);
        ip_prefix_format(&block, prefix);
        put(policy, "client %s %s", prefix, place_names[random_below(random, PLACES)]);
    }
}

// I1: a block lies in one location only.
static void put_blocks(struct random *random, struct random_policy *policy)
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
            put(policy, "block %s %s", locations[1 + random_below(random, 3)], prefix);
        }
    }
}

// r3 has no IPv4 address.
static void put_resources(struct random *random, struct random_policy *policy)
{
    for (unsigned i = 0; i < RESOURCES; i++) {
        put(policy, "resource r%u.example.net. %s %u %s%u%s", i, i == 3 ? "AAAA" : "A",
            1 + random_below(random, 300), i == 3 ? "2001:db8::" : "198.51.100.", i,
            random_chance(random, 40) ? " unhealthy" : "");
    }
}

// UNDOCUMENTED rules read the other way.
static void put_knobs(struct random *random, struct random_policy *policy)
{
    static const char *const knobs[] = {"unmapped-located", "coarse-unmapped", "cidr-straight-default"};
    for (size_t i = 0; i < sizeof knobs / sizeof knobs[0]; i++) {
        if (random_chance(random, 25)) {
            put(policy, "knob %s 1", knobs[i]);
        }
    }
}

// An address, or an alias of a later group: no cycles. Few aliases lead nowhere (T5), some to a resource.
static const char *random_value(struct random *random, struct random_policy *policy, unsigned group,
                                bool alias)
{
    static char value[64];
    if (alias && group + 1 < GROUPS && random_chance(random, 60)) {
        unsigned target = group + 1 + random_below(random, GROUPS - group - 1);
        const char *how = random_chance(random, 70) ? "alias" : "blind";
        if (random_chance(random, 20)) {
            snprintf(value, sizeof value, "%s=r%u.example.net.", how[0] == 'a' ? "resource" : "blindresource",
                     random_below(random, RESOURCES));
        } else if (random_chance(random, 4)) {
            snprintf(value, sizeof value, "%s=nowhere.example.com.", how);
        } else {
            snprintf(value, sizeof value, "%s=g%u.example.com.", how, target);
        }
    } else {
        policy->addresses++;
        snprintf(value, sizeof value, "192.0.%u.%u", 2 + policy->addresses / 200, policy->addresses % 200);
    }
    return value;
}

static const char *random_check(struct random *random)
{
    static const char *const checks[CHECKS] = {"h0", "h1", "h2", "h3", "h4", "h5"};
    return random_chance(random, 70) ? checks[random_below(random, CHECKS)] : "-";
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

static void put_group(struct random *random, struct random_policy *policy, unsigned group)
{
    static const char *const words[ROUTING_POLICIES] = {"record", "weighted", "latency", "failover",
                                                        "geo",    "near",     "multi",   "cidr"};
    enum routing_policy_id kind = random_below(random, ROUTING_POLICIES);
    bool multivalue = kind == ROUTING_MULTIVALUE;
    unsigned most = multivalue ? MULTIVALUE_MEMBERS : kind == ROUTING_GEOLOCATION ? 8 : MEMBERS;
    unsigned ttl = 1 + random_below(random, 300);
    unsigned count = 0;
    for (unsigned i = 0; i < most && (multivalue || count < MEMBERS); i++) {
        const char *word = routing_word(random, kind, i);
        if (word == NULL || (kind != ROUTING_SIMPLE && random_chance(random, 25))) {
            continue;
        }
        unsigned own = multivalue ? 1 + random_below(random, 300) : ttl; // F7
        const char *value = random_value(random, policy, group, !multivalue);
        put(policy, "%s g%u.example.com. A %u %s %s %s", words[kind], group, own, word, value,
            random_check(random));
        count++;
    }
}

struct random_policy *random_policy_create(uint64_t seed)
{
    struct random random;
    struct random_policy *policy = xcalloc(1, sizeof *policy);
    random_seed(&random, seed);
    put(policy, "zone Z1 example.com.");
    for (unsigned i = 0; i < CHECKS; i++) {
        put(policy, "check h%u", i);
    }
    put_places(&random, policy);
    put_blocks(&random, policy);
    put_resources(&random, policy);
    put_knobs(&random, policy);
    for (unsigned i = 0; i < GROUPS; i++) {
        put_group(&random, policy, i);
    }
    return policy;
}

void random_policy_break_ties_by_chance(struct random_policy *policy)
{
    put(policy, "knob random-ties 1");
}

void random_policy_make_private(struct random_policy *policy)
{
    snprintf(policy->lines[0], RANDOM_POLICY_LINE,
             "zone Z1 example.com. vpc-a=us-east-1 vpc-b=eu-central-1 vpc-c=ap-northeast-1 vpc-d=us-west-2");
    put(policy, "vpc vpc-a us-east-1 0.0.0.0/0");
    put(policy, "vpc vpc-b eu-central-1 10.64.0.0/10");
    put(policy, "vpc vpc-c ap-northeast-1 11.0.0.0/8");
    put(policy, "vpc vpc-d us-west-2 ::/0");
}

struct test_view *random_policy_view(const struct random_policy *policy)
{
    struct buffer joined;
    buffer_init(&joined, 1 << 20);
    for (unsigned i = 0; i < policy->count; i++) {
        buffer_format(&joined, "%s\n", policy->lines[i]);
    }
    struct test_view *view = test_view_create(buffer_string(&joined));
    buffer_free(&joined);
    return view;
}

struct random_question random_question_make(struct random *random)
{
    struct random_question question = {.seed = random_next(random)};
    question.group = random_chance(random, 60) ? 0 : random_below(random, GROUPS);
    question.down = (uint32_t)random_next(random);
    question.down &= random_chance(random, 30) ? UINT32_MAX : (uint32_t)random_next(random);
    question.down |= random_chance(random, 20) ? UINT32_MAX : 0;
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

const struct record_group *random_question_group(const struct test_view *view,
                                                 const struct random_question *question)
{
    struct dns_name name;
    char text[32];
    snprintf(text, sizeof text, "g%u.example.com", question->group);
    bool good = dns_name_parse(bytes_of(text), &name, NULL);
    assert(good);
    dns_name_fold(&name);
    const struct name_node *node = zone_find_node(view->model->zones[0], &name);
    return good && node != NULL ? name_node_group(node, DNS_TYPE_A) : NULL;
}

void random_question_set_health(struct test_view *view, const struct random_question *question)
{
    for (uint32_t i = 0; i < view->model->health_check_count; i++) {
        status_table_set(view->status, i, (question->down >> i & 1) == 0);
    }
}

static bool needed(const char *line)
{
    static const char *const stay[] = {"zone", "vpc", "check", "place", "default", "resource"};
    for (size_t i = 0; i < sizeof stay / sizeof stay[0]; i++) {
        if (strncmp(line, stay[i], strlen(stay[i])) == 0) {
            return true;
        }
    }
    return false;
}

bool random_policy_drop(struct random_policy *policy, unsigned i)
{
    if (needed(policy->lines[i])) {
        return false;
    }
    memmove(policy->lines[i], policy->lines[i + 1], (policy->count - i - 1) * sizeof policy->lines[0]);
    policy->count--;
    return true;
}

void random_policy_show(const struct random_policy *policy, const struct random_question *question)
{
    char source[IP_TEXT];
    char subnet[IP_PREFIX_TEXT];
    const struct client *client = &question->client;
    for (unsigned i = 0; i < policy->count; i++) {
        fprintf(stderr, "%s\n", policy->lines[i]);
    }
    for (unsigned i = 0; i < CHECKS; i++) {
        fprintf(stderr, "h%u is %s\n", i, (question->down >> i & 1) != 0 ? "unhealthy" : "healthy");
    }
    fprintf(stderr, "asked: g%u.example.com; draws: seed %" PRIu64 "\n", question->group, question->seed);
    if (client->place != PLACE_NONE) {
        fprintf(stderr, "client: place %s\n", place_names[client->place]);
        return;
    }
    ip_format(&client->source, source);
    ip_prefix_format(&client->subnet, subnet);
    fprintf(stderr, "client: from %s, %ssubnet %s\n", source, client->has_subnet ? "" : "without its ",
            subnet);
}
