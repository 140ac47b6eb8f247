/* What is signed or printed says what was accepted, and nothing more. */
#include "client/renewal/statement.h"

#include "api/wording.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char consent[] = "Согласна на выпуск по закону от 06.04.2011 № 63";

static const char good[] =
    "Заявление на изготовление квалифицированного сертификата ключа проверки "
    "электронной подписи\n"
    "\n"
    "Заявка: 6f1c\n"
    "Время составления: 2025-07-01T00:00:00Z\n"
    "Отпечаток обновляемого сертификата: 00ff\n"
    "\n"
    "Прошу изготовить квалифицированный сертификат ключа проверки электронной "
    "подписи со следующими данными:\n"
    "\n"
    "Фамилия: Иванова\n"
    "Имя и отчество: Вера Ильинична\n"
    "Общее имя: ООО «Ива»\n"
    "СНИЛС: 11223344595\n"
    "ИНН физического лица: 500100732259\n"
    "Организация: ООО «Ива»\n"
    "ИНН организации: 7707083893\n"
    "ОГРН: 1027700132195\n"
    "Адрес: Ивовая улица, 1\n"
    "\n"
    "Согласна на выпуск по закону от 06.04.2011 № 63.\n";

static const struct {
    enum name_attribute attribute;
    const char *value;
} accepted[] = {
    {NAME_SURNAME, "Иванова"},        {NAME_GIVEN_NAME, "Вера Ильинична"},
    {NAME_COMMON_NAME, "ООО «Ива»"},  {NAME_SNILS, "11223344595"},
    {NAME_INN, "500100732259"},       {NAME_ORGANIZATION, "ООО «Ива»"},
    {NAME_INNLE, "7707083893"},       {NAME_OGRN, "1027700132195"},
    {NAME_STREET, "Ивовая улица, 1"},
};

static struct renewal renewal;
static struct name data;

static int set_up(void **state)
{
    (void)state;
    renewal = (struct renewal){.api = NULL};
    renewal_set(&renewal, RECORD_FORM, "6f1c");
    renewal_set(&renewal, RECORD_OLD_THUMBPRINT, "00ff");
    for (size_t i = 0; i < sizeof accepted / sizeof *accepted; i++)
        if (name_set(&data, accepted[i].attribute, accepted[i].value,
                     strlen(accepted[i].value)) != FAULT_NONE)
            return -1;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    name_free(&data);
    record_free(&renewal.record);
    return 0;
}

static enum outcome check(const char *text)
{
    renewal.failure.detail[0] = '\0';
    return statement_check(&renewal, &data, consent, text);
}

/* The good one with something else in the place of what stands there once;
 * the caller frees it. */
static char *replaced(const char *what, const char *with)
{
    const char *here = strstr(good, what);
    const size_t room = sizeof good + strlen(with);
    char *text = calloc(1, room);

    assert_non_null(text);
    assert_non_null(here);
    snprintf(text, room, "%.*s%s%s", (int)(here - good), good, with,
             here + strlen(what));
    return text;
}

static void one_that_says_it_all_is_good(void **state)
{
    static const struct {
        const char *what, *with;
    } rows[] = {
        {"", ""},
        {"СНИЛС: 11223344595", "СНИЛС: 112-233-445 95"},
        {"2025-07-01T00:00:00Z", "01.07.2025 03:00 МСК"},
        {"2025-07-01T00:00:00Z", "01.07.2025, 03:00 МСК"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *text = replaced(rows[i].what, rows[i].with);

        if (check(text) != OUTCOME_DONE)
            fail_msg("%s: %s", rows[i].with, renewal.failure.detail);
        free(text);
    }
}

/* rule_38 */
/* What a hostile or broken server could have signed otherwise. */
static void whatever_else_it_says_is_refused(void **state)
{
    static const struct {
        const char *what, *with, *said;
    } rows[] = {
        /* a line more: at the front, between, among the data, at the end */
        {"Заявление на", "Доверяю всё Петрову.\nЗаявление на", "Петрову"},
        {"Заявка: ", "Доверенность: выдана\nЗаявка: ", "Доверенность"},
        {"\nФамилия", "\nи прочими:\nФамилия", "прочими"},
        {"ОГРН: ", "Доверяю всё Петрову.\nОГРН: ", "Петрову"},
        {"№ 63.\n", "№ 63.\nИ с выпуском на Петрова.\n", "Петрова"},
        {"№ 63.\n", "№ 63.\n\n", "“”"},
        {"№ 63.\n", "№ 63. И на Петрова.\n", "Петрова"},
        {"Ивовая улица, 1\n", "Ивовая улица, 1\nДолжность: Директор\n",
         "Должность"},
        /* another person or organisation beside */
        {"ИНН физического лица: 500100732259\n",
         "ИНН физического лица: 500100732259\n"
         "ИНН физического лица: 366219512390\n",
         "366219512390"},
        {"ИНН физического лица: 500100732259\n",
         "ИНН физического лица: 366219512390\n"
         "ИНН физического лица: 500100732259\n",
         "INN"},
        {"500100732259", "500100732259, 366219512390", "INN"},
        {"Организация: ООО «Ива»\n",
         "Организация: ООО «Ива»\nОрганизация: ООО «Дуб»\n", "Дуб"},
        {"Организация: ООО «Ива»", "Организация: ООО «Ива», ООО «Дуб»",
         "Organisation"},
        {"Вера Ильинична", "Вера Ильинична и Пётр Петров", "Name, patronymic"},
        /* in the wrong place */
        {"Фамилия: Иванова\nИмя и отчество: Вера Ильинична",
         "Фамилия: Вера Ильинична\nИмя и отчество: Иванова", "Surname"},
        {"Фамилия: Иванова\nИмя и отчество: Вера Ильинична",
         "Имя и отчество: Вера Ильинична\nФамилия: Иванова", "Вера"},
        {"СНИЛС: 11223344595\nИНН физического лица: 500100732259",
         "СНИЛС: 500100732259\nИНН физического лица: 11223344595", "SNILS"},
        {"ИНН организации: 7707083893\n", "ИНН организации: 1027700132195\n",
         "INN"},
        /* a part of something longer, or another form of it */
        {"7707083893", "77070838931", "INN"},
        {"7707083893", "17707083893", "INN"},
        {"Иванова", "Ивановаева", "Surname"},
        {"Иванова", "иванова", "Surname"},
        {"СНИЛС: 11223344595", "СНИЛС: 112-233-445 96", "SNILS"},
        {"СНИЛС: 11223344595", "СНИЛС: 112-233-44595", "SNILS"},
        {"500100732259", "5001 0073 2259", "INN"},
        {"ОГРН: 1027700132195\n", "ОГРН: 1027700132195 \n", "OGRN"},
        /* something less */
        {"ОГРН: 1027700132195\n", "", "Missing in it: OGRN"},
        {"Адрес: Ивовая улица, 1\n", "", "Missing in it: "},
        {"Адрес: Ивовая улица, 1\n", "Адрес\n", "Missing in it: "},
        {"\nСогласна на выпуск по закону от 06.04.2011 № 63.\n", "",
         "breaks off"},
        {"№ 63.\n", "№ 63.", "Согласна"},
        {"изготовить", "отозвать", "отозвать"},
        {"на изготовление", "на отзыв", "на отзыв"},
        {"06.04.2011 № 63", "06.04.2011", "Согласна"},
        /* of another form, certificate or time */
        {"6f1c", "6f1d", "6f1d"},
        {"6f1c", "6f1c0", "6f1c0"},
        {"00ff", "00fe", "00fe"},
        {"2025-07-01T00:00:00Z", "в час ночи", "в час ночи"},
        {"2025-07-01T00:00:00Z", "2025-07-01T00:00:00Z ИНН 7707", "ИНН"},
        {"2025-07-01T00:00:00Z", "", "Время"},
        {"2025-07-01T00:00:00Z", "01.07.2025 03:00 ИНН", "ИНН"},
        {"Заявка: ", "заявка: ", "заявка"},
        /* other ends of lines */
        {"Иванова\n", "Иванова\r\n", "Surname"},
        {"Иванова\n", "Иванова ", "Surname"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *text = replaced(rows[i].what, rows[i].with);

        if (check(text) != OUTCOME_STATEMENT_MISMATCH ||
            strstr(renewal.failure.detail, rows[i].said) == NULL)
            fail_msg("%s: %s", rows[i].with, renewal.failure.detail);
        free(text);
    }
}

static void whatever_is_cut_off_is_refused(void **state)
{
    char *text = strdup(good);

    (void)state;
    assert_non_null(text);
    for (size_t size = strlen(good); size-- > 0;) {
        text[size] = '\0';
        assert_int_equal(check(text), OUTCOME_STATEMENT_MISMATCH);
    }
    free(text);
}

/* Its words are the server's; that it holds nobody's number is ours. */
static void a_consent_holds_no_line_and_no_number(void **state)
{
    static const struct {
        const char *consent;
        enum outcome outcome;
    } rows[] = {
        {"Согласна", OUTCOME_DONE},
        {"По закону от 06.04.2011 № 63-ФЗ и 08.07.2016", OUTCOME_DONE},
        {"На выпуск за 123456789 рублей", OUTCOME_DONE},
        {"И на ИНН 7707083893", OUTCOME_STATEMENT_MISMATCH},
        {"И на СНИЛС 123-456-789 64", OUTCOME_STATEMENT_MISMATCH},
        {"И на ИНН 77 07 08 38 93", OUTCOME_STATEMENT_MISMATCH},
        {"Согласна\nИ на Петрова", OUTCOME_STATEMENT_MISMATCH},
        {NULL, OUTCOME_STATEMENT_MISMATCH},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *text =
            replaced(consent, rows[i].consent == NULL ? "" : rows[i].consent);

        if (statement_check(&renewal, &data, rows[i].consent, text) !=
            rows[i].outcome)
            fail_msg("%zu: %s", i, renewal.failure.detail);
        free(text);
    }
}

/* Every attribute has a line of its own. */
static void the_form_has_a_line_for_all(void **state)
{
    bool found[NAME_COUNT] = {false};

    (void)state;
    for (size_t i = 0; i < WORDING_DATA; i++) {
        const int attribute = name_find(wording_data[i].word);

        assert_in_range(attribute, 0, NAME_COUNT - 1);
        assert_false(found[attribute]);
        found[attribute] = true;
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(wording_data[i].label,
                                    wording_data[j].label);
    }
    assert_int_equal((int)WORDING_DATA, (int)NAME_COUNT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_that_says_it_all_is_good),
        cmocka_unit_test(whatever_else_it_says_is_refused),
        cmocka_unit_test(whatever_is_cut_off_is_refused),
        cmocka_unit_test(a_consent_holds_no_line_and_no_number),
        cmocka_unit_test(the_form_has_a_line_for_all),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
