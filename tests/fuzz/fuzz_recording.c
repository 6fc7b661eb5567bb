// SPDX-License-Identifier: MIT
// Any bytes as lines of a recording, each of which gets the checksum that it needs. A line is an event that
// is written again the same, or a reason why not; all of them together are replayed twice, with the same
// result.
#include <assert.h>
#include <string.h>

#include "core/scenario/recording.h"
#include "core/scenario/recording_replay.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_line(struct bytes line)
{
    struct arena *arena = arena_create();
    struct recording_event event;
    struct error error = {0};
    struct buffer first;
    struct buffer again;
    buffer_init(&first, SIZE_MAX / 2);
    buffer_init(&again, SIZE_MAX / 2);
    if (recording_decode(line, &event, arena, &error)) {
        recording_encode(&event, &first);
        bool ok =
            recording_decode((struct bytes){(uint8_t *)first.data, first.len - 1}, &event, arena, &error);
        assert(ok);
        recording_encode(&event, &again);
        assert(strcmp(first.data, again.data) == 0);
    } else {
        assert(error.text[0] != '\0');
    }
    buffer_free(&first);
    buffer_free(&again);
    arena_destroy(arena);
}

static uint64_t play(const struct buffer *text)
{
    static const char latency[] = "{\"Places\": {\"DE\": {\"Milliseconds\": {\"eu-west-1\": 25}}}}";
    struct recording_options options = {.policy = {.default_latency_name = "latency.json",
                                                   .default_latency = bytes_of(latency),
                                                   .on_loopback = true}};
    struct recording_report report;
    struct error error = {0};
    bool ok = recording_replay(bytes_of(buffer_string(text)), &options, &report, &error);
    assert(ok == (error.text[0] == '\0'));
    return report.digest ^ report.events ^ report.differences;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes rest = {data, size};
    struct bytes line;
    struct buffer text;
    buffer_init(&text, SIZE_MAX / 2);
    check_line(rest);
    while (bytes_split(&rest, '\n', &line)) {
        size_t start = text.len;
        buffer_format(&text, "%08x ", (unsigned)bytes_hash(line));
        buffer_append(&text, line.data, line.len);
        check_line((struct bytes){(uint8_t *)text.data + start, text.len - start});
        buffer_char(&text, '\n');
    }
    assert(play(&text) == play(&text));
    buffer_free(&text);
    return 0;
}
