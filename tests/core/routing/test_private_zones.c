// SPDX-License-Identifier: MIT
// Who sees a private hosted zone, and where its clients are: D21, E3, LT4, G8, X4.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/dns/rrtype.h"
#include "core/location/client_text.h"
#include "core/routing/explain.h"
#include "core/routing/resolve.h"
#include "support/model_dsl.h"

// The outcome for a client, as people write clients, with a client subnet besides, or NULL: "NOERROR
// 192.0.2.1", "NXDOMAIN", in front of it "!" when everything was unhealthy.
static const char *ask_with(const struct test_view *view, const char *who, const char *subnet,
                            const char *name_text, const char *type_text)
{
    static char text[128];
    struct client client;
    struct random roll;
    struct dns_name name;
    uint16_t type;
    struct resolution resolution;
    struct error error = {0};
    if (!client_parse(view->model, bytes_of(who), &client, &error)) {
        fail_msg("%s", error.text);
    }
    client.has_subnet = client.has_subnet || subnet != NULL;
    assert_true(subnet == NULL || ip_prefix_parse(bytes_of(subnet), &client.subnet, NULL));
    assert_true(dns_name_parse(bytes_of(name_text), &name, NULL));
    assert_true(dns_rrtype_parse(bytes_of(type_text), &type));
    random_seed(&roll, 1);
    struct decide_context context = {.view = &view->view, .client = &client, .roll = &roll};
    resolve(&context, &name, type, &resolution);
    snprintf(text, sizeof text, "%s", resolution_kind_name(resolution.kind));
    if (resolution.kind == RESOLVED_ANSWER) {
        json_t *values = explain_values(resolution.group->type, resolution.decision.record_sets[0]);
        snprintf(text, sizeof text, "%s%s", resolution.decision.fail_open ? "!" : "",
                 json_string_value(json_array_get(values, 0)));
        json_decref(values);
    }
    return text;
}

struct question {
    const char *who;
    const char *name;
    const char *type;
    const char *answer;
};

static void expect_all(const struct test_view *view, const struct question *questions, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct question *q = &questions[i];
        const char *answer = ask_with(view, q->who, NULL, q->name, q->type);
        if (strcmp(answer, q->answer) != 0) {
            fail_msg("%s %s for %s: %s, not %s", q->name, q->type, q->who, answer, q->answer);
        }
    }
}

#define EXPECT_ALL(policy, ...)                                                                              \
    do {                                                                                                     \
        const struct question questions[] = {__VA_ARGS__};                                                   \
        struct test_view *view = test_view_create(policy);                                                   \
        expect_all(view, questions, sizeof questions / sizeof questions[0]);                                 \
        test_view_destroy(view);                                                                             \
    } while (0)

#define SPLIT_HORIZON                                                                                        \
    "zone Z1 example.com.\n"                                                                                 \
    "record www.example.com. A 60 192.0.2.1\n"                                                               \
    "record out.example.com. A 60 192.0.2.2\n"                                                               \
    "record txt.example.com. TXT 60 \"x\"\n"                                                                 \
    "zone Z2 sub.example.com.\n"                                                                             \
    "record www.sub.example.com. A 60 192.0.2.3\n"                                                           \
    "zone Z3 example.com. vpc-a=us-east-1 vpc-b=eu-west-1\n"                                                 \
    "record www.example.com. A 60 10.0.0.1\n"                                                                \
    "record in.example.com. A 60 10.0.0.2\n"                                                                 \
    "record txt.example.com. A 60 10.0.0.3\n"                                                                \
    "zone Z4 deep.example.com. vpc-a=us-east-1\n"                                                            \
    "record www.deep.example.com. A 60 10.0.0.4\n"                                                           \
    "zone Z5 example.org.\n"                                                                                 \
    "record www.example.org. A 60 192.0.2.4\n"                                                               \
    "zone Z6 example.net. private\n"                                                                         \
    "vpc vpc-a us-east-1 10.1.0.0/16\n"                                                                      \
    "vpc vpc-c us-east-1 10.2.0.0/16\n"                                                                      \
    "vpc vpc-b eu-west-1 10.1.9.0/24\n"

// D21, E3; section 16: a missing type is NODATA.
static void test_clients_in_a_vpc_see_its_private_zones_before_public_ones(void **state)
{
    (void)state;
    EXPECT_ALL(SPLIT_HORIZON, {"203.0.113.9", "www.example.com", "A", "192.0.2.1"},
               {"us-east-1", "www.example.com", "A", "192.0.2.1"}, // a place is no VPC
               {"203.0.113.9", "in.example.com", "A", "NXDOMAIN"},
               {"vpc-a", "www.example.com", "A", "10.0.0.1"},
               {"10.1.2.3", "www.example.com", "A", "10.0.0.1"}, // by its address
               {"vpc-a", "in.example.com", "A", "10.0.0.2"},
               {"vpc-a", "out.example.com", "A", "NXDOMAIN"}, // the public zone is not asked
               {"vpc-a", "txt.example.com", "TXT", "NODATA"},
               {"vpc-a", "www.sub.example.com", "A", "NXDOMAIN"},  // nor a more specific public one
               {"vpc-a", "www.deep.example.com", "A", "10.0.0.4"}, // the most specific of its own
               {"vpc-a", "gone.deep.example.com", "A", "NXDOMAIN"},
               {"vpc-b", "www.deep.example.com", "A", "NXDOMAIN"},    // not associated with that one
               {"10.1.9.1", "www.deep.example.com", "A", "NXDOMAIN"}, // the longest block says vpc-b
               {"vpc-b", "www.example.com", "A", "10.0.0.1"},
               {"vpc-c", "www.example.com", "A", "192.0.2.1"}, // in no private zone
               {"vpc-a", "www.example.org", "A", "192.0.2.4"}, // no private zone has the name
               {"vpc-a", "www.example.info", "A", "REFUSED"},
               {"vpc-a", "example.net", "SOA", "REFUSED"}, // private and without a VPC: nobody sees it
               {"203.0.113.9", "example.net", "SOA", "REFUSED"});
}

// The table says that Tokyo is near for everybody; in a private zone that is of no interest.
#define REGIONS                                                                                              \
    "place us-east-1 us-east-1=90 us-west-2=80 eu-west-1=70 ap-northeast-1=1\n"                              \
    "place eu-central-1 us-east-1=90 us-west-2=80 eu-west-1=70 ap-northeast-1=1\n"                           \
    "place JP us-east-1=90 us-west-2=80 eu-west-1=70 ap-northeast-1=1 continent=AS country=JP\n"             \
    "client 198.51.100.0/24 JP\n"
#define FOUR(zone)                                                                                           \
    "latency www." zone " A 60 us-east-1 192.0.2.1 hc-e\n"                                                   \
    "latency www." zone " A 60 us-west-2 192.0.2.2 hc-w\n"                                                   \
    "latency www." zone " A 60 eu-west-1 192.0.2.3 hc-i\n"                                                   \
    "latency www." zone " A 60 ap-northeast-1 192.0.2.4 hc-t\n"

// LT4, E3: the VPC's own Region, else the closest by distance; the next when it is unhealthy.
static void test_latency_in_a_private_zone_goes_by_the_distance_of_regions(void **state)
{
    (void)state;
    struct test_view *view =
        test_view_create("check hc-e\ncheck hc-w\ncheck hc-i\ncheck hc-t\n" REGIONS
                         "zone Z1 example.com. vpc-e=us-east-1 vpc-c=eu-central-1 vpc-o=us-west-1\n" FOUR(
                             "example.com.") "zone Z2 example.org.\n" FOUR("example.org."));
    assert_string_equal(ask_with(view, "vpc-e", NULL, "www.example.com", "A"), "192.0.2.1");
    assert_string_equal(ask_with(view, "vpc-c", NULL, "www.example.com", "A"), "192.0.2.3");
    assert_string_equal(ask_with(view, "vpc-o", NULL, "www.example.com", "A"), "192.0.2.2");
    assert_string_equal(ask_with(view, "vpc-c", "198.51.100.0/24", "www.example.com", "A"), "192.0.2.3");
    test_view_set(view, "hc-i", false);
    assert_string_equal(ask_with(view, "vpc-c", NULL, "www.example.com", "A"), "192.0.2.1");
    test_view_set(view, "hc-e", false);
    test_view_set(view, "hc-w", false);
    test_view_set(view, "hc-t", false);
    assert_string_equal(ask_with(view, "vpc-c", NULL, "www.example.com", "A"), "!192.0.2.3"); // R3
    test_view_set(view, "hc-e", true);
    // A public zone is asked from the Region, by the table; and a client subnet counts there (E2).
    assert_string_equal(ask_with(view, "vpc-e", NULL, "www.example.org", "A"), "192.0.2.1");
    test_view_set(view, "hc-t", true);
    assert_string_equal(ask_with(view, "vpc-e", NULL, "www.example.org", "A"), "192.0.2.4");
    test_view_destroy(view);
}

// G8
static void test_geolocation_in_a_private_zone_goes_by_the_region(void **state)
{
    (void)state;
    struct test_view *view =
        test_view_create("check va\ncheck us\ncheck any\n"
                         "place JP continent=AS country=JP\nclient 198.51.100.0/24 JP\n"
                         "zone Z1 example.com. vpc-e=us-east-1 vpc-o=us-west-2 vpc-t=ap-northeast-1\n"
                         "geo www.example.com. A 60 US-VA 192.0.2.1 va\n"
                         "geo www.example.com. A 60 US 192.0.2.2 us\n"
                         "geo www.example.com. A 60 continent:EU 192.0.2.3\n"
                         "geo www.example.com. A 60 * 192.0.2.4 any\n"
                         "geo jp.example.com. A 60 JP 192.0.2.5\n");
    assert_string_equal(ask_with(view, "vpc-e", NULL, "www.example.com", "A"), "192.0.2.1");
    assert_string_equal(ask_with(view, "vpc-o", NULL, "www.example.com", "A"), "192.0.2.2");
    assert_string_equal(ask_with(view, "vpc-t", NULL, "www.example.com", "A"), "192.0.2.4");
    assert_string_equal(ask_with(view, "vpc-t", NULL, "jp.example.com", "A"), "192.0.2.5");
    assert_string_equal(ask_with(view, "vpc-e", "198.51.100.0/24", "jp.example.com", "A"),
                        "NODATA");    // E3, G5
    test_view_set(view, "va", false); // the default at once, not the country
    assert_string_equal(ask_with(view, "vpc-e", NULL, "www.example.com", "A"), "192.0.2.4");
    test_view_set(view, "any", false);
    assert_string_equal(ask_with(view, "vpc-e", NULL, "www.example.com", "A"), "!192.0.2.1");
    test_view_destroy(view);
}

// X4 by the knob, table 5.2: "*" is all that IP-based routing can know there.
static void test_what_aws_does_not_support_in_private_zones_goes_by_the_region(void **state)
{
    (void)state;
    EXPECT_ALL("zone Z1 example.com. vpc-e=us-east-1 vpc-t=ap-northeast-1\n"
               "vpc vpc-e us-east-1 10.0.0.0/16\n"
               "near www.example.com. A 60 a:38.95,-77.45,0 192.0.2.1\n"
               "near www.example.com. A 60 b:35.68,139.69,0 192.0.2.2\n"
               "block office 10.0.0.0/8\n"
               "cidr ip.example.com. A 60 office 192.0.2.3\n"
               "cidr ip.example.com. A 60 * 192.0.2.4\n",
               {"vpc-e", "www.example.com", "A", "192.0.2.1"}, {"vpc-t", "www.example.com", "A", "192.0.2.2"},
               {"10.0.0.7", "ip.example.com", "A", "192.0.2.4"});
}

static json_t *explained(const struct test_view *view, const char *who, const char *name_text)
{
    struct client client;
    struct random roll;
    struct dns_name name;
    random_seed(&roll, 1);
    assert_true(client_parse(view->model, bytes_of(who), &client, NULL));
    assert_true(dns_name_parse(bytes_of(name_text), &name, NULL));
    return explain(&view->view, &name, DNS_TYPE_A, &client, &roll);
}

static void test_explanations_say_in_which_vpc_the_client_is(void **state)
{
    (void)state;
    struct test_view *view = test_view_create("check hc-e\ncheck hc-w\ncheck hc-i\ncheck hc-t\n" REGIONS
                                              "vpc vpc-e us-east-1 10.0.0.0/16\n"
                                              "zone Z1 example.com. vpc-e=us-east-1\n" FOUR("example.com."));
    struct buffer text;
    json_t *json = explained(view, "10.0.0.9", "www.example.com");
    buffer_init(&text, 1 << 16);
    explain_text(json, &text);
    assert_non_null(strstr(buffer_string(&text), "client      in VPC vpc-e, us-east-1\n"));
    assert_non_null(strstr(buffer_string(&text), "us-east-1              0 km  healthy (hc-e)"));
    assert_non_null(strstr(buffer_string(&text), "rules       D21, LT4, E3\n"));
    assert_string_equal(json_string_value(json_object_get(json_object_get(json, "client"), "vpc")), "vpc-e");
    assert_true(json_is_true(json_object_get(json, "private_zone")));
    json_decref(json);
    buffer_free(&text);
    test_view_destroy(view);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_clients_in_a_vpc_see_its_private_zones_before_public_ones),
        cmocka_unit_test(test_latency_in_a_private_zone_goes_by_the_distance_of_regions),
        cmocka_unit_test(test_geolocation_in_a_private_zone_goes_by_the_region),
        cmocka_unit_test(test_what_aws_does_not_support_in_private_zones_goes_by_the_region),
        cmocka_unit_test(test_explanations_say_in_which_vpc_the_client_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
