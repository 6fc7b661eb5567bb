// SPDX-License-Identifier: MIT
// Lines of pointers, an empty line, and any bytes to look for them in. Every place lies within the bytes; in
// a good text it is the same whether pointers are asked for alone or together.
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <jansson.h>

#include "base/xalloc.h"
#include "core/json/diagnostic.h"
#include "core/json/position.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { POINTERS_MAX = 64 };

static void check_places(struct bytes text, const char *const *pointers, size_t count)
{
    struct json_span spans[POINTERS_MAX];
    json_t *tree = json_loadb((const char *)text.data, text.len, JSON_REJECT_DUPLICATES, NULL);
    struct diagnostics *diagnostics = diagnostics_create();
    diagnostics_file(diagnostics, "text", text);
    json_position_find(text, pointers, count, spans);
    for (size_t i = 0; i < count; i++) {
        struct json_span alone;
        json_position_find(text, &pointers[i], 1, &alone);
        assert(tree == NULL || (alone.offset == spans[i].offset && alone.len == spans[i].len));
        assert(alone.offset <= text.len && alone.len > 0);
        assert(spans[i].offset <= text.len && spans[i].len > 0);
        assert(alone.len == 1 || alone.len <= text.len - alone.offset);
        diagnostics_add(diagnostics, DIAGNOSTIC_ERROR, pointers[i], "'%s'", pointers[i]);
    }
    struct buffer out;
    buffer_init(&out, 64 << 20);
    diagnostics_print(diagnostics, &out);
    buffer_free(&out);
    json_decref(tree);
    diagnostics_destroy(diagnostics);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *lines = xmalloc(size + 1);
    const char *pointers[POINTERS_MAX];
    size_t count = 0;
    struct bytes text = {data, size};
    struct bytes line;
    char *at = lines;
    while (count < POINTERS_MAX && bytes_split(&text, '\n', &line) && line.len > 0) {
        memcpy(at, line.data, line.len);
        at[line.len] = '\0';
        pointers[count++] = at;
        at += line.len + 1;
    }
    if (text.data != NULL) {
        check_places(text, pointers, count);
        assert(json_position_too_deep(text, 4) <= text.len);
        assert(json_position_token(text, size / 2).offset <= text.len);
    }
    free(lines);
    return 0;
}
