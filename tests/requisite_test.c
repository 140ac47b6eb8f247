#include "keygen/requisite/requisite.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define INN REQUISITE_INN
#define INN12 REQUISITE_INN_PERSON
#define INN10 REQUISITE_INN_ORGANIZATION
#define SNILS REQUISITE_SNILS
#define OGRN REQUISITE_OGRN
#define OGRNIP REQUISITE_OGRNIP
#define KPP REQUISITE_KPP
#define PHONE REQUISITE_PHONE
#define MOBILE REQUISITE_MOBILE
#define EMAIL REQUISITE_EMAIL
#define BIRTH REQUISITE_BIRTH_DATE

#define X10 "xxxxxxxxxx"
#define X60 X10 X10 X10 X10 X10 X10
#define NBSP "\xC2\xA0"
#define RTL "\xE2\x80\x8F"
#define DASH "\xE2\x80\x93"

enum { NOW = 1795737600 /* 2026-11-27T00:00:00Z */ };

static const struct {
    enum requisite kind;
    const char *text, *kept;
} good[] = {
    {INN10, "6663003127", "6663003127"},
    {INN10, "7710474375", "7710474375"},
    {INN10, "7707083893", "7707083893"},
    {INN10, "7830002293", "7830002293"},
    {INN10, "006663003127", "6663003127"},
    {INN10, " 66 63 00 31 27 ", "6663003127"},
    {INN10, "6663\t003127", "6663003127"},
    {INN12, "500100732259", "500100732259"},
    {INN12, "773711807351", "773711807351"},
    {INN12, "010403374502", "010403374502"},
    {INN12, "5001 0073 2259", "500100732259"},
    {INN, "6663003127", "6663003127"},
    {INN, "500100732259", "500100732259"},
    {INN, "007707083893", "7707083893"},
    {INN, "010403374502", "010403374502"},
    {SNILS, "11223344595", "11223344595"},
    {SNILS, "112-233-445 95", "11223344595"},
    {SNILS, "112" DASH "233" DASH "445" NBSP "95", "11223344595"},
    {SNILS, "08765430300", "08765430300"},
    {SNILS, "087-654-303 00", "08765430300"},
    {SNILS, "001-001-998 99", "00100199899"}, /* not checked up to here */
    {SNILS, "000-000-001 00", "00000000100"},
    {OGRN, "1026605606620", "1026605606620"},
    {OGRN, "1047702026701", "1047702026701"},
    {OGRN, "102 66 05 60662 0", "1026605606620"},
    {OGRNIP, "304500116000157", "304500116000157"},
    {OGRNIP, "321244848332114", "321244848332114"},
    {KPP, "667301001", "667301001"},
    {KPP, "7710AB001", "7710AB001"},
    {KPP, "7710ab001", "7710AB001"},
    {KPP, "7710 5Z 001", "77105Z001"},
    {PHONE, "79123456789", "79123456789"},
    {PHONE, "+7 (912) 345-67-89", "79123456789"},
    {PHONE, "8 912 345 67 89", "79123456789"},
    {PHONE, "8(912)3456789", "79123456789"},
    {PHONE, "9123456789", "79123456789"},
    {PHONE, "(343) 344-11-00", "73433441100"},
    {PHONE, " +7" NBSP "912" NBSP "345" DASH "67" DASH "89", "79123456789"},
    {MOBILE, "+7\t912\t0000001", "79120000001"},
    {MOBILE, "8 912 345 67 89", "79123456789"},
    {MOBILE, "9123456789", "79123456789"},
    {EMAIL, "ca@skbkontur.ru", "ca@skbkontur.ru"},
    {EMAIL, " ivanov@example.com ", "ivanov@example.com"},
    {EMAIL, "i.v.a+tag_1@mail.example.co", "i.v.a+tag_1@mail.example.co"},
    {EMAIL, "x@xn--e1afmkfd.xn--p1ai", "x@xn--e1afmkfd.xn--p1ai"},
    {EMAIL, "O'Hara@1c.ru", "O'Hara@1c.ru"},
    {BIRTH, "31.12.1980", "1980-12-31"},
    {BIRTH, "1980-12-31", "1980-12-31"},
    {BIRTH, " 29.02.2000 ", "2000-02-29"},
    {BIRTH, "29.02.1996", "1996-02-29"},
    {BIRTH, "01.01.1900", "1900-01-01"},
    {BIRTH, "27.11.2026", "2026-11-27"}, /* today */
};

static void check_good(void **state)
{
    struct requisite_finding finding;
    char kept[REQUISITE_MAX];

    (void)state;
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        print_message("%s: %s\n", requisite_word(good[i].kind), good[i].text);
        assert_true(requisite_check(good[i].kind, good[i].text,
                                    strlen(good[i].text), NOW, kept, &finding));
        assert_string_equal(kept, good[i].kept);
        assert_int_equal(finding.flaw, REQUISITE_GOOD);
        /* What is kept is good itself. */
        assert_true(requisite_check(good[i].kind, good[i].kept,
                                    strlen(good[i].kept), NOW, kept, &finding));
        assert_string_equal(kept, good[i].kept);
    }
}

static const struct {
    enum requisite kind;
    const char *text;
    enum requisite_flaw flaw;
    size_t at, count;
} bad[] = {
    {INN10, "2109000140", REQUISITE_CHECK, 9, 0},
    {INN10, "6663003128", REQUISITE_CHECK, 9, 0},
    {INN10, "6663003217", REQUISITE_CHECK, 9, 0}, /* two swapped */
    {INN10, "66 63 00 31 28", REQUISITE_CHECK, 13, 0},
    {INN10, "006663003128", REQUISITE_CHECK, 11, 0},
    {INN10, "0000000000", REQUISITE_ZEROS, 0, 0},
    {INN10, "000000000000", REQUISITE_ZEROS, 2, 0},
    {INN10, "0063003127", REQUISITE_ZEROS, 0, 0},
    {INN10, "666300312", REQUISITE_LENGTH, 9, 9},
    {INN10, "500100732259", REQUISITE_LENGTH, 10, 12},
    {INN10, "", REQUISITE_EMPTY, 0, 0},
    {INN10, " - ", REQUISITE_EMPTY, 0, 0},
    {INN10, "66630O3127", REQUISITE_CHARACTER, 5, 0},
    {INN10, "ИНН 6663003127", REQUISITE_CHARACTER, 0, 0},
    {INN10, "6663003127" RTL, REQUISITE_CHARACTER, 10, 0},
    {INN10, "6663003127\n", REQUISITE_CHARACTER, 10, 0},
    {INN10, "6663\xFF", REQUISITE_CHARACTER, 4, 0},
    {INN10, "666300312\xD9\xA7", REQUISITE_CHARACTER, 9, 0}, /* Arabic 7 */
    {INN10, "+6663003127", REQUISITE_CHARACTER, 0, 0},
    {INN12, "710403374602", REQUISITE_CHECK, 10, 0},
    {INN12, "500100732258", REQUISITE_CHECK, 11, 0},
    {INN12, "500100732269", REQUISITE_CHECK, 10, 0},
    {INN12, "006663003127", REQUISITE_ZEROS, 0, 0},
    {INN12, "6663003127", REQUISITE_LENGTH, 10, 10},
    {INN12, "5001007322590", REQUISITE_LENGTH, 12, 13},
    {INN, "66630031270", REQUISITE_LENGTH, 11, 11},
    {INN, "666300312", REQUISITE_LENGTH, 9, 9},
    {INN, "5001007322590", REQUISITE_LENGTH, 12, 13},
    {INN, "006663003128", REQUISITE_CHECK, 11, 0},
    {INN, "000000000000", REQUISITE_ZEROS, 2, 0},
    {SNILS, "11223344596", REQUISITE_CHECK, 10, 0},
    {SNILS, "112-233-445 85", REQUISITE_CHECK, 12, 0},
    {SNILS, "112-233-454 95", REQUISITE_CHECK, 13, 0},
    {SNILS, "001-001-999 00", REQUISITE_CHECK, 12, 0}, /* the first checked */
    {SNILS, "000-000-000 00", REQUISITE_ZEROS, 0, 0},
    {SNILS, "1122334459", REQUISITE_LENGTH, 10, 10},
    {SNILS, "112233445955", REQUISITE_LENGTH, 11, 12},
    {SNILS, "112.233.445 95", REQUISITE_CHARACTER, 3, 0},
    {OGRN, "1026605606621", REQUISITE_CHECK, 12, 0},
    {OGRN, "1062605606620", REQUISITE_CHECK, 12, 0},
    {OGRN, "0026605606620", REQUISITE_ZEROS, 0, 0},
    {OGRN, "102660560662", REQUISITE_LENGTH, 12, 12},
    {OGRN, "304500116000157", REQUISITE_LENGTH, 13, 15},
    {OGRN, "1026605606б20", REQUISITE_CHARACTER, 10, 0},
    {OGRNIP, "304500116000158", REQUISITE_CHECK, 14, 0},
    {OGRNIP, "1026605606620", REQUISITE_LENGTH, 13, 13},
    {OGRNIP, "000000000000000", REQUISITE_ZEROS, 0, 0},
    {KPP, "66730100", REQUISITE_LENGTH, 8, 8},
    {KPP, "6673010011", REQUISITE_LENGTH, 9, 10},
    {KPP, "000001001", REQUISITE_ZEROS, 0, 0},
    {KPP,
     "7710\xD0\x90"
     "B001",
     REQUISITE_CHARACTER, 4, 0}, /* Cyrillic A */
    {KPP, "77A001001", REQUISITE_CHARACTER, 2, 0},
    {KPP, "771001A01", REQUISITE_CHARACTER, 6, 0},
    {PHONE, "", REQUISITE_EMPTY, 0, 0},
    {PHONE, "+", REQUISITE_EMPTY, 0, 0},
    {PHONE, "+375 29 123-45-67", REQUISITE_COUNTRY, 1, 0},
    {PHONE, "+1 202 555 0100", REQUISITE_COUNTRY, 1, 0},
    {PHONE, "19123456789", REQUISITE_COUNTRY, 0, 0},
    {PHONE, "+8 912 345 67 89", REQUISITE_COUNTRY, 1, 0},
    {PHONE, "8912345678", REQUISITE_LENGTH, 10, 10},
    {PHONE, "7912345678", REQUISITE_LENGTH, 10, 10},
    {PHONE, "+9123456789", REQUISITE_COUNTRY, 1, 0},
    {PHONE, "345-67-89", REQUISITE_LENGTH, 9, 7},
    {PHONE, "+7 912 345 67 89 0", REQUISITE_LENGTH, 17, 12},
    {PHONE, "70123456789", REQUISITE_AREA, 1, 0},
    {PHONE, "8 200 345 67 89", REQUISITE_AREA, 2, 0},
    {PHONE, "0123456789", REQUISITE_AREA, 0, 0},
    {PHONE, "79123456789 доб. 5", REQUISITE_CHARACTER, 12, 0},
    {PHONE, "7+9123456789", REQUISITE_CHARACTER, 1, 0},
    {PHONE, "++79123456789", REQUISITE_CHARACTER, 1, 0},
    {MOBILE, "74950000001", REQUISITE_AREA, 1, 0},
    {MOBILE, "(343) 344-11-00", REQUISITE_AREA, 1, 0},
    {MOBILE, "99120000001", REQUISITE_COUNTRY, 0, 0},
    {MOBILE, "7912000000", REQUISITE_LENGTH, 10, 10},
    {MOBILE, "79120000001\n", REQUISITE_CHARACTER, 11, 0},
    {EMAIL, "", REQUISITE_EMPTY, 0, 0},
    {EMAIL, "  ", REQUISITE_EMPTY, 0, 0},
    {EMAIL, "ivanov", REQUISITE_AT, 6, 0},
    {EMAIL, "iv@nov@example.com", REQUISITE_AT, 6, 0},
    {EMAIL, "@example.com", REQUISITE_MAILBOX, 0, 0},
    {EMAIL, ".ivanov@example.com", REQUISITE_MAILBOX, 0, 0},
    {EMAIL, "ivanov.@example.com", REQUISITE_MAILBOX, 6, 0},
    {EMAIL, "iva..nov@example.com", REQUISITE_MAILBOX, 4, 0},
    {EMAIL, "iva,nov@example.com", REQUISITE_MAILBOX, 3, 0},
    {EMAIL, "\"a b\"@example.com", REQUISITE_CHARACTER, 2, 0},
    {EMAIL, " iva nov@example.com", REQUISITE_CHARACTER, 4, 0},
    {EMAIL, X60 "xxxxx@example.com", REQUISITE_MAILBOX, 64, 0},
    {EMAIL, "ivanov@", REQUISITE_DOMAIN, 7, 0},
    {EMAIL, "ivanov@localhost", REQUISITE_DOMAIN, 16, 0},
    {EMAIL, "ivanov@example.", REQUISITE_DOMAIN, 15, 0},
    {EMAIL, "ivanov@.com", REQUISITE_DOMAIN, 7, 0},
    {EMAIL, "ivanov@exa..com", REQUISITE_DOMAIN, 11, 0},
    {EMAIL, "ivanov@exam_ple.com", REQUISITE_DOMAIN, 11, 0},
    {EMAIL, "ivanov@-example.com", REQUISITE_DOMAIN, 7, 0},
    {EMAIL, "ivanov@example-.com", REQUISITE_DOMAIN, 14, 0},
    {EMAIL, "ivanov@192.0.2.1", REQUISITE_DOMAIN, 15, 0},
    {EMAIL, "ivanov@" X60 "xxxx.com", REQUISITE_DOMAIN, 70, 0},
    {EMAIL, "a@" X60 "." X60 "." X60 "." X60 "." X10 "ru", REQUISITE_LENGTH,
     254, 258},
    {EMAIL, "иванов@example.com", REQUISITE_CHARACTER, 0, 0},
    {EMAIL, "ivanov@пример.рф", REQUISITE_CHARACTER, 7, 0},
    {EMAIL, "ivanov@example.com\r\nBcc: x@y.ru", REQUISITE_CHARACTER, 18, 0},
    {EMAIL, "ivanov" RTL "@example.com", REQUISITE_CHARACTER, 6, 0},
    {BIRTH, "", REQUISITE_EMPTY, 0, 0},
    {BIRTH, "31.12.80", REQUISITE_FORM, 0, 0},
    {BIRTH, "1.2.1980", REQUISITE_FORM, 0, 0},
    {BIRTH, "31/12/1980", REQUISITE_FORM, 0, 0},
    {BIRTH, "1980.12.31", REQUISITE_FORM, 0, 0},
    {BIRTH, "31.12.1980x", REQUISITE_FORM, 0, 0},
    {BIRTH, "31 декабря", REQUISITE_CHARACTER, 3, 0},
    {BIRTH, "31.04.1980", REQUISITE_NO_DATE, 0, 0},
    {BIRTH, "29.02.1900", REQUISITE_NO_DATE, 0, 0},
    {BIRTH, "29.02.2001", REQUISITE_NO_DATE, 0, 0},
    {BIRTH, "12.31.1980", REQUISITE_NO_DATE, 0, 0},
    {BIRTH, "00.01.1980", REQUISITE_NO_DATE, 0, 0},
    {BIRTH, "01.00.1980", REQUISITE_NO_DATE, 0, 0},
    {BIRTH, "31.12.1899", REQUISITE_EARLY, 0, 0},
    {BIRTH, "00.00.0000", REQUISITE_NO_DATE, 0, 0},
    {BIRTH, "28.11.2026", REQUISITE_FUTURE, 0, 0},
    {BIRTH, "9999-12-31", REQUISITE_FUTURE, 0, 0},
};

static void check_bad(void **state)
{
    struct requisite_finding finding;
    char kept[REQUISITE_MAX];

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        print_message("%s: %s\n", requisite_word(bad[i].kind), bad[i].text);
        memset(kept, 'x', sizeof(kept));
        assert_false(requisite_check(bad[i].kind, bad[i].text,
                                     strlen(bad[i].text), NOW, kept, &finding));
        assert_string_equal(kept, "");
        assert_int_equal(finding.flaw, bad[i].flaw);
        assert_int_equal(finding.at, bad[i].at);
        assert_int_equal(finding.count, bad[i].count);
    }
}

/* A NUL is a character like another, and none of them ends the text. */
static void check_hostile(void **state)
{
    struct requisite_finding finding;
    char kept[REQUISITE_MAX], text[2000];

    (void)state;
    assert_false(requisite_check(INN10, "6663003127\0", 11, 0, kept, &finding));
    assert_int_equal(finding.flaw, REQUISITE_CHARACTER);
    assert_int_equal(finding.at, 10);
    assert_false(requisite_check(EMAIL, "a@b.ru\0x", 8, 0, kept, &finding));
    assert_int_equal(finding.flaw, REQUISITE_CHARACTER);
    for (int kind = 0; kind < REQUISITE_COUNT; kind++) {
        memset(text, '1', sizeof(text));
        for (size_t size = 0; size < sizeof(text); size += 7) {
            (void)requisite_check((enum requisite)kind, text, size, 0, kept,
                                  &finding);
            assert_true(finding.at <= size);
        }
        assert_false(requisite_check((enum requisite)kind, text, sizeof(text),
                                     0, kept, &finding));
        assert_int_equal(finding.flaw, REQUISITE_LENGTH);
    }
    /* Without a clock any day will do. */
    assert_true(requisite_check(BIRTH, "31.12.2999", 10, 0, kept, &finding));
}

/* Check digits find every single wrong digit of an ИНН and an ОГРН, and what
 * was completed is good. */
static void check_completed(void **state)
{
    static const struct {
        enum requisite kind;
        size_t size, checks;
        bool every; /* wrong digit is found */
    } rows[] = {
        {INN10, 10, 1, false}, /* mod 11 mod 10: two remainders give 0 */
        {INN12, 12, 2, true},  {SNILS, 11, 2, true},
        {OGRN, 13, 1, false},  {OGRNIP, 15, 1, false},
    };
    struct requisite_finding finding;
    char kept[REQUISITE_MAX], digits[16];
    unsigned seed = 1;

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const size_t size = rows[i].size;
        unsigned found = 0, tried = 0;

        for (int round = 0; round < 200; round++) {
            for (size_t k = 0; k < size; k++)
                digits[k] = (char)('0' + rand_r(&seed) % 10);
            digits[0] = '1';
            digits[size] = '\0';
            requisite_complete(rows[i].kind, digits);
            assert_true(
                requisite_check(rows[i].kind, digits, size, 0, kept, &finding));
            for (size_t k = 1; k < size; k++) {
                const char right = digits[k];

                digits[k] = right == '9' ? '0' : (char)(right + 1);
                tried++;
                found += !requisite_check(rows[i].kind, digits, size, 0, kept,
                                          &finding);
                digits[k] = right;
            }
        }
        assert_true(rows[i].every ? found == tried : found > tried * 8 / 10);
    }
}

static void check_written(void **state)
{
    static const struct {
        enum requisite kind;
        const char *kept, *written;
    } rows[] = {
        {SNILS, "11223344595", "112-233-445 95"},
        {SNILS, "00000000100", "000-000-001 00"},
        {SNILS, "11223344596", "112-233-445 96"}, /* with a mistake, too */
        {SNILS, "112-233-445 95", "112-233-445 95"},
        {SNILS, "1122334459", "1122334459"},
        {SNILS, "112233445955", "112233445955"},
        {SNILS, "1122334459O", "1122334459O"},
        {SNILS, X60 X60 X60 X60 X60, X60 X60 X60 X60 X60},
        {SNILS, "", ""},
        {INN12, "500100732259", "500100732259"},
        {INN10, "11223344595", "11223344595"},
        {EMAIL, "11223344595", "11223344595"},
    };
    char out[REQUISITE_MAX], kept[REQUISITE_MAX];
    struct requisite_finding finding;

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_string_equal(requisite_written(rows[i].kind, rows[i].kept, out),
                            rows[i].written);
    /* What is shown may be typed again. */
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        const char *written =
            requisite_written(good[i].kind, good[i].kept, out);

        assert_true(requisite_check(good[i].kind, written, strlen(written), 0,
                                    kept, &finding));
        assert_string_equal(kept, good[i].kept);
    }
}

static void check_words(void **state)
{
    (void)state;
    for (int i = 0; i < REQUISITE_COUNT; i++)
        for (int k = 0; k < i; k++)
            assert_string_not_equal(requisite_word((enum requisite)i),
                                    requisite_word((enum requisite)k));
    assert_string_equal(requisite_word(REQUISITE_COUNT), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(check_good),    cmocka_unit_test(check_bad),
        cmocka_unit_test(check_hostile), cmocka_unit_test(check_completed),
        cmocka_unit_test(check_written), cmocka_unit_test(check_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
