// SPDX-License-Identifier: MIT
#include "core/route53/response.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "check.h"
#include "core/route53/request.h"
#include "xml.h"

#define ENDPOINT "https://route53.amazonaws.com"

enum { LOCATION_MOST = 2048 };

void route53_response_write(enum route53_operation operation, const json_t *output, struct buffer *out)
{
    xml_write(route53_operation_row(operation)->output, output, out);
}

// --- where what was created is -----------------------------------------------------------------------------

static const json_t *lookup(const json_t *value, struct bytes path)
{
    struct bytes name;
    while (value != NULL && bytes_split(&path, '.', &name)) {
        value = json_object_getn(value, (const char *)name.data, name.len);
    }
    return value;
}

static void append_value(const json_t *value, struct buffer *out)
{
    const char *text = json_string_value(value);
    if (text == NULL) {
        buffer_format(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        return;
    }
    const char *slash = strrchr(text, '/');
    buffer_text(out, slash != NULL ? slash + 1 : text);
}

char *route53_response_location(enum route53_operation operation, const json_t *input, const json_t *output)
{
    const char *rule = route53_operation_row(operation)->location;
    if (rule == NULL) {
        return NULL;
    }
    struct buffer location;
    buffer_init(&location, LOCATION_MOST);
    buffer_text(&location, ENDPOINT ROUTE53_VERSION_PATH);
    for (const char *open = strchr(rule, '{'); open != NULL; open = strchr(rule, '{')) {
        const char *close = strchr(open, '}');
        struct bytes path = {(const uint8_t *)open + 1, (size_t)(close - open) - 1};
        const json_t *value = lookup(output, path);
        buffer_append(&location, rule, (size_t)(open - rule));
        append_value(value != NULL ? value : lookup(input, path), &location);
        rule = close + 1;
    }
    char *text = xstrdup(buffer_string(&location));
    buffer_free(&location);
    return text;
}

// --- errors ------------------------------------------------------------------------------------------------

// A message may quote what a client sent, which need not be UTF-8.
static void write_message(const char *message, struct buffer *out)
{
    json_t *text = json_string(message);
    char *ascii = text == NULL ? xstrdup(message) : NULL;
    for (char *c = ascii; c != NULL && *c != '\0'; c++) {
        *c = (unsigned char)*c < 0x80 ? *c : '?';
    }
    xml_escape(bytes_of(ascii != NULL ? ascii : message), out);
    json_decref(text);
    free(ascii);
}

void route53_fault_write(const struct route53_fault *fault, const char *request_id, struct buffer *out)
{
    buffer_text(out, "<?xml version=\"1.0\"?>\n");
    // These two come from the service's front end, which knows no ErrorResponse.
    if (strcmp(fault->code, "UnknownOperationException") == 0) {
        buffer_text(out, "<UnknownOperationException/>");
        return;
    }
    if (strcmp(fault->code, "InvalidSignatureException") == 0) {
        buffer_text(out, "<InvalidSignatureException><Message>");
        write_message(fault->message, out);
        buffer_text(out, "</Message></InvalidSignatureException>");
        return;
    }
    buffer_format(out,
                  "<ErrorResponse xmlns=\"" XML_NAMESPACE "\"><Error><Type>%s</Type><Code>%s</Code><Message>",
                  route53_fault_type(fault), fault->code);
    write_message(fault->message, out);
    buffer_format(out, "</Message></Error><RequestId>%s</RequestId></ErrorResponse>", request_id);
}

bool route53_output_check(enum route53_operation operation, const json_t *output, struct route53_fault *fault)
{
    struct route53_fault found = {0};
    if (!shape_check_kinds(route53_operation_row(operation)->output, output, &found)) {
        route53_fault_set(fault, "InternalFailure", "%s: %s", route53_operation_row(operation)->name,
                          found.message);
        route53_fault_clear(&found);
        return false;
    }
    return true;
}
