// SPDX-License-Identifier: MIT
#include <signal.h>
#include <stdio.h>
#include <time.h>

#include "io/dns/fixture.h"

static void expect_error(struct fixture *fixture, const char *part)
{
    struct error error = {0};
    struct ip_endpoint untouched[4];
    memset(untouched, 0x5a, sizeof untouched);
    memset(fixture->bound, 0x5a, sizeof fixture->bound);
    assert_null(dns_server_create(&fixture->options, fixture->publisher, fixture->bound, &error));
    assert_memory_equal(fixture->bound, untouched, sizeof untouched);
    if (strstr(error.text, part) == NULL) {
        fail_msg("'%s' is not in: %s", part, error.text);
    }
}

static void listen_at_endpoint(struct fixture *fixture, const struct ip_endpoint *at)
{
    char text[IP_ENDPOINT_TEXT];
    ip_endpoint_format(at, text);
    listen_at(fixture, text, "");
}

static void test_port_0_is_one_number_for_udp_and_tcp_and_all_workers(void **state)
{
    (void)state;
    for (unsigned workers = 1; workers <= 4; workers++) {
        struct fixture fixture;
        fixture_init(&fixture);
        fixture.options.workers = workers;
        listen_at(&fixture, "127.0.0.1:0", "");
        listen_at(&fixture, "127.0.0.2:0", "");
        fixture_create(&fixture);
        dns_server_start(fixture.server);
        assert_int_not_equal(fixture.bound[0].port, 0);
        assert_true(ip_equal(&fixture.bound[1].address, &fixture.listeners[1].at.address));
        for (unsigned i = 0; i < 20; i++) { // whichever worker the kernel chooses
            int udp = ask_at(&fixture.bound[i % 2], SOCK_DGRAM);
            int tcp = ask_at(&fixture.bound[i % 2], SOCK_STREAM);
            assert_int_equal(udp_ask(udp, 1).tcp, 0);
            assert_int_equal(tcp_ask(tcp, 2).tcp, 1);
            close(udp);
            close(tcp);
        }
        fixture_end(&fixture);
    }
}

static struct dns_server *try_to_create(struct fixture *fixture)
{
    return dns_server_create(&fixture->options, fixture->publisher, fixture->bound, NULL);
}

// A number that was free a moment ago for UDP and TCP on all addresses. Another program may take it before
// we do, so whoever needs it tries again with another one.
enum { TRIES = 20 };
static uint16_t free_port(const struct fixture *fixture)
{
    struct fixture probe = *fixture;
    probe.options.listeners = probe.listeners;
    probe.options.listener_count = 0;
    listen_at(&probe, have_ipv6() ? "[::]:0" : "0.0.0.0:0", "");
    dns_server_destroy(try_to_create(&probe));
    return probe.bound[0].port;
}

// All listeners on one port.
static void create_on_one_port(struct fixture *fixture)
{
    for (unsigned try = 0; try < TRIES && fixture->server == NULL; try++) {
        uint16_t port = free_port(fixture);
        for (size_t i = 0; i < fixture->options.listener_count; i++) {
            fixture->listeners[i].at.port = port;
        }
        fixture->server = try_to_create(fixture);
    }
    assert_non_null(fixture->server);
    dns_server_start(fixture->server);
}

// -1 when it is in use.
static int occupy(const struct ip_endpoint *at, int type)
{
    struct sockaddr_storage address;
    socklen_t len = ip_endpoint_to_sockaddr(at, &address);
    int fd = socket(address.ss_family, type | SOCK_CLOEXEC, 0);
    if (bind(fd, (struct sockaddr *)&address, len) != 0 || (type == SOCK_STREAM && listen(fd, 1) != 0)) {
        close(fd);
        return -1;
    }
    return fd;
}

// The first listener could be bound, the second not: then nothing is, and both are free afterwards.
static void expect_all_or_nothing(struct fixture *fixture, int type, const char *type_name)
{
    char expected[128];
    for (unsigned try = 0; try < TRIES && fixture->server == NULL; try++) {
        fixture->listeners[0].at.port = free_port(fixture);
        fixture->listeners[1].at.port = free_port(fixture);
        int fd = -1;
        if (fixture->listeners[0].at.port != fixture->listeners[1].at.port) {
            fd = occupy(&fixture->listeners[1].at, type);
        }
        if (fd < 0) {
            continue;
        }
        snprintf(expected, sizeof expected,
                 "127.0.0.1:%u (%s): address already in use; is another nearwell running?",
                 fixture->listeners[1].at.port, type_name);
        expect_error(fixture, expected);
        close(fd);
        fixture->server = try_to_create(fixture);
    }
    assert_non_null(fixture->server);
}

static void test_a_port_in_use_is_an_error_that_names_it(void **state)
{
    static const struct {
        int type;
        const char *name;
    } cases[] = {{SOCK_DGRAM, "UDP"}, {SOCK_STREAM, "TCP"}};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct fixture fixture;
        fixture_init(&fixture);
        listen_at(&fixture, "127.0.0.1:0", "");
        listen_at(&fixture, "127.0.0.1:0", "");
        expect_all_or_nothing(&fixture, cases[i].type, cases[i].name);
        fixture_end(&fixture);
    }
}

// SO_REUSEPORT would let a second one of the same user take a share of the queries.
static void test_a_second_nearwell_on_the_port_is_refused(void **state)
{
    (void)state;
    for (unsigned workers = 1; workers <= 2; workers++) {
        struct fixture first;
        struct fixture second;
        fixture_init(&first);
        first.options.workers = 2;
        fixture_start(&first, "127.0.0.1:0");
        second = first;
        second.options.listeners = second.listeners;
        second.options.listener_count = 0;
        second.options.workers = workers;
        listen_at_endpoint(&second, &first.bound[0]);
        expect_error(&second, "is another nearwell running?");
        fixture_end(&first);
    }
}

static void test_addresses_that_cannot_be_had_say_why(void **state)
{
    static const struct {
        const char *first;
        const char *second;
        const char *error;
    } cases[] = {
        {"192.0.2.1:5300", NULL, "192.0.2.1:5300 (UDP): no interface of this machine has this address"},
        {"127.0.0.1:0", "192.0.2.1:0", "192.0.2.1:0 (UDP): no interface"},
        {"192.0.2.1:5300", "192.0.2.1:5300", "192.0.2.1:5300: listed twice"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct fixture fixture;
        fixture_init(&fixture);
        listen_at(&fixture, cases[i].first, "");
        if (cases[i].second != NULL) {
            listen_at(&fixture, cases[i].second, "");
        }
        expect_error(&fixture, cases[i].error);
        publisher_destroy(fixture.publisher);
    }
}

static void test_one_address_of_all_may_have_a_place_of_its_own(void **state)
{
    static const struct {
        const char *first;
        const char *second;
        unsigned workers;
        unsigned special; // the listener of 127.0.0.1
    } cases[] = {
        {"0.0.0.0:0", "127.0.0.1:0", 1, 1},
        {"0.0.0.0:0", "127.0.0.1:0", 2, 1},
        {"127.0.0.1:0", "0.0.0.0:0", 1, 0},
        {"127.0.0.1:0", "0.0.0.0:0", 2, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct fixture fixture;
        fixture_init(&fixture);
        fixture.options.workers = cases[i].workers;
        listen_at(&fixture, cases[i].first, cases[i].special == 0 ? "two" : "one");
        listen_at(&fixture, cases[i].second, cases[i].special == 1 ? "two" : "one");
        create_on_one_port(&fixture);
        struct ip_endpoint elsewhere = fixture.bound[0];
        assert_true(ip_parse(bytes_of("127.0.0.9"), &elsewhere.address));
        int general = ask_at(&elsewhere, SOCK_DGRAM);
        int special = ask_at(&fixture.bound[cases[i].special], SOCK_DGRAM);
        int connection = ask_at(&fixture.bound[cases[i].special], SOCK_STREAM);
        assert_int_equal(udp_ask(general, 1).place, 0);
        assert_int_equal(udp_ask(special, 2).place, 1);
        assert_int_equal(tcp_ask(connection, 3).place, 1);
        close(general);
        close(special);
        close(connection);
        fixture_end(&fixture);
    }
}

static void test_all_addresses_of_both_families_share_a_port(void **state)
{
    (void)state;
    if (!have_ipv6()) {
        skip();
    }
    struct fixture fixture;
    fixture_init(&fixture);
    listen_at(&fixture, "[::]:0", "one");
    listen_at(&fixture, "0.0.0.0:0", "two");
    create_on_one_port(&fixture);
    int six = ask_at(&fixture.bound[0], SOCK_DGRAM);
    int four = ask_at(&fixture.bound[1], SOCK_DGRAM);
    assert_int_equal(udp_ask(six, 1).place, 0);
    assert_int_equal(udp_ask(four, 2).place, 1);
    close(six);
    close(four);
    fixture_end(&fixture);
}

static void test_stop_answers_what_was_received(void **state)
{
    enum { QUERIES = 100, CLIENTS = 12 };
    (void)state;
    struct fixture fixture;
    struct told told;
    int tcp[CLIENTS];
    fixture_init(&fixture);
    fixture.options.workers = 2;
    fixture.options.tcp_connections = 4; // fewer than are waiting
    listen_at(&fixture, "127.0.0.1:0", "");
    fixture_create(&fixture);
    int udp = ask_at(&fixture.bound[0], SOCK_DGRAM);
    for (uint16_t id = 0; id < QUERIES; id++) {
        udp_send(udp, id, 0);
    }
    for (unsigned i = 0; i < CLIENTS; i++) {
        tcp[i] = ask_at(&fixture.bound[0], SOCK_STREAM);
        tcp_send(tcp[i], 1, 0);
        tcp_send(tcp[i], 2, 0);
    }
    // All of it waits in the sockets, and to stop is the first thing that the workers are told.
    dns_server_start(fixture.server);
    dns_server_stop(fixture.server);
    dns_server_stop(fixture.server);
    assert_int_equal(counters_of(&fixture).queries, QUERIES + 2 * CLIENTS);
    for (unsigned i = 0; i < QUERIES; i++) {
        udp_receive(udp, &told);
    }
    for (unsigned i = 0; i < CLIENTS; i++) {
        tcp_receive(tcp[i], &told);
        tcp_receive(tcp[i], &told);
        assert_int_equal(told.id, 2);
        assert_closed(tcp[i]);
        close(tcp[i]);
    }
    close(udp);
    fixture_end(&fixture);
}

static void *take_slowly(void *context)
{
    int fd = *(const int *)context;
    uint64_t *taken = xcalloc(1, sizeof *taken);
    uint8_t bytes[65536];
    for (ssize_t got; (got = recv(fd, bytes, sizeof bytes, 0)) > 0;) {
        *taken += (uint64_t)got;
    }
    return taken;
}

static void test_stop_lets_a_client_take_its_replies(void **state)
{
    enum { QUERIES = 300, REPLY = 60000 };
    (void)state;
    struct fixture fixture;
    pthread_t client;
    void *taken;
    fixture_init(&fixture);
    listen_at(&fixture, "127.0.0.1:0", "");
    fixture_create(&fixture);
    int fd = ask_at(&fixture.bound[0], SOCK_STREAM);
    for (uint16_t id = 0; id < QUERIES; id++) {
        tcp_send(fd, id, REPLY);
    }
    dns_server_start(fixture.server);
    assert_int_equal(pthread_create(&client, NULL, take_slowly, &fd), 0);
    dns_server_stop(fixture.server);
    pthread_join(client, &taken);
    assert_int_equal(*(uint64_t *)taken, (uint64_t)QUERIES * (2 + REPLY));
    free(taken);
    close(fd);
    fixture_end(&fixture);
}

static void test_stop_does_not_wait_for_a_client_that_takes_nothing(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_init(&fixture);
    fixture_start(&fixture, "127.0.0.1:0");
    int fd = ask_at(&fixture.bound[0], SOCK_STREAM);
    for (uint16_t id = 0; id < 1000; id++) {
        tcp_send(fd, id, 60000);
    }
    int half = ask_at(&fixture.bound[0], SOCK_STREAM);
    send_whole(half, "\0", 1);
    struct timespec before;
    struct timespec after;
    clock_gettime(CLOCK_MONOTONIC, &before);
    dns_server_stop(fixture.server);
    clock_gettime(CLOCK_MONOTONIC, &after);
    assert_in_range(after.tv_sec - before.tv_sec, 0, 5);
    close(fd);
    close(half);
    fixture_end(&fixture);
}

static void test_a_server_that_never_started_is_destroyed_quietly(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_init(&fixture);
    fixture.options.workers = 2;
    listen_at(&fixture, "127.0.0.1:0", "");
    fixture_create(&fixture);
    assert_int_equal(counters_of(&fixture).queries, 0);
    fixture_end(&fixture);
    dns_server_destroy(NULL);
}

static void test_signals_do_not_reach_the_workers(void **state)
{
    (void)state;
    struct fixture fixture;
    struct timespec patience = {PATIENCE_S, 0};
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    fixture_init(&fixture);
    fixture.options.workers = 2;
    fixture_start(&fixture, "127.0.0.1:0");
    // A worker that does not block it would end the process.
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    assert_int_equal(kill(getpid(), SIGUSR1), 0);
    assert_int_equal(sigtimedwait(&set, NULL, &patience), SIGUSR1);
    pthread_sigmask(SIG_UNBLOCK, &set, NULL);
    fixture_end(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_port_0_is_one_number_for_udp_and_tcp_and_all_workers),
        cmocka_unit_test(test_a_port_in_use_is_an_error_that_names_it),
        cmocka_unit_test(test_a_second_nearwell_on_the_port_is_refused),
        cmocka_unit_test(test_addresses_that_cannot_be_had_say_why),
        cmocka_unit_test(test_one_address_of_all_may_have_a_place_of_its_own),
        cmocka_unit_test(test_all_addresses_of_both_families_share_a_port),
        cmocka_unit_test(test_stop_answers_what_was_received),
        cmocka_unit_test(test_stop_lets_a_client_take_its_replies),
        cmocka_unit_test(test_stop_does_not_wait_for_a_client_that_takes_nothing),
        cmocka_unit_test(test_a_server_that_never_started_is_destroyed_quietly),
        cmocka_unit_test(test_signals_do_not_reach_the_workers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
