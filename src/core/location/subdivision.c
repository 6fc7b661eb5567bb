// SPDX-License-Identifier: MIT
// Where geolocation knows subdivisions, their names as databases write them, and the codes of ISO 3166-2
// that Route 53 has others for.
#include <string.h>

#include "core/location/blocks.h"

static const struct {
    char country[3];
    char code[LOCATION_CODE];
    const char *name;
} subdivisions[] = {
    {"CA", "AB", "Alberta"},
    {"CA", "BC", "British Columbia"},
    {"CA", "MB", "Manitoba"},
    {"CA", "NB", "New Brunswick"},
    {"CA", "NL", "Newfoundland and Labrador"},
    {"CA", "NS", "Nova Scotia"},
    {"CA", "NT", "Northwest Territories"},
    {"CA", "NU", "Nunavut"},
    {"CA", "ON", "Ontario"},
    {"CA", "PE", "Prince Edward Island"},
    {"CA", "QC", "Quebec"},
    {"CA", "SK", "Saskatchewan"},
    {"CA", "YT", "Yukon"},
    {"UA", "05", "Vinnytsia"},
    {"UA", "05", "Vinnytsya Oblast"},
    {"UA", "07", "Volyn"},
    {"UA", "09", "Luhansk"},
    {"UA", "11", "43"},
    {"UA", "11", "Autonomous Republic of Crimea"},
    {"UA", "11", "Crimea"},
    {"UA", "12", "Dnipropetrovsk"},
    {"UA", "12", "Dnipropetrovsk Oblast"},
    {"UA", "14", "Donetsk"},
    {"UA", "18", "Zhytomyr"},
    {"UA", "20", "40"},
    {"UA", "20", "Sevastopol"},
    {"UA", "21", "Zakarpattia"},
    {"UA", "23", "Zaporizhzhia"},
    {"UA", "23", "Zaporizhzhya Oblast"},
    {"UA", "26", "Ivano-Frankivsk"},
    {"UA", "30", "Kyiv City"},
    {"UA", "32", "Kyiv"},
    {"UA", "35", "Kirovohrad"},
    {"UA", "46", "Lviv"},
    {"UA", "48", "Mykolaiv"},
    {"UA", "48", "Mykolayiv Oblast"},
    {"UA", "51", "Odesa"},
    {"UA", "51", "Odessa"},
    {"UA", "53", "Poltava"},
    {"UA", "53", "Poltava Oblast"},
    {"UA", "56", "Rivne"},
    {"UA", "59", "Sumy"},
    {"UA", "61", "Ternopil"},
    {"UA", "63", "Kharkiv"},
    {"UA", "63", "Kharkivs’ka Oblast’"},
    {"UA", "65", "Kherson"},
    {"UA", "68", "Khmelnytskyi"},
    {"UA", "71", "Cherkasy"},
    {"UA", "71", "Cherkasy Oblast"},
    {"UA", "74", "Chernihiv"},
    {"UA", "77", "Chernivtsi"},
    {"UA", "77", "Chernivtsi Oblast"},
    {"US", "AK", "Alaska"},
    {"US", "AL", "Alabama"},
    {"US", "AR", "Arkansas"},
    {"US", "AZ", "Arizona"},
    {"US", "CA", "California"},
    {"US", "CO", "Colorado"},
    {"US", "CT", "Connecticut"},
    {"US", "DC", "District of Columbia"},
    {"US", "DE", "Delaware"},
    {"US", "FL", "Florida"},
    {"US", "GA", "Georgia"},
    {"US", "HI", "Hawaii"},
    {"US", "IA", "Iowa"},
    {"US", "ID", "Idaho"},
    {"US", "IL", "Illinois"},
    {"US", "IN", "Indiana"},
    {"US", "KS", "Kansas"},
    {"US", "KY", "Kentucky"},
    {"US", "LA", "Louisiana"},
    {"US", "MA", "Massachusetts"},
    {"US", "MD", "Maryland"},
    {"US", "ME", "Maine"},
    {"US", "MI", "Michigan"},
    {"US", "MN", "Minnesota"},
    {"US", "MO", "Missouri"},
    {"US", "MS", "Mississippi"},
    {"US", "MT", "Montana"},
    {"US", "NC", "North Carolina"},
    {"US", "ND", "North Dakota"},
    {"US", "NE", "Nebraska"},
    {"US", "NH", "New Hampshire"},
    {"US", "NJ", "New Jersey"},
    {"US", "NM", "New Mexico"},
    {"US", "NV", "Nevada"},
    {"US", "NY", "New York"},
    {"US", "OH", "Ohio"},
    {"US", "OK", "Oklahoma"},
    {"US", "OR", "Oregon"},
    {"US", "PA", "Pennsylvania"},
    {"US", "RI", "Rhode Island"},
    {"US", "SC", "South Carolina"},
    {"US", "SD", "South Dakota"},
    {"US", "TN", "Tennessee"},
    {"US", "TX", "Texas"},
    {"US", "UT", "Utah"},
    {"US", "VA", "Virginia"},
    {"US", "VT", "Vermont"},
    {"US", "WA", "Washington"},
    {"US", "WI", "Wisconsin"},
    {"US", "WV", "West Virginia"},
    {"US", "WY", "Wyoming"},
};

static bool is_code(struct bytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.data[i];
        if (!(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9')) {
            return false;
        }
    }
    return text.len > 0 && text.len < LOCATION_CODE;
}

bool location_subdivision(const char *country, struct bytes text, char out[LOCATION_CODE])
{
    for (size_t i = 0; i < sizeof subdivisions / sizeof subdivisions[0]; i++) {
        if (strcmp(subdivisions[i].country, country) == 0 &&
            bytes_equal(text, bytes_of(subdivisions[i].name))) {
            memcpy(out, subdivisions[i].code, LOCATION_CODE);
            return true;
        }
    }
    if (!is_code(text)) {
        return false;
    }
    memset(out, 0, LOCATION_CODE);
    memcpy(out, text.data, text.len);
    return true;
}
