// SPDX-License-Identifier: MIT
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/xalloc.h"
#include "io/publish/publish.h"

enum { READERS = 3, ALIVE = 0x600d, GONE = 0xdead };

// A view that knows whether it may still be read.
struct canary {
    struct view view; // first: a view's address is its canary's
    uint64_t magic;
    uint64_t number; // from 1
};

static const struct canary *canary_of(const struct view *view)
{
    return (const struct canary *)(const void *)view;
}

struct ledger {
    uint64_t published;
    uint64_t released;
    uint64_t last_released;
    uint64_t wrong; // released twice or out of order
};

static void release(const struct view *view, void *context)
{
    struct ledger *ledger = context;
    struct canary *canary = (struct canary *)(uintptr_t)view;
    if (canary->magic != ALIVE || canary->number != ledger->last_released + 1) {
        ledger->wrong++;
    }
    ledger->last_released = canary->number;
    canary->magic = GONE;
    free(canary);
    __atomic_fetch_add(&ledger->released, 1, __ATOMIC_RELAXED);
}

static void publish_next(struct publisher *publisher, struct ledger *ledger)
{
    struct canary *canary = xcalloc(1, sizeof *canary);
    canary->magic = ALIVE;
    canary->number = ++ledger->published;
    publisher_publish(publisher, &canary->view);
}

static uint64_t released(const struct ledger *ledger)
{
    return __atomic_load_n(&ledger->released, __ATOMIC_RELAXED);
}

static void test_every_view_is_released_once_and_in_order(void **state)
{
    (void)state;
    struct ledger ledger = {0};
    struct publisher *publisher = publisher_create(release, &ledger);
    for (unsigned i = 0; i < 100; i++) {
        publish_next(publisher, &ledger);
    }
    publisher_destroy(publisher);
    assert_int_equal(ledger.released, 100);
    assert_int_equal(ledger.wrong, 0);
}

static void test_a_publisher_without_a_view_has_nothing_to_release(void **state)
{
    (void)state;
    struct ledger ledger = {0};
    publisher_destroy(publisher_create(release, &ledger));
    publisher_destroy(NULL);
    assert_int_equal(ledger.released, 0);
}

// One reader that does what it is told, step by step.
struct steps {
    struct publisher *publisher;
    pthread_barrier_t barrier;
    const struct view *first;
    uint64_t first_generation;
    const struct view *later;
    uint64_t later_generation;
};

static void *read_in_steps(void *context)
{
    struct steps *steps = context;
    publish_reader_register();
    publish_reader_online();
    steps->first = publish_current(steps->publisher, &steps->first_generation);
    pthread_barrier_wait(&steps->barrier); // 1: holds a view
    pthread_barrier_wait(&steps->barrier); // 2: the next one is published
    publish_reader_quiescent();
    steps->later = publish_current(steps->publisher, &steps->later_generation);
    pthread_barrier_wait(&steps->barrier); // 3: let the old one go
    pthread_barrier_wait(&steps->barrier); // 4: the old one is released
    publish_reader_offline();
    publish_reader_unregister();
    return NULL;
}

static void test_a_view_outlives_the_batch_that_reads_it_and_no_more(void **state)
{
    (void)state;
    struct ledger ledger = {0};
    struct steps steps = {.publisher = publisher_create(release, &ledger)};
    pthread_t reader;
    publish_next(steps.publisher, &ledger);
    pthread_barrier_init(&steps.barrier, NULL, 2);
    assert_int_equal(pthread_create(&reader, NULL, read_in_steps, &steps), 0);
    pthread_barrier_wait(&steps.barrier); // 1
    publish_next(steps.publisher, &ledger);
    // Nothing to wait for shows that something does not happen: a grace period's usual time is given.
    poll(NULL, 0, 50);
    assert_int_equal(released(&ledger), 0);
    assert_int_equal(canary_of(steps.first)->magic, ALIVE);
    assert_int_equal(steps.first_generation, 1);
    pthread_barrier_wait(&steps.barrier); // 2
    pthread_barrier_wait(&steps.barrier); // 3
    assert_int_equal(steps.later_generation, 2);
    while (released(&ledger) == 0) { // the reader is still online
        poll(NULL, 0, 1);
    }
    assert_int_equal(canary_of(steps.later)->number, 2);
    pthread_barrier_wait(&steps.barrier); // 4
    pthread_join(reader, NULL);
    pthread_barrier_destroy(&steps.barrier);
    publisher_destroy(steps.publisher);
    assert_int_equal(ledger.released, 2);
    assert_int_equal(ledger.wrong, 0);
}

struct storm {
    const struct publisher *publisher;
    bool stop;
    unsigned ready;
    uint64_t wrong; // views that were gone or older than one seen before
    uint64_t seen;  // different views
};

static void read_batch(struct storm *storm, uint64_t *newest)
{
    uint64_t generation;
    const struct canary *canary = canary_of(publish_current(storm->publisher, &generation));
    for (unsigned query = 0; query < 32; query++) {
        if (canary->magic != ALIVE || canary->number != generation || generation < *newest) {
            __atomic_fetch_add(&storm->wrong, 1, __ATOMIC_RELAXED);
        }
    }
    __atomic_fetch_add(&storm->seen, generation != *newest, __ATOMIC_RELAXED);
    *newest = generation;
}

static void *read_in_the_storm(void *context)
{
    struct storm *storm = context;
    uint64_t newest = 0;
    publish_reader_register();
    publish_reader_online();
    read_batch(storm, &newest);
    __atomic_fetch_add(&storm->ready, 1, __ATOMIC_RELAXED);
    while (!__atomic_load_n(&storm->stop, __ATOMIC_RELAXED)) {
        read_batch(storm, &newest);
        if (newest % 16 == 0) {
            publish_reader_offline();
            publish_reader_online();
        } else {
            publish_reader_quiescent();
        }
    }
    publish_reader_offline();
    publish_reader_unregister();
    return NULL;
}

static void test_readers_in_a_storm_of_views_never_see_one_that_is_gone(void **state)
{
    (void)state;
    enum { VIEWS = 20000 };
    struct ledger ledger = {0};
    struct publisher *publisher = publisher_create(release, &ledger);
    struct storm storm = {.publisher = publisher};
    pthread_t readers[READERS];
    publish_next(publisher, &ledger);
    for (unsigned i = 0; i < READERS; i++) {
        assert_int_equal(pthread_create(&readers[i], NULL, read_in_the_storm, &storm), 0);
    }
    while (__atomic_load_n(&storm.ready, __ATOMIC_RELAXED) < READERS) {
        poll(NULL, 0, 1);
    }
    while (ledger.published < VIEWS || released(&ledger) < VIEWS / 2) {
        publish_next(publisher, &ledger);
    }
    __atomic_store_n(&storm.stop, true, __ATOMIC_RELAXED);
    for (unsigned i = 0; i < READERS; i++) {
        pthread_join(readers[i], NULL);
    }
    publisher_destroy(publisher);
    assert_int_equal(storm.wrong, 0);
    assert_true(storm.seen > READERS);
    assert_int_equal(ledger.released, ledger.published);
    assert_int_equal(ledger.wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_view_is_released_once_and_in_order),
        cmocka_unit_test(test_a_publisher_without_a_view_has_nothing_to_release),
        cmocka_unit_test(test_a_view_outlives_the_batch_that_reads_it_and_no_more),
        cmocka_unit_test(test_readers_in_a_storm_of_views_never_see_one_that_is_gone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
