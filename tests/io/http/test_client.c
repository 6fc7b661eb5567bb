// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "io/http/client.h"
#include "io/http/server.h"

struct fixture {
    struct loop *loop;
    struct http_server *server;
    struct http_multi *multi;
    struct http_client *client;
    char base[80]; // "http://127.0.0.1:PORT"
    unsigned waiting;
    bool in_call; // inside http_client_send or cancel
    struct http_response last;
    char body[200];
};

static void tell(struct http_exchange *exchange, void *context)
{
    (void)context;
    const char *type = http_exchange_header(exchange, "Content-Type");
    const char *expect = http_exchange_header(exchange, "Expect");
    struct bytes body = http_exchange_body(exchange);
    char *text =
        xasprintf("%s type=%s expect=%s body=%.*s", http_exchange_method(exchange), type != NULL ? type : "",
                  expect != NULL ? expect : "", (int)body.len, body.len > 0 ? (const char *)body.data : "");
    http_exchange_reply(exchange, 200, "text/plain", bytes_of(text));
    free(text);
}

static void big(struct http_exchange *exchange, void *context)
{
    (void)context;
    char text[1000];
    memset(text, 'x', sizeof text);
    http_exchange_reply(exchange, 200, "text/plain", (struct bytes){(const uint8_t *)text, sizeof text});
}

static void hang(struct http_exchange *exchange, void *context)
{
    (void)exchange;
    (void)context;
}

static void hang_watched(struct http_exchange *exchange, void *context)
{
    http_exchange_on_gone(exchange, hang, context);
}

static void move(struct http_exchange *exchange, void *context)
{
    (void)context;
    http_exchange_set_header(exchange, "Location", "file:///etc/hostname");
    http_exchange_reply(exchange, 302, NULL, bytes_of("moved"));
}

static void drop(struct http_exchange *exchange, void *context)
{
    (void)context;
    http_exchange_drop(exchange);
}

static void stop_serving(struct http_exchange *exchange, void *context);

static void fail_on_purpose(struct http_exchange *exchange, void *context)
{
    (void)context;
    http_exchange_fail(exchange, 500, "on purpose");
}

static const struct http_route routes[] = {
    {NULL, "/tell", tell},           {"GET", "/big", big},  {"GET", "/hang", hang_watched},
    {"GET", "/move", move},          {NULL, "/drop", drop}, {"GET", "/fail", fail_on_purpose},
    {"POST", "/stop", stop_serving}, {NULL, NULL, NULL},
};

static void start(struct fixture *fixture)
{
    *fixture = (struct fixture){.loop = loop_create()};
    fixture->server = http_server_create(fixture->loop, routes, fixture, &http_limits_default);
    fixture->multi = http_multi_create(fixture->loop);
    fixture->client = http_client_create(fixture->multi);
    struct ip_endpoint any;
    struct ip_endpoint bound;
    struct error error = {0};
    assert_true(ip_endpoint_parse(bytes_of("127.0.0.1:0"), &any, &error));
    assert_true(http_server_listen(fixture->server, &any, &bound, &error));
    char text[IP_ENDPOINT_TEXT];
    ip_endpoint_format(&bound, text);
    snprintf(fixture->base, sizeof fixture->base, "http://%s", text);
}

static void stop(struct fixture *fixture)
{
    http_client_destroy(fixture->client);
    http_multi_destroy(fixture->multi);
    http_server_destroy(fixture->server);
    loop_destroy(fixture->loop);
}

static void on_answer(const struct http_response *response, void *context)
{
    struct fixture *fixture = context;
    assert_false(fixture->in_call);
    fixture->last = *response;
    snprintf(fixture->body, sizeof fixture->body, "%.*s", (int)response->body.len,
             response->body.len > 0 ? (const char *)response->body.data : "");
    if (--fixture->waiting == 0) {
        loop_stop(fixture->loop);
    }
}

static struct http_transfer *submit(struct fixture *fixture, struct http_request request, const char *path)
{
    char *url = strstr(path, "://") != NULL ? xstrdup(path) : xasprintf("%s%s", fixture->base, path);
    request.url = url;
    request.timeout_ms = request.timeout_ms != 0 ? request.timeout_ms : 20000;
    request.most_bytes = 500;
    fixture->waiting++;
    fixture->in_call = true;
    struct http_transfer *transfer = http_client_send(fixture->client, &request, on_answer, fixture);
    fixture->in_call = false;
    free(url);
    return transfer;
}

static void test_requests_carry_method_body_and_type(void **state)
{
    (void)state;
    struct fixture fixture;
    start(&fixture);
    const struct {
        struct http_request request;
        const char *body;
    } cases[] = {
        {{.method = "GET"}, "GET type= expect= body="},
        {{.method = "DELETE"}, "DELETE type= expect= body="},
        {{.method = "HEAD"}, ""},
        {{.method = "POST"}, "POST type= expect= body="},
        {{.method = "POST", .content_type = "application/json", .body = bytes_of("{}")},
         "POST type=application/json expect= body={}"},
        {{.method = "PUT", .content_type = "text/plain", .body = {(const uint8_t *)"abcd", 3}},
         "PUT type=text/plain expect= body=abc"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        submit(&fixture, cases[i].request, "/tell");
        loop_run(fixture.loop);
        assert_true(fixture.last.ok);
        assert_int_equal(fixture.last.status, 200);
        assert_string_equal(fixture.body, cases[i].body);
    }
    stop(&fixture);
}

static void test_failures_say_what_happened_and_where_without_secrets(void **state)
{
    (void)state;
    struct fixture fixture;
    start(&fixture);
    // A port that nobody listens on: bound, but not listening.
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof address;
    assert_int_equal(bind(fd, (struct sockaddr *)&address, len), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
    char refused[80];
    snprintf(refused, sizeof refused, "http://me:s3cret@127.0.0.1:%u/x?token=s3cret",
             ntohs(address.sin_port));
    const struct {
        const char *url;
        long timeout_ms;
        const char *says;
    } cases[] = {
        {refused, 0, "refused"},
        {"/hang?token=s3cret", 50, "timed out"},
        {"/big", 0, "/big: the answer has more than 500 bytes"},
        {"/drop", 0, "/drop: "},
        {"file:///etc/hostname", 0, "not supported"},
        {"ftp://127.0.0.1/x", 0, "not supported"},
        {"http://", 0, "http://: "},
        {"http://127.0.0.1:99999/", 0, "http://127.0.0.1:99999/: "},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        submit(&fixture, (struct http_request){.method = "GET", .timeout_ms = cases[i].timeout_ms},
               cases[i].url);
        loop_run(fixture.loop);
        assert_false(fixture.last.ok);
        if (strstr(fixture.last.error.text, cases[i].says) == NULL) {
            fail_msg("%s: %s", cases[i].url, fixture.last.error.text);
        }
        assert_null(strstr(fixture.last.error.text, "s3cret"));
    }
    close(fd);
    stop(&fixture);
}

static void test_an_error_status_is_an_answer_and_redirects_are_not_followed(void **state)
{
    (void)state;
    struct fixture fixture;
    start(&fixture);
    submit(&fixture, (struct http_request){.method = "GET"}, "/fail");
    loop_run(fixture.loop);
    assert_true(fixture.last.ok);
    assert_int_equal(fixture.last.status, 500);
    assert_string_equal(fixture.body, "{\"error\":\"on purpose\"}");
    submit(&fixture, (struct http_request){.method = "GET"}, "/move");
    loop_run(fixture.loop);
    assert_true(fixture.last.ok);
    assert_int_equal(fixture.last.status, 302);
    stop(&fixture);
}

static void test_a_proxy_in_the_environment_is_ignored(void **state)
{
    (void)state;
    struct fixture fixture;
    start(&fixture);
    setenv("http_proxy", "http://127.0.0.1:1", 1);
    setenv("all_proxy", "http://127.0.0.1:1", 1);
    submit(&fixture, (struct http_request){.method = "GET"}, "/tell");
    loop_run(fixture.loop);
    unsetenv("http_proxy");
    unsetenv("all_proxy");
    assert_true(fixture.last.ok);
    stop(&fixture);
}

static void test_many_requests_run_at_once(void **state)
{
    (void)state;
    struct fixture fixture;
    start(&fixture);
    for (unsigned i = 0; i < 100; i++) {
        submit(&fixture, (struct http_request){.method = "GET"}, "/tell");
    }
    loop_run(fixture.loop);
    assert_int_equal(fixture.waiting, 0);
    assert_true(fixture.last.ok);
    stop(&fixture);
}

static void test_a_cancelled_request_is_never_reported(void **state)
{
    (void)state;
    struct fixture fixture;
    start(&fixture);
    struct http_transfer *hanging = submit(&fixture, (struct http_request){.method = "GET"}, "/hang");
    struct http_transfer *fresh = submit(&fixture, (struct http_request){.method = "GET"}, "/tell");
    submit(&fixture, (struct http_request){.method = "GET"}, "/tell");
    fixture.waiting = 1;
    http_client_cancel(fresh); // before it began
    loop_run(fixture.loop);
    http_client_cancel(hanging); // under way
    submit(&fixture, (struct http_request){.method = "GET"}, "/tell");
    loop_run(fixture.loop);
    submit(&fixture, (struct http_request){.method = "GET"}, "/hang"); // destroy cancels it
    stop(&fixture);
}

static void *serve(void *context)
{
    struct fixture *fixture = context;
    loop_run(fixture->loop);
    return NULL;
}

static void stop_serving(struct http_exchange *exchange, void *context)
{
    struct fixture *fixture = context;
    struct ip_endpoint local = http_exchange_local(exchange);
    tell(exchange, context);
    http_server_unlisten(fixture->server, &local, true);
    loop_stop(fixture->loop);
}

static void test_fetch_blocks_until_the_answer_is_there(void **state)
{
    (void)state;
    struct fixture fixture;
    start(&fixture);
    struct error error = {0};
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, serve, &fixture), 0);

    char *url = xasprintf("%s/stop", fixture.base);
    struct http_request request = {"POST", url, "text/plain", bytes_of("now"), 20000, 100};
    int status = 0;
    char *body = NULL;
    size_t len = 0;
    bool ok = http_fetch(&request, &status, &body, &len, &error);
    pthread_join(thread, NULL);
    assert_true(ok);
    assert_int_equal(status, 200);
    assert_string_equal(body, "POST type=text/plain expect= body=now");
    assert_int_equal(len, strlen(body));
    free(body);
    body = NULL;
    assert_false(http_fetch(&request, &status, &body, &len, &error)); // nobody there any more
    assert_non_null(strstr(error.text, url));
    assert_null(body);
    free(url);
    stop(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_requests_carry_method_body_and_type),
        cmocka_unit_test(test_failures_say_what_happened_and_where_without_secrets),
        cmocka_unit_test(test_an_error_status_is_an_answer_and_redirects_are_not_followed),
        cmocka_unit_test(test_a_proxy_in_the_environment_is_ignored),
        cmocka_unit_test(test_many_requests_run_at_once),
        cmocka_unit_test(test_a_cancelled_request_is_never_reported),
        cmocka_unit_test(test_fetch_blocks_until_the_answer_is_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
