// SPDX-License-Identifier: MIT
#include "core/model/resource.h"

#include <stddef.h>

static const char *const names[RESOURCE_TYPES + 1] = {
    [RESOURCE_ELB] = "ELB",
    [RESOURCE_ALB] = "ALB",
    [RESOURCE_NLB] = "NLB",
    [RESOURCE_ELASTIC_BEANSTALK] = "ElasticBeanstalk",
    [RESOURCE_CLOUDFRONT] = "CloudFront",
    [RESOURCE_API_GATEWAY] = "APIGateway",
    [RESOURCE_S3_WEBSITE] = "S3Website",
    [RESOURCE_VPC_ENDPOINT] = "VPCEndpoint",
    [RESOURCE_GLOBAL_ACCELERATOR] = "GlobalAccelerator",
    [RESOURCE_APP_RUNNER] = "AppRunner",
    [RESOURCE_APP_SYNC] = "AppSync",
};

const char *resource_type_name(enum resource_type type)
{
    return names[type];
}

const char *const *resource_type_names(void)
{
    return names;
}

bool resource_type_has_health(enum resource_type type)
{
    return type <= RESOURCE_ELASTIC_BEANSTALK;
}

bool resource_type_can_be_evaluated(enum resource_type type)
{
    return type != RESOURCE_CLOUDFRONT;
}
