/* An overview says what reading all of a certificate says, or there is none,
 * and asks for no byte outside of it. */
#include "keygen/overview.h"

#include "tests/support/pki.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { THERE = 187 /* as of a usual container: 256 less 69 */ };

/* A certificate of which only parts are there. Exact and on the heap, so that
 * the sanitizer sees a step over the end. */
struct slow {
    const uint8_t *whole;
    uint8_t *there;
    size_t size, parts, bytes;
    enum fault fault;
};

static enum fault fetch(void *context, const uint8_t *at, size_t size)
{
    struct slow *slow = context;
    const size_t from = (size_t)(at - slow->there);

    assert_true(at >= slow->there && from <= slow->size &&
                size <= slow->size - from);
    if (size > 0)
        memcpy(slow->there + from, slow->whole + from, size);
    slow->parts++;
    slow->bytes += size;
    return slow->fault;
}

static enum fault look(struct slow *slow, const uint8_t *der, size_t size,
                       size_t there, struct overview **overview)
{
    const enum fault fault_of_fetch = slow->fault;
    enum fault fault;

    *slow = (struct slow){.whole = der, .size = size, .fault = fault_of_fetch};
    slow->there = calloc(1, size > 0 ? size : 1);
    assert_non_null(slow->there);
    if (there > size)
        there = size;
    memcpy(slow->there, der, there);
    fault = overview_read((struct der){slow->there, size}, there, fetch, slow,
                          overview);
    free(slow->there);
    assert_true((fault == FAULT_NONE) == (*overview != NULL));
    return fault;
}

/* Whether there is one; then it is held against the whole, if that can be
 * read. */
static bool agrees(const uint8_t *der, size_t size, size_t there)
{
    struct slow slow = {.fault = FAULT_NONE};
    struct certificate *whole = NULL;
    struct overview *overview = NULL;
    const bool found = look(&slow, der, size, there, &overview) == FAULT_NONE;

    if (found && certificate_read(der, size, &whole) == FAULT_NONE) {
        assert_string_equal(overview->serial, whole->serial);
        assert_int_equal(overview->not_before, whole->not_before);
        assert_int_equal(overview->not_after, whole->not_after);
        assert_true(name_equal(&overview->subject, &whole->subject));
    }
    certificate_free(&whole);
    overview_free(&overview);
    return found;
}

static const struct pki_spec specs[] = {
    {.word = "gost2012-256"},
    {.word = "gost2012-512", .key_until = PKI_NOW},
    {.word = "gost2012-256", .authority = true, .bounded = true},
    {.word = "gost2012-256", .until = 253402300799}, /* the end of 9999 */
};

enum { SPECS = sizeof specs / sizeof specs[0] };

static void a_third_of_the_bytes_tells_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < SPECS; i++) {
        struct slow slow = {.fault = FAULT_NONE};
        struct overview *overview = NULL;
        struct pki pki;

        pki_make(&pki, &specs[i]);
        assert_true(agrees(pki.certificate->der.data, pki.certificate->der.size,
                           THERE));
        assert_int_equal(look(&slow, pki.certificate->der.data,
                              pki.certificate->der.size, THERE, &overview),
                         FAULT_NONE);
        assert_in_range(slow.parts, 1, 2);
        assert_in_range(slow.bytes, 256, 512);
        overview_free(&overview);
        pki_free(&pki);
    }
}

static void a_copy_is_the_same(void **state)
{
    struct slow slow = {.fault = FAULT_NONE};
    struct overview *overview = NULL, *copy = NULL;
    struct pki pki;

    (void)state;
    pki_make(&pki, &specs[0]);
    assert_int_equal(look(&slow, pki.certificate->der.data,
                          pki.certificate->der.size, THERE, &overview),
                     FAULT_NONE);
    assert_int_equal(overview_copy(overview, &copy), FAULT_NONE);
    assert_string_equal(copy->serial, pki.certificate->serial);
    assert_int_equal(copy->not_after, overview->not_after);
    assert_true(name_equal(&copy->subject, &overview->subject));
    overview_free(&overview);
    assert_non_null(copy->subject.value[NAME_COMMON_NAME]);
    overview_free(&copy);
    pki_free(&pki);
}

/* Where the issuer's length is not there nothing is guessed. */
static void too_little_is_told(void **state)
{
    struct slow slow = {.fault = FAULT_NONE};
    struct overview *overview = NULL;
    size_t least = 0;
    struct pki pki;

    (void)state;
    pki_make(&pki, &specs[0]);
    for (size_t there = 0; there < THERE; there++) {
        const enum fault fault =
            look(&slow, pki.certificate->der.data, pki.certificate->der.size,
                 there, &overview);

        overview_free(&overview);
        if (fault == FAULT_NONE && least == 0)
            least = there;
        assert_int_equal(fault, least > 0 ? FAULT_NONE : FAULT_CERTIFICATE);
        assert_true(least > 0 || slow.parts == 0);
    }
    assert_in_range(least, 30, 100);
    pki_free(&pki);
}

static void what_fails_to_come_ends_it(void **state)
{
    struct slow slow = {.fault = FAULT_TOKEN_GONE};
    struct overview *overview = NULL;
    struct pki pki;

    (void)state;
    pki_make(&pki, &specs[0]);
    assert_int_equal(look(&slow, pki.certificate->der.data,
                          pki.certificate->der.size, THERE, &overview),
                     FAULT_TOKEN_GONE);
    assert_int_equal(slow.parts, 1);
    pki_free(&pki);
}

static void truncated_ones_have_none(void **state)
{
    struct pki pki;

    (void)state;
    pki_make(&pki, &specs[1]);
    for (size_t i = 0; i < pki.certificate->der.size; i++)
        assert_false(agrees(pki.certificate->der.data, i, THERE));
    pki_free(&pki);
}

/* Elements of a certificate with other lengths than they have. The place is
 * behind the bytes that come first. */
static void lying_lengths_are_refused(void **state)
{
    static const struct {
        const char *what;
        size_t at;
        uint8_t value;
    } rows[] = {
        {"the whole, longer", 2, 0x7F},     {"the whole, shorter", 3, 0x01},
        {"the body, longer", 6, 0x7F},      {"the version", 9, 0x04},
        {"no INTEGER", 13, 0x04},           {"a serial of nothing", 14, 0x00},
        {"a serial without end", 14, 0x7F},
    };
    struct pki pki;

    (void)state;
    pki_make(&pki, &specs[0]);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t *at = pki.certificate->der.data + rows[i].at;
        const uint8_t was = *at;

        *at = rows[i].value;
        if (agrees(pki.certificate->der.data, pki.certificate->der.size, THERE))
            fail_msg("%s", rows[i].what);
        *at = was;
    }
    pki_free(&pki);
}

/* The element of a certificate that begins with these bytes, past the first
 * one that does. */
static uint8_t *find(const struct pki *pki, const char *bytes, size_t size)
{
    uint8_t *at = memmem(pki->certificate->der.data, pki->certificate->der.size,
                         bytes, size);

    assert_non_null(at);
    return at;
}

/* A validity is 32 bytes; behind it the subject begins. */
static void a_lying_subject_is_refused(void **state)
{
    static const uint8_t lies[][4] = {
        {0x30, 0x82, 0x7F, 0xFF}, {0x30, 0x82, 0x04, 0x01},
        {0x30, 0x82, 0x00, 0x10}, {0x30, 0x84, 0xFF, 0xFF},
        {0x31, 0x82, 0x01, 0x00}, {0x30, 0x80, 0x00, 0x00},
        {0x30, 0x03, 0x00, 0x00}, {0xFF, 0xFF, 0xFF, 0xFF},
        {0x00, 0x00, 0x00, 0x00},
    };
    struct pki pki;

    (void)state;
    pki_make(&pki, &specs[0]);
    for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
        uint8_t *at = find(&pki, "\x30\x1E\x17\x0D", 4) + 32, was[4];

        memcpy(was, at, sizeof was);
        memcpy(at, lies[i], sizeof was);
        assert_false(agrees(pki.certificate->der.data,
                            pki.certificate->der.size, THERE));
        memcpy(at, was, sizeof was);
    }
    pki_free(&pki);
}

/* Every byte in every way that is worth it. */
static size_t change_each(uint8_t *der, size_t size)
{
    size_t found = 0;

    for (size_t i = 0; i < size; i++) {
        const uint8_t was = der[i];
        const uint8_t values[] = {
            0x00,      0x7F, 0x80, 0xFF, (uint8_t)(was + 1), (uint8_t)(was - 1),
            was ^ 0x20};

        for (size_t k = 0; k < sizeof values; k++) {
            der[i] = values[k];
            found += agrees(der, size, THERE) ? 1 : 0;
        }
        der[i] = was;
    }
    return found;
}

static void changed_ones_are_read_as_they_are(void **state)
{
    (void)state;
    for (size_t i = 0; i < SPECS; i++) {
        struct pki pki;
        size_t size;

        pki_make(&pki, &specs[i]);
        size = pki.certificate->der.size;
        assert_in_range(change_each(pki.certificate->der.data, size), size,
                        7 * size - 500);
        pki_free(&pki);
    }
}

static void foreign_ones_are_read_as_they_are(void **state)
{
    static const char folder[] = "tests/corpus/certificate_fuzz";
    DIR *dir = opendir(folder);
    const struct dirent *entry;
    size_t found = 0;

    (void)state;
    assert_non_null(dir);
    while ((entry = readdir(dir)) != NULL) {
        static uint8_t data[2 * CERTIFICATE_MAX];
        char path[1024];
        FILE *file;

        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        file = entry->d_name[0] == '.' ? NULL : fopen(path, "rb");
        if (file == NULL)
            continue;
        found += agrees(data, fread(data, 1, sizeof data, file), THERE) ? 1 : 0;
        fclose(file);
    }
    closedir(dir);
    assert_true(found > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_third_of_the_bytes_tells_it),
        cmocka_unit_test(a_copy_is_the_same),
        cmocka_unit_test(too_little_is_told),
        cmocka_unit_test(what_fails_to_come_ends_it),
        cmocka_unit_test(truncated_ones_have_none),
        cmocka_unit_test(lying_lengths_are_refused),
        cmocka_unit_test(a_lying_subject_is_refused),
        cmocka_unit_test(changed_ones_are_read_as_they_are),
        cmocka_unit_test(foreign_ones_are_read_as_they_are),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
