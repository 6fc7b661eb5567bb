// SPDX-License-Identifier: MIT
#include "io/dns/fixture.h"

static void ask_in_windows(int fd, unsigned queries)
{
    enum { WINDOW = 100 };
    uint8_t *seen = xcalloc(queries, 1);
    for (unsigned sent = 0; sent < queries; sent += WINDOW) {
        for (unsigned i = 0; i < WINDOW; i++) {
            udp_send(fd, (uint16_t)(sent + i), 0);
        }
        for (unsigned i = 0; i < WINDOW; i++) {
            struct told told;
            udp_receive(fd, &told);
            assert_in_range(told.id, 0, queries - 1);
            assert_int_equal(seen[told.id], 0);
            assert_int_equal(told.tcp, 0);
            seen[told.id] = 1;
        }
    }
    free(seen);
}

static void test_a_thousand_queries_get_a_thousand_answers(void **state)
{
    static const char *const addresses[] = {"127.0.0.1:0", "[::1]:0"};
    (void)state;
    for (size_t i = 0; i < (have_ipv6() ? 2 : 1); i++) {
        struct fixture fixture;
        fixture_init(&fixture);
        fixture_start(&fixture, addresses[i]);
        int fd = ask_at(&fixture.bound[0], SOCK_DGRAM);
        ask_in_windows(fd, 1000);
        assert_int_equal(counters_of(&fixture).queries, 1000);
        close(fd);
        fixture_end(&fixture);
    }
}

static void test_all_workers_answer_and_their_counters_add_up(void **state)
{
    enum { CLIENTS = 64 };
    (void)state;
    struct fixture fixture;
    int fds[CLIENTS];
    fixture_init(&fixture);
    fixture.options.workers = 3;
    fixture_start(&fixture, "127.0.0.1:0");
    for (unsigned i = 0; i < CLIENTS; i++) {
        fds[i] = ask_at(&fixture.bound[0], SOCK_DGRAM);
        udp_send(fds[i], (uint16_t)i, 0);
    }
    for (unsigned i = 0; i < CLIENTS; i++) {
        struct told told;
        udp_receive(fds[i], &told);
        assert_int_equal(told.id, i);
        close(fds[i]);
    }
    assert_int_equal(counters_of(&fixture).queries, CLIENTS);
    fixture_end(&fixture);
}

static void test_what_is_too_short_is_dropped_and_the_next_query_answered(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_init(&fixture);
    fixture_start(&fixture, "127.0.0.1:0");
    int fd = ask_at(&fixture.bound[0], SOCK_DGRAM);
    assert_int_equal(send(fd, "", 0, 0), 0);
    assert_int_equal(send(fd, "12345678901", 11, 0), 11);
    udp_ask(fd, 7);
    assert_int_equal(counters_of(&fixture).queries, 3);
    assert_int_equal(counters_of(&fixture).dropped, 2);
    close(fd);
    fixture_end(&fixture);
}

static void test_a_query_above_4096_bytes_is_looked_at_up_to_there(void **state)
{
    static const struct {
        size_t sent;
        size_t seen;
    } cases[] = {{4095, 4095}, {4096, 4096}, {4097, 4096}, {65507, 4096}};
    (void)state;
    struct fixture fixture;
    static uint8_t query[65507];
    fixture_init(&fixture);
    fixture_start(&fixture, "127.0.0.1:0");
    int fd = ask_at(&fixture.bound[0], SOCK_DGRAM);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct told told;
        assert_int_equal(send(fd, query, cases[i].sent, 0), (ssize_t)cases[i].sent);
        udp_receive(fd, &told);
        assert_int_equal(told.query_len, cases[i].seen);
    }
    close(fd);
    fixture_end(&fixture);
}

static void test_replies_have_4096_bytes_at_most(void **state)
{
    (void)state;
    struct fixture fixture;
    struct told told;
    fixture_init(&fixture);
    fixture_start(&fixture, "127.0.0.1:0");
    int fd = ask_at(&fixture.bound[0], SOCK_DGRAM);
    udp_send(fd, 1, 4096);
    assert_int_equal(udp_receive(fd, &told), 4096); // D1
    udp_send(fd, 2, 5000);
    assert_int_equal(udp_receive(fd, &told), 4096);
    close(fd);
    fixture_end(&fixture);
}

static struct ip_endpoint with_port(const char *address, uint16_t port)
{
    struct ip_endpoint at = {.port = port};
    assert_true(ip_parse(bytes_of(address), &at.address));
    return at;
}

static void test_replies_leave_from_the_address_that_was_asked(void **state)
{
    static const struct {
        const char *listener;
        const char *asked;
        const char *source;
    } cases[] = {
        {"0.0.0.0:0", "127.0.0.1", "127.0.0.1"},
        {"0.0.0.0:0", "127.0.0.3", "127.0.0.1"},
        {"[::]:0", "::1", "::1"},
        {"[::]:0", "127.0.0.3", "127.0.0.1"}, // not ::ffff:127.0.0.1
    };
    (void)state;
    for (size_t i = 0; i < (have_ipv6() ? 4 : 2); i++) {
        struct fixture fixture;
        fixture_init(&fixture);
        fixture_start(&fixture, cases[i].listener);
        struct ip_endpoint asked = with_port(cases[i].asked, fixture.bound[0].port);
        struct ip_endpoint source = with_port(cases[i].source, 0);
        int fd = ask_at(&asked, SOCK_DGRAM); // takes no reply from elsewhere
        for (uint16_t id = 0; id < 50; id++) {
            struct told told = udp_ask(fd, id);
            if (asked.address.bytes[3] != 3) { // else the kernel may choose 127.0.0.3
                assert_memory_equal(&told.source, &source.address, sizeof told.source);
            }
            assert_int_equal(told.source.family, source.address.family);
        }
        close(fd);
        fixture_end(&fixture);
    }
}

static void test_a_client_that_went_away_stops_nobody(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_init(&fixture);
    fixture_start(&fixture, "127.0.0.1:0");
    for (unsigned round = 0; round < 20; round++) {
        int gone = ask_at(&fixture.bound[0], SOCK_DGRAM);
        for (uint16_t i = 0; i < 40; i++) {
            udp_send(gone, i, 0);
        }
        close(gone); // replies meet ICMP port unreachable
        int fd = ask_at(&fixture.bound[0], SOCK_DGRAM);
        udp_ask(fd, 1);
        close(fd);
    }
    fixture_end(&fixture);
}

static void test_a_socket_stands_for_its_place(void **state)
{
    (void)state;
    struct fixture fixture;
    int fds[4];
    fixture_init(&fixture);
    listen_at(&fixture, "127.0.0.1:0", "");
    listen_at(&fixture, "127.0.0.1:0", "one");
    listen_at(&fixture, "127.0.0.1:0", "TWO");
    listen_at(&fixture, "127.0.0.1:0", "nowhere");
    fixture_create(&fixture);
    dns_server_start(fixture.server);
    for (size_t i = 0; i < 4; i++) {
        fds[i] = ask_at(&fixture.bound[i], SOCK_DGRAM);
    }
    assert_int_equal(udp_ask(fds[0], 1).place, PLACE_NONE);
    assert_int_equal(udp_ask(fds[1], 2).place, 0);
    assert_int_equal(udp_ask(fds[2], 3).place, 1);
    assert_int_equal(udp_ask(fds[3], 4).place, PLACE_NONE);
    publish_places(&fixture, "nowhere", "one");
    assert_int_equal(udp_ask(fds[0], 5).place, PLACE_NONE);
    assert_int_equal(udp_ask(fds[1], 6).place, 1);
    assert_int_equal(udp_ask(fds[2], 7).place, PLACE_NONE);
    assert_int_equal(udp_ask(fds[3], 8).place, 0);
    for (size_t i = 0; i < 4; i++) {
        close(fds[i]);
    }
    fixture_end(&fixture);
}

// The freed view's memory is what malloc hands out for the next one.
static void test_places_are_found_again_in_a_view_at_an_old_address(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_init(&fixture);
    listen_at(&fixture, "127.0.0.1:0", "one");
    fixture_create(&fixture);
    dns_server_start(fixture.server);
    int fd = ask_at(&fixture.bound[0], SOCK_DGRAM);
    for (uint16_t i = 0; i < 200; i++) {
        bool swapped = i % 3 == 0;
        publish_places(&fixture, swapped ? "two" : "one", swapped ? "one" : "two");
        assert_int_equal(udp_ask(fd, i).place, swapped ? 1 : 0);
    }
    close(fd);
    fixture_end(&fixture);
}

static void test_who_asks_after_a_publish_is_answered_from_its_view(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_init(&fixture);
    fixture_start(&fixture, "127.0.0.1:0");
    int fd = ask_at(&fixture.bound[0], SOCK_DGRAM);
    for (uint16_t i = 0; i < 500; i++) {
        publish_next(&fixture);
        assert_int_equal(udp_ask(fd, i).view, fixture.published);
    }
    close(fd);
    fixture_end(&fixture);
}

struct load {
    struct ip_endpoint at;
    bool ready;
    unsigned lost;
    unsigned wrong; // answers from a view that was gone, or older than one seen before
    unsigned views; // different ones
    bool stop;
    uint64_t asked;
};

static void *ask_in_the_storm(void *context)
{
    enum { WINDOW = 48 };
    struct load *load = context;
    int fd = ask_at(&load->at, SOCK_DGRAM);
    uint64_t newest = 0;
    while (!__atomic_load_n(&load->stop, __ATOMIC_RELAXED)) {
        for (uint16_t i = 0; i < WINDOW; i++) {
            udp_send(fd, i, 0);
        }
        for (unsigned i = 0; i < WINDOW; i++) {
            struct told told = {0};
            uint8_t reply[4096];
            if (recv(fd, reply, sizeof reply, 0) < (ssize_t)sizeof told) {
                load->lost++;
                continue;
            }
            memcpy(&told, reply, sizeof told);
            load->wrong += told.view < newest || told.view == 0;
            load->views += told.view != newest;
            newest = told.view;
        }
        __atomic_fetch_add(&load->asked, WINDOW, __ATOMIC_RELAXED);
    }
    close(fd);
    return NULL;
}

static void test_a_storm_of_views_under_load_loses_no_query(void **state)
{
    (void)state;
    struct fixture fixture;
    struct load load = {0};
    pthread_t client;
    fixture_init(&fixture);
    fixture_start(&fixture, "127.0.0.1:0");
    load.at = fixture.bound[0];
    assert_int_equal(pthread_create(&client, NULL, ask_in_the_storm, &load), 0);
    while (fixture.published < 5000 || __atomic_load_n(&load.asked, __ATOMIC_RELAXED) < 20000) {
        publish_next(&fixture);
        if (fixture.published % 100 == 0) {
            poll(NULL, 0, 1); // a machine with one core has to serve, too
        }
    }
    __atomic_store_n(&load.stop, true, __ATOMIC_RELAXED);
    pthread_join(client, NULL);
    assert_int_equal(load.lost, 0);
    assert_int_equal(load.wrong, 0);
    assert_true(load.views > 10);
    assert_int_equal(counters_of(&fixture).queries, load.asked);
    fixture_end(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_thousand_queries_get_a_thousand_answers),
        cmocka_unit_test(test_all_workers_answer_and_their_counters_add_up),
        cmocka_unit_test(test_what_is_too_short_is_dropped_and_the_next_query_answered),
        cmocka_unit_test(test_a_query_above_4096_bytes_is_looked_at_up_to_there),
        cmocka_unit_test(test_replies_have_4096_bytes_at_most),
        cmocka_unit_test(test_replies_leave_from_the_address_that_was_asked),
        cmocka_unit_test(test_a_client_that_went_away_stops_nobody),
        cmocka_unit_test(test_a_socket_stands_for_its_place),
        cmocka_unit_test(test_places_are_found_again_in_a_view_at_an_old_address),
        cmocka_unit_test(test_who_asks_after_a_publish_is_answered_from_its_view),
        cmocka_unit_test(test_a_storm_of_views_under_load_loses_no_query),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
