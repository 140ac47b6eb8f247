#include "keygen/name.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define TEN(x) x x x x x x x x x x

/* Values as a certificate may have them, whatever the rules say. */
struct values {
    const char *common_name, *surname, *given_name, *snils, *inn, *innle;
};

static void put(struct name *name, enum name_attribute attribute,
                const char *value)
{
    name->value[attribute] = value != NULL ? strdup(value) : NULL;
}

static enum fault identify(const struct values *values,
                           struct identity *identity)
{
    struct name name = {{NULL}};
    enum fault fault;

    put(&name, NAME_COMMON_NAME, values->common_name);
    put(&name, NAME_SURNAME, values->surname);
    put(&name, NAME_GIVEN_NAME, values->given_name);
    put(&name, NAME_SNILS, values->snils);
    put(&name, NAME_INN, values->inn);
    put(&name, NAME_INNLE, values->innle);
    fault = name_identity(&name, identity);
    name_free(&name);
    return fault;
}

static const struct {
    struct values values;
    enum fault fault;
    const char *full_name, *snils, *inn, *organization_inn;
} rows[] = {
    {{"ООО Ромашка", "Петрова", "Мария Ивановна", "11223344595", "500100732259",
      "6663003127"},
     FAULT_NONE,
     "петрова мария ивановна",
     "11223344595",
     "500100732259",
     "6663003127"},
    {{"ПЁТР\xC2\xA0  Ёлкин ", NULL, NULL, NULL, NULL, NULL},
     FAULT_NONE,
     "петр елкин",
     "",
     "",
     ""},
    {{"АО", NULL, "Мария", NULL, NULL, NULL}, FAULT_NONE, "ао", "", "", ""},
    {{"АО", "Ли", NULL, NULL, NULL, NULL}, FAULT_NONE, "ли", "", "", ""},
    {{"АО", "  Ли ", " Си  Цын", NULL, NULL, NULL},
     FAULT_NONE,
     "ли си цын",
     "",
     "",
     ""},
    {{"Ғали Әнуар", NULL, NULL, NULL, NULL, NULL},
     FAULT_NONE,
     "ғали әнуар",
     "",
     "",
     ""},
    {{NULL, NULL, NULL, "112-233-445 95", NULL, NULL},
     FAULT_NONE,
     "",
     "11223344595",
     "",
     ""},
    {{NULL, NULL, NULL, NULL, "006663003127", NULL},
     FAULT_NONE,
     "",
     "",
     "",
     "6663003127"},
    {{NULL, NULL, NULL, NULL, "006663003127", "7710474375"},
     FAULT_NONE,
     "",
     "",
     "",
     "7710474375"},
    {{NULL, NULL, NULL, NULL, NULL, NULL}, FAULT_NONE, "", "", "", ""},
    {{NULL, NULL, NULL, "1122334459", NULL, NULL},
     FAULT_NAME,
     NULL,
     NULL,
     NULL,
     NULL},
    {{NULL, NULL, NULL, "112233445955", NULL, NULL},
     FAULT_NAME,
     NULL,
     NULL,
     NULL,
     NULL},
    {{NULL, NULL, NULL, "1122334459x", NULL, NULL},
     FAULT_NAME,
     NULL,
     NULL,
     NULL,
     NULL},
    {{NULL, NULL, NULL, "", NULL, NULL}, FAULT_NAME, NULL, NULL, NULL, NULL},
    {{NULL, NULL, NULL, NULL, "6663003127", NULL},
     FAULT_NAME,
     NULL,
     NULL,
     NULL,
     NULL},
    {{NULL, NULL, NULL, NULL, "50010073225х", NULL},
     FAULT_NAME,
     NULL,
     NULL,
     NULL,
     NULL},
    {{NULL, NULL, NULL, NULL, NULL, "500100732259"},
     FAULT_NAME,
     NULL,
     NULL,
     NULL,
     NULL},
    {{TEN(TEN("Ёжик ")), NULL, NULL, NULL, NULL, NULL},
     FAULT_NAME,
     NULL,
     NULL,
     NULL,
     NULL}, /* 899 bytes */
    {{"broken \xD0", NULL, NULL, NULL, NULL, NULL},
     FAULT_NAME,
     NULL,
     NULL,
     NULL,
     NULL},
};

static void test_identity(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct identity identity;

        print_message("# row %zu\n", i);
        assert_int_equal(identify(&rows[i].values, &identity), rows[i].fault);
        if (rows[i].fault != FAULT_NONE)
            continue;
        assert_string_equal(identity.full_name, rows[i].full_name);
        assert_string_equal(identity.snils, rows[i].snils);
        assert_string_equal(identity.inn, rows[i].inn);
        assert_string_equal(identity.organization_inn,
                            rows[i].organization_inn);
    }
}

#define PERSON "Ёлкин Пётр", NULL, NULL
#define SNILS "11223344595"
#define INN "500100732259"

static const struct {
    struct values old_one, new_one;
    enum identity_difference difference;
} pairs[] = {
    {{PERSON, SNILS, INN, "6663003127"},
     {PERSON, SNILS, INN, "6663003127"},
     IDENTITY_SAME},
    {{PERSON, SNILS, INN, NULL},
     {NULL, "ЕЛКИН", " Петр ", SNILS, INN, NULL},
     IDENTITY_SAME},
    {{PERSON, SNILS, "006663003127", NULL},
     {PERSON, SNILS, NULL, "6663003127"},
     IDENTITY_SAME},
    {{PERSON, SNILS, INN, "6663003127"},
     {PERSON, SNILS, INN, NULL},
     IDENTITY_SAME}, /* what is gone is no difference */
    {{PERSON, SNILS, INN, NULL},
     {"Елкин Петр Первый", NULL, NULL, SNILS, INN, NULL},
     IDENTITY_FULL_NAME},
    {{PERSON, SNILS, INN, NULL},
     {NULL, NULL, NULL, SNILS, INN, NULL},
     IDENTITY_FULL_NAME},
    {{PERSON, SNILS, INN, NULL},
     {PERSON, "08765430300", INN, NULL},
     IDENTITY_SNILS},
    {{PERSON, NULL, INN, NULL}, {PERSON, SNILS, INN, NULL}, IDENTITY_SNILS},
    {{PERSON, SNILS, INN, NULL},
     {PERSON, SNILS, "773711807351", NULL},
     IDENTITY_INN},
    {{PERSON, SNILS, NULL, NULL}, {PERSON, SNILS, INN, NULL}, IDENTITY_INN},
    {{PERSON, SNILS, "006663003127", NULL},
     {PERSON, SNILS, INN, NULL},
     IDENTITY_INN},
    {{PERSON, SNILS, INN, "6663003127"},
     {PERSON, SNILS, INN, "7710474375"},
     IDENTITY_ORGANIZATION_INN},
    {{PERSON, SNILS, INN, NULL},
     {PERSON, SNILS, INN, "6663003127"},
     IDENTITY_ORGANIZATION_INN},
};

/* rule_41, rule_42 */
static void test_compare(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        struct identity old_one, new_one;

        print_message("# pair %zu\n", i);
        assert_int_equal(identify(&pairs[i].old_one, &old_one), FAULT_NONE);
        assert_int_equal(identify(&pairs[i].new_one, &new_one), FAULT_NONE);
        assert_int_equal(identity_compare(&old_one, &new_one),
                         pairs[i].difference);
    }
}

/* rule_13 */
static void test_same_words(void **state)
{
    static const struct {
        const char *a, *b;
        bool same;
    } words[] = {
        {"ООО «Ромашка»", "ооо  «РОМАШКА» ", true},
        {"ООО «Ёлка»", "ООО\xC2\xA0«Елка»", true},
        {"", "  ", true},
        {NULL, NULL, true},
        {"ООО «Ромашка»", "ООО «Ромашка»2", false},
        {"ООО «Ромашка»", "ООО Ромашка", false},
        {"ООО «Ромашка»", "ОООРомашка", false},
        {"ООО", NULL, false},
        {NULL, "ООО", false},
        {"", NULL, false},
        {"\xFF", "\xFF", false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (name_same_words(words[i].a, words[i].b) != words[i].same)
            fail_msg("row %zu", i);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_identity),
        cmocka_unit_test(test_compare),
        cmocka_unit_test(test_same_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
