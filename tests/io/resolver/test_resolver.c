// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "io/loop/clock.h"
#include "io/resolver/resolver.h"
#include "support/fake_dns.h"

static const struct fake_name names[] = {
    {.name = "one.example.com", .addresses = {"192.0.2.1"}},
    {.name = "four.example.com", .addresses = {"192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"}},
    {.name = "alias.example.com", .cname = "one.example.net", .addresses = {"192.0.2.9"}},
    {.name = "empty.example.com"},
    {.name = "broken.example.com", .rcode = 2},
    {.name = "silent.example.com", .silent = 1},
    {0},
};

struct lookup {
    struct loop *loop;
    bool in_call;
    unsigned done;
    size_t count;
    struct ip_address first;
};

static void on_done(const struct ip_address *addresses, size_t count, void *context)
{
    struct lookup *lookup = context;
    assert_false(lookup->in_call);
    lookup->done++;
    lookup->count = count;
    if (count > 0) {
        lookup->first = addresses[0];
    }
    loop_stop(lookup->loop);
}

static void look_up(struct loop *loop, struct resolver *resolver, const char *name, struct lookup *lookup)
{
    *lookup = (struct lookup){.loop = loop, .in_call = true};
    resolver_lookup(resolver, name, on_done, lookup);
    lookup->in_call = false;
    loop_run(loop);
    assert_int_equal(lookup->done, 1);
}

// P16, P17
static void test_names_have_their_ipv4_addresses_or_none(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        size_t count;
        const char *first;
    } cases[] = {
        {"one.example.com", 1, "192.0.2.1"},
        {"one.example.com.", 1, "192.0.2.1"},
        {"four.example.com", 4, NULL},
        {"alias.example.com", 1, "192.0.2.9"},
        {"empty.example.com", 0, NULL},
        {"missing.example.com", 0, NULL},
        {"broken.example.com", 0, NULL},
        {"silent.example.com", 0, NULL},
        {"localhost", 1, "127.0.0.1"},
        {"192.0.2.77", 1, "192.0.2.77"}, // a name that is an address stands for itself
        {"192.0.2", 0, NULL},
        {"::1", 0, NULL}, // never IPv6
        {"", 0, NULL},
        {"a..b", 0, NULL},
    };
    struct loop *loop = loop_create();
    struct fake_dns *dns = fake_dns_start(names);
    struct resolver *resolver = resolver_create(loop, fake_dns_server(dns), 600, NULL);
    assert_non_null(resolver);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct lookup lookup;
        look_up(loop, resolver, cases[i].name, &lookup);
        if (cases[i].first != NULL) {
            char text[IP_TEXT];
            assert_true(lookup.count >= 1);
            ip_format(&lookup.first, text);
            assert_string_equal(text, cases[i].first);
        } else {
            assert_int_equal(lookup.count, cases[i].count);
        }
    }
    assert_int_equal(fake_dns_other_queries(dns), 0);
    resolver_destroy(resolver);
    fake_dns_stop(dns);
    loop_destroy(loop);
}

// P17: no caching.
static void test_every_look_up_asks_again(void **state)
{
    (void)state;
    struct loop *loop = loop_create();
    struct fake_dns *dns = fake_dns_start(names);
    struct resolver *resolver = resolver_create(loop, fake_dns_server(dns), 2000, NULL);
    for (unsigned i = 1; i <= 5; i++) {
        struct lookup lookup;
        look_up(loop, resolver, "one.example.com", &lookup);
        assert_int_equal(lookup.count, 1);
        assert_int_equal(fake_dns_queries(dns), i);
    }
    resolver_destroy(resolver);
    fake_dns_stop(dns);
    loop_destroy(loop);
}

// P17
static void test_a_silent_server_is_given_up_after_the_timeout(void **state)
{
    (void)state;
    struct loop *loop = loop_create();
    struct fake_dns *dns = fake_dns_start(names);
    struct resolver *resolver = resolver_create(loop, fake_dns_server(dns), 300, NULL);
    struct lookup lookup;
    mono_time before = clock_mono();
    look_up(loop, resolver, "silent.example.com", &lookup);
    duration took = mono_since(clock_mono(), before);
    assert_int_equal(lookup.count, 0);
    assert_true(took >= DURATION_MS(290) && took < DURATION_S(30));
    resolver_destroy(resolver);
    fake_dns_stop(dns);
    loop_destroy(loop);
}

static void test_cancelled_and_destroyed_look_ups_are_silent(void **state)
{
    (void)state;
    struct loop *loop = loop_create();
    struct fake_dns *dns = fake_dns_start(names);
    struct resolver *resolver = resolver_create(loop, fake_dns_server(dns), 2000, NULL);
    struct lookup cancelled = {.loop = loop};
    struct lookup at_once = {.loop = loop};
    struct lookup left = {.loop = loop};
    struct lookup other;
    resolver_cancel(resolver_lookup(resolver, "one.example.com", on_done, &cancelled));
    resolver_cancel(resolver_lookup(resolver, "192.0.2.77", on_done, &at_once));
    look_up(loop, resolver, "four.example.com", &other);
    resolver_lookup(resolver, "silent.example.com", on_done, &left);
    resolver_lookup(resolver, "192.0.2.77", on_done, &left);
    resolver_destroy(resolver);
    assert_int_equal(cancelled.done + at_once.done + left.done, 0);
    fake_dns_stop(dns);
    loop_destroy(loop);
}

static void test_a_bad_server_list_is_refused(void **state)
{
    (void)state;
    struct loop *loop = loop_create();
    struct error error = {0};
    assert_null(resolver_create(loop, "not a server", 2000, &error));
    assert_non_null(strstr(error.text, "'not a server' is not a list of name servers"));
    loop_destroy(loop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_have_their_ipv4_addresses_or_none),
        cmocka_unit_test(test_every_look_up_asks_again),
        cmocka_unit_test(test_a_silent_server_is_given_up_after_the_timeout),
        cmocka_unit_test(test_cancelled_and_destroyed_look_ups_are_silent),
        cmocka_unit_test(test_a_bad_server_list_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
