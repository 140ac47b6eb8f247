/* Letters to an authority and its judgement of them, for tests. Whatever
 * fails ends the test. */
#ifndef TESTS_SUPPORT_EXAM_H
#define TESTS_SUPPORT_EXAM_H

#include "api/sandbox/examine.h"
#include "keygen/bytes.h"
#include "tests/support/office.h"

#include <stdbool.h>

/* A subscriber of an authority, a new key of his, the letter that is written
 * and what was said of it. */
struct exam {
    struct office *office;
    gnutls_privkey_t new_key;
    struct bytes cms, request;
    char key_id[EXAMINE_KEY_ID];
    struct refusal refusal;
};

/* The statement that is to be signed. */
static const char exam_text[] = "Прошу выпустить сертификат.";

/* Fixtures of cmocka: *state becomes a struct exam. */
int exam_set_up(void **state);
int exam_tear_down(void **state);

/* The letter becomes a signature of these data, or of the statement, with the
 * old key. */
void exam_sign(struct exam *exam, const void *data, size_t size, bool attached);
void exam_sign_statement(struct exam *exam);

/* Have the letter examined, as of the office's moment. */
bool exam_statement(struct exam *exam);
bool exam_request(struct exam *exam);

/* It was refused with this code and target and a sentence in Russian. */
void exam_assert_refused(const struct exam *exam, const char *code,
                         const char *target);

#endif
