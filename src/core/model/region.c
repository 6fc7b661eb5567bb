// SPDX-License-Identifier: MIT
#include "core/model/region.h"

#include <math.h>

static const struct region regions[REGION_COUNT] = {
    {"us-east-1", "N. Virginia", "NA", "US", "VA", 38.95f, -77.45f, true},
    {"us-east-2", "Ohio", "NA", "US", "OH", 40.10f, -83.13f, false},
    {"us-west-1", "N. California", "NA", "US", "CA", 37.35f, -121.96f, true},
    {"us-west-2", "Oregon", "NA", "US", "OR", 45.84f, -119.70f, true},
    {"us-gov-east-1", "GovCloud East", "NA", "US", "OH", 40.00f, -83.00f, false},
    {"us-gov-west-1", "GovCloud West", "NA", "US", "OR", 45.50f, -122.70f, false},
    {"ca-central-1", "Canada Central", "NA", "CA", NULL, 45.50f, -73.57f, false},
    {"ca-west-1", "Calgary", "NA", "CA", NULL, 51.05f, -114.07f, false},
    {"mx-central-1", "Mexico Central", "NA", "MX", NULL, 20.59f, -100.39f, false},
    {"sa-east-1", "Sao Paulo", "SA", "BR", NULL, -23.55f, -46.63f, true},
    {"eu-west-1", "Ireland", "EU", "IE", NULL, 53.35f, -6.26f, true},
    {"eu-west-2", "London", "EU", "GB", NULL, 51.51f, -0.13f, false},
    {"eu-west-3", "Paris", "EU", "FR", NULL, 48.86f, 2.35f, false},
    {"eu-central-1", "Frankfurt", "EU", "DE", NULL, 50.11f, 8.68f, false},
    {"eu-central-2", "Zurich", "EU", "CH", NULL, 47.37f, 8.54f, false},
    {"eu-north-1", "Stockholm", "EU", "SE", NULL, 59.33f, 18.07f, false},
    {"eu-south-1", "Milan", "EU", "IT", NULL, 45.46f, 9.19f, false},
    {"eu-south-2", "Spain", "EU", "ES", NULL, 41.65f, -0.88f, false},
    {"eusc-de-east-1", "European Sovereign Cloud", "EU", "DE", NULL, 52.41f, 12.55f, false},
    {"il-central-1", "Tel Aviv", "AS", "IL", NULL, 32.09f, 34.78f, false},
    {"me-south-1", "Bahrain", "AS", "BH", NULL, 26.07f, 50.56f, false},
    {"me-central-1", "UAE", "AS", "AE", NULL, 24.45f, 54.38f, false},
    {"af-south-1", "Cape Town", "AF", "ZA", NULL, -33.92f, 18.42f, false},
    {"ap-south-1", "Mumbai", "AS", "IN", NULL, 19.08f, 72.88f, false},
    {"ap-south-2", "Hyderabad", "AS", "IN", NULL, 17.39f, 78.49f, false},
    {"ap-southeast-1", "Singapore", "AS", "SG", NULL, 1.35f, 103.82f, true},
    {"ap-southeast-2", "Sydney", "OC", "AU", NULL, -33.87f, 151.21f, true},
    {"ap-southeast-3", "Jakarta", "AS", "ID", NULL, -6.21f, 106.85f, false},
    {"ap-southeast-4", "Melbourne", "OC", "AU", NULL, -37.81f, 144.96f, false},
    {"ap-southeast-5", "Malaysia", "AS", "MY", NULL, 3.14f, 101.69f, false},
    {"ap-southeast-6", "New Zealand", "OC", "NZ", NULL, -36.85f, 174.76f, false},
    {"ap-southeast-7", "Thailand", "AS", "TH", NULL, 13.76f, 100.50f, false},
    {"ap-northeast-1", "Tokyo", "AS", "JP", NULL, 35.68f, 139.69f, true},
    {"ap-northeast-2", "Seoul", "AS", "KR", NULL, 37.57f, 126.98f, false},
    {"ap-northeast-3", "Osaka", "AS", "JP", NULL, 34.69f, 135.50f, false},
    {"ap-east-1", "Hong Kong", "AS", "HK", NULL, 22.32f, 114.17f, false},
    {"ap-east-2", "Taipei", "AS", "TW", NULL, 25.03f, 121.57f, false},
    {"cn-north-1", "Beijing", "AS", "CN", NULL, 39.90f, 116.41f, false},
    {"cn-northwest-1", "Ningxia", "AS", "CN", NULL, 37.51f, 105.19f, false},
};

static const char *const codes[REGION_COUNT + 1] = {
    "us-east-1",      "us-east-2",      "us-west-1",      "us-west-2",      "us-gov-east-1",
    "us-gov-west-1",  "ca-central-1",   "ca-west-1",      "mx-central-1",   "sa-east-1",
    "eu-west-1",      "eu-west-2",      "eu-west-3",      "eu-central-1",   "eu-central-2",
    "eu-north-1",     "eu-south-1",     "eu-south-2",     "eusc-de-east-1", "il-central-1",
    "me-south-1",     "me-central-1",   "af-south-1",     "ap-south-1",     "ap-south-2",
    "ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5",
    "ap-southeast-6", "ap-southeast-7", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3",
    "ap-east-1",      "ap-east-2",      "cn-north-1",     "cn-northwest-1", NULL,
};

const struct region *region_at(uint8_t id)
{
    return &regions[id];
}

uint8_t region_find(struct bytes code)
{
    for (uint8_t id = 0; id < REGION_COUNT; id++) {
        if (bytes_equal(code, bytes_of(regions[id].code))) {
            return id;
        }
    }
    return REGION_NONE;
}

const char *const *region_codes(void)
{
    return codes;
}

uint8_t checker_region_at(unsigned i)
{
    for (uint8_t id = 0; id < REGION_COUNT; id++) {
        if (regions[id].checkers && i-- == 0) {
            return id;
        }
    }
    return REGION_NONE;
}

int checker_region_index(uint8_t region)
{
    if (region >= REGION_COUNT || !regions[region].checkers) {
        return -1;
    }
    int index = 0;
    for (uint8_t id = 0; id < region; id++) {
        index += regions[id].checkers;
    }
    return index;
}

static double radians(double degrees)
{
    return degrees * 3.14159265358979323846 / 180.0;
}

double great_circle_km(double latitude_a, double longitude_a, double latitude_b, double longitude_b)
{
    static const double earth_radius_km = 6371.0088;
    double half_latitude = sin(radians(latitude_b - latitude_a) / 2);
    double half_longitude = sin(radians(longitude_b - longitude_a) / 2);
    double a = half_latitude * half_latitude +
               cos(radians(latitude_a)) * cos(radians(latitude_b)) * half_longitude * half_longitude;
    return 2 * earth_radius_km * asin(sqrt(fmin(1.0, a)));
}
