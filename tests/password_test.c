#include "client/password.h"

#include "keygen/secret.h"
#include "tests/support/nobody.h"
#include "tests/support/scratch.h"
#include "token/medium.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* From a file and from a descriptor alike. */
static void assert_read(const void *data, size_t size, enum outcome outcome,
                        const char *password)
{
    const char *path = scratch_write("pin", data, size);
    int fd = open(path, O_RDONLY);

    for (int i = 0; i < 2; i++) {
        char *got = (char *)(uintptr_t)1;

        assert_int_equal(
            password_read(i == 0 ? path : NULL, i == 0 ? -1 : fd, &got),
            outcome);
        if (outcome == OUTCOME_DONE)
            assert_string_equal(got, password);
        else
            assert_null(got);
        secret_free(&got);
    }
    close(fd);
}

#define TEXT(text) text, sizeof(text) - 1

static void the_last_line_end_is_not_part_of_it(void **state)
{
    static const struct {
        const char *text;
        size_t size;
        const char *password; /* NULL: refused */
    } rows[] = {
        {TEXT("secret"), "secret"},
        {TEXT("secret\n"), "secret"},
        {TEXT("secret\r\n"), "secret"},
        {TEXT("secret\r"), "secret\r"}, /* no line end */
        {TEXT(" secret \n"), " secret "},
        {TEXT(""), ""},
        {TEXT("\n"), ""},
        {TEXT("\r\n"), ""},
        {TEXT("пароль\n"), "пароль"},
        {TEXT("\xEF\xBB\xBFsecret\r\n"), "secret"}, /* the editor's mark */
        {TEXT("\xEF\xBB\xBF"), ""},
        {TEXT("s\xEF\xBB\xBF"), "s\xEF\xBB\xBF"},
        {TEXT("\n\n"), NULL},
        {TEXT("one\ntwo"), NULL},
        {TEXT("one\ntwo\n"), NULL},
        {TEXT("\nsecret"), NULL},
        {TEXT("sec\0ret\n"), NULL},
        {TEXT("\0"), NULL},
        {TEXT("\xC3\x28"), NULL},
        {TEXT("\xFF"), NULL},
        {TEXT("\xED\xA0\x80"), NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_read(rows[i].text, rows[i].size,
                    rows[i].password != NULL ? OUTCOME_DONE
                                             : OUTCOME_CONFIGURATION,
                    rows[i].password);
}

static void it_has_a_greatest_length(void **state)
{
    static const char *const characters[] = {"a", "ы", "€", "😀"};
    char text[8 * CONTAINER_PASSWORD_MAX + 8];

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        size_t size = strlen(characters[i]);

        for (size_t j = 0; j <= CONTAINER_PASSWORD_MAX; j++)
            memcpy(text + j * size, characters[i], size + 1);
        assert_read(text, (CONTAINER_PASSWORD_MAX + 1) * size,
                    OUTCOME_CONFIGURATION, NULL);
        text[CONTAINER_PASSWORD_MAX * size] = '\0';
        assert_read(text, CONTAINER_PASSWORD_MAX * size, OUTCOME_DONE, text);
    }
    memset(text, 'a', sizeof text);
    assert_read(text, sizeof text, OUTCOME_CONFIGURATION, NULL);
}

static void a_command_is_told_what_is_wrong_with_it(void **state)
{
    static char longer[CONTAINER_PASSWORD_MAX + 2], full[5000];
    const struct {
        const char *text;
        size_t size;
        bool two;
        const char *said;
    } rows[] = {
        {TEXT("\xFF\xFEs\0\n\0"), false, "it is in UTF-16"},
        {TEXT("\xFE\xFF\0s\0\n"), true, "it is in UTF-16"},
        {TEXT("\xFF"), false, "it is no text in UTF-8."},
        {TEXT("a\0"), false, "it is no text in UTF-8."},
        {TEXT("a\nb\n"), false, "there is more than one line in it."},
        {TEXT("a\nb\nc\n"), true, "there are too many lines in it."},
        {longer, sizeof longer - 1, false, "it is longer than 256 characters."},
        {full, sizeof full - 1, true, "it is longer than 256 characters."},
    };

    (void)state;
    memset(longer, 'a', sizeof longer - 1);
    memset(full, 'a', sizeof full - 1);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *path = scratch_write("pin", rows[i].text, rows[i].size);
        struct failure failure;
        char *first, *second;

        assert_int_equal(password_take(path, -1, "--pin-file", &first,
                                       rows[i].two ? &second : NULL, &failure),
                         OUTCOME_CONFIGURATION);
        assert_null(first);
        assert_memory_equal(failure.detail, "--pin-file /", 12);
        if (strstr(failure.detail, rows[i].said) == NULL)
            fail_msg("%s: not %s", failure.detail, rows[i].said);
        assert_null(strstr(failure.detail, "aaa"));
    }
}

static int read_as_nobody(const void *path)
{
    char *password;

    return (int)password_read(path, -1, &password);
}

static void files_that_cannot_be_read_are_told_apart(void **state)
{
    const char *path = scratch_write("pin", "x", 1);
    char *password;

    (void)state;
    assert_int_equal(password_read(scratch_file("none"), -1, &password),
                     OUTCOME_CONTAINER_NOT_FOUND);
    assert_null(password);
    assert_int_equal(password_read(scratch_file("pin/x"), -1, &password),
                     OUTCOME_CONTAINER_NOT_FOUND);
    assert_int_equal(password_read(scratch_folder, -1, &password),
                     OUTCOME_CONFIGURATION);
    assert_int_equal(password_read(NULL, 999, &password),
                     OUTCOME_CONTAINER_NOT_FOUND);
    assert_int_equal(password_read("/dev/zero", -1, &password),
                     OUTCOME_CONFIGURATION);
    assert_int_equal(chmod(scratch_folder, 0711), 0);
    assert_int_equal(chmod(path, 0), 0);
    assert_int_equal(nobody_does(read_as_nobody, path), OUTCOME_NO_ACCESS);
}

/* As "--pin-file <(program)" gives it: in pieces, from a writer that comes
 * late. */
static void a_pipe_is_read_to_its_end(void **state)
{
    const char *path = scratch_file("fifo");
    char *password = NULL;
    pid_t child;

    (void)state;
    assert_int_equal(mkfifo(path, 0600), 0);
    child = fork();
    if (child == 0) {
        int fd;

        usleep(50000);
        fd = open(path, O_WRONLY);
        (void)!write(fd, "sec", 3);
        usleep(20000);
        (void)!write(fd, "ret\n", 4);
        _exit(0);
    }
    assert_int_equal(password_read(path, -1, &password), OUTCOME_DONE);
    assert_string_equal(password, "secret");
    secret_free(&password);
    waitpid(child, NULL, 0);
}

/* The second one is what may be left out. */
static void two_lines_are_two(void **state)
{
    static const struct {
        const char *text, *first, *second; /* first NULL: refused */
    } rows[] = {
        {"12345678", "12345678", NULL},
        {"12345678\n", "12345678", NULL},
        {"12345678\r\n", "12345678", NULL},
        {"12345678\nsecret", "12345678", "secret"},
        {"12345678\nsecret\n", "12345678", "secret"},
        {"12345678\r\nse cret\r\n", "12345678", "se cret"},
        {"12345678\n\n", "12345678", ""},
        {"", "", NULL},
        {"\nsecret\n", "", "secret"},
        {"12345678\nsecret\nthird", NULL, NULL},
        {"12345678\nsecret\n\n", NULL, NULL},
        {"12345678\n\xFF\n", NULL, NULL},
        {"\xFF\nsecret\n", NULL, NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const char *path =
            scratch_write("pin", rows[i].text, strlen(rows[i].text));
        char *first = (char *)(uintptr_t)1, *second = first;

        assert_int_equal(password_read_two(path, -1, &first, &second),
                         rows[i].first != NULL ? OUTCOME_DONE
                                               : OUTCOME_CONFIGURATION);
        assert_int_equal(first != NULL, rows[i].first != NULL);
        assert_int_equal(second != NULL, rows[i].second != NULL);
        if (first != NULL)
            assert_string_equal(first, rows[i].first);
        if (second != NULL)
            assert_string_equal(second, rows[i].second);
        secret_free(&first);
        secret_free(&second);
    }
}

/* Each as long as one may be. */
static void two_long_lines_have_room(void **state)
{
    char text[2 * (4 * CONTAINER_PASSWORD_MAX + 2) + 1], *at = text;
    char *first, *second;

    (void)state;
    for (int line = 0; line < 2; line++) {
        for (int i = 0; i < CONTAINER_PASSWORD_MAX; i++, at += 4)
            memcpy(at, "\xF0\x9F\x94\x91", 4);
        memcpy(at, "\r\n", 3);
        at += 2;
    }
    assert_int_equal(
        password_read_two(scratch_write("pin", text, sizeof(text) - 1), -1,
                          &first, &second),
        OUTCOME_DONE);
    assert_int_equal(strlen(first), 4 * CONTAINER_PASSWORD_MAX);
    assert_string_equal(first, second);
    secret_free(&first);
    secret_free(&second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCRATCH_TEST(the_last_line_end_is_not_part_of_it),
        SCRATCH_TEST(it_has_a_greatest_length),
        SCRATCH_TEST(a_command_is_told_what_is_wrong_with_it),
        SCRATCH_TEST(files_that_cannot_be_read_are_told_apart),
        SCRATCH_TEST(a_pipe_is_read_to_its_end),
        SCRATCH_TEST(two_lines_are_two),
        SCRATCH_TEST(two_long_lines_have_room),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
