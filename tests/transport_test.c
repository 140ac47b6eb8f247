#include "token/rutoken/card/transport.h"

#include "tests/support/hex.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static size_t read_hex(const char *hex, uint8_t *out, size_t room)
{
    const size_t size = strlen(hex) / 2;

    assert_true(size <= room);
    hex_read(out, size, hex);
    return size;
}

/* What is to be sent, and what comes back, in turn. */
struct exchange {
    const char *sent, *answer;
};

static struct {
    const struct exchange *next;
    size_t left;
    enum fault fault;   /* instead of an answer */
    unsigned long sent; /* commands in all */
} line;

static enum fault transmit(void *card, const uint8_t *command,
                           size_t command_size, uint8_t *answer, size_t *size)
{
    uint8_t expected[READER_COMMAND_MAX];
    size_t wanted;

    assert_ptr_equal(card, &line);
    line.sent++;
    if (line.fault != FAULT_NONE)
        return line.fault;
    assert_true(line.left > 0);
    wanted = read_hex(line.next->sent, expected, sizeof expected);
    assert_int_equal(command_size, wanted);
    assert_memory_equal(command, expected, wanted);
    *size = read_hex(line.next->answer, answer, *size);
    line.next++;
    line.left--;
    return FAULT_NONE;
}

static const struct reader_ops ops = {.transmit = transmit};

static struct transport begin(const struct exchange *exchanges, size_t count,
                              bool t0)
{
    line.next = exchanges;
    line.left = count;
    line.fault = FAULT_NONE;
    line.sent = 0;
    return (struct transport){.ops = &ops, .card = &line, .t0 = t0};
}

#define BEGIN(exchanges, t0)                                                   \
    begin(exchanges, sizeof exchanges / sizeof exchanges[0], t0)

/* --- what is sent -------------------------------------------------------- */

/* Of all that a class and an instruction can be only fourteen go out, and the
 * two that wipe a token are none of them, chained or not. */
static void only_what_is_known_is_sent(void **state)
{
    unsigned long passed = 0;

    (void)state;
    for (unsigned cla = 0; cla < 256; cla++)
        for (unsigned ins = 0; ins < 256; ins++) {
            struct transport transport = begin(NULL, 0, false);
            const struct command command = {.cla = (uint8_t)cla,
                                            .ins = (uint8_t)ins};
            struct answer answer;

            line.fault = FAULT_TOKEN_GONE;
            if (transport_send(&transport, &command, &answer) ==
                FAULT_ARGUMENT) {
                assert_int_equal(line.sent, 0);
                continue;
            }
            assert_int_equal(line.sent, 1);
            assert_true(ins != 0x8A && ins != 0x84);
            passed++;
        }
    assert_int_equal(passed, 14);
}

static void commands_have_four_forms(void **state)
{
    static const uint8_t data[] = {0x3F, 0x00};
    static const struct {
        struct command command;
        struct exchange exchange;
    } rows[] = {
        {{.cla = 0x80, .ins = 0x40}, {"80400000", "9000"}},
        {{.ins = 0xB0, .p1 = 1, .p2 = 2, .answer = 3},
         {"00B0010203", "AABBCC9000"}},
        {{.ins = 0xB0, .answer = 256}, {"00B0000000", "9000"}},
        {{.ins = 0xE4, .data = data, .size = 2}, {"00E40000023F00", "9000"}},
        {{.ins = 0xA4, .data = data, .size = 2, .answer = 256},
         {"00A40000023F0000", "62009000"}},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct transport transport = begin(&rows[i].exchange, 1, false);
        struct answer answer;

        assert_int_equal(transport_send(&transport, &rows[i].command, &answer),
                         FAULT_NONE);
        assert_int_equal(answer.status, 0x9000);
        assert_int_equal(answer.size, strlen(rows[i].exchange.answer) / 2 - 2);
        assert_int_equal(line.left, 0);
    }
}

static void long_data_go_in_parts(void **state)
{
    uint8_t data[600];
    char first[2 * 260 + 1], second[2 * 260 + 1], third[2 * 260 + 1];
    struct exchange exchanges[] = {
        {first, "9000"}, {second, "9000"}, {third, "9000"}};
    struct transport transport = BEGIN(exchanges, false);
    const struct command command = {
        .ins = 0x24, .p1 = 1, .p2 = 2, .data = data, .size = sizeof data};
    struct answer answer;

    (void)state;
    memset(data, 0xAB, sizeof data);
    (void)snprintf(first, sizeof first, "10240102FF");
    (void)snprintf(third, sizeof third, "002401025A");
    for (size_t i = 0; i < 255; i++)
        (void)snprintf(first + 10 + 2 * i, 3, "AB");
    for (size_t i = 0; i < 90; i++)
        (void)snprintf(third + 10 + 2 * i, 3, "AB");
    memcpy(second, first, sizeof second);
    assert_int_equal(transport_do(&transport, &command, &answer), FAULT_NONE);
    assert_int_equal(line.left, 0);
    assert_int_equal(transport.commands, 3);
}

static void a_chain_ends_where_it_is_refused(void **state)
{
    uint8_t data[300] = {0};
    char first[2 * 260 + 1];
    struct exchange exchanges[] = {{first, "6883"}};
    struct transport transport = BEGIN(exchanges, false);
    const struct command command = {
        .ins = 0xD6, .data = data, .size = sizeof data};
    struct answer answer;

    (void)state;
    (void)snprintf(first, sizeof first, "10D60000FF%0510d", 0);
    assert_int_equal(transport_do(&transport, &command, &answer),
                     FAULT_TOKEN_REFUSED);
    assert_int_equal(line.left, 0);
}

static void what_is_too_long_is_not_sent(void **state)
{
    static uint8_t data[TRANSPORT_DATA_MAX + 1];
    struct transport transport = begin(NULL, 0, false);
    const struct command longer = {
        .ins = 0xD6, .data = data, .size = sizeof data};
    const struct command more = {.ins = 0xB0, .answer = 257};
    struct answer answer;

    (void)state;
    assert_int_equal(transport_send(&transport, &longer, &answer),
                     FAULT_ARGUMENT);
    assert_int_equal(transport_send(&transport, &more, &answer),
                     FAULT_ARGUMENT);
    transport.card = NULL;
    assert_int_equal(
        transport_send(&transport,
                       &(const struct command){.ins = 0xB0, .answer = 1},
                       &answer),
        FAULT_TOKEN_GONE);
    assert_int_equal(line.sent, 0);
}

/* --- what comes ---------------------------------------------------------- */

static const struct command read_eight = {.ins = 0xB0, .answer = 8};

static void answers_are_fetched(void **state)
{
    static const uint8_t id[] = {0x10, 0x00};
    static const struct command select = {
        .ins = 0xA4, .data = id, .size = 2, .answer = 256};
    static const struct exchange in_one[] = {{"00A40000021000", "6104"},
                                             {"00C0000004", "01020304"
                                                            "9000"}};
    static const struct exchange in_two[] = {{"00A40000021000", "6102"},
                                             {"00C0000002", "0102"
                                                            "6102"},
                                             {"00C0000002", "0304"
                                                            "9000"}};
    static const struct exchange corrected[] = {{"00A40000021000", "6100"},
                                                {"00C0000000", "6C04"},
                                                {"00C0000004", "01020304"
                                                               "9000"}};
    static const struct exchange each[] = {{"00A40000021000", "6103"},
                                           {"00C0000003", "6C02"},
                                           {"00C0000002", "0102"
                                                          "6103"},
                                           {"00C0000003", "6C02"},
                                           {"00C0000002", "0304"
                                                          "9000"}};
    static const struct exchange shorter[] = {{"00B0000008", "6C04"},
                                              {"00B0000004", "01020304"
                                                             "9000"}};
    const struct {
        const struct exchange *exchanges;
        size_t count;
        const struct command *command;
    } rows[] = {{in_one, 2, &select},
                {in_two, 3, &select},
                {corrected, 3, &select},
                {each, 5, &select},
                {shorter, 2, &read_eight}};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct transport transport =
            begin(rows[i].exchanges, rows[i].count, true);
        struct answer answer;

        assert_int_equal(transport_send(&transport, rows[i].command, &answer),
                         FAULT_NONE);
        assert_int_equal(answer.status, 0x9000);
        assert_int_equal(answer.size, 4);
        assert_memory_equal(answer.data, "\1\2\3\4", 4);
        assert_int_equal(line.left, 0);
    }
}

/* Where there is no length to be corrected, no byte of the data is. */
static void data_stay_as_they_are(void **state)
{
    static const uint8_t digest[] = {0x01, 0x02};
    static const struct command sign = {.ins = 0x2A,
                                        .p1 = 0x9E,
                                        .p2 = 0x9A,
                                        .data = digest,
                                        .size = 2,
                                        .answer = 64};
    static const struct exchange once[] = {{"002A9E9A020102", "6C40"}};
    struct transport transport = begin(once, 1, true);
    struct answer answer;

    (void)state;
    assert_int_equal(transport_send(&transport, &sign, &answer), FAULT_NONE);
    assert_int_equal(answer.status, 0x6C40);
    assert_int_equal(line.sent, 1);
}

static void nonsense_is_told(void **state)
{
    static const struct exchange rows[][2] = {
        {{"00B0000008", "010203040506070809"
                        "9000"}}, /* more than asked */
        {{"00B0000008", "90"}},   /* no status word */
        {{"00B0000008", ""}},
        {{"00B0000008", "0102030405"
                        "6104"},
         {"00C0000004", "01020304"
                        "9000"}},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct transport transport = begin(rows[i], 2, true);
        struct answer answer;

        assert_int_equal(transport_send(&transport, &read_eight, &answer),
                         FAULT_TOKEN_ANSWER);
    }
}

/* One that always has more, or always wants another length. */
static void an_answer_has_an_end(void **state)
{
    struct exchange more[40], other[40];
    struct answer answer;
    struct transport transport;

    (void)state;
    for (size_t i = 0; i < 40; i++) {
        more[i] =
            (struct exchange){i == 0 ? "00B0000008" : "00C0000001", "6101"};
        other[i] = (struct exchange){i == 0 ? "00B0000008" : "00B0000007",
                                     i == 0 ? "6C07" : "6C05"};
    }
    transport = begin(more, 40, true);
    assert_int_equal(transport_send(&transport, &read_eight, &answer),
                     FAULT_TOKEN_ANSWER);
    assert_true(transport.commands <= 16);
    transport = begin(other, 40, true);
    assert_int_equal(transport_do(&transport, &read_eight, &answer),
                     FAULT_TOKEN_ANSWER);
    assert_int_equal(transport.commands, 2);
    /* Neither, when what is to be fetched does the same. */
    for (size_t i = 0; i < 40; i++)
        other[i] = (struct exchange){i == 0  ? "00B0000008"
                                     : i < 2 ? "00C0000001"
                                             : "00C0000002",
                                     i == 0 ? "6101" : "6C02"};
    transport = begin(other, 40, true);
    assert_int_equal(transport_do(&transport, &read_eight, &answer),
                     FAULT_TOKEN_ANSWER);
    assert_int_equal(transport.commands, 3);
}

static void status_words_mean_something(void **state)
{
    static const struct {
        unsigned status;
        enum fault fault;
    } rows[] = {
        {0x9000, FAULT_NONE},
        {0x6300, FAULT_PIN_WRONG},
        {0x63C0, FAULT_PIN_WRONG},
        {0x63CF, FAULT_PIN_WRONG},
        {0x6983, FAULT_PIN_BLOCKED},
        {0x6982, FAULT_NO_ACCESS},
        {0x6A82, FAULT_NOT_FOUND},
        {0x6A88, FAULT_NOT_FOUND},
        {0x6A89, FAULT_EXISTS},
        {0x6A84, FAULT_TOKEN_SPACE},
        {0x6F85, FAULT_TOKEN_SPACE},
        {0x6F84, FAULT_TOKEN_BUSY},
        {0x6581, FAULT_IO},
        {0x6500, FAULT_IO},
        {0x6400, FAULT_IO},
        {0x6700, FAULT_TOKEN_REFUSED},
        {0x6883, FAULT_TOKEN_REFUSED},
        {0x6985, FAULT_TOKEN_REFUSED},
        {0x6A80, FAULT_TOKEN_REFUSED},
        {0x6D00, FAULT_TOKEN_REFUSED},
        {0x6F86, FAULT_TOKEN_ANSWER},
        {0x6B00, FAULT_TOKEN_ANSWER},
        {0x0000, FAULT_TOKEN_ANSWER},
        {0x6301, FAULT_TOKEN_ANSWER},
        {0x9001, FAULT_TOKEN_ANSWER},
        {0xFFFF, FAULT_TOKEN_ANSWER},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(transport_fault(rows[i].status), rows[i].fault);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_is_known_is_sent),
        cmocka_unit_test(commands_have_four_forms),
        cmocka_unit_test(long_data_go_in_parts),
        cmocka_unit_test(a_chain_ends_where_it_is_refused),
        cmocka_unit_test(what_is_too_long_is_not_sent),
        cmocka_unit_test(answers_are_fetched),
        cmocka_unit_test(data_stay_as_they_are),
        cmocka_unit_test(nonsense_is_told),
        cmocka_unit_test(an_answer_has_an_end),
        cmocka_unit_test(status_words_mean_something),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
