#include "token/pkcs11/pkcs11_token.h"

#include "tests/support/tokens.h"
#include "token/pkcs11/pkcs11_pin.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define FIRST "serial=48e243b5"
#define MODEL "model=Rutoken%20ECP;manufacturer=kep%20tests;"

static enum fault open_one(const char *attributes, bool writable,
                           struct pkcs11_token **token)
{
    struct pkcs11_place place;
    enum fault fault = pkcs11_place_read(tokens_place(attributes), &place);

    assert_int_equal(fault, FAULT_NONE);
    fault = pkcs11_token_open(&place, writable, token);
    assert_true((fault == FAULT_NONE) == (*token != NULL));
    pkcs11_place_free(&place);
    return fault;
}

static void test_find(void **state)
{
    static const struct {
        const char *attributes, *settings;
        enum fault fault;
        const char *location;
    } rows[] = {
        {FIRST, "", FAULT_NONE, FIRST},
        {"token=second", "", FAULT_NONE, "serial=48e243b6"},
        {"token=first;serial=48e243b5", "", FAULT_NONE, FIRST},
        {"", "absent 1\n", FAULT_NONE, FIRST},
        {"", "", FAULT_TOKEN_SEVERAL, NULL},
        {"model=Rutoken%20ECP", "", FAULT_TOKEN_SEVERAL, NULL},
        {"token=first;serial=48e243b6", "", FAULT_NO_TOKEN, NULL},
        {"serial=48e243b", "", FAULT_NO_TOKEN, NULL},
        {"", "absent 0\nabsent 1\n", FAULT_NO_TOKEN, NULL},
        {FIRST, "serial 48e243b5\n", FAULT_TOKEN_SEVERAL, NULL},
        /* Two of one number are told apart by their labels. */
        {"token=second;serial=48e243b5", "serial 48e243b5\n", FAULT_NONE,
         MODEL "serial=48e243b5;token=second"},
        {"token=first", "serial 48e243b5\n", FAULT_NONE,
         MODEL "serial=48e243b5;token=first"},
        {"token=first", "serial 48e243b5\nabsent 1\n", FAULT_NONE, FIRST},
        {FIRST, "serial 48e243b5\nlabel same\n", FAULT_TOKEN_SEVERAL, NULL},
        {"token=first", "serial\n", FAULT_NONE, MODEL "token=first"},
        {FIRST, "zeros\n", FAULT_NONE, FIRST},
        {"token=second", "zeros\n", FAULT_NONE, "serial=48e243b6"},
        {"token=first", "zeros\nserial\n", FAULT_NONE, MODEL "token=first"},
        {FIRST, "garbage\n", FAULT_NO_TOKEN, NULL},
        {FIRST, "fail C_GetTokenInfo 0xe1\n", FAULT_TOKEN_UNKNOWN, NULL},
        {FIRST, "fail C_GetTokenInfo 0x30\n", FAULT_TOKEN_ANSWER, NULL},
        {FIRST, "fail C_OpenSession 0xb1\n", FAULT_TOKEN_BUSY, NULL},
        {FIRST, "fail C_OpenSession 0xe0\n", FAULT_NO_TOKEN, NULL},
        {FIRST, "fail C_OpenSession 0x30\n", FAULT_TOKEN_ANSWER, NULL},
    };
    struct pkcs11_token *token;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        print_message("# row %zu\n", i);
        tokens_new();
        tokens_set(rows[i].settings);
        assert_int_equal(open_one(rows[i].attributes, false, &token),
                         rows[i].fault);
        if (token != NULL)
            assert_string_equal(token->location,
                                tokens_place(rows[i].location));
        pkcs11_token_close(&token);
        assert_null(token);
        tokens_end();
    }
}

static void test_login(void **state)
{
    struct pkcs11_token *one, *other, *third;

    (void)state;
    tokens_new();
    assert_int_equal(open_one(FIRST, false, &one), FAULT_NONE);
    assert_int_equal(open_one(FIRST, true, &other), FAULT_NONE);
    assert_int_equal(pkcs11_pin_login(one), FAULT_NONE);
    assert_int_equal(pkcs11_pin_login(one), FAULT_NONE);
    assert_int_equal(pkcs11_pin_login(other), FAULT_NONE);
    assert_int_equal(tokens_calls("C_Login"), 1);
    assert_int_equal(tokens_asked(), 1);
    pkcs11_token_close(&one);
    assert_int_equal(tokens_calls("C_Logout"), 0);
    pkcs11_token_close(&other);
    assert_int_equal(tokens_calls("C_Logout"), 1);
    /* Nobody is asked again for what was accepted. */
    assert_int_equal(open_one(FIRST, false, &third), FAULT_NONE);
    assert_int_equal(pkcs11_pin_login(third), FAULT_NONE);
    assert_int_equal(tokens_asked(), 1);
    assert_int_equal(tokens_calls("C_Login"), 2);
    pkcs11_token_close(&third);
    assert_int_equal(tokens_calls("C_Logout"), 2);
    /* One that was never logged in logs nobody out. */
    assert_int_equal(open_one(FIRST, false, &third), FAULT_NONE);
    pkcs11_token_close(&third);
    assert_int_equal(tokens_calls("C_Logout"), 2);
    tokens_end();
}

/* A token that was pulled out and put in again is another login. */
static void test_login_after_pulling_out(void **state)
{
    struct pkcs11_token *one, *other;

    (void)state;
    tokens_new();
    assert_int_equal(open_one(FIRST, false, &one), FAULT_NONE);
    assert_int_equal(pkcs11_pin_login(one), FAULT_NONE);
    tokens_set("absent 0\n");
    assert_int_equal(open_one(FIRST, false, &other), FAULT_NO_TOKEN);
    tokens_set("");
    assert_int_equal(open_one(FIRST, false, &other), FAULT_NONE);
    /* The module learns of it when the dead session is used. */
    tokens_set("absent 0\n");
    (void)one->call->C_Logout(one->session);
    tokens_set("");
    pkcs11_token_close(&other);
    assert_int_equal(open_one(FIRST, false, &other), FAULT_NONE);
    assert_int_equal(pkcs11_pin_login(other), FAULT_NONE);
    assert_int_equal(tokens_calls("C_Login"), 2);
    tokens_forget();
    pkcs11_token_close(&one);
    pkcs11_token_close(&other);
    assert_true(tokens_calls("C_Logout") >= 1);
    tokens_end();
}

static void test_pins(void **state)
{
    static const struct {
        const char *name, *settings, *first, *second;
        bool last_word;
        enum fault fault;
        size_t logins; /* PINs that were sent */
        unsigned asked;
    } rows[] = {
        {"right", "", TOKENS_PIN, NULL, false, FAULT_NONE, 1, 1},
        {"wrong", "", "wrong-one", NULL, false, FAULT_PIN_WRONG, 1, 2},
        {"then right", "", "wrong-one", TOKENS_PIN, false, FAULT_NONE, 2, 2},
        {"nobody", "", NULL, NULL, false, FAULT_PIN_NEEDED, 0, 1},
        {"short", "", "12345", NULL, false, FAULT_PIN_LENGTH, 0, 1},
        {"empty", "", "", NULL, false, FAULT_PIN_LENGTH, 0, 1},
        {"long", "", "123456789012345678901234567890123", NULL, false,
         FAULT_PIN_LENGTH, 0, 1},
        {"locked", "flags 0x40000\n", TOKENS_PIN, NULL, false,
         FAULT_PIN_BLOCKED, 0, 0},
        {"last", "flags 0x20000\n", TOKENS_PIN, NULL, false, FAULT_PIN_LAST, 0,
         1},
        {"last, wanted", "flags 0x20000\n", TOKENS_PIN, NULL, true, FAULT_NONE,
         1, 1},
        {"PIN pad", "pad 12345678\n", "", NULL, false, FAULT_NONE, 1, 1},
        {"wrong at the pad", "pad wrong-one\n", "", NULL, false,
         FAULT_PIN_WRONG, 1, 2},
        {"cancelled at the pad", "pad\n", "", NULL, false, FAULT_CANCELLED, 1,
         1},
        {"last at the pad", "pad 12345678\nflags 0x20000\n", "", NULL, false,
         FAULT_PIN_LAST, 0, 1},
        {"nobody at the pad", "pad 12345678\n", NULL, NULL, false,
         FAULT_PIN_NEEDED, 0, 1},
        {"low", "flags 0x10000\n", TOKENS_PIN, NULL, false, FAULT_NONE, 1, 1},
        {"expired", "fail C_Login 0xa3\n", TOKENS_PIN, NULL, false,
         FAULT_PIN_CHANGE, 1, 1},
        {"locks", "fail C_Login 0xa4\n", TOKENS_PIN, TOKENS_PIN, false,
         FAULT_PIN_BLOCKED, 1, 1},
        {"gone", "fail C_Login 0x32\n", TOKENS_PIN, TOKENS_PIN, false,
         FAULT_TOKEN_GONE, 1, 1},
        {"another user", "fail C_Login 0x104\n", TOKENS_PIN, TOKENS_PIN, false,
         FAULT_TOKEN_BUSY, 1, 1},
        {"already", "fail C_Login 0x100\n", TOKENS_PIN, NULL, false, FAULT_NONE,
         1, 1},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pkcs11_token *token;

        print_message("# %s\n", rows[i].name);
        tokens_new();
        tokens_set(rows[i].settings);
        tokens_pins(rows[i].first, rows[i].second, rows[i].last_word);
        assert_int_equal(open_one(FIRST, false, &token), FAULT_NONE);
        assert_int_equal(pkcs11_pin_login(token), rows[i].fault);
        assert_int_equal(tokens_calls("C_Login"), rows[i].logins);
        assert_int_equal(tokens_asked(), rows[i].asked);
        pkcs11_token_close(&token);
        tokens_end();
    }
}

/* Never more tries than the token has: it locks itself at the last one. */
static void test_tries_run_out(void **state)
{
    struct pkcs11_token *token;
    struct pin_state seen = {.tries = 0};

    (void)state;
    tokens_new();
    assert_int_equal(open_one(FIRST, false, &token), FAULT_NONE);
    for (unsigned i = 0; i < 4; i++) {
        tokens_pins("wrong-one", NULL, false);
        assert_int_equal(pkcs11_pin_login(token), FAULT_PIN_WRONG);
    }
    assert_int_equal(pkcs11_pin_state(token, PIN_OWNER_USER, &seen),
                     FAULT_NONE);
    assert_true(seen.last && seen.low && !seen.blocked);
    assert_int_equal(seen.tries, 1);
    assert_string_equal(seen.factory, TOKENS_PIN);
    assert_string_equal(seen.token, "Rutoken ECP 48e243b5");
    assert_int_equal(seen.least, 6);
    assert_int_equal(seen.most, 32);
    tokens_pins(TOKENS_PIN, NULL, false);
    assert_int_equal(pkcs11_pin_login(token), FAULT_PIN_LAST);
    assert_int_equal(tokens_calls("C_Login"), 4);
    tokens_pins("wrong-one", NULL, true);
    assert_int_equal(pkcs11_pin_login(token), FAULT_PIN_BLOCKED);
    tokens_pins(TOKENS_PIN, NULL, true);
    assert_int_equal(pkcs11_pin_login(token), FAULT_PIN_BLOCKED);
    assert_int_equal(tokens_calls("C_Login"), 5);
    pkcs11_token_close(&token);
    tokens_end();
}

/* The token in the slot is changed while the person types. */
static void test_another_token(void **state)
{
    static const char *const rows[][2] = {
        {"absent 1\n", "serial 11111111\n"},
        {"absent 1\nserial\n", "absent 1\nserial 11111111\n"},
        {"absent 1\nserial\nlabel one\n", "serial\nlabel other\n"},
        {"zeros\nabsent 1\nserial\nlabel\n", "zeros\nserial 11111111\nlabel\n"},
    };
    struct pkcs11_token *token;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        tokens_new();
        tokens_set(rows[i][0]);
        assert_int_equal(open_one("", false, &token), FAULT_NONE);
        tokens_set(rows[i][1]);
        assert_int_equal(pkcs11_pin_login(token), FAULT_TOKEN_GONE);
        assert_int_equal(tokens_calls("C_Login"), 0);
        tokens_set(rows[i][0]);
        assert_int_equal(pkcs11_pin_login(token), FAULT_NONE);
        pkcs11_token_close(&token);
        tokens_end();
    }
}

/* A session that was not opened is not closed: it may be another's. */
static void test_session_of_another(void **state)
{
    struct pkcs11_token *token, *other;

    (void)state;
    tokens_new();
    assert_int_equal(open_one(FIRST, false, &other), FAULT_NONE);
    tokens_set("careless\nfail C_OpenSession 0x30\n");
    assert_int_equal(open_one(FIRST, false, &token), FAULT_TOKEN_ANSWER);
    assert_int_equal(tokens_calls("C_CloseSession"), 0);
    tokens_set("");
    assert_int_equal(pkcs11_pin_login(other), FAULT_NONE);
    pkcs11_token_close(&other);
    tokens_end();
}

/* What a token says of the length of its PIN, and what cannot be. */
static void test_length(void **state)
{
    static const struct {
        CK_ULONG least, most;
        size_t says_least, says_most;
    } rows[] = {
        {6, 32, 6, 32},
        {0, 0, 0, 0},
        {PIN_MAX, PIN_MAX, PIN_MAX, PIN_MAX},
        {PIN_MAX + 1, PIN_MAX + 1, 0, 0},
        {CK_UNAVAILABLE_INFORMATION, CK_UNAVAILABLE_INFORMATION, 0, 0},
    };
    struct pkcs11_token *token;

    (void)state;
    tokens_new();
    assert_int_equal(open_one(FIRST, false, &token), FAULT_NONE);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct medium_info info;

        token->info.ulMinPinLen = rows[i].least;
        token->info.ulMaxPinLen = rows[i].most;
        pkcs11_token_look(token, &info);
        assert_int_equal(info.pin_least, rows[i].says_least);
        assert_int_equal(info.pin_most, rows[i].says_most);
    }
    pkcs11_token_close(&token);
    tokens_end();
}

static void test_set_pin(void **state)
{
    struct pkcs11_token *token;

    (void)state;
    tokens_new();
    assert_int_equal(open_one(FIRST, true, &token), FAULT_NONE);
    assert_int_equal(pkcs11_pin_set(token, PIN_OWNER_USER, "12345"),
                     FAULT_PIN_LENGTH);
    assert_int_equal(pkcs11_pin_set(token, PIN_OWNER_USER, ""),
                     FAULT_PIN_LENGTH);
    assert_int_equal(tokens_asked(), 0);
    tokens_pins("wrong-one", NULL, false);
    assert_int_equal(pkcs11_pin_set(token, PIN_OWNER_USER, "another-one"),
                     FAULT_PIN_WRONG);
    assert_int_equal(tokens_calls("C_SetPIN"), 1);
    tokens_pins(TOKENS_PIN, NULL, false);
    assert_int_equal(pkcs11_pin_set(token, PIN_OWNER_USER, "another-one"),
                     FAULT_NONE);
    /* What it is now is known. */
    assert_int_equal(pkcs11_pin_login(token), FAULT_NONE);
    assert_int_equal(tokens_asked(), 1);
    assert_int_equal(tokens_calls("C_Login"), 1);
    pkcs11_token_close(&token);
    tokens_end();
}

/* Lets the administrator in and puts a user's PIN in. */
static void test_unblock(void **state)
{
    static const struct {
        const char *settings, *pin, *new_one;
        enum fault fault;
        size_t logins, inits;
    } rows[] = {
        {"", "87654321", "12345", FAULT_PIN_LENGTH, 0, 0},
        {"", "87654321", "", FAULT_PIN_LENGTH, 0, 0},
        {"", NULL, "another-one", FAULT_PIN_NEEDED, 0, 0},
        {"", "1234", "another-one", FAULT_PIN_LENGTH, 0, 0},
        {"flags 0x400000\n", "87654321", "another-one", FAULT_PIN_BLOCKED, 0,
         0},
        {"flags 0x200000\n", "87654321", "another-one", FAULT_PIN_LAST, 0, 0},
        {"", "12345678", "another-one", FAULT_PIN_WRONG, 1, 0},
        {"fail C_Login 0xa3\n", "87654321", "another-one", FAULT_PIN_CHANGE, 1,
         0},
        {"fail C_Login 0x100\n", "87654321", "another-one", FAULT_PIN_UNSEEN, 1,
         0},
        {"fail C_Login 0xb7\n", "87654321", "another-one", FAULT_TOKEN_BUSY, 1,
         0},
        {"fail C_InitPIN 0x1b\n", "87654321", "another-one", FAULT_PIN_RIGHT, 1,
         1},
        {"fail C_InitPIN 0xa2\n", "87654321", "another-one", FAULT_PIN_LENGTH,
         1, 1},
        {"fail C_InitPIN 0x54\n", "87654321", "another-one",
         FAULT_TOKEN_REFUSED, 1, 1},
        {"fail C_InitPIN 0x32\n", "87654321", "another-one", FAULT_TOKEN_GONE,
         1, 1},
        /* Said to be done, and still locked. */
        {"flags 0x40000\n", "87654321", "another-one", FAULT_TOKEN_ANSWER, 1,
         1},
        {"", "87654321", "another-one", FAULT_NONE, 1, 1},
    };

    (void)state;
    tokens_new();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pkcs11_token *token;

        print_message("# row %zu\n", i);
        tokens_set(rows[i].settings);
        tokens_pins(rows[i].pin, NULL, false);
        tokens_forget();
        assert_int_equal(open_one(FIRST, true, &token), FAULT_NONE);
        assert_int_equal(pkcs11_pin_unblock(token, rows[i].new_one),
                         rows[i].fault);
        assert_int_equal(tokens_calls("C_Login"), rows[i].logins);
        assert_int_equal(tokens_calls("C_InitPIN"), rows[i].inits);
        pkcs11_token_close(&token);
        assert_int_equal(tokens_calls("C_Logout"), rows[i].inits);
    }
    tokens_end();
}

/* What no session has looked at is not known to be right. */
static void test_unseen(void **state)
{
    struct pkcs11_token *token, *other;

    (void)state;
    tokens_new();
    assert_int_equal(open_one(FIRST, true, &other), FAULT_NONE);
    assert_int_equal(pkcs11_pin_login(other), FAULT_NONE);
    assert_int_equal(open_one(FIRST, true, &token), FAULT_NONE);
    tokens_pins("wrong-one", NULL, false);
    assert_int_equal(pkcs11_pin_check(token, PIN_OWNER_USER), FAULT_PIN_UNSEEN);
    pkcs11_token_close(&token);
    pkcs11_token_close(&other);
    /* It is sent then, and found wrong. */
    assert_int_equal(open_one(FIRST, true, &token), FAULT_NONE);
    assert_int_equal(pkcs11_pin_login(token), FAULT_PIN_WRONG);
    pkcs11_token_close(&token);
    /* Two that log in at a time: one is let in by the other's PIN. */
    tokens_pins("wrong-one", NULL, false);
    tokens_set("fail C_Login 0x100\n");
    assert_int_equal(open_one(FIRST, true, &token), FAULT_NONE);
    assert_int_equal(pkcs11_pin_login(token), FAULT_NONE);
    pkcs11_token_close(&token);
    tokens_set("");
    assert_int_equal(open_one(FIRST, true, &token), FAULT_NONE);
    assert_int_equal(pkcs11_pin_login(token), FAULT_PIN_WRONG);
    pkcs11_token_close(&token);
    tokens_end();
}

/* All of it is entered there, also what is new. */
static void test_pad(void **state)
{
    struct pkcs11_token *token;

    (void)state;
    tokens_new();
    tokens_set("pad 12345678 another-one\n");
    tokens_pins("", "", false);
    assert_int_equal(open_one(FIRST, true, &token), FAULT_NONE);
    assert_int_equal(pkcs11_pin_set(token, PIN_OWNER_USER, "another-one"),
                     FAULT_ARGUMENT);
    assert_int_equal(pkcs11_pin_set(token, PIN_OWNER_USER, NULL), FAULT_NONE);
    tokens_set("pad 87654321 a-third-one\n");
    assert_int_equal(pkcs11_pin_unblock(token, NULL), FAULT_NONE);
    pkcs11_token_close(&token);
    tokens_set("");
    tokens_pins("a-third-one", NULL, false);
    assert_int_equal(open_one(FIRST, true, &token), FAULT_NONE);
    assert_int_equal(pkcs11_pin_set(token, PIN_OWNER_USER, NULL),
                     FAULT_ARGUMENT);
    assert_int_equal(pkcs11_pin_login(token), FAULT_NONE);
    pkcs11_token_close(&token);
    tokens_end();
}

static void test_administrators_own(void **state)
{
    struct pkcs11_token *token;

    (void)state;
    tokens_new();
    tokens_pins("87654321", NULL, false);
    assert_int_equal(open_one(FIRST, true, &token), FAULT_NONE);
    assert_int_equal(
        pkcs11_pin_set(token, PIN_OWNER_ADMINISTRATOR, "another-one"),
        FAULT_NONE);
    pkcs11_token_close(&token);
    /* The user's is as it was; nobody is asked for the new one. */
    assert_int_equal(open_one(FIRST, true, &token), FAULT_NONE);
    assert_int_equal(pkcs11_pin_check(token, PIN_OWNER_ADMINISTRATOR),
                     FAULT_NONE);
    assert_int_equal(tokens_asked(), 1);
    pkcs11_token_close(&token);
    tokens_pins(TOKENS_PIN, NULL, false);
    assert_int_equal(open_one(FIRST, true, &token), FAULT_NONE);
    assert_int_equal(pkcs11_pin_login(token), FAULT_NONE);
    pkcs11_token_close(&token);
    /* One that must be changed before it opens anything: C_SetPIN would try it
     * as the user's. */
    tokens_pins("another-one", NULL, false);
    tokens_set("fail C_Login 0xa3\n");
    tokens_forget();
    assert_int_equal(open_one(FIRST, true, &token), FAULT_NONE);
    assert_int_equal(
        pkcs11_pin_set(token, PIN_OWNER_ADMINISTRATOR, "a-third-one"),
        FAULT_PIN_CHANGE);
    assert_int_equal(tokens_calls("C_SetPIN"), 0);
    pkcs11_token_close(&token);
    tokens_end();
}

static void test_text(void **state)
{
    static const struct {
        const char *field, *text;
    } rows[] = {
        {"Rutoken ECP     ", "Rutoken ECP"},
        {"                ", ""},
        {"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", ""},
        {"1234567890123456", "1234567890123456"},
        {"Рутокен         ", "Рутокен"},
        {"\xFF               ", ""},
        {"a\x1B[2J           ", ""},
        {"a\nb             ", ""},
        {"\xD0               ", ""},
        {"a\0b             ", ""},
    };
    char text[MEDIUM_LABEL_MAX];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        pkcs11_token_text((const CK_UTF8CHAR *)rows[i].field, 16, text,
                          sizeof text);
        assert_string_equal(text, rows[i].text);
    }
    pkcs11_token_text((const CK_UTF8CHAR *)"abcd", 4, text, 4);
    assert_string_equal(text, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_find),
        cmocka_unit_test(test_login),
        cmocka_unit_test(test_login_after_pulling_out),
        cmocka_unit_test(test_pins),
        cmocka_unit_test(test_tries_run_out),
        cmocka_unit_test(test_another_token),
        cmocka_unit_test(test_session_of_another),
        cmocka_unit_test(test_length),
        cmocka_unit_test(test_set_pin),
        cmocka_unit_test(test_unblock),
        cmocka_unit_test(test_unseen),
        cmocka_unit_test(test_pad),
        cmocka_unit_test(test_administrators_own),
        cmocka_unit_test(test_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
