#include "tests/support/exam.h"

#include "keygen/cades.h"
#include "keygen/request.h"
#include "tests/support/pki.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

int exam_set_up(void **state)
{
    struct exam *exam = calloc(1, sizeof *exam);
    void *office = NULL;

    assert_non_null(exam);
    office_set_up(&office);
    exam->office = office;
    exam->new_key = pki_key(algorithm_by_word(NULL));
    bytes_init(&exam->cms, CADES_MAX);
    bytes_init(&exam->request, REQUEST_MAX);
    *state = exam;
    return 0;
}

int exam_tear_down(void **state)
{
    struct exam *exam = *state;
    void *office = exam->office;

    bytes_free(&exam->cms);
    bytes_free(&exam->request);
    gnutls_privkey_deinit(exam->new_key);
    free(exam);
    return office_tear_down(&office);
}

void exam_sign(struct exam *exam, const void *data, size_t size, bool attached)
{
    bytes_free(&exam->cms);
    assert_int_equal(cades_sign(exam->office->key, exam->office->certificate,
                                data, size, attached, exam->office->now,
                                &exam->cms),
                     FAULT_NONE);
}

void exam_sign_statement(struct exam *exam)
{
    exam_sign(exam, exam_text, sizeof exam_text - 1, false);
}

bool exam_statement(struct exam *exam)
{
    return examine_statement(exam->office->ca, exam->cms.data, exam->cms.size,
                             exam_text, sizeof exam_text - 1,
                             exam->office->certificate, exam->office->now,
                             &exam->refusal);
}

bool exam_request(struct exam *exam)
{
    bytes_free(&exam->request);
    return examine_request(exam->office->ca, exam->cms.data, exam->cms.size,
                           &exam->office->subject, exam->office->certificate,
                           exam->office->now, &exam->request, exam->key_id,
                           &exam->refusal);
}

void exam_assert_refused(const struct exam *exam, const char *code,
                         const char *target)
{
    assert_string_equal(exam->refusal.code, code);
    if (target == NULL)
        assert_null(exam->refusal.target);
    else
        assert_string_equal(exam->refusal.target, target);
    /* A sentence in Russian. */
    assert_in_range((uint8_t)exam->refusal.message[0], 0xD0, 0xD1);
}
