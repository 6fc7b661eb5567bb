// SPDX-License-Identifier: MIT
// The routing policy of one record set: F2, tables 5.1 and 5.2, and the field rules of sections 7.3 to 7.9.
// What spans a group is in groups.c.
#include <stdio.h>
#include <string.h>

#include "geo_codes.h"
#include "reading.h"

// --- geolocation -------------------------------------------------------------------------------------------

static struct geo_area area_of(enum geo_area_kind kind, const char *first, const char *second)
{
    struct geo_area area = {.kind = (uint8_t)kind};
    memcpy(area.codes, first, 2);
    if (second != NULL) {
        memcpy(area.codes + 2, second, 2);
    }
    return area;
}

static char ascii_upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

static void refuse_country(const struct policy_reading *reading, const struct policy_geo_location *from)
{
    static const char *const without[] = {"BV", "CX", "EH", "HM"}; // G7
    const char *code = from->country_code;
    char upper[3] = "";
    for (size_t i = 0; i < sizeof without / sizeof without[0]; i++) {
        if (strcmp(code, without[i]) == 0) {
            REFUSE(reading->context, &from->node, "CountryCode",
                   "Route 53 has no geolocation records for country %s", code);
            return;
        }
    }
    if (strlen(code) == 2) {
        upper[0] = ascii_upper(code[0]);
        upper[1] = ascii_upper(code[1]);
    }
    const char *meant = geo_is_country(upper) ? upper : geo_country_meant(code);
    REFUSE(reading->context, &from->node, "CountryCode",
           "'%s' is not a country code that Route 53 knows%s%s%s", code,
           meant != NULL ? "; did you mean '" : "", meant != NULL ? meant : "", meant != NULL ? "'?" : "");
}

static void read_subdivision(const struct policy_reading *reading, const struct policy_geo_location *from)
{
    const char *country = from->country_code;
    if (!geo_has_subdivisions(country)) {
        REFUSE(reading->context, &from->node, "SubdivisionCode",
               "SubdivisionCode goes with CountryCode US only (and UA), not with %s", country);
    } else if (!geo_is_subdivision(country, from->subdivision_code)) {
        REFUSE(reading->context, &from->node, "SubdivisionCode",
               "'%s' is not a subdivision of %s that Route 53 knows", from->subdivision_code, country);
    } else {
        reading->to->area = area_of(GEO_SUBDIVISION, country, from->subdivision_code);
    }
}

static void read_country(const struct policy_reading *reading, const struct policy_geo_location *from)
{
    bool anywhere = strcmp(from->country_code, "*") == 0;
    if (!anywhere && !geo_is_country(from->country_code)) {
        refuse_country(reading, from);
    } else if (policy_given(&from->node, GEO_LOCATION_SUBDIVISION_CODE)) {
        if (policy_readable(&from->node, GEO_LOCATION_SUBDIVISION_CODE)) {
            read_subdivision(reading, from);
        }
    } else if (anywhere) {
        reading->to->area = (struct geo_area){.kind = GEO_DEFAULT};
    } else {
        reading->to->area = area_of(GEO_COUNTRY, from->country_code, NULL);
    }
}

static void read_geo_location(struct policy_reading *reading)
{
    const struct policy_geo_location *from = reading->from->geo_location;
    reading->to->area.kind = GEO_UNREAD;
    if (from == NULL) {
        return;
    }
    bool continent = policy_given(&from->node, GEO_LOCATION_CONTINENT_CODE);
    bool country = policy_given(&from->node, GEO_LOCATION_COUNTRY_CODE);
    if (continent && (country || policy_given(&from->node, GEO_LOCATION_SUBDIVISION_CODE))) {
        REFUSE(reading->context, &from->node, "",
               "GeoLocation has a ContinentCode, or a CountryCode with or without SubdivisionCode, not both");
    } else if (!continent && !country) {
        REFUSE(reading->context, &from->node, "", "GeoLocation needs a ContinentCode or a CountryCode");
    } else if (policy_readable(&from->node, GEO_LOCATION_CONTINENT_CODE)) {
        reading->to->area = area_of(GEO_CONTINENT, geo_continents()[from->continent_code], NULL);
    } else if (policy_readable(&from->node, GEO_LOCATION_COUNTRY_CODE)) {
        read_country(reading, from);
    }
}

// --- geoproximity ------------------------------------------------------------------------------------------

// [-+]?digits(.digits?digits?)?, as the API's shapes have it (X3).
static bool parse_degrees(const char *text, unsigned most, float *out)
{
    bool negative = *text == '-';
    text += *text == '-' || *text == '+';
    unsigned hundredths = 0;
    unsigned digits = 0;
    for (; *text >= '0' && *text <= '9' && digits < 4; text++, digits++) {
        hundredths = hundredths * 10 + (unsigned)(*text - '0');
    }
    if (digits == 0 || digits > 3) {
        return false;
    }
    bool fraction = *text == '.';
    text += fraction;
    for (unsigned i = 0; i < 2; i++) {
        bool digit = fraction && *text >= '0' && *text <= '9';
        hundredths = hundredths * 10 + (digit ? (unsigned)(*text - '0') : 0);
        text += digit;
    }
    if (*text != '\0' || hundredths > most * 100) {
        return false;
    }
    *out = (float)(negative ? -(double)hundredths / 100 : (double)hundredths / 100);
    return true;
}

static void read_degrees(const struct policy_reading *reading, const struct schema_node *node,
                         const char *field, const char *text, unsigned most, float *out)
{
    if (text != NULL && !parse_degrees(text, most, out)) {
        REFUSE(reading->context, node, field,
               "%s must be degrees from -%u to %u with at most two decimals, not '%s'", field, most, most,
               text);
    }
}

static void read_position(const struct policy_reading *reading,
                          const struct policy_geo_proximity_location *from)
{
    struct geo_position *to = &reading->to->position;
    if (policy_readable(&from->node, GEO_PROXIMITY_AWS_REGION)) {
        const struct region *region = region_at((uint8_t)from->aws_region);
        to->latitude = region->latitude;
        to->longitude = region->longitude;
    }
    if (from->coordinates != NULL) {
        const struct policy_coordinates *point = from->coordinates;
        read_degrees(reading, &point->node, "Latitude", point->latitude, 90, &to->latitude);
        read_degrees(reading, &point->node, "Longitude", point->longitude, 180, &to->longitude);
    }
    to->bias = (int8_t)from->bias;
}

static void read_geo_proximity_location(struct policy_reading *reading)
{
    const struct policy_geo_proximity_location *from = reading->from->geo_proximity_location;
    if (from == NULL) {
        return;
    }
    unsigned given = (unsigned)policy_given(&from->node, GEO_PROXIMITY_AWS_REGION) +
                     policy_given(&from->node, GEO_PROXIMITY_LOCAL_ZONE_GROUP) +
                     policy_given(&from->node, GEO_PROXIMITY_COORDINATES);
    if (given != 1) {
        REFUSE(reading->context, &from->node, "",
               "GeoProximityLocation needs exactly one of AWSRegion, LocalZoneGroup and Coordinates, but "
               "found %s",
               given == 0 ? "none" : "more than one");
    }
    read_position(reading, from);
}

// --- IP-based ----------------------------------------------------------------------------------------------

// A location ends with its last block, and records may outlive it (I6): legal, and hardly ever meant.
static void warn_of_empty_location(const struct policy_reading *reading,
                                   const struct cidr_collection_spec *collection,
                                   const struct policy_cidr_routing_config *from)
{
    for (uint32_t i = 0; i < collection->block_count; i++) {
        const char *location = collection->blocks[i].location;
        if (location != NULL && strcmp(location, from->location_name) == 0) {
            return;
        }
    }
    schema_finding(reading->context->reader.diagnostics, DIAGNOSTIC_WARNING, &from->node, "LocationName",
                   "no block of CIDR collection %s is in location '%s', so no client gets this record (I2)",
                   collection->id, from->location_name);
}

static void read_collection(const struct policy_reading *reading,
                            const struct policy_cidr_routing_config *from)
{
    struct policy_context *context = reading->context;
    const struct cidr_collection_spec *collection =
        map_get(context->cidr_collections, bytes_of(from->collection_id));
    reading->to->cidr_collection = from->collection_id;
    if (collection == NULL) {
        char hint[POLICY_HINT];
        policy_hint(context, from->collection_id, context->cidr_collection_ids, hint);
        REFUSE(context, &from->node, "CollectionId", "no CIDR collection has Id '%s'%s", from->collection_id,
               hint);
    } else if (context->options->trap_warnings && reading->to->cidr_location != NULL &&
               strcmp(reading->to->cidr_location, "*") != 0) {
        warn_of_empty_location(reading, collection, from);
    }
}

static void read_cidr_routing_config(struct policy_reading *reading)
{
    const struct policy_cidr_routing_config *from = reading->from->cidr_routing_config;
    if (from == NULL) {
        return;
    }
    if (policy_readable(&from->node, CIDR_ROUTING_LOCATION_NAME)) {
        reading->to->cidr_location = from->location_name;
        if (strcmp(from->location_name, "*") != 0 && !policy_is_cidr_name(from->location_name)) {
            REFUSE(reading->context, &from->node, "LocationName",
                   "LocationName must be of letters, digits, '-' and '_', or '*' for the default, not '%s'",
                   from->location_name);
        }
    }
    if (policy_readable(&from->node, CIDR_ROUTING_COLLECTION_ID)) {
        read_collection(reading, from);
    }
}

// --- the policy --------------------------------------------------------------------------------------------

static void read_weight(struct policy_reading *reading)
{
    reading->to->weight = (uint8_t)reading->from->weight;
}

static void read_region(struct policy_reading *reading)
{
    if (policy_readable(&reading->from->node, RECORD_SET_REGION)) {
        reading->to->region = (uint8_t)reading->from->region;
    }
}

static void read_failover(struct policy_reading *reading)
{
    reading->to->secondary = reading->from->failover == 1;
}

static void read_nothing(struct policy_reading *reading)
{
    (void)reading;
}

static const char *field_name(unsigned field)
{
    const struct schema_field *record_sets = &policy_zone_schema.fields[ZONE_RECORD_SETS];
    return record_sets->table->fields[field].name;
}

// As Route 53 says it, which has more of them.
#define ONE_POLICY "Expected exactly one of [Weight, Region, Failover, GeoLocation, or MultiValueAnswer]"

// F2: which field selects the policy.
static const struct {
    uint8_t field;
    uint8_t policy;
    void (*read)(struct policy_reading *reading);
} discriminators[] = {
    {RECORD_SET_WEIGHT, ROUTING_WEIGHTED, read_weight},
    {RECORD_SET_REGION, ROUTING_LATENCY, read_region},
    {RECORD_SET_FAILOVER, ROUTING_FAILOVER, read_failover},
    {RECORD_SET_GEO_LOCATION, ROUTING_GEOLOCATION, read_geo_location},
    {RECORD_SET_GEO_PROXIMITY_LOCATION, ROUTING_GEOPROXIMITY, read_geo_proximity_location},
    {RECORD_SET_MULTI_VALUE_ANSWER, ROUTING_MULTIVALUE, read_nothing},
    {RECORD_SET_CIDR_ROUTING_CONFIG, ROUTING_CIDR, read_cidr_routing_config},
};

// "MultiValueAnswer": false is as good as none.
static bool selects(const struct policy_record_set *from, unsigned field)
{
    return policy_given(&from->node, field) &&
           !(field == RECORD_SET_MULTI_VALUE_ANSWER && policy_readable(&from->node, field) &&
             !from->multi_value_answer);
}

void policy_read_routing(struct policy_reading *reading)
{
    const struct policy_record_set *from = reading->from;
    bool found = false;
    reading->to->policy = ROUTING_SIMPLE;
    reading->to->region = REGION_NONE;
    for (size_t i = 0; i < sizeof discriminators / sizeof discriminators[0]; i++) {
        unsigned field = discriminators[i].field;
        if (!selects(from, field)) {
            continue;
        }
        if (!found) {
            found = true;
            reading->to->policy = discriminators[i].policy;
            discriminators[i].read(reading);
        } else {
            char tail[64];
            snprintf(tail, sizeof tail, "#key/%s", field_name(field));
            policy_refuse_change(reading, tail, ONE_POLICY ", but found more than one");
        }
    }
}

// --- what the policy demands -------------------------------------------------------------------------------

static void check_set_identifier(const struct policy_reading *reading)
{
    const struct schema_node *node = &reading->from->node;
    bool given = policy_given(node, RECORD_SET_SET_IDENTIFIER);
    if (reading->to->policy == ROUTING_SIMPLE && given) {
        policy_refuse_change(reading, "#key/SetIdentifier", ONE_POLICY ", but found none");
    } else if (reading->to->policy != ROUTING_SIMPLE && !given) {
        policy_refuse_change(reading, "", "Missing field 'SetIdentifier'");
    }
}

// Table 5.1, HealthCheckId; table 5.2, PHZ: X4 is a knob, and IP-based record sets can be there but AWS does
// not support them.
static void check_private_zone(const struct policy_reading *reading)
{
    struct policy_context *context = reading->context;
    const struct schema_node *node = &reading->from->node;
    static const bool checked[ROUTING_POLICIES] = {
        [ROUTING_WEIGHTED] = true,    [ROUTING_LATENCY] = true,    [ROUTING_FAILOVER] = true,
        [ROUTING_GEOLOCATION] = true, [ROUTING_MULTIVALUE] = true,
    };
    if (!reading->zone->private_zone) {
        return;
    }
    if (reading->to->health_check_id != NULL && !checked[reading->to->policy]) {
        REFUSE(context, node, "HealthCheckId",
               "in a private hosted zone only failover, multivalue, weighted, latency and geolocation record "
               "sets can have a health check, not %s ones",
               routing_policy_name(reading->to->policy));
    } else if (reading->to->policy == ROUTING_GEOPROXIMITY &&
               !context->spec->simulator.private_geoproximity) {
        REFUSE(context, node, "#key/GeoProximityLocation",
               "a private hosted zone cannot have geoproximity record sets, unless PrivateGeoproximity in "
               "Simulator says so (X4)");
    }
    if (reading->to->policy == ROUTING_CIDR && context->options->trap_warnings) {
        WARN(context, node, "#key/CidrRoutingConfig",
             "AWS does not support IP-based record sets in a private hosted zone; here \"*\" answers all "
             "(table 5.2)");
    }
}

void policy_check_routing(struct policy_reading *reading)
{
    const struct schema_node *node = &reading->from->node;
    uint8_t policy = reading->to->policy;
    uint16_t type = reading->to->type;
    check_set_identifier(reading);
    check_private_zone(reading);
    bool never = type == DNS_TYPE_NS || type == DNS_TYPE_SOA || type == DNS_TYPE_DS;
    if (policy != ROUTING_SIMPLE && (never || (type == DNS_TYPE_CNAME && policy == ROUTING_MULTIVALUE))) {
        REFUSE(reading->context, node, "Type", "%s routing is not possible for type %s",
               routing_policy_name(policy), reading->type);
    }
    if (policy == ROUTING_MULTIVALUE && policy_given(node, RECORD_SET_ALIAS_TARGET)) {
        REFUSE(reading->context, node, "#key/AliasTarget", "a multivalue record set cannot be an alias");
    }
}
