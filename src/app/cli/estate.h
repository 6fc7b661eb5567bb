// SPDX-License-Identifier: MIT
// A policy file made ready for what counts clients: search and blast.
#ifndef NEARWELL_APP_CLI_ESTATE_H
#define NEARWELL_APP_CLI_ESTATE_H

#include "app/daemon/snapshot.h"
#include "core/search/atlas.h"

struct estate {
    struct snapshot *snapshot;
    struct status_table *status; // initial (H4)
    struct view view;
    struct population *population;
    struct atlas *atlas;
};

// name NULL: all names with a routing policy; type NULL: A. False on any error; findings in the policy go to
// standard error.
bool estate_load(const char *path, const char *name, const char *type, struct estate *out,
                 struct error *error);
void estate_free(struct estate *estate); // zeros are fine

#endif
