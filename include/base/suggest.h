// SPDX-License-Identifier: MIT
// "did you mean": the candidate that a mistyped word most likely stands for. Pure; any thread.
#ifndef NEARWELL_BASE_SUGGEST_H
#define NEARWELL_BASE_SUGGEST_H

// candidates ends with NULL. Case does not count. The nearest by edits (a swap of neighbours is one), the
// first of several; NULL when none is near: at most one edit for each three letters of the word, and one
// for short words.
const char *suggest_nearest(const char *word, const char *const *candidates);

#endif
