/* The floor under a renewal: its cryptographic steps alone, in one process
 * and with keys in memory. Nothing is read, sent, written or checked twice.
 * CPU time in milliseconds: the least and the median of many. */
#include "tests/support/pki.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <time.h>

enum { RUNS = 300, STATEMENT = 1200 };

static struct pki issuer, old;

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return 1e3 * (double)time.tv_sec + 1e-6 * (double)time.tv_nsec;
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static gnutls_pubkey_t public_of(const struct certificate *certificate)
{
    gnutls_pubkey_t key;

    assert_int_equal(gnutls_pubkey_init(&key), 0);
    assert_int_equal(
        gnutls_pubkey_import_x509(key, certificate_crt(certificate), 0), 0);
    return key;
}

/* Bytes to sign and to verify: what they are does not change the cost. */
static gnutls_datum_t statement(void)
{
    static uint8_t text[STATEMENT];

    return (gnutls_datum_t){text, sizeof text};
}

static void sign(gnutls_privkey_t key, gnutls_datum_t *signature)
{
    const gnutls_datum_t data = statement();

    assert_int_equal(gnutls_privkey_sign_data(key, old.algorithm->digest, 0,
                                              &data, signature),
                     0);
}

/* A key is made; the statement, the request and what is around it are
 * signed; the old certificate and the new one are verified. */
static void all_steps(gnutls_pubkey_t verifier,
                      const gnutls_datum_t *issuer_signature)
{
    const gnutls_datum_t data = statement();
    gnutls_privkey_t made = pki_key(old.algorithm);
    gnutls_datum_t signature = {NULL, 0};

    for (int i = 0; i < 3; i++) {
        sign(i == 1 ? made : old.key, &signature);
        gnutls_free(signature.data);
    }
    for (int i = 0; i < 2; i++)
        assert_int_equal(gnutls_pubkey_verify_data2(verifier,
                                                    old.algorithm->sign, 0,
                                                    &data, issuer_signature),
                         0);
    gnutls_privkey_deinit(made);
}

int main(void)
{
    const struct pki_spec of_issuer = {.name = "CA", .authority = true};
    const struct pki_spec of_old = {.issuer = &issuer};
    static double times[RUNS];
    gnutls_datum_t signature = {NULL, 0};
    gnutls_pubkey_t verifier;

    pki_make(&issuer, &of_issuer);
    pki_make(&old, &of_old);
    verifier = public_of(issuer.certificate);
    sign(issuer.key, &signature);
    for (size_t i = 0; i < RUNS; i++) {
        const double begun = now();

        all_steps(verifier, &signature);
        times[i] = now() - begun;
    }
    qsort(times, RUNS, sizeof *times, compare);
    printf("the cryptographic steps of a renewal in one process: "
           "%.2f ms least, %.2f ms median\n",
           times[0], times[RUNS / 2]);
    gnutls_free(signature.data);
    gnutls_pubkey_deinit(verifier);
    pki_free(&old);
    pki_free(&issuer);
    return 0;
}
