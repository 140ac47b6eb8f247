/* Answers as the contract (api/openapi.yaml) has them, and calls whose
 * network is a script that gives them. */
#ifndef TESTS_SUPPORT_CONTRACT_H
#define TESTS_SUPPORT_CONTRACT_H

#include "tests/support/script.h"

#define ID32 "0123456789abcdef0123456789abcdef"
#define ID40 "0123456789abcdef0123456789abcdef01234567"
#define ID64 "0123456789abcdef0123456789abcdef" ID32
#define TIME "2025-03-01T09:30:00Z"

/* 64 characters. */
#define LONG64                                                                 \
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"

extern const char contract_challenge[], contract_session[],
    contract_certificates[], contract_form[], contract_certificate[];

struct contract {
    struct script script;
    struct timer timer;
    struct api *api;
    struct message *in, *out; /* in: what contract_fill puts */
};

extern struct contract contract;

/* For cmocka: an api with one attempt. */
int contract_begin(void **state);
int contract_end(void **state);

/* Put every field that any operation wants into contract.in, but not one
 * (NULL: all). */
void contract_fill(const char *without);

/* One call that is answered so; headers NULL: JSON. */
enum api_result contract_call(const char *name, long status,
                              const char *headers, const char *body);

/* Whether a field of the answer is text; NULL: it is not there. */
bool contract_has(const char *word, const char *text);

#define CONTRACT(test)                                                         \
    cmocka_unit_test_setup_teardown(test, contract_begin, contract_end)

#endif
