// SPDX-License-Identifier: MIT
// Places and checkers: API reference 3.5 and 3.12.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/policy/geo_codes.h"
#include "core/route53/geo_places.h"
#include "support/account_dsl.h"

static void test_the_list_has_the_places_that_record_sets_can_name(void **state)
{
    (void)state;
    struct geo_place place;
    struct geo_place before = {0};
    unsigned countries = 0;
    unsigned subdivisions = 0;
    unsigned continents = 0;
    for (size_t i = 0; geo_place_at(i, &place); i++) {
        if (place.continent != NULL) {
            assert_string_equal(place.continent, geo_continents()[continents++]);
        } else if (place.subdivision != NULL) {
            assert_true(geo_is_subdivision(place.country, place.subdivision));
            assert_string_equal(place.country, before.country);
            assert_string_equal(place.country_name, before.country_name);
            subdivisions++;
        } else if (i > 0) {
            assert_true(geo_is_country(place.country));
            assert_true(strcmp(place.country, before.country) > 0);
            countries++;
        } else {
            assert_string_equal(place.country, "*");
        }
        before = place;
    }
    assert_int_equal(countries, 246);
    assert_int_equal(subdivisions, 51 + 27);
    assert_int_equal(continents, 7);
}

static void test_one_place_is_found_by_its_codes(void **state)
{
    (void)state;
    static const struct {
        const char *input;
        const char *reply;
    } cases[] = {
        {"{'ContinentCode': 'EU'}", "{'GeoLocationDetails':{'ContinentCode':'EU','ContinentName':'Europe'}}"},
        {"{'CountryCode': 'DE'}", "{'GeoLocationDetails':{'CountryCode':'DE','CountryName':'Germany'}}"},
        {"{'CountryCode': '*'}", "{'GeoLocationDetails':{'CountryCode':'*','CountryName':'Default'}}"},
        {"{'CountryCode': 'US', 'SubdivisionCode': 'CA'}",
         "{'GeoLocationDetails':{'CountryCode':'US','CountryName':'United States','SubdivisionCode':'CA',"
         "'SubdivisionName':'California'}}"},
        // AF is a continent and a country.
        {"{'CountryCode': 'AF'}", "{'GeoLocationDetails':{'CountryCode':'AF','CountryName':'Afghanistan'}}"},
        {"{'CountryCode': 'UK'}", "NoSuchGeoLocation: The geolocation you specified doesn't exist."},
        {"{'ContinentCode': 'XX'}", "NoSuchGeoLocation: ..."},
        {"{'CountryCode': 'CA', 'SubdivisionCode': 'ON'}", "NoSuchGeoLocation: ..."},
        {"{'CountryCode': 'DE', 'ContinentCode': 'EU'}",
         "InvalidInput: ContinentCode goes with neither CountryCode nor SubdivisionCode."},
        {"{'SubdivisionCode': 'CA'}", "InvalidInput: SubdivisionCode needs CountryCode."},
        {"{}", "InvalidInput: One of ContinentCode and CountryCode is required."},
    };
    struct account_dsl dsl;
    account_dsl_open(&dsl, "{}");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        account_dsl_expect(&dsl, "GetGeoLocation", cases[i].input, cases[i].reply);
    }
    account_dsl_close(&dsl);
}

static void expect_pages(struct account_dsl *dsl, const char *input, const char *first, const char *next)
{
    account_dsl_call(dsl, "ListGeoLocations", input);
    const char *list = "{'GeoLocationDetailsList':[";
    assert_memory_equal(dsl->reply, list, strlen(list));
    if (strncmp(dsl->reply + strlen(list), first, strlen(first)) != 0 || strstr(dsl->reply, next) == NULL) {
        fail_msg("%s: %s", input, dsl->reply);
    }
}

static void test_pages_of_places_begin_where_they_are_told(void **state)
{
    (void)state;
    struct account_dsl dsl;
    account_dsl_open(&dsl, "{}");
    expect_pages(&dsl, "{}", "{'CountryCode':'*'",
                 "'IsTruncated':true,'NextCountryCode':'IM','MaxItems':'100'}");
    expect_pages(&dsl, "{'StartCountryCode': 'US', 'MaxItems': '2'}", "{'CountryCode':'US','CountryName'",
                 "'NextCountryCode':'US','NextSubdivisionCode':'AL','MaxItems':'2'}");
    expect_pages(&dsl, "{'StartCountryCode': 'US', 'StartSubdivisionCode': 'AL', 'MaxItems': '1'}",
                 "{'CountryCode':'US','CountryName':'United States','SubdivisionCode':'AL'",
                 "'NextSubdivisionCode':'AR'");
    // What does not exist: the next one
    expect_pages(&dsl, "{'StartCountryCode': 'UT', 'MaxItems': '1'}", "{'CountryCode':'UY'", "");
    expect_pages(&dsl, "{'StartCountryCode': 'US', 'StartSubdivisionCode': 'ZZ', 'MaxItems': '1'}",
                 "{'CountryCode':'UY'", "");
    expect_pages(&dsl, "{'StartCountryCode': 'ZW', 'MaxItems': '1'}", "{'CountryCode':'ZW'",
                 "'IsTruncated':true,'NextContinentCode':'AF','MaxItems':'1'}");
    expect_pages(&dsl, "{'StartContinentCode': 'OC'}",
                 "{'ContinentCode':'OC','ContinentName':'Oceania'},{'ContinentCode':'SA','ContinentName':"
                 "'South America'}]",
                 "'IsTruncated':false,'MaxItems':'100'}");
    account_dsl_expect(&dsl, "ListGeoLocations", "{'StartSubdivisionCode': 'CA'}",
                       "InvalidInput: StartSubdivisionCode needs StartCountryCode.");
    account_dsl_close(&dsl);
}

// What to ask for the page behind the one that this input gives; false: it is the last.
static bool ask_for_next(struct account_dsl *dsl, char input[256])
{
    static const char *const codes[] = {"ContinentCode", "CountryCode", "SubdivisionCode"};
    char next[256];
    size_t len = (size_t)snprintf(next, sizeof next, "{'MaxItems': '7'");
    const size_t bare = len;
    for (size_t i = 0; i < 3; i++) {
        char path[32];
        snprintf(path, sizeof path, "/Next%s", codes[i]);
        account_dsl_call(dsl, "ListGeoLocations", input);
        const char *code = account_dsl_at(dsl, path);
        if (code[0] != '\0') {
            len += (size_t)snprintf(next + len, sizeof next - len, ", 'Start%s': '%s'", codes[i], code);
        }
    }
    snprintf(input, 256, "%s}", next);
    return len > bare;
}

static void test_walking_the_pages_visits_every_place_once(void **state)
{
    (void)state;
    struct account_dsl dsl;
    char input[256] = "{'MaxItems': '7'}";
    size_t seen = 0;
    account_dsl_open(&dsl, "{}");
    do {
        account_dsl_call(&dsl, "ListGeoLocations", input);
        for (const char *c = strchr(dsl.reply + 1, '{'); c != NULL; c = strchr(c + 1, '{')) {
            seen++;
        }
    } while (ask_for_next(&dsl, input));
    assert_int_equal(seen, 1 + 246 + 51 + 27 + 7);
    account_dsl_close(&dsl);
}

static void test_checkers_have_published_ranges(void **state)
{
    (void)state;
    struct account_dsl dsl;
    account_dsl_open(&dsl, "{}");
    account_dsl_expect(&dsl, "GetCheckerIpRanges", "{}",
                       "{'CheckerIpRanges':['15.177.0.0/18','54.248.220.0/26',...");
    account_dsl_close(&dsl);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_list_has_the_places_that_record_sets_can_name),
        cmocka_unit_test(test_one_place_is_found_by_its_codes),
        cmocka_unit_test(test_pages_of_places_begin_where_they_are_told),
        cmocka_unit_test(test_walking_the_pages_visits_every_place_once),
        cmocka_unit_test(test_checkers_have_published_ranges),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
