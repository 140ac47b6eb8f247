/* What OpenSSL with the GOST engine says about signatures that are made here,
 * and what is said here about those that it makes. */
#include "keygen/cades.h"

#include "tests/support/peer.h"
#include "tests/support/pki.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

enum { OUTPUT_MAX = 1024 * 1024 };

static const char text[] = "Прошу выдать сертификат.\r\n\0\x1A";

enum { TEXT = sizeof text - 1 };

static void write_key(const char *name, const struct pki *pki)
{
    gnutls_x509_privkey_t key = NULL;
    gnutls_datum_t pem = {NULL, 0};

    assert_true(gnutls_privkey_export_x509(pki->key, &key) >= 0);
    assert_true(gnutls_x509_privkey_export2_pkcs8(key, GNUTLS_X509_FMT_PEM,
                                                  NULL, GNUTLS_PKCS_PLAIN,
                                                  &pem) >= 0);
    peer_write(name, pem.data, pem.size);
    gnutls_free(pem.data);
    gnutls_x509_privkey_deinit(key);
}

static void write_certificate(const char *name, const struct pki *pki)
{
    gnutls_datum_t pem = {NULL, 0};

    assert_true(gnutls_pem_base64_encode2("CERTIFICATE", &pki->certificate->der,
                                          &pem) >= 0);
    peer_write(name, pem.data, pem.size);
    gnutls_free(pem.data);
}

struct house {
    struct pki root, leaf;
};

static void build(struct house *house, const char *word)
{
    pki_make(
        &house->root,
        &(struct pki_spec){.name = "Корень", .word = word, .authority = true});
    pki_make(&house->leaf,
             &(struct pki_spec){.word = word, .issuer = &house->root});
    write_certificate("root.pem", &house->root);
    write_certificate("leaf.pem", &house->leaf);
    write_key("root.key", &house->root);
    write_key("leaf.key", &house->leaf);
    peer_write("text", text, TEXT);
    peer_write("other", text, TEXT - 1);
}

static void demolish(struct house *house)
{
    pki_free(&house->root);
    pki_free(&house->leaf);
}

#define VERIFY                                                                 \
    "openssl cms -verify -cades -binary -inform DER -CAfile @root.pem "        \
    "-attime 1751328000 -purpose any -out @out "

static void test_our_signatures(void **state)
{
    (void)state;
    for (const struct algorithm *const *one = algorithm_all(); *one != NULL;
         one++) {
        struct bytes detached, attached, out;
        struct house house;

        build(&house, (*one)->word);
        bytes_init(&detached, CADES_MAX);
        bytes_init(&attached, CADES_MAX);
        assert_int_equal(cades_sign(house.leaf.key, house.leaf.certificate,
                                    text, TEXT, false, PKI_NOW, &detached),
                         FAULT_NONE);
        assert_int_equal(cades_sign(house.leaf.key, house.leaf.certificate,
                                    text, TEXT, true, PKI_NOW, &attached),
                         FAULT_NONE);
        peer_write("detached", detached.data, detached.size);
        peer_write("attached", attached.data, attached.size);
        assert_int_equal(peer_ask(NULL, VERIFY "-in @detached -content @text"),
                         0);
        assert_int_not_equal(
            peer_ask(NULL, VERIFY "-in @detached -content @other"), 0);
        assert_int_equal(peer_ask(NULL, VERIFY "-in @attached"), 0);
        bytes_init(&out, OUTPUT_MAX);
        peer_read("out", &out);
        assert_int_equal(out.size, TEXT);
        assert_memory_equal(out.data, text, TEXT);
        bytes_free(&out);
        bytes_free(&detached);
        bytes_free(&attached);
        demolish(&house);
    }
}

static enum fault verify_file(const char *name, bool attached)
{
    struct certificate *signer = NULL;
    struct bytes cms, content;
    enum fault fault;
    time_t when;

    bytes_init(&cms, CADES_MAX);
    bytes_init(&content, CADES_MAX);
    peer_read(name, &cms);
    fault = cades_verify(cms.data, cms.size, attached ? NULL : text, TEXT,
                         &content, &signer, &when);
    if (fault == FAULT_NONE && attached) {
        assert_int_equal(content.size, TEXT);
        assert_memory_equal(content.data, text, TEXT);
    }
    if (fault == FAULT_NONE)
        assert_true(when > PKI_FROM);
    certificate_free(&signer);
    bytes_free(&cms);
    bytes_free(&content);
    return fault;
}

static const struct {
    const char *options;
    bool attached;
    enum fault fault;
} theirs[] = {
    {"-cades", false, FAULT_NONE},
    {"-cades -nodetach", true, FAULT_NONE},
    {"-cades -nosmimecap", false, FAULT_NONE},
    {"-cades -certfile @root.pem", false, FAULT_NONE},
    {"", false, FAULT_SIGNATURE}, /* no signingCertificateV2 */
    {"-noattr", false, FAULT_SIGNATURE},
    {"-cades -nocerts", false, FAULT_SIGNER},
    {"-cades -keyid", false, FAULT_SIGNATURE},
    {"-cades -nodetach -stream", true, FAULT_SIGNATURE}, /* BER */
    {"-cades -signer @root.pem -inkey @root.key", false, FAULT_SIGNATURE},
};

static void test_their_signatures(void **state)
{
    (void)state;
    for (const struct algorithm *const *one = algorithm_all(); *one != NULL;
         one++) {
        struct house house;

        build(&house, (*one)->word);
        for (size_t i = 0; i < sizeof theirs / sizeof theirs[0]; i++) {
            char line[512];

            snprintf(line, sizeof line,
                     "openssl cms -sign -binary -in @text -outform DER -out "
                     "@theirs -signer @leaf.pem -inkey @leaf.key -md "
                     "md_gost12_%zu %s",
                     8 * (*one)->key_size, theirs[i].options);
            assert_int_equal(peer_ask(NULL, line), 0);
            assert_int_equal(verify_file("theirs", theirs[i].attached),
                             theirs[i].fault);
        }
        demolish(&house);
    }
}

/* Two years later the leaf is over for OpenSSL too: the time is looked at. */
static void test_certificates(void **state)
{
    struct house house;

    (void)state;
    build(&house, "gost2012-512");
    assert_int_equal(peer_ask(NULL, "openssl verify -CAfile @root.pem -attime "
                                    "1751328000 @leaf.pem"),
                     0);
    assert_int_not_equal(peer_ask(NULL,
                                  "openssl verify -CAfile @root.pem -attime "
                                  "1800000000 @leaf.pem"),
                         0);
    demolish(&house);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, peer_set_up, peer_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_our_signatures),
        TEST(test_their_signatures),
        TEST(test_certificates),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
