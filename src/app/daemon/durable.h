// SPDX-License-Identifier: MIT
// A change is written down before it is made: rows to the state file, where there is one, and a line to the
// journal, in one transaction. Control thread.
#ifndef NEARWELL_APP_DAEMON_DURABLE_H
#define NEARWELL_APP_DAEMON_DURABLE_H

#include <jansson.h>

#include "base/error.h"
#include "core/account/edit.h"
#include "core/admin/api_faults.h"
#include "core/health/fleet.h"
#include "io/http/server.h"
#include "io/state/state.h"

struct daemon;

// Row kinds beside those of the account (enum account_kind). The numbers are in state files.
enum durable_kind {
    DURABLE_OVERRIDE = 1000,        // health check id: override_row.h
    DURABLE_ROUTING_CONTROL = 1001, // health check id: "On" or "Off"
    DURABLE_RESOURCE = 1002,        // name of an AWS resource: override_row.h, with a verdict
    DURABLE_API_FAULTS = 1003,      // "": api_faults.h
};

struct durable_change {
    const struct state_row *rows;
    size_t count;
    const char *who;
    const char *what; // NULL: not for the journal
    json_t *on;       // an array; borrowed
    const char *why;  // NULL or ""
};

// The journal and the account, with what --state has of them.
bool durable_open(struct daemon *daemon, struct error *error);
void durable_close(struct daemon *daemon);

// False: nothing was written, and the change must not be made.
bool durable_write(struct daemon *daemon, const struct durable_change *change, struct error *error);
// The same with the rows of an edit of the account, in place of change's.
bool durable_write_edit(struct daemon *daemon, const struct account_edit *edit,
                        const struct durable_change *change, struct error *error);
// The same for a request, which has been answered when it fails.
bool durable_write_for(struct daemon *daemon, struct http_exchange *exchange,
                       const struct durable_change *change);

// Who asks, in their own words (X-Nearwell-User), or from where.
const char *durable_who(struct http_exchange *exchange, char out[IP_TEXT]);

// The row of what is imposed on a check; text is the caller's to free, NULL for an override that says
// nothing.
struct state_row durable_override_row(const char *id, const struct override *override, char **text);
// The same for the health of an AWS resource; override NULL: as the policy says.
struct state_row durable_resource_row(const char *name, const struct resource_override *override,
                                      char **text);

// The same for faults of the API.
struct state_row durable_api_faults_row(const struct api_faults *faults, mono_time now, char **text);

// Brings back what operators imposed, once the fleet has its checks.
void durable_restore(struct daemon *daemon);

void durable_get_journal(struct http_exchange *exchange, void *context);

#endif
