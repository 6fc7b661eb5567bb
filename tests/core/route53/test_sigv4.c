// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "core/route53/sigv4.h"

static const char secret[] = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
static const wall_time noon = {INT64_C(1767323045) * 1000000000}; // 2026-01-02T03:04:05Z

enum { FILE_MOST = 65536, HEADERS_MOST = 16 };

// The files of one folder of tests/golden/sigv4, and the request that its first one is.
struct golden {
    char text[FILE_MOST];
    struct sigv4_header headers[HEADERS_MOST];
    struct sigv4_request request;
};

static void read_file(const char *name, const char *stage, char out[FILE_MOST])
{
    char *path = xasprintf("tests/golden/sigv4/%s/%s", name, stage);
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        fail_msg("%s: cannot be read", path);
        abort();
    }
    out[fread(out, 1, FILE_MOST - 1, file)] = '\0';
    fclose(file);
    free(path);
}

static void read_request(const char *name, struct golden *out)
{
    read_file(name, "request", out->text);
    struct bytes rest = bytes_of(out->text);
    struct bytes line;
    struct bytes target;
    out->request = (struct sigv4_request){.headers = out->headers};
    bytes_split(&rest, '\n', &line);
    bytes_split(&line, ' ', &out->request.method);
    bytes_split(&line, ' ', &target);
    bytes_split(&target, '?', &out->request.path);
    out->request.query = target;
    while (bytes_split(&rest, '\n', &line) && line.len > 0) {
        struct sigv4_header *header = &out->headers[out->request.header_count++];
        bytes_split(&line, ':', &header->name);
        header->value = line;
    }
    out->request.body = rest;
}

static const struct {
    const char *name;
    const char *signed_headers;
} cases[] = {
    {"list", "host;x-amz-date"},
    {"query", "host;x-amz-date"},
    {"body", "content-type;host;x-amz-date"},
    {"token", "content-type;host;x-amz-date;x-amz-security-token"},
    {"encoded_path", "host;x-amz-date"},
};

enum { CASES = sizeof cases / sizeof cases[0] };

static struct bytes written(const struct buffer *buffer)
{
    return (struct bytes){(const uint8_t *)buffer_string(buffer), buffer->len};
}

static const struct sigv4_scope *golden_scope(void)
{
    static struct sigv4_scope scope;
    scope = (struct sigv4_scope){bytes_of("20260102"), bytes_of("us-east-1"), bytes_of("route53")};
    return &scope;
}

// API reference 5.1: the vectors, whose texts botocore writes the same.
static void test_each_stage_of_a_signature_is_that_of_the_golden_files(void **state)
{
    (void)state;
    static char expected[FILE_MOST];
    for (size_t i = 0; i < CASES; i++) {
        struct golden golden;
        struct buffer canonical;
        struct buffer to_sign;
        char signature[SIGV4_HEX];
        buffer_init(&canonical, FILE_MOST);
        buffer_init(&to_sign, FILE_MOST);
        read_request(cases[i].name, &golden);

        sigv4_canonical_request(&golden.request, bytes_of(cases[i].signed_headers), &canonical);
        read_file(cases[i].name, "canonical_request", expected);
        assert_string_equal(buffer_string(&canonical), expected);

        sigv4_string_to_sign(bytes_of("20260102T030405Z"), golden_scope(), written(&canonical), &to_sign);
        read_file(cases[i].name, "string_to_sign", expected);
        assert_string_equal(buffer_string(&to_sign), expected);

        sigv4_signature(secret, golden_scope(), written(&to_sign), signature);
        read_file(cases[i].name, "signature", expected);
        assert_string_equal(signature, expected);

        buffer_free(&canonical);
        buffer_free(&to_sign);
    }
}

static void test_canonical_requests_do_not_depend_on_spelling(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        const char *query;
        const char *canonical; // the two lines
    } spellings[] = {
        {"/a/b", "", "/a/b\n"},
        {"/a//b/./c/../", "", "/a/b/\n"},
        {"/..", "", "/\n"},
        {"", "", "/\n"},
        {"/a%2Fb c*~", "", "/a%252Fb%20c%2A~\n"},
        {"/", "b=2&a=1", "/\na=1&b=2"},
        {"/", "a=2&a=1&a", "/\na=&a=1&a=2"},
        {"/", "a-b=1&a=2&a1=3", "/\na=2&a-b=1&a1=3"},
        {"/", "&&a=%2f%2F*~&", "/\na=%2F%2F%2A~"},
        {"/", "a=b=c", "/\na=b%3Dc"},
        {"/", "a=%zz%", "/\na=%25zz%25"},
        {"/", "x%3D=1", "/\nx%3D=1"},
    };
    for (size_t i = 0; i < sizeof spellings / sizeof spellings[0]; i++) {
        static const struct sigv4_header headers[] = {0};
        struct sigv4_request request = {
            .method = bytes_of("GET"),
            .path = bytes_of(spellings[i].path),
            .query = bytes_of(spellings[i].query),
            .headers = headers,
        };
        struct buffer canonical;
        buffer_init(&canonical, FILE_MOST);
        sigv4_canonical_request(&request, (struct bytes){NULL, 0}, &canonical);
        char *expected = xasprintf("GET\n%s\n\n", spellings[i].canonical);
        if (strncmp(buffer_string(&canonical), expected, strlen(expected)) != 0) {
            fail_msg("%s?%s: %s", spellings[i].path, spellings[i].query, buffer_string(&canonical));
        }
        free(expected);
        buffer_free(&canonical);
    }
}

static void test_header_values_are_trimmed_collapsed_and_joined(void **state)
{
    (void)state;
    const struct sigv4_header headers[] = {
        {bytes_of("X-A"), bytes_of("  one \t two  ")},
        {bytes_of("Host"), bytes_of("h:1")},
        {bytes_of("x-a"), bytes_of("three")},
        {bytes_of("X-Amz-Content-SHA256"), bytes_of("abc")},
    };
    struct sigv4_request request = {bytes_of("GET"), bytes_of("/"), {NULL, 0}, headers, 4, bytes_of("body")};
    struct buffer canonical;
    buffer_init(&canonical, FILE_MOST);
    sigv4_canonical_request(&request, bytes_of("host;x-a;x-none"), &canonical);
    assert_string_equal(buffer_string(&canonical),
                        "GET\n/\n\nhost:h:1\nx-a:one two,three\nx-none:\n\nhost;x-a;x-none\nabc");
    buffer_free(&canonical);
}

static void test_dates_have_the_basic_form(void **state)
{
    (void)state;
    char text[SIGV4_DATE_TEXT];
    sigv4_date(noon, text);
    assert_string_equal(text, "20260102T030405Z");
    sigv4_date((wall_time){0}, text);
    assert_string_equal(text, "19700101T000000Z");
}

// --- checking ----------------------------------------------------------------------------------------------

static struct route53_keys *keys(void)
{
    return route53_keys_parse(bytes_of("[default]\naws_access_key_id = AKIDEXAMPLE\n"
                                       "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n"
                                       "[session]\naws_access_key_id = ASIDEXAMPLE\n"
                                       "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n"
                                       "aws_session_token = tok/en+=\n"),
                              NULL);
}

// "" for a good signature, else "Code: message".
static char *verdict(const struct sigv4_request *request, wall_time now)
{
    struct route53_keys *known = keys();
    struct route53_fault fault = {0};
    bool good = sigv4_verify(request, known, now, &fault);
    char *text = good ? xstrdup("") : xasprintf("%s: %s", fault.code, fault.message);
    route53_fault_clear(&fault);
    route53_keys_destroy(known);
    return text;
}

static void add_header(struct golden *golden, const char *name, const char *value)
{
    golden->headers[golden->request.header_count++] = (struct sigv4_header){bytes_of(name), bytes_of(value)};
}

static void expect(struct golden *golden, wall_time now, const char *expected)
{
    char *got = verdict(&golden->request, now);
    if (strncmp(got, expected, strlen(expected)) != 0 || (expected[0] == '\0') != (got[0] == '\0')) {
        fail_msg("%s\nexpected %s", got, expected);
    }
    free(got);
}

#define CREDENTIAL "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260102/us-east-1/route53/aws4_request"
#define SIGNATURE  "Signature=f4a138414a23b4c7828bcc73e2ba0ce571470cf21649ef9447be39a6ca299d3e"
#define SIGNED     "SignedHeaders=host;x-amz-date"

static void test_what_a_key_signed_is_believed_however_the_header_is_spaced(void **state)
{
    (void)state;
    static const char *const headers[] = {
        CREDENTIAL ", " SIGNED ", " SIGNATURE,
        CREDENTIAL "," SIGNED "," SIGNATURE,
        CREDENTIAL ",   " SIGNATURE ", " SIGNED,
    };
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
        struct golden golden;
        read_request("list", &golden);
        add_header(&golden, "authorization", headers[i]);
        expect(&golden, noon, "");
        expect(&golden, wall_add(noon, DURATION_S(300)), "");
        expect(&golden, wall_add(noon, DURATION_S(-300)), "");
        struct bytes id = sigv4_claimed_id(&golden.request);
        assert_true(bytes_equal(id, bytes_of("AKIDEXAMPLE")));
    }
}

// API reference 1.4, with the texts of the service
static void test_what_is_wrong_with_a_signature_is_said_in_the_words_of_aws(void **state)
{
    (void)state;
    static const struct {
        const char *authorization; // NULL: none
        int64_t late_s;
        const char *fault;
    } wrong[] = {
        {NULL, 0, "MissingAuthenticationToken: Missing Authentication Token"},
        {"", 0, "MissingAuthenticationToken: Missing Authentication Token"},
        {"Basic dXNlcjpwYXNz", 0, "IncompleteSignature: Unsupported AWS 'algorithm': 'Basic'."},
        {"AWS4-HMAC-SHA256", 0, "IncompleteSignature: Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA256'."},
        {"AWS4-HMAC-SHA256 x", 0,
         "IncompleteSignature: Authorization header requires 'Credential' parameter. Authorization header "
         "requires "
         "'Signature' parameter. Authorization header requires 'SignedHeaders' parameter. "
         "Authorization=AWS4-HMAC-SHA256 x"},
        {CREDENTIAL ", " SIGNED, 0,
         "IncompleteSignature: Authorization header requires 'Signature' parameter. Authorization="},
        {"AWS4-HMAC-SHA256 Credential=AKID/20260102, " SIGNED ", " SIGNATURE, 0,
         "IncompleteSignature: Credential must have exactly 5 slash-delimited elements, e.g. "
         "keyid/date/region/service/term, got 'AKID/20260102'"},
        {"AWS4-HMAC-SHA256 Credential=/20260102/us-east-1/route53/aws4_request, " SIGNED ", " SIGNATURE, 0,
         "IncompleteSignature: Credential must have exactly 5"},
        {"AWS4-HMAC-SHA256 Credential=NOBODY/20260102/us-east-1/route53/aws4_request, " SIGNED ", " SIGNATURE,
         0, "InvalidClientTokenId: The security token included in the request is invalid."},
        {"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260103/us-east-1/route53/aws4_request, " SIGNED
         ", " SIGNATURE,
         0,
         "SignatureDoesNotMatch: Date in Credential scope does not match YYYYMMDD from ISO-8601 version of "
         "date from "
         "HTTP: '20260103' != '20260102', from '20260102T030405Z'."},
        {"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260102/us-east-1/s3/aws4_request, " SIGNED ", " SIGNATURE,
         0, "SignatureDoesNotMatch: Credential should be scoped to correct service: 'route53'."},
        {"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260102/us-east-1/route53/aws4, " SIGNED ", " SIGNATURE, 0,
         "SignatureDoesNotMatch: Credential should be scoped with a valid terminator: 'aws4_request', not "
         "'aws4'."},
        {"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260102/eu-west-1/route53/aws4_request, " SIGNED
         ", " SIGNATURE,
         0,
         "SignatureDoesNotMatch: The request signature we calculated does not match the signature you "
         "provided. Check "
         "your AWS Secret Access Key and signing method. Consult the service documentation for details."},
        {CREDENTIAL ", SignedHeaders=x-amz-date, " SIGNATURE, 0,
         "SignatureDoesNotMatch: 'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."},
        {CREDENTIAL ", SignedHeaders=host, " SIGNATURE, 0,
         "SignatureDoesNotMatch: 'X-Amz-Date' must be a 'SignedHeader' in the AWS Authorization."},
        {CREDENTIAL ", " SIGNED ", Signature=f4a1", 0,
         "SignatureDoesNotMatch: The request signature we calculated does not match"},
        {CREDENTIAL ", " SIGNED
                    ", Signature=F4A138414A23B4C7828BCC73E2BA0CE571470CF21649EF9447BE39A6CA299D3E",
         0, "SignatureDoesNotMatch: The request signature we calculated does not match"},
        {CREDENTIAL ", " SIGNED ", " SIGNATURE, 301,
         "SignatureDoesNotMatch: Signature expired: 20260102T030405Z is now earlier than 20260102T030406Z "
         "(20260102T030906Z - 5 min.)"},
        {CREDENTIAL ", " SIGNED ", " SIGNATURE, -301,
         "SignatureDoesNotMatch: Signature not yet current: 20260102T030405Z is still later than "
         "20260102T030404Z "
         "(20260102T025904Z + 5 min.)"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct golden golden;
        read_request("list", &golden);
        if (wrong[i].authorization != NULL) {
            add_header(&golden, "Authorization", wrong[i].authorization);
        }
        expect(&golden, wall_add(noon, DURATION_S(wrong[i].late_s)), wrong[i].fault);
    }
}

// What the signer signs, the checker believes, and no byte of it may change.
static void test_what_was_signed_cannot_be_changed(void **state)
{
    (void)state;
    static const struct route53_key key = {"AKIDEXAMPLE", secret, NULL};
    static const char mismatch[] =
        "SignatureDoesNotMatch: The request signature we calculated does not match";
    struct golden golden;
    struct buffer authorization;
    read_request("body", &golden);
    buffer_init(&authorization, FILE_MOST);
    // Any region: API reference 5.1, "Region trap".
    sigv4_authorize(&golden.request, &key, bytes_of("aws-global"), bytes_of("route53"), &authorization);
    add_header(&golden, "Authorization", buffer_string(&authorization));
    expect(&golden, noon, "");

    struct sigv4_request *request = &golden.request;
    const struct sigv4_request good = *request;
    request->method = bytes_of("PUT");
    expect(&golden, noon, mismatch);
    *request = good;
    request->path = bytes_of("/2013-04-01/healthcheck/other");
    expect(&golden, noon, mismatch);
    *request = good;
    request->query = bytes_of("a=b");
    expect(&golden, noon, mismatch);
    *request = good;
    request->body.len--;
    expect(&golden, noon, mismatch);
    *request = good;
    const struct sigv4_header host = golden.headers[0];
    golden.headers[0].value = bytes_of("route53.amazonaws.com:443");
    expect(&golden, noon, mismatch);
    golden.headers[0] = host;
    expect(&golden, noon, "");
    buffer_free(&authorization);
}

static void sign(struct golden *golden, const struct route53_key *key, struct buffer *authorization)
{
    buffer_init(authorization, FILE_MOST);
    sigv4_authorize(&golden->request, key, bytes_of("us-east-1"), bytes_of("route53"), authorization);
    add_header(golden, "Authorization", buffer_string(authorization));
}

static void test_a_session_needs_its_token(void **state)
{
    (void)state;
    static const struct route53_key session = {"ASIDEXAMPLE", secret, "tok/en+="};
    static const struct route53_key plain = {"AKIDEXAMPLE", secret, NULL};
    static const char invalid[] =
        "InvalidClientTokenId: The security token included in the request is invalid.";
    struct golden golden;
    struct buffer authorization;
    read_request("token", &golden);
    sign(&golden, &session, &authorization);
    expect(&golden, noon, "");
    buffer_free(&authorization);

    read_request("token", &golden); // a key that has no sessions
    sign(&golden, &plain, &authorization);
    expect(&golden, noon, invalid);
    buffer_free(&authorization);

    read_request("list", &golden); // no token
    sign(&golden, &session, &authorization);
    expect(&golden, noon, invalid);
    buffer_free(&authorization);

    read_request("list", &golden); // one that was added afterwards
    sign(&golden, &session, &authorization);
    add_header(&golden, "X-Amz-Security-Token", "tok/en+=");
    expect(
        &golden, noon,
        "SignatureDoesNotMatch: 'X-Amz-Security-Token' must be a 'SignedHeader' in the AWS Authorization.");
    buffer_free(&authorization);
}

static void test_a_signed_hash_must_be_that_of_the_body(void **state)
{
    (void)state;
    static const struct route53_key key = {"AKIDEXAMPLE", secret, NULL};
    static const struct {
        const char *hash;
        const char *verdict;
    } hashes[] = {
        {"7536c5b2b43790b0f88028b2372adac3180ad938302b8534b2e49badcf958704", ""},
        {"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
         "SignatureDoesNotMatch: The request"},
        {"UNSIGNED-PAYLOAD", "SignatureDoesNotMatch: The request"},
    };
    for (size_t i = 0; i < sizeof hashes / sizeof hashes[0]; i++) {
        struct golden golden;
        struct buffer authorization;
        read_request("body", &golden);
        add_header(&golden, "X-Amz-Content-SHA256", hashes[i].hash);
        sign(&golden, &key, &authorization);
        expect(&golden, noon, hashes[i].verdict);
        buffer_free(&authorization);
    }
}

static void test_a_date_that_is_none_is_refused(void **state)
{
    (void)state;
    static const char *const dates[] = {"",
                                        "20260102",
                                        "2026-01-02T03:04:05Z",
                                        "20260102T030405",
                                        "20260102t030405z",
                                        "Fri, 02 Jan 2026 03:04:05 GMT"};
    for (size_t i = 0; i < sizeof dates / sizeof dates[0]; i++) {
        struct golden golden;
        read_request("list", &golden);
        golden.headers[1].value = bytes_of(dates[i]);
        add_header(&golden, "Authorization", CREDENTIAL ", " SIGNED ", " SIGNATURE);
        expect(&golden, noon, "IncompleteSignature: Date must be in ISO-8601 'basic format'. Got '");
    }
    struct golden golden;
    read_request("list", &golden);
    golden.headers[1].name = bytes_of("X-Other");
    add_header(&golden, "Authorization", CREDENTIAL ", " SIGNED ", " SIGNATURE);
    expect(&golden, noon,
           "IncompleteSignature: Authorization header requires existence of either a 'X-Amz-Date' or a "
           "'Date' header. ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_stage_of_a_signature_is_that_of_the_golden_files),
        cmocka_unit_test(test_canonical_requests_do_not_depend_on_spelling),
        cmocka_unit_test(test_header_values_are_trimmed_collapsed_and_joined),
        cmocka_unit_test(test_dates_have_the_basic_form),
        cmocka_unit_test(test_what_a_key_signed_is_believed_however_the_header_is_spaced),
        cmocka_unit_test(test_what_is_wrong_with_a_signature_is_said_in_the_words_of_aws),
        cmocka_unit_test(test_what_was_signed_cannot_be_changed),
        cmocka_unit_test(test_a_session_needs_its_token),
        cmocka_unit_test(test_a_signed_hash_must_be_that_of_the_body),
        cmocka_unit_test(test_a_date_that_is_none_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
