// SPDX-License-Identifier: MIT
#include "io/files/read.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = "/tmp/nearwell-read-XXXXXX";

static void write_file(char *path, size_t size, const char *text, size_t len)
{
    snprintf(path, size, "%s/file", folder);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, len, file), len);
    fclose(file);
}

static void test_a_file_is_read_whole_with_a_nul_behind(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 5, 4096, 65535, 65536, 65537, 1000000};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        char path[64];
        char *bytes = malloc(sizes[i] + 1);
        memset(bytes, 'x', sizes[i] + 1);
        write_file(path, sizeof path, bytes, sizes[i]);
        char *text = NULL;
        size_t len = 99;
        struct error error = {0};
        assert_true(read_whole_file(path, 1000000, &text, &len, &error));
        assert_int_equal(len, sizes[i]);
        assert_memory_equal(text, bytes, len);
        assert_int_equal(text[len], '\0');
        free(text);
        free(bytes);
    }
}

static void test_what_cannot_be_read_says_why_and_leaves_outputs_alone(void **state)
{
    (void)state;
    char path[64];
    write_file(path, sizeof path, "123456", 6);
    static const struct {
        const char *path; // NULL: the file of six bytes
        const char *why;
    } cases[] = {
        {NULL, "has more than 5 bytes"},
        {"/nowhere/x", "/nowhere/x: No such file or directory"},
        {"/tmp", "/tmp: is a folder, not a file"},
        {"/dev/null/x", "/dev/null/x: Not a directory"},
        {"/dev/zero", "/dev/zero: has more than 5 bytes"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *text = path;
        size_t len = 99;
        struct error error = {0};
        assert_false(read_whole_file(cases[i].path != NULL ? cases[i].path : path, 5, &text, &len, &error));
        assert_non_null(strstr(error.text, cases[i].why));
        assert_ptr_equal(text, path);
        assert_int_equal(len, 99);
    }
}

static void test_a_pipe_is_read_to_its_end(void **state)
{
    (void)state;
    int ends[2];
    char path[64];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "{}\n", 3), 3);
    close(ends[1]);
    snprintf(path, sizeof path, "/dev/fd/%d", ends[0]);
    char *text;
    size_t len;
    assert_true(read_whole_file(path, 100, &text, &len, NULL));
    assert_string_equal(text, "{}\n");
    free(text);
    close(ends[0]);
}

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) == NULL;
}

static int remove_folder(void **state)
{
    (void)state;
    char path[64];
    snprintf(path, sizeof path, "%s/file", folder);
    unlink(path);
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_file_is_read_whole_with_a_nul_behind),
        cmocka_unit_test(test_what_cannot_be_read_says_why_and_leaves_outputs_alone),
        cmocka_unit_test(test_a_pipe_is_read_to_its_end),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
