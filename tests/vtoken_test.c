/* The virtual token by itself, command by command: dialogues in hexadecimal.
 * What OpenSC thinks of it is in opensc_test.py. */
#include "tests/vtoken/vtoken.h"

#include "tests/support/hex.h"

#include <gcrypt.h>
#include <gnutls/abstract.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { APDU_MAX = 600, LINES = 24 };
#define LOGIN "00200002083132333435363738"
/* CREATE FILE of an ECP: a folder and a file of the user's. */
#define SEC_DF "860F430202000000000200000000000000"
#define SEC_EF "860F430202000000000200000000000000"
#define SEC_OPEN "860F430002000000000200000000000000"
#define FOLDER(id) "00E000001F6F1D80020000820238008302" id SEC_DF
#define FILE(id, size) "00E000001F6F1D8002" size "8202010083 02" id SEC_EF
#define OPEN(id, size) "00E000001F6F1D8002" size "8202010083 02" id SEC_OPEN

struct line {
    const char *command, *answer; /* "..." as an answer's end: anything */
};

struct dialogue {
    const char *what;
    struct vtoken_setup setup;
    struct line lines[LINES];
};

static struct bytes bytes_of(const char *hex)
{
    struct bytes bytes;

    bytes_init(&bytes, APDU_MAX);
    hex_put(&bytes, hex);
    return bytes;
}

/* Whether the answer is the one wanted; it is shown where not. */
static bool is_answer(const char *wanted, const uint8_t *got, size_t size)
{
    char text[2 * VTOKEN_REPLY_MAX + 1] = "", plain[2 * APDU_MAX] = "";
    size_t used = 0;
    bool open = strstr(wanted, "...") != NULL;

    for (const char *at = wanted; *at != '\0' && *at != '.'; at++) {
        if (*at != ' ')
            plain[used++] = *at;
    }
    for (size_t i = 0; i < size; i++)
        (void)snprintf(text + 2 * i, 3, "%02X", got[i]);
    if (open ? strncmp(text, plain, used) == 0 : strcmp(text, plain) == 0)
        return true;
    print_error("wanted %s, got %s\n", wanted, text);
    return false;
}

static void say(struct vtoken *card, const char *what, const struct line *line)
{
    struct bytes apdu = bytes_of(line->command);
    uint8_t reply[VTOKEN_REPLY_MAX];
    size_t size =
        vtoken_transmit(card, apdu.data, apdu.size, reply, sizeof reply);

    if (!is_answer(line->answer, reply, size))
        fail_msg("%s: %s", what, line->command);
    bytes_free(&apdu);
}

static void hold(const struct dialogue *dialogue)
{
    struct vtoken *card = vtoken_new(&dialogue->setup);

    assert_non_null(card);
    for (size_t i = 0; i < LINES && dialogue->lines[i].command != NULL; i++)
        say(card, dialogue->what, &dialogue->lines[i]);
    vtoken_free(&card);
    assert_null(card);
}

static void test_files(void **state)
{
    static const struct dialogue rows[] = {
        {"selecting",
         {.dialect = VTOKEN_ECP},
         {{"00A40000023F0000", "62 24 8002 0000 8102 0000 8202 3800 8302 3F00"
                               "8A01 05 860F 47 020201 000000 FF..."},
          {"00A40804041000100300", "62...."},
          {"00A40804041000100300", "62 24 8002 0000 8102 0000 8202 3800 8302"
                                   "1003..."},
          {"00A4080C041000FFFF", "6A82"},
          {"00A4080C0510001003", "6700"},
          {"00A4080C03100010", "6A82"},
          {"00A4080C0410001003", "9000"},
          {"00A40804041000100300", "62..."},
          {"00A4010C020A00", "6A82"},
          {"00A4030000", "62 24 8002 0000 8102 0000 8202 3800 8302 1000..."},
          {"00A4070000", "6A86"},
          {"00B0000000", "6986"}}},
        {"making, writing, reading, removing",
         {.dialect = VTOKEN_LITE},
         {{"00A40804041000100300", "62..."},
          {FOLDER("0A00"), "6982"},
          {LOGIN, "9000"},
          {FOLDER("0A00"), "9000"},
          {FILE("0A01", "0004"), "9000"},
          {FILE("0A01", "0004"), "6A89"},
          {"00D600000401020304", "9000"},
          {"00D6000104AAAAAAAA", "6B00"},
          {"00B0000000", "010203049000"},
          {"00B0000202", "03049000"},
          {"00B0000400", "6B00"},
          {OPEN("0A06", "0002"), "9000"},
          {"00D600000211 22", "9000"},
          {"8040000000", "9000"},
          {"00B0000000", "11229000"},
          {"00D60000021122", "6982"},
          {"00A40804081000 1003 0A00 0A01 00",
           "62 24 8002 0004 8102 0024 8202 0100 8302 0A01 8A01 05 860F..."},
          {"00B0000000", "6982"},
          {"00E40000", "6982"},
          {LOGIN, "9000"},
          {"00E40000", "9000"},
          {"00E40000020A06", "9000"},
          {"00E40000", "9000"},
          {"00A40804061000 1003 0A00 00", "6A82"}}},
        {"listing",
         {.dialect = VTOKEN_ECP},
         {{"00A40804041000100100", "62..."},
          {"00A4000000", "62 24 8002 0000 8102 0000 8202 3800 8302 8001..."},
          {"00A4030000", "62..."},
          {"00A4000202800100", "62 24 8002 0000 8102 0000 8202 3800 8302 8002"
                               "..."},
          {"00A4030000", "62..."},
          {"00A4000202800200", "62 24 8002 0100 8102 0120 8202 0100 8302 8000"
                               "..."},
          {"00B0000004", "525001009000"},
          {"00A4000202800000", "6A82"},
          {"00A4000202123400", "6A82"}}},
        {"bad headers of files",
         {.dialect = VTOKEN_ECP},
         {{LOGIN, "9000"},
          {"00E0000004 6F02 8200", "6A80"},
          {"00E000001F 621D 80020000 82023800 83020A00" SEC_DF, "6A80"},
          {"00E000001F 6F1E 80020000 82023800 83020A00" SEC_DF, "6A80"},
          {"00E000001B 6F19 80020000 83020A00" SEC_DF, "6A80"},
          {"00E000001F 6F1D 80020000 82020500 83020A00" SEC_DF, "6A80"},
          {"00E0000010 6F0E 80020000 82023800 83020A00 8600", "6A80"},
          {"00E000000E 6F0C 80020000 82023800 83020A00", "6A80"},
          {"00E00000", "6A80"},
          {"00D60000021122", "6986"},
          {"00E40000023F00", "6985"},
          {"00E40000021000", "6985"},
          {"00E40000021234", "6A82"}}},
        {"no memory and no room in a folder",
         {.dialect = VTOKEN_LITE, .memory = 1000, .objects = 5, .fill = 0xFF},
         {{"00A40804041000100300", "62..."},
          {LOGIN, "9000"},
          {FILE("0001", "0200"), "6A84"},
          {FILE("0001", "0001"), "9000"},
          {"00B0000000", "FF9000"},
          {FILE("0002", "0000"), "9000"},
          {FILE("0003", "0000"), "9000"},
          {FILE("0004", "0000"), "9000"},
          {FILE("0005", "0000"), "9000"},
          {FILE("0006", "0000"), "6F85"}}},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        hold(&rows[i]);
}

static void test_wire(void **state)
{
    static const struct dialogue rows[] = {
        {"T=0",
         {.dialect = VTOKEN_ECP, .t0 = true},
         {{"00A40000023F00", "6126"},
          {"00C0000000", "6C26"},
          {"00C0000026", "6224..."},
          {"00C0000026", "6985"},
          {"00A40000023F0000", "6700"},
          {"00A4000C023F00", "6A86"},
          {"00CA018100", "6C08"},
          {"00CA018108", "0000000048E243B59000"},
          {"00CA018104", "6C08"},
          {"00A4000000", "6C26"},
          {"00A4000026", "6224 8002 0000 8102 0000 8202 3800 8302 1000..."},
          {"0020000200", "63CA"},
          {LOGIN, "9000"},
          {"8040000000", "9000"}}},
        {"a Rutoken S with T=0",
         {.dialect = VTOKEN_S, .t0 = true},
         {{"00A4000002003F", "613F"},
          {"00C000003F", "623D 8102 0000 8002 0000 8202 3800 8302 003F..."},
          {"00A4080006000000000200", "613F"}}},
        {"a Rutoken S by its driver",
         {.dialect = VTOKEN_S},
         {{"00A4000002003F",
           "623D 8102 0000 8002 0000 8202 3800 8302 003F 8A0105 8628..."},
          {"00A40000023F00", "6A82"},
          {"00A4080006000000000200", "623D..."},
          {"00A408000600000000020000", "623D..."},
          {"00CA018104", "48E243B59000"},
          {"00CA018908", "00100401240000009000"},
          {"00CA018A04", "00007740 9000"},
          {"00CA010126", "6A88"},
          {"0084000008", "6700"},
          {"0024010204 31323334", "6982"},
          {"00200002023132", "63C9"},
          {LOGIN, "9000"},
          {"0024010204 31323334", "9000"},
          {"80400000", "9000"},
          {LOGIN, "63C9"},
          {"002000020431323334", "9000"},
          {"00E0000038 6236 80020100 82020100 8302010A 8628 43 01010000000001"
           "02000000 02000000 00000000 00000000 00000000 00000000 02000000"
           "00000000",
           "9000"},
          {"00D600000155", "9000"},
          {"00B0000001", "559000"},
          {"0046800100", "6D00"}}},
        {"chains and what is no command",
         {.dialect = VTOKEN_ECP},
         {{"00", "6700"},
          {"00B00000021122", "6986"},
          {"00A400000B3F00", "6700"},
          {"00A4000000 0002 3F00", "6700"},
          {"00FF0000", "6D00"},
          {"70A40000", "6E00"},
          {LOGIN, "9000"},
          {"10240102 06 80020008A502", "9000"},
          {"00A40000023F0000", "6883"},
          {"10240102 08 80020006A5023132", "9000"},
          {"00240102 06 A50433343536", "9000"},
          {"80400000", "9000"},
          {LOGIN, "6300"},
          {"0020000206313233343536", "9000"}}},
        {"what it tells of itself",
         {.dialect = VTOKEN_ECP, .serial = 0x1234, .firmware = 0x1702},
         {{"00CA018108", "00000000000012349000"},
          {"00CA018900", "013C100117020 31E020100009000"},
          {"00CA018A04", "6A88"},
          {"00CA010100", "6224850601060 1AA0000..."},
          {"00CA010200", "62248506010600AA0000..."},
          {"00CA0181", "6700"},
          {"00CA020000", "6A86"}}},
        {"a Lite has no keys",
         {.dialect = VTOKEN_LITE},
         {{LOGIN, "9000"},
          {"00E0000027 6F25 80020020 82021000 83020001 8506 0320 00AA 0000"
           "860F 460002020000000200000000000000",
           "6A81"},
          {"0046800100", "6D00"},
          {"0022 41B6 03 840101", "6D00"},
          {"0084000008", "6D00"}}},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        hold(&rows[i]);
}

static void test_pins(void **state)
{
    static const struct dialogue rows[] = {
        {"counting down",
         {.dialect = VTOKEN_ECP, .tries = 2},
         {{"00200002", "63C2"},
          {"0020000201 31", "6300"},
          {"00200002", "63C1"},
          {"00CA010200", "62248506010600210000..."},
          {"0020000201 31", "6300"},
          {"00200002", "6983"},
          {LOGIN, "6983"},
          {"002C0302", "6982"},
          {"0020000108 3837363534333231", "9000"},
          {"002C0302", "9000"},
          {"00200002", "63C2"},
          {"0020000201 31", "6300"},
          {LOGIN, "9000"},
          {"00200002", "9000"},
          {LOGIN, "6F86"},
          {"80400000", "9000"},
          {"00200002", "63C2"}}},
        {"changing",
         {.dialect = VTOKEN_ECP, .user_pin = "qwerty"},
         {{"00240102 0C 80020006A506 313233343536", "6982"},
          {"0020000206 717765727479", "9000"},
          {"00240102 0B 80020005A505 3132333435", "6A80"},
          {"00240102 0C 80020007A506 313233343536", "6A80"},
          {"00240102 0C 80020006A506 313233343536", "9000"},
          {"00240102", "6700"},
          {"80400000", "9000"},
          {"0020000206 717765727479", "6300"},
          {"0020000206 313233343536", "9000"},
          {"00200003", "6A82"},
          {"0020010206 313233343536", "6A86"}}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        hold(&rows[i]);
}

/* --- keys ------------------------------------------------------------------
 */

#define SEC_PRIVATE "4600020200000002"
#define SEC_PUBLIC "4600020000000002"

static void turn(uint8_t *data, size_t size)
{
    for (size_t i = 0; i < size / 2; i++) {
        uint8_t byte = data[i];

        data[i] = data[size - 1 - i];
        data[size - 1 - i] = byte;
    }
}

/* By GnuTLS, which has the first curve only: the answer turned round is what
 * certificates have. */
static bool verifies(uint8_t *point, uint8_t *turned, uint8_t *hash)
{
    gnutls_datum_t x = {point, 32}, y = {point + 32, 32};
    gnutls_datum_t digest = {hash, 32}, signature = {turned, 64};
    gnutls_pubkey_t key;
    int result;

    assert_int_equal(gnutls_pubkey_init(&key), 0);
    result = gnutls_pubkey_import_gost_raw(
        key, GNUTLS_ECC_CURVE_GOST256CPA, GNUTLS_DIG_STREEBOG_256,
        GNUTLS_GOST_PARAMSET_UNKNOWN, &x, &y);
    assert_int_equal(result, 0);
    result = gnutls_pubkey_verify_hash2(key, GNUTLS_SIGN_GOST_256, 0, &digest,
                                        &signature);
    gnutls_pubkey_deinit(key);
    return result >= 0;
}

/* By libgcrypt, which has all three: numbers are big-endian here. */
static bool fits(const char *curve, const uint8_t *x, const uint8_t *y,
                 const uint8_t *turned, const uint8_t *hash)
{
    gcry_sexp_t key = NULL, data = NULL, signature = NULL;
    uint8_t q[65] = {4};
    bool good;

    memcpy(q + 1, x, 32);
    memcpy(q + 33, y, 32);
    assert_int_equal(gcry_sexp_build(&key, NULL,
                                     "(public-key (ecc (curve %s) (q %b)))",
                                     curve, 65, q),
                     0);
    assert_int_equal(gcry_sexp_build(&data, NULL,
                                     "(data (flags gost) (value %b))", 32,
                                     hash),
                     0);
    assert_int_equal(gcry_sexp_build(&signature, NULL,
                                     "(sig-val (gost (r %b) (s %b)))", 32,
                                     turned + 32, 32, turned),
                     0);
    good = gcry_pk_verify(signature, data, key) == 0;
    gcry_sexp_release(key);
    gcry_sexp_release(data);
    gcry_sexp_release(signature);
    return good;
}

static void check_signature(const char *curve, uint8_t *point,
                            uint8_t *signature, uint8_t *hash)
{
    bool first = strcmp(curve, "GOST2001-CryptoPro-A") == 0;

    if (first)
        assert_false(verifies(point, signature, hash));
    turn(signature, 64);
    /* The hash is a little-endian number as it is. */
    if (first)
        assert_true(verifies(point, signature, hash));
    turn(point, 32);
    turn(point + 32, 32);
    turn(hash, 32);
    assert_true(fits(curve, point, point + 32, signature, hash));
    signature[7] ^= 1;
    assert_false(fits(curve, point, point + 32, signature, hash));
    turn(hash, 32);
}

static void test_keys(void **state)
{
    static const struct {
        const char *set;
        const char *curve;
    } rows[] = {
        {"20", "GOST2001-CryptoPro-A"},
        {"30", "GOST2001-CryptoPro-B"},
        {"40", "GOST2001-CryptoPro-C"},
    };
    static const uint8_t sign[] = {0x00, 0x2A, 0x9E, 0x9A, 0x20};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct vtoken *card =
            vtoken_new(&(struct vtoken_setup){.dialect = VTOKEN_ECP});
        uint8_t apdu[38], point[66], reply[VTOKEN_REPLY_MAX];
        char private_one[128], public_one[128];

        (void)snprintf(private_one, sizeof private_one,
                       "00E00000276F25800200208202100083020001850603%s"
                       "00AA0000860F" SEC_PRIVATE "00000000000000",
                       rows[i].set);
        (void)snprintf(public_one, sizeof public_one,
                       "00E00000276F25800200408202100083020001850613%s"
                       "00AA0000860F" SEC_PUBLIC "00000000000000",
                       rows[i].set);
        say(card, "key", &(struct line){private_one, "6982"});
        say(card, "key", &(struct line){LOGIN, "9000"});
        say(card, "key", &(struct line){private_one, "9000"});
        say(card, "key", &(struct line){"0046800100", "6A82"});
        say(card, "key", &(struct line){public_one, "9000"});
        say(card, "key", &(struct line){"002241B603840101", "9000"});
        memcpy(apdu, sign, sizeof sign);
        for (uint8_t j = 0; j < 32; j++)
            apdu[5 + j] = j;
        apdu[37] = 0x40;
        assert_int_equal(vtoken_transmit(card, apdu, 38, reply, sizeof reply),
                         2); /* no key yet */
        memcpy(apdu, "\x00\x46\x80\x01\x00", 5);
        assert_int_equal(vtoken_transmit(card, apdu, 5, point, sizeof point),
                         66);
        memcpy(apdu, sign, sizeof sign);
        assert_int_equal(vtoken_transmit(card, apdu, 38, reply, sizeof reply),
                         66);
        check_signature(rows[i].curve, point, reply, apdu + 5);
        say(card, "key",
            &(struct line){"00A4080408 1000 1000 6002 0001 00", "622C..."});
        say(card, "key", &(struct line){"00B0000000", "6982"});
        say(card, "key", &(struct line){"80400000", "9000"});
        assert_int_equal(vtoken_transmit(card, apdu, 38, reply, sizeof reply),
                         2);
        vtoken_free(&card);
    }
}

/* --- faults ----------------------------------------------------------------
 */

static void test_faults(void **state)
{
    static const struct {
        const char *what;
        struct vtoken_fault fault;
        const char *answer; /* to the third of GET DATA for the serial */
        bool out;           /* afterwards */
    } rows[] = {
        {"none",
         {.at = 5, .trouble = VTOKEN_ABSENT},
         "0000000048E243B59000",
         false},
        {"pulled out", {.at = 3, .trouble = VTOKEN_ABSENT}, "", true},
        {"pulled out after",
         {.at = 3, .trouble = VTOKEN_ABSENT, .after = true},
         "",
         true},
        {"a status",
         {.at = 3, .trouble = VTOKEN_STATUS, .value = 0x6F84},
         "6F84",
         false},
        {"by pattern",
         {.pattern = "00c?01",
          .skip = 2,
          .trouble = VTOKEN_STATUS,
          .value = 0x6400},
         "6400",
         false},
        {"another pattern",
         {.pattern = "00D6", .trouble = VTOKEN_STATUS, .value = 0x6400},
         "0000000048E243B59000",
         false},
        {"a longer pattern",
         {.pattern = "00CA01810811", .trouble = VTOKEN_STATUS, .value = 0x6400},
         "0000000048E243B59000",
         false},
        {"cut", {.at = 3, .trouble = VTOKEN_TRUNCATE, .value = 1}, "00", false},
        {"too long",
         {.at = 3, .trouble = VTOKEN_EXTEND, .value = 3},
         "0000000048E243B5EEEEEE9000",
         false},
        {"slow",
         {.at = 3, .trouble = VTOKEN_SLOW, .value = 1},
         "0000000048E243B59000",
         false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct vtoken *card =
            vtoken_new(&(struct vtoken_setup){.dialect = VTOKEN_ECP});
        const struct line good = {"00CA018108", "0000000048E243B59000"};

        assert_true(vtoken_plan(card, &rows[i].fault));
        say(card, rows[i].what, &good);
        say(card, rows[i].what, &good);
        say(card, rows[i].what, &(struct line){good.command, rows[i].answer});
        assert_int_equal(vtoken_present(card), !rows[i].out);
        vtoken_insert(card);
        say(card, rows[i].what, &good);
        assert_int_equal(vtoken_count(card), 4);
        vtoken_free(&card);
    }
}

/* Half of what was being written is there, and nobody is logged in. */
static void test_torn(void **state)
{
    struct vtoken *card =
        vtoken_new(&(struct vtoken_setup){.dialect = VTOKEN_LITE});
    const struct vtoken_fault fault = {.pattern = "00D6",
                                       .trouble = VTOKEN_TORN};
    const uint8_t *data;
    size_t size;

    (void)state;
    assert_true(vtoken_make_folder(card, "1000/1003/0A00", 2));
    assert_false(vtoken_make_folder(card, "1000/1003/0A00", 2));
    assert_false(vtoken_make_folder(card, "1000/1009/0A00", 2));
    assert_true(vtoken_make_file(card, "1000/1003/0A00/0A01",
                                 (const uint8_t *)"abcd", 4, 2, 2));
    assert_int_equal(vtoken_children(card, "1000/1003/0A00"), 1);
    assert_true(vtoken_plan(card, &fault));
    say(card, "torn", &(struct line){LOGIN, "9000"});
    assert_true(vtoken_logged_in(card, VTOKEN_PIN_USER));
    say(card, "torn", &(struct line){"00A408040810 0010030A000A0100", "62..."});
    say(card, "torn", &(struct line){"00D600000431323334", ""});
    assert_false(vtoken_logged_in(card, VTOKEN_PIN_USER));
    assert_int_equal(vtoken_struck(card), 1);
    data = vtoken_read(card, "1000/1003/0A00/0A01", &size);
    assert_memory_equal(data, "12cd", 4);
    assert_int_equal(size, 4);
    say(card, "torn", &(struct line){"00200002", ""});
    vtoken_insert(card);
    say(card, "torn", &(struct line){"00200002", "63CA"});
    vtoken_free(&card);
}

static void test_atr(void **state)
{
    struct vtoken *card = vtoken_new(&(struct vtoken_setup){.atr = "3B65FF"});
    uint8_t atr[VTOKEN_ATR_MAX];

    (void)state;
    assert_int_equal(vtoken_atr(card, atr), 3);
    vtoken_free(&card);
}

static void test_format(void **state)
{
    struct vtoken *card =
        vtoken_new(&(struct vtoken_setup){.dialect = VTOKEN_ECP});

    (void)state;
    assert_true(vtoken_pin_is(card, VTOKEN_PIN_USER, "12345678"));
    assert_false(vtoken_pin_is(card, VTOKEN_PIN_USER, "1234567"));
    say(card, "format", &(struct line){"80844E19", "6985"});
    assert_true(vtoken_formatted(card)); /* that it was tried is enough */
    say(card, "format", &(struct line){"808A0000", "9000"});
    assert_false(vtoken_exists(card, ""));
    say(card, "format", &(struct line){"00200002", "6A82"});
    say(card, "format",
        &(struct line){"00E000001F6F1D80020000820238008302 1000" SEC_DF,
                       "6985"});
    say(card, "format",
        &(struct line){"00E000001F6F1D80020000820238008302 3F00" SEC_DF,
                       "9000"});
    assert_int_equal(vtoken_children(card, ""), 0);
    say(card, "format", &(struct line){"80844E19", "9000"});
    say(card, "format", &(struct line){FOLDER("0A00"), "6982"});
    vtoken_free(&card);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_files),  cmocka_unit_test(test_wire),
        cmocka_unit_test(test_pins),   cmocka_unit_test(test_keys),
        cmocka_unit_test(test_faults), cmocka_unit_test(test_torn),
        cmocka_unit_test(test_format), cmocka_unit_test(test_atr),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
