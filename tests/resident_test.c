#include "token/rutoken/resident/resident.h"

#include "tests/support/rack.h"
#include "tests/support/stash.h"
#include "token/rutoken/rutoken_medium.h"
#include "token/rutoken/session/token_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct vtoken *card;

static int begin(void **state)
{
    (void)state;
    rack_open();
    card = rack.reader[0].card =
        vtoken_new(&(struct vtoken_setup){.dialect = VTOKEN_ECP});
    stash_use_pin();
    return card == NULL ? -1 : 0;
}

static int end(void **state)
{
    (void)state;
    rack_close();
    return 0;
}

static struct resident_record wanted(const char *name)
{
    struct resident_record record = {.algorithm = algorithm_by_word(NULL),
                                     .key_not_after = 1900000000};

    (void)snprintf(record.name, sizeof record.name, "%s", name);
    return record;
}

static enum fault make(uint8_t id, const char *name)
{
    struct token_session *session = NULL;
    struct resident_record record = wanted(name);
    enum fault fault = token_session_enter("", &session);

    if (fault == FAULT_NONE)
        fault = resident_make(session, id, &record);
    token_session_close(&session);
    return fault;
}

static enum fault read_it(uint8_t id, struct resident_record *record)
{
    struct token_session *session = NULL;
    enum fault fault = token_session_open("", READER_SHARED, &session);

    if (fault == FAULT_NONE)
        fault = resident_read(session, id, record);
    token_session_close(&session);
    return fault;
}

static enum fault remove_it(uint8_t id)
{
    struct token_session *session = NULL;
    enum fault fault = token_session_enter("", &session);

    if (fault == FAULT_NONE)
        fault = resident_remove(session, id);
    token_session_close(&session);
    return fault;
}

/* A pair of another program, without a record of ours. */
static void make_foreign(uint8_t id)
{
    static const uint8_t private[6] = {0x03, 0x20, 0, 0xAA};
    static const uint8_t public[6] = {0x13, 0x20, 0, 0xAA};
    const struct command generate = {
        .ins = 0x46, .p1 = 0x80, .p2 = id, .answer = 64};
    struct token_session *session = NULL;

    assert_int_equal(token_session_enter("", &session), FAULT_NONE);
    assert_int_equal(token_file_create(session, id, 32, DIALECT_KEY, private),
                     FAULT_NONE);
    assert_int_equal(
        token_file_create(session, id, 64, DIALECT_KEY_PUBLIC, public),
        FAULT_NONE);
    assert_int_equal(token_session_do(session, &generate), FAULT_NONE);
    token_session_close(&session);
}

static void names_mean_keys(void **state)
{
    static const struct {
        const char *name;
        int id; /* 0: none */
    } rows[] = {{"key-01", 1}, {"key-ff", 255}, {"key-00", 0},   {"key-1", 0},
                {"KEY-01", 0}, {"key-fg", 0},   {"key-0100", 0}, {"", 0}};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t id = 0;

        assert_int_equal(resident_find(rows[i].name, &id), rows[i].id != 0);
        if (rows[i].id != 0)
            assert_int_equal(id, rows[i].id);
    }
}

static void a_key_is_made_once(void **state)
{
    struct resident_record record;

    (void)state;
    assert_int_equal(read_it(0xFF, &record), FAULT_NOT_FOUND);
    assert_int_equal(make(0xFF, "one"), FAULT_NONE);
    assert_int_equal(read_it(0xFF, &record), FAULT_NONE);
    assert_true(record.made);
    assert_string_equal(record.name, "one");
    assert_int_equal(make(0xFF, "one"), FAULT_EXISTS);
    assert_int_equal(make(0xFF, "two"), FAULT_EXISTS);
    assert_int_equal(remove_it(0xFF), FAULT_NONE);
    assert_int_equal(remove_it(0xFF), FAULT_NOT_FOUND);
    assert_false(vtoken_exists(card, "1000/1000/6002/00FF"));
    assert_int_equal(make(0xFF, "two"), FAULT_NONE);
}

/* Without a record of ours it is somebody else's: it is neither used nor
 * written over, and above all not removed. */
static void keys_of_others_are_left_alone(void **state)
{
    struct token_session *session = NULL;
    size_t size;
    uint8_t before[32], id;

    (void)state;
    make_foreign(0xFF);
    memcpy(before, vtoken_read(card, "1000/1000/6002/00FF", &size), 32);
    assert_int_equal(make(0xFF, "ours"), FAULT_EXISTS);
    assert_int_equal(remove_it(0xFF), FAULT_NOT_FOUND);
    assert_memory_equal(vtoken_read(card, "1000/1000/6002/00FF", &size), before,
                        32);
    assert_int_equal(token_session_open("", READER_SHARED, &session),
                     FAULT_NONE);
    assert_int_equal(resident_free_id(session, 0, &id), FAULT_NONE);
    assert_int_equal(id, 0xFE);
    assert_int_equal(resident_free_id(session, 1, &id), FAULT_NONE);
    assert_int_equal(id, 0xFD);
    token_session_close(&session);
}

/* The same where the token does not tell of it (nobody knows whether all file
 * keys where these do) until one is to be made of that number. */
static void keys_that_are_not_told_of_too(void **state)
{
    static const struct vtoken_fault fault = {.pattern =
                                                  "00A40800??10001000600200FF",
                                              .times = 100,
                                              .trouble = VTOKEN_STATUS,
                                              .value = 0x6A82};
    size_t size;
    uint8_t before[32];

    (void)state;
    make_foreign(0xFF);
    memcpy(before, vtoken_read(card, "1000/1000/6002/00FF", &size), 32);
    assert_true(vtoken_plan(card, &fault));
    for (int i = 0; i < 2; i++) {
        assert_int_equal(make(0xFF, "ours"), FAULT_EXISTS);
        assert_true(vtoken_exists(card, "1000/1000/6001/00FF"));
        assert_memory_equal(vtoken_read(card, "1000/1000/6002/00FF", &size),
                            before, 32);
    }
    assert_true(vtoken_struck(card) > 0);
    assert_int_equal(make(0xFE, "ours"), FAULT_NONE);
}

/* Pulled out after the record, before the key: the next run goes on, one that
 * means another key does not. */
static void what_was_begun_is_finished(void **state)
{
    static const struct vtoken_fault faults[] = {
        {.pattern = "00E0", .skip = 2, .trouble = VTOKEN_ABSENT},
        {.pattern = "00E0", .skip = 3, .trouble = VTOKEN_ABSENT},
        {.pattern = "00E0", .skip = 3, .trouble = VTOKEN_ABSENT, .after = true},
        {.pattern = "0046", .trouble = VTOKEN_ABSENT},
    };

    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        struct resident_record record;

        print_message("# %zu\n", i);
        end(NULL);
        begin(NULL);
        assert_true(vtoken_plan(card, &faults[i]));
        assert_int_equal(make(0xFF, "ours"), FAULT_TOKEN_GONE);
        vtoken_calm(card);
        vtoken_insert(card);
        assert_int_equal(read_it(0xFF, &record), FAULT_UNFINISHED);
        assert_int_equal(make(0xFF, "other"), FAULT_EXISTS);
        assert_int_equal(make(0xFF, "ours"), FAULT_NONE);
        assert_int_equal(read_it(0xFF, &record), FAULT_NONE);
    }
}

/* The key was made, and nobody has heard of its public part: that pair is the
 * one, and no other is made in its place. */
static void one_that_was_made_unseen_is_taken(void **state)
{
    static const struct vtoken_fault fault = {
        .pattern = "0046", .trouble = VTOKEN_ABSENT, .after = true};
    struct resident_record record;
    uint8_t point[64];
    size_t size;

    (void)state;
    assert_true(vtoken_plan(card, &fault));
    assert_int_equal(make(0xFF, "ours"), FAULT_TOKEN_GONE);
    vtoken_calm(card);
    vtoken_insert(card);
    memcpy(point, vtoken_read(card, "1000/1000/6001/00FF", &size), 64);
    assert_int_equal(read_it(0xFF, &record), FAULT_UNFINISHED);
    assert_int_equal(make(0xFF, "other"), FAULT_EXISTS);
    assert_int_equal(make(0xFF, "ours"), FAULT_NONE);
    assert_int_equal(read_it(0xFF, &record), FAULT_NONE);
    assert_memory_equal(record.point, point, 64);
    assert_memory_equal(vtoken_read(card, "1000/1000/6001/00FF", &size), point,
                        64);
}

static void other_tokens_make_none(void **state)
{
    struct token_session *session = NULL;
    struct resident_record record = wanted("x");
    uint8_t id;

    (void)state;
    vtoken_free(&rack.reader[0].card);
    card = rack.reader[0].card =
        vtoken_new(&(struct vtoken_setup){.dialect = VTOKEN_LITE});
    assert_int_equal(token_session_enter("", &session), FAULT_NONE);
    assert_int_equal(resident_free_id(session, 0, &id), FAULT_NOT_RESIDENT);
    assert_int_equal(resident_make(session, 0xFF, &record), FAULT_NOT_RESIDENT);
    assert_int_equal(resident_read(session, 0xFF, &record), FAULT_NOT_FOUND);
    token_session_close(&session);
}

static void keys_of_512_bits_are_refused(void **state)
{
    struct token_session *session = NULL;
    struct resident_record record = wanted("x");

    (void)state;
    record.algorithm = algorithm_by_word("gost2012-512");
    assert_int_equal(token_session_enter("", &session), FAULT_NONE);
    assert_int_equal(resident_make(session, 0xFF, &record), FAULT_NOT_RESIDENT);
    token_session_close(&session);
    assert_false(vtoken_exists(card, "4B45"));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_mean_keys),
        TEST(a_key_is_made_once),
        TEST(keys_of_others_are_left_alone),
        TEST(keys_that_are_not_told_of_too),
        TEST(what_was_begun_is_finished),
        TEST(one_that_was_made_unseen_is_taken),
        TEST(other_tokens_make_none),
        TEST(keys_of_512_bits_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
