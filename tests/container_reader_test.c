#include "token/container/container_reader.h"

#include "keygen/keypair.h"
#include "keygen/secret.h"
#include "tests/support/hex.h"
#include "tests/support/sample.h"
#include "tests/support/self_signed.h"
#include "token/container/container_password.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/* Containers that another program made, and their scalars. */
static const struct row {
    const char *folder, *password, *word, *scalar;
} rows[] = {
    {"synthetic-2012-256-nopassword", NULL, "gost2012-256",
     "2a9e1488650a3d44c4fa42510b8fee41e543db594f2a3e8cef92748eb077958e"},
    {"synthetic-2012-256-password-qwerty123", "qwerty123", "gost2012-256",
     "e3216d22b6e4dcc160e0a399230b0e09e31458d4c37f3ff058e24dc63537a710"},
    {"synthetic-2012-512A-password-qwerty123", "qwerty123", "gost2012-512",
     "e61f215a8012babd54562cab990c3f94b704a8082264fcdffa1fc99bc866dd51"
     "be4ecdadc6a920a0265fa3ec1078d7fae16e9cc7d1f29245e74c18caf522d922"},
    {"synthetic-2001-nopassword", NULL, "gost2001",
     "ef7e0b6af7a29a8925423398bfa845538af1041c8313c730fb9db9139bba4d65"},
    {"synthetic-2001-password-secret", "secret", "gost2001",
     "d70636e4b6c114ff045d4cc8d1597cace24bd8f99a073cca9a9069077cc6c85f"},
};

enum { ROWS = sizeof rows / sizeof rows[0] };

static enum fault open_with(const struct container_files *files,
                            const char *password, uint8_t *scalar)
{
    struct container *container;
    enum fault fault = container_reader_open(files, 0, password, &container);

    if (fault != FAULT_NONE) {
        assert_null(container);
        return fault;
    }
    memcpy(scalar, container->scalar, container->info.algorithm->key_size);
    container_free(&container);
    assert_null(container);
    return fault;
}

/* The keys of a container that is whole. */
static void open_all(const struct container_files *files, const char *password,
                     struct container *key[CONTAINER_KEYS])
{
    for (size_t i = 0; i < CONTAINER_KEYS; i++) {
        const enum fault fault =
            container_reader_open(files, i, password, &key[i]);

        assert_true(fault == FAULT_NONE ||
                    (i > 0 && fault == FAULT_NOT_FOUND && key[i] == NULL));
    }
}

static void free_all(struct container *key[CONTAINER_KEYS])
{
    for (size_t i = 0; i < CONTAINER_KEYS; i++)
        container_free(&key[i]);
}

static enum fault verify_with(const struct container_files *files,
                              const char *text,
                              struct container *const key[CONTAINER_KEYS])
{
    struct container_password *password;
    enum fault fault = container_password_new(text, &password);

    if (fault == FAULT_NONE)
        fault = container_reader_verify(files, password, key);
    secret_free(&password);
    return fault;
}

static void test_open(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS; i++) {
        struct container_files *files = sample_read(rows[i].folder);
        uint8_t expected[ALGORITHM_KEY_MAX], point[2 * ALGORITHM_KEY_MAX];
        struct container *one;

        assert_int_equal(
            container_reader_open(files, 0, rows[i].password, &one),
            FAULT_NONE);
        assert_string_equal(one->info.algorithm->word, rows[i].word);
        hex_read(expected, one->info.algorithm->key_size, rows[i].scalar);
        assert_memory_equal(one->scalar, expected,
                            one->info.algorithm->key_size);
        assert_int_equal(keypair_public(one->key, one->info.algorithm, point),
                         FAULT_NONE);
        assert_memory_equal(one->point, point,
                            2 * one->info.algorithm->key_size);
        container_free(&one);
        container_files_free(&files);
    }
}

static void test_describe(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS; i++) {
        struct container_files *files = sample_read(rows[i].folder);
        struct container_info info;

        assert_int_equal(container_reader_describe(files, 0, &info),
                         FAULT_NONE);
        assert_string_equal(info.name, "testcont");
        assert_string_equal(info.algorithm->word, rows[i].word);
        assert_string_equal(info.kind, rows[i].word);
        assert_int_equal(info.refused, FAULT_NONE);
        assert_int_equal(info.flags, CONTAINER_EXCHANGE | CONTAINER_EXPORTABLE);
        assert_int_equal(info.keys, 1);
        assert_false(info.second);
        assert_int_equal(info.has_password, rows[i].password != NULL);
        assert_true(info.exportable);
        assert_int_equal(info.key_not_after, 1830297599);
        assert_null(info.certificate);
        container_info_free(&info);
        container_files_free(&files);
    }
}

static void test_passwords(void **state)
{
    static const struct {
        const char *password;
        enum fault fault;
    } tries[] = {
        {NULL, FAULT_PASSWORD_NEEDED},
        {"", FAULT_PASSWORD_WRONG},
        {"qwerty124", FAULT_PASSWORD_WRONG},
        {"qwerty123 ", FAULT_PASSWORD_WRONG},
        {"QWERTY123", FAULT_PASSWORD_WRONG},
        {"пароль", FAULT_PASSWORD_WRONG},
        {"\xFF\xFE", FAULT_PASSWORD_WRONG},
        {"qwerty123", FAULT_NONE},
    };
    struct container_files *files = sample_read(rows[1].folder);
    static char longest[CONTAINER_PASSWORD_MAX + 2];
    uint8_t scalar[ALGORITHM_KEY_MAX];

    (void)state;
    for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++)
        assert_int_equal(open_with(files, tries[i].password, scalar),
                         tries[i].fault);
    memset(longest, 'x', CONTAINER_PASSWORD_MAX + 1);
    assert_int_equal(open_with(files, longest, scalar), FAULT_TOO_LARGE);
    container_files_free(&files);
}

static void put(struct container_files *files, enum container_file file,
                const void *data, size_t size)
{
    uint8_t *room;

    assert_int_equal(container_files_room(files, file, size, &room),
                     FAULT_NONE);
    if (size > 0)
        memcpy(room, data, size);
}

/* As some other program would: the password in one of the forms in which
 * programs put Russian letters. */
static struct container_files *write_as(const char *text,
                                        enum container_password_form form)
{
    struct container_files *files = sample_read(rows[0].folder);
    const struct algorithm *algorithm = algorithm_by_word(rows[0].word);
    uint8_t scalar[ALGORITHM_KEY_MAX], key[CPKDF_KEY], mac[GOST28147_MAC];
    struct masked_key_files *pair = secret_new(sizeof *pair);
    const uint8_t *const scalars[] = {scalar};
    struct der file = container_files_at(files, CONTAINER_HEADER);
    struct container_password *password;
    struct entropy *pool;
    struct header header;
    struct bytes out;

    assert_int_equal(open_with(files, NULL, scalar), FAULT_NONE);
    assert_int_equal(entropy_new(&pool), FAULT_NONE);
    assert_int_equal(container_password_cells(text, form, &password),
                     FAULT_NONE);
    assert_int_equal(
        masked_key_make(algorithm, scalars, 1, pool, password, pair),
        FAULT_NONE);
    put(files, CONTAINER_PRIMARY, pair->primary, pair->primary_size);
    put(files, CONTAINER_MASKS, pair->masks, pair->masks_size);
    assert_int_equal(header_read(&file, &header), FAULT_NONE);
    assert_int_equal(cpkdf(&suite_of(algorithm)->hash, password->cells,
                           password->size, header.key[0].fingerprint.at,
                           HEADER_FINGERPRINT, key),
                     FAULT_NONE);
    header_password_mac(suite_of(algorithm), key, mac);
    bytes_init(&out, HEADER_MAX);
    assert_int_equal(
        header_make(
            &(struct header_content){
                .keys = 1,
                .key[0] = {.algorithm = algorithm,
                           .curve_oid = algorithm->curve_oid,
                           .fingerprint = header.key[0].fingerprint.at},
                .has_password = true,
                .password_mac = mac},
            &out),
        FAULT_NONE);
    put(files, CONTAINER_HEADER, out.data, out.size);
    bytes_free(&out);
    secret_free(&password);
    secret_free(&pair);
    entropy_free(&pool);
    return files;
}

static void test_russian_password(void **state)
{
    uint8_t scalar[ALGORITHM_KEY_MAX];

    (void)state;
    for (enum container_password_form form = 0; form < CONTAINER_PASSWORD_FORMS;
         form++) {
        struct container_files *files = write_as("Пароль", form);

        assert_int_equal(open_with(files, "Пароль", scalar), FAULT_NONE);
        assert_int_equal(open_with(files, "пароль", scalar),
                         FAULT_PASSWORD_WRONG);
        assert_int_equal(open_with(files, "Parol", scalar),
                         FAULT_PASSWORD_WRONG);
        container_files_free(&files);
    }
}

/* Where there is no password, one that is given does no harm. */
static void test_needless_password(void **state)
{
    struct container_files *files = sample_read(rows[0].folder);
    uint8_t scalar[ALGORITHM_KEY_MAX];

    (void)state;
    assert_int_equal(open_with(files, "whatever", scalar), FAULT_NONE);
    container_files_free(&files);
}

static void test_names(void **state)
{
    static const struct {
        const char *file, *name;
    } names[] = {
        {"3005 1603 737276", "srv"},
        {"3006 1604 C8E2E0ED", "Иван"},
        {"3005 1603 737276 FFFF", "srv"},
        {"3008 1603 737276 0C0161", "srv"},
        {"3007 1605 611B5B3162", "a [1b"},
        {"3002 1600", ""},
        {"", ""},
        {"3005 1604 737276", ""},
        {"3005 0C03 737276", ""},
    };
    struct container_files *files = sample_read(rows[0].folder);

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct container_info info;
        struct bytes file;

        bytes_init(&file, MASKED_KEY_MAX);
        hex_put(&file, names[i].file);
        put(files, CONTAINER_NAME, file.data, file.size);
        assert_int_equal(container_reader_describe(files, 0, &info),
                         FAULT_NONE);
        assert_string_equal(info.name, names[i].name);
        container_info_free(&info);
        bytes_free(&file);
    }
    container_files_free(&files);
}

/* Longer than any name: it is cut, for it is only shown. */
static void test_long_name(void **state)
{
    struct container_files *files = sample_read(rows[0].folder);
    struct container_info info;
    struct bytes file;
    uint8_t text[600];

    (void)state;
    memset(text, 0xB9, sizeof text); /* №, of three bytes */
    bytes_init(&file, MASKED_KEY_MAX);
    der_put(&file, DER_IA5_STRING, text, sizeof text);
    der_wrap(&file, 0, DER_SEQUENCE);
    put(files, CONTAINER_NAME, file.data, file.size);
    assert_int_equal(container_reader_describe(files, 0, &info), FAULT_NONE);
    assert_int_equal(strlen(info.name), 3 * CONTAINER_NAME_MAX);
    container_info_free(&info);
    bytes_free(&file);
    container_files_free(&files);
}

/* A header whose certificate is for another key; its checksum is right. */
static void test_foreign_certificate(void **state)
{
    const struct algorithm *algorithm = algorithm_by_word("gost2012-256");
    struct container_files *files = sample_read(rows[0].folder);
    struct der file = container_files_at(files, CONTAINER_HEADER);
    uint8_t scalar[ALGORITHM_KEY_MAX] = {7};
    struct certificate *certificate =
        self_signed_new(algorithm, scalar, algorithm->curve, 0);
    struct container *key[CONTAINER_KEYS];
    struct header header;
    struct bytes out;

    (void)state;
    open_all(files, NULL, key);
    assert_int_equal(header_read(&file, &header), FAULT_NONE);
    bytes_init(&out, HEADER_MAX);
    assert_int_equal(header_replace(&header, 0, certificate->der.data,
                                    certificate->der.size, &out),
                     FAULT_NONE);
    put(files, CONTAINER_HEADER, out.data, out.size);
    assert_int_equal(open_with(files, NULL, scalar), FAULT_KEY_MISMATCH);
    assert_int_equal(verify_with(files, NULL, key), FAULT_KEY_MISMATCH);
    free_all(key);
    bytes_free(&out);
    certificate_free(&certificate);
    container_files_free(&files);
}

/* What is wrong in either pair is found, though the other one opens. */
static void test_verify(void **state)
{
    static const enum container_file pairs[] = {
        CONTAINER_PRIMARY, CONTAINER_MASKS, CONTAINER_PRIMARY2,
        CONTAINER_MASKS2};

    (void)state;
    for (size_t i = 0; i < ROWS; i++) {
        struct container_files *files = sample_read(rows[i].folder);
        const char *password = rows[i].password;
        struct container *key[CONTAINER_KEYS];

        open_all(files, password, key);
        assert_int_equal(verify_with(files, password, key), FAULT_NONE);
        for (size_t j = 0; j < sizeof pairs / sizeof pairs[0]; j++) {
            uint8_t *data = files->small[pairs[j]].data;

            for (size_t at = 0; at < files->small[pairs[j]].size;
                 at += i == 0 ? 1 : 9) {
                data[at] ^= 0x10;
                assert_int_not_equal(verify_with(files, password, key),
                                     FAULT_NONE);
                data[at] ^= 0x10;
            }
        }
        free_all(key);
        container_files_free(&files);
    }
}

/* What was made with another password, or with none, or the other way round. */
static void test_verify_password(void **state)
{
    static const char *const others[] = {"qwerty124", "x", ""};

    (void)state;
    for (size_t i = 0; i < ROWS; i++) {
        struct container_files *files = sample_read(rows[i].folder);
        struct container *key[CONTAINER_KEYS];

        open_all(files, rows[i].password, key);
        for (size_t j = 0; j < sizeof others / sizeof others[0]; j++)
            assert_int_equal(verify_with(files, others[j], key),
                             rows[i].password == NULL && others[j][0] == '\0'
                                 ? FAULT_NONE
                                 : FAULT_PASSWORD_WRONG);
        free_all(key);
        container_files_free(&files);
    }
}

/* What is told of a key that is known is what is told of one that is opened. */
static void test_verify_tells(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS; i++) {
        struct container_files *files = sample_read(rows[i].folder);
        struct container *opened[CONTAINER_KEYS], *key[CONTAINER_KEYS];

        open_all(files, rows[i].password, opened);
        open_all(files, rows[i].password, key);
        container_info_free(&key[0]->info);
        key[0]->info =
            (struct container_info){.algorithm = key[0]->info.algorithm};
        assert_int_equal(verify_with(files, rows[i].password, key), FAULT_NONE);
        assert_string_equal(key[0]->info.name, opened[0]->info.name);
        assert_int_equal(key[0]->info.keys, opened[0]->info.keys);
        assert_int_equal(key[0]->info.flags, opened[0]->info.flags);
        assert_int_equal(key[0]->info.certificate != NULL,
                         opened[0]->info.certificate != NULL);
        free_all(key);
        free_all(opened);
        container_files_free(&files);
    }
}

/* Another scalar, another public point, another algorithm, another number of
 * keys, another password. */
static void test_verify_others(void **state)
{
    const struct algorithm *const *all = algorithm_all();
    struct container_files *files = sample_read(rows[0].folder);
    struct container *key[CONTAINER_KEYS], *none[CONTAINER_KEYS] = {NULL};
    struct container *two[CONTAINER_KEYS];
    const struct algorithm *own;

    (void)state;
    open_all(files, rows[0].password, key);
    own = key[0]->info.algorithm;
    memcpy(two, (struct container *[]){key[0], key[0]}, sizeof two);
    assert_int_equal(verify_with(files, rows[0].password, none), FAULT_DAMAGED);
    assert_int_equal(verify_with(files, rows[0].password, two), FAULT_DAMAGED);
    key[0]->scalar[own->key_size - 1] ^= 1;
    assert_int_equal(verify_with(files, rows[0].password, key), FAULT_DAMAGED);
    key[0]->scalar[own->key_size - 1] ^= 1;
    key[0]->point[0] ^= 1;
    assert_int_equal(verify_with(files, rows[0].password, key), FAULT_DAMAGED);
    key[0]->point[0] ^= 1;
    key[0]->info.algorithm = all[0] == own ? all[1] : all[0];
    assert_int_equal(verify_with(files, rows[0].password, key), FAULT_DAMAGED);
    key[0]->info.algorithm = own;
    assert_int_equal(verify_with(files, rows[0].password, key), FAULT_NONE);
    free_all(key);
    container_files_free(&files);
}

/* Both open it and recall it, or neither does. */
static void assert_known(const struct container_files *files,
                         const struct container *key, bool is)
{
    const size_t size = 2 * key->info.algorithm->key_size;
    struct container *known;

    assert_int_equal(container_reader_is(files, key), is);
    assert_int_equal(
        container_reader_recall(files, key->sum, key->point, size, &known),
        is ? FAULT_NONE : FAULT_DAMAGED);
    assert_int_equal(known != NULL, is);
    if (is) {
        assert_true(known->key == NULL && known->scalar == NULL);
        assert_memory_equal(known->point, key->point, size);
        assert_ptr_equal(known->info.algorithm, key->info.algorithm);
        assert_true(container_reader_is(files, known));
        container_free(&known);
        assert_int_equal(container_reader_recall(files, key->sum, key->point,
                                                 size - 1, &known),
                         FAULT_DAMAGED);
    }
}

/* A container that was opened is known again, without its password; what
 * differs makes it another. */
static void test_is(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS; i++) {
        struct container_files *files = sample_read(rows[i].folder);
        struct container *key[CONTAINER_KEYS];

        open_all(files, rows[i].password, key);
        assert_known(files, key[0], true);
        key[0]->sum[0] ^= 1;
        assert_known(files, key[0], false);
        key[0]->sum[0] ^= 1;
        key[0]->point[0] ^= 1;
        assert_known(files, key[0], false);
        key[0]->point[0] ^= 1;
        key[0]->info.has_password ^= 1;
        assert_false(container_reader_is(files, key[0]));
        key[0]->info.has_password ^= 1;
        for (enum container_file file = 0; file < CONTAINER_FILE_COUNT;
             file++) {
            const size_t middle = container_files_at(files, file).left / 2;
            uint8_t *byte = file == CONTAINER_HEADER
                                ? files->header + middle
                                : files->small[file].data + middle;

            *byte ^= 1;
            assert_known(files, key[0], file == CONTAINER_NAME);
            *byte ^= 1;
        }
        assert_known(files, key[0], true);
        container_files_drop(files, CONTAINER_PRIMARY2);
        assert_known(files, key[0], false);
        free_all(key);
        container_files_free(&files);
    }
}

/* What came out of the reserve copy is opened again each time. */
static void test_reserve_is_not_known(void **state)
{
    struct container_files *files = sample_read(rows[0].folder);
    struct container *container;

    (void)state;
    files->small[CONTAINER_MASKS].data[8] ^= 1;
    assert_int_equal(
        container_reader_open(files, 0, rows[0].password, &container),
        FAULT_NONE);
    assert_true(container->from_reserve);
    assert_known(files, container, false);
    container_free(&container);
    container_files_free(&files);
}

/* With a certificate, without it, with another for the same key, and with one
 * for another key. */
static void test_is_certified(void **state)
{
    struct container_files *files = sample_read(rows[0].folder);
    struct der file = container_files_at(files, CONTAINER_HEADER);
    struct container *key[CONTAINER_KEYS], *known;
    struct certificate *one, *other;
    struct header header;
    struct bytes out;

    (void)state;
    open_all(files, NULL, key);
    one = self_signed_new(key[0]->info.algorithm, key[0]->scalar,
                          key[0]->info.algorithm->curve, 0);
    other = self_signed_new(key[0]->info.algorithm, key[0]->scalar,
                            key[0]->info.algorithm->curve, 1);
    assert_null(key[0]->info.certificate);
    assert_int_equal(header_read(&file, &header), FAULT_NONE);
    bytes_init(&out, HEADER_MAX);
    assert_int_equal(
        header_replace(&header, 0, one->der.data, one->der.size, &out),
        FAULT_NONE);
    key[0]->info.certificate = one;
    assert_false(container_reader_is(files, key[0]));
    put(files, CONTAINER_HEADER, out.data, out.size);
    assert_true(container_reader_is(files, key[0]));
    key[0]->info.certificate = other;
    assert_false(container_reader_is(files, key[0]));
    key[0]->info.certificate = NULL;
    assert_false(container_reader_is(files, key[0]));
    certificate_free(&other);
    key[0]->scalar[0] ^= 1;
    other = self_signed_new(key[0]->info.algorithm, key[0]->scalar,
                            key[0]->info.algorithm->curve, 0);
    container_files_free(&files);
    files = sample_certified(other);
    assert_int_equal(container_reader_recall(files, key[0]->sum, key[0]->point,
                                             2 * other->algorithm->key_size,
                                             &known),
                     FAULT_KEY_MISMATCH);
    certificate_free(&one);
    certificate_free(&other);
    bytes_free(&out);
    free_all(key);
    container_files_free(&files);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_open),
        cmocka_unit_test(test_describe),
        cmocka_unit_test(test_passwords),
        cmocka_unit_test(test_russian_password),
        cmocka_unit_test(test_needless_password),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_long_name),
        cmocka_unit_test(test_foreign_certificate),
        cmocka_unit_test(test_verify),
        cmocka_unit_test(test_verify_password),
        cmocka_unit_test(test_verify_tells),
        cmocka_unit_test(test_verify_others),
        cmocka_unit_test(test_is),
        cmocka_unit_test(test_reserve_is_not_known),
        cmocka_unit_test(test_is_certified),
    };

    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
