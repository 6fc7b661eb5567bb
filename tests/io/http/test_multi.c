// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "io/http/multi.h"
#include "io/http/server.h"

struct fixture {
    struct loop *loop;
    struct http_server *server;
    struct http_multi *multi;
    char url[80];
    bool in_call;
    unsigned done;
    CURLcode last;
    CURL *other; // to be cancelled by the first that is done
    unsigned again;
};

static void pong(struct http_exchange *exchange, void *context)
{
    (void)context;
    http_exchange_reply(exchange, 200, NULL, bytes_of(""));
}

static const struct http_route routes[] = {{"GET", "/ping", pong}, {NULL, NULL, NULL}};

static void start(struct fixture *fixture)
{
    *fixture = (struct fixture){.loop = loop_create()};
    fixture->server = http_server_create(fixture->loop, routes, NULL, &http_limits_default);
    fixture->multi = http_multi_create(fixture->loop);
    struct ip_endpoint any;
    struct ip_endpoint bound;
    struct error error = {0};
    assert_true(ip_endpoint_parse(bytes_of("127.0.0.1:0"), &any, &error));
    assert_true(http_server_listen(fixture->server, &any, &bound, &error));
    char text[IP_ENDPOINT_TEXT];
    ip_endpoint_format(&bound, text);
    snprintf(fixture->url, sizeof fixture->url, "http://%s/ping", text);
}

static void stop(struct fixture *fixture)
{
    http_multi_destroy(fixture->multi);
    http_server_destroy(fixture->server);
    loop_destroy(fixture->loop);
}

static CURL *easy_for(const char *url)
{
    CURL *easy = curl_easy_init();
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    return easy;
}

static void on_done(CURL *easy, CURLcode result, void *context);

static void add(struct fixture *fixture, CURL *easy)
{
    fixture->in_call = true;
    http_multi_add(fixture->multi, easy, on_done, fixture);
    fixture->in_call = false;
}

static void cancel(struct fixture *fixture, CURL *easy)
{
    fixture->in_call = true;
    http_multi_cancel(fixture->multi, easy);
    fixture->in_call = false;
}

static void on_done(CURL *easy, CURLcode result, void *context)
{
    struct fixture *fixture = context;
    assert_false(fixture->in_call);
    fixture->done++;
    fixture->last = result;
    if (fixture->other != NULL) {
        CURL *other = fixture->other == easy ? NULL : fixture->other;
        fixture->other = NULL;
        if (other != NULL) {
            cancel(fixture, other);
        }
    }
    if (fixture->again > 0) {
        fixture->again--;
        add(fixture, easy);
    } else {
        loop_stop(fixture->loop);
    }
}

static void test_a_handle_may_be_used_again_from_its_own_done(void **state)
{
    (void)state;
    struct fixture fixture;
    start(&fixture);
    CURL *easy = easy_for(fixture.url);
    fixture.again = 20;
    add(&fixture, easy);
    loop_run(fixture.loop);
    assert_int_equal(fixture.done, 21);
    assert_int_equal(fixture.last, CURLE_OK);
    assert_int_equal(http_server_connections(fixture.server), 1); // kept alive
    curl_easy_cleanup(easy);
    stop(&fixture);
}

static void test_what_fails_at_once_is_reported_from_the_loop(void **state)
{
    (void)state;
    struct fixture fixture;
    start(&fixture);
    CURL *easy = easy_for("no-such-scheme://x");
    add(&fixture, easy);
    assert_int_equal(fixture.done, 0);
    loop_run(fixture.loop);
    assert_int_equal(fixture.done, 1);
    assert_int_equal(fixture.last, CURLE_UNSUPPORTED_PROTOCOL);
    curl_easy_cleanup(easy);
    stop(&fixture);
}

static void test_done_may_cancel_another_handle(void **state)
{
    (void)state;
    struct fixture fixture;
    start(&fixture);
    CURL *a = easy_for("no-such-scheme://a"); // both are done in the same turn of the loop
    CURL *b = easy_for("no-such-scheme://b");
    add(&fixture, a);
    add(&fixture, b);
    fixture.other = b;
    loop_run(fixture.loop);
    assert_int_equal(fixture.done, 1);
    curl_easy_cleanup(a);
    curl_easy_cleanup(b);
    stop(&fixture);
}

static void test_a_cancelled_handle_is_free_for_a_new_use(void **state)
{
    (void)state;
    struct fixture fixture;
    start(&fixture);
    CURL *easy = easy_for(fixture.url);
    for (unsigned i = 0; i < 5; i++) {
        add(&fixture, easy);
        cancel(&fixture, easy);
    }
    assert_int_equal(fixture.done, 0);
    add(&fixture, easy);
    loop_run(fixture.loop);
    assert_int_equal(fixture.done, 1);
    assert_int_equal(fixture.last, CURLE_OK);
    curl_easy_cleanup(easy);
    stop(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_handle_may_be_used_again_from_its_own_done),
        cmocka_unit_test(test_what_fails_at_once_is_reported_from_the_loop),
        cmocka_unit_test(test_done_may_cancel_another_handle),
        cmocka_unit_test(test_a_cancelled_handle_is_free_for_a_new_use),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
