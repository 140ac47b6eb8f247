#include "client/state/archive.h"

#include "tests/support/nobody.h"
#include "tests/support/pki.h"
#include "tests/support/scratch.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static struct pki pki;

static int make_certificate(void **state)
{
    (void)state;
    pki_make(&pki, &(struct pki_spec){.name = NULL});
    return 0;
}

static int free_certificate(void **state)
{
    (void)state;
    pki_free(&pki);
    return 0;
}

static void assert_whole(const char *path)
{
    size_t size = 0;
    char *data = paths_read(path, CERTIFICATE_MAX, &size);

    assert_non_null(data);
    assert_int_equal(size, pki.certificate->der.size);
    assert_memory_equal(data, pki.certificate->der.data, size);
    free(data);
}

static void certificates_are_kept_by_their_thumbprints(void **state)
{
    mode_t before = umask(0);
    char path[PATHS_MAX], expected[128];
    struct stat about;

    (void)state;
    assert_int_equal(archive_add(pki.certificate, path), OUTCOME_DONE);
    umask(before);
    snprintf(expected, sizeof expected, "kep/archive/%s.cer",
             pki.certificate->thumbprint);
    assert_string_equal(path, scratch_file(expected));
    assert_whole(path);
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 07777, 0600);
    assert_int_equal(stat(scratch_file("kep/archive"), &about), 0);
    assert_int_equal(about.st_mode & 07777, 0700);
}

static void one_is_read_by_its_thumbprint(void **state)
{
    struct certificate *certificate = NULL;
    char path[PATHS_MAX], other[PATHS_MAX];

    (void)state;
    assert_int_equal(archive_read(pki.certificate->thumbprint, &certificate),
                     FAULT_NOT_FOUND);
    assert_null(certificate);
    assert_int_equal(archive_add(pki.certificate, path), OUTCOME_DONE);
    assert_int_equal(archive_read(pki.certificate->thumbprint, &certificate),
                     FAULT_NONE);
    assert_string_equal(certificate->thumbprint, pki.certificate->thumbprint);
    certificate_free(&certificate);
    /* What its name does not say is not it, and no name leads elsewhere. */
    snprintf(other, sizeof other, "%s", scratch_file("kep/archive/abcd.cer"));
    assert_int_equal(rename(path, other), 0);
    assert_int_equal(archive_read("abcd", &certificate), FAULT_NOT_FOUND);
    assert_int_equal(archive_read("../archive/abcd", &certificate),
                     FAULT_NOT_FOUND);
    assert_null(certificate);
    /* Nor is one that is cut off. */
    assert_int_equal(rename(other, path), 0);
    assert_int_equal(truncate(path, 100), 0);
    assert_int_equal(archive_read(pki.certificate->thumbprint, &certificate),
                     FAULT_NOT_FOUND);
    assert_null(certificate);
}

static void one_that_is_there_stays(void **state)
{
    char path[PATHS_MAX];
    struct stat before, after;

    (void)state;
    assert_int_equal(archive_add(pki.certificate, path), OUTCOME_DONE);
    assert_int_equal(stat(path, &before), 0);
    assert_int_equal(archive_add(pki.certificate, path), OUTCOME_DONE);
    assert_int_equal(stat(path, &after), 0);
    assert_true(before.st_ino == after.st_ino);
}

/* A disk that was full, a crash: what is no longer the certificate is made
 * again. */
static void one_that_is_damaged_is_made_again(void **state)
{
    char path[PATHS_MAX];

    (void)state;
    assert_int_equal(archive_add(pki.certificate, path), OUTCOME_DONE);
    assert_int_equal(truncate(path, 0), 0);
    assert_int_equal(archive_add(pki.certificate, path), OUTCOME_DONE);
    assert_whole(path);
    assert_int_equal(truncate(path, (off_t)pki.certificate->der.size + 1), 0);
    assert_int_equal(archive_add(pki.certificate, path), OUTCOME_DONE);
    assert_whole(path);
}

static int add(const void *data)
{
    char path[PATHS_MAX];

    (void)data;
    return (int)archive_add(pki.certificate, path);
}

static void places_that_cannot_be_written_are_said(void **state)
{
    static char name[PATHS_MAX] = "/";
    char path[PATHS_MAX];

    (void)state;
    assert_int_equal(chmod(scratch_folder, 0555), 0);
    assert_int_equal(nobody_does(add, NULL), OUTCOME_STATE_UNWRITABLE);
    assert_int_equal(chmod(scratch_folder, 0755), 0);
    close(open(scratch_file("kep"), O_CREAT, 0600));
    assert_int_equal(archive_add(pki.certificate, path),
                     OUTCOME_STATE_UNWRITABLE);
    memset(name + 1, 'a', PATHS_MAX - 20);
    setenv("XDG_STATE_HOME", name, 1);
    assert_int_equal(archive_add(pki.certificate, path),
                     OUTCOME_STATE_UNWRITABLE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCRATCH_TEST(certificates_are_kept_by_their_thumbprints),
        SCRATCH_TEST(one_is_read_by_its_thumbprint),
        SCRATCH_TEST(one_that_is_there_stays),
        SCRATCH_TEST(one_that_is_damaged_is_made_again),
        SCRATCH_TEST(places_that_cannot_be_written_are_said),
    };

    return cmocka_run_group_tests(tests, make_certificate, free_certificate);
}
