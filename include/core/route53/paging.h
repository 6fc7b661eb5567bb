// SPDX-License-Identifier: MIT
// How long a page of a list is. Pure; any thread. Source: API reference 1.9.
#ifndef NEARWELL_CORE_ROUTE53_PAGING_H
#define NEARWELL_CORE_ROUTE53_PAGING_H

#include <jansson.h>
#include <stdbool.h>

#include "core/route53/fault.h"

struct route53_paging {
    const char *member; // of the input and, as a text, of the output: "MaxItems" or "MaxResults"
    unsigned fallback;  // when the input has none
    unsigned cap;       // more is taken for it
};

// A text of digits from 1 up, as the model has it; a JSON integer is as good. Else InvalidInput.
bool route53_page_size(const struct route53_paging *paging, const json_t *input, unsigned *out,
                       struct route53_fault *fault);

// Puts the size that counted into the output.
void route53_page_echo(const struct route53_paging *paging, unsigned size, json_t *output);

#endif
