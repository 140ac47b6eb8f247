#include "api/sandbox/sms.h"

#include "tests/support/scratch.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { SENDERS = 4, EACH = 25 };

/* The text of a message, "" where there is none. */
static void read_text(const char *name, char text[64])
{
    char path[4096];
    FILE *file;

    text[0] = '\0';
    snprintf(path, sizeof path, "%s/sms/%s", scratch_folder, name);
    file = fopen(path, "r");
    if (file) {
        if (!fgets(text, 64, file))
            text[0] = '\0';
        fclose(file);
    }
}

static void messages_are_numbered(void **state)
{
    char text[64];

    (void)state;
    assert_true(sms_send(scratch_folder, "79001234567", "один"));
    assert_true(sms_send(scratch_folder, "79001234567", "два"));
    assert_true(sms_send(scratch_folder, "79007654321", "три"));
    read_text("79001234567/0001.txt", text);
    assert_string_equal(text, "один\n");
    read_text("79001234567/0002.txt", text);
    assert_string_equal(text, "два\n");
    read_text("79007654321/0001.txt", text);
    assert_string_equal(text, "три\n");
    read_text("79001234567/0003.txt", text);
    assert_string_equal(text, "");
}

static void *send_some(void *unused)
{
    uintptr_t sent = 0;

    (void)unused;
    for (int i = 0; i < EACH; i++)
        sent += sms_send(scratch_folder, "79001234567", "x");
    return (void *)sent;
}

static void senders_never_share_a_number(void **state)
{
    pthread_t threads[SENDERS];
    char name[64], text[64];

    (void)state;
    for (int i = 0; i < SENDERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, send_some, NULL), 0);
    for (int i = 0; i < SENDERS; i++) {
        void *sent;

        assert_int_equal(pthread_join(threads[i], &sent), 0);
        assert_int_equal((uintptr_t)sent, EACH);
    }
    for (int i = 1; i <= SENDERS * EACH; i++) {
        snprintf(name, sizeof name, "79001234567/%04d.txt", i);
        read_text(name, text);
        assert_string_equal(text, "x\n");
    }
    snprintf(name, sizeof name, "79001234567/%04d.txt", SENDERS * EACH + 1);
    read_text(name, text);
    assert_string_equal(text, "");
}

static void a_folder_that_is_none(void **state)
{
    char path[4096], *long_path = calloc(1, 5001);

    (void)state;
    assert_non_null(long_path);
    memset(long_path, 'x', 5000);
    assert_false(sms_send(long_path, "79001234567", "x"));
    free(long_path);
    snprintf(path, sizeof path, "%s/none", scratch_folder);
    assert_false(sms_send(path, "79001234567", "x"));
    snprintf(path, sizeof path, "%s/sms", scratch_folder);
    assert_int_equal(symlink("/dev/null", path), 0);
    assert_false(sms_send(scratch_folder, "79001234567", "x"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCRATCH_TEST(messages_are_numbered),
        SCRATCH_TEST(senders_never_share_a_number),
        SCRATCH_TEST(a_folder_that_is_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
