/* The medium "pkcs11:" on the tests' own module. */
#include "token/pkcs11/pkcs11_medium.h"

#include "keygen/external_key.h"
#include "tests/support/pki.h"
#include "tests/support/tokens.h"
#include "token/report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define FIRST TOKENS_FIRST

static const struct medium_ops *const ops = &pkcs11_medium;

/* --- making, signing ----------------------------------------------------- */

static void test_make(void **state)
{
    static const struct {
        const char *word, *settings;
    } rows[] = {
        {"gost2012-256", ""},
        {"gost2012-512", ""},
        {"gost2012-256", "reversed\n"},
        {"gost2012-512", "reversed\n"},
        {"gost2012-256", "octetString\n"},
        {"gost2012-512", "octetString\n"},
        {"gost2012-256", "octetString\nreversed\n"},
        {"gost2012-256", "alwaysAuthenticate\n"},
        {"gost2012-256", "refuseParameters 06072a850302022400\n"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct algorithm *algorithm = algorithm_by_word(rows[i].word);
        struct container *made, *opened;
        struct container_info info;

        print_message("# %s %s%s", rows[i].word, rows[i].settings,
                      rows[i].settings[0] == '\0' ? "\n" : "");
        tokens_new();
        tokens_set(rows[i].settings);
        assert_int_equal(tokens_generate(tokens_place(FIRST), "abcd1234.000",
                                         rows[i].word, &made),
                         FAULT_NONE);
        assert_ptr_equal(made->info.algorithm, algorithm);
        assert_true(made->info.resident);
        assert_false(made->info.exportable);
        assert_null(made->scalar);
        assert_string_equal(made->info.name, "новый ключ");
        assert_int_equal(made->info.key_not_after, PKI_UNTIL);
        assert_string_equal(made->info.where,
                            tokens_place(FIRST ";id=abcd1234.000"));
        assert_int_equal(ops->describe(made->info.where, &info), FAULT_NONE);
        assert_string_equal(info.curve, i == 8 ? "CryptoPro-A"
                                        : algorithm->key_size == 32
                                            ? "CryptoPro-XchA"
                                            : "TC26-512-A");
        container_info_free(&info);
        assert_int_equal(ops->open(made->info.where, NULL, &opened),
                         FAULT_NONE);
        assert_memory_equal(opened->point, made->point,
                            2 * algorithm->key_size);
        assert_int_equal(external_key_prove(opened->external), FAULT_NONE);
        container_free(&made);
        /* The other one is logged in still. */
        assert_int_equal(external_key_prove(opened->external), FAULT_NONE);
        assert_int_equal(tokens_calls("C_Logout"), 0);
        container_free(&opened);
        assert_int_equal(tokens_calls("C_Logout"), 1);
        assert_int_equal(tokens_asked(), 1);
        tokens_end();
    }
}

static void test_not_made(void **state)
{
    static const struct {
        const char *name, *settings, *word;
        enum fault fault;
    } rows[] = {
        {"no mechanisms", "noMechanisms\n", NULL, FAULT_NOT_RESIDENT},
        {"not logged in", "fail C_Login 0xa0\n", NULL, FAULT_PIN_WRONG},
        {"locked", "fail C_Login 0xa4\n", NULL, FAULT_PIN_BLOCKED},
        {"to be changed", "fail C_Login 0xa3\n", NULL, FAULT_PIN_CHANGE},
        {"full", "fail C_GenerateKeyPair 0x31\n", NULL, FAULT_TOKEN_SPACE},
        {"refused", "fail C_GenerateKeyPair 0x1b\n", NULL, FAULT_TOKEN_REFUSED},
        {"pulled out", "fail C_GenerateKeyPair 0x32\n", NULL, FAULT_TOKEN_GONE},
        {"does not sign", "fail C_Sign 0x30\n", NULL, FAULT_TOKEN_ANSWER},
        {"signs otherwise", "spoiled\n", NULL, FAULT_SIGNATURE},
        {"short signature", "signature 63\n", NULL, FAULT_TOKEN_ANSWER},
        {"long signature", "signature 65\n", NULL, FAULT_TOKEN_ANSWER},
        {"huge signature", "signature 0xffffffffffffffff\n", NULL,
         FAULT_TOKEN_ANSWER},
        {"another point", "value 0x11 0102\n", NULL, FAULT_TOKEN_ANSWER},
        {"no curve", "without 0x250\n", NULL, FAULT_UNSUPPORTED},
        {"another kind", "value 0x100 0000000000000000\n", NULL,
         FAULT_UNSUPPORTED},
        {"write-protected", "fail C_OpenSession 0xe2\n", NULL, FAULT_READ_ONLY},
        {"busy", "fail C_OpenSession 0xb1\n", NULL, FAULT_TOKEN_BUSY},
        {"no token", "absent 0\n", NULL, FAULT_NO_TOKEN},
        {"a curve that is refused otherwise", "fail C_GenerateKeyPair 0x140\n",
         NULL, FAULT_NOT_RESIDENT},
        {"unknown curves", "refuseParameters 06092a8503070102010201\n",
         "gost2012-512", FAULT_NOT_RESIDENT},
        {"retired", "", "gost2001", FAULT_NOT_RESIDENT},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct container_spec spec = {
            .folder_name = "k",
            .name = "k",
            .algorithm = rows[i].word != NULL ? algorithm_find(rows[i].word)
                                              : algorithm_by_word(NULL)};
        struct container *made;

        print_message("# %s\n", rows[i].name);
        tokens_new();
        tokens_set(rows[i].settings);
        assert_int_equal(ops->generate(tokens_place(FIRST), &spec, NULL, &made),
                         rows[i].fault);
        assert_null(made);
        assert_true(tokens_calls("C_OpenSession") >=
                    tokens_calls("C_CloseSession"));
        /* Nothing of it is there. */
        tokens_set("");
        assert_int_equal(ops->probe(tokens_place(FIRST), "k"), FAULT_NONE);
        tokens_end();
    }
}

static void test_never_overwrites(void **state)
{
    char where[LOCATION_MAX];
    struct container *container;

    (void)state;
    tokens_new();
    tokens_make("k", NULL, where);
    assert_int_equal(ops->probe(tokens_place(FIRST), "k"), FAULT_EXISTS);
    assert_int_equal(ops->probe(tokens_place(FIRST), "l"), FAULT_NONE);
    assert_int_equal(ops->probe(tokens_place(FIRST), NULL), FAULT_NONE);
    assert_int_equal(ops->probe(where, "l"), FAULT_LOCATION);
    assert_int_equal(
        tokens_generate(tokens_place(FIRST), "k", NULL, &container),
        FAULT_EXISTS);
    /* Nor a key that does not tell what it is. */
    tokens_set("without 0x11\n");
    assert_int_equal(ops->probe(tokens_place(FIRST), "k"), FAULT_EXISTS);
    tokens_set("without 0x100\n");
    assert_int_equal(ops->probe(tokens_place(FIRST), "k"), FAULT_EXISTS);
    assert_int_equal(
        tokens_generate(tokens_place(FIRST), "k", NULL, &container),
        FAULT_EXISTS);
    assert_int_equal(tokens_calls("C_GenerateKeyPair"), 1);
    /* What a call that failed says that it made is not taken away. */
    tokens_set("careless\nfail C_GenerateKeyPair 0x31\n");
    assert_int_equal(
        tokens_generate(tokens_place(FIRST), "l", NULL, &container),
        FAULT_TOKEN_SPACE);
    assert_int_equal(tokens_calls("C_GenerateKeyPair"), 2);
    assert_int_equal(tokens_calls("C_DestroyObject"), 0);
    tokens_set("");
    assert_int_equal(ops->open(where, NULL, &container), FAULT_NONE);
    container_free(&container);
    tokens_end();
}

/* A token that was pulled out and put in again signs, and asks nobody. */
static void test_comes_back(void **state)
{
    struct container *one, *other;

    (void)state;
    tokens_new();
    assert_int_equal(tokens_generate(tokens_place(FIRST), "k", NULL, &one),
                     FAULT_NONE);
    assert_int_equal(tokens_generate(tokens_place(FIRST), "l", NULL, &other),
                     FAULT_NONE);
    for (size_t i = 0; i < 3; i++) {
        tokens_set("absent 0\n");
        assert_int_equal(external_key_prove(one->external), FAULT_NO_TOKEN);
        assert_int_equal(external_key_prove(other->external), FAULT_NO_TOKEN);
        tokens_set(i == 1 ? "fail C_Sign 0x32 1\n" : "");
        if (i == 1)
            assert_int_equal(external_key_prove(one->external),
                             FAULT_TOKEN_GONE);
        tokens_set("");
        assert_int_equal(external_key_prove(one->external), FAULT_NONE);
        assert_int_equal(external_key_prove(other->external), FAULT_NONE);
    }
    container_free(&one);
    /* The login is the other's still. */
    assert_int_equal(external_key_prove(other->external), FAULT_NONE);
    tokens_set("fail C_Sign 0x30\n");
    assert_int_equal(external_key_prove(other->external), FAULT_TOKEN_ANSWER);
    tokens_set("");
    assert_int_equal(external_key_prove(other->external), FAULT_NONE);
    container_free(&other);
    assert_int_equal(tokens_asked(), 1);
    tokens_end();
}

/* Comes after it was asked twice; settings are those until then. */
static bool arrive(void *context)
{
    unsigned *asked = context;

    tokens_set(++*asked < 2 ? "fail C_GetTokenInfo 0x30\n" : "");
    return *asked == 4;
}

/* What another token cannot say does not end the waiting. */
static void test_await(void **state)
{
    static const char *const rows[] = {
        "absent 0\n", "absent 0\nabsent 1\n", "fail C_GetTokenInfo 0xe1\n",
        "fail C_GetTokenInfo 0x32\n", "fail C_GetTokenInfo 0xe0\n"};
    unsigned asked;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        print_message("# %s", rows[i]);
        tokens_new();
        tokens_set(rows[i]);
        asked = 0;
        assert_int_equal(ops->await(tokens_place(FIRST), arrive, &asked),
                         FAULT_NONE);
        assert_int_equal(asked, 2);
        assert_int_equal(ops->await(tokens_place("serial=1"), arrive, &asked),
                         FAULT_INTERRUPTED);
        assert_int_equal(asked, 4);
        tokens_end();
    }
    tokens_new();
    tokens_set("serial 48e243b5\n");
    assert_int_equal(ops->await(tokens_place(FIRST), arrive, &asked),
                     FAULT_TOKEN_SEVERAL);
    assert_int_equal(ops->await("pkcs11:?module-path=/none.so", arrive, &asked),
                     FAULT_MODULE_MISSING);
    tokens_end();
}

/* Whatever call fails, whenever: a fault and no key, or a key. */
static void test_every_call_fails(void **state)
{
    static const char *const calls[] = {"C_GetSlotList",
                                        "C_GetTokenInfo",
                                        "C_OpenSession",
                                        "C_GetMechanismInfo",
                                        "C_GetSessionInfo",
                                        "C_Login",
                                        "C_FindObjectsInit",
                                        "C_FindObjects",
                                        "C_FindObjectsFinal",
                                        "C_GetAttributeValue",
                                        "C_GenerateKeyPair",
                                        "C_SignInit",
                                        "C_Sign",
                                        "C_CloseSession",
                                        "C_Logout",
                                        "C_DestroyObject"};
    char line[64];

    (void)state;
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        struct container *made;
        struct container_info info;
        enum fault fault;
        char where[LOCATION_MAX];

        tokens_new();
        assert_true(snprintf(line, sizeof line, "fail %s 0x30\n", calls[i]) <
                    (int)sizeof line);
        tokens_set(line);
        fault = tokens_generate(tokens_place(FIRST), "k", NULL, &made);
        print_message("# %s: %s\n", calls[i], fault_word(fault));
        assert_true((fault == FAULT_NONE) == (made != NULL));
        container_free(&made);
        tokens_set("");
        assert_int_equal(ops->join(tokens_place(FIRST), "k", where),
                         FAULT_NONE);
        assert_int_equal(ops->describe(where, &info),
                         fault == FAULT_NONE ? FAULT_NONE : FAULT_NOT_FOUND);
        container_info_free(&info);
        tokens_end();
    }
}

/* --- what cannot be ------------------------------------------------------ */

static void test_refusals(void **state)
{
    struct material *material;
    struct container_files *files;
    struct container *container;
    char where[LOCATION_MAX];
    const struct container_spec spec = {.folder_name = "k"};

    (void)state;
    tokens_new();
    tokens_make("k", NULL, where);
    assert_int_equal(ops->take_out(where, NULL, &material), FAULT_RESIDENT);
    assert_null(material);
    assert_int_equal(ops->read_files(where, &files), FAULT_RESIDENT);
    assert_null(files);
    assert_int_equal(ops->store(where, &spec, NULL, NULL, &container),
                     FAULT_INSIDE_ONLY);
    assert_int_equal(ops->put_in(where, "k", NULL, NULL, NULL, &container),
                     FAULT_INSIDE_ONLY);
    assert_int_equal(ops->write_files(where, "k", NULL, NULL, NULL),
                     FAULT_INSIDE_ONLY);
    assert_int_equal(ops->set_password(where, NULL, "x", NULL),
                     FAULT_PIN_INSTEAD);
    assert_int_equal(ops->open(tokens_place(FIRST), NULL, &container),
                     FAULT_NOT_FOUND);
    assert_int_equal(ops->open(tokens_place(FIRST ";id=zz"), NULL, &container),
                     FAULT_NOT_FOUND);
    assert_int_equal(tokens_calls("C_Logout"), tokens_calls("C_Login"));
    tokens_end();
}

static void test_remove(void **state)
{
    struct container *container;
    struct certificate *certificate;
    struct container_info info;
    char where[LOCATION_MAX], other[LOCATION_MAX];

    (void)state;
    tokens_new();
    tokens_make("l", NULL, other);
    assert_int_equal(
        tokens_generate(tokens_place(FIRST), "k", NULL, &container),
        FAULT_NONE);
    memcpy(where, container->info.where, sizeof where);
    certificate = tokens_certify(container, PKI_UNTIL);
    assert_int_equal(ops->write_certificate(where, certificate), FAULT_NONE);
    container_free(&container);
    assert_int_equal(ops->remove(tokens_place(FIRST)), FAULT_NOT_FOUND);
    assert_int_equal(ops->remove(tokens_place(FIRST ";id=m")), FAULT_NOT_FOUND);
    assert_int_equal(tokens_calls("C_DestroyObject"), 0);
    assert_int_equal(ops->remove(where), FAULT_NONE);
    assert_int_equal(ops->describe(where, &info), FAULT_NOT_FOUND);
    container_info_free(&info);
    assert_int_equal(ops->describe(other, &info), FAULT_NONE);
    container_info_free(&info);
    certificate_free(&certificate);
    tokens_end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_make),
        cmocka_unit_test(test_not_made),
        cmocka_unit_test(test_never_overwrites),
        cmocka_unit_test(test_comes_back),
        cmocka_unit_test(test_await),
        cmocka_unit_test(test_every_call_fails),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_remove),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
