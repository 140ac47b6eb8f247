#include "token/sealed/parcel.h"

#include "keygen/bytes.h"
#include "keygen/certificate.h"
#include "keygen/secret.h"
#include "tests/support/hex.h"
#include "tests/support/sample.h"
#include "tests/support/second_reader.h"
#include "token/sealed/sealed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *const samples[] = {"synthetic-2012-256-nopassword",
                                      "synthetic-2012-512A-password-qwerty123"};

/* Two containers of one name, two certificates. */
static void gather(struct parcel *parcel, struct container_files *files[2])
{
    *parcel = (struct parcel){.made = 1751328000};
    for (int i = 0; i < 2; i++) {
        files[i] = sample_read(samples[i]);
        assert_int_equal(parcel_add(parcel, "le-09650.000", files[i]),
                         FAULT_NONE);
    }
    assert_int_equal(parcel_add_certificate(parcel, "one", 3), FAULT_NONE);
    assert_int_equal(parcel_add_certificate(parcel, "other", 5), FAULT_NONE);
}

static void release(struct parcel *parcel, struct container_files *files[2])
{
    parcel_free(parcel);
    container_files_free(&files[0]);
    container_files_free(&files[1]);
}

static void test_round(void **state)
{
    struct container_files *files[2], *back;
    struct parcel parcel, unpacked;
    uint8_t *content;
    size_t size;

    (void)state;
    gather(&parcel, files);
    assert_int_equal(parcel_pack(&parcel, &content, &size), FAULT_NONE);
    assert_int_equal(parcel_unpack(content, size, &unpacked), FAULT_NONE);
    assert_int_equal(unpacked.made, 1751328000);
    assert_int_equal(unpacked.containers, 2);
    for (int i = 0; i < 2; i++) {
        assert_string_equal(unpacked.container[i].folder, "le-09650.000");
        assert_int_equal(parcel_files(&unpacked.container[i], &back),
                         FAULT_NONE);
        assert_true(container_files_equal(back, files[i]));
        container_files_free(&back);
    }
    assert_int_equal(unpacked.certificates, 2);
    assert_true(der_equals(&unpacked.certificate[0], "one", 3));
    assert_true(der_equals(&unpacked.certificate[1], "other", 5));
    parcel_free(&unpacked);
    release(&parcel, files);
    secret_free(&content);
}

/* Somebody else, who has read the page on the format, reads the same. */
static void test_second_reader(void **state)
{
    const struct sealed_cost cost = {2, 64};
    struct container_files *files[2];
    struct second_archive archive;
    struct parcel parcel;
    struct bytes sealed;
    uint8_t *content;
    size_t size;

    (void)state;
    gather(&parcel, files);
    assert_int_equal(parcel_pack(&parcel, &content, &size), FAULT_NONE);
    bytes_init(&sealed, SEALED_MAX);
    assert_int_equal(sealed_make(content, size, "слово", &cost, &sealed),
                     FAULT_NONE);
    second_read(sealed.data, sealed.size, "слово", &archive);
    assert_int_equal(archive.made, 1751328000);
    assert_int_equal(archive.containers, 2);
    for (int i = 0; i < 2; i++) {
        assert_memory_equal(archive.container[i].folder.at, "le-09650.000",
                            archive.container[i].folder.size);
        for (enum container_file f = 0; f < CONTAINER_FILE_COUNT; f++) {
            struct der file = container_files_at(files[i], f);

            assert_int_equal(archive.container[i].file[f].size, file.left);
            assert_memory_equal(archive.container[i].file[f].at, file.at,
                                file.left);
        }
    }
    assert_int_equal(archive.certificates, 2);
    assert_memory_equal(archive.certificate[1].at, "other", 5);
    second_free(&archive);
    bytes_free(&sealed);
    release(&parcel, files);
    secret_free(&content);
}

static enum fault unpack(const struct bytes *content)
{
    struct parcel parcel;
    enum fault fault = parcel_unpack(content->data, content->size, &parcel);

    if (fault != FAULT_NONE) {
        assert_null(parcel.container);
        assert_null(parcel.certificate);
        assert_int_equal(parcel.containers + parcel.certificates, 0);
    }
    parcel_free(&parcel);
    return fault;
}

#define MADE "0000000068630000 "
#define END "00 00000000 "
#define ABSENT "00000000 "
/* Of the files behind the name: three bytes of a header, no others. */
#define FILES ABSENT ABSENT "00000003 414243 " ABSENT ABSENT ABSENT

static void test_hostile(void **state)
{
    static const struct {
        const char *hex;
        enum fault fault;
    } rows[] = {
        {MADE END, FAULT_NONE},
        {MADE "01 0000001D 01 61 " FILES END, FAULT_NONE},
        {MADE "02 00000001 30 " END, FAULT_NONE},
        {MADE "01 0000001D 01 61 " FILES "02 00000001 30 " END, FAULT_NONE},
        {MADE "02 00000001 30 01 0000001D 01 61 " FILES END,
         FAULT_ARCHIVE_DAMAGED},
        {"0000003AFFF4417F " END, FAULT_NONE}, /* the end of 9999 */
        {"0000003AFFF44180 " END, FAULT_ARCHIVE_DAMAGED},
        {"FFFFFFFFFFFFFFFF " END, FAULT_ARCHIVE_DAMAGED},
        {"", FAULT_ARCHIVE_DAMAGED},
        {"00000000686300", FAULT_ARCHIVE_DAMAGED},
        {MADE, FAULT_ARCHIVE_DAMAGED},
        {MADE "00 000000", FAULT_ARCHIVE_DAMAGED},
        {MADE "00 00000001 00", FAULT_ARCHIVE_DAMAGED},
        {MADE END "00", FAULT_ARCHIVE_DAMAGED},
        {MADE END END, FAULT_ARCHIVE_DAMAGED},
        {MADE "03 00000000 " END, FAULT_ARCHIVE_NEWER},
        {MADE "FF 00000000 " END, FAULT_ARCHIVE_NEWER},
        /* Sizes beyond what is there, and beyond the maxima. */
        {MADE "02 FFFFFFFF 30 " END, FAULT_ARCHIVE_DAMAGED},
        {MADE "02 00000007 30 " END, FAULT_ARCHIVE_DAMAGED},
        {MADE "02 00000000 " END, FAULT_ARCHIVE_DAMAGED},
        {MADE "01 00000000 " END, FAULT_ARCHIVE_DAMAGED},
        {MADE "01 0000001C 01 61 " FILES END, FAULT_ARCHIVE_DAMAGED},
        {MADE "01 0000001E 01 61 " FILES "00 " END, FAULT_ARCHIVE_DAMAGED},
        {MADE
         "01 0000001A 01 61 " ABSENT ABSENT ABSENT ABSENT ABSENT ABSENT END,
         FAULT_ARCHIVE_DAMAGED},
        {MADE "01 0000001D 01 61 FFFFFFFF 00000000 00000003 414243 00000000 "
              "00000000 00000000 " END,
         FAULT_ARCHIVE_DAMAGED},
        {MADE "01 0000001D 01 61 00000000 00000000 0000000F 414243 00000000 "
              "00000000 00000000 " END,
         FAULT_ARCHIVE_DAMAGED},
        /* Names that are more than a name. */
        {MADE "01 0000001C 00 " FILES END, FAULT_ARCHIVE_DAMAGED},
        {MADE "01 0000001D 01 2E " FILES END, FAULT_ARCHIVE_DAMAGED},
        {MADE "01 0000001E 02 2E2E " FILES END, FAULT_ARCHIVE_DAMAGED},
        {MADE "01 0000001D 01 2F " FILES END, FAULT_ARCHIVE_DAMAGED},
        {MADE "01 0000001F 03 612F62 " FILES END, FAULT_ARCHIVE_DAMAGED},
        {MADE "01 0000001F 03 615C62 " FILES END, FAULT_ARCHIVE_DAMAGED},
        {MADE "01 0000001F 03 613A62 " FILES END, FAULT_ARCHIVE_DAMAGED},
        {MADE "01 0000001F 03 610062 " FILES END, FAULT_ARCHIVE_DAMAGED},
        {MADE "01 0000001D 01 0A " FILES END, FAULT_ARCHIVE_DAMAGED},
        {MADE "01 0000001F 03 611B62 " FILES END, FAULT_ARCHIVE_DAMAGED},
        {MADE "01 0000001D 01 FF " FILES END, FAULT_ARCHIVE_DAMAGED},
        {MADE "01 0000001D 80 61 " FILES END, FAULT_ARCHIVE_DAMAGED},
        {MADE "01 0000001D FF 61 " FILES END, FAULT_ARCHIVE_DAMAGED},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct bytes content;

        bytes_init(&content, 4096);
        hex_put(&content, rows[i].hex);
        if (unpack(&content) != rows[i].fault)
            fail_msg("row %zu: %s", i, rows[i].hex);
        bytes_free(&content);
    }
}

static void put_entry(struct bytes *content, uint8_t kind, const void *body,
                      size_t size)
{
    uint8_t head[5] = {kind, (uint8_t)(size >> 24), (uint8_t)(size >> 16),
                       (uint8_t)(size >> 8), (uint8_t)size};

    bytes_put(content, head, sizeof head);
    bytes_put(content, body, size);
}

/* One more of everything than there may be. */
static void test_too_many(void **state)
{
    static const struct {
        size_t count;
        uint8_t kind;
        const char *body;
        enum fault fault;
    } rows[] = {
        {PARCEL_CERTIFICATES_MAX, 2, "30", FAULT_NONE},
        {PARCEL_CERTIFICATES_MAX + 1, 2, "30", FAULT_TOO_LARGE},
        {PARCEL_CONTAINERS_MAX, 1, "01 61 " FILES, FAULT_NONE},
        {PARCEL_CONTAINERS_MAX + 1, 1, "01 61 " FILES, FAULT_TOO_LARGE},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct bytes content, body;

        bytes_init(&content, SEALED_CONTENT_MAX);
        bytes_init(&body, 256);
        hex_put(&body, rows[i].body);
        hex_put(&content, MADE);
        for (size_t n = 0; n < rows[i].count; n++)
            put_entry(&content, rows[i].kind, body.data, body.size);
        put_entry(&content, 0, NULL, 0);
        assert_int_equal(unpack(&content), rows[i].fault);
        bytes_free(&content);
        bytes_free(&body);
    }
}

static void test_too_large(void **state)
{
    static const struct {
        size_t file; /* bytes of which file */
        enum container_file which;
        enum fault fault;
    } rows[] = {
        {HEADER_MAX, CONTAINER_HEADER, FAULT_NONE},
        {HEADER_MAX + 1, CONTAINER_HEADER, FAULT_ARCHIVE_DAMAGED},
        {MASKED_KEY_MAX, CONTAINER_MASKS, FAULT_NONE},
        {MASKED_KEY_MAX + 1, CONTAINER_MASKS, FAULT_ARCHIVE_DAMAGED},
        {MASKED_KEY_MAX + 1, CONTAINER_NAME, FAULT_ARCHIVE_DAMAGED},
    };
    uint8_t *data = calloc(1, HEADER_MAX + 1);

    (void)state;
    assert_non_null(data);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct parcel_container one = {.folder = "a"};
        const struct parcel parcel = {.containers = 1, .container = &one};
        struct parcel back;
        uint8_t *content;
        size_t size;

        one.file[CONTAINER_HEADER] = (struct der){data, 1};
        one.file[rows[i].which] = (struct der){data, rows[i].file};
        assert_int_equal(parcel_pack(&parcel, &content, &size), FAULT_NONE);
        assert_int_equal(parcel_unpack(content, size, &back), rows[i].fault);
        parcel_free(&back);
        secret_free(&content);
    }
    free(data);
}

static void test_will_not_pack(void **state)
{
    struct der *many = calloc(PARCEL_CERTIFICATES_MAX, sizeof *many);
    uint8_t *content, *der = calloc(1, CERTIFICATE_MAX + 1);
    struct parcel parcel = {.made = -1};
    size_t size;

    (void)state;
    assert_non_null(many);
    assert_non_null(der);
    assert_int_equal(parcel_pack(&parcel, &content, &size), FAULT_ARGUMENT);
    parcel.made = 0;
    assert_int_equal(parcel_add_certificate(&parcel, der, 0), FAULT_TOO_LARGE);
    assert_int_equal(parcel_add_certificate(&parcel, der, CERTIFICATE_MAX + 1),
                     FAULT_TOO_LARGE);
    parcel.certificate = many;
    /* a little more than fits */
    parcel.certificates = SEALED_CONTENT_MAX / CERTIFICATE_MAX + 1;
    for (size_t i = 0; i < parcel.certificates; i++)
        many[i] = (struct der){der, CERTIFICATE_MAX};
    assert_int_equal(parcel_pack(&parcel, &content, &size), FAULT_TOO_LARGE);
    assert_null(content);
    free(der);
    parcel_free(&parcel);
}

static void test_folder_names(void **state)
{
    static const struct {
        const char *name;
        bool valid;
    } rows[] = {
        {"abcd1234.000", true},
        {"le-09650.000", true},
        {"Ключ 2025", true},
        {"a", true},
        {"", false},
        {".", false},
        {"..", false},
        {".kep-0", false},
        {" a", false},
        {"a/b", false},
        {"/a", false},
        {"a\\b", false},
        {"c:", false},
        {"a\nb", false},
        {"a\x7F", false},
        {"a\x1B[2J", false},
        {"\xC3\x28", false},
        {"a\u202Eb", false},
    };
    char name[PARCEL_FOLDER_MAX + 2] = {0};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (parcel_folder_valid(rows[i].name) != rows[i].valid)
            fail_msg("%s", rows[i].name);
    memset(name, 'a', PARCEL_FOLDER_MAX);
    assert_true(parcel_folder_valid(name));
    name[PARCEL_FOLDER_MAX] = 'a';
    assert_false(parcel_folder_valid(name));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round),
        cmocka_unit_test(test_second_reader),
        cmocka_unit_test(test_hostile),
        cmocka_unit_test(test_too_many),
        cmocka_unit_test(test_too_large),
        cmocka_unit_test(test_will_not_pack),
        cmocka_unit_test(test_folder_names),
    };

    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
