// SPDX-License-Identifier: MIT
#include "geo_places.h"

// A row without subdivision is the country of those behind it.
// clang-format off
static const struct {
    const char *country;
    const char *subdivision;
    const char *name;
} countries[] = {
    {"*", NULL, "Default"}, {"AD", NULL, "Andorra"}, {"AE", NULL, "United Arab Emirates"},
    {"AF", NULL, "Afghanistan"}, {"AG", NULL, "Antigua and Barbuda"}, {"AI", NULL, "Anguilla"},
    {"AL", NULL, "Albania"}, {"AM", NULL, "Armenia"}, {"AO", NULL, "Angola"}, {"AQ", NULL, "Antarctica"},
    {"AR", NULL, "Argentina"}, {"AS", NULL, "American Samoa"}, {"AT", NULL, "Austria"},
    {"AU", NULL, "Australia"}, {"AW", NULL, "Aruba"}, {"AX", NULL, "Åland"}, {"AZ", NULL, "Azerbaijan"},
    {"BA", NULL, "Bosnia and Herzegovina"}, {"BB", NULL, "Barbados"}, {"BD", NULL, "Bangladesh"},
    {"BE", NULL, "Belgium"}, {"BF", NULL, "Burkina Faso"}, {"BG", NULL, "Bulgaria"},
    {"BH", NULL, "Bahrain"}, {"BI", NULL, "Burundi"}, {"BJ", NULL, "Benin"},
    {"BL", NULL, "Saint Barthélemy"}, {"BM", NULL, "Bermuda"}, {"BN", NULL, "Brunei"},
    {"BO", NULL, "Bolivia"}, {"BQ", NULL, "Bonaire"}, {"BR", NULL, "Brazil"}, {"BS", NULL, "Bahamas"},
    {"BT", NULL, "Bhutan"}, {"BW", NULL, "Botswana"}, {"BY", NULL, "Belarus"}, {"BZ", NULL, "Belize"},
    {"CA", NULL, "Canada"}, {"CC", NULL, "Cocos [Keeling] Islands"}, {"CD", NULL, "Congo"},
    {"CF", NULL, "Central African Republic"}, {"CG", NULL, "Republic of the Congo"},
    {"CH", NULL, "Switzerland"}, {"CI", NULL, "Ivory Coast"}, {"CK", NULL, "Cook Islands"},
    {"CL", NULL, "Chile"}, {"CM", NULL, "Cameroon"}, {"CN", NULL, "China"}, {"CO", NULL, "Colombia"},
    {"CR", NULL, "Costa Rica"}, {"CU", NULL, "Cuba"}, {"CV", NULL, "Cape Verde"}, {"CW", NULL, "Curaçao"},
    {"CY", NULL, "Cyprus"}, {"CZ", NULL, "Czech Republic"}, {"DE", NULL, "Germany"},
    {"DJ", NULL, "Djibouti"}, {"DK", NULL, "Denmark"}, {"DM", NULL, "Dominica"},
    {"DO", NULL, "Dominican Republic"}, {"DZ", NULL, "Algeria"}, {"EC", NULL, "Ecuador"},
    {"EE", NULL, "Estonia"}, {"EG", NULL, "Egypt"}, {"ER", NULL, "Eritrea"}, {"ES", NULL, "Spain"},
    {"ET", NULL, "Ethiopia"}, {"FI", NULL, "Finland"}, {"FJ", NULL, "Fiji"},
    {"FK", NULL, "Falkland Islands"}, {"FM", NULL, "Federated States of Micronesia"},
    {"FO", NULL, "Faroe Islands"}, {"FR", NULL, "France"}, {"GA", NULL, "Gabon"},
    {"GB", NULL, "United Kingdom"}, {"GD", NULL, "Grenada"}, {"GE", NULL, "Georgia"},
    {"GF", NULL, "French Guiana"}, {"GG", NULL, "Guernsey"}, {"GH", NULL, "Ghana"},
    {"GI", NULL, "Gibraltar"}, {"GL", NULL, "Greenland"}, {"GM", NULL, "Gambia"}, {"GN", NULL, "Guinea"},
    {"GP", NULL, "Guadeloupe"}, {"GQ", NULL, "Equatorial Guinea"}, {"GR", NULL, "Greece"},
    {"GS", NULL, "South Georgia and the South Sandwich Islands"}, {"GT", NULL, "Guatemala"},
    {"GU", NULL, "Guam"}, {"GW", NULL, "Guinea-Bissau"}, {"GY", NULL, "Guyana"}, {"HK", NULL, "Hong Kong"},
    {"HN", NULL, "Honduras"}, {"HR", NULL, "Croatia"}, {"HT", NULL, "Haiti"}, {"HU", NULL, "Hungary"},
    {"ID", NULL, "Indonesia"}, {"IE", NULL, "Ireland"}, {"IL", NULL, "Israel"},
    {"IM", NULL, "Isle of Man"}, {"IN", NULL, "India"}, {"IO", NULL, "British Indian Ocean Territory"},
    {"IQ", NULL, "Iraq"}, {"IR", NULL, "Iran"}, {"IS", NULL, "Iceland"}, {"IT", NULL, "Italy"},
    {"JE", NULL, "Jersey"}, {"JM", NULL, "Jamaica"}, {"JO", NULL, "Hashemite Kingdom of Jordan"},
    {"JP", NULL, "Japan"}, {"KE", NULL, "Kenya"}, {"KG", NULL, "Kyrgyzstan"}, {"KH", NULL, "Cambodia"},
    {"KI", NULL, "Kiribati"}, {"KM", NULL, "Comoros"}, {"KN", NULL, "Saint Kitts and Nevis"},
    {"KP", NULL, "North Korea"}, {"KR", NULL, "Republic of Korea"}, {"KW", NULL, "Kuwait"},
    {"KY", NULL, "Cayman Islands"}, {"KZ", NULL, "Kazakhstan"}, {"LA", NULL, "Laos"},
    {"LB", NULL, "Lebanon"}, {"LC", NULL, "Saint Lucia"}, {"LI", NULL, "Liechtenstein"},
    {"LK", NULL, "Sri Lanka"}, {"LR", NULL, "Liberia"}, {"LS", NULL, "Lesotho"}, {"LT", NULL, "Lithuania"},
    {"LU", NULL, "Luxembourg"}, {"LV", NULL, "Latvia"}, {"LY", NULL, "Libya"}, {"MA", NULL, "Morocco"},
    {"MC", NULL, "Monaco"}, {"MD", NULL, "Republic of Moldova"}, {"ME", NULL, "Montenegro"},
    {"MF", NULL, "Saint Martin"}, {"MG", NULL, "Madagascar"}, {"MH", NULL, "Marshall Islands"},
    {"MK", NULL, "Macedonia"}, {"ML", NULL, "Mali"}, {"MM", NULL, "Myanmar [Burma]"},
    {"MN", NULL, "Mongolia"}, {"MO", NULL, "Macao"}, {"MP", NULL, "Northern Mariana Islands"},
    {"MQ", NULL, "Martinique"}, {"MR", NULL, "Mauritania"}, {"MS", NULL, "Montserrat"},
    {"MT", NULL, "Malta"}, {"MU", NULL, "Mauritius"}, {"MV", NULL, "Maldives"}, {"MW", NULL, "Malawi"},
    {"MX", NULL, "Mexico"}, {"MY", NULL, "Malaysia"}, {"MZ", NULL, "Mozambique"}, {"NA", NULL, "Namibia"},
    {"NC", NULL, "New Caledonia"}, {"NE", NULL, "Niger"}, {"NF", NULL, "Norfolk Island"},
    {"NG", NULL, "Nigeria"}, {"NI", NULL, "Nicaragua"}, {"NL", NULL, "Netherlands"},
    {"NO", NULL, "Norway"}, {"NP", NULL, "Nepal"}, {"NR", NULL, "Nauru"}, {"NU", NULL, "Niue"},
    {"NZ", NULL, "New Zealand"}, {"OM", NULL, "Oman"}, {"PA", NULL, "Panama"}, {"PE", NULL, "Peru"},
    {"PF", NULL, "French Polynesia"}, {"PG", NULL, "Papua New Guinea"}, {"PH", NULL, "Philippines"},
    {"PK", NULL, "Pakistan"}, {"PL", NULL, "Poland"}, {"PM", NULL, "Saint Pierre and Miquelon"},
    {"PN", NULL, "Pitcairn Islands"}, {"PR", NULL, "Puerto Rico"}, {"PS", NULL, "Palestine"},
    {"PT", NULL, "Portugal"}, {"PW", NULL, "Palau"}, {"PY", NULL, "Paraguay"}, {"QA", NULL, "Qatar"},
    {"RE", NULL, "Réunion"}, {"RO", NULL, "Romania"}, {"RS", NULL, "Serbia"}, {"RU", NULL, "Russia"},
    {"RW", NULL, "Rwanda"}, {"SA", NULL, "Saudi Arabia"}, {"SB", NULL, "Solomon Islands"},
    {"SC", NULL, "Seychelles"}, {"SD", NULL, "Sudan"}, {"SE", NULL, "Sweden"}, {"SG", NULL, "Singapore"},
    {"SH", NULL, "Saint Helena"}, {"SI", NULL, "Slovenia"}, {"SJ", NULL, "Svalbard and Jan Mayen"},
    {"SK", NULL, "Slovakia"}, {"SL", NULL, "Sierra Leone"}, {"SM", NULL, "San Marino"},
    {"SN", NULL, "Senegal"}, {"SO", NULL, "Somalia"}, {"SR", NULL, "Suriname"},
    {"SS", NULL, "South Sudan"}, {"ST", NULL, "São Tomé and Príncipe"}, {"SV", NULL, "El Salvador"},
    {"SX", NULL, "Sint Maarten"}, {"SY", NULL, "Syria"}, {"SZ", NULL, "Swaziland"},
    {"TC", NULL, "Turks and Caicos Islands"}, {"TD", NULL, "Chad"},
    {"TF", NULL, "French Southern Territories"}, {"TG", NULL, "Togo"}, {"TH", NULL, "Thailand"},
    {"TJ", NULL, "Tajikistan"}, {"TK", NULL, "Tokelau"}, {"TL", NULL, "East Timor"},
    {"TM", NULL, "Turkmenistan"}, {"TN", NULL, "Tunisia"}, {"TO", NULL, "Tonga"}, {"TR", NULL, "Turkey"},
    {"TT", NULL, "Trinidad and Tobago"}, {"TV", NULL, "Tuvalu"}, {"TW", NULL, "Taiwan"},
    {"TZ", NULL, "Tanzania"}, {"UA", NULL, "Ukraine"}, {"UA", "05", "Vinnytska oblast"},
    {"UA", "07", "Volynska oblast"}, {"UA", "09", "Luhanska oblast"}, {"UA", "11", "Crimea"},
    {"UA", "12", "Dnipropetrovska oblast"}, {"UA", "14", "Donetska oblast"},
    {"UA", "18", "Zhytomyrska oblast"}, {"UA", "20", "Sevastopol"}, {"UA", "21", "Zakarpatska oblast"},
    {"UA", "23", "Zaporizka oblast"}, {"UA", "26", "Ivano-Frankivska oblast"}, {"UA", "30", "Kyiv"},
    {"UA", "32", "Kyivska oblast"}, {"UA", "35", "Kirovohradska oblast"}, {"UA", "46", "Lvivska oblast"},
    {"UA", "48", "Mykolaivska oblast"}, {"UA", "51", "Odeska oblast"}, {"UA", "53", "Poltavska oblast"},
    {"UA", "56", "Rivnenska oblast"}, {"UA", "59", "Sumska oblast"}, {"UA", "61", "Ternopilska oblast"},
    {"UA", "63", "Kharkivska oblast"}, {"UA", "65", "Khersonska oblast"},
    {"UA", "68", "Khmelnytska oblast"}, {"UA", "71", "Cherkaska oblast"},
    {"UA", "74", "Chernihivska oblast"}, {"UA", "77", "Chernivetska oblast"}, {"UG", NULL, "Uganda"},
    {"UM", NULL, "U.S. Minor Outlying Islands"}, {"US", NULL, "United States"}, {"US", "AK", "Alaska"},
    {"US", "AL", "Alabama"}, {"US", "AR", "Arkansas"}, {"US", "AZ", "Arizona"}, {"US", "CA", "California"},
    {"US", "CO", "Colorado"}, {"US", "CT", "Connecticut"}, {"US", "DC", "District of Columbia"},
    {"US", "DE", "Delaware"}, {"US", "FL", "Florida"}, {"US", "GA", "Georgia"}, {"US", "HI", "Hawaii"},
    {"US", "IA", "Iowa"}, {"US", "ID", "Idaho"}, {"US", "IL", "Illinois"}, {"US", "IN", "Indiana"},
    {"US", "KS", "Kansas"}, {"US", "KY", "Kentucky"}, {"US", "LA", "Louisiana"},
    {"US", "MA", "Massachusetts"}, {"US", "MD", "Maryland"}, {"US", "ME", "Maine"},
    {"US", "MI", "Michigan"}, {"US", "MN", "Minnesota"}, {"US", "MO", "Missouri"},
    {"US", "MS", "Mississippi"}, {"US", "MT", "Montana"}, {"US", "NC", "North Carolina"},
    {"US", "ND", "North Dakota"}, {"US", "NE", "Nebraska"}, {"US", "NH", "New Hampshire"},
    {"US", "NJ", "New Jersey"}, {"US", "NM", "New Mexico"}, {"US", "NV", "Nevada"},
    {"US", "NY", "New York"}, {"US", "OH", "Ohio"}, {"US", "OK", "Oklahoma"}, {"US", "OR", "Oregon"},
    {"US", "PA", "Pennsylvania"}, {"US", "RI", "Rhode Island"}, {"US", "SC", "South Carolina"},
    {"US", "SD", "South Dakota"}, {"US", "TN", "Tennessee"}, {"US", "TX", "Texas"}, {"US", "UT", "Utah"},
    {"US", "VA", "Virginia"}, {"US", "VT", "Vermont"}, {"US", "WA", "Washington"},
    {"US", "WI", "Wisconsin"}, {"US", "WV", "West Virginia"}, {"US", "WY", "Wyoming"},
    {"UY", NULL, "Uruguay"}, {"UZ", NULL, "Uzbekistan"}, {"VA", NULL, "Vatican City"},
    {"VC", NULL, "Saint Vincent and the Grenadines"}, {"VE", NULL, "Venezuela"},
    {"VG", NULL, "British Virgin Islands"}, {"VI", NULL, "U.S. Virgin Islands"}, {"VN", NULL, "Vietnam"},
    {"VU", NULL, "Vanuatu"}, {"WF", NULL, "Wallis and Futuna"}, {"WS", NULL, "Samoa"},
    {"XK", NULL, "Kosovo"}, {"YE", NULL, "Yemen"}, {"YT", NULL, "Mayotte"}, {"ZA", NULL, "South Africa"},
    {"ZM", NULL, "Zambia"}, {"ZW", NULL, "Zimbabwe"},
};
// clang-format on

static const struct {
    const char *code;
    const char *name;
} continents[] = {
    {"AF", "Africa"},        {"AN", "Antarctica"}, {"AS", "Asia"},          {"EU", "Europe"},
    {"NA", "North America"}, {"OC", "Oceania"},    {"SA", "South America"},
};

enum {
    COUNTRIES = sizeof countries / sizeof countries[0],
    CONTINENTS = sizeof continents / sizeof continents[0],
};

static struct geo_place country_at(size_t index)
{
    struct geo_place place = {
        .country = countries[index].country,
        .country_name = countries[index].name,
        .subdivision = countries[index].subdivision,
    };
    if (place.subdivision != NULL) {
        place.subdivision_name = countries[index].name;
        while (countries[index].subdivision != NULL) {
            index--;
        }
        place.country_name = countries[index].name;
    }
    return place;
}

bool geo_place_at(size_t index, struct geo_place *out)
{
    if (index < COUNTRIES) {
        *out = country_at(index);
        return true;
    }
    index -= COUNTRIES;
    if (index < CONTINENTS) {
        *out =
            (struct geo_place){.continent = continents[index].code, .continent_name = continents[index].name};
        return true;
    }
    return false;
}
