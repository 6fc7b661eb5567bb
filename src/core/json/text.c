// SPDX-License-Identifier: MIT
#include "core/json/text.h"

#include <stdint.h>
#include <string.h>

#include "position.h"

static void add_at_offset(struct bytes text, size_t offset, struct diagnostics *diagnostics,
                          const char *message, const char *detail)
{
    unsigned line = 1;
    size_t line_start = 0;
    for (size_t i = 0; i < offset && i < text.len; i++) {
        if (text.data[i] == '\n') {
            line++;
            line_start = i + 1;
        }
    }
    diagnostics_add_at(diagnostics, DIAGNOSTIC_ERROR, line, (unsigned)(offset - line_start) + 1, "%s%s",
                       message, detail);
}

// What editors and hands put at the start of a file, which no JSON parser explains well.
static const char *wrong_start(struct bytes text)
{
    static const struct {
        const char *bytes;
        size_t len;
        const char *message;
    } starts[] = {
        {"\xef\xbb\xbf", 3,
         "the text starts with a byte order mark (EF BB BF); save it as UTF-8 without one"},
        {"\xff\xfe", 2, "the text is UTF-16; save it as UTF-8"},
        {"\xfe\xff", 2, "the text is UTF-16; save it as UTF-8"},
        {"\x1f\x8b", 2, "the text is compressed (gzip)"},
    };
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++) {
        if (text.len >= starts[i].len && memcmp(text.data, starts[i].bytes, starts[i].len) == 0) {
            return starts[i].message;
        }
    }
    return NULL;
}

static bool check_bytes(struct bytes text, unsigned depth_max, size_t size_max,
                        struct diagnostics *diagnostics)
{
    if (text.len == 0) {
        diagnostics_add_at(diagnostics, DIAGNOSTIC_ERROR, 1, 1, "the text is empty; an empty object is {}");
        return false;
    }
    if (text.len > size_max) {
        diagnostics_add_at(diagnostics, DIAGNOSTIC_ERROR, 0, 0,
                           "the text has %zu bytes; at most %zu are read", text.len, size_max);
        return false;
    }
    const char *message = wrong_start(text);
    if (message != NULL) {
        diagnostics_add_at(diagnostics, DIAGNOSTIC_ERROR, 1, 1, "%s", message);
        return false;
    }
    const uint8_t *nul = memchr(text.data, 0, text.len);
    if (nul != NULL) {
        add_at_offset(text, (size_t)(nul - text.data), diagnostics, "the text holds a NUL byte", "");
        return false;
    }
    size_t deep = json_position_too_deep(text, depth_max);
    if (deep < text.len) {
        add_at_offset(text, deep, diagnostics, "objects and arrays are nested too deeply here", "");
        return false;
    }
    return true;
}

// A hint for the mistakes that JSON makes easy; "" for others.
static const char *hint_for(struct bytes text, size_t offset)
{
    uint8_t c = offset < text.len ? text.data[offset] : 0;
    if (c == '/' || c == '#') {
        return "; JSON has no comments";
    }
    if (c == '\'') {
        return "; strings stand in double quotes";
    }
    if (c != '}' && c != ']') {
        return "";
    }
    while (offset > 0 && memchr(" \t\r\n", text.data[offset - 1], 4) != NULL) {
        offset--;
    }
    return offset > 0 && text.data[offset - 1] == ',' ? "; the comma before it is one too many" : "";
}

// jansson says how far it had read; the token that ends there is the one to mark.
static void add_parse_error(struct bytes text, const json_error_t *error, struct diagnostics *diagnostics)
{
    size_t read = error->position > 0 ? (size_t)error->position : 1;
    size_t at = read > text.len ? text.len : read - 1;
    enum json_error_code code = json_error_code(error);
    if (code == json_error_premature_end_of_input) {
        at = text.len;
        while (at > 0 && memchr(" \t\r\n", text.data[at - 1], 4) != NULL) {
            at--;
        }
        add_at_offset(text, at, diagnostics, "the text ends too early: something is not closed", "");
        return;
    }
    size_t start = json_position_token(text, at).offset;
    char message[JSON_ERROR_TEXT_LENGTH + 32];
    memcpy(message, "not valid JSON: ", 16);
    size_t len = strnlen(error->text, JSON_ERROR_TEXT_LENGTH - 1);
    memcpy(message + 16, error->text, len);
    message[16 + len] = '\0';
    add_at_offset(text, start, diagnostics, message, hint_for(text, start));
}

// A text as json_load_callback asks for it: line by line, without indentation, which jansson would read a
// byte at a time like all else, and which is a third of a usual file. No token has the end of a line in it,
// so what is left means the same, or is as wrong.
static size_t next_lines(void *out, size_t room, void *context)
{
    struct bytes *rest = context;
    size_t len = 0;
    while (len < room && rest->len > 0) {
        size_t most = rest->len < room - len ? rest->len : room - len;
        const uint8_t *end = memchr(rest->data, '\n', most);
        size_t taken = end != NULL ? (size_t)(end - rest->data) + 1 : most;
        memcpy((char *)out + len, rest->data, taken);
        len += taken;
        *rest = (struct bytes){rest->data + taken, rest->len - taken};
        while (end != NULL && rest->len > 0 && (rest->data[0] == ' ' || rest->data[0] == '\t')) {
            *rest = (struct bytes){rest->data + 1, rest->len - 1};
        }
    }
    return len;
}

// The place of an error is one in the whole text, so what is wrong is parsed once more.
static json_t *parse(struct bytes text, json_error_t *error)
{
    struct bytes rest = text;
    json_t *root = json_load_callback(next_lines, &rest, JSON_REJECT_DUPLICATES, NULL);
    return root != NULL ? root : json_loadb((const char *)text.data, text.len, JSON_REJECT_DUPLICATES, error);
}

json_t *json_text_parse(struct bytes text, unsigned depth_max, size_t size_max,
                        struct diagnostics *diagnostics)
{
    if (!check_bytes(text, depth_max, size_max, diagnostics)) {
        return NULL;
    }
    json_error_t error = {0};
    json_t *root = parse(text, &error);
    if (root == NULL) {
        add_parse_error(text, &error, diagnostics);
        return NULL;
    }
    if (!json_is_object(root)) {
        diagnostics_add(diagnostics, DIAGNOSTIC_ERROR, "",
                        "the outermost value must be an object, not an array");
        json_decref(root);
        return NULL;
    }
    return root;
}
