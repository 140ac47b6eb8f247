#include "token/container/header.h"

#include "tests/support/hex.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define FORMAT "A00A06082A85030202250201"
#define FLAGS "03020640"
#define OID_256 "06082A85030701010601"
#define XCHA "06072A850302022400"
#define STREEBOG "06082A85030701010202"
#define KEY "3025 030205A0 A01F" OID_256 "3013" XCHA STREEBOG
#define NO_MAC "820400000000"
#define POINT "8A080102030405060708"
#define VALIDITY                                                               \
    "AC21301F06082A8503020225030A04133011810F32303235303630363133323135385A"
#define CERT "8503AABBCC"
#define START FORMAT FLAGS KEY NO_MAC

/* The fields, wrapped and with their checksum. */
static void seal(struct bytes *out, const struct gost28147_sbox *sbox)
{
    static const uint8_t key[32];
    uint8_t mac[GOST28147_MAC];

    der_wrap(out, 0, DER_SEQUENCE);
    gost28147_mac(sbox, key, out->data, out->size, mac);
    der_put(out, DER_OCTET_STRING, mac, sizeof mac);
    der_wrap(out, 0, DER_SEQUENCE);
    assert_false(out->failed);
}

static struct der window(const struct bytes *bytes)
{
    return (struct der){bytes->data, bytes->size};
}

static void build(struct bytes *out, const char *fields)
{
    bytes_init(out, HEADER_MAX);
    hex_put(out, fields);
    seal(out, &gost28147_z);
}

static const struct row {
    const char *what, *fields;
    enum fault fault, refused;
} rows[] = {
    {"as CSP writes it", START CERT POINT VALIDITY, FAULT_NONE, FAULT_NONE},
    {"the least", FORMAT FLAGS KEY, FAULT_NONE, FAULT_NONE},
    {"on CryptoPro-A",
     FORMAT FLAGS "3025 030205A0 A01F" OID_256
                  "3013 06072A850302022301" STREEBOG POINT,
     FAULT_NONE, FAULT_NONE},
    {"on TC26-256-B, without a digest",
     FORMAT FLAGS "301D 030205A0 A017" OID_256
                  "300B 06092A8503070102010102" POINT,
     FAULT_NONE, FAULT_NONE},
    {"no key attributes",
     FORMAT FLAGS "3021 A01F" OID_256 "3013" XCHA STREEBOG POINT, FAULT_NONE,
     FAULT_NONE},
    {"every field of the schema",
     FORMAT "160161" FLAGS KEY NO_MAC CERT "870161 A8091601620404 01020304"
            "A9091601620404 01020304" POINT "300C 06032A0304 0405 6162636465"
            "020101" VALIDITY "8D0161",
     FAULT_NONE, FAULT_NONE},
    {"a field of no schema", START "9E0161" POINT "9F2000", FAULT_DAMAGED, 0},
    {"a short field of no schema", START "9E0161" POINT "9D00", FAULT_NONE,
     FAULT_NONE},

    {"format V1", "A00906072A850302022501" FLAGS KEY POINT, FAULT_NONE,
     FAULT_OLD_FORMAT},
    {"no format", FLAGS KEY POINT, FAULT_NONE, FAULT_OLD_FORMAT},
    {"format V2-PartOf", "A00A06082A85030202250202" FLAGS KEY POINT, FAULT_NONE,
     FAULT_UNSUPPORTED},
    {"a format that is no OID", "A003040161" FLAGS KEY POINT, FAULT_NONE,
     FAULT_UNSUPPORTED},
    {"two keys",
     START "A424 03020780 A01E 06082A85030701010101 3012" XCHA
           "06072A850302021E01" CERT "8601FF" POINT "8B080102030405060708",
     FAULT_NONE, FAULT_NONE},
    {"no primary key", FORMAT "03020560" KEY POINT, FAULT_NONE,
     FAULT_UNSUPPORTED},
    {"a shared key", FORMAT "03020450" KEY POINT, FAULT_NONE,
     FAULT_UNSUPPORTED},
    {"a second key without a fingerprint",
     START "A425 030205A0 A01F" OID_256 "3013" XCHA STREEBOG POINT, FAULT_NONE,
     FAULT_NONE},
    {"a signature key",
     FORMAT FLAGS
     "3024 030100 A01F 06082A85030701010101 3013" XCHA STREEBOG POINT,
     FAULT_NONE, FAULT_NONE},
    {"another curve",
     FORMAT FLAGS "3025 030205A0 A01F" OID_256
                  "3013 06072A850302022302" STREEBOG POINT,
     FAULT_NONE, FAULT_UNSUPPORTED},
    {"another kind of key",
     FORMAT FLAGS
     "3025 030205A0 A01F 06082A85030701010603 3013" XCHA STREEBOG POINT,
     FAULT_NONE, FAULT_UNSUPPORTED},
    {"no algorithm", FORMAT FLAGS "3004 030205A0" POINT, FAULT_NONE,
     FAULT_UNSUPPORTED},

    {"nothing", "", FAULT_DAMAGED, 0},
    {"no flags", FORMAT KEY POINT, FAULT_DAMAGED, 0},
    {"no key", FORMAT FLAGS POINT, FAULT_DAMAGED, 0},
    {"empty flags", FORMAT "0300" KEY POINT, FAULT_DAMAGED, 0},
    {"flags with eight bits unused", FORMAT "03020840" KEY POINT, FAULT_DAMAGED,
     0},
    {"unused bits of nothing", FORMAT "030106" KEY POINT, FAULT_DAMAGED, 0},
    {"flags twice", FORMAT FLAGS FLAGS KEY POINT, FAULT_DAMAGED, 0},
    {"certificate twice", START CERT CERT POINT, FAULT_DAMAGED, 0},
    {"out of order", START POINT CERT, FAULT_DAMAGED, 0},
    {"a short fingerprint", START "8A0401020304", FAULT_DAMAGED, 0},
    {"a long fingerprint", START "8A09010203040506070809", FAULT_DAMAGED, 0},
    {"a short password checksum", FORMAT FLAGS KEY "8203000000" POINT,
     FAULT_DAMAGED, 0},
    {"broken extensions", START POINT "AC0130", FAULT_DAMAGED, 0},
    {"a broken key", FORMAT FLAGS "3003 030205" POINT, FAULT_DAMAGED, 0},
    {"a key without parameters",
     FORMAT FLAGS "3010 030205A0 A00A" OID_256 POINT, FAULT_DAMAGED, 0},
    {"a field that is cut off", START "8A0801", FAULT_DAMAGED, 0},
    {"an indefinite length", START "AC800000", FAULT_DAMAGED, 0},
};

static void test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct header header;
        struct bytes file;
        struct der in;

        print_message("# %s\n", rows[i].what);
        build(&file, rows[i].fields);
        in = window(&file);
        assert_int_equal(header_read(&in, &header), rows[i].fault);
        if (rows[i].fault == FAULT_NONE)
            assert_int_equal(header.key[0].refused, rows[i].refused);
        bytes_free(&file);
    }
}

static void test_content(void **state)
{
    struct header header;
    struct bytes file;
    struct der in;

    (void)state;
    build(&file, START CERT POINT VALIDITY);
    in = window(&file);
    assert_int_equal(header_read(&in, &header), FAULT_NONE);
    assert_string_equal(header.key[0].algorithm->word, "gost2012-256");
    assert_false(header.has_password);
    assert_true(header.key[0].flags & CONTAINER_EXPORTABLE);
    assert_int_equal(header.period.not_after, 1749216118);
    assert_true(der_equals(&header.key[0].certificate, "\xAA\xBB\xCC", 3));
    assert_true(der_equals(&header.key[0].fingerprint,
                           "\x01\x02\x03\x04\x05\x06\x07\x08", 8));
    bytes_free(&file);

    build(&file, FORMAT "030206C0"
                        "3027 03020520 A021 06082A85030701010602 3015"
                        "06092A8503070102010201 06082A85030701010203"
                        "820401020304" POINT);
    in = window(&file);
    assert_int_equal(header_read(&in, &header), FAULT_NONE);
    assert_string_equal(header.key[0].algorithm->word, "gost2012-512");
    assert_true(header.has_password);
    assert_false(header.key[0].flags & CONTAINER_EXPORTABLE);
    assert_int_equal(header.period.not_after, 0);
    assert_null(header.key[0].certificate.at);
    assert_true(der_equals(&header.password_mac, "\x01\x02\x03\x04", 4));
    bytes_free(&file);
}

/* Keys of 2001 have another S-box. */
static void test_2001(void **state)
{
    static const char fields[] =
        FORMAT FLAGS "3022 030205A0 A01C 06062A850302026230 12" XCHA
                     "06072A850302021E01" POINT;
    struct header header;
    struct bytes file;
    struct der in;

    (void)state;
    bytes_init(&file, HEADER_MAX);
    hex_put(&file, fields);
    seal(&file, &gost28147_a);
    in = window(&file);
    assert_int_equal(header_read(&in, &header), FAULT_NONE);
    assert_int_equal(header.key[0].refused, FAULT_NONE);
    assert_string_equal(header.suite->word, "gost2001");
    bytes_free(&file);
    build(&file, fields);
    in = window(&file);
    assert_int_equal(header_read(&in, &header), FAULT_DAMAGED);
    bytes_free(&file);
}

static void test_padding(void **state)
{
    static const struct {
        const char *padding;
        enum fault fault;
    } paddings[] = {{"FF", FAULT_NONE},      {"FFFFFFFF", FAULT_NONE},
                    {"00", FAULT_NONE},      {"000000", FAULT_NONE},
                    {"FF00", FAULT_DAMAGED}, {"00FF", FAULT_DAMAGED},
                    {"01", FAULT_DAMAGED},   {"0500", FAULT_DAMAGED}};

    (void)state;
    for (size_t i = 0; i < sizeof paddings / sizeof paddings[0]; i++) {
        struct header header;
        struct bytes file;
        struct der in;

        build(&file, START POINT);
        hex_put(&file, paddings[i].padding);
        in = window(&file);
        assert_int_equal(header_read(&in, &header), paddings[i].fault);
        bytes_free(&file);
    }
}

/* Every bit of the file, and every length of it. */
static void test_damage(void **state)
{
    struct header header;
    struct bytes file;
    struct der in;

    (void)state;
    build(&file, START CERT POINT VALIDITY);
    in = window(&file);
    for (size_t bit = 0; bit < 8 * file.size; bit++) {
        file.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_int_equal(header_read(&in, &header), FAULT_DAMAGED);
        file.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    for (size_t size = 0; size < file.size; size++) {
        uint8_t *exact = calloc(1, size + 1);

        memcpy(exact, file.data, size);
        in = (struct der){exact, size};
        assert_int_equal(header_read(&in, &header), FAULT_DAMAGED);
        free(exact);
    }
    bytes_free(&file);
}

/* What stands before the certificate is read without what stands behind it,
 * and without the certificate. */
static void test_front(void **state)
{
    static const char certificate[] = "\xAA\xBB\xCC";
    size_t compared = 0;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct header all, front;
        struct bytes file;
        struct der in;
        uint8_t *at;

        build(&file, rows[i].fields);
        in = window(&file);
        at = memmem(file.data, file.size, certificate, 3);
        if (at != NULL && header_read(&in, &all) == FAULT_NONE) {
            memset(at, 0, file.size - (size_t)(at - file.data));
            assert_int_equal(header_read_front(&in, &front), FAULT_NONE);
            assert_ptr_equal(front.key[0].certificate.at, at);
            assert_int_equal(front.key[0].certificate.left, 3);
            assert_ptr_equal(front.key[0].algorithm, all.key[0].algorithm);
            assert_int_equal(front.key[0].flags, all.key[0].flags);
            assert_int_equal(front.key[0].refused, all.key[0].refused);
            assert_int_equal(front.flags, all.flags);
            assert_int_equal(front.keys, all.keys);
            assert_null(front.key[0].fingerprint.at);
            assert_null(front.extensions.at);
            assert_false(front.mac_good);
            compared++;
        }
        bytes_free(&file);
    }
    assert_in_range(compared, 3, sizeof rows / sizeof rows[0]);
}

static void test_no_front(void **state)
{
    static const struct {
        const char *fields;
        enum fault fault;
    } bad[] = {
        {"", FAULT_DAMAGED},
        {FORMAT KEY CERT, FAULT_DAMAGED},
        {FORMAT FLAGS CERT, FAULT_DAMAGED},
        {FORMAT FLAGS FLAGS KEY CERT, FAULT_DAMAGED},
        {START "8504AABBCC", FAULT_DAMAGED},
        {START "8580AABBCC", FAULT_DAMAGED},
        {START POINT, FAULT_NONE}, /* and no certificate */
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct header front;
        struct bytes file;
        struct der in;

        build(&file, bad[i].fields);
        in = window(&file);
        assert_int_equal(header_read_front(&in, &front), bad[i].fault);
        if (bad[i].fault == FAULT_NONE)
            assert_null(front.key[0].certificate.at);
        bytes_free(&file);
    }
}

static void test_too_large(void **state)
{
    uint8_t *data = calloc(1, HEADER_MAX + 1);
    const struct der in = {data, HEADER_MAX + 1};
    struct header header;

    (void)state;
    assert_int_equal(header_read(&in, &header), FAULT_TOO_LARGE);
    free(data);
}

/* All that stands around the certificate stays, to the byte. */
static void test_replace(void **state)
{
    static const struct {
        const char *before, *old_one, *after;
    } places[] = {
        {START, "", POINT VALIDITY},
        {START, CERT, POINT VALIDITY},
        {START, "", ""},
        {START, CERT, ""},
        {FORMAT "160161" FLAGS KEY NO_MAC, "", "870161" POINT},
        {START "9E0161", "", "A8091601620404 01020304" POINT},
        {START "9E0161", CERT,
         "9D0162" POINT "300C 06032A0304 0405 6162636465 020101" VALIDITY
         "8D0161"},
    };
    uint8_t certificate[300];

    (void)state;
    memset(certificate, 0x5A, sizeof certificate);
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        struct bytes file, out, expected;
        struct header header;
        struct der in;

        bytes_init(&file, HEADER_MAX);
        hex_put(&file, places[i].before);
        hex_put(&file, places[i].old_one);
        hex_put(&file, places[i].after);
        seal(&file, &gost28147_z);
        bytes_init(&expected, HEADER_MAX);
        hex_put(&expected, places[i].before);
        der_put(&expected, 0x85, certificate, sizeof certificate);
        hex_put(&expected, places[i].after);
        seal(&expected, &gost28147_z);
        hex_put(&file, "FFFF");
        in = window(&file);
        assert_int_equal(header_read(&in, &header), FAULT_NONE);
        bytes_init(&out, HEADER_MAX);
        assert_int_equal(
            header_replace(&header, 0, certificate, sizeof certificate, &out),
            FAULT_NONE);
        assert_int_equal(out.size, expected.size);
        assert_memory_equal(out.data, expected.data, out.size);
        bytes_free(&file);
        bytes_free(&out);
        bytes_free(&expected);
    }
}

static void test_replace_refused(void **state)
{
    struct bytes file, out;
    struct header header;
    struct der in;

    (void)state;
    build(&file, FORMAT "03020560" KEY POINT);
    in = window(&file);
    assert_int_equal(header_read(&in, &header), FAULT_NONE);
    bytes_init(&out, HEADER_MAX);
    assert_int_equal(header_replace(&header, 0, "x", 1, &out),
                     FAULT_UNSUPPORTED);
    bytes_free(&file);
    build(&file, START POINT);
    in = window(&file);
    assert_int_equal(header_read(&in, &header), FAULT_NONE);
    bytes_init(&out, 50);
    assert_int_equal(header_replace(&header, 0, "x", 1, &out), FAULT_TOO_LARGE);
    bytes_free(&file);
    bytes_free(&out);
}

/* The one bit and the checksum change, and the reserve copy is there. */
static void test_set_password(void **state)
{
#define SET "8204AABBCCDD"
    static const struct {
        const char *before, *after;
        bool has_password;
    } places[] = {
        {START CERT POINT VALIDITY,
         FORMAT "030206C0" KEY SET CERT POINT VALIDITY, true},
        {FORMAT "030206C0" KEY SET POINT, FORMAT FLAGS KEY SET POINT, false},
        {FORMAT "03020780" KEY POINT, FORMAT "030206C0" KEY SET POINT, true},
        {FORMAT "030100" KEY "9E0161" POINT,
         FORMAT FLAGS KEY "9E0161" SET POINT, false},
        {FORMAT "160161" FLAGS KEY NO_MAC CERT "8601FF" POINT,
         FORMAT "160161"
                "030206C0" KEY SET CERT "8601FF" POINT,
         true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        struct bytes file, out, expected;
        struct header header;
        struct der in;

        build(&file, places[i].before);
        build(&expected, places[i].after);
        in = window(&file);
        assert_int_equal(header_read(&in, &header), FAULT_NONE);
        bytes_init(&out, HEADER_MAX);
        assert_int_equal(
            header_set_password(&header, places[i].has_password,
                                (const uint8_t *)"\xAA\xBB\xCC\xDD", &out),
            FAULT_NONE);
        assert_int_equal(out.size, expected.size);
        assert_memory_equal(out.data, expected.data, out.size);
        bytes_free(&file);
        bytes_free(&out);
        bytes_free(&expected);
    }
}

#define SECOND "A425 03020780 A01F 06082A85030701010101 3013" XCHA STREEBOG
#define POINT2 "8B081112131415161718"

static void test_make(void **state)
{
    static const struct {
        const char *word, *fields;
        unsigned flags;
        bool password, certificate;
        time_t not_after;
        size_t keys;
    } made[] = {
        {"gost2012-256", START POINT, 0xA0, false, false, 0, 1},
        {"gost2012-256", START CERT POINT VALIDITY, 0xA0, false, true,
         1749216118, 1},
        {"gost2012-512",
         FORMAT "030206C0"
                "3027 03020520 A021 06082A85030701010602 3015"
                "06092A8503070102010201 06082A85030701010203" NO_MAC POINT,
         0x20, true, false, 0, 1},
        {"gost2012-256", START SECOND CERT POINT POINT2 VALIDITY, 0xA0, false,
         true, 1749216118, 2},
        {"gost2012-256",
         FORMAT FLAGS "3024 030100 A01F 06082A85030701010101 3013" XCHA STREEBOG
             NO_MAC POINT,
         0, false, false, 0, 1},
    };
    static uint8_t certificate[] = {0xAA, 0xBB, 0xCC}, mac[GOST28147_MAC];
    static const uint8_t point[] = {1, 2, 3, 4, 5, 6, 7, 8};
    static const uint8_t point2[] = {17, 18, 19, 20, 21, 22, 23, 24};
    const gnutls_datum_t datum = {certificate, sizeof certificate};

    (void)state;
    for (size_t i = 0; i < sizeof made / sizeof made[0]; i++) {
        const struct algorithm *algorithm = algorithm_by_word(made[i].word);
        const struct header_content content = {
            .keys = made[i].keys,
            .key = {{.algorithm = algorithm,
                     .curve_oid = algorithm->curve_oid,
                     .flags = made[i].flags,
                     .fingerprint = point,
                     .certificate = made[i].certificate ? &datum : NULL},
                    {.algorithm = algorithm,
                     .curve_oid = algorithm->curve_oid,
                     .flags = CONTAINER_EXPORTABLE,
                     .fingerprint = point2}},
            .has_password = made[i].password,
            .password_mac = mac,
            .period = {.not_after = made[i].not_after},
        };
        struct bytes out, expected;

        build(&expected, made[i].fields);
        bytes_init(&out, HEADER_MAX);
        assert_int_equal(header_make(&content, &out), FAULT_NONE);
        assert_int_equal(out.size, expected.size);
        assert_memory_equal(out.data, expected.data, out.size);
        bytes_free(&out);
        bytes_free(&expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_content),
        cmocka_unit_test(test_2001),
        cmocka_unit_test(test_padding),
        cmocka_unit_test(test_damage),
        cmocka_unit_test(test_front),
        cmocka_unit_test(test_no_front),
        cmocka_unit_test(test_too_large),
        cmocka_unit_test(test_replace),
        cmocka_unit_test(test_replace_refused),
        cmocka_unit_test(test_set_password),
        cmocka_unit_test(test_make),
    };

    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
