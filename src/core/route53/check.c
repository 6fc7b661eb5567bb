// SPDX-License-Identifier: MIT
#include "check.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "value.h"

enum { PLACE_MOST = 1024 };

struct check {
    bool bounds; // lengths and ranges too
    struct buffer place;
    struct route53_fault *fault;
};

static bool check_shape(struct check *check, const struct shape *shape, const json_t *value);

static void step_into(struct check *check, const char *step)
{
    buffer_format(&check->place, "%s%c%s", check->place.len > 0 ? "." : "", ascii_lower((uint8_t)step[0]),
                  step + 1);
}

// The place grows by a step for what is inside, and is as before afterwards.
static bool check_inner(struct check *check, const struct shape *shape, const json_t *value, const char *step)
{
    size_t before = check->place.len;
    step_into(check, step);
    bool good = check_shape(check, shape, value);
    check->place.len = before;
    return good;
}

static bool check_members(struct check *check, const struct shape *shape, const json_t *value)
{
    for (size_t i = 0; i < shape->count; i++) {
        const struct shape_member *member = &shape->members[i];
        const json_t *inner = json_object_get(value, member->name);
        if (inner == NULL && member->required) {
            step_into(check, member->name);
            return route53_fault_constraint(check->fault, NULL, buffer_string(&check->place),
                                            "Member must not be null");
        }
        if (inner != NULL && !check_inner(check, member->shape, inner, member->name)) {
            return false;
        }
    }
    return true;
}

static bool check_structure(struct check *check, const struct shape *shape, const json_t *value)
{
    const char *name;
    json_t *inner;
    json_object_foreach((json_t *)(uintptr_t)value, name, inner)
    {
        if (shape_member(shape, bytes_of(name)) == NULL) {
            return route53_fault_set(check->fault, "InvalidInput",
                                     "Unknown parameter in input: \"%.256s\" in %s", name, shape->name);
        }
    }
    return check_members(check, shape, value);
}

static bool check_list(struct check *check, const struct shape *shape, const json_t *value)
{
    int64_t count = (int64_t)json_array_size(value);
    if (check->bounds && (count < shape->least || count > shape->most)) {
        enum facet facet = count < shape->least ? FACET_MIN_LENGTH : FACET_MAX_LENGTH;
        return value_fault(shape, facet, bytes_of("[...]"), buffer_string(&check->place), check->fault);
    }
    for (size_t i = 0; i < (size_t)count; i++) {
        char step[32];
        snprintf(step, sizeof step, "%zu.member", i + 1);
        if (!check_inner(check, shape->item, json_array_get(value, i), step)) {
            return false;
        }
    }
    return true;
}

static bool check_value(struct check *check, const struct shape *shape, const json_t *value)
{
    enum facet facet = value_check(shape, value);
    bool is_kind = facet == FACET_TYPE || facet == FACET_ENUMERATION;
    if (facet == FACET_NONE || (!check->bounds && !is_kind)) {
        return true;
    }
    char *text = json_is_string(value) ? NULL : json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
    value_fault(shape, facet, bytes_of(text != NULL ? text : json_string_value(value)),
                buffer_string(&check->place), check->fault);
    free(text);
    return false;
}

static bool check_shape(struct check *check, const struct shape *shape, const json_t *value)
{
    if (shape->kind == SHAPE_STRUCTURE && json_is_object(value)) {
        return check_structure(check, shape, value);
    }
    if (shape->kind == SHAPE_LIST && json_is_array(value)) {
        return check_list(check, shape, value);
    }
    return check_value(check, shape, value);
}

static bool check_all(const struct shape *shape, const json_t *value, bool bounds,
                      struct route53_fault *fault)
{
    struct check check = {.bounds = bounds, .fault = fault};
    buffer_init(&check.place, PLACE_MOST);
    bool good = check_shape(&check, shape, value);
    buffer_free(&check.place);
    return good;
}

bool shape_check(const struct shape *shape, const json_t *value, struct route53_fault *fault)
{
    return check_all(shape, value, true, fault);
}

bool shape_check_kinds(const struct shape *shape, const json_t *value, struct route53_fault *fault)
{
    return check_all(shape, value, false, fault);
}
