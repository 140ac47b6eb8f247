#include "token/rutoken/session/token_session.h"

#include "tests/support/rack.h"
#include "tests/support/stash.h"
#include "token/pin.h"
#include "token/rutoken/card/reader.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { OTHER = 0xBEEF };

static int begin(void **state)
{
    (void)state;
    rack_open();
    stash_use_pin();
    return 0;
}

static int end(void **state)
{
    (void)state;
    rack_close();
    return 0;
}

static struct vtoken *insert(size_t reader, enum vtoken_dialect dialect,
                             uint64_t serial)
{
    const struct vtoken_setup setup = {.dialect = dialect, .serial = serial};

    if (rack.count <= reader)
        rack.count = reader + 1;
    rack.reader[reader].card = vtoken_new(&setup);
    assert_non_null(rack.reader[reader].card);
    return rack.reader[reader].card;
}

static enum fault open_one(const char *serial)
{
    struct token_session *session = NULL;
    enum fault fault = token_session_open(serial, READER_EXCLUSIVE, &session);

    if (fault == FAULT_NONE && serial[0] != '\0')
        assert_string_equal(session->serial, serial);
    token_session_close(&session);
    assert_null(session);
    rack_is_left();
    return fault;
}

/* One that is in no reader, while other sessions may be open. */
static enum fault open_missing(void)
{
    struct token_session *session = NULL;
    enum fault fault =
        token_session_open("0000dead", READER_EXCLUSIVE, &session);

    token_session_close(&session);
    return fault;
}

/* --- finding ------------------------------------------------------------- */

static void it_is_found_by_its_number(void **state)
{
    (void)state;
    insert(0, VTOKEN_LITE, OTHER);
    assert_int_equal(open_one(""), FAULT_NONE);
    insert(1, VTOKEN_S, 0);
    assert_int_equal(open_one(STASH_SERIAL), FAULT_NONE);
    assert_int_equal(open_one("0000beef"), FAULT_NONE);
    assert_int_equal(open_one("0000dead"), FAULT_NO_TOKEN);
    assert_int_equal(open_one(""), FAULT_TOKEN_SEVERAL);
}

static void why_there_is_none(void **state)
{
    (void)state;
    rack.no_service = true;
    assert_int_equal(open_one(""), FAULT_NO_SERVICE);
    rack.no_service = false;
    rack.count = 0;
    assert_int_equal(open_one(""), FAULT_NO_READER);
    rack.count = 1;
    assert_int_equal(open_one(""), FAULT_NO_TOKEN);
    insert(0, VTOKEN_ECP, 0);
    rack.reader[0].busy = true;
    assert_int_equal(open_one(""), FAULT_TOKEN_BUSY);
    assert_int_equal(open_one(STASH_SERIAL), FAULT_TOKEN_BUSY);
    rack.reader[0].busy = false;
    rack.reader[0].mute = true;
    assert_int_equal(open_one(""), FAULT_TOKEN_ANSWER);
    rack.reader[0].mute = false;
    vtoken_remove(rack.reader[0].card);
    assert_int_equal(open_one(""), FAULT_NO_TOKEN);
    vtoken_insert(rack.reader[0].card);
    assert_int_equal(open_one(""), FAULT_NONE);
}

/* The one that was asked for is there, beside others that cannot be asked. */
static void others_do_not_matter(void **state)
{
    (void)state;
    insert(0, VTOKEN_ECP, OTHER);
    insert(1, VTOKEN_ECP, 0);
    rack.reader[0].busy = true;
    assert_int_equal(open_one(STASH_SERIAL), FAULT_NONE);
    rack.reader[0].busy = false;
    rack.reader[0].mute = true;
    assert_int_equal(open_one(STASH_SERIAL), FAULT_NONE);
}

/* Another job of a batch has the other token for itself: that is no reason to
 * tell that this one is in use. */
static void another_that_was_met_and_is_in_use_is_not_it(void **state)
{
    (void)state;
    insert(0, VTOKEN_ECP, OTHER);
    rack.reader[0].busy = true;
    /* It could be any. */
    assert_int_equal(open_one(STASH_SERIAL), FAULT_TOKEN_BUSY);
    rack.reader[0].busy = false;
    assert_int_equal(open_one("0000beef"), FAULT_NONE);
    rack.reader[0].busy = true;
    assert_int_equal(open_one(STASH_SERIAL), FAULT_NO_TOKEN);
    assert_int_equal(open_one("0000beef"), FAULT_TOKEN_BUSY);
    assert_int_equal(open_one(""), FAULT_TOKEN_BUSY);
    /* Since it was out it can be another one. */
    vtoken_remove(rack.reader[0].card);
    vtoken_insert(rack.reader[0].card);
    assert_int_equal(open_one(STASH_SERIAL), FAULT_TOKEN_BUSY);
}

/* In the middle of a long transaction of another job a token answers nobody:
 * who looks for their own does not ask the others. */
static void another_that_was_met_is_not_asked(void **state)
{
    struct token_session *at_other = NULL;
    unsigned connects;

    (void)state;
    insert(0, VTOKEN_ECP, OTHER);
    insert(1, VTOKEN_ECP, 0);
    assert_int_equal(open_one(STASH_SERIAL), FAULT_NONE);
    connects = rack.connects;
    assert_int_equal(open_one(STASH_SERIAL), FAULT_NONE);
    assert_int_equal(rack.connects, connects + 1);
    assert_int_equal(token_session_open("0000beef", READER_SHARED, &at_other),
                     FAULT_NONE);
    connects = rack.connects;
    assert_int_equal(open_missing(), FAULT_NO_TOKEN);
    assert_int_equal(rack.connects, connects + 1);
    token_session_close(&at_other);
    assert_int_equal(open_missing(), FAULT_NO_TOKEN);
    assert_int_equal(rack.connects, connects + 3);
}

/* A service that was started again counts from the beginning. */
static void one_that_took_the_place_of_another_unseen_is_found(void **state)
{
    const struct vtoken_setup setup = {.dialect = VTOKEN_ECP};

    (void)state;
    insert(0, VTOKEN_ECP, OTHER);
    assert_int_equal(open_one("0000beef"), FAULT_NONE);
    vtoken_free(&rack.reader[0].card);
    rack.reader[0].card = vtoken_new(&setup);
    assert_int_equal(open_one(STASH_SERIAL), FAULT_NONE);
    assert_int_equal(open_one("0000beef"), FAULT_NO_TOKEN);
}

/* A number that is too short, or none, is no token's. */
static void a_number_is_whole(void **state)
{
    static const struct vtoken_fault faults[] = {
        {.pattern = "00CA0181", .trouble = VTOKEN_TRUNCATE, .value = 3},
        {.pattern = "00CA0181", .trouble = VTOKEN_STATUS, .value = 0x6A88},
        {.pattern = "00CA0181", .trouble = VTOKEN_EXTEND, .value = 1},
    };

    (void)state;
    insert(0, VTOKEN_ECP, 0);
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        assert_true(vtoken_plan(rack.reader[0].card, &faults[i]));
        assert_int_not_equal(open_one(STASH_SERIAL), FAULT_NONE);
        assert_int_equal(open_one(STASH_SERIAL), FAULT_NONE);
    }
}

/* --- its PIN ------------------------------------------------------------- */

static void nobody_stays_logged_in(void **state)
{
    struct token_session *session = NULL;
    struct vtoken *card = insert(0, VTOKEN_LITE, 0);

    (void)state;
    assert_int_equal(token_session_enter(STASH_SERIAL, &session), FAULT_NONE);
    assert_true(vtoken_logged_in(card, VTOKEN_PIN_USER));
    token_session_close(&session);
    assert_false(vtoken_logged_in(card, VTOKEN_PIN_USER));
    rack_is_left();
}

/* Another program has left somebody logged in: the tries cannot be read then,
 * and a PIN would be refused. */
static void who_was_left_logged_in_is_logged_out(void **state)
{
    static const uint8_t verify[] = {0x00, 0x20, 0x00, 0x02, 0x08, '1', '2',
                                     '3',  '4',  '5',  '6',  '7',  '8'};
    struct token_session *session = NULL;
    uint8_t answer[2];

    (void)state;
    for (int i = 0; i < 3; i++) {
        struct vtoken *card = insert(0, (enum vtoken_dialect)i, 0);

        assert_int_equal(
            vtoken_transmit(card, verify, sizeof verify, answer, 2), 2);
        assert_true(vtoken_logged_in(card, VTOKEN_PIN_USER));
        assert_int_equal(token_session_enter(STASH_SERIAL, &session),
                         FAULT_NONE);
        token_session_close(&session);
        assert_int_equal(vtoken_tries(card, VTOKEN_PIN_USER), 10);
        rack_is_left();
        vtoken_free(&rack.reader[0].card);
    }
}

static void what_it_says_of_itself(void **state)
{
    static const struct {
        const char *model, *firmware;
        bool makes_keys;
        uint64_t memory;
    } rows[] = {{"Rutoken ECP 3.0", "30.02", true, 128 * 1024},
                {"Rutoken Lite", "8.00", false, 64 * 1024},
                {"Rutoken S", "36.00", false, 32 * 1024}};

    (void)state;
    for (int i = 0; i < 3; i++) {
        struct token_session *session = NULL;
        struct medium_info info;

        insert(0, (enum vtoken_dialect)i, 0);
        vtoken_set_tries(rack.reader[0].card, VTOKEN_PIN_USER, 3);
        assert_int_equal(token_session_open("", READER_SHARED, &session),
                         FAULT_NONE);
        assert_int_equal(token_session_look(session, &info), FAULT_NONE);
        token_session_close(&session);
        assert_string_equal(info.location, STASH_LOCATION);
        assert_string_equal(info.serial, STASH_SERIAL);
        assert_string_equal(info.model, rows[i].model);
        assert_string_equal(info.firmware, rows[i].firmware);
        assert_int_equal(info.makes_keys, rows[i].makes_keys);
        assert_int_equal(info.memory, rows[i].memory);
        assert_int_equal(info.pin_tries, 3);
        assert_true(info.pin_low);
        assert_false(info.pin_blocked);
        assert_int_equal(
            vtoken_verifications(rack.reader[0].card, VTOKEN_PIN_USER), 0);
        vtoken_free(&rack.reader[0].card);
    }
}

/* --- all of them, and waiting -------------------------------------------- */

static size_t seen;

static enum fault see(void *context, const char *where, enum fault fault,
                      const struct medium_info *info)
{
    struct token_session *session = NULL;

    (void)context;
    seen++;
    if (fault != FAULT_NONE) {
        assert_null(info);
        return FAULT_NONE;
    }
    /* Who is told may work at it. */
    assert_string_equal(where, info->location);
    assert_int_equal(
        token_session_open(info->serial, READER_EXCLUSIVE, &session),
        FAULT_NONE);
    token_session_close(&session);
    return FAULT_NONE;
}

static void each_is_visited(void **state)
{
    (void)state;
    rack.count = 0;
    assert_int_equal(token_session_each(see, NULL), FAULT_NO_READER);
    rack.no_service = true;
    assert_int_equal(token_session_each(see, NULL), FAULT_NO_SERVICE);
    rack.no_service = false;
    rack.count = 1;
    seen = 0;
    assert_int_equal(token_session_each(see, NULL), FAULT_NONE);
    assert_int_equal(seen, 0);
    insert(0, VTOKEN_ECP, 0);
    insert(2, VTOKEN_LITE, OTHER);
    assert_int_equal(token_session_each(see, NULL), FAULT_NONE);
    assert_int_equal(seen, 2);
    rack.reader[2].busy = true;
    assert_int_equal(token_session_each(see, NULL), FAULT_NONE);
    assert_int_equal(seen, 4);
}

static void put_in_the_wrong_one_then_the_right_one(void)
{
    if (rack.waits == 2)
        insert(0, VTOKEN_LITE, OTHER);
    if (rack.waits == 5)
        insert(1, VTOKEN_LITE, 0);
    assert_true(rack.waits < 50);
}

static bool stop_after(void *context)
{
    unsigned *left = context;

    return (*left)-- == 0;
}

static void the_right_one_is_waited_for(void **state)
{
    unsigned left = 1000;

    (void)state;
    rack.count = 2;
    rack.wait = put_in_the_wrong_one_then_the_right_one;
    assert_int_equal(token_session_await(STASH_SERIAL, stop_after, &left),
                     FAULT_NONE);
    assert_int_equal(rack.waits, 5);
    /* One that is there is not waited for. */
    assert_int_equal(token_session_await(STASH_SERIAL, stop_after, &left),
                     FAULT_NONE);
    assert_int_equal(rack.waits, 5);
    rack_is_left();
}

static void a_wait_can_be_ended(void **state)
{
    unsigned left = 3;

    (void)state;
    assert_int_equal(token_session_await(STASH_SERIAL, stop_after, &left),
                     FAULT_INTERRUPTED);
    assert_int_equal(rack.waits, 3);
    rack.no_service = true;
    left = 3;
    assert_int_equal(token_session_await(STASH_SERIAL, stop_after, &left),
                     FAULT_NO_SERVICE);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(it_is_found_by_its_number),
        TEST(why_there_is_none),
        TEST(others_do_not_matter),
        TEST(another_that_was_met_and_is_in_use_is_not_it),
        TEST(another_that_was_met_is_not_asked),
        TEST(one_that_took_the_place_of_another_unseen_is_found),
        TEST(a_number_is_whole),
        TEST(nobody_stays_logged_in),
        TEST(who_was_left_logged_in_is_logged_out),
        TEST(what_it_says_of_itself),
        TEST(each_is_visited),
        TEST(the_right_one_is_waited_for),
        TEST(a_wait_can_be_ended),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
