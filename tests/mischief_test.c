#include "api/sandbox/http/mischief.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static bool known(const char *operation)
{
    return strcmp(operation, "readForm") == 0 ||
           strcmp(operation, "readCertificate") == 0;
}

static void good_ones(void **state)
{
    static const struct {
        const char *text, *operation;
        enum mischief_kind kind;
        long argument, left;
    } rows[] = {
        {"readForm=drop", "readForm", MISCHIEF_DROP, 0, -1},
        {"*=drop-after*3", "*", MISCHIEF_DROP_AFTER, 0, 3},
        {"readForm=slow:3600", "readForm", MISCHIEF_SLOW, 3600, -1},
        {"readForm=status:503*1", "readForm", MISCHIEF_STATUS, 503, 1},
        {"*=retry-after:86400", "*", MISCHIEF_RETRY_AFTER, 86400, -1},
        {"*=bad-utf8*1000000", "*", MISCHIEF_BAD_UTF8, 0, 1000000},
        {"readCertificate=other-key", "readCertificate", MISCHIEF_OTHER_KEY, 0,
         -1},
        {"readCertificate=no-chain*1", "readCertificate", MISCHIEF_NO_CHAIN, 0,
         1},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct mischief mischief = {.count = 0};
        const char *why;

        assert_true(mischief_parse(&mischief, rows[i].text, known, &why));
        assert_null(why);
        assert_int_equal(mischief.count, 1);
        assert_string_equal(mischief.rule[0].operation, rows[i].operation);
        assert_int_equal(mischief.rule[0].kind, rows[i].kind);
        assert_int_equal(mischief.rule[0].argument, rows[i].argument);
        assert_int_equal(mischief.rule[0].left, rows[i].left);
    }
}

static void bad_ones(void **state)
{
    static const char *const rows[] = {
        "",
        ",",
        "readForm",
        "readForm=",
        "=drop",
        "nothing=drop",
        "readform=drop",
        "readForm=nothing",
        "readForm=none",
        "readForm=DROP",
        "readForm= drop",
        "readForm=drop ",
        "readForm=drop,",
        ",readForm=drop",
        "readForm=drop,,readForm=drop",
        "readForm=drop:1",
        "readForm=drop*",
        "readForm=drop*0",
        "readForm=drop*-1",
        "readForm=drop*+1",
        "readForm=drop*1x",
        "readForm=drop*1000001",
        "readForm=drop*99999999999999999999",
        "readForm=drop*1*1",
        "readForm=slow",
        "readForm=slow:",
        "readForm=slow:0",
        "readForm=slow:3601",
        "readForm=slow:1.5",
        "readForm=slow:-1",
        "readForm=slow:1:1",
        "readForm=status:200",
        "readForm=status:418",
        "readForm=status:600",
        "readForm=status:50",
        "readForm=other-key",
        "*=other-key",
        "*=garbage-certificate",
        "readForm=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "readForm=drop,nothing=drop",
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct mischief mischief = {.count = 0};
        const char *why;

        if (mischief_parse(&mischief, rows[i], known, &why))
            fail_msg("taken: %s", rows[i]);
        assert_non_null(why);
    }
}

static void no_more_than_there_is_room_for(void **state)
{
    struct mischief mischief = {.count = 0};
    const char *why;

    (void)state;
    for (int i = 0; i < MISCHIEF_RULES; i++)
        assert_true(mischief_parse(&mischief, "*=drop", known, &why));
    assert_false(mischief_parse(&mischief, "*=drop", known, &why));
    assert_int_equal(mischief.count, MISCHIEF_RULES);
}

static enum mischief_kind take(struct mischief *mischief, const char *operation)
{
    const struct mischief_rule *rule = mischief_take(mischief, operation);

    return rule ? rule->kind : MISCHIEF_NONE;
}

static void rules_come_one_after_another(void **state)
{
    struct mischief mischief = {.count = 0};
    const char *why;

    (void)state;
    assert_true(mischief_parse(
        &mischief, "readForm=drop*2,readForm=html*1,*=empty*1", known, &why));
    assert_int_equal(take(&mischief, "readForm"), MISCHIEF_DROP);
    assert_int_equal(take(&mischief, "readCertificate"), MISCHIEF_EMPTY);
    assert_int_equal(take(&mischief, "readCertificate"), MISCHIEF_NONE);
    assert_int_equal(take(&mischief, "readForm"), MISCHIEF_DROP);
    assert_int_equal(take(&mischief, "readForm"), MISCHIEF_HTML);
    assert_int_equal(take(&mischief, "readForm"), MISCHIEF_NONE);
}

static void always_is_always(void **state)
{
    struct mischief mischief = {.count = 0};
    const char *why;

    (void)state;
    assert_true(mischief_parse(&mischief, "*=drop,*=html", known, &why));
    for (int i = 0; i < 100; i++)
        assert_int_equal(take(&mischief, "readForm"), MISCHIEF_DROP);
}

static void *take_all(void *mischief)
{
    uintptr_t taken = 0;

    while (mischief_take(mischief, "readForm"))
        taken++;
    return (void *)taken;
}

static void times_are_counted_once_among_threads(void **state)
{
    struct mischief mischief = {.count = 0};
    pthread_t threads[4];
    uintptr_t taken = 0;
    const char *why;

    (void)state;
    assert_true(mischief_parse(&mischief, "*=drop*20000", known, &why));
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, take_all, &mischief),
                         0);
    for (int i = 0; i < 4; i++) {
        void *one;

        assert_int_equal(pthread_join(threads[i], &one), 0);
        taken += (uintptr_t)one;
    }
    assert_int_equal(taken, 20000);
}

static void every_kind_has_a_word(void **state)
{
    (void)state;
    for (unsigned i = 0; i < MISCHIEF_KINDS; i++) {
        assert_non_null(mischief_word((enum mischief_kind)i));
        for (unsigned j = 0; j < i; j++)
            assert_string_not_equal(mischief_word((enum mischief_kind)i),
                                    mischief_word((enum mischief_kind)j));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_ones),
        cmocka_unit_test(bad_ones),
        cmocka_unit_test(no_more_than_there_is_room_for),
        cmocka_unit_test(rules_come_one_after_another),
        cmocka_unit_test(always_is_always),
        cmocka_unit_test(times_are_counted_once_among_threads),
        cmocka_unit_test(every_kind_has_a_word),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
