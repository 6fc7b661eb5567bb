// SPDX-License-Identifier: MIT
// The blast report for people.
#include <string.h>

#include "core/search/blast.h"

static double real(const json_t *json, const char *key)
{
    return json_number_value(json_object_get(json, key));
}

static const char *string(const json_t *json, const char *key)
{
    const char *text = json_string_value(json_object_get(json, key));
    return text != NULL ? text : "no answer";
}

static void print_ms(const json_t *json, struct buffer *out)
{
    if (json_is_number(json_object_get(json, "before_ms")) &&
        json_is_number(json_object_get(json, "after_ms"))) {
        double before = real(json, "before_ms");
        double after = real(json, "after_ms");
        buffer_format(out, "%+.0f ms, from %.0f to %.0f", after - before, before, after);
    } else {
        buffer_text(out, "latency not known");
    }
}

static void print_flows(const json_t *flows, struct buffer *out)
{
    size_t i;
    json_t *flow;
    json_array_foreach(flows, i, flow)
    {
        buffer_format(out, "  %-16s to %-16s %5.1f %%  ", string(flow, "from"), string(flow, "to"),
                      real(flow, "percent"));
        print_ms(flow, out);
        buffer_char(out, '\n');
    }
}

static void print_places(const json_t *places, struct buffer *out)
{
    size_t i;
    json_t *place;
    if (json_array_size(places) > 0) {
        buffer_text(out, "  who loses most:\n");
    }
    json_array_foreach(places, i, place)
    {
        buffer_format(out, "    %-8s %5.1f %%  %s to %s, ", string(place, "place"), real(place, "percent"),
                      string(place, "from"), string(place, "to"));
        print_ms(place, out);
        buffer_char(out, '\n');
    }
}

static void print_sites(const json_t *sites, struct buffer *out)
{
    size_t i;
    json_t *site;
    buffer_text(out, "  load:\n");
    json_array_foreach(sites, i, site)
    {
        const json_t *capacity = json_object_get(site, "capacity_percent");
        double after = real(site, "after_percent");
        buffer_format(out, "    %-16s %5.1f %% to %5.1f %%", string(site, "site"),
                      real(site, "before_percent"), after);
        if (json_is_number(capacity)) {
            buffer_format(out, "%s of %.1f %%",
                          after > json_number_value(capacity) ? ", beyond its capacity" : "",
                          json_number_value(capacity));
        }
        buffer_char(out, '\n');
    }
}

static void print_name(const json_t *name, struct buffer *out)
{
    const char *only = json_string_value(json_object_get(name, "only"));
    buffer_format(out, "%s %s: ", string(name, "name"), string(name, "type"));
    if (only != NULL) {
        buffer_format(out, "only %s\n", only);
        return;
    }
    buffer_format(out, "%.1f %% of clients move\n", real(name, "moved_percent"));
    if (real(name, "moved_percent") > 0) {
        buffer_text(out, "  the average client: ");
        print_ms(name, out);
        buffer_char(out, '\n');
    }
    print_flows(json_object_get(name, "flows"), out);
    print_places(json_object_get(name, "places"), out);
    print_sites(json_object_get(name, "sites"), out);
}

void blast_text(const json_t *report, struct buffer *out)
{
    size_t i;
    json_t *name;
    json_int_t left_out = json_integer_value(json_object_get(report, "places_left_out"));
    buffer_format(out, "clients in %" JSON_INTEGER_FORMAT " places",
                  json_integer_value(json_object_get(report, "places")));
    if (left_out > 0) {
        buffer_format(out, "; %" JSON_INTEGER_FORMAT " others are not known afterwards", left_out);
    }
    buffer_char(out, '\n');
    json_array_foreach(json_object_get(report, "names"), i, name)
    {
        print_name(name, out);
    }
}
