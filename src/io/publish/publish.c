// SPDX-License-Identifier: MIT
//
//   publisher.current -> publication -> view      workers load current once a batch
//                        rcu_head                 an old publication waits in call_rcu's queue
//
#include "io/publish/publish.h"

#include <signal.h>
#include <stdlib.h>
#include <urcu-qsbr.h>

#include "base/xalloc.h"

// liburcu's ordering is in a library that ThreadSanitizer does not see: these calls tell it.
#if defined(NEARWELL_TSAN) && NEARWELL_TSAN
void __tsan_acquire(void *address);
void __tsan_release(void *address);
const char *__tsan_default_suppressions(void);
const char *__tsan_default_suppressions(void)
{
    return "race:urcu_qsbr_barrier\n"; // its own bookkeeping, freed by its own thread
}
static char tsan_published;
static char tsan_quiescent;
static char tsan_released;
#define ORDER_BEFORE(what) __tsan_release(&(what))
#define ORDER_AFTER(what)  __tsan_acquire(&(what))
#else
#define ORDER_BEFORE(what) ((void)0)
#define ORDER_AFTER(what)  ((void)0)
#endif

struct publication {
    struct rcu_head head; // first, so that the callback's pointer is the publication's
    const struct view *view;
    uint64_t generation;
    const struct publisher *publisher;
};

struct publisher {
    struct publication *current;
    uint64_t generation;
    void (*release)(const struct view *view, void *context);
    void *context;
};

struct publisher *publisher_create(void (*release)(const struct view *view, void *context), void *context)
{
    struct publisher *publisher = xcalloc(1, sizeof *publisher);
    publisher->release = release;
    publisher->context = context;
    rcu_register_thread();
    // liburcu's own thread starts here, and inherits the mask: signals are the loop's.
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    get_default_call_rcu_data();
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    rcu_thread_offline();
    return publisher;
}

static void release(struct rcu_head *head)
{
    struct publication *old = (struct publication *)(void *)head;
    ORDER_AFTER(tsan_quiescent);
    old->publisher->release(old->view, old->publisher->context);
    free(old);
    ORDER_BEFORE(tsan_released);
}

void publisher_publish(struct publisher *publisher, const struct view *view)
{
    struct publication *next = xcalloc(1, sizeof *next);
    next->view = view;
    next->generation = ++publisher->generation;
    next->publisher = publisher;
    ORDER_BEFORE(tsan_published);
    struct publication *old = rcu_xchg_pointer(&publisher->current, next);
    if (old == NULL) {
        return;
    }
    ORDER_BEFORE(tsan_quiescent);
    rcu_thread_online();
    call_rcu(&old->head, release);
    rcu_thread_offline();
}

void publisher_destroy(struct publisher *publisher)
{
    if (publisher == NULL) {
        return;
    }
    rcu_barrier();
    ORDER_AFTER(tsan_released);
    ORDER_AFTER(tsan_quiescent);
    if (publisher->current != NULL) {
        publisher->release(publisher->current->view, publisher->context);
        free(publisher->current);
    }
    rcu_unregister_thread();
    free(publisher);
}

void publish_reader_register(void)
{
    rcu_register_thread();
    rcu_thread_offline();
}

void publish_reader_unregister(void)
{
    rcu_unregister_thread();
}

void publish_reader_online(void)
{
    rcu_thread_online();
}

void publish_reader_offline(void)
{
    ORDER_BEFORE(tsan_quiescent);
    rcu_thread_offline();
}

void publish_reader_quiescent(void)
{
    ORDER_BEFORE(tsan_quiescent);
    rcu_quiescent_state();
}

const struct view *publish_current(const struct publisher *publisher, uint64_t *generation)
{
    const struct publication *current = rcu_dereference(publisher->current);
    ORDER_AFTER(tsan_published);
    if (current == NULL) {
        return NULL;
    }
    if (generation != NULL) {
        *generation = current->generation;
    }
    return current->view;
}
