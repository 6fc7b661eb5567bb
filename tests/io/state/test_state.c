// SPDX-License-Identifier: MIT
// The state file: what is written is there after any end of the process, and what is no state file is
// refused.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buffer.h"
#include "io/state/state.h"

struct fixture {
    char folder[64];
    char path[96];
    struct buffer seen;
};

static int setup(void **state)
{
    static struct fixture fixture;
    snprintf(fixture.folder, sizeof fixture.folder, "/tmp/nearwell-state-XXXXXX");
    if (mkdtemp(fixture.folder) == NULL) {
        return -1;
    }
    snprintf(fixture.path, sizeof fixture.path, "%s/state.db", fixture.folder);
    buffer_init(&fixture.seen, 1 << 24);
    *state = &fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    static const char *const ends[] = {"", "-wal", "-shm", "-journal"};
    char path[128];
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        snprintf(path, sizeof path, "%s%s", fixture->path, ends[i]);
        unlink(path);
    }
    buffer_free(&fixture->seen);
    return rmdir(fixture->folder);
}

static struct state *open_state(const struct fixture *fixture)
{
    struct error error = {0};
    struct state *state = state_open(fixture->path, &error);
    if (state == NULL) {
        fail_msg("%s", error.text);
    }
    return state;
}

static struct state_row row(uint32_t kind, const char *key, const char *text)
{
    return (struct state_row){kind, bytes_of(key), text != NULL ? bytes_of(text) : (struct bytes){NULL, 0}};
}

static const struct bytes nothing = {NULL, 0};

static void see_row(const struct state_row *row, void *context)
{
    struct fixture *fixture = context;
    buffer_format(&fixture->seen, "%u %.*s=%s\n", row->kind, (int)row->key.len, (const char *)row->key.data,
                  (const char *)row->text.data);
}

static void see_entry(struct bytes text, void *context)
{
    struct fixture *fixture = context;
    buffer_format(&fixture->seen, "%.*s\n", (int)text.len, (const char *)text.data);
}

static void assert_rows(struct fixture *fixture, struct state *state, const char *expected)
{
    buffer_clear(&fixture->seen);
    assert_true(state_read(state, see_row, fixture, NULL));
    assert_string_equal(buffer_string(&fixture->seen), expected);
}

static void test_rows_come_back_by_kind_and_key(void **state)
{
    struct fixture *fixture = *state;
    struct state *file = open_state(fixture);
    assert_true(state_is_new(file));
    const struct state_row rows[] = {row(2, "b", "{}"), row(1, "z", "1"), row(2, "a", "2"), row(1, "", "")};
    assert_true(state_write(file, rows, 4, nothing, NULL));
    const struct state_row more[] = {row(2, "b", "3"), row(1, "z", NULL), row(9, "gone", NULL)};
    assert_true(state_write(file, more, 3, nothing, NULL));
    state_close(file);
    file = open_state(fixture);
    assert_false(state_is_new(file));
    assert_rows(fixture, file, "1 =\n2 a=2\n2 b=3\n");
    state_close(file);
}

static void test_the_journal_keeps_the_newest(void **state)
{
    struct fixture *fixture = *state;
    struct state *file = open_state(fixture);
    char text[16];
    for (unsigned i = 0; i < 5; i++) {
        snprintf(text, sizeof text, "entry %u", i);
        assert_true(state_write(file, NULL, 0, bytes_of(text), NULL));
    }
    assert_true(state_read_journal(file, 3, see_entry, fixture, NULL));
    assert_string_equal(buffer_string(&fixture->seen), "entry 2\nentry 3\nentry 4\n");
    state_close(file);
}

static void test_a_process_that_is_killed_has_written_whole_transactions(void **state)
{
    struct fixture *fixture = *state;
    int pipe_ends[2];
    assert_int_equal(pipe(pipe_ends), 0);
    pid_t child = fork();
    if (child == 0) {
        struct state *file = state_open(fixture->path, NULL);
        for (char c = 'a';; c++) {
            const char text[] = {c, '\0'};
            const struct state_row rows[] = {row(1, "first", text), row(1, "second", text)};
            if (!state_write(file, rows, 2, nothing, NULL) || write(pipe_ends[1], &c, 1) != 1) {
                _exit(1);
            }
        }
    }
    char last = 0;
    for (unsigned i = 0; i < 20; i++) {
        assert_int_equal(read(pipe_ends[0], &last, 1), 1);
    }
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    close(pipe_ends[1]);
    while (read(pipe_ends[0], &last, 1) == 1) {
    }
    close(pipe_ends[0]);
    struct state *file = open_state(fixture);
    char expected[2][64]; // the last that was told, or the one after it
    for (unsigned i = 0; i < 2; i++) {
        snprintf(expected[i], sizeof expected[i], "1 first=%c\n1 second=%c\n", last + (int)i, last + (int)i);
    }
    assert_true(state_read(file, see_row, fixture, NULL));
    const char *seen = buffer_string(&fixture->seen);
    assert_true(strcmp(seen, expected[0]) == 0 || strcmp(seen, expected[1]) == 0);
    state_close(file);
}

static void test_one_process_at_a_time(void **state)
{
    struct fixture *fixture = *state;
    struct state *file = open_state(fixture);
    struct error error = {0};
    assert_null(state_open(fixture->path, &error));
    assert_non_null(strstr(error.text, "/state.db is in use by another daemon"));
    state_close(file);
    state_close(open_state(fixture));
}

// A full disk, as a limit on the size of files.
static void test_a_write_that_fails_leaves_the_file_as_it_was(void **state)
{
    struct fixture *fixture = *state;
    struct state *file = open_state(fixture);
    struct error error = {0};
    struct rlimit before;
    struct stat log;
    char wal[128];
    const struct state_row first = row(1, "a", "1");
    assert_true(state_write(file, &first, 1, nothing, NULL));
    snprintf(wal, sizeof wal, "%s-wal", fixture->path);
    assert_int_equal(stat(wal, &log), 0);
    getrlimit(RLIMIT_FSIZE, &before);
    struct rlimit full = {(rlim_t)log.st_size + 100, before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &full), 0);
    const struct state_row rows[] = {row(1, "b", "2"), row(1, "a", NULL)};
    bool written = state_write(file, rows, 2, bytes_of("entry"), &error);
    setrlimit(RLIMIT_FSIZE, &before);
    assert_false(written);
    assert_non_null(strstr(error.text, "/state.db: disk I/O error"));
    assert_rows(fixture, file, "1 a=1\n");
    assert_true(state_write(file, rows, 2, nothing, NULL));
    state_close(file);
    file = open_state(fixture);
    assert_rows(fixture, file, "1 b=2\n");
    state_close(file);
}

static void put_file(const char *path, const char *text, mode_t mode)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    fchmod(fd, mode);
    close(fd);
}

static void put_database(const char *path, const char *sql)
{
    sqlite3 *db;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

static void assert_refused(const char *path, const char *why)
{
    struct error error = {0};
    assert_null(state_open(path, &error));
    if (strstr(error.text, why) == NULL || strstr(error.text, path) == NULL) {
        fail_msg("'%s' does not say '%s' of %s", error.text, why, path);
    }
}

static void test_what_is_no_state_file_is_refused(void **state)
{
    struct fixture *fixture = *state;
    put_file(fixture->path,
             "{\"HostedZones\": []} and so on, long enough to be looked at as a header of 100 bytes "
             "or more than that",
             0600);
    assert_refused(fixture->path, "is not a state file");
    unlink(fixture->path);
    put_database(fixture->path, "CREATE TABLE people (name TEXT)");
    assert_refused(fixture->path, "is a database of another program");
    unlink(fixture->path);
    assert_refused(fixture->folder, "cannot be opened: Is a directory");
    assert_refused("/nonexistent/state.db", "cannot be opened: No such file or directory");
    assert_refused("/dev/null/state.db", "cannot be opened: Not a directory");
}

// Root may write whatever the mode says, so a child gives up being root. Returns what state_open said there.
static void open_as_nobody(const char *path, struct error *error)
{
    int pipe_ends[2];
    assert_int_equal(pipe(pipe_ends), 0);
    pid_t child = fork();
    if (child == 0) {
        struct error said = {0};
        bool dropped = geteuid() != 0 || seteuid(65534) == 0;
        struct state *state = dropped ? state_open(path, &said) : NULL;
        _exit(state == NULL && write(pipe_ends[1], &said, sizeof said) == sizeof said ? 0 : 1);
    }
    int status = 0;
    close(pipe_ends[1]);
    bool read_all = read(pipe_ends[0], error, sizeof *error) == sizeof *error;
    close(pipe_ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(read_all && status == 0);
}

static void test_what_cannot_be_written_is_refused_with_the_cause(void **state)
{
    struct fixture *fixture = *state;
    static const struct {
        mode_t folder;
        mode_t file; // 0: there is none
        const char *words;
    } cases[] = {
        {0755, 0444, "/state.db cannot be written: no permission"},
        {0555, 0666, "/state.db cannot be written: its folder takes no file beside it"},
        {0555, 0, "/state.db cannot be opened: Permission denied"},
        {0755, 0200, "/state.db cannot be opened: Permission denied"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct error error = {0};
        unlink(fixture->path);
        if (cases[i].file != 0) {
            state_close(open_state(fixture));
            assert_int_equal(chmod(fixture->path, cases[i].file), 0);
        }
        assert_int_equal(chmod(fixture->folder, cases[i].folder), 0);
        open_as_nobody(fixture->path, &error);
        assert_int_equal(chmod(fixture->folder, 0755), 0);
        if (strstr(error.text, cases[i].words) == NULL) {
            fail_msg("'%s' does not say '%s'", error.text, cases[i].words);
        }
    }
}

static void test_a_newer_version_is_refused(void **state)
{
    struct fixture *fixture = *state;
    state_close(open_state(fixture));
    put_database(fixture->path, "PRAGMA user_version = 7");
    assert_refused(fixture->path, "is of state version 7; this nearwell knows version 1");
}

static void test_a_damaged_file_is_an_error(void **state)
{
    struct fixture *fixture = *state;
    struct state *file = open_state(fixture);
    char key[16];
    for (unsigned i = 0; i < 500; i++) {
        snprintf(key, sizeof key, "key %u", i);
        const struct state_row one = row(1, key, "some text that takes room in the file");
        assert_true(state_write(file, &one, 1, nothing, NULL));
    }
    state_close(file);
    int fd = open(fixture->path, O_WRONLY);
    static const char rubbish[4096] = {1, 2, 3};
    for (off_t at = 8192; at < 40960; at += 4096) {
        assert_int_equal(pwrite(fd, rubbish, sizeof rubbish, at), sizeof rubbish);
    }
    close(fd);
    struct error error = {0};
    file = state_open(fixture->path, &error);
    bool ok = file != NULL && state_read(file, see_row, fixture, &error);
    state_close(file);
    assert_false(ok);
    assert_non_null(strstr(error.text, "is damaged"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_rows_come_back_by_kind_and_key),
        TEST(test_the_journal_keeps_the_newest),
        TEST(test_a_process_that_is_killed_has_written_whole_transactions),
        TEST(test_one_process_at_a_time),
        TEST(test_a_write_that_fails_leaves_the_file_as_it_was),
        TEST(test_what_is_no_state_file_is_refused),
        TEST(test_what_cannot_be_written_is_refused_with_the_cause),
        TEST(test_a_newer_version_is_refused),
        TEST(test_a_damaged_file_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
