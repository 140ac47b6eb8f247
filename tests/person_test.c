#include "api/sandbox/person.h"

#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ROUNDS = 500 };

static unsigned digit(const char *text, size_t i)
{
    return (unsigned)(text[i] - '0');
}

static unsigned long long number(const char *text, size_t size)
{
    unsigned long long value = 0;

    for (size_t i = 0; i < size; i++)
        value = value * 10 + digit(text, i);
    return value;
}

/* The published rules, written apart from the code under test. */
static void assert_inn12(const char *inn)
{
    static const unsigned weights[] = {3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8};
    unsigned eleventh = 0, twelfth = 0;

    assert_int_equal(strlen(inn), 12);
    for (size_t i = 0; i < 10; i++)
        eleventh += digit(inn, i) * weights[i + 1];
    for (size_t i = 0; i < 11; i++)
        twelfth += digit(inn, i) * weights[i];
    assert_int_equal(digit(inn, 10), eleventh % 11 % 10);
    assert_int_equal(digit(inn, 11), twelfth % 11 % 10);
}

static void assert_inn10(const char *inn)
{
    static const unsigned weights[] = {2, 4, 10, 3, 5, 9, 4, 6, 8};
    unsigned sum = 0;

    assert_int_equal(strlen(inn), 10);
    for (size_t i = 0; i < 9; i++)
        sum += digit(inn, i) * weights[i];
    assert_int_equal(digit(inn, 9), sum % 11 % 10);
}

static void assert_ogrn(const char *ogrn)
{
    assert_int_equal(strlen(ogrn), 13);
    assert_int_equal(digit(ogrn, 12), number(ogrn, 12) % 11 % 10);
}

static void assert_snils(const char *snils)
{
    unsigned sum = 0;

    assert_int_equal(strlen(snils), 11);
    assert_true(number(snils, 9) > 1001998);
    for (unsigned i = 0; i < 9; i++)
        sum += digit(snils, i) * (9 - i);
    assert_int_equal(number(snils + 9, 2), sum % 101 == 100 ? 0 : sum % 101);
}

static void numbers_have_right_check_digits(void **state)
{
    (void)state;
    for (int i = 0; i < ROUNDS; i++) {
        struct name name;

        assert_int_equal(person_invent(NULL, true, &name), FAULT_NONE);
        assert_inn12(name.value[NAME_INN]);
        assert_inn10(name.value[NAME_INNLE]);
        assert_ogrn(name.value[NAME_OGRN]);
        assert_snils(name.value[NAME_SNILS]);
        name_free(&name);
    }
}

/* Nobody has these numbers: see the header. */
static void numbers_belong_to_nobody(void **state)
{
    struct name name;

    (void)state;
    assert_int_equal(person_invent(NULL, true, &name), FAULT_NONE);
    assert_memory_equal(name.value[NAME_INN], "97", 2);
    assert_memory_equal(name.value[NAME_INNLE], "97", 2);
    assert_memory_equal(name.value[NAME_OGRN] + 3, "97", 2);
    assert_int_equal(name.value[NAME_SNILS][0], '9');
    assert_non_null(strstr(name.value[NAME_EMAIL], "@example.com"));
    name_free(&name);
}

static void natural_person_has_no_organisation(void **state)
{
    static const enum name_attribute absent[] = {
        NAME_ORGANIZATION, NAME_UNIT, NAME_TITLE,  NAME_STREET,
        NAME_INNLE,        NAME_OGRN, NAME_OGRNIP,
    };
    struct name name;
    char whole[512];

    (void)state;
    assert_int_equal(person_invent(NULL, false, &name), FAULT_NONE);
    for (size_t i = 0; i < sizeof absent / sizeof absent[0]; i++)
        assert_null(name.value[absent[i]]);
    snprintf(whole, sizeof whole, "%s %s", name.value[NAME_SURNAME],
             name.value[NAME_GIVEN_NAME]);
    assert_string_equal(name.value[NAME_COMMON_NAME], whole);
    assert_string_equal(name.value[NAME_COUNTRY], "RU");
    assert_in_range(name.value[NAME_STATE][0], '0', '9');
    name_free(&name);
}

static void legal_entity_has_its_own_common_name(void **state)
{
    struct name name;

    (void)state;
    assert_int_equal(person_invent("Петрова-Водкина Анна", true, &name),
                     FAULT_NONE);
    assert_string_equal(name.value[NAME_COMMON_NAME],
                        name.value[NAME_ORGANIZATION]);
    assert_string_equal(name.value[NAME_SURNAME], "Петрова-Водкина");
    assert_string_equal(name.value[NAME_GIVEN_NAME], "Анна");
    assert_non_null(name.value[NAME_TITLE]);
    assert_non_null(name.value[NAME_STREET]);
    name_free(&name);
}

static void full_names_are_taken_apart(void **state)
{
    static const struct {
        const char *full, *surname, *given; /* NULL: refused */
    } rows[] = {
        {"Иванов Иван Иванович", "Иванов", "Иван Иванович"},
        {"Ли Бо", "Ли", "Бо"},
        {"Алиев Али Вели оглы", "Алиев", "Али Вели оглы"},
        {"Мюллер Ёрн Ödön", "Мюллер", "Ёрн Ödön"},
        {"Иванов", NULL, NULL},
        {"Иванов ", NULL, NULL},
        {" Иванов Иван", NULL, NULL},
        {" ", NULL, NULL},
        {"", NULL, NULL},
        {"Ива\nнов Иван", NULL, NULL},
        {"Иванов Ива\x1b[31mн", NULL, NULL},
        {"Иванов \xd0", NULL, NULL},
        {"\xff\xfe Иван", NULL, NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct name name;
        enum fault fault = person_invent(rows[i].full, false, &name);

        if (rows[i].surname == NULL) {
            assert_int_equal(fault, FAULT_NAME);
            continue;
        }
        assert_int_equal(fault, FAULT_NONE);
        assert_string_equal(name.value[NAME_SURNAME], rows[i].surname);
        assert_string_equal(name.value[NAME_GIVEN_NAME], rows[i].given);
        name_free(&name);
    }
}

static void too_long_names_are_refused(void **state)
{
    struct name name;
    char *full = calloc(1, 2000);

    (void)state;
    assert_non_null(full);
    memset(full, 'a', 1999);
    full[5] = ' ';
    assert_int_equal(person_invent(full, false, &name), FAULT_NAME);
    memset(full, 'a', 1999);
    full[1990] = ' ';
    assert_int_equal(person_invent(full, true, &name), FAULT_NAME);
    free(full);
}

static void people_differ(void **state)
{
    struct name one, other;

    (void)state;
    assert_int_equal(person_invent("Ли Бо", false, &one), FAULT_NONE);
    assert_int_equal(person_invent("Ли Бо", false, &other), FAULT_NONE);
    assert_string_not_equal(one.value[NAME_SNILS], other.value[NAME_SNILS]);
    assert_string_not_equal(one.value[NAME_INN], other.value[NAME_INN]);
    name_free(&one);
    name_free(&other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_have_right_check_digits),
        cmocka_unit_test(numbers_belong_to_nobody),
        cmocka_unit_test(natural_person_has_no_organisation),
        cmocka_unit_test(legal_entity_has_its_own_common_name),
        cmocka_unit_test(full_names_are_taken_apart),
        cmocka_unit_test(too_long_names_are_refused),
        cmocka_unit_test(people_differ),
    };

    if (sodium_init() < 0)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
