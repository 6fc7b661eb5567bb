// SPDX-License-Identifier: MIT
#include "core/admin/override_row.h"

#include <stdio.h>

char *override_row_print(const struct override *override)
{
    json_t *json =
        json_pack("{s:i, s:s, s:I, s:I}", "Verdict", (int) override->verdict, "Reason", override->reason,
                  "Since", (json_int_t) override->since.ns, "Until", (json_int_t) override->until_wall.ns);
    if (override->has_inverted) {
        json_object_set_new(json, "Inverted", json_boolean(override->inverted));
    }
    if (override->has_disabled) {
        json_object_set_new(json, "Disabled", json_boolean(override->disabled));
    }
    char *text = json_dumps(json, JSON_COMPACT);
    json_decref(json);
    return text;
}

bool override_row_parse(struct bytes text, mono_time now, wall_time wall, struct override *out)
{
    json_t *json = json_loadb((const char *)text.data, text.len, 0, NULL);
    struct override override = {.until = MONO_NEVER};
    const char *reason = "";
    int verdict = 0;
    json_int_t since = 0;
    json_int_t until = 0;
    int inverted = 0;
    int disabled = 0;
    bool ok =
        json_unpack(json, "{s:i, s:s, s:I, s:I, s?b, s?b}", "Verdict", &verdict, "Reason", &reason, "Since",
                    &since, "Until", &until, "Inverted", &inverted, "Disabled", &disabled) == 0 &&
        verdict >= OVERRIDE_AUTO && verdict <= OVERRIDE_UNHEALTHY && (until == 0 || until > wall.ns);
    if (ok) {
        override.verdict = (enum override_verdict)verdict;
        override.since.ns = since;
        override.has_inverted = json_object_get(json, "Inverted") != NULL;
        override.inverted = inverted != 0;
        override.has_disabled = json_object_get(json, "Disabled") != NULL;
        override.disabled = disabled != 0;
        snprintf(override.reason, sizeof override.reason, "%s", reason);
        if (until != 0) {
            override.until = mono_add(now, until - wall.ns);
            override.until_wall.ns = until;
        }
        *out = override;
    }
    json_decref(json);
    return ok;
}

json_t *override_subjects(const struct override *override)
{
    static const char *const verdicts[] = {"auto", "healthy", "unhealthy"};
    json_t *subjects = json_array();
    char until[WALL_TIME_TEXT];
    if (override->has_inverted) {
        json_array_append_new(subjects, json_sprintf("Inverted %s", override->inverted ? "true" : "false"));
    }
    if (override->has_disabled) {
        json_array_append_new(subjects, json_sprintf("Disabled %s", override->disabled ? "true" : "false"));
    }
    if (override->verdict != OVERRIDE_AUTO) {
        json_array_append_new(subjects, json_sprintf("Verdict %s", verdicts[override->verdict]));
    }
    if (override->until_wall.ns != 0 && json_array_size(subjects) > 0) {
        wall_time_format(override->until_wall, until);
        json_array_append_new(subjects, json_sprintf("until %s", until));
    }
    return subjects;
}
