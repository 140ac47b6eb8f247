/* What other people have published: RFC 9215, the recommendations of TC 26,
 * and a small authority made with OpenSSL. Curves that GnuTLS lacks must be
 * said to be unsupported. */
#include "keygen/cades.h"
#include "keygen/chain.h"
#include "keygen/request.h"
#include "tests/support/vector.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { NOW = 1751328000 }; /* 2025-07-01 */

static const struct {
    const char *file;
    const char *word; /* NULL: a curve that is not computed here */
    const char *common_name;
} certificates[] = {
    {"generated/root.crt", "gost2012-256", "Тестовый головной УЦ"},
    {"generated/ca.crt", "gost2012-256", "АО Тест УЦ"},
    {"generated/old.crt", "gost2012-256", "ООО Ромашка"},
    {"tk26iok_256_xcha_cert.pem", "gost2012-256", NULL},
    {"tk26iok_512_B_cert.pem", NULL, NULL},
    {"rfc9215_gost2001_test_cert.pem", NULL, NULL},
    {"rfc9215_tc26_256A_cert.pem", NULL, NULL},
    {"rfc9215_tc26_512test_cert.pem", NULL, NULL},
};

static void test_certificates(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof certificates / sizeof certificates[0]; i++) {
        struct certificate *one = NULL;
        size_t size;
        uint8_t *data = vector_read(certificates[i].file, &size);

        print_message("# %s\n", certificates[i].file);
        assert_int_equal(certificate_read(data, size, &one), FAULT_NONE);
        assert_ptr_equal(one->algorithm,
                         certificates[i].word != NULL
                             ? algorithm_find(certificates[i].word)
                             : NULL);
        if (certificates[i].common_name != NULL)
            assert_string_equal(one->subject.value[NAME_COMMON_NAME],
                                certificates[i].common_name);
        certificate_free(&one);
        free(data);
    }
}

static void test_profiles(void **state)
{
    static const struct {
        const char *file, *missing;
    } rows[] = {
        {"generated/old.crt", NULL},
        {"generated/ca.crt", "basicConstraints"},
        {"rfc9215_tc26_256A_cert.pem", "basicConstraints"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct certificate *one = NULL;
        const char *missing = NULL;
        size_t size;
        uint8_t *data = vector_read(rows[i].file, &size);

        assert_int_equal(certificate_read(data, size, &one), FAULT_NONE);
        assert_int_equal(certificate_profile(one, &missing),
                         rows[i].missing == NULL ? FAULT_NONE : FAULT_PROFILE);
        if (rows[i].missing != NULL)
            assert_string_equal(missing, rows[i].missing);
        else
            assert_null(missing);
        certificate_free(&one);
        free(data);
    }
}

static void read_vector(struct chain *chain, const char *name)
{
    size_t size;
    uint8_t *data = vector_read(name, &size);

    assert_int_equal(chain_read(chain, data, size), FAULT_NONE);
    free(data);
}

static void test_chains(void **state)
{
    struct chain roots = {0}, between = {0}, leaf = {0};

    (void)state;
    read_vector(&roots, "generated/root.crt");
    read_vector(&between, "generated/ca.crt");
    read_vector(&leaf, "generated/old.crt");
    assert_int_equal(chain_verify(leaf.certificate[0], &between, &roots, NULL,
                                  leaf.certificate[0]->not_before),
                     FAULT_NONE);
    assert_int_equal(chain_verify(leaf.certificate[0], &between, &roots, NULL,
                                  leaf.certificate[0]->not_after + 1),
                     FAULT_EXPIRED);
    chain_free(&leaf);
    read_vector(&leaf, "rfc9215_tc26_256A_cert.pem");
    assert_int_equal(chain_verify(leaf.certificate[0], NULL, &leaf, NULL, NOW),
                     FAULT_CHAIN);
    chain_free(&leaf);
    chain_free(&roots);
    chain_free(&between);
}

static const struct {
    const char *file;
    enum fault fault;
} requests[] = {
    {"generated/new.csr", FAULT_UNSUPPORTED}, /* TC26-256-A */
    {"generated/old.csr", FAULT_NONE},
    {"rfc9215_gost2001_test_csr.pem", FAULT_UNSUPPORTED},
    {"rfc9215_tc26_256A_csr.pem", FAULT_UNSUPPORTED},
    {"rfc9215_tc26_512test_csr.pem", FAULT_UNSUPPORTED},
};

static void test_requests(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++) {
        gnutls_x509_crq_t crq = NULL;
        gnutls_datum_t pem, der = {NULL, 0};
        struct name subject;
        size_t size;

        print_message("# %s\n", requests[i].file);
        pem.data = vector_read(requests[i].file, &size);
        pem.size = (unsigned)size;
        if (gnutls_pem_base64_decode2("CERTIFICATE REQUEST", &pem, &der) < 0)
            assert_true(gnutls_pem_base64_decode2("NEW CERTIFICATE REQUEST",
                                                  &pem, &der) >= 0);
        assert_int_equal(request_read(der.data, der.size, &crq, &subject),
                         requests[i].fault);
        if (crq != NULL) {
            assert_string_equal(subject.value[NAME_SURNAME], "Петрова");
            assert_string_equal(subject.value[NAME_INNLE], "6663003127");
            gnutls_x509_crq_deinit(crq);
        }
        name_free(&subject);
        gnutls_free(der.data);
        free(pem.data);
    }
}

static enum fault verify(const void *cms, size_t cms_size, const void *data,
                         size_t size, struct bytes *content)
{
    struct certificate *signer = NULL;
    enum fault fault;
    time_t when;

    fault = cades_verify(cms, cms_size, data, size, content, &signer, &when);
    assert_int_equal(signer != NULL, fault == FAULT_NONE);
    certificate_free(&signer);
    return fault;
}

static const struct {
    const char *file, *content; /* NULL: attached */
    enum fault fault;
} signatures[] = {
    {"generated/req_attached.p7m", NULL, FAULT_NONE},
    {"generated/req_detached.p7s", "generated/new.csr", FAULT_NONE},
    {"generated/req_detached.p7s", "generated/old.csr", FAULT_SIGNATURE},
    {"generated/req_detached.p7s", NULL, FAULT_SIGNATURE},
    {"tk26cms_signed_256.der", NULL, FAULT_SIGNER}, /* no certificate */
    {"tk26cms_signed_512.der", NULL, FAULT_SIGNER}, /* no certificate */
    {"tk26cms_digested_256.der", NULL, FAULT_SIGNATURE},
    {"tk26cms_envelopedkari_256.der", NULL, FAULT_SIGNATURE},
    {"generated/old.crt", NULL, FAULT_SIGNATURE},
};

static void test_signatures(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof signatures / sizeof signatures[0]; i++) {
        size_t size, data_size = 0;
        uint8_t *cms = vector_read(signatures[i].file, &size), *data = NULL;
        struct bytes content;

        print_message("# %s\n", signatures[i].file);
        if (signatures[i].content != NULL)
            data = vector_read(signatures[i].content, &data_size);
        bytes_init(&content, CADES_MAX);
        assert_int_equal(verify(cms, size, data, data_size, &content),
                         signatures[i].fault);
        assert_int_equal(content.size != 0,
                         data == NULL && signatures[i].fault == FAULT_NONE);
        bytes_free(&content);
        free(cms);
        free(data);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_certificates), cmocka_unit_test(test_profiles),
        cmocka_unit_test(test_chains),       cmocka_unit_test(test_requests),
        cmocka_unit_test(test_signatures),
    };

    if (!vector_folder()) {
        puts("1..0 # SKIP KEP_VECTORS names no folder of vectors");
        return 0;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
