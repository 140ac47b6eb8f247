#include "keygen/external_key.h"

#include "keygen/cades.h"
#include "keygen/request.h"
#include "tests/support/pki.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A token: what it signs with, and how it answers. */
struct token {
    const struct algorithm *algorithm;
    gnutls_privkey_t key; /* not owned */
    bool reversed, spoiled;
    enum fault fault;
    unsigned signatures, closed;
};

static enum fault sign(void *context, const uint8_t *digest, uint8_t *signature)
{
    struct token *token = context;
    const size_t size = 2 * token->algorithm->key_size;
    const gnutls_datum_t hash = {(void *)(uintptr_t)digest, (unsigned)size / 2};
    gnutls_datum_t made = {NULL, 0};

    token->signatures++;
    if (token->fault != FAULT_NONE)
        return token->fault;
    assert_int_equal(gnutls_privkey_sign_hash2(
                         token->key, token->algorithm->sign, 0, &hash, &made),
                     0);
    assert_int_equal(made.size, size);
    for (size_t i = 0; i < size; i++)
        signature[token->reversed ? size - 1 - i : i] = made.data[i];
    if (token->spoiled)
        signature[size / 2] ^= 1;
    gnutls_free(made.data);
    return FAULT_NONE;
}

static void let_go(void *context)
{
    struct token *token = context;

    token->closed++;
}

static const struct external_ops ops = {sign, let_go};

struct outside {
    struct pki pki;
    struct token token;
    gnutls_privkey_t key;
    struct external_key *external;
};

static void outside_make(struct outside *outside, const char *word)
{
    memset(outside, 0, sizeof *outside);
    pki_make(&outside->pki, &(struct pki_spec){.word = word});
    outside->token =
        (struct token){outside->pki.algorithm, .key = outside->pki.key};
    assert_int_equal(external_key_new(outside->pki.algorithm,
                                      outside->pki.algorithm->curve,
                                      outside->pki.point, &ops, &outside->token,
                                      &outside->key, &outside->external),
                     FAULT_NONE);
}

static void outside_free(struct outside *outside)
{
    gnutls_privkey_deinit(outside->key);
    assert_int_equal(outside->token.closed, 1);
    pki_free(&outside->pki);
}

static enum fault request(struct outside *outside)
{
    struct name name;
    const struct request_content content = {.subject = &name,
                                            .sign_tool = "Средство",
                                            .classes = 1,
                                            .identification_kind = 1};
    gnutls_pubkey_t public;
    gnutls_x509_crq_t crq = NULL;
    struct bytes der;
    enum fault fault;

    assert_int_equal(external_key_public(outside->external, &public),
                     FAULT_NONE);
    pki_person(&name);
    bytes_init(&der, REQUEST_MAX);
    fault = request_make_for(public, outside->key, outside->pki.algorithm,
                             &content, &der);
    name_free(&name);
    if (fault == FAULT_NONE) {
        assert_int_equal(request_read(der.data, der.size, &crq, &name),
                         FAULT_NONE);
        gnutls_x509_crq_deinit(crq);
        name_free(&name);
    }
    gnutls_pubkey_deinit(public);
    bytes_free(&der);
    return fault;
}

static enum fault statement(struct outside *outside)
{
    struct bytes cms;
    enum fault fault;

    bytes_init(&cms, CADES_MAX);
    fault = cades_sign(outside->key, outside->pki.certificate, "text", 4, false,
                       PKI_NOW, &cms);
    bytes_free(&cms);
    return fault;
}

static void test_signs(void **state)
{
    static const char *const words[] = {"gost2012-256", "gost2012-512"};

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        struct outside outside;

        outside_make(&outside, words[i % 2]);
        outside.token.reversed = i >= 2;
        assert_int_equal(external_key_prove(outside.external), FAULT_NONE);
        assert_int_equal(request(&outside), FAULT_NONE);
        assert_int_equal(statement(&outside), FAULT_NONE);
        /* One signature each: no order costs a second one. */
        assert_int_equal(outside.token.signatures, 3);
        /* It may even change its ways. */
        outside.token.reversed = !outside.token.reversed;
        assert_int_equal(statement(&outside), FAULT_NONE);
        assert_int_equal(external_key_fault(outside.external), FAULT_NONE);
        outside_free(&outside);
    }
}

static void test_bad_answers(void **state)
{
    struct outside outside;
    struct pki other;

    (void)state;
    outside_make(&outside, "gost2012-256");
    pki_make(&other, &(struct pki_spec){.word = "gost2012-256"});
    outside.token.fault = FAULT_NO_ACCESS;
    assert_int_equal(external_key_prove(outside.external), FAULT_NO_ACCESS);
    assert_int_equal(statement(&outside), FAULT_LIBRARY);
    assert_int_equal(external_key_fault(outside.external), FAULT_NO_ACCESS);
    assert_int_equal(request(&outside), FAULT_LIBRARY);
    assert_int_equal(external_key_fault(outside.external), FAULT_NO_ACCESS);
    outside.token.fault = FAULT_NONE;
    outside.token.spoiled = true;
    assert_int_equal(external_key_prove(outside.external), FAULT_SIGNATURE);
    assert_int_equal(statement(&outside), FAULT_LIBRARY);
    assert_int_equal(external_key_fault(outside.external), FAULT_SIGNATURE);
    outside.token.spoiled = false;
    outside.token.key = other.key; /* a good signature of another key */
    assert_int_equal(external_key_prove(outside.external), FAULT_SIGNATURE);
    outside.token.reversed = true;
    assert_int_equal(external_key_prove(outside.external), FAULT_SIGNATURE);
    outside.token.key = outside.pki.key;
    assert_int_equal(external_key_prove(outside.external), FAULT_NONE);
    assert_int_equal(external_key_fault(outside.external), FAULT_NONE);
    pki_free(&other);
    outside_free(&outside);
}

/* Nothing that is signed verifies under what is no public key. */
static void test_bad_points(void **state)
{
    const struct algorithm *algorithm = algorithm_by_word(NULL);
    uint8_t point[2 * ALGORITHM_KEY_MAX] = {0};
    struct token token = {algorithm, pki_key(algorithm), .spoiled = false};
    gnutls_privkey_t key;
    struct external_key *external;

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        memset(point, (int[]){0, 1, 0xFF}[i], sizeof point);
        token.closed = 0;
        assert_int_equal(external_key_new(algorithm, algorithm->curve, point,
                                          &ops, &token, &key, &external),
                         FAULT_NONE);
        assert_int_equal(external_key_prove(external), FAULT_SIGNATURE);
        gnutls_privkey_deinit(key);
        assert_int_equal(token.closed, 1);
    }
    /* A curve of another family. */
    token.closed = 0;
    assert_int_equal(external_key_new(algorithm, GNUTLS_ECC_CURVE_SECP256R1,
                                      point, &ops, &token, &key, &external),
                     FAULT_UNSUPPORTED);
    assert_null(key);
    assert_null(external);
    assert_int_equal(token.closed, 1);
    gnutls_privkey_deinit(token.key);
}

/* Another hash, or one that is too short, does not reach the token. */
static void test_bad_digests(void **state)
{
    struct outside outside;
    uint8_t bytes[64] = {1};
    static const struct {
        gnutls_sign_algorithm_t sign;
        unsigned size;
    } rows[] = {
        {GNUTLS_SIGN_GOST_256, 31},   {GNUTLS_SIGN_GOST_256, 33},
        {GNUTLS_SIGN_GOST_256, 64},   {GNUTLS_SIGN_GOST_256, 0},
        {GNUTLS_SIGN_GOST_512, 64},   {GNUTLS_SIGN_GOST_94, 32},
        {GNUTLS_SIGN_RSA_SHA256, 32},
    };

    (void)state;
    outside_make(&outside, "gost2012-256");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const gnutls_datum_t hash = {bytes, rows[i].size};
        gnutls_datum_t signature = {NULL, 0};

        assert_true(gnutls_privkey_sign_hash2(outside.key, rows[i].sign, 0,
                                              &hash, &signature) < 0);
        assert_null(signature.data);
    }
    assert_int_equal(outside.token.signatures, 0);
    outside_free(&outside);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_signs),
        cmocka_unit_test(test_bad_answers),
        cmocka_unit_test(test_bad_points),
        cmocka_unit_test(test_bad_digests),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
