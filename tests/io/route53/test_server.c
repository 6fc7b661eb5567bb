// SPDX-License-Identifier: MIT
#include "io/http/server_fixture.h"

#include "core/route53/sigv4.h"
#include "io/route53/server.h"

// A server whose operations answer with what they were asked, in a health check's reference.
struct api {
    struct fixture fixture; // first: its functions take a pointer to it
    struct route53_server *server;
    struct route53_exchange *kept;
    wall_time now;
    unsigned calls;
    char principal[64];
};

static json_t *echo_of(const struct route53_exchange *exchange)
{
    char *text = json_dumps(route53_exchange_input(exchange), JSON_COMPACT);
    json_t *output =
        json_pack("{s:{s:s, s:s, s:{s:s}, s:i}}", "HealthCheck", "Id", "h-1", "CallerReference", text,
                  "HealthCheckConfig", "Type",
                  route53_operation_row(route53_exchange_operation(exchange))->name, "HealthCheckVersion", 1);
    free(text);
    return output;
}

static void answer_with(struct route53_exchange *exchange, json_t *output)
{
    route53_exchange_succeed(exchange, output);
    json_decref(output);
}

static void on_call(struct route53_exchange *exchange, void *context)
{
    struct api *api = context;
    struct route53_fault fault = {0};
    api->calls++;
    snprintf(api->principal, sizeof api->principal, "%s", route53_exchange_principal(exchange));
    switch (route53_exchange_operation(exchange)) {
    case ROUTE53_GET_HOSTED_ZONE:
        route53_fault_set(&fault, "NoSuchHostedZone", "No hosted zone found with ID: %s",
                          json_string_value(json_object_get(route53_exchange_input(exchange), "Id")));
        route53_exchange_fail(exchange, &fault);
        route53_fault_clear(&fault);
        break;
    case ROUTE53_GET_HEALTH_CHECK_COUNT:
        api->kept = exchange;
        break;
    case ROUTE53_DELETE_HOSTED_ZONE:
        route53_exchange_drop(exchange);
        break;
    case ROUTE53_DELETE_HEALTH_CHECK:
        answer_with(exchange, json_object());
        break;
    default:
        answer_with(exchange, echo_of(exchange));
        break;
    }
}

static void handle(struct http_exchange *exchange, void *context)
{
    struct api *api = context;
    route53_server_handle(api->server, exchange, api->now);
}

static void refuse(struct http_exchange *exchange, int status, const char *text, void *context)
{
    const struct api *api = context;
    if (!route53_server_refuse(api->server, exchange, status, text)) {
        http_exchange_fail(exchange, status, "%s", text);
    }
}

static const struct http_route api_routes[] = {{NULL, "/2013-04-01/", handle}, {NULL, NULL, NULL}};

static struct api *api_start(const struct route53_keys *keys)
{
    struct api *api = xcalloc(1, sizeof *api);
    struct http_limits limits = http_limits_default;
    limits.body_bytes = 4096;
    api->now = (wall_time){INT64_C(1767323045) * 1000000000}; // 2026-01-02T03:04:05Z
    api->server = route53_server_create(
        &(struct route53_server_options){.keys = keys, .seed = 1, .handler = on_call, .context = api});
    api->fixture.loop = loop_create();
    api->fixture.server = http_server_create(api->fixture.loop, api_routes, api, &limits);
    http_server_on_refusal(api->fixture.server, refuse);
    listen_here(&api->fixture);
    return api;
}

static void api_stop(struct api *api)
{
    http_server_destroy(api->fixture.server);
    loop_destroy(api->fixture.loop);
    route53_server_destroy(api->server);
    free(api);
}

static void expect(struct api *api, const char *request, const char *const parts[4])
{
    const char *answer = ask(&api->fixture, request);
    for (size_t i = 0; i < 4 && parts[i] != NULL; i++) {
        if (strstr(answer, parts[i]) == NULL) {
            fail_msg("%s\nwanted %s in\n%s", request, parts[i], answer);
        }
    }
}

#define NS " xmlns=\"https://route53.amazonaws.com/doc/2013-04-01/\""

// API reference 1.1, 1.3 and 1.4
static void test_calls_come_in_and_answers_go_out(void **state)
{
    (void)state;
    static const struct {
        const char *request;
        const char *parts[4];
    } cases[] = {
        {"GET /2013-04-01/healthcheck/a%2Fb HTTP/1.0\r\n\r\n",
         {"200 OK", "Content-Type: text/xml\r\n",
          "\r\n\r\n<?xml version=\"1.0\"?>\n<GetHealthCheckResponse" NS ">",
          "<CallerReference>{\"HealthCheckId\":\"a/b\"}</CallerReference>"}},
        {"POST /2013-04-01/healthcheck HTTP/1.0\r\nContent-Length: 155\r\n\r\n"
         "<CreateHealthCheckRequest><CallerReference>r</CallerReference><HealthCheckConfig><Type>HTTP</Type>"
         "</HealthCheckConfig></CreateHealthCheckRequest>               ",
         {"201 Created", "Location: https://route53.amazonaws.com/2013-04-01/healthcheck/h-1\r\n",
          "<CreateHealthCheckResponse",
          "{\"CallerReference\":\"r\",\"HealthCheckConfig\":{\"Type\":\"HTTP\"}}</CallerReference>"}},
        {"POST /2013-04-01/healthcheck/H HTTP/1.0\r\nContent-Length: 0\r\n\r\n",
         {"200 OK", "<Type>UpdateHealthCheck</Type>"}},
        {"DELETE /2013-04-01/healthcheck/H HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
         {"200 OK", "<DeleteHealthCheckResponse" NS "/>"}},
        {"GET /2013-04-01/hostedzone/Z1 HTTP/1.0\r\n\r\n",
         {"404 Not Found", "Content-Type: text/xml\r\n",
          "<Error><Type>Sender</Type><Code>NoSuchHostedZone</Code><Message>No hosted zone found with ID: "
          "Z1</Message>"
          "</Error><RequestId>",
          "x-amzn-RequestId: "}},
        {"GET /2013-04-01/nothing HTTP/1.0\r\n\r\n", {"404 Not Found", "<UnknownOperationException/>"}},
        {"PUT /2013-04-01/hostedzone HTTP/1.0\r\nContent-Length: 0\r\n\r\n",
         {"404 Not Found", "<UnknownOperationException/>"}},
        {"GET /2013-04-01/trafficpolicy/T/x HTTP/1.0\r\n\r\n", {"400", "<Code>InvalidInput</Code>"}},
        {"POST /2013-04-01/healthcheck HTTP/1.0\r\nContent-Length: 2\r\n\r\n<x",
         {"400", "<Code>MalformedInput</Code>"}},
        {"GET /2013-04-01/hostedzone/%zz HTTP/1.0\r\n\r\n",
         {"400", "<Code>InvalidInput</Code>", "valid escapes"}},
        {"POST /2013-04-01/healthcheck HTTP/1.0\r\nContent-Length: 5000\r\n\r\n",
         {"413", "<Code>RequestEntityTooLarge</Code>", "at most 4096 are taken"}},
    };
    struct api *api = api_start(NULL);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *request = strstr(cases[i].request, "5000") != NULL ? repeated(cases[i].request, "x", 5000, "")
                                                                 : xstrdup(cases[i].request);
        expect(api, request, cases[i].parts);
        free(request);
    }
    api_stop(api);
}

static void test_every_answer_has_a_request_id_of_its_own(void **state)
{
    (void)state;
    struct api *api = api_start(NULL);
    char ids[2][37];
    for (size_t i = 0; i < 2; i++) {
        const char *answer = ask(&api->fixture, "GET /2013-04-01/hostedzone/Z1 HTTP/1.0\r\n\r\n");
        const char *header = strstr(answer, "x-amzn-RequestId: ");
        assert_non_null(header);
        snprintf(ids[i], sizeof ids[i], "%.36s", header + strlen("x-amzn-RequestId: "));
        char *element = xasprintf("<RequestId>%s</RequestId>", ids[i]);
        assert_non_null(strstr(answer, element));
        assert_int_equal(ids[i][14], '4');
        free(element);
    }
    assert_string_not_equal(ids[0], ids[1]);
    api_stop(api);
}

static void test_a_call_may_be_answered_later_or_never(void **state)
{
    (void)state;
    struct api *api = api_start(NULL);
    int fd = dial(&api->fixture);
    say(&api->fixture, fd, "GET /2013-04-01/healthcheckcount HTTP/1.0\r\n\r\n");
    turn_until(&api->fixture, &api->calls, 1);
    assert_non_null(api->kept);
    answer_with(api->kept, json_pack("{s:i}", "HealthCheckCount", 3));
    assert_non_null(strstr(hear(&api->fixture, fd, NULL), "<HealthCheckCount>3</HealthCheckCount>"));
    close(fd);
    assert_string_equal(ask(&api->fixture, "DELETE /2013-04-01/hostedzone/Z1 HTTP/1.0\r\n\r\n"), "");
    // The client does not wait.
    fd = dial(&api->fixture);
    say(&api->fixture, fd, "GET /2013-04-01/healthcheckcount HTTP/1.0\r\n\r\n");
    turn_until(&api->fixture, &api->calls, 3);
    close(fd);
    turn_until_connections(&api->fixture, 0);
    answer_with(api->kept, json_pack("{s:i}", "HealthCheckCount", 3));
    api_stop(api);
}

static void test_without_keys_any_signature_is_accepted(void **state)
{
    (void)state;
    struct api *api = api_start(NULL);
    static const char *const good[4] = {"200 OK"};
    expect(api, "DELETE /2013-04-01/healthcheck/H HTTP/1.0\r\n\r\n", good);
    assert_string_equal(api->principal, "anonymous");
    expect(api, "DELETE /2013-04-01/healthcheck/H HTTP/1.0\r\nAuthorization: Basic x\r\n\r\n", good);
    assert_string_equal(api->principal, "anonymous");
    expect(
        api,
        "DELETE /2013-04-01/healthcheck/H HTTP/1.0\r\nAuthorization: AWS4-HMAC-SHA256 "
        "Credential=test/20200101/us-east-1/route53/aws4_request, SignedHeaders=host, Signature=no\r\n\r\n",
        good);
    assert_string_equal(api->principal, "test");
    api_stop(api);
}

// A DELETE of a path, signed as clients do it; sent is what goes over the wire instead of the path, if not
// NULL.
static char *signed_request(const char *path, const char *sent)
{
    static const struct route53_key key = {"AKIDEXAMPLE", "secret", NULL};
    const struct sigv4_header headers[] = {
        {bytes_of("host"), bytes_of("127.0.0.1:8053")},
        {bytes_of("X-Amz-Date"), bytes_of("20260102T030405Z")},
    };
    struct bytes query = bytes_of(path);
    struct bytes before;
    bytes_split(&query, '?', &before);
    struct sigv4_request request = {bytes_of("DELETE"), before, query, headers, 2, {NULL, 0}};
    struct buffer authorization;
    buffer_init(&authorization, 4096);
    sigv4_authorize(&request, &key, bytes_of("eu-west-1"), bytes_of("route53"), &authorization);
    char *text = xasprintf("DELETE %s HTTP/1.0\r\nHost: 127.0.0.1:8053\r\nX-Amz-Date: 20260102T030405Z\r\n"
                           "Authorization: %s\r\n\r\n",
                           sent != NULL ? sent : path, buffer_string(&authorization));
    buffer_free(&authorization);
    return text;
}

static void test_with_keys_only_what_they_signed_is_called(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        const char *sent;
        const char *parts[4];
    } cases[] = {
        {"/2013-04-01/healthcheck/H", NULL, {"200 OK", "<DeleteHealthCheckResponse"}},
        // The path is checked as it came, not as it was decoded.
        {"/2013-04-01/healthcheck/a%3Ab?b=%7e&a", NULL, {"200 OK", "<DeleteHealthCheckResponse"}},
        {"/2013-04-01/healthcheck/H",
         "/2013-04-01/healthcheck/I",
         {"403 Forbidden", "<Code>SignatureDoesNotMatch</Code>"}},
        {"/2013-04-01/nothing", NULL, {"404 Not Found", "<UnknownOperationException/>"}},
        {"/2013-04-01/nothing",
         "/2013-04-01/else",
         {"403 Forbidden", "<InvalidSignatureException><Message>The request"}},
    };
    struct route53_keys *keys = route53_keys_parse(bytes_of("AKIDEXAMPLE secret"), NULL);
    struct api *api = api_start(keys);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *request = signed_request(cases[i].path, cases[i].sent);
        expect(api, request, cases[i].parts);
        free(request);
    }
    assert_int_equal(api->calls, 2);
    assert_string_equal(api->principal, "AKIDEXAMPLE");
    static const char *const missing[4] = {"403 Forbidden", "<Code>MissingAuthenticationToken</Code>"};
    expect(api, "DELETE /2013-04-01/healthcheck/H HTTP/1.0\r\n\r\n", missing);
    api->now = wall_add(api->now, DURATION_S(301));
    char *late = signed_request("/2013-04-01/healthcheck/H", NULL);
    static const char *const expired[4] = {"403 Forbidden",
                                           "<Message>Signature expired: 20260102T030405Z is now"};
    expect(api, late, expired);
    free(late);
    assert_int_equal(api->calls, 2);
    api_stop(api);
    route53_keys_destroy(keys);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_calls_come_in_and_answers_go_out),
        cmocka_unit_test(test_every_answer_has_a_request_id_of_its_own),
        cmocka_unit_test(test_a_call_may_be_answered_later_or_never),
        cmocka_unit_test(test_without_keys_any_signature_is_accepted),
        cmocka_unit_test(test_with_keys_only_what_they_signed_is_called),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
