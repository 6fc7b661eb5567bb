// SPDX-License-Identifier: MIT
#include "base/suggest.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/bytes.h"

enum { WORD_MAX = 64 };

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

// Optimal string alignment: three rows are enough, since a swap looks two rows back.
static unsigned distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
    unsigned rows[3][WORD_MAX + 1];
    for (size_t j = 0; j <= b_len; j++) {
        rows[0][j] = (unsigned)j;
    }
    for (size_t i = 1; i <= a_len; i++) {
        unsigned *row = rows[i % 3];
        const unsigned *above = rows[(i + 2) % 3];
        const unsigned *two_above = rows[(i + 1) % 3];
        row[0] = (unsigned)i;
        for (size_t j = 1; j <= b_len; j++) {
            uint8_t x = ascii_lower((uint8_t)a[i - 1]);
            uint8_t y = ascii_lower((uint8_t)b[j - 1]);
            row[j] = least(least(above[j], row[j - 1]) + 1, above[j - 1] + (x != y));
            if (i > 1 && j > 1 && x == ascii_lower((uint8_t)b[j - 2]) &&
                y == ascii_lower((uint8_t)a[i - 2])) {
                row[j] = least(row[j], two_above[j - 2] + 1);
            }
        }
    }
    return rows[a_len % 3][b_len];
}

const char *suggest_nearest(const char *word, const char *const *candidates)
{
    size_t len = strlen(word);
    if (len == 0 || len > WORD_MAX) {
        return NULL;
    }
    const char *nearest = NULL;
    unsigned most = len < 3 ? 1 : (unsigned)(len / 3);
    for (; *candidates != NULL; candidates++) {
        size_t candidate_len = strlen(*candidates);
        size_t apart = candidate_len > len ? candidate_len - len : len - candidate_len;
        if (candidate_len > WORD_MAX || apart > most) {
            continue;
        }
        unsigned d = distance(word, len, *candidates, candidate_len);
        if (d < most || (d == most && nearest == NULL)) {
            most = d;
            nearest = *candidates;
        }
    }
    return nearest;
}
