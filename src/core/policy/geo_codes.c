// SPDX-License-Identifier: MIT
#include "geo_codes.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

// Two characters a code, one after the other, ascending.
static const char countries[] =
    "ADAEAFAGAIALAMAOAQARASATAUAWAXAZBABBBDBEBFBGBHBIBJBLBMBNBOBQBRBSBTBWBYBZCACCCDCFCGCHCICK"
    "CLCMCNCOCRCUCVCWCYCZDEDJDKDMDODZECEEEGERESETFIFJFKFMFOFRGAGBGDGEGFGGGHGIGLGMGNGPGQGRGSGT"
    "GUGWGYHKHNHRHTHUIDIEILIMINIOIQIRISITJEJMJOJPKEKGKHKIKMKNKPKRKWKYKZLALBLCLILKLRLSLTLULVLY"
    "MAMCMDMEMFMGMHMKMLMMMNMOMPMQMRMSMTMUMVMWMXMYMZNANCNENFNGNINLNONPNRNUNZOMPAPEPFPGPHPKPLPM"
    "PNPRPSPTPWPYQARERORSRURWSASBSCSDSESGSHSISJSKSLSMSNSOSRSSSTSVSXSYSZTCTDTFTGTHTJTKTLTMTNTO"
    "TRTTTVTWTZUAUGUMUSUYUZVAVCVEVGVIVNVUWFWSXKYEYTZAZMZW";

static const char states[] = // and the District of Columbia
    "AKALARAZCACOCTDCDEFLGAHIIAIDILINKSKYLAMAMDMEMIMNMOMSMTNCNDNENHNJNMNVNYOHOKORPARISCSDTNTX"
    "UTVAVTWAWIWVWY";

static const char oblasts[] = // of ISO 3166-2:UA, and two of Route 53's own: Crimea 11, Sevastopol 20
    "050709111214182021232630323546485153565961636568717477";

const char *const *geo_continents(void)
{
    static const char *const codes[] = {"AF", "AN", "AS", "EU", "NA", "OC", "SA", NULL};
    return codes;
}

static bool holds(const char *list, const char *code)
{
    if (strlen(code) != 2) {
        return false;
    }
    for (; *list != '\0'; list += 2) {
        if (list[0] == code[0] && list[1] == code[1]) {
            return true;
        }
    }
    return false;
}

bool geo_is_country(const char *code)
{
    return holds(countries, code);
}

const char *geo_country_meant(const char *code)
{
    static const char *const habits[][2] = {
        {"UK", "GB"},
        {"EN", "GB"},
        {"EL", "GR"},
    };
    for (size_t i = 0; i < sizeof habits / sizeof habits[0]; i++) {
        if (strcasecmp(code, habits[i][0]) == 0) {
            return habits[i][1];
        }
    }
    return NULL;
}

bool geo_has_subdivisions(const char *country)
{
    return strcmp(country, "US") == 0 || strcmp(country, "UA") == 0;
}

bool geo_is_subdivision(const char *country, const char *code)
{
    return (strcmp(country, "US") == 0 && holds(states, code)) ||
           (strcmp(country, "UA") == 0 && holds(oblasts, code));
}
