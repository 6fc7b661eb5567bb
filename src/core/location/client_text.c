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
    error_set(error,
              "'%s' is neither an IP address, a CIDR block, a VPC nor a place of the latency table%s%s%s",
              word, nearest != NULL ? "; did you mean '" : "", nearest != NULL ? nearest : "",
              nearest != NULL ? "'?" : "");
    free(word);
    return false;
}

static const char *nearest_vpc(const struct model *model, const char *word)
{
    const char **ids = xcalloc(model->vpc_count + 1, sizeof *ids);
    for (uint32_t i = 0; i < model->vpc_count; i++) {
        ids[i] = model->vpcs[i].id;
    }
    const char *nearest = suggest_nearest(word, ids);
    free(ids);
    return nearest;
}

static bool parse_vpc(const struct model *model, struct bytes text, struct client *out, struct error *error)
{
    const struct vpc *vpc = model_find_vpc(model, text);
    if (vpc != NULL) {
        *out = (struct client){.place = PLACE_NONE, .vpc = vpc};
        return true;
    }
    char *word = xstrndup((const char *)text.data, text.len < 64 ? text.len : 64);
    const char *nearest = nearest_vpc(model, word);
    error_set(error, "no hosted zone is associated with '%s', and VPCs does not have it%s%s%s", word,
              nearest != NULL ? "; did you mean '" : "", nearest != NULL ? nearest : "",
              nearest != NULL ? "'?" : "");
    free(word);
    return false;
}

bool client_text_is_vpc(struct bytes text)
{
    return text.len > 4 && memcmp(text.data, "vpc-", 4) == 0;
}

bool client_parse(const struct model *model, struct bytes text, struct client *out, struct error *error)
{
    struct client client = {.place = model_find_place(model, text)};
    if (client.place != PLACE_NONE || ip_parse(text, &client.source)) {
        *out = client;
        return true;
    }
    if (client_text_is_vpc(text)) {
        return parse_vpc(model, text, out, error);
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
