// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "base/xalloc.h"
#include "core/sample/counters.h"
#include "core/sample/replication.h"

static uint64_t hit(struct counters *counters, const char *client, int64_t now)
{
    uint64_t hits = 0;
    struct error error = {0};
    assert_int_equal(counters_hit(counters, client, (wall_time){now}, &hits, &error), COUNTERS_OK);
    return hits;
}

static struct counter_item get(const struct counters *counters, const char *client)
{
    struct counter_item item = {0};
    assert_true(counters_get(counters, client, &item));
    return item;
}

static void merge(struct counters *counters, struct counter_item item)
{
    struct error error = {0};
    assert_int_equal(counters_merge(counters, &item, &error), COUNTERS_OK);
}

static void test_hits_count_up_with_ever_later_times(void **state)
{
    (void)state;
    struct counters *counters = counters_create("us-east-1");
    assert_int_equal(hit(counters, "a", 1000), 1);
    assert_int_equal(hit(counters, "a", 1000), 2); // the clock stands still
    assert_int_equal(get(counters, "a").written_at.ns, 1001);
    assert_int_equal(hit(counters, "a", 5), 3); // and goes back
    assert_int_equal(get(counters, "a").written_at.ns, 1002);
    assert_int_equal(hit(counters, "a", 9000), 4);
    assert_int_equal(get(counters, "a").written_at.ns, 9000);
    assert_string_equal(get(counters, "a").region, "us-east-1");
    assert_int_equal(hit(counters, "b", 1), 1);
    assert_int_equal(counters_count(counters), 2);
    counters_destroy(counters);
}

static void test_the_greater_time_wins_and_then_the_greater_region(void **state)
{
    (void)state;
    static const struct {
        int64_t ours_at;
        const char *ours;
        int64_t theirs_at;
        const char *theirs;
        bool theirs_wins;
    } cases[] = {
        {10, "b", 11, "a", true},  {10, "b", 9, "c", false},  {10, "b", 10, "c", true},
        {10, "b", 10, "a", false}, {10, "b", 10, "b", false}, {0, "b", 0, "c", true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct counters *counters = counters_create("z");
        merge(counters, (struct counter_item){"x", 1, {cases[i].ours_at}, cases[i].ours, 0});
        uint64_t before = counters_sequence(counters);
        merge(counters, (struct counter_item){"x", 2, {cases[i].theirs_at}, cases[i].theirs, 0});
        assert_int_equal(get(counters, "x").hits, cases[i].theirs_wins ? 2 : 1);
        // What changes nothing is not passed on.
        assert_int_equal(counters_sequence(counters) - before, cases[i].theirs_wins ? 1 : 0);
        counters_destroy(counters);
    }
}

static void test_an_item_of_time_zero_is_taken_by_a_region_that_has_none(void **state)
{
    (void)state;
    struct counters *counters = counters_create("z");
    merge(counters, (struct counter_item){"x", 7, {0}, "a", 0});
    assert_int_equal(get(counters, "x").hits, 7);
    counters_destroy(counters);
}

static void test_a_region_goes_on_counting_from_what_it_got(void **state)
{
    (void)state;
    struct counters *counters = counters_create("us-east-1");
    merge(counters, (struct counter_item){"x", 41, {5000}, "eu-west-1", 0});
    assert_int_equal(hit(counters, "x", 1000), 42); // our clock is behind theirs
    assert_int_equal(get(counters, "x").written_at.ns, 5001);
    assert_string_equal(get(counters, "x").region, "us-east-1");
    counters_destroy(counters);
}

// --- convergence -------------------------------------------------------------------------------------------

enum { REGIONS = 3, CLIENTS = 4, STEPS = 400 };

struct letter {
    unsigned to;
    char *text;
};

static void deliver(struct counters *counters, const char *text)
{
    struct replication message;
    struct error error = {0};
    if (!replication_parse(bytes_of(text), &message, &error)) {
        fail_msg("%s", error.text);
    }
    assert_int_equal(replication_apply(&message, counters, &error), COUNTERS_OK);
    replication_free(&message);
}

// Hits everywhere, with clocks that disagree; every change is posted to all others at a random time, in any
// order, some twice.
static void converge(uint64_t seed)
{
    static const char *const names[REGIONS] = {"us-east-1", "eu-west-1", "ap-south-1"};
    struct counters *regions[REGIONS];
    struct letter mail[STEPS * REGIONS * 2];
    size_t waiting = 0;
    struct random random;
    random_seed(&random, seed);
    for (unsigned r = 0; r < REGIONS; r++) {
        regions[r] = counters_create(names[r]);
    }
    for (unsigned step = 0; step < STEPS || waiting > 0; step++) {
        if (step < STEPS) {
            unsigned at = random_below(&random, REGIONS);
            const char client[] = {(char)('a' + random_below(&random, CLIENTS)), '\0'};
            uint64_t since = counters_sequence(regions[at]);
            hit(regions[at], client, 100 + random_below(&random, 20)); // ties are common
            for (unsigned to = 0; to < REGIONS; to++) {
                for (unsigned copies = to == at ? 0 : 1 + random_below(&random, 2); copies > 0; copies--) {
                    uint64_t reached;
                    struct replication_sender sender = {names[at], "", "i"};
                    mail[waiting++] =
                        (struct letter){to, replication_print(&sender, regions[at], NULL, since, &reached)};
                }
            }
        }
        if (waiting > 0 && (step >= STEPS || random_below(&random, 3) > 0)) {
            unsigned pick = random_below(&random, (uint32_t)waiting);
            struct letter letter = mail[pick];
            mail[pick] = mail[--waiting];
            deliver(regions[letter.to], letter.text);
            free(letter.text);
        }
    }
    for (unsigned c = 0; c < CLIENTS; c++) {
        const char client[] = {(char)('a' + c), '\0'};
        for (unsigned r = 1; r < REGIONS; r++) {
            struct counter_item a = get(regions[0], client);
            struct counter_item b = get(regions[r], client);
            assert_int_equal(a.hits, b.hits);
            assert_true(a.written_at.ns == b.written_at.ns);
            assert_string_equal(a.region, b.region);
        }
    }
    for (unsigned r = 0; r < REGIONS; r++) {
        counters_destroy(regions[r]);
    }
}

static void test_regions_converge_in_whatever_order_changes_arrive(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 30; seed++) {
        converge(seed);
    }
}

// --- catching up -------------------------------------------------------------------------------------------

struct seen {
    char text[2000];
    size_t len;
    uint64_t last;
};

static void note(const struct counter_item *item, void *context)
{
    struct seen *seen = context;
    assert_true(item->sequence > seen->last);
    seen->last = item->sequence;
    seen->len += (size_t)snprintf(seen->text + seen->len, sizeof seen->text - seen->len, "%s%llu ",
                                  item->client, (unsigned long long)item->hits);
}

static void test_changes_since_a_sequence_name_each_item_once_latest_last(void **state)
{
    (void)state;
    struct counters *counters = counters_create("us-east-1");
    hit(counters, "a", 1); // 1
    hit(counters, "b", 1); // 2
    hit(counters, "c", 1); // 3
    hit(counters, "a", 1); // 4
    hit(counters, "b", 1); // 5
    static const struct {
        uint64_t since;
        size_t most;
        const char *expected;
    } cases[] = {
        {0, 10, "c1 a2 b2 "}, {2, 10, "c1 a2 b2 "}, {3, 10, "a2 b2 "}, {4, 10, "b2 "},
        {5, 10, ""},          {99, 10, ""},         {0, 2, "c1 a2 "},  {0, 0, ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct seen seen = {0};
        counters_changes(counters, cases[i].since, cases[i].most, note, &seen);
        assert_string_equal(seen.text, cases[i].expected);
    }
    counters_destroy(counters);
}

static void test_a_peer_that_was_away_catches_up_message_by_message(void **state)
{
    (void)state;
    enum { MANY = 3 * REPLICATION_ITEMS_MOST + 7 };
    struct counters *here = counters_create("us-east-1");
    struct counters *there = counters_create("eu-west-1");
    for (unsigned i = 0; i < MANY; i++) {
        char client[20];
        snprintf(client, sizeof client, "client-%u", i);
        hit(here, client, 1000 + i);
    }
    struct replication_sender sender = {"us-east-1", "127.0.0.1:1", "i"};
    uint64_t since = 0;
    unsigned messages = 0;
    for (bool more = true; more; messages++) {
        uint64_t reached;
        char *text = replication_print(&sender, here, NULL, since, &reached);
        deliver(there, text);
        struct replication message;
        assert_true(replication_parse(bytes_of(text), &message, NULL));
        assert_int_equal(message.sequence, reached);
        assert_string_equal(message.sender.at, "127.0.0.1:1");
        since = reached;
        more = message.more;
        replication_free(&message);
        free(text);
    }
    assert_int_equal(messages, 4);
    assert_int_equal(since, counters_sequence(here));
    assert_int_equal(counters_count(there), MANY);
    char *a = counters_print(here);
    char *b = counters_print(there);
    assert_string_equal(a, b);
    free(a);
    free(b);
    counters_destroy(here);
    counters_destroy(there);
}

static void test_a_message_may_leave_out_what_others_wrote(void **state)
{
    (void)state;
    struct counters *counters = counters_create("us-east-1");
    struct replication_sender sender = {"us-east-1", "", "i"};
    uint64_t reached;
    merge(counters, (struct counter_item){"theirs", 1, {5}, "eu-west-1", 0});
    assert_null(replication_print(&sender, counters, "us-east-1", 0, &reached));
    assert_int_equal(reached, 1);
    hit(counters, "ours", 1);
    char *text = replication_print(&sender, counters, "us-east-1", 0, &reached);
    assert_int_equal(reached, 2);
    assert_non_null(strstr(text, "\"ours\""));
    assert_null(strstr(text, "\"theirs\""));
    free(text);
    counters_destroy(counters);
}

// --- limits ------------------------------------------------------------------------------------------------

static void test_client_names_are_bounded(void **state)
{
    (void)state;
    struct counters *counters = counters_create("us-east-1");
    char name[COUNTERS_CLIENT_BYTES_MOST + 2];
    memset(name, 'x', sizeof name);
    name[sizeof name - 1] = '\0';
    uint64_t hits;
    struct error error = {0};
    assert_int_equal(counters_hit(counters, name, (wall_time){1}, &hits, &error), COUNTERS_INVALID);
    assert_non_null(strstr(error.text, "256"));
    name[sizeof name - 2] = '\0';
    assert_int_equal(hit(counters, name, 1), 1);
    assert_int_equal(counters_hit(counters, "", (wall_time){1}, &hits, NULL), COUNTERS_INVALID);
    assert_int_equal(counters_hit(counters, "\xff", (wall_time){1}, &hits, NULL), COUNTERS_INVALID);
    assert_int_equal(counters_count(counters), 1);
    counters_destroy(counters);
}

static void test_no_client_is_added_beyond_the_limit_but_old_ones_still_count(void **state)
{
    (void)state;
    struct counters *counters = counters_create("us-east-1");
    char client[20];
    for (unsigned i = 0; i < COUNTERS_CLIENTS_MOST; i++) {
        snprintf(client, sizeof client, "%u", i);
        hit(counters, client, 1);
    }
    uint64_t hits;
    struct error error = {0};
    assert_int_equal(counters_hit(counters, "one more", (wall_time){1}, &hits, &error), COUNTERS_FULL);
    assert_non_null(strstr(error.text, "100000"));
    struct counter_item item = {"one more", 1, {1}, "a", 0};
    assert_int_equal(counters_merge(counters, &item, NULL), COUNTERS_FULL);
    assert_int_equal(hit(counters, "0", 1), 2);
    counters_destroy(counters);
}

static void test_items_that_cannot_be_are_refused(void **state)
{
    (void)state;
    static const struct counter_item items[] = {
        {"", 1, {1}, "a", 0}, {"x", 1, {-1}, "a", 0},  {"x", 1, {INT64_MAX}, "a", 0},
        {"x", 1, {1}, "", 0}, {"x", 1, {1}, "a b", 0}, {"x", UINT64_MAX, {1}, "a", 0},
    };
    struct counters *counters = counters_create("us-east-1");
    for (size_t i = 0; i < sizeof items / sizeof items[0]; i++) {
        struct error error = {0};
        assert_int_equal(counters_merge(counters, &items[i], &error), COUNTERS_INVALID);
        assert_true(error.set);
    }
    assert_int_equal(counters_count(counters), 0);
    counters_destroy(counters);
}

static void test_messages_are_read_or_refused_with_the_reason(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *reason; // NULL: fine
    } cases[] = {
        {"{\"from\":\"a\",\"instance\":\"i\"}", NULL},
        {"{\"from\":\"a\",\"instance\":\"i\",\"items\":[],\"later\":1}", NULL},
        {"{\"from\":\"a\",\"instance\":\"i\",\"items\":[{\"client\":\"c\",\"hits\":1,\"written_at\":1,"
         "\"region\":\"a\"}]}",
         NULL},
        {"", "not JSON"},
        {"{", "not JSON: line 1"},
        {"[]", "\"from\""},
        {"{\"instance\":\"i\"}", "\"from\""},
        {"{\"from\":\"a b\",\"instance\":\"i\"}", "\"from\""},
        {"{\"from\":\"a\"}", "\"instance\""},
        {"{\"from\":\"a\",\"instance\":\"\"}", "\"instance\""},
        {"{\"from\":\"a\",\"instance\":\"i\",\"sequence\":-1}", "\"sequence\""},
        {"{\"from\":\"a\",\"instance\":\"i\",\"items\":{}}", "\"items\""},
        {"{\"from\":\"a\",\"instance\":\"i\",\"items\":[1]}", "items[0]"},
        {"{\"from\":\"a\",\"instance\":\"i\",\"items\":[{\"client\":\"c\",\"hits\":-1,\"written_at\":1,"
         "\"region\":\"a\"}]}",
         "items[0]"},
        {"{\"from\":\"a\",\"instance\":\"i\",\"items\":[{\"client\":\"c\",\"hits\":1.5,\"written_at\":1,"
         "\"region\":\"a\"}]}",
         "items[0]"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct replication message = {0};
        struct error error = {0};
        bool ok = replication_parse(bytes_of(cases[i].text), &message, &error);
        assert_int_equal(ok, cases[i].reason == NULL);
        if (ok) {
            replication_free(&message);
        } else if (strstr(error.text, cases[i].reason) == NULL) {
            fail_msg("%s: %s", cases[i].text, error.text);
        }
    }
}

static void test_a_full_message_stays_below_a_mebibyte(void **state)
{
    (void)state;
    struct counters *counters = counters_create("us-east-1");
    for (unsigned i = 0; i < REPLICATION_ITEMS_MOST; i++) {
        char name[COUNTERS_CLIENT_BYTES_MOST + 1];
        memset(name, 1, sizeof name); // six bytes each in JSON
        name[sizeof name - 1] = '\0';
        char digits[8];
        int len = snprintf(digits, sizeof digits, "%u", i);
        memcpy(name, digits, (size_t)len);
        struct counter_item item = {
            name, UINT64_C(1) << 62, {INT64_C(1) << 62}, "an-unusually-long-region-name", 0};
        merge(counters, item);
    }
    struct replication_sender sender = {"us-east-1", "127.0.0.1:1", "i"};
    uint64_t reached;
    char *text = replication_print(&sender, counters, NULL, 0, &reached);
    assert_true(strlen(text) < 1024 * 1024);
    free(text);
    counters_destroy(counters);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hits_count_up_with_ever_later_times),
        cmocka_unit_test(test_the_greater_time_wins_and_then_the_greater_region),
        cmocka_unit_test(test_an_item_of_time_zero_is_taken_by_a_region_that_has_none),
        cmocka_unit_test(test_a_region_goes_on_counting_from_what_it_got),
        cmocka_unit_test(test_regions_converge_in_whatever_order_changes_arrive),
        cmocka_unit_test(test_changes_since_a_sequence_name_each_item_once_latest_last),
        cmocka_unit_test(test_a_peer_that_was_away_catches_up_message_by_message),
        cmocka_unit_test(test_a_message_may_leave_out_what_others_wrote),
        cmocka_unit_test(test_client_names_are_bounded),
        cmocka_unit_test(test_no_client_is_added_beyond_the_limit_but_old_ones_still_count),
        cmocka_unit_test(test_items_that_cannot_be_are_refused),
        cmocka_unit_test(test_messages_are_read_or_refused_with_the_reason),
        cmocka_unit_test(test_a_full_message_stays_below_a_mebibyte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
