/* The readers of tests/support/rack.h do as token/rutoken/card/reader.h says.
 */
#include "tests/support/rack.h"

#include "token/rutoken/card/reader.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const uint8_t status[] = {0x00, 0x20, 0x00, 0x02};
static const uint8_t login[] = {0x00, 0x20, 0x00, 0x02, 0x08, '1', '2',
                                '3',  '4',  '5',  '6',  '7',  '8'};

static int start(void **state)
{
    (void)state;
    rack_open();
    rack.reader[0].card =
        vtoken_new(&(struct vtoken_setup){.dialect = VTOKEN_LITE});
    return rack.reader[0].card == NULL ? -1 : 0;
}

static int end(void **state)
{
    (void)state;
    rack_close();
    return 0;
}

static enum fault send(void *card, const uint8_t *command, size_t size,
                       unsigned *word)
{
    uint8_t answer[READER_ANSWER_MAX];
    size_t room = sizeof answer;
    enum fault fault =
        reader_ops()->transmit(card, command, size, answer, &room);

    *word = 0;
    if (fault == FAULT_NONE)
        *word = (unsigned)(answer[room - 2] << 8 | answer[room - 1]);
    return fault;
}

static void put_in(void)
{
    vtoken_insert(rack.reader[0].card);
}

static void test_events(void **state)
{
    const struct reader_ops *ops = reader_ops();
    struct reader_list list;
    void *service, *card;
    bool t0;

    (void)state;
    vtoken_remove(rack.reader[0].card);
    assert_int_equal(ops->start(&service), FAULT_NONE);
    assert_int_equal(ops->list(service, &list), FAULT_NONE);
    assert_int_equal(list.count, 1);
    assert_false(list.reader[0].present);
    assert_int_equal(
        ops->connect(service, list.reader[0].name, READER_SHARED, &card, &t0),
        FAULT_NO_TOKEN);
    assert_int_equal(
        ops->connect(service, "another", READER_SHARED, &card, &t0),
        FAULT_NO_READER);
    assert_int_equal(ops->wait(service, &list, 1000), FAULT_NONE);
    assert_false(list.reader[0].present);
    rack.wait = put_in;
    assert_int_equal(ops->wait(service, &list, 1000), FAULT_NONE);
    assert_true(list.reader[0].present);
    assert_int_equal(list.reader[0].atr_size, 15);
    assert_memory_equal(list.reader[0].atr + 3, "Rutokenlite", 11);
    rack.reader[0].busy = true;
    assert_int_equal(
        ops->connect(service, list.reader[0].name, READER_SHARED, &card, &t0),
        FAULT_TOKEN_BUSY);
    assert_null(card);
    rack.no_service = true;
    assert_int_equal(ops->list(service, &list), FAULT_NO_SERVICE);
    ops->stop(&service);
    assert_int_equal(ops->start(&service), FAULT_NO_SERVICE);
}

/* What was entered goes with the token, and with a reset. */
static void test_leaving(void **state)
{
    const struct reader_ops *ops = reader_ops();
    struct vtoken *token = rack.reader[0].card;
    void *service, *card;
    unsigned word;
    bool t0;

    (void)state;
    assert_int_equal(ops->start(&service), FAULT_NONE);
    assert_int_equal(ops->connect(service, rack.reader[0].name,
                                  READER_EXCLUSIVE, &card, &t0),
                     FAULT_NONE);
    assert_false(t0);
    assert_int_equal(ops->begin(card), FAULT_NONE);
    assert_int_equal(send(card, login, sizeof login, &word), FAULT_NONE);
    assert_int_equal(word, 0x9000);
    ops->end(card, READER_KEEP);
    assert_true(vtoken_logged_in(token, VTOKEN_PIN_USER));
    assert_int_equal(ops->begin(card), FAULT_NONE);
    ops->end(card, READER_RESET);
    assert_false(vtoken_logged_in(token, VTOKEN_PIN_USER));
    vtoken_remove(token);
    vtoken_insert(token);
    assert_int_equal(ops->begin(card), FAULT_TOKEN_GONE);
    assert_int_equal(send(card, status, sizeof status, &word),
                     FAULT_TOKEN_GONE);
    assert_int_equal(rack.open, 2);
    ops->disconnect(&card, READER_RESET);
    ops->stop(&service);
    assert_false(rack.unprotected);
    rack_is_left();
}

static void test_answers(void **state)
{
    static const struct {
        struct vtoken_fault fault;
        enum fault wanted;
    } rows[] = {
        {{.trouble = VTOKEN_STATUS, .value = 0x6F84}, FAULT_NONE},
        {{.trouble = VTOKEN_TRUNCATE, .value = 1}, FAULT_TOKEN_ANSWER},
        {{.trouble = VTOKEN_TRUNCATE}, FAULT_TOKEN_ANSWER},
        {{.trouble = VTOKEN_EXTEND, .value = 256}, FAULT_NONE},
        {{.trouble = VTOKEN_EXTEND, .value = 257}, FAULT_TOKEN_ANSWER},
        {{.trouble = VTOKEN_ABSENT}, FAULT_TOKEN_GONE},
        {{.trouble = VTOKEN_ABSENT, .after = true}, FAULT_TOKEN_GONE},
        {{.trouble = VTOKEN_TORN}, FAULT_TOKEN_GONE},
    };
    const struct reader_ops *ops = reader_ops();
    struct vtoken *token = rack.reader[0].card;
    void *service, *card;
    unsigned word;
    bool t0;

    (void)state;
    assert_int_equal(ops->start(&service), FAULT_NONE);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        vtoken_insert(token);
        vtoken_calm(token);
        assert_true(vtoken_plan(token, &rows[i].fault));
        assert_int_equal(ops->connect(service, rack.reader[0].name,
                                      READER_SHARED, &card, &t0),
                         FAULT_NONE);
        assert_int_equal(send(card, status, sizeof status, &word),
                         rows[i].wanted);
        ops->disconnect(&card, READER_RESET);
    }
    ops->stop(&service);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_events, start, end),
        cmocka_unit_test_setup_teardown(test_leaving, start, end),
        cmocka_unit_test_setup_teardown(test_answers, start, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
