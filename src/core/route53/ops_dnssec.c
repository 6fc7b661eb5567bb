// SPDX-License-Identifier: MIT
// DNSSEC: nearwell does not sign, and says so. No zone has a key, so everything that needs one finds none:
// API reference 3.8.
#include "ops.h"

#define UNSIGNED "nearwell does not sign zones"

bool ops_get_dnssec(struct call *call)
{
    json_t *zone = ops_required_zone(call, "HostedZoneId");
    bool good = zone != NULL &&
                (!ops_is_private(zone) ||
                 // Terraform knows this text by its beginning.
                 REFUSE(call, "InvalidArgument", "Operation is unsupported for private hosted zones."));
    json_decref(zone);
    if (good) {
        json_object_set_new(call->output, "Status", json_pack("{s:s}", "ServeSignature", "NOT_SIGNING"));
        json_object_set_new(call->output, "KeySigningKeys", json_array());
    }
    return good;
}

static bool refuse_for_zone(struct call *call, const char *code, const char *reason)
{
    json_t *zone = ops_required_zone(call, "HostedZoneId");
    bool found = zone != NULL;
    json_decref(zone);
    return found ? REFUSE(call, code, "%s", reason) : false;
}

bool ops_create_key_signing_key(struct call *call)
{
    return refuse_for_zone(call, "InvalidArgument", "A key signing key would have no effect: " UNSIGNED ".");
}

// Activate, deactivate, delete.
bool ops_need_key_signing_key(struct call *call)
{
    return refuse_for_zone(call, "NoSuchKeySigningKey",
                           "The specified key signing key does not exist: " UNSIGNED ".");
}

bool ops_enable_dnssec(struct call *call)
{
    return refuse_for_zone(call, "KeySigningKeyWithActiveStatusNotFound",
                           "A key signing key with ACTIVE status wasn't found: " UNSIGNED ".");
}

bool ops_disable_dnssec(struct call *call)
{
    return refuse_for_zone(call, "DNSSECNotFound",
                           "The hosted zone doesn't have any DNSSEC resources: " UNSIGNED ".");
}
