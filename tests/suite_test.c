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
        const char *oid, *curve, *kind;
        bool computed;
    } rows[] = {
        {"1.2.643.7.1.1.6.1", "1.2.643.2.2.36.0", "gost2012-256", true},
        {"1.2.643.7.1.1.1.1", "1.2.643.2.2.36.0", "gost2012-256", true},
        {"1.2.643.7.1.1.6.1", "1.2.643.2.2.35.1", "gost2012-256", true},
        {"1.2.643.7.1.1.6.1", "1.2.643.7.1.2.1.1.2", "gost2012-256", true},
        {"1.2.643.7.1.1.6.2", "1.2.643.7.1.2.1.2.1", "gost2012-512", true},
        {"1.2.643.7.1.1.1.2", "1.2.643.7.1.2.1.2.1", "gost2012-512", true},
        {"1.2.643.2.2.98", "1.2.643.2.2.36.0", "gost2001", true},
        {"1.2.643.2.2.19", "1.2.643.2.2.35.1", "gost2001", true},
        {"1.2.643.7.1.1.6.1", "1.2.643.2.2.35.2", "gost2012-256", false},
        {"1.2.643.7.1.1.6.1", "1.2.643.7.1.2.1.1.1", "gost2012-256", false},
        {"1.2.643.7.1.1.6.1", "1.2.643.7.1.2.1.2.1", "gost2012-256", false},
        {"1.2.643.7.1.1.6.2", "1.2.643.2.2.36.0", "gost2012-512", false},
        {"1.2.643.7.1.1.6.2", "1.2.643.7.1.2.1.2.2", "gost2012-512", false},
        {"1.2.643.2.2.98", "1.2.643.2.2.36.1", "gost2001", false},
    };
    struct bytes bytes;

    (void)state;
    bytes_init(&bytes, 100);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct der oid = content_of(&bytes, rows[i].oid);
        const struct suite *suite = suite_find(&oid);
        const struct curve *curve;
        const struct algorithm *algorithm;

        assert_non_null(suite);
        assert_string_equal(suite->word, rows[i].kind);
        oid = content_of(&bytes, rows[i].curve);
        curve = curve_find(&oid);
        assert_non_null(curve);
        algorithm = suite_algorithm(suite, curve);
        assert_ptr_equal(
            algorithm, rows[i].computed ? algorithm_find(rows[i].kind) : NULL);
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
        assert_string_equal(suite_of(*one)->signature_oid, (*one)->key_oid);
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
