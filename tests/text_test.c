#include "client/text.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum { NOVEMBER_23 = 1795431900 }; /* 2026-11-23 11:05 UTC */

static void set_zone(const char *zone)
{
    setenv("TZ", zone, 1);
    tzset();
}

static void wish(const char *name, const char *value)
{
    static const char *const all[] = {"LC_ALL", "LC_MESSAGES", "LC_CTYPE",
                                      "LANG", "LANGUAGE"};

    for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
        unsetenv(all[i]);
    if (name != NULL)
        setenv(name, value, 1);
    setlocale(LC_ALL, "C");
    text_start();
}

static int start_english(void **state)
{
    (void)state;
    wish(NULL, NULL);
    set_zone("MSK-3");
    return 0;
}

static void test_time(void **state)
{
    static const struct {
        int64_t time;
        const char *zone, *date, *moment, *rfc3339;
    } rows[] = {
        {NOVEMBER_23, "MSK-3", "23 November 2026",
         "23 November 2026, 14:05 MSK", "2026-11-23T11:05:00Z"},
        {NOVEMBER_23, "UTC0", "23 November 2026", "23 November 2026, 11:05 UTC",
         "2026-11-23T11:05:00Z"},
        {NOVEMBER_23, "<+05>-5", "23 November 2026",
         "23 November 2026, 16:05 UTC+5", "2026-11-23T11:05:00Z"},
        {NOVEMBER_23, "<+1345>-13:45", "24 November 2026",
         "24 November 2026, 00:50 UTC+13:45", "2026-11-23T11:05:00Z"},
        {NOVEMBER_23, "EST5", "23 November 2026",
         "23 November 2026, 06:05 UTC-5", "2026-11-23T11:05:00Z"},
        {0, "UTC0", "1 January 1970", "1 January 1970, 00:00 UTC",
         "1970-01-01T00:00:00Z"},
        {253402300799, "UTC0", "31 December 9999",
         "31 December 9999, 23:59 UTC", "9999-12-31T23:59:59Z"},
        {INT64_MAX, "UTC0", "31 December 9999", "31 December 9999, 23:59 UTC",
         "9999-12-31T23:59:59Z"},
        {INT64_MIN, "UTC0", "1 January 1", "1 January 1, 00:00 UTC",
         "0001-01-01T00:00:00Z"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        set_zone(rows[i].zone);
        assert_string_equal(text_date(rows[i].time).text, rows[i].date);
        assert_string_equal(text_moment(rows[i].time).text, rows[i].moment);
        assert_string_equal(text_rfc3339(rows[i].time).text, rows[i].rfc3339);
    }
    set_zone("MSK-3");
}

static void test_duration(void **state)
{
    static const struct {
        int64_t seconds;
        const char *duration, *in;
    } rows[] = {
        {INT64_MIN, "0 seconds", "in 0 seconds"},
        {-1, "0 seconds", "in 0 seconds"},
        {0, "0 seconds", "in 0 seconds"},
        {1, "1 second", "in 1 second"},
        {89, "89 seconds", "in 89 seconds"},
        {90, "2 minutes", "in 2 minutes"},
        {1199, "20 minutes", "in 20 minutes"},
        {1200, "20 minutes", "in 20 minutes"},
        {1201, "20 minutes", "in 20 minutes"},
        {1202, "21 minutes", "in 21 minutes"},
        {3601, "60 minutes", "in 60 minutes"},
        {5399, "90 minutes", "in 90 minutes"},
        {5400, "2 hours", "in 2 hours"},
        {172799, "48 hours", "in 48 hours"},
        {172800, "2 days", "in 2 days"},
        {174240, "2 days", "in 2 days"},
        {174241, "3 days", "in 3 days"},
        {INT64_MAX, "106751991167301 days", "in 106751991167301 days"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        assert_string_equal(text_duration(rows[i].seconds).text,
                            rows[i].duration);
        assert_string_equal(text_in(rows[i].seconds).text, rows[i].in);
    }
}

static void test_end(void **state)
{
    static const struct {
        long days;
        const char *end;
    } rows[] = {
        {457, "23 November 2026 (457 days left)"},
        {1, "23 November 2026 (1 day left)"},
        {0, "23 November 2026, 14:05 MSK (less than a day left)"},
        {-1, "23 November 2026, 14:05 MSK (less than a day left)"},
    };

    (void)state;
    set_zone("MSK-3");
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        assert_string_equal(text_end(1795431900, rows[i].days).text,
                            rows[i].end);
}

/* A catalogue of three messages, compiled as the real one is. */
static void make_catalogue(const char *folder)
{
    static const char text[] =
        "msgid \"\"\nmsgstr \"Content-Type: text/plain; charset=UTF-8\\n\""
        "\"Plural-Forms: nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : "
        "n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);\\n\"\n"
        "msgid \"November\"\nmsgstr \"ноября\"\n"
        "msgid \"MSK\"\nmsgstr \"МСК\"\n"
        "msgid \"%d %s %d\"\nmsgstr \"%d %s %d г.\"\n"
        "msgid \"in %lu minute\"\nmsgid_plural \"in %lu minutes\"\n"
        "msgstr[0] \"через %lu минуту\"\nmsgstr[1] \"через %lu минуты\"\n"
        "msgstr[2] \"через %lu минут\"\n";
    char path[512];
    FILE *po;
    pid_t child;
    int status = -1;

    snprintf(path, sizeof(path), "%s/ru", folder);
    assert_int_equal(mkdir(path, 0700), 0);
    snprintf(path, sizeof(path), "%s/ru/LC_MESSAGES", folder);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_int_equal(chdir(path), 0);
    po = fopen("kep.po", "w");
    assert_non_null(po);
    fputs(text, po);
    assert_int_equal(fclose(po), 0);
    child = fork();
    if (child == 0) {
        execlp("msgfmt", "msgfmt", "-o", "kep.mo", "kep.po", (char *)NULL);
        _exit(127);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static void remove_catalogue(const char *folder)
{
    char path[512];

    unlink("kep.po");
    unlink("kep.mo");
    assert_int_equal(chdir("/"), 0);
    snprintf(path, sizeof(path), "%s/ru/LC_MESSAGES", folder);
    rmdir(path);
    snprintf(path, sizeof(path), "%s/ru", folder);
    rmdir(path);
    rmdir(folder);
}

/* Whatever of these is wished, and whether its locale is generated or not. */
static void test_russian(void **state)
{
    static const char *const wishes[][2] = {
        {"LANG", "ru_RU.UTF-8"},
        {"LC_ALL", "ru_RU.UTF-8"},
        {"LC_MESSAGES", "ru_RU.UTF-8"},
        {"LANG", "ru_RU.KOI8-R"},
        {"LANG", "ru_RU"},
        {"LANGUAGE", "ru"},
    };
    char folder[] = "/tmp/kep-text-XXXXXX", *home = getcwd(NULL, 0);

    (void)state;
    assert_non_null(mkdtemp(folder));
    make_catalogue(folder);
    for (size_t i = 0; i < sizeof(wishes) / sizeof(*wishes); i++) {
        wish(wishes[i][0], wishes[i][1]);
        bindtextdomain("kep", folder);
        assert_string_equal(text_moment(NOVEMBER_23).text,
                            "23 ноября 2026 г., 14:05 МСК");
        assert_string_equal(text_in(1200).text, "через 20 минут");
        assert_string_equal(text_in(1260).text, "через 21 минуту");
        assert_string_equal(text_in(1320).text, "через 22 минуты");
    }
    remove_catalogue(folder);
    assert_int_equal(chdir(home), 0);
    free(home);
    wish(NULL, NULL);
}

static void test_english(void **state)
{
    static const char *const wishes[][2] = {{"LANG", "C"},
                                            {"LC_ALL", "POSIX"},
                                            {"LANG", "C.UTF-8"},
                                            {"LANG", "../../etc"},
                                            {"LANG", "xx_XX.nonsense"}};

    (void)state;
    for (size_t i = 0; i < sizeof(wishes) / sizeof(*wishes); i++) {
        wish(wishes[i][0], wishes[i][1]);
        assert_string_equal(text_in(1200).text, "in 20 minutes");
        assert_int_equal(text_width("Подпись"), 7);
    }
}

static void test_print_recodes(void **state)
{
    static const struct {
        const char *locale, *text, *printed;
    } rows[] = {
        {"ru_RU.UTF-8", "Да", "Да"},
        {"C", "Да", "Да"},
        {"ru_RU.KOI8-R", "Да", "\xE4\xC1"},
        {"ru_RU.CP1251", "Да 漢", "\xC4\xE0 ?"},
        {"ru_RU.KOI8-R", "\xFF", NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        char *printed = NULL;
        size_t size = 0;
        FILE *stream = open_memstream(&printed, &size);

        wish("LC_ALL", rows[i].locale);
        assert_int_equal(text_print(stream, "%s", rows[i].text),
                         rows[i].printed != NULL ? 0 : -1);
        fclose(stream);
        assert_string_equal(printed,
                            rows[i].printed != NULL ? rows[i].printed : "");
        free(printed);
    }
    wish(NULL, NULL);
}

static void test_typed(void **state)
{
    static const struct {
        const char *locale, *typed, *text;
    } rows[] = {
        {"ru_RU.UTF-8", "Да", "Да"},
        {"ru_RU.KOI8-R", "\xE4\xC1", "Да"},
        {"ru_RU.UTF-8", "1234567", "1234567"},
        {"ru_RU.UTF-8", "12345678", NULL}, /* no room */
        {"ru_RU.UTF-8", "\xE4\xC1", NULL}, /* not UTF-8 */
        {"ru_RU.KOI8-R", "\xE4\xC1\xE4\xC1", NULL},
    };
    char text[8];

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        wish("LC_ALL", rows[i].locale);
        assert_int_equal(text_typed(rows[i].typed, strlen(rows[i].typed), text,
                                    sizeof(text)),
                         rows[i].text != NULL ? 0 : -1);
        if (rows[i].text != NULL)
            assert_string_equal(text, rows[i].text);
    }
    wish(NULL, NULL);
    assert_int_equal(text_typed("a\0b", 3, text, sizeof(text)), -1);
}

static void test_inside(void **state)
{
    static const char *const rows[][2] = {
        {"Date of birth", "date of birth"},
        {"Дата рождения", "дата рождения"},
        {"Пол", "пол"},
        {"Реквизит", "реквизит"},
        {"Я", "я"},
        {"Z", "z"},
        {"Identity document", "identity document"},
        {"SNILS card", "SNILS card"},
        {"СНИЛС", "СНИЛС"},
        {"sex", "sex"},
        {"Ёлка", "Ёлка"}, /* no label begins so */
        {"2 letters", "2 letters"},
        {"\xD0", "\uFFFD"},
        {"", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        assert_string_equal(text_inside(rows[i][0]).text, rows[i][1]);
}

static void test_same(void **state)
{
    const char copy[] = "а";

    (void)state;
    assert_true(text_is_same(NULL, NULL));
    assert_true(text_is_same(copy, "а"));
    assert_true(text_is_same("", ""));
    assert_false(text_is_same(copy, "А"));
    assert_false(text_is_same(copy, "аб"));
    assert_false(text_is_same(NULL, ""));
    assert_false(text_is_same("", NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_time),    cmocka_unit_test(test_duration),
        cmocka_unit_test(test_end),     cmocka_unit_test(test_russian),
        cmocka_unit_test(test_english), cmocka_unit_test(test_print_recodes),
        cmocka_unit_test(test_typed),   cmocka_unit_test(test_inside),
        cmocka_unit_test(test_same),
    };

    return cmocka_run_group_tests(tests, start_english, NULL);
}
