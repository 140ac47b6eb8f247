#include "client/codes/inbox.h"

#include "client/signals.h"
#include "keygen/secret.h"
#include "tests/support/scratch.h"

#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define PHONE "79120000001"

static void put_bytes(const char *name, const char *bytes, size_t size,
                      time_t when)
{
    const struct timespec times[2] = {{.tv_sec = when}, {.tv_sec = when}};
    const char *path = scratch_file(name);
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND, 0600);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, size), size);
    assert_int_equal(futimens(fd, times), 0);
    close(fd);
}

/* A message at a second of its own. */
static void put(const char *name, const char *text, time_t when)
{
    put_bytes(name, text, strlen(text), when);
}

/* The same as a program of Windows writes it: UTF-16, of ASCII and of one
 * letter whose halves are a digit and an end of a line. */
static void put_wide(const char *name, const char *text, bool big, time_t when)
{
    static const char letter[] = "\x0A\x30"; /* U+300A */
    char wide[512];
    size_t size = 0;

    for (; *text != '\0'; text++) {
        const char high = *text == '#' ? letter[1] : '\0';
        const char low = *text == '#' ? letter[0] : *text;

        wide[size++] = big ? high : low;
        wide[size++] = big ? low : high;
    }
    put_bytes(name, wide, size, when);
}

static void expect(const char *place, struct inbox_mark *mark,
                   enum inbox_result result, const char *wanted)
{
    char *code = NULL;

    assert_int_equal(inbox_wait(scratch_file(place), PHONE, mark, 1, &code),
                     result);
    if (wanted == NULL)
        assert_null(code);
    else
        assert_string_equal(code, wanted);
    secret_free(&code);
}

/* --- what is a code ------------------------------------------------------- */

static void the_only_six_digits_are_the_code(void **state)
{
    static const struct {
        const char *text, *code;
    } rows[] = {
        {"123456", "123456"},
        {"Код подтверждения: 012345.\n", "012345"},
        {"Code 123456 for 79120000001, valid 20 minutes", "123456"},
        {"123456 (again: 123456)", "123456"},
        {"12345", NULL},
        {"1234567", NULL},
        {"123456 or 654321", NULL},
        {"", NULL},
        {"12345\n6", NULL},
    };

    (void)state;
    mkdir(scratch_file(PHONE), 0700);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct inbox_mark mark = {.is_set = false};

        put(PHONE "/m", rows[i].text, 1000);
        expect(".", &mark, rows[i].code != NULL ? INBOX_OK : INBOX_LATE,
               rows[i].code);
        unlink(scratch_file(PHONE "/m"));
    }
}

/* --- a folder ------------------------------------------------------------- */

static void the_newest_of_the_number_counts(void **state)
{
    struct inbox_mark mark = {.is_set = false};

    (void)state;
    mkdir(scratch_file(PHONE), 0700);
    mkdir(scratch_file("79120000002"), 0700);
    put("79120000002/0009", "999999", 9000);
    put("79120000001-x", "888888", 9000); /* it has a folder of its own */
    put(PHONE "/0002", "222222", 2000);
    put(PHONE "/0001", "111111", 3000);
    put(PHONE "/.new", "777777", 9000);
    expect(".", &mark, INBOX_OK, "111111");
    expect(".", &mark, INBOX_LATE, NULL); /* that one is known */
    put(PHONE "/0003", "333333", 3000);
    expect(".", &mark, INBOX_OK, "333333");
    put(PHONE "/0000", "444444", 2999);
    expect(".", &mark, INBOX_LATE, NULL);
}

static void what_was_there_before_does_not_count(void **state)
{
    struct inbox_mark mark;

    (void)state;
    inbox_look(scratch_file("."), PHONE, &mark); /* nothing yet */
    put("9120000001.txt", "111111", 1000);
    expect(".", &mark, INBOX_OK, "111111");
    inbox_look(scratch_file("."), PHONE, &mark);
    expect(".", &mark, INBOX_LATE, NULL);
    unlink(scratch_file("9120000001.txt"));
    put("9120000001.txt", "222222", 2000); /* the same file again */
    put("9120000002.txt", "555555", 3000);
    expect(".", &mark, INBOX_OK, "222222");
}

/* A folder of another kind beside the files of messages does no harm. */
static void folders_are_named_as_numbers(void **state)
{
    static const char *const names[] = {PHONE, "9120000001", "89120000001",
                                        "+79120000001"};
    struct inbox_mark mark = {.is_set = false};

    (void)state;
    mkdir(scratch_file("archive"), 0700);
    put("9120000001.txt", "555555", 1000);
    expect(".", &mark, INBOX_OK, "555555");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[64];

        mark.is_set = false;
        mkdir(scratch_file(names[i]), 0700);
        snprintf(path, sizeof path, "%s/1", names[i]);
        put(path, "123456", 1000);
        expect(".", &mark, INBOX_OK, "123456");
        unlink(scratch_file(path));
        rmdir(scratch_file(names[i]));
    }
}

/* Of the telephone of a statement only the end is told. */
static void the_end_of_a_number_will_do(void **state)
{
    struct inbox_mark mark = {.is_set = false};
    char *code = NULL;

    (void)state;
    mkdir(scratch_file(PHONE), 0700);
    mkdir(scratch_file("79120007777"), 0700);
    put(PHONE "/1", "111111", 1000);
    put("79120007777/1", "777777", 1000);
    assert_int_equal(inbox_wait(scratch_folder, "7777", &mark, 1, &code),
                     INBOX_OK);
    assert_string_equal(code, "777777");
    secret_free(&code);
    /* With two of that end it is nobody's. */
    mkdir(scratch_file("79990007777"), 0700);
    put("79990007777/1", "222222", 2000);
    assert_int_equal(inbox_wait(scratch_folder, "7777", &mark, 1, &code),
                     INBOX_LATE);
    assert_null(code);
}

/* A gateway writes while it is looked at. */
static void *write_slowly(void *context)
{
    (void)context;
    usleep(150000);
    put("x9120000001", "Код 65", 1000);
    usleep(150000);
    put("x9120000001", "4321 от", 1001);
    return NULL;
}

static void one_that_is_being_written_is_waited_for(void **state)
{
    struct inbox_mark mark;
    char *code = NULL;
    pthread_t thread;

    (void)state;
    inbox_look(scratch_folder, PHONE, &mark);
    assert_int_equal(pthread_create(&thread, NULL, write_slowly, NULL), 0);
    assert_int_equal(inbox_wait(scratch_folder, PHONE, &mark, 30, &code),
                     INBOX_OK);
    assert_string_equal(code, "654321");
    secret_free(&code);
    pthread_join(thread, NULL);
}

static void what_is_no_file_is_passed_over(void **state)
{
    struct inbox_mark mark = {.is_set = false};

    (void)state;
    put("secret", "666666", 1000);
    assert_int_equal(symlink("secret", scratch_file("9120000001.link")), 0);
    assert_int_equal(mkfifo(scratch_file("9120000001.fifo"), 0600), 0);
    assert_int_equal(mkdir(scratch_file("9120000001.d"), 0700), 0);
    expect(".", &mark, INBOX_LATE, NULL);
}

/* --- a file --------------------------------------------------------------- */

static void the_last_line_with_the_number_counts(void **state)
{
    struct inbox_mark mark = {.is_set = false};

    (void)state;
    put("log", "10:00 +79120000001 Код 111111\n", 1000);
    put("log", "10:00 +79120000002 Код 222222\n", 1000);
    expect("log", &mark, INBOX_OK, "111111");
    expect("log", &mark, INBOX_LATE, NULL);
    put("log", "10:01 +79120000001 Код 333333", 1000);
    expect("log", &mark, INBOX_LATE, NULL); /* its end has not come */
    put("log", "\n10:02 +79120000002 Код 444444\n", 1000);
    expect("log", &mark, INBOX_OK, "333333");
}

/* As logrotate does it: a new file, or the old one emptied. */
static void a_file_that_is_rotated_is_followed(void **state)
{
    static const char first[] = "79120000002: 999999\n79120000001: 111111\n";
    struct inbox_mark mark = {.is_set = false};

    (void)state;
    put("sms", first, 1000);
    expect("sms", &mark, INBOX_OK, "111111");
    assert_int_equal(rename(scratch_file("sms"), scratch_file("sms.1")), 0);
    expect("sms", &mark, INBOX_LATE, NULL); /* there is none for a moment */
    put("sms", "", 2000);
    expect("sms", &mark, INBOX_LATE, NULL);
    put("sms", "79120000001: 222222\n", 3000); /* shorter than the mark */
    expect("sms", &mark, INBOX_OK, "222222");
    expect("sms", &mark, INBOX_LATE, NULL);
    /* The same file, emptied. */
    assert_int_equal(truncate(scratch_file("sms"), 0), 0);
    expect("sms", &mark, INBOX_LATE, NULL);
    put("sms", "79120000001 333333\n", 5000); /* shorter again */
    expect("sms", &mark, INBOX_OK, "333333");
    /* What was there when it was looked at first is not new. */
    inbox_look(scratch_file("sms"), PHONE, &mark);
    expect("sms", &mark, INBOX_LATE, NULL);
}

/* As a gateway keeps it that writes all of it anew for each message. */
static void a_file_that_is_written_anew_has_no_new_message(void **state)
{
    struct inbox_mark mark;

    (void)state;
    put("sms", "79120000001: 111111\n", 1000);
    inbox_look(scratch_file("sms"), PHONE, &mark);
    put("next", "79120000001: 111111\n79120000002: 999999\n", 2000);
    assert_int_equal(rename(scratch_file("next"), scratch_file("sms")), 0);
    expect("sms", &mark, INBOX_LATE, NULL);
    put("next", "79120000001: 111111\n79120000001: 222222\n", 3000);
    assert_int_equal(rename(scratch_file("next"), scratch_file("sms")), 0);
    expect("sms", &mark, INBOX_OK, "222222");
    put("next", "79120000002: 999999\n79120000001: 222222\n", 4000);
    assert_int_equal(rename(scratch_file("next"), scratch_file("sms")), 0);
    expect("sms", &mark, INBOX_LATE, NULL);
    /* Added at the end it is another one, whatever it says. */
    inbox_look(scratch_file("sms"), PHONE, &mark);
    put("sms", "79120000001: 222222\n", 5000);
    expect("sms", &mark, INBOX_OK, "222222");
}

static void of_a_large_file_the_end_is_read(void **state)
{
    struct inbox_mark mark;
    char line[80];

    (void)state;
    for (int i = 0; i < 3000; i++) {
        snprintf(line, sizeof line, "79120000001 %06d\n", i);
        put("log", line, 1000);
    }
    inbox_look(scratch_file("log"), PHONE, &mark);
    expect("log", &mark, INBOX_LATE, NULL);
    put("log", "79120000001 700007\n", 1000);
    expect("log", &mark, INBOX_OK, "700007");
}

static void utf16_is_read(void **state)
{
    struct inbox_mark mark;
    char name[32];

    (void)state;
    for (int big = 0; big < 2; big++) {
        const char *byte_order = big ? "\xFE\xFF" : "\xFF\xFE";

        mark.is_set = false;
        snprintf(name, sizeof name, "9120000001-%d", big);
        put_bytes(name, byte_order, 2, 1000 + big);
        put_wide(name, "#123456#.\r\n", big, 1000 + big);
        expect(".", &mark, INBOX_OK, "123456");
        snprintf(name, sizeof name, "log-%d", big);
        put_bytes(name, byte_order, 2, 1000);
        put_wide(name, "+79120000001 #111111#\r\n", big, 1000);
        inbox_look(scratch_file(name), PHONE, &mark);
        put_wide(name, "+79120000002 222222\r\n", big, 1000);
        expect(name, &mark, INBOX_LATE, NULL);
        put_wide(name, "+79120000001 333333\r\n", big, 1000);
        expect(name, &mark, INBOX_OK, "333333");
        expect(name, &mark, INBOX_LATE, NULL);
        /* Also behind so much that only its end is looked at, and while the
         * half of a character is written. */
        for (int i = 0; i < 500; i++)
            put_wide(name, "79120000003 999999\n", big, 1000);
        put_wide(name, "79120000001 #444444\n", big, 1000);
        put_bytes(name, "7", 1, 1000);
        expect(name, &mark, INBOX_OK, "444444");
        put_bytes(name, "", 1, 1000);
        put_wide(name, "\n79120000001 555555\n", big, 1000);
        expect(name, &mark, INBOX_OK, "555555");
    }
}

static void a_place_that_is_not_there_is_told(void **state)
{
    struct inbox_mark mark;

    (void)state;
    inbox_look(scratch_file("none"), PHONE, &mark);
    assert_false(mark.is_set);
    expect("none", &mark, INBOX_UNREADABLE, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCRATCH_TEST(the_only_six_digits_are_the_code),
        SCRATCH_TEST(the_newest_of_the_number_counts),
        SCRATCH_TEST(what_was_there_before_does_not_count),
        SCRATCH_TEST(folders_are_named_as_numbers),
        SCRATCH_TEST(the_end_of_a_number_will_do),
        SCRATCH_TEST(one_that_is_being_written_is_waited_for),
        SCRATCH_TEST(what_is_no_file_is_passed_over),
        SCRATCH_TEST(the_last_line_with_the_number_counts),
        SCRATCH_TEST(a_file_that_is_rotated_is_followed),
        SCRATCH_TEST(a_file_that_is_written_anew_has_no_new_message),
        SCRATCH_TEST(of_a_large_file_the_end_is_read),
        SCRATCH_TEST(utf16_is_read),
        SCRATCH_TEST(a_place_that_is_not_there_is_told),
    };

    if (signals_start() != 0)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
