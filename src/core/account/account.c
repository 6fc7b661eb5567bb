// SPDX-License-Identifier: MIT
#include "core/account/account.h"

#include <stdlib.h>

#include "base/xalloc.h"
#include "state.h"
#include "warm.h"

struct account *account_create(struct policy *policy, bool on_loopback)
{
    struct account *account = xcalloc(1, sizeof *account);
    account->policy = policy;
    account->options = (struct policy_options){.on_loopback = on_loopback, .dangling = true};
    return account;
}

void account_destroy(struct account *account)
{
    if (account == NULL) {
        return;
    }
    for (unsigned kind = 0; kind < ACCOUNT_KINDS; kind++) {
        table_free(&account->tables[kind]);
    }
    warm_zone_forget(account, NULL);
    policy_destroy(account->policy);
    free(account);
}

void account_tidy(struct account *account)
{
    policy_forget_objects(account->policy);
}

const struct model_spec *account_policy(const struct account *account)
{
    return policy_spec(account->policy);
}

void account_each(const struct account *account,
                  void (*visit)(const struct account_object *object, void *context), void *context)
{
    for (unsigned kind = 0; kind < ACCOUNT_KINDS; kind++) {
        const struct table *table = &account->tables[kind];
        for (size_t i = 0; i < table->count; i++) {
            const struct table_item *item = table->items[i];
            struct account_object object = {kind, table_item_key(item), table_item_text(item)};
            visit(&object, context);
        }
    }
}

void account_restore(struct account *account, enum account_kind kind, struct bytes key, struct bytes text)
{
    table_set(&account->tables[kind], table_item_create(key, text));
}

size_t account_count(const struct account *account, enum account_kind kind)
{
    return account->tables[kind].count;
}

size_t account_footprint(const struct account *account)
{
    size_t bytes = sizeof *account;
    for (unsigned kind = 0; kind < ACCOUNT_KINDS; kind++) {
        bytes += account->tables[kind].footprint + account->tables[kind].room * sizeof(struct table_item *);
    }
    return bytes;
}
