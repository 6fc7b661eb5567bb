// SPDX-License-Identifier: MIT
#include "core/report/evidence.h"

// What a fleet knows of a check beyond its final status.
static void complete(const struct status_input *input, json_t *candidate)
{
    static const char *const keys[] = {"raw_status", "inverted", "disabled", "checkers", "since", "override"};
    const char *id = json_string_value(json_object_get(candidate, "health_check_id"));
    json_t *evidence = json_object_get(candidate, "evidence");
    uint32_t check =
        id != NULL ? model_find_health_check(input->view->model, bytes_of(id)) : HEALTH_CHECK_NONE;
    if (check == HEALTH_CHECK_NONE || evidence == NULL) {
        return;
    }
    json_t *told = status_check_json(input, check);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        json_object_set(evidence, keys[i], json_object_get(told, keys[i]));
    }
    json_decref(told);
}

void report_evidence(const struct status_input *input, json_t *explanation)
{
    size_t i;
    json_t *candidate;
    json_array_foreach(json_object_get(explanation, "candidates"), i, candidate)
    {
        complete(input, candidate);
    }
}
