// SPDX-License-Identifier: MIT
// The field tables of a latency table.
#include "core/model/region.h"
#include "fields.h"
#include "fields_parts.h"

static const char *const *units(void)
{
    static const char *const names[] = {"ms", NULL};
    return names;
}

enum { LATENCY_VERSIONS_MAX = 1000 };

#define MILLISECONDS_SHAPE                                                                                   \
    "{\"anyOf\": [{\"type\": \"array\", \"items\": {\"type\": [\"number\", \"null\"]}}, "                    \
    "{\"type\": \"object\", \"additionalProperties\": {\"type\": [\"number\", \"null\"]}}, {\"type\": "      \
    "\"null\"}]}"

// Rows are read when the file's Regions are known (latency_file.c).
static void read_milliseconds(const struct schema_reader *reader, struct schema_node *node,
                              const struct schema_field *field, json_t *value, void *out)
{
    if (json_is_array(value) || json_is_object(value)) {
        *(json_t **)out = value;
        return;
    }
    char found[SCHEMA_TEXT];
    schema_describe(value, found);
    schema_finding(reader->diagnostics, DIAGNOSTIC_ERROR, node, field->name,
                   "%s must be an array in the order of Regions or an object by region, not %s", field->name,
                   found);
}

#define AT(member) .offset = offsetof(struct policy_prefix, member)
static const struct schema_field prefix_fields[] = {
    [PREFIX_CIDR] = {"Cidr", "\"203.0.113.0/24\" or \"2001:db8::/32\"", SCHEMA_STRING, AT(cidr), .least = 1,
                     .most = 64, .required = true},
    [PREFIX_PLACE] = {"Place", "A place of the latency table, or an AWS region", SCHEMA_STRING, AT(place),
                      .least = 1, .most = 64, .required = true},
};
#undef AT

const struct schema_table policy_prefix_schema = {"Client", "A block of addresses and where its clients are",
                                                  sizeof(struct policy_prefix), prefix_fields,
                                                  TABLE_COUNT(prefix_fields)};

#define AT(member) .offset = offsetof(struct latency_provenance, member)
static const struct schema_field provenance_fields[] = {
    [PROVENANCE_WHAT] = {"What", "Which part of the table this is about", SCHEMA_STRING, AT(what),
                         .required = true},
    [PROVENANCE_SOURCE] = {"Source", "Where the numbers come from", SCHEMA_STRING, AT(source),
                           .required = true},
    [PROVENANCE_DATE] = {"Date", "When they were taken", SCHEMA_STRING, AT(date)},
    [PROVENANCE_METHOD] = {"Method", "How they were made", SCHEMA_STRING, AT(method)},
    [PROVENANCE_LICENSE] = {"License", "The terms of the source", SCHEMA_STRING, AT(license)},
};
#undef AT

const struct schema_table policy_provenance_schema = {"Provenance", "Where a part of the table comes from",
                                                      sizeof(struct latency_provenance), provenance_fields,
                                                      TABLE_COUNT(provenance_fields)};

#define AT(member) .offset = offsetof(struct latency_place, member)
static const struct schema_field place_fields[] = {
    [PLACE_LABEL] = {"Label", "Name for people", SCHEMA_STRING, AT(label), .nullable = true},
    [PLACE_COUNTRY] = {"Country", "ISO 3166-1 code", SCHEMA_STRING, AT(country), .least = 2, .most = 2,
                       .nullable = true},
    [PLACE_SUBDIVISION] = {"Subdivision", "ISO 3166-2 code without the country's", SCHEMA_STRING,
                           AT(subdivision), .least = 1, .most = 3, .nullable = true},
    [PLACE_CONTINENT] = {"Continent", "AF, AN, AS, EU, NA, OC or SA", SCHEMA_STRING, AT(continent),
                         .least = 2, .most = 2, .nullable = true},
    [PLACE_LATITUDE] = {"Latitude", "Degrees north", SCHEMA_NUMBER, AT(latitude), .least = -90, .most = 90,
                        .nullable = true},
    [PLACE_LONGITUDE] = {"Longitude", "Degrees east", SCHEMA_NUMBER, AT(longitude), .least = -180,
                         .most = 180, .nullable = true},
    [PLACE_SOURCE] = {"Source", "How the row was made: measured, model, ...", SCHEMA_STRING, AT(source),
                      .nullable = true},
    [PLACE_MILLISECONDS] = {"Milliseconds",
                            "Round trips: one for each of Regions, or by region; null where none is known",
                            SCHEMA_CUSTOM, AT(milliseconds), .read = read_milliseconds, .nullable = true,
                            .shape = MILLISECONDS_SHAPE},
};
#undef AT

static const struct schema_table place_schema = {"Place", "A place that clients can be in, and its row",
                                                 sizeof(struct latency_place), place_fields,
                                                 TABLE_COUNT(place_fields)};

#define AT(member) .offset = offsetof(struct latency_place, member)
static const struct schema_field version_place_fields[] = {
    [VERSION_PLACE_MILLISECONDS] = {"Milliseconds", "What changes: as in Places", SCHEMA_CUSTOM,
                                    AT(milliseconds), .read = read_milliseconds, .required = true,
                                    .shape = MILLISECONDS_SHAPE},
    {"Comment", "For people", .kind = SCHEMA_IGNORED},
};
#undef AT

static const struct schema_table version_place_schema = {"PlaceVersion", "How a place's row changes",
                                                         sizeof(struct latency_place), version_place_fields,
                                                         TABLE_COUNT(version_place_fields)};

#define AT(member) .offset = offsetof(struct latency_version_text, member)
static const struct schema_field version_fields[] = {
    [VERSION_VALID_FROM] = {"ValidFrom", "RFC 3339 time, such as 2026-03-01T00:00:00Z", SCHEMA_STRING,
                            AT(valid_from), .least = 1, .most = 40, .required = true,
                            .shape = "{\"format\": \"date-time\"}"},
    [VERSION_PLACES] = {"Places", "Rows that change, by place", SCHEMA_MAP, AT(places), .required = true,
                        .table = &version_place_schema},
    {"Comment", "For people", .kind = SCHEMA_IGNORED},
};
#undef AT

static const struct schema_table version_schema = {"Version", "What changes at some time, and stays so",
                                                   sizeof(struct latency_version_text), version_fields,
                                                   TABLE_COUNT(version_fields)};

#define AT(member) .offset = offsetof(struct latency_text, member)
static const struct schema_field latency_fields[] = {
    [LATENCY_PROVENANCE] = {"Provenance", "Where the numbers come from", SCHEMA_OBJECTS, AT(provenance),
                            .table = &policy_provenance_schema},
    [LATENCY_UNIT] = {"Unit", "Milliseconds", SCHEMA_ENUM, AT(unit), .choices = units, .defaulted = true},
    [LATENCY_EXTENDS] =
        {"Extends", "A table, relative to this file, whose rows and prefixes hold where this one has none",
         SCHEMA_STRING, AT(extends), .least = 1, .most = 1024},
    [LATENCY_REGIONS] = {"Regions", "The regions of rows that are arrays, in their order", SCHEMA_STRINGS,
                         AT(regions), .choices = region_codes},
    [LATENCY_DEFAULT] = {"Default", "The place whose row serves clients of which nothing better is known",
                         SCHEMA_STRING, AT(default_place), .least = 1, .most = 64},
    [LATENCY_PLACES] = {"Places", "Rows by place: DE, US-CA, continent:EU, us-east-1 or a name of your own",
                        SCHEMA_MAP, AT(places), .table = &place_schema},
    [LATENCY_PREFIXES] = {"Prefixes", "Which addresses are where", SCHEMA_OBJECTS, AT(prefixes),
                          .table = &policy_prefix_schema},
    [LATENCY_VERSIONS] = {"Versions", "How rows change in time, cell by cell", SCHEMA_OBJECTS, AT(versions),
                          .most = LATENCY_VERSIONS_MAX, .table = &version_schema},
    {"$schema", "For editors", SCHEMA_IGNORED, .shape = "{\"type\": \"string\"}"},
    {"Comment", "For people", .kind = SCHEMA_IGNORED},
};
#undef AT

const struct schema_table policy_latency_schema = {"LatencyTable", "Milliseconds from places to AWS regions",
                                                   sizeof(struct latency_text), latency_fields,
                                                   TABLE_COUNT(latency_fields)};
