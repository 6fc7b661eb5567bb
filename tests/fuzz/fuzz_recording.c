// SPDX-License-Identifier: MIT
// Any bytes as the JSON of one line of a recording, which gets the checksum that it needs: an event that is
// written again the same, or a reason why not.
#include <assert.h>
#include <string.h>

#include "core/scenario/recording.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_create();
    struct recording_event event;
    struct error error = {0};
    struct buffer line;
    struct buffer again;
    buffer_init(&line, SIZE_MAX / 2);
    buffer_init(&again, SIZE_MAX / 2);
    assert(!recording_decode((struct bytes){data, size}, &event, arena, &error) || size > 9);
    error = (struct error){0};
    buffer_format(&line, "%08x ", (unsigned)bytes_hash((struct bytes){data, size}));
    buffer_append(&line, data, size);
    if (recording_decode((struct bytes){(uint8_t *)line.data, line.len}, &event, arena, &error)) {
        buffer_clear(&line);
        recording_encode(&event, &line);
        bool ok = recording_decode((struct bytes){(uint8_t *)line.data, line.len - 1}, &event, arena, &error);
        assert(ok);
        recording_encode(&event, &again);
        assert(strcmp(line.data, again.data) == 0);
    } else {
        assert(error.text[0] != '\0');
    }
    buffer_free(&line);
    buffer_free(&again);
    arena_destroy(arena);
    return 0;
}
