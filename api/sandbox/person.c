#include "api/sandbox/person.h"

#include "keygen/requisite/requisite.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* Each in the form for a man and the ending that makes it a woman's. */
static const char *const surnames[] = {
    "Выдумов",   "Небылицын", "Примеров", "Образцов",   "Пробников",  "Тестов",
    "Учебников", "Макетов",   "Эскизов",  "Черновиков", "Песочников", "Моделев",
};
static const char *const men[] = {
    "Алексей", "Борис", "Виктор", "Григорий", "Дмитрий", "Павел", "Степан",
};
static const char *const women[] = {
    "Анна", "Вера", "Галина", "Дарья", "Елена", "Ольга", "Фёкла",
};
static const char *const fathers[] = {
    "Алексеев", "Борисов", "Викторов", "Дмитриев", "Павлов", "Семёнов",
};

struct place {
    const char *region; /* with its code before it */
    const char *town;
};
static const struct place places[] = {
    {"66 Свердловская область", "Екатеринбург"},
    {"54 Новосибирская область", "Новосибирск"},
    {"59 Пермский край", "Пермь"},
    {"77 г. Москва", "Москва"},
    {"78 г. Санкт-Петербург", "Санкт-Петербург"},
};

static const char *const organizations[] = {
    "ООО «Песочница»",
    "ООО «Пример и сыновья»",
    "АО «Небылица»",
    "ООО «Учебный полигон»",
};
static const char *const titles[] = {
    "Главный бухгалтер",
    "Заместитель директора",
    "Начальник отдела",
};

#define ANY(table) ((table)[randombytes_uniform(COUNT(table))])

/* Random digits from at on up to size of them in all. */
static void fill(char *digits, size_t at, size_t size)
{
    for (; at < size; at++)
        digits[at] = (char)('0' + randombytes_uniform(10));
}

/* A number that begins so; out has room for its size digits and a NUL. */
static void invent_number(enum requisite kind, const char *begin, char *out,
                          size_t size)
{
    memcpy(out, begin, strlen(begin));
    fill(out, strlen(begin), size);
    out[size] = '\0';
    requisite_complete(kind, out);
}

/* One value after another; the first fault stays. */
static void put(struct name *name, enum fault *fault,
                enum name_attribute attribute, const char *value)
{
    if (*fault == FAULT_NONE)
        *fault = name_set(name, attribute, value, strlen(value));
}

static void invent_full_name(char *out, size_t size)
{
    const char *ending = "";
    const char *given = ANY(men);
    const char *of_father = "ич";

    if (randombytes_uniform(2) == 1) {
        ending = "а";
        given = ANY(women);
        of_father = "на";
    }
    snprintf(out, size, "%s%s %s %s%s", ANY(surnames), ending, given,
             ANY(fathers), of_father);
}

/* The first word is the surname, all that follows the given name. */
static void put_person(struct name *name, enum fault *fault,
                       const char *full_name)
{
    size_t surname = strcspn(full_name, " ");
    const char *given = full_name + surname;

    given += strspn(given, " ");
    if (surname == 0 || *given == '\0') {
        *fault = FAULT_NAME;
        return;
    }
    if (*fault == FAULT_NONE)
        *fault = name_set(name, NAME_SURNAME, full_name, surname);
    put(name, fault, NAME_GIVEN_NAME, given);
}

static void put_numbers(struct name *name, enum fault *fault)
{
    char inn[13], snils[12], email[64];

    invent_number(REQUISITE_INN_PERSON, "97", inn, 12);
    invent_number(REQUISITE_SNILS, "9", snils, 11);
    snprintf(email, sizeof email, "subscriber-%08u@example.com",
             randombytes_uniform(100000000));
    put(name, fault, NAME_INN, inn);
    put(name, fault, NAME_SNILS, snils);
    put(name, fault, NAME_EMAIL, email);
}

static void put_organization(struct name *name, enum fault *fault)
{
    const char *organization = ANY(organizations);
    char innle[11], ogrn[14], street[64];

    invent_number(REQUISITE_INN_ORGANIZATION, "97", innle, 10);
    invent_number(REQUISITE_OGRN, "12097", ogrn, 13);
    snprintf(street, sizeof street, "ул. Учебная, д. %u",
             1 + randombytes_uniform(99));
    put(name, fault, NAME_COMMON_NAME, organization);
    put(name, fault, NAME_ORGANIZATION, organization);
    put(name, fault, NAME_TITLE, ANY(titles));
    put(name, fault, NAME_STREET, street);
    put(name, fault, NAME_INNLE, innle);
    put(name, fault, NAME_OGRN, ogrn);
}

enum fault person_invent(const char *full_name, bool legal_entity,
                         struct name *name)
{
    const struct place *place = &ANY(places);
    enum fault fault = FAULT_NONE;
    char invented[256];

    *name = (struct name){{NULL}};
    if (full_name == NULL) {
        invent_full_name(invented, sizeof invented);
        full_name = invented;
    }
    put_person(name, &fault, full_name);
    put(name, &fault, NAME_COUNTRY, "RU");
    put(name, &fault, NAME_STATE, place->region);
    put(name, &fault, NAME_LOCALITY, place->town);
    put_numbers(name, &fault);
    if (legal_entity)
        put_organization(name, &fault);
    else
        put(name, &fault, NAME_COMMON_NAME, full_name);
    if (fault != FAULT_NONE)
        name_free(name);
    return fault;
}
