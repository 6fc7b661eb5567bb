// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "core/route53/credentials.h"

// API reference 5.3
static void test_keys_are_read_from_lines_and_from_profiles(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "AKID1 secret1\nAKID2\tsecret2\n",
        "# keys\r\n\r\n  AKID1   secret1  \r\n; more\r\nAKID2 secret2",
        "[default]\naws_access_key_id = AKID1\naws_secret_access_key = secret1\n"
        "[role]\nrole_arn = arn:aws:iam::123456789012:role/x\n"
        "[dns]\nregion=eu-west-1\naws_secret_access_key=secret2\naws_access_key_id=AKID2\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct error error = {0};
        struct route53_keys *keys = route53_keys_parse(bytes_of(texts[i]), &error);
        if (keys == NULL) {
            fail_msg("%s: %s", texts[i], error.text);
        }
        assert_string_equal(route53_keys_find(keys, bytes_of("AKID1"))->secret, "secret1");
        assert_string_equal(route53_keys_find(keys, bytes_of("AKID2"))->secret, "secret2");
        assert_null(route53_keys_find(keys, bytes_of("AKID1"))->token);
        assert_null(route53_keys_find(keys, bytes_of("AKID")));
        assert_null(route53_keys_find(keys, bytes_of("")));
        route53_keys_destroy(keys);
    }
}

static void test_a_profile_may_have_a_session_token(void **state)
{
    (void)state;
    struct route53_keys *keys = route53_keys_parse(
        bytes_of("[a]\naws_access_key_id=A\naws_secret_access_key=s=/+\naws_session_token = tok/en+=\n"),
        NULL);
    assert_non_null(keys);
    const struct route53_key *key = route53_keys_find(keys, bytes_of("A"));
    assert_string_equal(key->secret, "s=/+");
    assert_string_equal(key->token, "tok/en+=");
    route53_keys_destroy(keys);
}

static void test_slips_are_named_with_their_line_and_without_a_secret(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *reason;
    } cases[] = {
        {"", "there is no access key in it"},
        {"# nothing\n", "there is no access key in it"},
        {"[role]\nrole_arn = x\n", "there is no access key in it"},
        {"AKID hush\nAKID2\n", "line 2: expected an access key id, a blank and its secret"},
        {"AKID hush hush", "line 1: expected an access key id, a blank and its secret"},
        {"AKID hush\nAKID hush2", "line 2: access key id 'AKID' is there already"},
        {"[a\n", "line 1: '[' without ']'"},
        {"[a]\nhush\n", "line 2: expected name = value"},
        {"[a]\naws_access_key_id =\n", "line 2: no usable aws_access_key_id"},
        {"[a]\naws_access_key_id = A\naws_access_key_id = B\n", "line 3: a second aws_access_key_id"},
        {"\n[a]\naws_secret_access_key = hush\n[b]\n",
         "line 2: a profile with one of aws_access_key_id and aws_secret_access_key needs the other"},
        {"[a]\naws_access_key_id = A\n",
         "line 1: a profile with one of aws_access_key_id and aws_secret_access_key needs the other"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct error error = {0};
        assert_null(route53_keys_parse(bytes_of(cases[i].text), &error));
        assert_string_equal(error.text, cases[i].reason);
        assert_null(strstr(error.text, "hush"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_keys_are_read_from_lines_and_from_profiles),
        cmocka_unit_test(test_a_profile_may_have_a_session_token),
        cmocka_unit_test(test_slips_are_named_with_their_line_and_without_a_secret),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
