// SPDX-License-Identifier: MIT
// Policy text to model: parse, fill specs through the field tables, validate across records, build. Every
// finding at once; no model when there is an error. Pure but for the callback; one thread.
#ifndef NEARWELL_CORE_POLICY_LOAD_H
#define NEARWELL_CORE_POLICY_LOAD_H

#include "base/buffer.h"
#include "base/bytes.h"
#include "base/error.h"
#include "core/json/diagnostic.h"
#include "core/location/blocks.h"
#include "core/model/model.h"

enum {
    POLICY_TEXT_MAX = 512 << 20, // bytes
    POLICY_DEPTH_MAX = 32,
};

struct policy_options {
    // Gives the text of a file that the policy names (LatencyTable, ClientFiles) or that such a file names
    // (Extends). path is the name joined to the folder of the file that names it: "policies/latency/aws.json"
    // for a policy "policies/mine.json". The text is malloc'd and becomes the diagnostics', which quote it.
    // NULL: such files cannot be read.
    bool (*read_file)(const char *path, char **text, size_t *len, struct error *error, void *context);
    // Fills blocks with the networks of a location database, and its digest; the same paths. NULL: databases
    // cannot be read.
    bool (*read_locations)(const char *path, struct location_blocks *blocks, struct error *error,
                           void *context);
    void *context;
    // The latency table when the policy names none: the one that is part of the program. May be empty.
    const char *default_latency_name;
    struct bytes default_latency;
    // The population when the policy names none. May be empty.
    const char *default_population_name;
    struct bytes default_population;
    bool on_loopback;   // every listener is on loopback: AllowSpecialUseAddresses defaults to true
    bool aws_warnings;  // warn about what AWS would refuse although nearwell accepts it (check does)
    bool dangling;      // references to what is gone are no errors: what the API leaves behind (H9, H10, T5)
    bool trap_warnings; // warn about what is legal and hardly ever meant (check does)
};

// name is the file's, for messages and for files that it names; NULL when there is none. NULL when there are
// errors. Text of 0 bytes is an error, "{}" is an empty account.
struct model *policy_load(const char *name, struct bytes text, const struct policy_options *options,
                          struct diagnostics *diagnostics);

#endif
