/* An outline says what GnuTLS says, or there is none. */
#include "keygen/outline.h"

#include "tests/support/pki.h"
#include "tests/support/second_outline.h"
#include "tests/support/vector.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Exact and on the heap, so that the sanitizer sees a step over the end.
 * Whether there is an outline; what it says is compared. */
static bool look(const uint8_t *der, size_t size)
{
    uint8_t *copy = calloc(1, size + 1);
    struct outline outline;
    bool found;

    assert_non_null(copy);
    copy = realloc(copy, size > 0 ? size : 1);
    assert_non_null(copy);
    memcpy(copy, der, size);
    found = outline_read(copy, size, &outline);
    if (found && !second_outline_agrees(copy, size, &outline)) {
        for (size_t i = 0; i < size; i++)
            printf("%02x", copy[i]);
        fail_msg("GnuTLS reads this otherwise");
    }
    free(copy);
    return found;
}

static const struct pki_spec specs[] = {
    {.word = "gost2012-256"},
    {.word = "gost2012-512", .key_until = PKI_NOW},
    {.word = "gost2012-256", .authority = true, .bounded = true},
    {.word = "gost2012-256", .until = 4102444800},   /* 2100 */
    {.word = "gost2012-256", .until = 253402300799}, /* the end of 9999 */
};

enum { SPECS = sizeof specs / sizeof specs[0] };

static void test_plain(void **state)
{
    (void)state;
    for (size_t i = 0; i < SPECS; i++) {
        struct pki pki;

        pki_make(&pki, &specs[i]);
        assert_true(look(pki.certificate->der.data, pki.certificate->der.size));
        pki_free(&pki);
    }
}

static void test_truncated(void **state)
{
    struct pki pki;

    (void)state;
    pki_make(&pki, &specs[1]);
    for (size_t i = 0; i < pki.certificate->der.size; i++)
        assert_false(look(pki.certificate->der.data, i));
    pki_free(&pki);
}

/* Every byte in every way that is worth it. */
static size_t change_each(uint8_t *der, size_t size)
{
    size_t found = 0;

    for (size_t i = 0; i < size; i++) {
        const uint8_t was = der[i];
        const uint8_t values[] = {0x00,
                                  0x7F,
                                  0x80,
                                  0xFF,
                                  (uint8_t)(was + 1),
                                  (uint8_t)(was - 1),
                                  was ^ 0x20,
                                  was ^ 0x80,
                                  was ^ 0x10};

        for (size_t k = 0; k < sizeof values; k++) {
            der[i] = values[k];
            found += look(der, size) ? 1 : 0;
        }
        der[i] = was;
    }
    return found;
}

/* Several bytes at once, the same in every run. */
static size_t change_some(const uint8_t *der, size_t size)
{
    enum { ROUNDS = 20000, CHANGES = 3 };
    uint8_t *copy = calloc(1, size);
    size_t found = 0;

    assert_non_null(copy);
    srand(1);
    for (size_t i = 0; i < ROUNDS; i++) {
        memcpy(copy, der, size);
        for (int k = 0; k <= rand() % CHANGES; k++)
            copy[(size_t)rand() % size] = (uint8_t)rand();
        found += look(copy, size) ? 1 : 0;
    }
    free(copy);
    return found;
}

static void test_changed(void **state)
{
    (void)state;
    for (size_t i = 0; i < SPECS; i++) {
        struct pki pki;

        pki_make(&pki, &specs[i]);
        /* Within strings, numbers and keys a change leaves it plain. */
        assert_in_range(
            change_each(pki.certificate->der.data, pki.certificate->der.size),
            1000, 9 * pki.certificate->der.size - 500);
        assert_in_range(
            change_some(pki.certificate->der.data, pki.certificate->der.size),
            1000, 19000);
        pki_free(&pki);
    }
}

static void test_moments(void **state)
{
    static const struct {
        const char *text;
        bool plain;
    } rows[] = {
        {"250101000000Z", true},  {"250230000000Z", false},
        {"250101000060Z", false}, {"250101240000Z", false},
        {"25010100000Z0", false}, {"491231235959Z", true},
        {"700101000001Z", true},  {"700101000000Z", false},
        {"691231235959Z", false}, {"500101000000Z", false},
        {"250101000000z", false}, {"2501010000+3Z", false},
    };
    static const char from[] = "250101000000Z";
    struct pki pki;
    uint8_t *at;

    (void)state;
    pki_make(&pki, &specs[0]);
    at = memmem(pki.certificate->der.data, pki.certificate->der.size, from,
                sizeof from - 1);
    assert_non_null(at);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        memcpy(at, rows[i].text, sizeof from - 1);
        assert_int_equal(
            look(pki.certificate->der.data, pki.certificate->der.size),
            rows[i].plain);
    }
    pki_free(&pki);
}

/* Whatever is found in a folder, as it is and changed. */
static void look_at_files(const char *folder)
{
    DIR *dir = opendir(folder);
    const struct dirent *entry;

    assert_non_null(dir);
    while ((entry = readdir(dir)) != NULL) {
        struct certificate *one = NULL;
        static uint8_t data[2 * CERTIFICATE_MAX];
        char path[1024];
        FILE *file;
        size_t size;

        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        file = entry->d_name[0] == '.' ? NULL : fopen(path, "rb");
        if (file == NULL)
            continue;
        size = fread(data, 1, sizeof data, file);
        fclose(file);
        if (certificate_read(data, size, &one) != FAULT_NONE)
            continue;
        (void)look(one->der.data, one->der.size);
        (void)change_each(one->der.data, one->der.size);
        certificate_free(&one);
    }
    closedir(dir);
}

static void test_corpus(void **state)
{
    (void)state;
    look_at_files("tests/corpus/certificate_fuzz");
    look_at_files("tests/corpus/certificate_view_fuzz");
}

static void test_vectors(void **state)
{
    char path[1024];

    (void)state;
    if (vector_folder() == NULL)
        return; /* vectors_test says so */
    look_at_files(vector_folder());
    snprintf(path, sizeof path, "%s/gnutls", vector_folder());
    look_at_files(path);
    snprintf(path, sizeof path, "%s/generated", vector_folder());
    look_at_files(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain),   cmocka_unit_test(test_truncated),
        cmocka_unit_test(test_changed), cmocka_unit_test(test_moments),
        cmocka_unit_test(test_corpus),  cmocka_unit_test(test_vectors),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
