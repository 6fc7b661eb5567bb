// SPDX-License-Identifier: MIT
// The document of a traffic policy, as a client sends it.
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "core/route53/traffic_document.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = xstrndup((const char *)data, size);
    const char *type = NULL;
    struct error error = {0};
    bool good = traffic_document_check(text, &type, &error);
    assert(good ? type != NULL && !error.set : error.set);
    free(text);
    return 0;
}
