// SPDX-License-Identifier: MIT
#include "durable.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/xalloc.h"
#include "core/admin/journal.h"
#include "core/admin/override_row.h"
#include "internal.h"

static void remember(struct bytes text, void *context)
{
    journal_add(context, text);
}

static void restore_object(const struct state_row *row, void *context)
{
    if (row->kind < ACCOUNT_KINDS) {
        account_restore(context, (enum account_kind)row->kind, row->key, row->text);
    }
}

bool durable_open(struct daemon *daemon, struct error *error)
{
    daemon->journal = journal_create();
    daemon->account = account_create(NULL, daemon_on_loopback(daemon->options));
    if (daemon->options->state == NULL) {
        return true;
    }
    daemon->state = state_open(daemon->options->state, error);
    return daemon->state != NULL &&
           state_read_journal(daemon->state, JOURNAL_MOST, remember, daemon->journal, error) &&
           state_read(daemon->state, restore_object, daemon->account, error);
}

void durable_close(struct daemon *daemon)
{
    account_destroy(daemon->account);
    journal_destroy(daemon->journal);
    state_close(daemon->state);
}

static char *entry_text(const struct daemon *daemon, const struct durable_change *change)
{
    struct journal_entry entry = {
        .at = daemon_clock_wall(&daemon->clock),
        .who = change->who,
        .what = change->what,
        .on = change->on,
        .why = change->why != NULL && change->why[0] != '\0' ? change->why : NULL,
    };
    return journal_entry_print(&entry);
}

bool durable_write(struct daemon *daemon, const struct durable_change *change, struct error *error)
{
    char *text = change->what != NULL ? entry_text(daemon, change) : NULL;
    struct bytes entry = text != NULL ? bytes_of(text) : (struct bytes){NULL, 0};
    bool ok = daemon->state == NULL || state_write(daemon->state, change->rows, change->count, entry, error);
    if (!ok) {
        log_message(LOG_LEVEL_ERROR, "state_not_written", "%s", error->text);
    } else if (text != NULL) {
        journal_add(daemon->journal, entry);
    }
    free(text);
    return ok;
}

struct row_list {
    struct state_row *rows;
    size_t count;
    size_t room;
};

static void add_row(const struct account_object *object, void *context)
{
    struct row_list *list = context;
    if (list->count == list->room) {
        list->room = list->room > 0 ? list->room * 2 : 64;
        list->rows = xreallocarray(list->rows, list->room, sizeof *list->rows);
    }
    list->rows[list->count++] = (struct state_row){object->kind, object->key, object->text};
}

bool durable_write_edit(struct daemon *daemon, const struct account_edit *edit,
                        const struct durable_change *change, struct error *error)
{
    struct row_list list = {NULL, 0, 0};
    struct durable_change whole = *change;
    if (daemon->state != NULL) {
        account_edit_each(edit, add_row, &list);
    }
    whole.rows = list.rows;
    whole.count = list.count;
    bool ok = durable_write(daemon, &whole, error);
    free(list.rows);
    return ok;
}

bool durable_write_for(struct daemon *daemon, struct http_exchange *exchange,
                       const struct durable_change *change)
{
    struct error error = {0};
    if (!durable_write(daemon, change, &error)) {
        http_exchange_fail(exchange, 503, "nothing was changed: %s", error.text);
        return false;
    }
    return true;
}

const char *durable_who(struct http_exchange *exchange, char out[IP_TEXT])
{
    const char *user = http_exchange_header(exchange, "X-Nearwell-User");
    if (user != NULL && user[0] != '\0' && strlen(user) < JOURNAL_WHO) {
        return user;
    }
    struct ip_endpoint peer = http_exchange_peer(exchange);
    ip_format(&peer.address, out);
    return out;
}

struct state_row durable_override_row(const char *id, const struct override *override, char **text)
{
    bool says_nothing =
        !override->has_inverted && !override->has_disabled && override->verdict == OVERRIDE_AUTO;
    *text = says_nothing ? NULL : override_row_print(override);
    return (struct state_row){DURABLE_OVERRIDE, bytes_of(id),
                              *text != NULL ? bytes_of(*text) : (struct bytes){NULL, 0}};
}

struct state_row durable_resource_row(const char *name, const struct resource_override *override, char **text)
{
    struct override same = {.until = MONO_NEVER};
    if (override != NULL) {
        same.verdict = override->healthy ? OVERRIDE_HEALTHY : OVERRIDE_UNHEALTHY;
        same.until = override->until;
        same.until_wall = override->until_wall;
        same.since = override->since;
        snprintf(same.reason, sizeof same.reason, "%s", override->reason);
    }
    struct state_row row = durable_override_row(name, &same, text);
    row.kind = DURABLE_RESOURCE;
    return row;
}

struct state_row durable_api_faults_row(const struct api_faults *faults, mono_time now, char **text)
{
    *text = api_faults_row_print(faults, now);
    return (struct state_row){DURABLE_API_FAULTS, bytes_of(""),
                              *text != NULL ? bytes_of(*text) : (struct bytes){NULL, 0}};
}

static void restore_resource(struct daemon *daemon, const struct state_row *row, mono_time now,
                             wall_time wall)
{
    uint32_t resource = model_find_resource(daemon->current->model, row->key);
    struct override same;
    if (resource == RESOURCE_NONE || !override_row_parse(row->text, now, wall, &same)) {
        return;
    }
    struct resource_override override = {.healthy = same.verdict == OVERRIDE_HEALTHY,
                                         .until = same.until,
                                         .until_wall = same.until_wall,
                                         .since = same.since};
    snprintf(override.reason, sizeof override.reason, "%s", same.reason);
    fleet_set_resource(daemon->fleet, resource, &override, now, wall);
}

static void restore_row(const struct state_row *row, void *context)
{
    struct daemon *daemon = context;
    mono_time now = daemon_clock_mono(&daemon->clock);
    wall_time wall = daemon_clock_wall(&daemon->clock);
    struct override override;
    if (row->kind == DURABLE_RESOURCE) {
        restore_resource(daemon, row, now, wall);
        return;
    }
    if (row->kind == DURABLE_API_FAULTS) {
        api_faults_row_parse(row->text, now, wall, &daemon->api_faults);
        return;
    }
    uint32_t check = row->kind >= DURABLE_OVERRIDE ? model_find_health_check(daemon->current->model, row->key)
                                                   : HEALTH_CHECK_NONE;
    if (check == HEALTH_CHECK_NONE) {
        return; // its check may come back
    }
    if (row->kind == DURABLE_OVERRIDE && override_row_parse(row->text, now, wall, &override)) {
        fleet_set_override(daemon->fleet, check, &override, now, wall);
    } else if (row->kind == DURABLE_ROUTING_CONTROL) {
        fleet_set_routing_control(daemon->fleet, check, bytes_equal(row->text, bytes_of("On")), now, wall);
    }
}

void durable_restore(struct daemon *daemon)
{
    struct error error = {0};
    if (daemon->state != NULL && !state_read(daemon->state, restore_row, daemon, &error)) {
        log_message(LOG_LEVEL_ERROR, "state_not_read", "%s", error.text);
    }
}

void durable_get_journal(struct http_exchange *exchange, void *context)
{
    const struct daemon *daemon = context;
    const char *text = http_exchange_query(exchange, "most");
    uint32_t most = JOURNAL_MOST;
    if (text != NULL && !bytes_parse_u32(bytes_of(text), JOURNAL_MOST, &most)) {
        http_exchange_fail(exchange, 400, "most: '%s' is not a number up to %d", text, JOURNAL_MOST);
        return;
    }
    daemon_reply_json(exchange, 200, json_pack("{s:o}", "journal", journal_json(daemon->journal, most)));
}
