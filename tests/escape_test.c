/* Every name comes back, and what is written is text without controls. */
#include "token/file/escape.h"

#include "keygen/utf8.h"
#include "token/medium.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const struct {
    const char *name, *written;
} rows[] = {
    {"abcd1234.000", "abcd1234.000"},
    {"Ключ директора (новый)", "Ключ директора (новый)"},
    {"", ""},
    {"100%", "100%25"},
    {"%41", "%2541"},
    {"%%", "%25%25"},
    {"a\nb", "a%0Ab"},
    {"\x1B[2Ja", "%1B[2Ja"},
    {"\x7F", "%7F"},
    {"a\xFF\xD0", "a%FF%D0"},
    {"\xC0\xAF", "%C0%AF"},
    {"\xEA\xEB\xFE\xF7", "%EA%EB%FE%F7"}, /* CP1251 */
    {"a\u202Ebc", "a%E2%80%AEbc"},        /* right to left */
    {"a\u2028b\uFEFFc", "a%E2%80%A8b%EF%BB%BFc"},
    {"\xC2\x9B", "%C2%9B"}, /* C1 */
    {"a?signature", "a%3Fsignature"},
    {"?signature", "%3Fsignature"},
    {"?signature?signature", "?signature%3Fsignature"},
    {"a?signatures", "a?signatures"},
    {"a?signature ", "a?signature "},
    {"what?", "what?"},
};

static void names_come_back(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char location[LOCATION_MAX] = "", back[LOCATION_MAX];

        assert_int_equal(
            escape_put(location, rows[i].name, strlen(rows[i].name)),
            FAULT_NONE);
        assert_string_equal(location, rows[i].written);
        escape_undo(location, back);
        assert_string_equal(back, rows[i].name);
        /* In its own place, too. */
        escape_undo(location, location);
        assert_string_equal(location, rows[i].name);
    }
}

/* Each byte but NUL and the slash, and each two of them. */
static void every_byte_comes_back(void **state)
{
    (void)state;
    for (unsigned i = 1; i < 256 * 256; i++) {
        const char name[] = {(char)(i >> 8), (char)i, '\0'};
        const char *at = name[0] == '\0' ? name + 1 : name;
        char location[LOCATION_MAX] = "", back[LOCATION_MAX];

        if (strchr(name, '/') != NULL || name[1] == '\0')
            continue;
        assert_int_equal(escape_put(location, at, strlen(at)), FAULT_NONE);
        assert_true(utf8_is_line(location, strlen(location), LOCATION_MAX));
        escape_undo(location, back);
        assert_string_equal(back, at);
    }
}

/* What is no escape, or none of a byte that is written as one. */
static void others_stand_for_themselves(void **state)
{
    static const char *const same[] = {"%",   "%4",  "%zz",  "%1",  "%00",
                                       "%2F", "%2f", "%41",  "%20", "a%",
                                       "%-1", "% 1", "%0x1B"};

    (void)state;
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        char back[LOCATION_MAX];

        escape_undo(same[i], back);
        assert_string_equal(back, same[i]);
    }
}

static void one_too_long_is_refused(void **state)
{
    char location[LOCATION_MAX];

    (void)state;
    for (size_t left = 0; left < 6; left++) {
        memset(location, 'x', LOCATION_MAX);
        location[LOCATION_MAX - 1 - left] = '\0';
        assert_int_equal(escape_put(location, "a\n", 2),
                         left < 4 ? FAULT_TOO_LARGE : FAULT_NONE);
        assert_true(strnlen(location, LOCATION_MAX) < LOCATION_MAX);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_come_back),
        cmocka_unit_test(every_byte_comes_back),
        cmocka_unit_test(others_stand_for_themselves),
        cmocka_unit_test(one_too_long_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
