// SPDX-License-Identifier: MIT
#include "check.h"

#include <stdlib.h>

#include "base/buffer.h"
#include "value.h"

enum { PLACE_MOST = 1024 };

static bool check(const struct shape *shape, const json_t *value, struct buffer *place,
                  struct route53_fault *fault);

// The place grows by a step for what is inside, and is as before afterwards.
static bool check_inner(const struct shape *shape, const json_t *value, struct buffer *place,
                        const char *step, struct route53_fault *fault)
{
    size_t before = place->len;
    buffer_format(place, "%s%c%s", before > 0 ? "." : "", ascii_lower((uint8_t)step[0]), step + 1);
    bool good = check(shape, value, place, fault);
    place->len = before;
    return good;
}

static bool check_missing(const struct shape_member *member, struct buffer *place,
                          struct route53_fault *fault)
{
    buffer_format(place, "%s%c%s", place->len > 0 ? "." : "", ascii_lower((uint8_t)member->name[0]),
                  member->name + 1);
    return route53_fault_constraint(fault, NULL, buffer_string(place), "Member must not be null");
}

static bool check_structure(const struct shape *shape, const json_t *value, struct buffer *place,
                            struct route53_fault *fault)
{
    const char *name;
    json_t *inner;
    json_object_foreach((json_t *)(uintptr_t)value, name, inner)
    {
        if (shape_member(shape, bytes_of(name)) == NULL) {
            return route53_fault_set(fault, "InvalidInput", "Unknown parameter in input: \"%.256s\" in %s",
                                     name, shape->name);
        }
    }
    for (size_t i = 0; i < shape->count; i++) {
        const struct shape_member *member = &shape->members[i];
        inner = json_object_get(value, member->name);
        if (inner == NULL && member->required) {
            return check_missing(member, place, fault);
        }
        if (inner != NULL && !check_inner(member->shape, inner, place, member->name, fault)) {
            return false;
        }
    }
    return true;
}

static bool check_list(const struct shape *shape, const json_t *value, struct buffer *place,
                       struct route53_fault *fault)
{
    int64_t count = (int64_t)json_array_size(value);
    if (count < shape->least || count > shape->most) {
        enum facet facet = count < shape->least ? FACET_MIN_LENGTH : FACET_MAX_LENGTH;
        return value_fault(shape, facet, bytes_of("[...]"), buffer_string(place), fault);
    }
    for (size_t i = 0; i < (size_t)count; i++) {
        char step[32];
        snprintf(step, sizeof step, "%zu.member", i + 1);
        if (!check_inner(shape->item, json_array_get(value, i), place, step, fault)) {
            return false;
        }
    }
    return true;
}

static bool check_value(const struct shape *shape, const json_t *value, struct buffer *place,
                        struct route53_fault *fault)
{
    enum facet facet = value_check(shape, value);
    if (facet == FACET_NONE) {
        return true;
    }
    char *text = json_is_string(value) ? NULL : json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
    value_fault(shape, facet, bytes_of(text != NULL ? text : json_string_value(value)), buffer_string(place),
                fault);
    free(text);
    return false;
}

static bool check(const struct shape *shape, const json_t *value, struct buffer *place,
                  struct route53_fault *fault)
{
    if (shape->kind == SHAPE_STRUCTURE && json_is_object(value)) {
        return check_structure(shape, value, place, fault);
    }
    if (shape->kind == SHAPE_LIST && json_is_array(value)) {
        return check_list(shape, value, place, fault);
    }
    return check_value(shape, value, place, fault);
}

bool shape_check(const struct shape *shape, const json_t *value, struct route53_fault *fault)
{
    struct buffer place;
    buffer_init(&place, PLACE_MOST);
    bool good = check(shape, value, &place, fault);
    buffer_free(&place);
    return good;
}
