// SPDX-License-Identifier: MIT
// Places that record sets can name: API reference 3.12.
#include <string.h>

#include "geo_places.h"
#include "ops.h"

static json_t *print_place(const struct geo_place *place)
{
    return json_pack("{s:s*,s:s*,s:s*,s:s*,s:s*,s:s*}", "ContinentCode", place->continent, "ContinentName",
                     place->continent_name, "CountryCode", place->country, "CountryName", place->country_name,
                     "SubdivisionCode", place->subdivision, "SubdivisionName", place->subdivision_name);
}

// Codes of the input, by the names that this operation has for them.
static bool read_codes(struct call *call, const char *continent, const char *country, const char *subdivision,
                       struct geo_place *out)
{
    *out = (struct geo_place){
        .continent = ops_text(call->input, continent),
        .country = ops_text(call->input, country),
        .subdivision = ops_text(call->input, subdivision),
    };
    if (out->continent != NULL && (out->country != NULL || out->subdivision != NULL)) {
        return REFUSE(call, "InvalidInput", "%s goes with neither %s nor %s.", continent, country,
                      subdivision);
    }
    if (out->subdivision != NULL && out->country == NULL) {
        return REFUSE(call, "InvalidInput", "%s needs %s.", subdivision, country);
    }
    return true;
}

static bool same(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

bool ops_get_geo_location(struct call *call)
{
    struct geo_place wanted;
    struct geo_place place;
    if (!read_codes(call, "ContinentCode", "CountryCode", "SubdivisionCode", &wanted)) {
        return false;
    }
    if (wanted.continent == NULL && wanted.country == NULL) {
        return REFUSE(call, "InvalidInput", "One of ContinentCode and CountryCode is required.");
    }
    for (size_t i = 0; geo_place_at(i, &place); i++) {
        if (same(place.continent, wanted.continent) && same(place.country, wanted.country) &&
            same(place.subdivision, wanted.subdivision)) {
            json_object_set_new(call->output, "GeoLocationDetails", print_place(&place));
            return true;
        }
    }
    return REFUSE(call, "NoSuchGeoLocation", "The geolocation you specified doesn't exist.");
}

// Whether a place is at or behind the codes from which on to list. A continent to start from leaves all
// countries behind.
static bool has_begun(const struct geo_place *place, const struct geo_place *start)
{
    if (start->continent != NULL) {
        return place->continent != NULL && strcmp(place->continent, start->continent) >= 0;
    }
    if (start->country == NULL || place->continent != NULL) {
        return true;
    }
    int order = strcmp(place->country, start->country);
    bool subdivision_reached =
        start->subdivision == NULL ||
        (place->subdivision != NULL && strcmp(place->subdivision, start->subdivision) >= 0);
    return order > 0 || (order == 0 && subdivision_reached);
}

bool ops_list_geo_locations(struct call *call)
{
    static const struct route53_paging paging = {"MaxItems", 100, 100};
    struct geo_place start;
    struct geo_place place;
    unsigned size;
    if (!read_codes(call, "StartContinentCode", "StartCountryCode", "StartSubdivisionCode", &start) ||
        !route53_page_size(&paging, call->input, &size, call->fault)) {
        return false;
    }
    json_t *page = json_array();
    json_object_set_new(call->output, "GeoLocationDetailsList", page);
    size_t index = 0;
    bool more = geo_place_at(index, &place);
    while (more && json_array_size(page) < size) {
        if (has_begun(&place, &start)) {
            json_array_append_new(page, print_place(&place));
        }
        more = geo_place_at(++index, &place);
    }
    json_object_set_new(call->output, "IsTruncated", json_boolean(more));
    if (more) {
        json_t *next = json_pack("{s:s*,s:s*,s:s*}", "NextContinentCode", place.continent, "NextCountryCode",
                                 place.country, "NextSubdivisionCode", place.subdivision);
        json_object_update(call->output, next);
        json_decref(next);
    }
    route53_page_echo(&paging, size, call->output);
    return true;
}
