// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/queue.h"
#include "base/random.h"

static void test_entries_leave_by_time_and_then_by_arrival(void **state)
{
    (void)state;
    struct queue queue;
    struct random random;
    queue_init(&queue);
    random_seed(&random, 1);
    for (uint64_t i = 0; i < 5000; i++) {
        queue_push(&queue, (mono_time){random_below(&random, 50)}, i);
    }
    struct queue_entry last;
    struct queue_entry next;
    assert_true(queue_pop(&queue, &last));
    for (unsigned i = 1; i < 5000; i++) {
        assert_true(queue_pop(&queue, &next));
        assert_true(last.due.ns < next.due.ns || (last.due.ns == next.due.ns && last.payload < next.payload));
        last = next;
    }
    assert_false(queue_pop(&queue, &next));
    assert_null(queue_first(&queue));
    queue_free(&queue);
}

static void test_bounded_draws_are_uniform_and_repeat_with_the_seed(void **state)
{
    (void)state;
    unsigned counts[10] = {0};
    struct random a;
    struct random b;
    random_seed_stream(&a, 42, 7);
    random_seed_stream(&b, 42, 7);
    for (unsigned i = 0; i < 100000; i++) {
        uint32_t draw = random_below(&a, 10);
        assert_int_equal(draw, random_below(&b, 10));
        counts[draw]++;
    }
    for (unsigned i = 0; i < 10; i++) {
        assert_in_range(counts[i], 9600, 10400);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_entries_leave_by_time_and_then_by_arrival),
        cmocka_unit_test(test_bounded_draws_are_uniform_and_repeat_with_the_seed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
