// SPDX-License-Identifier: MIT
#include "core/model/health_check.h"

static const char *const names[HEALTH_CHECK_TYPES] = {
    "HTTP", "HTTPS",      "HTTP_STR_MATCH",    "HTTPS_STR_MATCH",
    "TCP",  "CALCULATED", "CLOUDWATCH_METRIC", "RECOVERY_CONTROL",
};

const char *health_check_type_name(enum health_check_type type)
{
    return names[type];
}

bool health_check_type_is_endpoint(enum health_check_type type)
{
    return type <= HEALTH_CHECK_TCP;
}
