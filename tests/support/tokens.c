#include "tests/support/tokens.h"

#include "keygen/external_key.h"
#include "keygen/secret.h"
#include "tests/support/pki.h"
#include "tests/support/scratch.h"
#include "token/pkcs11/pkcs11_medium.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char *folder;
static struct {
    const char *pin[2];
    size_t given;
    bool last_word;
    unsigned asked;
} person;

static enum fault ask(void *context, struct pin_question *question, char **pin)
{
    (void)context;
    person.asked++;
    if (person.given == 2 || person.pin[person.given] == NULL)
        return question->wrong ? FAULT_PIN_WRONG : FAULT_PIN_NEEDED;
    question->last_word = person.last_word;
    if (question->state->pad) {
        person.given++;
        return FAULT_NONE;
    }
    *pin =
        secret_copy(person.pin[person.given], strlen(person.pin[person.given]));
    person.given++;
    return *pin != NULL ? FAULT_NONE : FAULT_MEMORY;
}

void tokens_pins(const char *first, const char *second, bool last_word)
{
    static const struct pin_source source = {.ask = ask};

    person.pin[0] = first;
    person.pin[1] = second;
    person.given = 0;
    person.last_word = last_word;
    person.asked = 0;
    pin_forget(NULL);
    pin_use(&source);
}

unsigned tokens_asked(void)
{
    return person.asked;
}

void tokens_new(void)
{
    folder = scratch_new();
    assert_int_equal(setenv("KEP_TEST_PKCS11", folder, 1), 0);
    tokens_pins(TOKENS_PIN, NULL, false);
}

void tokens_end(void)
{
    pin_forget(NULL);
    pin_use(NULL);
    scratch_remove(&folder);
}

const char *tokens_module(void)
{
    static char path[PATH_MAX];
    ssize_t size = readlink("/proc/self/exe", path, sizeof path - 32);

    assert_true(size > 0);
    path[size] = '\0';
    (void)snprintf(strrchr(path, '/'), 32, "/pkcs11/module.so");
    return path;
}

void tokens_set(const char *lines)
{
    FILE *file = fopen(scratch_path(folder, "settings"), "we");

    assert_non_null(file);
    assert_true(fputs(lines, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

const char *tokens_place(const char *attributes)
{
    static char places[4][LOCATION_MAX];
    static size_t next;
    char *place = places[next++ % 4];

    assert_true(snprintf(place, LOCATION_MAX, "pkcs11:%s?module-path=%s",
                         attributes, tokens_module()) < LOCATION_MAX);
    return place;
}

size_t tokens_calls(const char *name)
{
    FILE *file = fopen(scratch_path(folder, "calls"), "re");
    char line[256];
    size_t count = 0;

    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        count += name == NULL || (strncmp(line, name, strlen(name)) == 0 &&
                                  strchr(" \n", line[strlen(name)]) != NULL);
    if (file != NULL)
        fclose(file);
    return count;
}

void tokens_forget(void)
{
    (void)unlink(scratch_path(folder, "calls"));
}

/* --- what is on them ------------------------------------------------------ */

enum fault tokens_generate(const char *location, const char *id,
                           const char *word, struct container **container)
{
    const struct container_spec spec = {.folder_name = id,
                                        .name = "новый ключ",
                                        .algorithm = algorithm_by_word(word),
                                        .key_not_after = PKI_UNTIL};

    return pkcs11_medium.generate(location, &spec, NULL, container);
}

void tokens_make(const char *id, const char *word, char *where)
{
    struct container *container;

    assert_int_equal(
        tokens_generate(tokens_place(TOKENS_FIRST), id, word, &container),
        FAULT_NONE);
    memcpy(where, container->info.where, LOCATION_MAX);
    container_free(&container);
}

struct certificate *tokens_certify(const struct container *container,
                                   time_t until)
{
    struct certificate *certificate = NULL;
    gnutls_datum_t der = {NULL, 0};
    gnutls_pubkey_t public;
    gnutls_x509_crt_t crt;
    struct pki issuer;

    pki_make(&issuer, &(struct pki_spec){.authority = true});
    assert_int_equal(external_key_public(container->external, &public), 0);
    assert_true(gnutls_x509_crt_init(&crt) >= 0 &&
                gnutls_x509_crt_set_version(crt, 3) >= 0 &&
                gnutls_x509_crt_set_serial(crt, &until, sizeof until) >= 0 &&
                gnutls_x509_crt_set_dn(crt, "CN=somebody", NULL) >= 0 &&
                gnutls_x509_crt_set_activation_time(crt, PKI_FROM) >= 0 &&
                gnutls_x509_crt_set_expiration_time(crt, until) >= 0 &&
                gnutls_x509_crt_set_pubkey(crt, public) >= 0 &&
                gnutls_x509_crt_privkey_sign(
                    crt, certificate_crt(issuer.certificate), issuer.key,
                    issuer.algorithm->digest, 0) >= 0 &&
                gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_DER, &der) >= 0);
    assert_int_equal(certificate_read(der.data, der.size, &certificate),
                     FAULT_NONE);
    gnutls_free(der.data);
    gnutls_x509_crt_deinit(crt);
    gnutls_pubkey_deinit(public);
    pki_free(&issuer);
    return certificate;
}
