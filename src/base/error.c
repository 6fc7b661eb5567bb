// SPDX-License-Identifier: MIT
#include "base/error.h"

#include <stdio.h>
#include <string.h>

bool(error_vset)(struct error *error, const char *format, va_list arguments)
{
    if (error != NULL && !error->set) {
        error->set = true;
        vsnprintf(error->text, sizeof error->text, format, arguments);
    }
    return false;
}

bool(error_set)(struct error *error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    error_vset(error, format, arguments);
    va_end(arguments);
    return false;
}

bool(error_context)(struct error *error, const char *format, ...)
{
    if (error == NULL) {
        return false;
    }
    struct error whole = {.set = true};
    va_list arguments;
    va_start(arguments, format);
    int len = vsnprintf(whole.text, sizeof whole.text, format, arguments);
    va_end(arguments);
    if (len >= 0 && (size_t)len < sizeof whole.text) {
        snprintf(whole.text + len, sizeof whole.text - (size_t)len, ": %s", error->text);
    }
    *error = whole;
    return false;
}
