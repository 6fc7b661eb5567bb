// SPDX-License-Identifier: MIT
#include "base/suggest.h"

#include <string.h>

#include "base/bytes.h"

enum { LONGEST = 64 }; // words beyond are nobody's typing mistake

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

static bool same(const char *a, const char *b)
{
    return ascii_lower((uint8_t)*a) == ascii_lower((uint8_t)*b);
}

// Optimal string alignment: insertions, deletions, replacements and swaps of neighbours, row by row.
static unsigned distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
    unsigned rows[3][LONGEST + 1];
    for (unsigned j = 0; j <= b_len; j++) {
        rows[0][j] = j;
    }
    for (unsigned i = 1; i <= a_len; i++) {
        unsigned *row = rows[i % 3];
        const unsigned *above = rows[(i + 2) % 3];
        row[0] = i;
        for (unsigned j = 1; j <= b_len; j++) {
            row[j] = least(above[j - 1] + !same(a + i - 1, b + j - 1), least(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && same(a + i - 1, b + j - 2) && same(a + i - 2, b + j - 1)) {
                row[j] = least(row[j], rows[(i + 1) % 3][j - 2] + 1);
            }
        }
    }
    return rows[a_len % 3][b_len];
}

const char *suggest_nearest(const char *word, const char *const *candidates)
{
    size_t len = strlen(word);
    if (len == 0 || len > LONGEST) {
        return NULL;
    }
    unsigned best = (unsigned)(len < 6 ? 1 : len / 3) + 1;
    const char *nearest = NULL;
    for (; *candidates != NULL; candidates++) {
        size_t candidate_len = strlen(*candidates);
        unsigned edits = candidate_len <= LONGEST ? distance(word, len, *candidates, candidate_len) : LONGEST;
        if (edits < best) {
            best = edits;
            nearest = *candidates;
        }
    }
    return nearest;
}
