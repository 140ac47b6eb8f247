/* What comes with a new certificate is read once for several renewals. */
#include "client/renewal/sent.h"

#include "tests/support/house.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct message *message;
static struct chain known, sent;
static struct certificate *issued;

static void put(const char *word, const struct pki *pki)
{
    message_put(message, word, pki->certificate->der.data,
                pki->certificate->der.size);
}

static void put_chain(size_t i, const struct pki *pki)
{
    char word[MESSAGE_WORD_MAX];

    snprintf(word, sizeof word, "chain.%zu", i);
    put(word, pki);
}

/* As a renewal does it, whose new certificate is its own. */
static enum fault read_again(void)
{
    certificate_free(&issued);
    return sent_read(message, &known, &issued, &sent);
}

static int set_up(void **state)
{
    message = message_new();
    return message == NULL ? -1 : house_build(state);
}

static int tear_down(void **state)
{
    message_free(&message);
    certificate_free(&issued);
    chain_free(&known);
    return house_demolish(state);
}

static void test_read_once(void **state)
{
    struct house *house = *state;
    struct certificate *first[2];

    put("certificate", &house->leaf);
    put_chain(0, &house->ca);
    put_chain(1, &house->root);
    assert_int_equal(read_again(), FAULT_NONE);
    assert_string_equal(issued->thumbprint,
                        house->leaf.certificate->thumbprint);
    assert_int_equal(sent.count, 2);
    memcpy(first, sent.certificate, sizeof first);
    assert_string_equal(first[0]->thumbprint,
                        house->ca.certificate->thumbprint);
    assert_string_equal(first[1]->thumbprint,
                        house->root.certificate->thumbprint);
    /* The other way round, and one of them twice. */
    put_chain(0, &house->root);
    put_chain(1, &house->ca);
    put_chain(2, &house->root);
    assert_int_equal(read_again(), FAULT_NONE);
    assert_int_equal(sent.count, 3);
    assert_ptr_equal(sent.certificate[0], first[1]);
    assert_ptr_equal(sent.certificate[1], first[0]);
    assert_ptr_equal(sent.certificate[2], first[1]);
    assert_int_equal(known.count, 2);
    assert_int_equal(chain_verify(issued, &sent, &house->roots, NULL, PKI_NOW),
                     FAULT_NONE);
}

/* One that differs in a bit of its signature is another. */
static void test_another(void **state)
{
    struct house *house = *state;
    const gnutls_datum_t *der = &house->ca.certificate->der;

    put("certificate", &house->leaf);
    put_chain(0, &house->ca);
    assert_int_equal(read_again(), FAULT_NONE);
    assert_int_equal(chain_verify(issued, &sent, &house->roots, NULL, PKI_NOW),
                     FAULT_NONE);
    der->data[der->size - 1] ^= 1;
    put_chain(0, &house->ca);
    assert_int_equal(read_again(), FAULT_NONE);
    assert_int_equal(known.count, 2);
    assert_int_equal(chain_verify(issued, &sent, &house->roots, NULL, PKI_NOW),
                     FAULT_CHAIN);
}

/* However many different ones a server sends: CHAIN_MAX each time are looked
 * at, and SENT_KNOWN_MAX kept. */
static void test_limits(void **state)
{
    struct house *house = *state;
    const gnutls_datum_t *der = &house->ca.certificate->der;

    put("certificate", &house->leaf);
    for (unsigned round = 1; round <= 4; round++) {
        for (size_t i = 0; i <= CHAIN_MAX; i++) {
            der->data[der->size - 1] = (uint8_t)(16 * round + i);
            put_chain(i, &house->ca);
        }
        assert_int_equal(read_again(), FAULT_NONE);
        assert_int_equal(sent.count, CHAIN_MAX);
        assert_in_range(known.count, CHAIN_MAX, SENT_KNOWN_MAX);
        for (size_t i = 0; i < sent.count; i++)
            assert_int_equal(sent.certificate[i]->der.data[der->size - 1],
                             16 * round + i);
    }
}

static void test_bad(void **state)
{
    struct house *house = *state;

    assert_int_equal(read_again(), FAULT_CERTIFICATE);
    assert_null(issued);
    message_put_text(message, "certificate", "garbage");
    assert_int_equal(read_again(), FAULT_CERTIFICATE);
    assert_null(issued);
    put("certificate", &house->leaf);
    put_chain(0, &house->ca);
    message_put_text(message, "chain.1", "garbage");
    assert_int_equal(read_again(), FAULT_CERTIFICATE);
    /* What was good of it stays so. */
    put_chain(1, &house->root);
    assert_int_equal(read_again(), FAULT_NONE);
    assert_int_equal(sent.count, 2);
    assert_int_equal(known.count, 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_read_once),
        TEST(test_another),
        TEST(test_limits),
        TEST(test_bad),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
