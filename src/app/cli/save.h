// SPDX-License-Identifier: MIT
// Findings of a search as scenario files.
#ifndef NEARWELL_APP_CLI_SAVE_H
#define NEARWELL_APP_CLI_SAVE_H

#include "core/search/report.h"

// Writes one file for each finding of the report, which was made with the same show, into a folder that is
// made when it is missing, and adds its path to the finding as "saved".
bool save_findings(const char *folder, const struct atlas *atlas, const struct search_options *options,
                   const struct search_result *result, unsigned show, json_t *report, struct error *error);

#endif
