// SPDX-License-Identifier: MIT
#include "core/route53/fault.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/xalloc.h"

enum { LIST_MOST = 256 * 1024 };

// The service model's codes, and those of the front end that it does not know. By name.
static const struct code {
    const char *name;
    int status;
} codes[] = {
    {"AccessDenied", 403},
    {"CidrBlockInUseException", 400},
    {"CidrCollectionAlreadyExistsException", 400},
    {"CidrCollectionInUseException", 400},
    {"CidrCollectionVersionMismatchException", 409},
    {"ConcurrentModification", 400},
    {"ConflictingDomainExists", 400},
    {"ConflictingTypes", 400},
    {"DNSSECNotFound", 400},
    {"DelegationSetAlreadyCreated", 400},
    {"DelegationSetAlreadyReusable", 400},
    {"DelegationSetInUse", 400},
    {"DelegationSetNotAvailable", 400},
    {"DelegationSetNotReusable", 400},
    {"ExpiredToken", 403},
    {"HealthCheckAlreadyExists", 409},
    {"HealthCheckInUse", 400},
    {"HealthCheckVersionMismatch", 409},
    {"HostedZoneAlreadyExists", 409},
    {"HostedZoneNotEmpty", 400},
    {"HostedZoneNotFound", 400},
    {"HostedZoneNotPrivate", 400},
    {"HostedZonePartiallyDelegated", 400},
    {"IncompatibleVersion", 400},
    {"IncompleteSignature", 400},
    {"InsufficientCloudWatchLogsResourcePolicy", 400},
    {"InternalFailure", 500},
    {"InvalidArgument", 400},
    {"InvalidChangeBatch", 400},
    {"InvalidClientTokenId", 403},
    {"InvalidDomainName", 400},
    {"InvalidInput", 400},
    {"InvalidKMSArn", 400},
    {"InvalidKeySigningKeyName", 400},
    {"InvalidKeySigningKeyStatus", 400},
    {"InvalidPaginationToken", 400},
    {"InvalidSignatureException", 403},
    {"InvalidSigningStatus", 400},
    {"InvalidTrafficPolicyDocument", 400},
    {"InvalidVPCId", 400},
    {"KeySigningKeyAlreadyExists", 409},
    {"KeySigningKeyInParentDSRecord", 400},
    {"KeySigningKeyInUse", 400},
    {"KeySigningKeyWithActiveStatusNotFound", 400},
    {"LastVPCAssociation", 400},
    {"LimitsExceeded", 400},
    {"MalformedInput", 400},
    {"MissingAuthenticationToken", 403},
    {"NoSuchChange", 404},
    {"NoSuchCidrCollectionException", 404},
    {"NoSuchCidrLocationException", 404},
    {"NoSuchCloudWatchLogsLogGroup", 404},
    {"NoSuchDelegationSet", 400},
    {"NoSuchGeoLocation", 404},
    {"NoSuchHealthCheck", 404},
    {"NoSuchHostedZone", 404},
    {"NoSuchKeySigningKey", 404},
    {"NoSuchQueryLoggingConfig", 404},
    {"NoSuchTrafficPolicy", 404},
    {"NoSuchTrafficPolicyInstance", 404},
    {"NotAuthorizedException", 401},
    {"PriorRequestNotComplete", 400},
    {"PublicZoneVPCAssociation", 400},
    {"QueryLoggingConfigAlreadyExists", 409},
    {"RequestEntityTooLarge", 413},
    {"ServiceUnavailable", 503},
    {"SignatureDoesNotMatch", 403},
    {"Throttling", 400},
    {"ThrottlingException", 400},
    {"TooManyHealthChecks", 400},
    {"TooManyHostedZones", 400},
    {"TooManyKeySigningKeys", 400},
    {"TooManyTrafficPolicies", 400},
    {"TooManyTrafficPolicyInstances", 400},
    {"TooManyTrafficPolicyVersionsForCurrentPolicy", 400},
    {"TooManyVPCAssociationAuthorizations", 400},
    {"TrafficPolicyAlreadyExists", 409},
    {"TrafficPolicyInUse", 400},
    {"TrafficPolicyInstanceAlreadyExists", 409},
    {"UnknownOperationException", 404},
    {"VPCAssociationAuthorizationNotFound", 404},
    {"VPCAssociationNotFound", 404},
};

static int compare(const void *name, const void *code)
{
    return strcmp(name, ((const struct code *)code)->name);
}

static const struct code *find(const char *name)
{
    return bsearch(name, codes, sizeof codes / sizeof codes[0], sizeof codes[0], compare);
}

__attribute__((format(printf, 1, 0))) static char *format_text(const char *format, va_list arguments)
{
    char *text = NULL;
    if (vasprintf(&text, format, arguments) < 0) {
        abort(); // out of memory
    }
    return text;
}

// Takes message.
static void fill(struct route53_fault *fault, const char *name, char *message)
{
    const struct code *code = find(name);
    assert(code != NULL);
    *fault = (struct route53_fault){code->name, code->status, message};
}

bool(route53_fault_set)(struct route53_fault *fault, const char *code, const char *format, ...)
{
    if (fault->code == NULL) {
        va_list arguments;
        va_start(arguments, format);
        fill(fault, code, format_text(format, arguments));
        va_end(arguments);
    }
    return false;
}

bool(route53_fault_add)(struct route53_fault *fault, const char *code, const char *format, ...)
{
    if (fault->code != NULL && (strcmp(fault->code, code) != 0 || strlen(fault->message) > LIST_MOST)) {
        return false;
    }
    va_list arguments;
    va_start(arguments, format);
    char *problem = format_text(format, arguments);
    va_end(arguments);
    if (fault->code == NULL) {
        fill(fault, code, xasprintf("[%s]", problem));
    } else {
        char *before = fault->message;
        fault->message = xasprintf("%.*s, %s]", (int)strlen(before) - 1, before, problem);
        free(before);
    }
    free(problem);
    return false;
}

bool(route53_fault_constraint)(struct route53_fault *fault, const char *value, const char *member,
                               const char *constraint)
{
    const char *quote = value != NULL ? "'" : "";
    return route53_fault_set(
        fault, "InvalidInput",
        "1 validation error detected: Value %s%s%s at '%c%s' failed to satisfy constraint: %s", quote,
        value != NULL ? value : "null", quote, ascii_lower((uint8_t)member[0]), member + 1, constraint);
}

void route53_fault_clear(struct route53_fault *fault)
{
    free(fault->message);
    *fault = (struct route53_fault){0};
}

int route53_fault_status(const char *code)
{
    const struct code *found = find(code);
    return found != NULL ? found->status : 0;
}

const char *route53_fault_type(const struct route53_fault *fault)
{
    return fault->status >= 500 ? "Receiver" : "Sender";
}
