// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <unistd.h>

#include "io/loop/clock.h"
#include "io/loop/loop.h"

struct alarm {
    struct loop *loop;
    struct loop_timer *timer;
    mono_time due;
    unsigned left;  // times to set it again
    unsigned fired; // and how often it came
    duration worst; // lateness
};

static void rearm(struct alarm *alarm, duration wait)
{
    alarm->due = mono_add(clock_mono(), wait);
    loop_timer_set(alarm->timer, alarm->due);
}

static void on_alarm(mono_time now, void *context)
{
    struct alarm *alarm = context;
    assert_false(mono_before(now, alarm->due));
    assert_false(mono_before(clock_mono(), now));
    duration late = mono_since(now, alarm->due);
    alarm->worst = late < alarm->worst ? alarm->worst : late;
    alarm->fired++;
    if (alarm->left-- == 0) {
        loop_stop(alarm->loop);
    } else {
        rearm(alarm, 10000 + 37 * 1000 * (duration)(alarm->fired % 50));
    }
}

static void test_timers_are_never_early(void **state)
{
    (void)state;
    struct alarm alarm = {.loop = loop_create(), .left = 300};
    alarm.timer = loop_timer_create(alarm.loop, on_alarm, &alarm);
    rearm(&alarm, DURATION_MS(1));
    loop_run(alarm.loop);
    assert_int_equal(alarm.fired, 301);
    loop_timer_destroy(alarm.timer);
    loop_destroy(alarm.loop);
}

static void test_timers_are_precise_below_a_millisecond(void **state)
{
    (void)state;
    duration best = INT64_MAX; // of several rounds: one may be late because the machine is busy
    for (unsigned round = 0; round < 50; round++) {
        struct alarm alarm = {.loop = loop_create()};
        alarm.timer = loop_timer_create(alarm.loop, on_alarm, &alarm);
        rearm(&alarm, 300000);
        loop_run(alarm.loop);
        best = alarm.worst < best ? alarm.worst : best;
        loop_timer_destroy(alarm.timer);
        loop_destroy(alarm.loop);
    }
    assert_true(best < 500000);
}

static void test_setting_a_timer_again_moves_it(void **state)
{
    (void)state;
    struct alarm alarm = {.loop = loop_create()};
    alarm.timer = loop_timer_create(alarm.loop, on_alarm, &alarm);
    rearm(&alarm, DURATION_S(3600));
    rearm(&alarm, DURATION_MS(2));
    rearm(&alarm, DURATION_MS(5));
    loop_run(alarm.loop);
    assert_int_equal(alarm.fired, 1);
    loop_timer_destroy(alarm.timer);
    loop_destroy(alarm.loop);
}

static void fail_on_alarm(mono_time now, void *context)
{
    (void)now;
    (void)context;
    fail();
}

static void test_a_cleared_timer_does_not_fire(void **state)
{
    (void)state;
    struct alarm alarm = {.loop = loop_create()};
    struct loop_timer *cleared = loop_timer_create(alarm.loop, fail_on_alarm, NULL);
    loop_timer_set(cleared, mono_add(clock_mono(), DURATION_MS(1)));
    loop_timer_clear(cleared);
    alarm.timer = loop_timer_create(alarm.loop, on_alarm, &alarm);
    rearm(&alarm, DURATION_MS(5));
    loop_run(alarm.loop);
    loop_timer_destroy(cleared);
    loop_timer_destroy(alarm.timer);
    loop_destroy(alarm.loop);
}

static void test_a_due_time_in_the_past_fires_at_once_and_never_is_never(void **state)
{
    (void)state;
    struct alarm alarm = {.loop = loop_create()};
    struct loop_timer *never = loop_timer_create(alarm.loop, fail_on_alarm, NULL);
    loop_timer_set(never, MONO_NEVER);
    alarm.timer = loop_timer_create(alarm.loop, on_alarm, &alarm);
    rearm(&alarm, -DURATION_S(10));
    loop_run(alarm.loop);
    assert_int_equal(alarm.fired, 1);
    loop_timer_destroy(never);
    loop_timer_destroy(alarm.timer);
    loop_destroy(alarm.loop);
}

static void test_a_stop_before_the_run_counts(void **state)
{
    (void)state;
    struct loop *loop = loop_create();
    loop_stop(loop);
    loop_run(loop);
    loop_destroy(loop);
}

static void on_signal(int number, void *context)
{
    assert_int_equal(number, SIGUSR1);
    loop_stop(context);
}

static void test_signals_are_handled_in_the_loop(void **state)
{
    (void)state;
    struct loop *loop = loop_create();
    struct loop_signal *handler = loop_signal_create(loop, SIGUSR1, on_signal, loop);
    kill(getpid(), SIGUSR1);
    loop_run(loop);
    loop_signal_destroy(handler);
    loop_destroy(loop);
}

struct signal_count {
    struct loop *loop;
    unsigned first;
    unsigned second;
};

static void on_first(int number, void *context)
{
    (void)number;
    ((struct signal_count *)context)->first++;
}

static void on_second(int number, void *context)
{
    struct signal_count *count = context;
    (void)number;
    count->second++;
    loop_stop(count->loop);
}

// Two hundred reloads at once are one reload, and a stop does not wait for the others.
static void test_signals_that_come_together_count_as_one(void **state)
{
    (void)state;
    struct signal_count count = {.loop = loop_create()};
    struct loop_signal *first = loop_signal_create(count.loop, SIGUSR1, on_first, &count);
    struct loop_signal *second = loop_signal_create(count.loop, SIGUSR2, on_second, &count);
    for (unsigned i = 0; i < 200; i++) {
        raise(SIGUSR1);
    }
    raise(SIGUSR2);
    loop_run(count.loop);
    assert_int_equal(count.first, 1);
    assert_int_equal(count.second, 1);
    loop_signal_destroy(first);
    loop_signal_destroy(second);
    loop_destroy(count.loop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_timers_are_never_early),
        cmocka_unit_test(test_timers_are_precise_below_a_millisecond),
        cmocka_unit_test(test_setting_a_timer_again_moves_it),
        cmocka_unit_test(test_a_cleared_timer_does_not_fire),
        cmocka_unit_test(test_a_due_time_in_the_past_fires_at_once_and_never_is_never),
        cmocka_unit_test(test_a_stop_before_the_run_counts),
        cmocka_unit_test(test_signals_are_handled_in_the_loop),
        cmocka_unit_test(test_signals_that_come_together_count_as_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
