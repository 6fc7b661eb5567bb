// SPDX-License-Identifier: MIT
// "Did you mean": the candidate nearest to a mistyped word. Pure; any thread.
#ifndef NEARWELL_BASE_SUGGEST_H
#define NEARWELL_BASE_SUGGEST_H

// Candidates end with NULL. NULL when none is near: by insertions, deletions, replacements and swaps of
// neighbours, ASCII case ignored, at most a third of the word's length. Of equally near ones the first.
const char *suggest_nearest(const char *word, const char *const *candidates);

#endif
