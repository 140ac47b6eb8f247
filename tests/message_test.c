#include "api/message.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int make(void **state)
{
    *state = message_new();
    return *state == NULL ? -1 : 0;
}

static int drop(void **state)
{
    message_free((struct message **)state);
    assert_null(*state);
    return 0;
}

static void put_and_get(void **state)
{
    struct message *message = *state;
    size_t size = 77;

    message_put(message, "bytes", "a\0b", 3);
    message_put_text(message, "text", "слово");
    message_put(message, "empty", NULL, 0);
    assert_memory_equal(message_get(message, "bytes", &size), "a\0b", 4);
    assert_int_equal(size, 3);
    assert_null(message_text(message, "bytes")); /* a NUL is inside */
    assert_string_equal(message_text(message, "text"), "слово");
    assert_string_equal(message_text(message, "empty"), "");
    assert_null(message_get(message, "tex", &size));
    assert_int_equal(size, 0);
    assert_false(message_failed(message));
}

static void replaces(void **state)
{
    struct message *message = *state;
    const void *value;
    const char *word;
    size_t size;

    message_put_text(message, "a", "first");
    message_put_text(message, "b", "other");
    message_put_text(message, "a", "a longer second");
    assert_string_equal(message_text(message, "a"), "a longer second");
    assert_true(message_field(message, 1, &word, &value, &size));
    assert_string_equal(word, "b");
    assert_false(message_field(message, 2, &word, &value, &size));

    /* a field's own value, or a part of it */
    message_put_text(message, "a", message_text(message, "a") + 9);
    assert_string_equal(message_text(message, "a"), "second");
    message_clear(message);
    assert_null(message_text(message, "a"));
    assert_false(message_field(message, 0, &word, &value, &size));
}

/* Its memory stays, for what is put next. */
static void what_is_cleared_is_wiped(void **state)
{
    static const char secret[] = "token", nothing[sizeof secret];
    struct message *message = *state;
    const char *first, *second;

    message_put_text(message, "a", secret);
    message_put_text(message, "b", secret);
    first = message_text(message, "a");
    second = message_text(message, "b");
    message_clear(message);
    assert_memory_equal(first, nothing, sizeof secret);
    assert_memory_equal(second, nothing, sizeof secret);
    message_put_text(message, "c", "1");
    assert_ptr_equal(message_text(message, "c"), first);
    message_put_text(message, "d", "of a size for which it is too small");
    assert_string_equal(message_text(message, "c"), "1");
    assert_string_equal(message_text(message, "d"),
                        "of a size for which it is too small");
}

static void words_have_a_maximum(void **state)
{
    char word[MESSAGE_WORD_MAX + 1] = {0};
    struct message *message = *state;

    memset(word, 'w', MESSAGE_WORD_MAX - 1);
    message_put_text(message, word, "fits");
    assert_false(message_failed(message));
    assert_string_equal(message_text(message, word), "fits");
    word[MESSAGE_WORD_MAX - 1] = 'w';
    message_put_text(message, word, "does not");
    assert_true(message_failed(message));
    assert_null(message_text(message, word));
    message_clear(message);
    message_put_text(message, "", "no word");
    assert_true(message_failed(message));
}

static void values_have_a_maximum(void **state)
{
    enum { SIXTH = MESSAGE_SIZE_MAX / 6 };
    char *value = calloc(1, MESSAGE_VALUE_MAX + 1);
    struct message *message = *state;
    char word[32];

    assert_non_null(value);
    message_put(message, "a", value, MESSAGE_VALUE_MAX + 1);
    assert_true(message_failed(message));
    message_put_text(message, "b", "after a failure nothing is put");
    assert_null(message_text(message, "b"));
    assert_true(message_failed(message));

    message_clear(message);
    for (int i = 0; i < 3; i++) {
        snprintf(word, sizeof word, "w%d", i);
        message_put(message, word, value, SIXTH);
    }
    message_put(message, "w2", value, 3 * SIXTH);
    assert_false(message_failed(message));
    message_put(message, "w2", value, 3 * SIXTH); /* no more than was */
    assert_false(message_failed(message));
    message_put(message, "w4", value, 2 * SIXTH);
    assert_true(message_failed(message));
    free(value);
}

static void fields_have_a_maximum(void **state)
{
    struct message *message = *state;
    char word[32];

    for (int i = 0; i < MESSAGE_FIELDS_MAX; i++) {
        snprintf(word, sizeof word, "field.%d", i);
        message_put_text(message, word, word);
    }
    assert_false(message_failed(message));
    assert_string_equal(message_text(message, "field.0"), "field.0");
    assert_string_equal(message_text(message, "field.2047"), "field.2047");
    message_put_text(message, "field.7", "replaced");
    assert_false(message_failed(message));
    message_put_text(message, "field.2048", "too many");
    assert_true(message_failed(message));
}

static void numbers(void **state)
{
    static const struct {
        const char *text;
        long max, number; /* -7: the fallback */
    } rows[] = {
        {"0", 0, 0},
        {"0", 9, 0},
        {"7", 9, 7},
        {"9", 9, 9},
        {"10", 9, -7},
        {"60", 86400, 60},
        {"9223372036854775807", 9223372036854775807, 9223372036854775807},
        {"9223372036854775808", 9223372036854775807, -7},
        {"99999999999999999999999999", 9223372036854775807, -7},
        {"", 9, -7},
        {"-1", 9, -7},
        {"+1", 9, -7},
        {" 1", 9, -7},
        {"1 ", 9, -7},
        {"01", 9, -7},
        {"00", 9, -7},
        {"1.0", 9, -7},
        {"1e1", 99, -7},
        {"0x1", 99, -7},
        {"one", 99, -7},
    };
    struct message *message = *state;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        message_put_text(message, "n", rows[i].text);
        if (message_number(message, "n", rows[i].max, -7) != rows[i].number)
            fail_msg("%s of at most %ld", rows[i].text, rows[i].max);
    }
    message_put(message, "n", "1\0", 2);
    assert_int_equal(message_number(message, "n", 9, -7), -7);
    assert_int_equal(message_number(message, "none", 9, -7), -7);
}

static void truth_and_time(void **state)
{
    struct message *message = *state;

    message_put_text(message, "yes", "true");
    message_put_text(message, "no", "false");
    message_put_text(message, "maybe", "True");
    assert_true(message_true(message, "yes"));
    assert_false(message_true(message, "no"));
    assert_false(message_true(message, "maybe"));
    assert_false(message_true(message, "none"));

    message_put_text(message, "at", "2025-03-01T09:30:00Z");
    message_put(message, "nul", "2025-03-01T09:30:00Z\0", 21);
    assert_int_equal(message_time(message, "at"), 1740821400);
    assert_int_equal(message_time(message, "nul"), 0);
    assert_int_equal(message_time(message, "yes"), 0);
    assert_int_equal(message_time(message, "none"), 0);
}

static void free_of_nothing(void **state)
{
    struct message *none = NULL;

    (void)state;
    message_free(&none);
    assert_null(none);
}

#define WITH_MESSAGE(test) cmocka_unit_test_setup_teardown(test, make, drop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_MESSAGE(put_and_get),
        WITH_MESSAGE(replaces),
        WITH_MESSAGE(what_is_cleared_is_wiped),
        WITH_MESSAGE(words_have_a_maximum),
        WITH_MESSAGE(values_have_a_maximum),
        WITH_MESSAGE(fields_have_a_maximum),
        WITH_MESSAGE(numbers),
        WITH_MESSAGE(truth_and_time),
        cmocka_unit_test(free_of_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
