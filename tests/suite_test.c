#include "token/container/suite.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <string.h>

static struct der content_of(struct bytes *bytes, const char *dotted)
{
    bytes_free(bytes);
    der_put_oid(bytes, dotted);
    assert_false(bytes->failed);
    return (struct der){bytes->data + 2, bytes->size - 2};
}

static void test_find(void **state)
{
    static const struct {
        const char *oid, *curve, *word;
        enum fault fault;
    } rows[] = {
        {"1.2.643.7.1.1.6.1", "1.2.643.2.2.36.0", "gost2012-256", FAULT_NONE},
        {"1.2.643.7.1.1.6.1", "1.2.643.2.2.35.1", "gost2012-256", FAULT_NONE},
        {"1.2.643.7.1.1.6.1", "1.2.643.7.1.2.1.1.2", "gost2012-256",
         FAULT_NONE},
        {"1.2.643.7.1.1.6.2", "1.2.643.7.1.2.1.2.1", "gost2012-512",
         FAULT_NONE},
        {"1.2.643.7.1.1.6.1", "1.2.643.2.2.35.2", NULL, FAULT_NONE},
        {"1.2.643.7.1.1.6.1", "1.2.643.7.1.2.1.2.1", NULL, FAULT_NONE},
        {"1.2.643.7.1.1.6.2", "1.2.643.2.2.36.0", NULL, FAULT_NONE},
        {"1.2.643.7.1.1.6.2", "1.2.643.7.1.2.1.2.2", NULL, FAULT_NONE},
        {"1.2.643.7.1.1.1.1", "1.2.643.2.2.36.0", "gost2012-256",
         FAULT_UNSUPPORTED},
        {"1.2.643.2.2.98", "1.2.643.2.2.36.0", NULL, FAULT_UNSUPPORTED},
    };
    struct bytes bytes;

    (void)state;
    bytes_init(&bytes, 100);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct der oid = content_of(&bytes, rows[i].oid);
        const struct suite *suite = suite_find(&oid);
        const struct algorithm *algorithm;

        assert_non_null(suite);
        assert_int_equal(suite->fault, rows[i].fault);
        oid = content_of(&bytes, rows[i].curve);
        algorithm = suite_algorithm(suite, &oid);
        if (rows[i].word == NULL)
            assert_null(algorithm);
        else
            assert_string_equal(algorithm->word, rows[i].word);
    }
    bytes_free(&bytes);
}

static void test_find_none(void **state)
{
    static const char *const oids[] = {"1.2.643.7.1.1.6", "1.2.643.7.1.1.6.3",
                                       "1.2.643.7.1.1.6.1.0"};
    const struct der empty = {(const uint8_t *)"", 0};
    struct bytes bytes;

    (void)state;
    bytes_init(&bytes, 100);
    assert_null(suite_find(&empty));
    for (size_t i = 0; i < sizeof oids / sizeof oids[0]; i++) {
        struct der oid = content_of(&bytes, oids[i]);

        assert_null(suite_find(&oid));
    }
    bytes_free(&bytes);
}

/* New containers are written as something that is opened. */
static void test_of(void **state)
{
    (void)state;
    for (const struct algorithm *const *one = algorithm_all(); *one; one++) {
        assert_string_equal(suite_of(*one)->word, (*one)->word);
        assert_int_equal(suite_of(*one)->fault, FAULT_NONE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_find),
        cmocka_unit_test(test_find_none),
        cmocka_unit_test(test_of),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
