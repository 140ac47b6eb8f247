#include "client/paper/sheet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void expect(const struct sheet *sheet, size_t i, enum sheet_kind kind,
                   const char *label, const char *text)
{
    assert_true(i < sheet->count);
    assert_int_equal(sheet->part[i].kind, kind);
    if (label == NULL)
        assert_null(sheet->part[i].label);
    else
        assert_string_equal(sheet->part[i].label, label);
    assert_string_equal(sheet->part[i].text, text);
}

static void a_statement_has_its_parts(void **state)
{
    struct sheet *sheet = sheet_new();

    (void)state;
    assert_non_null(sheet);
    assert_true(sheet_add_statement(
        sheet, "\n  Заявление на сертификат\nудостоверяющему центру\n\n"
               "СНИЛС: 11223344595\r\nАдрес: ул. Учебная: 1\n\n"
               "Прошу изготовить. Данные: ниже.\nПрошу изготовить:\n"
               ": x\nПусто: \n"));
    assert_int_equal(sheet->count, 8);
    expect(sheet, 0, SHEET_TITLE, NULL, "Заявление на сертификат");
    expect(sheet, 1, SHEET_TITLE, NULL, "удостоверяющему центру");
    expect(sheet, 2, SHEET_ROW, "СНИЛС", "11223344595");
    expect(sheet, 3, SHEET_ROW, "Адрес", "ул. Учебная: 1");
    expect(sheet, 4, SHEET_TEXT, NULL, "Прошу изготовить. Данные: ниже.");
    expect(sheet, 5, SHEET_TEXT, NULL, "Прошу изготовить:");
    expect(sheet, 6, SHEET_TEXT, NULL, ": x");
    expect(sheet, 7, SHEET_TEXT, NULL, "Пусто:");
    sheet_free(&sheet);
    assert_null(sheet);
}

/* Nothing of it reaches the program that sets it but text. */
static void foreign_text_is_cleaned(void **state)
{
    struct sheet *sheet = sheet_new();

    (void)state;
    assert_true(sheet_add_statement(sheet,
                                    "Заявление\x1B[2J\n\nСНИЛС: 1\xE2\x80\xAE"
                                    "2\n\xFF\n"));
    assert_int_equal(sheet->count, 3);
    expect(sheet, 0, SHEET_TITLE, NULL, "Заявление\xEF\xBF\xBD[2J");
    expect(sheet, 1, SHEET_ROW, "СНИЛС",
           "1\xEF\xBF\xBD"
           "2");
    expect(sheet, 2, SHEET_TEXT, NULL, "\xEF\xBF\xBD");
    assert_false(sheet_add(sheet, SHEET_TEXT, NULL, "a\nb"));
    assert_false(sheet_add(sheet, SHEET_TEXT, NULL, "\xFF"));
    assert_false(sheet_add(sheet, SHEET_ROW, "\x01", "b"));
    assert_false(sheet_set(sheet, "1", "\xE2\x80\xAE"));
    assert_string_equal(sheet->number, "");
    sheet_free(&sheet);
}

static void there_are_bounds(void **state)
{
    struct sheet *sheet = sheet_new();
    char *lines = calloc(1, 2 * (SHEET_PARTS_MAX + 1) + 1);

    (void)state;
    for (size_t i = 0; i <= SHEET_PARTS_MAX; i++)
        memcpy(lines + 2 * i, "x\n", 2);
    assert_false(sheet_add_statement(sheet, lines));
    assert_int_equal(sheet->count, SHEET_PARTS_MAX);
    free(lines);
    sheet_free(&sheet);
}

static void json_brings_it_back(void **state)
{
    struct sheet *sheet = sheet_new(), *back;
    struct json_object *json;

    (void)state;
    assert_true(sheet_set(sheet, "№ \"1\"", "Иванова А. П."));
    assert_true(sheet_add_statement(sheet, "Т\n\nА: \"б\\\nв"));
    json = sheet_to_json(sheet);
    back = sheet_of_json(json);
    assert_non_null(back);
    assert_string_equal(back->number, sheet->number);
    assert_string_equal(back->signer, sheet->signer);
    assert_int_equal(back->count, sheet->count);
    for (size_t i = 0; i < sheet->count; i++)
        expect(back, i, sheet->part[i].kind, sheet->part[i].label,
               sheet->part[i].text);
    json_object_put(json);
    sheet_free(&sheet);
    sheet_free(&back);
}

static void other_json_is_refused(void **state)
{
    static const char *const rows[] = {
        "1",
        "[]",
        "{}",
        "{\"number\":\"\",\"signer\":\"\"}",
        "{\"number\":\"\",\"signer\":\"\",\"parts\":{}}",
        "{\"number\":\"\",\"signer\":\"\",\"parts\":[]}",
        "{\"number\":1,\"signer\":\"\",\"parts\":[[\"text\",\"\",\"x\"]]}",
        "{\"number\":\"\",\"parts\":[[\"text\",\"\",\"x\"]]}",
        "{\"number\":\"\",\"signer\":\"\",\"parts\":[[\"\",\"\",\"x\"]]}",
        "{\"number\":\"\",\"signer\":\"\",\"parts\":[[\"text\",\"x\"]]}",
        "{\"number\":\"\",\"signer\":\"\",\"parts\":[\"text\"]}",
        "{\"number\":\"\",\"signer\":\"\",\"parts\":[[\"text\",\"\",null]]}",
        "{\"number\":\"\\u0000\",\"signer\":\"\",\"parts\":[[\"text\",\"\","
        "\"x\"]]}",
    };

    (void)state;
    assert_null(sheet_of_json(NULL));
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct json_object *json = json_tokener_parse(rows[i]);

        if (sheet_of_json(json) != NULL)
            fail_msg("taken: %s", rows[i]);
        json_object_put(json);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_statement_has_its_parts),
        cmocka_unit_test(foreign_text_is_cleaned),
        cmocka_unit_test(there_are_bounds),
        cmocka_unit_test(json_brings_it_back),
        cmocka_unit_test(other_json_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
