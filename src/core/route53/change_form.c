// SPDX-License-Identifier: MIT
// What a change must have to be one: API reference 4.2, with its texts. Types and ranges of single members
// are the shapes' affair.
#include <string.h>

#include "change_batch.h"

enum { DESCRIPTION = 1800 };

static bool given(const json_t *record_set, const char *member)
{
    const json_t *value = json_object_get(record_set, member);
    return value != NULL && !json_is_null(value);
}

// "Change with [Action=CREATE, Name=a.example.com, Type=A, SetIdentifier=null]": as sent.
static const char *describe(const json_t *change, char out[DESCRIPTION])
{
    const json_t *record_set = json_object_get(change, "ResourceRecordSet");
    const char *identifier = ops_text(record_set, "SetIdentifier");
    snprintf(out, DESCRIPTION, "Change with [Action=%s, Name=%s, Type=%s, SetIdentifier=%s]",
             ops_text(change, "Action"), ops_text(record_set, "Name"), ops_text(record_set, "Type"),
             identifier != NULL ? identifier : "null");
    return out;
}

// F1. TTL without records, or records without TTL, is nothing.
static bool check_content(struct call *call, const json_t *change, const json_t *record_set)
{
    bool ttl = given(record_set, "TTL");
    bool records = given(record_set, "ResourceRecords");
    bool alias = given(record_set, "AliasTarget");
    bool instance = given(record_set, "TrafficPolicyInstanceId");
    bool mixed = (alias || instance) && (ttl || records);
    unsigned kinds = (unsigned)(ttl && records) + alias + instance;
    char text[DESCRIPTION];
    if (kinds == 1 && !mixed) {
        return true;
    }
    return REFUSE(
        call, "InvalidInput",
        "Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or "
        "TrafficPolicyInstanceId], but found %s in %s",
        kinds == 0 ? "none" : "more than one", describe(change, text));
}

// F2. "MultiValueAnswer": false is as good as none.
static bool check_routing(struct call *call, const json_t *change, const json_t *record_set)
{
    static const char *const selectors[] = {
        "Weight", "Region", "Failover", "GeoLocation", "GeoProximityLocation", "CidrRoutingConfig"};
    unsigned count = ops_flag(record_set, "MultiValueAnswer");
    for (size_t i = 0; i < sizeof selectors / sizeof selectors[0]; i++) {
        count += given(record_set, selectors[i]);
    }
    bool identified = given(record_set, "SetIdentifier");
    char text[DESCRIPTION];
    if (count > 1 || (count == 0 && identified)) {
        return REFUSE(call, "InvalidInput",
                      "Invalid request: Expected exactly one of [Weight, Region, Failover, GeoLocation, or "
                      "MultiValueAnswer], but found %s in %s",
                      count == 0 ? "none" : "more than one", describe(change, text));
    }
    return count == 0 || identified ||
           REFUSE(call, "InvalidInput", "Invalid request: Missing field 'SetIdentifier' in %s",
                  describe(change, text));
}

static bool check_geo(struct call *call, const json_t *change, const json_t *record_set)
{
    const json_t *geo = json_object_get(record_set, "GeoLocation");
    char text[DESCRIPTION];
    bool continent = given(geo, "ContinentCode");
    bool country = given(geo, "CountryCode") || given(geo, "SubdivisionCode");
    return geo == NULL || continent != country ||
           REFUSE(
               call, "InvalidInput",
               "Invalid request: Expected exactly one of [ContinentCode, or CountryCode], but found %s in %s",
               continent ? "more than one" : "none", describe(change, text));
}

static bool check_members(struct call *call, const json_t *change)
{
    static const char *const actions[] = {"CREATE", "DELETE", "UPSERT"};
    const json_t *record_set = json_object_get(change, "ResourceRecordSet");
    const char *action = ops_text(change, "Action");
    bool known = false;
    if (action == NULL || ops_text(record_set, "Name") == NULL || ops_text(record_set, "Type") == NULL) {
        return REFUSE(
            call, "InvalidInput",
            "Invalid XML ; cvc-complex-type.2.4.b: The content of element 'Change' is not complete.");
    }
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
        known = known || strcmp(actions[i], action) == 0;
    }
    return known ||
           REFUSE(call, "InvalidInput",
                  "Invalid XML ; cvc-enumeration-valid: Value '%s' is not facet-valid with respect to "
                  "enumeration '[CREATE, DELETE, UPSERT]'. It must be a value from the enumeration.",
                  action);
}

bool change_batch_check_form(struct call *call, const json_t *changes)
{
    size_t i;
    const json_t *change;
    if (json_array_size(changes) == 0) {
        return REFUSE(call, "InvalidInput", "Invalid request: a change batch has at least one change");
    }
    json_array_foreach(changes, i, change)
    {
        const json_t *record_set = json_object_get(change, "ResourceRecordSet");
        if (!check_members(call, change) || !check_content(call, change, record_set) ||
            !check_routing(call, change, record_set) || !check_geo(call, change, record_set)) {
            return false;
        }
    }
    return true;
}
