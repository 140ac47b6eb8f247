/* Certificates and lists that OpenSSL with the GOST engine makes, verified
 * here. */
#include "keygen/chain.h"

#include "keygen/request.h"
#include "tests/support/peer.h"
#include "tests/support/pki.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { FILE_MAX = 64 * 1024 };

static const char extensions[] =
    "keyUsage=critical,digitalSignature,nonRepudiation\n"
    "certificatePolicies=1.2.643.100.113.1\n"
    "subjectSignTool=\"Средство\"\n"
    "issuerSignTool=signTool:\"a\",cATool:\"b\",signToolCert:\"c\","
    "cAToolCert:\"d\"\n"
    "2.5.29.16=ASN1:SEQUENCE:period\n"
    "[period]\n"
    "notAfter=IMP:1,GENERALIZEDTIME:20380101000000Z\n";

static void write_text(const char *name, const char *text)
{
    peer_write(name, text, strlen(text));
}

static void write_authority(const struct pki *root)
{
    gnutls_x509_privkey_t key = NULL;
    gnutls_datum_t pem = {NULL, 0};

    assert_true(gnutls_privkey_export_x509(root->key, &key) >= 0);
    assert_true(gnutls_x509_privkey_export2_pkcs8(key, GNUTLS_X509_FMT_PEM,
                                                  NULL, GNUTLS_PKCS_PLAIN,
                                                  &pem) >= 0);
    peer_write("root.key", pem.data, pem.size);
    gnutls_free(pem.data);
    assert_true(gnutls_pem_base64_encode2("CERTIFICATE",
                                          &root->certificate->der, &pem) >= 0);
    peer_write("root.pem", pem.data, pem.size);
    gnutls_free(pem.data);
    gnutls_x509_privkey_deinit(key);
}

/* GnuTLS leaves out the zeros that a key begins with, and OpenSSL's engine then
 * does not read it: one in 256. */
static bool is_whole(const struct pki *pki)
{
    gnutls_datum_t scalar = {NULL, 0};
    bool whole;

    assert_true(gnutls_privkey_export_gost_raw2(pki->key, NULL, NULL, NULL,
                                                NULL, NULL, &scalar, 0) >= 0);
    whole = scalar.size == pki->certificate->algorithm->key_size;
    gnutls_free(scalar.data);
    return whole;
}

static void make_authority(struct pki *root, const struct algorithm *algorithm)
{
    const struct pki_spec spec = {.name = "Корень",
                                  .word = algorithm->word,
                                  .authority = true,
                                  .until = 4102444800};

    pki_make(root, &spec);
    while (!is_whole(root)) {
        pki_free(root);
        pki_make(root, &spec);
    }
}

static void write_request(const struct pki *pki)
{
    struct bytes der;
    struct name name;

    pki_person(&name);
    bytes_init(&der, REQUEST_MAX);
    assert_int_equal(
        request_make(pki->key, pki->algorithm,
                     &(struct request_content){&name, "x", 1, 1, 0, 0}, &der),
        FAULT_NONE);
    peer_write("request.der", der.data, der.size);
    bytes_free(&der);
    name_free(&name);
}

static struct certificate *read_certificate(const char *name)
{
    struct certificate *one = NULL;
    struct bytes data;

    bytes_init(&data, FILE_MAX);
    peer_read(name, &data);
    assert_int_equal(certificate_read(data.data, data.size, &one), FAULT_NONE);
    bytes_free(&data);
    return one;
}

static gnutls_x509_crl_t read_list(const char *name)
{
    gnutls_x509_crl_t crl = NULL;
    struct bytes data;

    bytes_init(&data, FILE_MAX);
    peer_read(name, &data);
    assert_true(gnutls_x509_crl_init(&crl) >= 0);
    assert_true(gnutls_x509_crl_import(
                    crl, &(gnutls_datum_t){data.data, (unsigned)data.size},
                    GNUTLS_X509_FMT_PEM) >= 0);
    bytes_free(&data);
    return crl;
}

/* A list by "openssl ca", of an index that revokes this serial number. */
static gnutls_x509_crl_t make_list(const char *serial, const char *digest)
{
    char line[256];

    snprintf(line, sizeof line,
             "R\t380101000000Z\t250601000000Z\t%s\tunknown\t/CN=x\n", serial);
    write_text("index", line);
    write_text("index.attr", "unique_subject = no\n");
    snprintf(line, sizeof line,
             "openssl ca -gencrl -config @ca.cnf -keyfile @root.key -cert "
             "@root.pem -md %s -crldays 30 -out @crl.pem",
             digest);
    assert_int_equal(peer_ask(NULL, line), 0);
    return read_list("crl.pem");
}

static void write_configuration(void)
{
    char text[1024];

    snprintf(text, sizeof text, "[ca]\ndefault_ca=d\n[d]\ndatabase=%s\n",
             peer_path("index"));
    write_text("ca.cnf", text);
    write_text("extensions", extensions);
}

static void check_list(const struct certificate *leaf,
                       const struct chain *roots, gnutls_x509_crl_t crl,
                       enum fault fault)
{
    const time_t from = gnutls_x509_crl_get_this_update(crl);

    assert_int_equal(chain_verify(leaf, NULL, roots, crl, from), fault);
    assert_int_equal(chain_verify(leaf, NULL, roots, crl,
                                  gnutls_x509_crl_get_next_update(crl) + 1),
                     FAULT_CHAIN);
    gnutls_x509_crl_deinit(crl);
}

static void check_leaf(const struct certificate *leaf, const struct pki *pki)
{
    const char *missing = NULL;

    assert_int_equal(certificate_profile(leaf, &missing), FAULT_NONE);
    assert_string_equal(leaf->serial, "0abcde");
    assert_true(leaf->key_not_before == 0);
    assert_true(leaf->key_not_after == 2145916800);
    assert_true(
        certificate_has_point(leaf, pki->point, 2 * pki->algorithm->key_size));
}

static void test_issued_by_openssl(void **state)
{
    (void)state;
    for (const struct algorithm *const *one = algorithm_all(); *one != NULL;
         one++) {
        struct certificate *leaf, *copy = NULL;
        struct chain roots = {0};
        struct pki root, person;
        char line[512], digest[32];

        make_authority(&root, *one);
        pki_make(&person, &(struct pki_spec){.word = (*one)->word});
        write_authority(&root);
        write_request(&person);
        write_configuration();
        snprintf(digest, sizeof digest, "md_gost12_%zu", 8 * (*one)->key_size);
        snprintf(line, sizeof line,
                 "openssl x509 -req -inform DER -in @request.der -CA @root.pem "
                 "-CAkey @root.key -set_serial 0x0ABCDE -days 3650 -%s "
                 "-extfile @extensions -out @leaf.pem",
                 digest);
        assert_int_equal(peer_ask(NULL, line), 0);
        leaf = read_certificate("leaf.pem");
        check_leaf(leaf, &person);
        assert_int_equal(certificate_copy(root.certificate, &copy), FAULT_NONE);
        assert_int_equal(chain_add(&roots, copy), FAULT_NONE);
        check_list(leaf, &roots, make_list("0ABCDF", digest), FAULT_NONE);
        check_list(leaf, &roots, make_list("0ABCDE", digest), FAULT_REVOKED);
        certificate_free(&leaf);
        chain_free(&roots);
        pki_free(&root);
        pki_free(&person);
    }
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, peer_set_up, peer_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_issued_by_openssl),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
