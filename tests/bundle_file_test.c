#include "client/bundle_file.h"

#include "keygen/request.h"
#include "tests/support/pki.h"
#include "tests/support/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static struct pki person;

static int set_up(void **state)
{
    scratch_begin(state);
    pki_make(&person, &(struct pki_spec){.word = NULL});
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    pki_free(&person);
    return scratch_end(state);
}

static void certificates_are_read(void **state)
{
    const gnutls_datum_t *der = &person.certificate->der;
    struct chain chain = {.count = 0};

    (void)state;
    assert_int_equal(
        bundle_file_read(scratch_write("a.cer", der->data, der->size), &chain),
        FAULT_NONE);
    assert_int_equal(chain.count, 1);
    assert_string_equal(chain.certificate[0]->thumbprint,
                        person.certificate->thumbprint);
    chain_free(&chain);
}

static void make_request(struct bytes *der)
{
    const struct request_content content = {.subject =
                                                &person.certificate->subject,
                                            .sign_tool = "kep",
                                            .classes = 1};

    bytes_init(der, REQUEST_MAX);
    assert_int_equal(request_make(person.key, person.algorithm, &content, der),
                     FAULT_NONE);
}

static void check_request(const char *path)
{
    gnutls_x509_crq_t crq;
    struct name subject;

    assert_int_equal(bundle_file_read_request(path, &crq, &subject),
                     FAULT_NONE);
    assert_true(name_equal(&subject, &person.certificate->subject));
    name_free(&subject);
    gnutls_x509_crq_deinit(crq);
}

static void requests_are_read(void **state)
{
    static const char *const labels[] = {"CERTIFICATE REQUEST",
                                         "NEW CERTIFICATE REQUEST"};
    struct bytes der;

    (void)state;
    make_request(&der);
    check_request(scratch_write("der", der.data, der.size));
    for (size_t i = 0; i < 2; i++) {
        const gnutls_datum_t data = {der.data, (unsigned)der.size};
        gnutls_datum_t pem;

        assert_true(gnutls_pem_base64_encode2(labels[i], &data, &pem) >= 0);
        check_request(scratch_write("pem", pem.data, pem.size));
        gnutls_free(pem.data);
    }
    bytes_free(&der);
}

/* What neither of them takes. */
static void others_are_refused(void **state)
{
    static const struct {
        const char *data;
        size_t size;
    } rows[] = {
        {"", 0},
        {"x", 1},
        {"\x30\x00", 2},
        {"\x30\x80\x30\x80", 4},
        {"-----BEGIN CERTIFICATE REQUEST-----\nMAA=\n"
         "-----END CERTIFICATE REQUEST-----\n",
         75},
    };
    struct chain chain = {.count = 0};
    gnutls_x509_crq_t crq;
    struct name subject;
    struct bytes der;

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const char *path = scratch_write("x", rows[i].data, rows[i].size);

        assert_int_equal(bundle_file_read(path, &chain), FAULT_CERTIFICATE);
        assert_int_not_equal(bundle_file_read_request(path, &crq, &subject),
                             FAULT_NONE);
        assert_null(crq);
    }
    make_request(&der);
    der.data[der.size - 1] ^= 1;
    assert_int_equal(
        bundle_file_read_request(scratch_write("x", der.data, der.size), &crq,
                                 &subject),
        FAULT_SIGNATURE);
    bytes_free(&der);
}

static void what_is_no_file_is_told(void **state)
{
    const char *missing = scratch_file("missing");
    struct chain chain = {.count = 0};
    gnutls_x509_crq_t crq;
    struct name subject;
    void *huge = calloc(1, BUNDLE_MAX + 1);

    (void)state;
    assert_int_equal(bundle_file_read(missing, &chain), FAULT_NOT_FOUND);
    assert_int_equal(bundle_file_read_request(missing, &crq, &subject),
                     FAULT_NOT_FOUND);
    assert_int_equal(bundle_file_read(scratch_folder, &chain),
                     FAULT_CERTIFICATE);
    assert_int_equal(mkfifo(scratch_file("fifo"), 0600), 0);
    assert_int_equal(bundle_file_read(scratch_file("fifo"), &chain),
                     FAULT_CERTIFICATE);
    assert_int_equal(
        bundle_file_read(scratch_write("huge", huge, BUNDLE_MAX + 1), &chain),
        FAULT_TOO_LARGE);
    free(huge);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(certificates_are_read),
        cmocka_unit_test(requests_are_read),
        cmocka_unit_test(others_are_refused),
        cmocka_unit_test(what_is_no_file_is_told),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
