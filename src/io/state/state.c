// SPDX-License-Identifier: MIT
#include "io/state/state.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/xalloc.h"

// "nwst" in the file's header tells our databases from others.
enum { APPLICATION_ID = 0x6e777374 };

enum statement { READ_ROWS, PUT_ROW, DELETE_ROW, APPEND, FORGET, READ_JOURNAL, STATEMENTS };
static const char *const texts[STATEMENTS] = {
    [READ_ROWS] = "SELECT kind, key, text FROM objects ORDER BY kind, key",
    [PUT_ROW] = "INSERT INTO objects VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET text = excluded.text",
    [DELETE_ROW] = "DELETE FROM objects WHERE kind = ? AND key = ?",
    [APPEND] = "INSERT INTO journal (text) VALUES (?)",
    [FORGET] = "DELETE FROM journal WHERE number <= last_insert_rowid() - ?",
    [READ_JOURNAL] =
        "SELECT text FROM (SELECT number, text FROM journal ORDER BY number DESC LIMIT ?) ORDER BY number",
};

struct state {
    char *path;
    sqlite3 *db;
    sqlite3_stmt *statements[STATEMENTS];
    bool is_new;
};

static bool run(struct state *state, const char *sql)
{
    return sqlite3_exec(state->db, sql, NULL, NULL, NULL) == SQLITE_OK;
}

// SQLite tries once more without writing, and then knows why that failed; people want to know of the first
// time.
static const char *why_not_opened(const struct state *state)
{
    int fd = open(state->path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    const char *why = fd < 0 ? strerror(errno) : sqlite3_errmsg(state->db);
    if (fd >= 0) {
        close(fd);
    }
    return why;
}

static bool fail(const struct state *state, struct error *error)
{
    int code = sqlite3_errcode(state->db);
    if (code == SQLITE_READONLY_DIRECTORY) {
        return error_set(error, "%s cannot be written: its folder takes no file beside it", state->path);
    }
    switch (code & 0xff) {
    case SQLITE_NOTADB:
        return error_set(error, "%s is not a state file (no SQLite database)", state->path);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return error_set(error, "%s is in use by another daemon", state->path);
    case SQLITE_READONLY:
    case SQLITE_PERM:
        return error_set(error, "%s cannot be written: %s", state->path, sqlite3_errmsg(state->db));
    case SQLITE_CANTOPEN:
        return error_set(error, "%s cannot be opened: %s", state->path, why_not_opened(state));
    case SQLITE_FULL:
        return error_set(error, "%s: the disk is full", state->path);
    case SQLITE_CORRUPT:
        return error_set(error, "%s is damaged: %s", state->path, sqlite3_errmsg(state->db));
    default:
        return error_set(error, "%s: %s", state->path, sqlite3_errmsg(state->db));
    }
}

static bool read_number(struct state *state, const char *sql, int *out)
{
    sqlite3_stmt *statement;
    bool ok = sqlite3_prepare_v2(state->db, sql, -1, &statement, NULL) == SQLITE_OK &&
              sqlite3_step(statement) == SQLITE_ROW;
    if (ok) {
        *out = sqlite3_column_int(statement, 0);
    }
    sqlite3_finalize(statement);
    return ok;
}

static bool create_tables(struct state *state)
{
    char *pragmas =
        xasprintf("PRAGMA application_id = %d; PRAGMA user_version = %d", APPLICATION_ID, STATE_VERSION);
    bool ok =
        run(state, "CREATE TABLE objects (kind INTEGER NOT NULL, key TEXT NOT NULL, text TEXT NOT NULL,"
                   " PRIMARY KEY (kind, key)) WITHOUT ROWID") &&
        run(state, "CREATE TABLE journal (number INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT NOT NULL)") &&
        run(state, pragmas);
    free(pragmas);
    return ok;
}

// Whose file it is; a new one gets its tables, in the transaction that is open.
static bool adopt(struct state *state, struct error *error)
{
    int application = 0;
    int version = 0;
    int tables = 0;
    if (!read_number(state, "PRAGMA application_id", &application) ||
        !read_number(state, "PRAGMA user_version", &version) ||
        !read_number(state, "SELECT count(*) FROM sqlite_schema", &tables)) {
        return fail(state, error);
    }
    state->is_new = application == 0 && version == 0 && tables == 0;
    if (state->is_new) {
        return create_tables(state) || fail(state, error);
    }
    if (application != APPLICATION_ID) {
        return error_set(error, "%s is a database of another program", state->path);
    }
    return version == STATE_VERSION ||
           error_set(error, "%s is of state version %d; this nearwell knows version %d", state->path, version,
                     STATE_VERSION);
}

static bool prepare(struct state *state)
{
    for (unsigned i = 0; i < STATEMENTS; i++) {
        if (sqlite3_prepare_v3(state->db, texts[i], -1, SQLITE_PREPARE_PERSISTENT, &state->statements[i],
                               NULL) != SQLITE_OK) {
            return false;
        }
    }
    return true;
}

// Exclusive locking keeps others out for as long as the file is open, and spares the shared memory of the
// write-ahead log. FULL syncs the log with every commit.
static bool begin(struct state *state, struct error *error)
{
    if (sqlite3_db_readonly(state->db, "main") == 1) {
        return error_set(error, "%s cannot be written: no permission", state->path);
    }
    bool ok = run(state, "PRAGMA locking_mode = EXCLUSIVE") && run(state, "PRAGMA journal_mode = WAL") &&
              run(state, "PRAGMA synchronous = FULL") && run(state, "BEGIN EXCLUSIVE");
    if (!ok) {
        return fail(state, error);
    }
    return adopt(state, error) && ((run(state, "COMMIT") && prepare(state)) || fail(state, error));
}

struct state *state_open(const char *path, struct error *error)
{
    struct state *state = xcalloc(1, sizeof *state);
    signal(SIGXFSZ, SIG_IGN); // a limit on the size of files is an error of one write
    state->path = xstrdup(path);
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    bool ok = sqlite3_open_v2(path, &state->db, flags, NULL) == SQLITE_OK;
    if (state->db == NULL) {
        abort(); // out of memory
    }
    if (ok ? begin(state, error) : fail(state, error)) {
        return state;
    }
    state_close(state);
    return NULL;
}

void state_close(struct state *state)
{
    if (state == NULL) {
        return;
    }
    for (unsigned i = 0; i < STATEMENTS; i++) {
        sqlite3_finalize(state->statements[i]);
    }
    sqlite3_close(state->db);
    free(state->path);
    free(state);
}

bool state_is_new(const struct state *state)
{
    return state->is_new;
}

static struct bytes column(sqlite3_stmt *statement, int number)
{
    const unsigned char *text = sqlite3_column_text(statement, number); // NULL: NULL, or out of memory
    return (struct bytes){text, text != NULL ? (size_t)sqlite3_column_bytes(statement, number) : 0};
}

static void bind(sqlite3_stmt *statement, int number, struct bytes text)
{
    sqlite3_bind_text64(statement, number, text.data != NULL ? (const char *)text.data : "", text.len,
                        SQLITE_STATIC, SQLITE_UTF8);
}

static bool step(struct state *state, enum statement which)
{
    sqlite3_stmt *statement = state->statements[which];
    int result = sqlite3_step(statement);
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return result == SQLITE_DONE;
}

bool state_read(struct state *state, void (*visit)(const struct state_row *row, void *context), void *context,
                struct error *error)
{
    sqlite3_stmt *statement = state->statements[READ_ROWS];
    int result;
    while ((result = sqlite3_step(statement)) == SQLITE_ROW) {
        struct state_row row = {
            .kind = (uint32_t)sqlite3_column_int64(statement, 0),
            .key = column(statement, 1),
            .text = column(statement, 2),
        };
        visit(&row, context);
    }
    bool ok = result == SQLITE_DONE || fail(state, error);
    sqlite3_reset(statement);
    return ok;
}

static bool write_row(struct state *state, const struct state_row *row)
{
    enum statement which = row->text.data != NULL ? PUT_ROW : DELETE_ROW;
    sqlite3_bind_int64(state->statements[which], 1, row->kind);
    bind(state->statements[which], 2, row->key);
    if (which == PUT_ROW) {
        bind(state->statements[which], 3, row->text);
    }
    return step(state, which);
}

static bool append(struct state *state, struct bytes text)
{
    bind(state->statements[APPEND], 1, text);
    sqlite3_bind_int64(state->statements[FORGET], 1, STATE_JOURNAL_MAX);
    return step(state, APPEND) && step(state, FORGET);
}

bool state_write(struct state *state, const struct state_row *rows, size_t count, struct bytes journal,
                 struct error *error)
{
    bool ok = run(state, "BEGIN IMMEDIATE");
    for (size_t i = 0; ok && i < count; i++) {
        ok = write_row(state, &rows[i]);
    }
    ok = ok && (journal.data == NULL || append(state, journal)) && run(state, "COMMIT");
    if (ok) {
        return true;
    }
    fail(state, error); // before the rollback, which has an error code of its own
    if (sqlite3_get_autocommit(state->db) == 0) {
        run(state, "ROLLBACK");
    }
    return false;
}

bool state_read_journal(struct state *state, size_t most, void (*visit)(struct bytes text, void *context),
                        void *context, struct error *error)
{
    sqlite3_stmt *statement = state->statements[READ_JOURNAL];
    int result;
    sqlite3_bind_int64(statement, 1, (sqlite3_int64)most);
    while ((result = sqlite3_step(statement)) == SQLITE_ROW) {
        visit(column(statement, 0), context);
    }
    bool ok = result == SQLITE_DONE || fail(state, error);
    sqlite3_reset(statement);
    return ok;
}
