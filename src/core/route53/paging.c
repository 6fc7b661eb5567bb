// SPDX-License-Identifier: MIT
#include "core/route53/paging.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"

enum { NUMBER_TEXT = 24 };

static bool is_digits(const char *text)
{
    return text[0] != '\0' && strspn(text, "0123456789") == strlen(text);
}

bool route53_page_size(const struct route53_paging *paging, const json_t *input, unsigned *out,
                       struct route53_fault *fault)
{
    const json_t *given = json_object_get(input, paging->member);
    char number[NUMBER_TEXT];
    snprintf(number, sizeof number, "%" JSON_INTEGER_FORMAT, json_integer_value(given));
    const char *text = json_is_integer(given) ? number : json_string_value(given);
    if (given == NULL) {
        *out = paging->fallback;
        return true;
    }
    if (text == NULL || !is_digits(text) || text[strspn(text, "0")] == '\0') {
        return route53_fault_constraint(fault, text, paging->member,
                                        "Member must have value greater than or equal to 1");
    }
    uint32_t size;
    // What does not fit is above every cap.
    bool fits = bytes_parse_u32(bytes_of(text + strspn(text, "0")), paging->cap, &size);
    *out = fits ? size : paging->cap;
    return true;
}

void route53_page_echo(const struct route53_paging *paging, unsigned size, json_t *output)
{
    char text[NUMBER_TEXT];
    snprintf(text, sizeof text, "%u", size);
    json_object_set_new(output, paging->member, json_string(text));
}
