// SPDX-License-Identifier: MIT
// Caches in virtual time, against closed forms: to the second, since that is the step of phases.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>

#include "core/population/caches.h"
#include "support/model_dsl.h"

enum { NEVER = -1 };

#define AT(seconds) ((mono_time){DURATION_S(seconds)})

// One class of clients, half of them in DE and half in JP.
struct run {
    struct test_view *view;
    struct population *population;
    struct caches *caches;
    json_t *report;
    uint32_t old;
    uint32_t new;
};

static void begin(struct run *run, const char *class_name, const struct resolver_kind *resolver)
{
    struct weighted_class class = {client_class_find(class_name), 1};
    run->view =
        test_view_create("zone Z1 example.com.\n"
                         "place DE us-east-1=90 eu-west-1=25\nplace JP us-east-1=150 eu-west-1=210\n");
    run->population = population_create(run->view->model);
    assert_int_equal(run->population->count, 2);
    assert_non_null(class.class);
    struct caches_config config = {
        .model = run->view->model,
        .population = run->population,
        .latency = run->view->latency,
        .class_count = 1,
        .classes = &class,
        .resolver_count = resolver != NULL ? 1 : 0,
        .resolvers = resolver,
    };
    run->caches = caches_create(&config);
    run->old = caches_site(run->caches, "eu-west-1", region_find(bytes_of("eu-west-1")), INFINITY);
    run->new = caches_site(run->caches, "us-east-1", region_find(bytes_of("us-east-1")), 0.6);
}

// DE moves from eu-west-1 to us-east-1 at that time; JP has been at us-east-1 all the time.
static void move_at(struct run *run, mono_time at, uint32_t ttl)
{
    caches_answer(run->caches, 0, AT(0), run->old, ttl);
    caches_answer(run->caches, 1, AT(0), run->new, ttl);
    caches_answer(run->caches, 0, at, run->new, ttl);
}

static void finish(struct run *run, mono_time end)
{
    run->report = caches_report(run->caches, end);
}

static void end(struct run *run)
{
    json_decref(run->report);
    caches_destroy(run->caches);
    population_destroy(run->population);
    test_view_destroy(run->view);
}

static const json_t *class_of(const struct run *run)
{
    return json_array_get(json_object_get(run->report, "classes"), 0);
}

static int seconds(const struct run *run, unsigned move, const char *key)
{
    const json_t *value = json_object_get(json_array_get(json_object_get(class_of(run), "moves"), move), key);
    assert_non_null(value);
    return json_is_null(value) ? NEVER : (int)json_integer_value(value);
}

static void assert_moved(const struct run *run, unsigned move, int half, int most, int all)
{
    assert_int_equal(seconds(run, move, "seconds_50"), half);
    assert_int_equal(seconds(run, move, "seconds_95"), most);
    assert_int_equal(seconds(run, move, "seconds_100"), all);
}

static double failed_seconds(const struct run *run)
{
    return json_real_value(json_object_get(class_of(run), "failed_seconds"));
}

static void assert_near(double value, double wanted)
{
    if (!(fabs(value - wanted) < 1e-6)) {
        fail_msg("%.9f is not %.9f", value, wanted);
    }
}

// The time until a resolver asks again is uniform over 1 to TTL seconds.
static void test_resolvers_move_uniformly_over_the_ttl(void **state)
{
    (void)state;
    static const struct {
        uint32_t ttl;
        duration least;
        duration most;
        duration stale;
        int half, nearly, all;
    } cases[] = {
        {60, 0, INT64_MAX, 0, 30, 57, 60},
        {300, 0, INT64_MAX, 0, 150, 285, 300},
        {0, 0, INT64_MAX, 0, 1, 1, 1},
        {60, DURATION_S(300), INT64_MAX, 0, 150, 285, 300}, // a floor
        {3600, 0, DURATION_S(100), 0, 50, 95, 100},         // a ceiling
        {60, 0, INT64_MAX, DURATION_S(40), 50, 95, 100},    // RFC 8767
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct resolver_kind resolver = resolver_plain;
        struct run run;
        resolver.ttl_least = cases[i].least;
        resolver.ttl_most = cases[i].most;
        resolver.stale = cases[i].stale;
        begin(&run, "glibc", &resolver);
        move_at(&run, AT(1000), cases[i].ttl);
        finish(&run, AT(2000));
        assert_moved(&run, 0, cases[i].half, cases[i].nearly, cases[i].all);
        end(&run);
    }
}

// An outage of 90 s until Route 53 knows, and then 1 to 60 s, 30.5 on average; half of the clients are in DE.
static void test_requests_fail_until_the_answer_changed_and_the_cache_expired(void **state)
{
    (void)state;
    struct run run;
    begin(&run, "glibc", NULL);
    caches_site_up(run.caches, run.old, AT(910), false);
    move_at(&run, AT(1000), 60);
    finish(&run, AT(2000));
    assert_near(failed_seconds(&run), (90 + 30.5) / 2);
    end(&run);
}

// A client asks every 30 s a resolver that asks every 60 s, and has to be the second.
static void test_a_jvm_behind_a_resolver_is_the_convolution_of_both(void **state)
{
    (void)state;
    double after[200] = {0};
    double sum = 0;
    for (int resolver = 1; resolver <= 60; resolver++) {
        for (int client = 1; client <= 30; client++) {
            int left = client;
            while (left < resolver) {
                left += 30;
            }
            after[left]++;
            sum += left;
        }
    }
    int half = 0;
    int most = 0;
    int all = 0;
    double left = 0;
    for (int i = 0; i < 200; i++) {
        left += after[i];
        half = half == 0 && left >= 900 ? i : half;
        most = most == 0 && left >= 1710 ? i : most;
        all = all == 0 && left >= 1800 ? i : all;
    }
    assert_int_equal(all, 89);
    struct run run;
    begin(&run, "jvm", NULL);
    caches_site_up(run.caches, run.old, AT(1000), false);
    move_at(&run, AT(1000), 60);
    finish(&run, AT(2000));
    assert_moved(&run, 0, half, most, all);
    assert_near(failed_seconds(&run), sum / 1800 / 2);
    end(&run);
}

static void test_a_jvm_that_keeps_names_for_good_never_moves(void **state)
{
    (void)state;
    struct run run;
    begin(&run, "jvm-forever", NULL);
    caches_site_up(run.caches, run.old, AT(910), false);
    move_at(&run, AT(1000), 60);
    finish(&run, AT(2000));
    assert_moved(&run, 0, NEVER, NEVER, NEVER);
    assert_near(failed_seconds(&run), (2000 - 910) / 2.0);
    end(&run);
}

// Nothing ends a connection that works: a drain does not move these clients.
static void test_connections_that_are_kept_stay_until_the_site_dies(void **state)
{
    (void)state;
    static const char *const classes[] = {"go", "grpc"};
    for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++) {
        struct run run;
        begin(&run, classes[i], NULL);
        move_at(&run, AT(1000), 60);
        caches_site_up(run.caches, run.old, AT(1500), false);
        finish(&run, AT(2000));
        assert_moved(&run, 0, 500, 500, 500); // the answer has long changed: at once
        assert_near(failed_seconds(&run), 0);
        end(&run);
    }
}

static void test_a_pool_moves_as_its_connections_get_old(void **state)
{
    (void)state;
    struct resolver_kind resolver = resolver_plain;
    struct run run;
    resolver.ttl_most = DURATION_S(1);
    begin(&run, "pool", &resolver);
    move_at(&run, AT(10000), 60);
    finish(&run, AT(20000));
    assert_moved(&run, 0, 900, 1710, 1800);
    end(&run);
}

// gRPC asks when its connection dies, hears the old answer, and may ask again 30 s later: at 1000, 1030, ...
static void test_grpc_asks_again_every_thirty_seconds_while_its_site_is_dead(void **state)
{
    (void)state;
    struct resolver_kind resolver = resolver_plain;
    struct run run;
    resolver.ttl_most = DURATION_S(1);
    begin(&run, "grpc", &resolver);
    caches_site_up(run.caches, run.old, AT(1000), false);
    move_at(&run, AT(1075), 60);
    finish(&run, AT(2000));
    assert_moved(&run, 0, 15, 15, 15);
    assert_near(failed_seconds(&run), 90 / 2.0);
    end(&run);
}

static void test_failing_back_before_all_have_left_ends_the_move(void **state)
{
    (void)state;
    struct run run;
    begin(&run, "glibc", NULL);
    move_at(&run, AT(1000), 60);
    caches_answer(run.caches, 0, AT(1045), run.old, 60);
    finish(&run, AT(2000));
    assert_moved(&run, 0, 30, 45, 45); // whoever asked before 1045 left, the rest is where it should be
    // of those who left, the last asks again 60 s after 1045; the others were right all along
    assert_int_equal(seconds(&run, 1, "seconds_100"), 60);
    end(&run);
}

// JP at 150 ms all the time. DE at 25 ms, then 90: for 1000 s less 30.5 on average.
static void test_added_latency_is_against_the_answer_at_the_start(void **state)
{
    (void)state;
    struct run run;
    begin(&run, "glibc", NULL);
    move_at(&run, AT(1000), 60);
    finish(&run, AT(2000));
    double added = json_real_value(json_object_get(class_of(&run), "added_ms"));
    assert_near(added, 65 * (1000 - 30.5) / 2000 / 2);
    end(&run);
}

// us-east-1 bears 60 %: it has 50 %, then all. It is beyond 60 % once a fifth of DE has come.
static void test_load_over_capacity_is_counted_in_seconds(void **state)
{
    (void)state;
    struct run run;
    begin(&run, "glibc", NULL);
    move_at(&run, AT(500), 60);
    finish(&run, AT(1000));
    const json_t *site = json_array_get(json_object_get(run.report, "sites"), 1);
    assert_string_equal(json_string_value(json_object_get(site, "site")), "us-east-1");
    assert_near(json_real_value(json_object_get(run.report, "bucket_seconds")), 1);
    assert_near(json_real_value(json_object_get(site, "peak_percent")), 100);
    assert_near(json_real_value(json_object_get(site, "peak_at")), 560);
    assert_near(json_real_value(json_object_get(site, "seconds_over_capacity")), 1000 - 513);
    const json_t *load = json_object_get(site, "load_percent");
    assert_int_equal(json_array_size(load), 1000);
    assert_near(json_real_value(json_array_get(load, 0)), 50);
    assert_near(json_real_value(json_array_get(load, 530)), 50 + 50 * 30 / 60.0);
    end(&run);
}

// E1: without a client subnet Route 53 sees the resolver only.
static void test_a_resolver_elsewhere_gets_the_answers_of_its_own_place(void **state)
{
    (void)state;
    struct resolver_kind resolver = resolver_plain;
    for (int subnet = 0; subnet <= 1; subnet++) {
        struct run run;
        resolver.place = 1;
        resolver.client_subnet = subnet != 0;
        begin(&run, "glibc", &resolver);
        move_at(&run, AT(1000), 60);
        finish(&run, AT(2000));
        assert_int_equal(json_array_size(json_object_get(class_of(&run), "moves")), subnet);
        end(&run);
    }
}

// A browser keeps the TTL of 60 from when it asked: up to 60 s more than its resolver. 95 % and all are where
// the grid of phases says.
static void test_a_browser_keeps_an_answer_for_a_minute_at_least(void **state)
{
    (void)state;
    struct run run;
    begin(&run, "browser", NULL);
    move_at(&run, AT(1000), 60);
    finish(&run, AT(2000));
    assert_int_equal(seconds(&run, 0, "seconds_100"), 119);
    end(&run);
    begin(&run, "browser", NULL);
    move_at(&run, AT(1000), 300); // as long as the resolver, to the second
    finish(&run, AT(2000));
    assert_int_equal(seconds(&run, 0, "seconds_50"), 150);
    end(&run);
}

static void test_the_same_run_gives_the_same_report(void **state)
{
    (void)state;
    char *texts[2];
    for (int i = 0; i < 2; i++) {
        struct run run;
        begin(&run, "pool", NULL); // more combinations of phases than are walked
        caches_site_up(run.caches, run.old, AT(910), false);
        move_at(&run, AT(1000), 60);
        finish(&run, AT(5000));
        texts[i] = json_dumps(run.report, 0);
        end(&run);
    }
    assert_string_equal(texts[0], texts[1]);
    free(texts[0]);
    free(texts[1]);
}

static void test_the_text_has_a_line_a_class_and_a_site(void **state)
{
    (void)state;
    struct run run;
    struct buffer text;
    buffer_init(&text, 65536);
    begin(&run, "glibc", NULL);
    move_at(&run, AT(500), 60);
    finish(&run, AT(1000));
    caches_text(run.report, &text);
    assert_string_equal(buffer_string(&text),
                        "clients through their caches, 1000 s:\n"
                        "  class            failing added ms  change at   moves  50 % by  95 % by   all by\n"
                        "  glibc              0.0 s    +15.3      500 s  50.0 %     30 s     57 s     60 s\n"
                        "most of a site's load:\n"
                        "  eu-west-1             50.0 % at 0 s\n"
                        "  us-east-1            100.0 % at 560 s, of 60.0 %: over it for 487 s\n");
    buffer_free(&text);
    end(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_resolvers_move_uniformly_over_the_ttl),
        cmocka_unit_test(test_requests_fail_until_the_answer_changed_and_the_cache_expired),
        cmocka_unit_test(test_a_jvm_behind_a_resolver_is_the_convolution_of_both),
        cmocka_unit_test(test_a_jvm_that_keeps_names_for_good_never_moves),
        cmocka_unit_test(test_connections_that_are_kept_stay_until_the_site_dies),
        cmocka_unit_test(test_a_pool_moves_as_its_connections_get_old),
        cmocka_unit_test(test_grpc_asks_again_every_thirty_seconds_while_its_site_is_dead),
        cmocka_unit_test(test_failing_back_before_all_have_left_ends_the_move),
        cmocka_unit_test(test_added_latency_is_against_the_answer_at_the_start),
        cmocka_unit_test(test_load_over_capacity_is_counted_in_seconds),
        cmocka_unit_test(test_a_resolver_elsewhere_gets_the_answers_of_its_own_place),
        cmocka_unit_test(test_a_browser_keeps_an_answer_for_a_minute_at_least),
        cmocka_unit_test(test_the_same_run_gives_the_same_report),
        cmocka_unit_test(test_the_text_has_a_line_a_class_and_a_site),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
