// SPDX-License-Identifier: MIT
#include "shapes.h"

const struct shape_member *shape_member(const struct shape *structure, struct bytes name)
{
    for (size_t i = 0; i < structure->count; i++) {
        if (bytes_equal(name, bytes_of(structure->members[i].name))) {
            return &structure->members[i];
        }
    }
    return NULL;
}

bool shape_has_body(const struct shape *structure)
{
    for (size_t i = 0; i < structure->count; i++) {
        if (structure->members[i].location == IN_BODY) {
            return true;
        }
    }
    return false;
}
