// SPDX-License-Identifier: MIT
#include <sys/resource.h>

#include "io/dns/fixture.h"

static void test_pipelined_queries_are_answered_in_order(void **state)
{
    enum { QUERIES = 2000 };
    static const char *const addresses[] = {"127.0.0.1:0", "[::1]:0"};
    (void)state;
    for (size_t i = 0; i < (have_ipv6() ? 2 : 1); i++) {
        struct fixture fixture;
        static uint8_t queries[QUERIES * (2 + QUERY_LEN)];
        size_t len = 0;
        fixture_init(&fixture);
        fixture_start(&fixture, addresses[i]);
        for (uint16_t id = 0; id < QUERIES; id++) {
            len += write_tcp_query(queries + len, id, 0);
        }
        int fd = ask_at(&fixture.bound[0], SOCK_STREAM);
        send_whole(fd, queries, len);
        for (uint16_t id = 0; id < QUERIES; id++) {
            struct told told;
            tcp_receive(fd, &told);
            assert_int_equal(told.id, id);
            assert_int_equal(told.tcp, 1);
            assert_int_equal(told.source.family, fixture.bound[0].address.family);
            assert_memory_equal(told.source.bytes, fixture.bound[0].address.bytes, sizeof told.source.bytes);
        }
        close(fd);
        fixture_end(&fixture);
    }
}

// Whatever the segments are, RFC 7766 section 8.
static void test_queries_may_come_in_any_pieces(void **state)
{
    enum { QUERIES = 6 };
    (void)state;
    struct fixture fixture;
    uint8_t queries[QUERIES * (2 + QUERY_LEN)];
    size_t len = 0;
    fixture_init(&fixture);
    fixture_start(&fixture, "127.0.0.1:0");
    for (uint16_t id = 0; id < QUERIES; id++) {
        len += write_tcp_query(queries + len, id, 0);
    }
    for (size_t piece = 1; piece <= len; piece++) {
        int fd = ask_at(&fixture.bound[0], SOCK_STREAM);
        int one = 1;
        setsockopt(fd, IPPROTO_TCP, 1 /* TCP_NODELAY */, &one, sizeof one);
        for (size_t at = 0; at < len; at += piece) {
            send_whole(fd, queries + at, piece < len - at ? piece : len - at);
        }
        for (uint16_t id = 0; id < QUERIES; id++) {
            struct told told;
            tcp_receive(fd, &told);
            assert_int_equal(told.id, id);
        }
        close(fd);
    }
    fixture_end(&fixture);
}

static void test_a_query_above_4096_bytes_is_looked_at_up_to_there(void **state)
{
    static const struct {
        size_t sent;
        size_t seen;
    } cases[] = {{4095, 4095}, {4096, 4096}, {4097, 4096}, {8191, 4096}, {65535, 4096}};
    (void)state;
    struct fixture fixture;
    static uint8_t query[2 + 65535];
    fixture_init(&fixture);
    fixture_start(&fixture, "127.0.0.1:0");
    int fd = ask_at(&fixture.bound[0], SOCK_STREAM);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct told told;
        query[0] = (uint8_t)(cases[i].sent >> 8);
        query[1] = (uint8_t)cases[i].sent;
        send_whole(fd, query, 2 + cases[i].sent);
        tcp_receive(fd, &told);
        assert_int_equal(told.query_len, cases[i].seen);
        tcp_ask(fd, (uint16_t)i); // the rest of it is no query
    }
    close(fd);
    fixture_end(&fixture);
}

static void test_what_is_too_short_gets_no_reply_and_the_connection_goes_on(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_init(&fixture);
    fixture_start(&fixture, "127.0.0.1:0");
    int fd = ask_at(&fixture.bound[0], SOCK_STREAM);
    send_whole(fd, "\0\0\0\0\0\3abc", 9); // of 0, 0 and 3 bytes
    tcp_ask(fd, 7);
    assert_int_equal(counters_of(&fixture).dropped, 3);
    close(fd);
    fixture_end(&fixture);
}

static void test_replies_may_be_as_long_as_the_length_can_say(void **state)
{
    (void)state;
    struct fixture fixture;
    struct told told;
    fixture_init(&fixture);
    fixture_start(&fixture, "127.0.0.1:0");
    int fd = ask_at(&fixture.bound[0], SOCK_STREAM);
    tcp_send(fd, 1, 65535);
    tcp_send(fd, 2, 65535);
    assert_int_equal(tcp_receive(fd, &told), 65535);
    assert_int_equal(tcp_receive(fd, &told), 65535);
    assert_int_equal(told.id, 2);
    close(fd);
    fixture_end(&fixture);
}

static void test_a_client_that_has_sent_all_still_gets_its_replies(void **state)
{
    (void)state;
    struct fixture fixture;
    struct told told;
    fixture_init(&fixture);
    fixture_start(&fixture, "127.0.0.1:0");
    int fd = ask_at(&fixture.bound[0], SOCK_STREAM);
    for (uint16_t id = 0; id < 100; id++) {
        tcp_send(fd, id, 60000);
    }
    assert_int_equal(shutdown(fd, SHUT_WR), 0);
    for (uint16_t id = 0; id < 100; id++) {
        tcp_receive(fd, &told);
        assert_int_equal(told.id, id);
    }
    assert_closed(fd);
    close(fd);
    fixture_end(&fixture);
}

static void test_a_slow_reader_is_not_read_from_and_holds_up_nobody(void **state)
{
    enum { QUERIES = 1000, REPLY = 60000 }; // 60 MB of replies: more than the sockets' buffers hold
    (void)state;
    struct fixture fixture;
    struct told told;
    fixture_init(&fixture);
    fixture_start(&fixture, "127.0.0.1:0");
    int slow = ask_at(&fixture.bound[0], SOCK_STREAM);
    for (uint16_t id = 0; id < QUERIES; id++) {
        tcp_send(slow, id, REPLY);
    }
    int other = ask_at(&fixture.bound[0], SOCK_STREAM);
    for (uint16_t id = 0; id < 100; id++) {
        tcp_ask(other, id);
    }
    assert_in_range(counters_of(&fixture).queries, 100, QUERIES);
    for (uint16_t id = 0; id < QUERIES; id++) {
        assert_int_equal(tcp_receive(slow, &told), REPLY);
        assert_int_equal(told.id, id);
    }
    assert_int_equal(counters_of(&fixture).queries, 100 + QUERIES);
    close(slow);
    close(other);
    fixture_end(&fixture);
}

static void test_a_client_that_resets_the_connection_stops_nobody(void **state)
{
    (void)state;
    struct fixture fixture;
    struct linger at_once = {1, 0};
    fixture_init(&fixture);
    fixture_start(&fixture, "127.0.0.1:0");
    for (unsigned i = 0; i < 50; i++) {
        int gone = ask_at(&fixture.bound[0], SOCK_STREAM);
        for (uint16_t id = 0; id < 150; id++) {
            tcp_send(gone, id, 60000);
        }
        setsockopt(gone, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        close(gone);
    }
    int fd = ask_at(&fixture.bound[0], SOCK_STREAM);
    tcp_ask(fd, 1);
    close(fd);
    fixture_end(&fixture);
}

static void test_the_connection_idle_longest_makes_room_for_a_new_one(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_init(&fixture);
    fixture.options.tcp_connections = 3;
    fixture_start(&fixture, "127.0.0.1:0");
    int first = ask_at(&fixture.bound[0], SOCK_STREAM);
    tcp_ask(first, 1);
    int second = ask_at(&fixture.bound[0], SOCK_STREAM);
    tcp_ask(second, 2);
    int third = ask_at(&fixture.bound[0], SOCK_STREAM);
    tcp_ask(third, 3);
    tcp_ask(first, 4);
    int fourth = ask_at(&fixture.bound[0], SOCK_STREAM);
    tcp_ask(fourth, 5);
    assert_closed(second);
    int fifth = ask_at(&fixture.bound[0], SOCK_STREAM);
    tcp_ask(fifth, 6);
    assert_closed(third);
    tcp_ask(first, 7);
    tcp_ask(fourth, 8);
    tcp_ask(fifth, 9);
    close(first);
    close(second);
    close(third);
    close(fourth);
    close(fifth);
    fixture_end(&fixture);
}

static void test_ten_times_more_connections_than_room_are_all_served(void **state)
{
    (void)state;
    struct fixture fixture;
    int fds[160];
    fixture_init(&fixture);
    fixture_start(&fixture, "127.0.0.1:0");
    for (unsigned round = 0; round < 3; round++) {
        for (size_t i = 0; i < 160; i++) {
            fds[i] = ask_at(&fixture.bound[0], SOCK_STREAM);
            tcp_ask(fds[i], (uint16_t)i);
        }
        for (size_t i = 0; i < 160; i++) {
            if (i < 160 - fixture.options.tcp_connections) {
                assert_closed(fds[i]);
            } else {
                tcp_ask(fds[i], (uint16_t)i);
            }
            close(fds[i]);
        }
    }
    fixture_end(&fixture);
}

static void test_an_idle_connection_is_closed(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_init(&fixture);
    fixture.options.tcp_idle_ms = 30;
    fixture_start(&fixture, "127.0.0.1:0");
    int silent = ask_at(&fixture.bound[0], SOCK_STREAM);
    int once = ask_at(&fixture.bound[0], SOCK_STREAM);
    tcp_ask(once, 1);
    assert_closed(silent);
    assert_closed(once);
    close(silent);
    close(once);
    fixture_end(&fixture);
}

// RFC 7766 section 6.2.3: it is whole messages that count.
static void test_single_bytes_keep_no_connection_open(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_init(&fixture);
    fixture.options.tcp_idle_ms = 30;
    fixture_start(&fixture, "127.0.0.1:0");
    int fd = ask_at(&fixture.bound[0], SOCK_STREAM);
    struct pollfd closed = {fd, POLLIN | POLLRDHUP, 0};
    unsigned sent = 0;
    while (poll(&closed, 1, 5) == 0 && sent < 4000) {
        sent += send(fd, "\x10", 1, MSG_NOSIGNAL) == 1;
    }
    assert_in_range(sent, 1, 3999); // of the 4112 that the first two announce
    assert_closed(fd);
    close(fd);
    fixture_end(&fixture);
}

static void test_a_client_that_takes_no_replies_is_closed(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_init(&fixture);
    fixture.options.tcp_idle_ms = 50;
    fixture_start(&fixture, "127.0.0.1:0");
    int fd = ask_at(&fixture.bound[0], SOCK_STREAM);
    for (uint16_t id = 0; id < 500; id++) {
        uint8_t query[2 + QUERY_LEN];
        if (send(fd, query, write_tcp_query(query, id, 60000), MSG_NOSIGNAL) < 0) {
            break; // closed already
        }
    }
    struct pollfd closed = {fd, 0, 0}; // POLLERR and POLLHUP: reset
    assert_int_equal(poll(&closed, 1, PATIENCE_S * 1000), 1);
    close(fd);
    fixture_end(&fixture);
}

// From now on no file can be opened until one is closed. Returns the limit as it was.
static struct rlimit forbid_new_files(void)
{
    struct rlimit before;
    struct rlimit limit;
    int lowest_free = dup(0);
    assert_true(lowest_free >= 0);
    close(lowest_free);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    limit = before;
    limit.rlim_cur = (rlim_t)lowest_free;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
    return before;
}

static int connect_later(const struct ip_endpoint *at, struct sockaddr_storage *address, socklen_t *len)
{
    struct timeval patience = {PATIENCE_S, 0};
    *len = ip_endpoint_to_sockaddr(at, address);
    int fd = socket(address->ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    return fd;
}

static void test_without_file_descriptors_the_connection_idle_longest_makes_room(void **state)
{
    (void)state;
    struct fixture fixture;
    struct sockaddr_storage address;
    socklen_t len;
    fixture_init(&fixture);
    fixture_start(&fixture, "127.0.0.1:0");
    int late = connect_later(&fixture.bound[0], &address, &len);
    int first = ask_at(&fixture.bound[0], SOCK_STREAM);
    tcp_ask(first, 1);
    int second = ask_at(&fixture.bound[0], SOCK_STREAM);
    tcp_ask(second, 2);
    struct rlimit before = forbid_new_files();
    assert_int_equal(connect(late, (struct sockaddr *)&address, len), 0);
    tcp_ask(late, 3);
    setrlimit(RLIMIT_NOFILE, &before);
    assert_closed(first);
    tcp_ask(second, 4);
    close(first);
    close(second);
    close(late);
    fixture_end(&fixture);
}

static void test_without_file_descriptors_a_client_waits_until_there_are_some(void **state)
{
    (void)state;
    struct fixture fixture;
    struct sockaddr_storage address;
    socklen_t len;
    fixture_init(&fixture);
    fixture_start(&fixture, "127.0.0.1:0");
    int udp = ask_at(&fixture.bound[0], SOCK_DGRAM);
    int fd = connect_later(&fixture.bound[0], &address, &len);
    struct rlimit before = forbid_new_files();
    assert_int_equal(connect(fd, (struct sockaddr *)&address, len), 0);
    tcp_send(fd, 1, 0);
    for (uint16_t id = 0; id < 100; id++) {
        udp_ask(udp, id); // meanwhile UDP is served
    }
    setrlimit(RLIMIT_NOFILE, &before);
    struct told told;
    tcp_receive(fd, &told);
    assert_int_equal(told.id, 1);
    close(fd);
    close(udp);
    fixture_end(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pipelined_queries_are_answered_in_order),
        cmocka_unit_test(test_queries_may_come_in_any_pieces),
        cmocka_unit_test(test_a_query_above_4096_bytes_is_looked_at_up_to_there),
        cmocka_unit_test(test_what_is_too_short_gets_no_reply_and_the_connection_goes_on),
        cmocka_unit_test(test_replies_may_be_as_long_as_the_length_can_say),
        cmocka_unit_test(test_a_client_that_has_sent_all_still_gets_its_replies),
        cmocka_unit_test(test_a_slow_reader_is_not_read_from_and_holds_up_nobody),
        cmocka_unit_test(test_a_client_that_resets_the_connection_stops_nobody),
        cmocka_unit_test(test_the_connection_idle_longest_makes_room_for_a_new_one),
        cmocka_unit_test(test_ten_times_more_connections_than_room_are_all_served),
        cmocka_unit_test(test_an_idle_connection_is_closed),
        cmocka_unit_test(test_single_bytes_keep_no_connection_open),
        cmocka_unit_test(test_a_client_that_takes_no_replies_is_closed),
        cmocka_unit_test(test_without_file_descriptors_the_connection_idle_longest_makes_room),
        cmocka_unit_test(test_without_file_descriptors_a_client_waits_until_there_are_some),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
