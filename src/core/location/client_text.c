// SPDX-License-Identifier: MIT
#include "core/location/client_text.h"

#include "base/suggest.h"
#include "base/xalloc.h"

#include <stdlib.h>

static const char *nearest_place(const struct model *model, const char *word)
{
    const char **names = xcalloc(model->place_count + 1, sizeof *names);
    for (uint32_t i = 0; i < model->place_count; i++) {
        names[i] = model->places[i].name;
    }
    const char *nearest = suggest_nearest(word, names);
    free(names);
    return nearest;
}

static bool unknown_place(const struct model *model, struct bytes text, struct error *error)
{
    char *word = xstrndup((const char *)text.data, text.len < 64 ? text.len : 64);
    const char *nearest = nearest_place(model, word);
    error_set(error, "'%s' is neither an IP address, a CIDR block nor a place of the latency table%s%s%s",
              word, nearest != NULL ? "; did you mean '" : "", nearest != NULL ? nearest : "",
              nearest != NULL ? "'?" : "");
    free(word);
    return false;
}

bool client_parse(const struct model *model, struct bytes text, struct client *out, struct error *error)
{
    struct client client = {.place = model_find_place(model, text)};
    if (client.place != PLACE_NONE || ip_parse(text, &client.source)) {
        *out = client;
        return true;
    }
    if (memchr(text.data, '/', text.len) == NULL) {
        return unknown_place(model, text, error);
    }
    if (!ip_prefix_parse(text, &client.subnet, error)) {
        return false;
    }
    client.has_subnet = client.subnet.length > 0; // E6: SOURCE 0 is "do not use my address"
    *out = client;
    return true;
}
