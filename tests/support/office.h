/* A sandbox authority in a folder of its own and one subscriber of it, for
 * tests. Whatever fails ends the test. */
#ifndef TESTS_SUPPORT_OFFICE_H
#define TESTS_SUPPORT_OFFICE_H

#include "api/sandbox/ca.h"

#include <stdint.h>

enum { OFFICE_DAY = 24 * 60 * 60 };

struct office {
    char *dir;
    time_t now;
    struct ca *ca;
    struct name subject; /* of an organisation's employee */
    gnutls_privkey_t key;
    gnutls_pubkey_t public;
    struct certificate *certificate; /* ends in 30 days */
};

/* Fixtures of cmocka: *state becomes a struct office. */
int office_set_up(void **state);
int office_tear_down(void **state);

/* A certificate of the key; subject and key of the order are filled in. */
struct certificate *office_issue(const struct office *office,
                                 struct ca_order order);

/* The subscriber's own certificate becomes another one. */
void office_renew(struct office *office, struct ca_order order);

/* Its chain and the authority's list at a moment. */
enum fault office_verify(const struct office *office,
                         const struct certificate *certificate, time_t when);

/* The number of the list, and how many it names. */
unsigned office_list_number(const struct office *office, time_t when);
int office_list_count(const struct office *office);

/* Run in several processes at once; each has to return 0. */
enum { OFFICE_PROCESSES = 4 };
void office_together(int (*run)(const char *dir, int number), const char *dir);

#endif
