// SPDX-License-Identifier: MIT
// The kinds of AWS resources that an alias can lead to, beside record sets of its own zone (T1). A fixed
// table; pure; any thread.
#ifndef NEARWELL_CORE_MODEL_RESOURCE_H
#define NEARWELL_CORE_MODEL_RESOURCE_H

#include <stdbool.h>
#include <stdint.h>

enum resource_type {
    RESOURCE_ELB, // Classic
    RESOURCE_ALB,
    RESOURCE_NLB,
    RESOURCE_ELASTIC_BEANSTALK,
    RESOURCE_CLOUDFRONT,
    RESOURCE_API_GATEWAY,
    RESOURCE_S3_WEBSITE,
    RESOURCE_VPC_ENDPOINT,
    RESOURCE_GLOBAL_ACCELERATOR,
    RESOURCE_APP_RUNNER,
    RESOURCE_APP_SYNC,
};
enum { RESOURCE_TYPES = 11 };
#define RESOURCE_NONE UINT32_MAX

const char *resource_type_name(enum resource_type type);      // "ELB"
const char *const *resource_type_names(void);                 // in the order of the enum, NULL-terminated
bool resource_type_has_health(enum resource_type type);       // Q3: false: always healthy
bool resource_type_can_be_evaluated(enum resource_type type); // Q3: EvaluateTargetHealth may be true

#endif
