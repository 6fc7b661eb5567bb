// SPDX-License-Identifier: MIT
// A policy, and behind the first NUL the latency table that its file names give. What is good builds a
// model; what is not has a finding that can be printed.
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "base/xalloc.h"
#include "core/policy/load.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool read_rest(const char *path, char **text, size_t *len, struct error *error, void *context)
{
    const struct bytes *rest = context;
    if (path[0] == '\0' || rest->len == 0) {
        return error_set(error, "no such file");
    }
    *text = xmalloc(rest->len);
    memcpy(*text, rest->data, rest->len);
    *len = rest->len;
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *end = size > 0 ? memchr(data, 0, size) : NULL;
    size_t len = end != NULL ? (size_t)(end - data) : size;
    struct bytes rest = {data + len, size - len};
    if (rest.len > 0) {
        rest = (struct bytes){rest.data + 1, rest.len - 1};
    }
    struct policy_options options = {.read_file = read_rest,
                                     .context = &rest,
                                     .on_loopback = true,
                                     .aws_warnings = true,
                                     .trap_warnings = true};
    struct diagnostics *diagnostics = diagnostics_create();
    struct model *model = policy_load("p.json", (struct bytes){data, len}, &options, diagnostics);
    assert((model == NULL) == (diagnostics_errors(diagnostics) > 0));
    struct buffer out;
    buffer_init(&out, 64 << 20);
    diagnostics_print(diagnostics, &out);
    assert((out.len > 0) == (diagnostics_errors(diagnostics) + diagnostics_warnings(diagnostics) > 0));
    buffer_free(&out);
    model_destroy(model);
    diagnostics_destroy(diagnostics);
    return 0;
}
