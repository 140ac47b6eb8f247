#include "client/scan/scan.h"

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

enum { FINDS = 16 };

static struct pki pki;

/* What was found. */
static struct {
    char where[512];
    enum fault fault;
    bool container;
    char thumbprint[THUMBPRINT_TEXT];
} finds[FINDS];
static size_t count;
static enum fault end_with;

static enum fault note(void *context, const struct find *find)
{
    (void)context;
    assert_true(count < FINDS);
    snprintf(finds[count].where, sizeof finds[0].where, "%s", find->where);
    finds[count].fault = find->fault;
    finds[count].container = find->container != NULL;
    snprintf(finds[count].thumbprint, THUMBPRINT_TEXT, "%s",
             find->certificate != NULL ? find->certificate->thumbprint : "");
    count++;
    return end_with;
}

static enum fault scan(const char *place)
{
    count = 0;
    return scan_place(place, note, NULL);
}

static size_t index_of(const char *name)
{
    for (size_t i = 0; i < count; i++) {
        const char *last = strrchr(finds[i].where, '/');

        if (last != NULL && strcmp(last + 1, name) == 0)
            return i;
    }
    fail_msg("%s was not found", name);
    return 0;
}

static void copy_container(const char *name)
{
    static const char *const files[] = {"header.key",  "masks.key",
                                        "masks2.key",  "name.key",
                                        "primary.key", "primary2.key"};

    assert_int_equal(mkdir(scratch_file(name), 0700), 0);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char from[256], to[256], data[8192];
        FILE *file;
        size_t size;

        snprintf(from, sizeof from,
                 "tests/data/synthetic-2012-256-nopassword/%s", files[i]);
        snprintf(to, sizeof to, "%s/%s", name, files[i]);
        file = fopen(from, "r");
        assert_non_null(file);
        size = fread(data, 1, sizeof data, file);
        fclose(file);
        scratch_write(to, data, size);
    }
}

static int set_up(void **state)
{
    scratch_begin(state);
    end_with = FAULT_NONE;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    return scratch_end(state);
}

/* --- a place ------------------------------------------------------------- */

static void certificate_files_are_found(void **state)
{
    static const char *const names[] = {"a.cer", "b.CRT", "c.pem", "d.der"};

    (void)state;
    for (size_t i = 0; i < 4; i++)
        scratch_write(names[i], pki.certificate->der.data,
                      pki.certificate->der.size);
    scratch_write("e.txt", pki.certificate->der.data,
                  pki.certificate->der.size);
    scratch_write(".f.cer", pki.certificate->der.data,
                  pki.certificate->der.size);
    scratch_write("cer", "x", 1);
    assert_int_equal(scan(scratch_folder), FAULT_NONE);
    assert_int_equal(count, 4);
    for (size_t i = 0; i < 4; i++) {
        size_t at = index_of(names[i]);

        assert_int_equal(finds[at].fault, FAULT_NONE);
        assert_false(finds[at].container);
        assert_string_equal(finds[at].thumbprint, pki.certificate->thumbprint);
    }
    /* … and where one is named, whatever its name */
    assert_int_equal(scan(scratch_file("e.txt")), FAULT_NONE);
    assert_int_equal(count, 1);
    assert_string_equal(finds[0].thumbprint, pki.certificate->thumbprint);
}

/* As many as are read by several threads. */
static enum fault note_order(void *context, const struct find *find)
{
    char *last = context;

    assert_int_equal(find->fault, FAULT_NONE);
    assert_string_equal(find->certificate->thumbprint,
                        pki.certificate->thumbprint);
    assert_true(strcmp(last, find->where) < 0);
    snprintf(last, LOCATION_MAX, "%s", find->where);
    count++;
    return FAULT_NONE;
}

static void many_files_come_in_order(void **state)
{
    enum { MANY = 500 };
    char last[LOCATION_MAX] = "", name[16];

    (void)state;
    for (int i = 0; i < MANY; i++) {
        snprintf(name, sizeof name, "%d.cer", i * 7919 % MANY);
        scratch_write(name, pki.certificate->der.data,
                      pki.certificate->der.size);
    }
    count = 0;
    assert_int_equal(scan_place(scratch_folder, note_order, last), FAULT_NONE);
    assert_int_equal(count, MANY);
}

static void containers_are_found(void **state)
{
    (void)state;
    copy_container("abcd1234.000");
    copy_container("efgh5678.000");
    scratch_write("a.cer", pki.certificate->der.data,
                  pki.certificate->der.size);
    assert_int_equal(scan(scratch_folder), FAULT_NONE);
    assert_int_equal(count, 3);
    assert_true(finds[index_of("abcd1234.000")].container);
    assert_true(finds[index_of("efgh5678.000")].container);
    assert_int_equal(
        strncmp(finds[index_of("efgh5678.000")].where, "file:/", 6), 0);
    assert_int_equal(scan(scratch_file("abcd1234.000")), FAULT_NONE);
    assert_int_equal(count, 1);
    assert_true(finds[0].container);
}

static void what_is_damaged_hides_nothing(void **state)
{
    (void)state;
    copy_container("abcd1234.000");
    copy_container("efgh5678.000");
    scratch_write("abcd1234.000/header.key", "x", 1);
    scratch_write("a.cer", "no certificate", 14);
    scratch_write("b.cer", "", 0);
    scratch_write("c.cer", pki.certificate->der.data,
                  pki.certificate->der.size);
    assert_int_equal(mkfifo(scratch_file("d.cer"), 0600), 0);
    assert_int_equal(symlink("/nowhere", scratch_file("e.cer")), 0);
    assert_int_equal(mkdir(scratch_file("f.cer"), 0700), 0);
    assert_int_equal(truncate(scratch_file("b.cer"), 4 * CERTIFICATE_MAX), 0);
    assert_int_equal(scan(scratch_folder), FAULT_NONE);
    assert_int_equal(count, 8);
    assert_int_equal(finds[index_of("abcd1234.000")].fault, FAULT_DAMAGED);
    assert_int_equal(finds[index_of("a.cer")].fault, FAULT_CERTIFICATE);
    assert_int_equal(finds[index_of("b.cer")].fault, FAULT_CERTIFICATE);
    assert_int_equal(finds[index_of("c.cer")].fault, FAULT_NONE);
    assert_int_not_equal(finds[index_of("d.cer")].fault, FAULT_NONE);
    assert_int_not_equal(finds[index_of("e.cer")].fault, FAULT_NONE);
    assert_int_not_equal(finds[index_of("f.cer")].fault, FAULT_NONE);
    assert_true(finds[index_of("efgh5678.000")].container);
}

static void places_that_are_none_are_faults(void **state)
{
    (void)state;
    assert_int_equal(scan(scratch_file("none")), FAULT_NOT_FOUND);
    assert_int_equal(scan("rutoken:1"), FAULT_LOCATION);
    assert_int_equal(scan(""), FAULT_LOCATION);
    assert_int_equal(count, 0);
    assert_int_equal(scan(scratch_folder),
                     FAULT_NONE); /* an empty one is none */
    assert_int_equal(count, 0);
}

static void the_visitor_can_end_the_walk(void **state)
{
    (void)state;
    copy_container("abcd1234.000");
    scratch_write("a.cer", pki.certificate->der.data,
                  pki.certificate->der.size);
    end_with = FAULT_MEMORY;
    assert_int_equal(scan(scratch_folder), FAULT_MEMORY);
    assert_int_equal(count, 1);
}

static int scan_as_nobody(const void *place)
{
    return (int)scan(place);
}

static void rights_that_are_missing_are_told(void **state)
{
    (void)state;
    scratch_write("a.cer", pki.certificate->der.data,
                  pki.certificate->der.size);
    assert_int_equal(chmod(scratch_file("a.cer"), 0), 0);
    assert_int_equal(chmod(scratch_folder, 0), 0);
    assert_int_equal(nobody_does(scan_as_nobody, scratch_folder),
                     FAULT_NO_ACCESS);
    assert_int_equal(chmod(scratch_folder, 0755), 0);
    assert_int_equal(nobody_does(scan_as_nobody, scratch_folder), FAULT_NONE);
}

/* --- everywhere ---------------------------------------------------------- */

static void make_local(void)
{
    assert_int_equal(mkdir(scratch_file("kep"), 0700), 0);
    assert_int_equal(mkdir(scratch_file("kep/containers"), 0700), 0);
}

static void the_usual_places_may_all_be_missing(void **state)
{
    (void)state;
    count = 0;
    assert_int_equal(scan_usual(note, NULL), FAULT_NONE);
    make_local();
    copy_container("kep/containers/abcd1234.000");
    count = 0;
    assert_int_equal(scan_usual(note, NULL), FAULT_NONE);
    assert_true(finds[index_of("abcd1234.000")].container);
}

/* One that cannot be read is shown, and the walk goes on. */
static void a_usual_place_that_fails_is_a_find(void **state)
{
    static char name[5000] = "/";

    (void)state;
    memset(name + 1, 'a', sizeof name - 2);
    setenv("XDG_DATA_HOME", name, 1);
    count = 0;
    assert_int_equal(scan_usual(note, NULL), FAULT_NONE);
    assert_true(count > 0);
    assert_int_not_equal(finds[0].fault, FAULT_NONE);
}

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

#define SCAN(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCAN(certificate_files_are_found),
        SCAN(many_files_come_in_order),
        SCAN(containers_are_found),
        SCAN(what_is_damaged_hides_nothing),
        SCAN(places_that_are_none_are_faults),
        SCAN(the_visitor_can_end_the_walk),
        SCAN(rights_that_are_missing_are_told),
        SCAN(the_usual_places_may_all_be_missing),
        SCAN(a_usual_place_that_fails_is_a_find),
    };

    return cmocka_run_group_tests(tests, make_certificate, free_certificate);
}
