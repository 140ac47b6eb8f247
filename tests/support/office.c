#include "tests/support/office.h"

#include "api/sandbox/person.h"
#include "tests/support/pki.h"
#include "tests/support/scratch.h"

#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

int office_set_up(void **state)
{
    struct office *office = calloc(1, sizeof *office);

    assert_true(sodium_init() >= 0);
    assert_non_null(office);
    office->dir = scratch_new();
    office->now = time(NULL);
    office->key = pki_key(algorithm_by_word(NULL));
    assert_int_equal(gnutls_pubkey_init(&office->public), 0);
    assert_int_equal(
        gnutls_pubkey_import_privkey(office->public, office->key, 0, 0), 0);
    assert_int_equal(ca_open(office->dir, office->now, &office->ca),
                     FAULT_NONE);
    assert_int_equal(
        person_invent("Семёнова Анна Петровна", true, &office->subject),
        FAULT_NONE);
    office_renew(office, (struct ca_order){
                             .not_before = office->now - 400 * OFFICE_DAY,
                             .not_after = office->now + 30 * OFFICE_DAY,
                         });
    *state = office;
    return 0;
}

int office_tear_down(void **state)
{
    struct office *office = *state;

    certificate_free(&office->certificate);
    gnutls_pubkey_deinit(office->public);
    gnutls_privkey_deinit(office->key);
    name_free(&office->subject);
    ca_close(&office->ca);
    scratch_remove(&office->dir);
    free(office);
    return 0;
}

struct certificate *office_issue(const struct office *office,
                                 struct ca_order order)
{
    struct certificate *certificate = NULL;

    order.key = office->public;
    order.subject = &office->subject;
    assert_int_equal(ca_issue(office->ca, &order, office->now, &certificate),
                     FAULT_NONE);
    return certificate;
}

void office_renew(struct office *office, struct ca_order order)
{
    certificate_free(&office->certificate);
    office->certificate = office_issue(office, order);
}

enum fault office_verify(const struct office *office,
                         const struct certificate *certificate, time_t when)
{
    gnutls_x509_crl_t crl;
    enum fault fault;

    assert_int_equal(ca_crl(office->ca, when, &crl), FAULT_NONE);
    fault = chain_verify(certificate, ca_chain(office->ca),
                         ca_roots(office->ca), crl, when);
    gnutls_x509_crl_deinit(crl);
    return fault;
}

unsigned office_list_number(const struct office *office, time_t when)
{
    gnutls_x509_crl_t crl;
    uint8_t number[16];
    size_t size = sizeof number;
    unsigned value = 0;

    assert_int_equal(ca_crl(office->ca, when, &crl), FAULT_NONE);
    assert_int_equal(gnutls_x509_crl_get_number(crl, number, &size, NULL), 0);
    for (size_t i = 0; i < size; i++)
        value = value << 8 | number[i];
    gnutls_x509_crl_deinit(crl);
    return value;
}

int office_list_count(const struct office *office)
{
    gnutls_x509_crl_t crl;
    int count;

    assert_int_equal(ca_crl(office->ca, office->now, &crl), FAULT_NONE);
    count = gnutls_x509_crl_get_crt_count(crl);
    gnutls_x509_crl_deinit(crl);
    return count;
}

void office_together(int (*run)(const char *dir, int number), const char *dir)
{
    pid_t children[OFFICE_PROCESSES];

    for (int i = 0; i < OFFICE_PROCESSES; i++) {
        children[i] = fork();
        assert_true(children[i] >= 0);
        if (children[i] == 0)
            _exit(run(dir, i));
    }
    for (int i = 0; i < OFFICE_PROCESSES; i++) {
        int status = -1;

        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 0);
    }
}
