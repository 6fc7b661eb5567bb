// SPDX-License-Identifier: MIT
// The document of a traffic policy, as a client sends it.
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "core/route53/traffic_document.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

// Each has a name and one content at least, however odd (F1): more is core/policy's to judge.
static void check_groups(const char *text)
{
    const struct traffic_instance instance = {"i", "Z1", "example.com.", 60};
    json_t *groups = traffic_document_groups(text, &instance);
    assert(json_array_size(groups) > 0);
    for (size_t i = 0; i < json_array_size(groups); i++) {
        const json_t *record_sets = json_object_get(json_array_get(groups, i), "ResourceRecordSets");
        assert(json_array_size(record_sets) > 0);
        for (size_t k = 0; k < json_array_size(record_sets); k++) {
            const json_t *record_set = json_array_get(record_sets, k);
            assert(json_is_string(json_object_get(record_set, "Name")));
            assert((json_object_get(record_set, "AliasTarget") != NULL) !=
                   (json_object_get(record_set, "ResourceRecords") != NULL));
        }
    }
    json_decref(groups);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = xstrndup((const char *)data, size);
    const char *type = NULL;
    struct error error = {0};
    bool good = traffic_document_check(text, &type, &error);
    assert(good ? type != NULL && !error.set : error.set);
    if (good) {
        check_groups(text);
    }
    free(text);
    return 0;
}
