#include "client/view/name_view.h"

#include "client/text.h"
#include "client/view/view_put.h"

#include <stdio.h>
#include <string.h>

static const char *const labels[NAME_COUNT] = {
    [NAME_COUNTRY] = N_("Country"),
    [NAME_STATE] = N_("Region"),
    [NAME_LOCALITY] = N_("Town"),
    [NAME_STREET] = N_("Street, house"),
    [NAME_ORGANIZATION] = N_("Organisation"),
    [NAME_UNIT] = N_("Department"),
    [NAME_TITLE] = N_("Position"),
    [NAME_COMMON_NAME] = N_("Issued to"),
    [NAME_SURNAME] = N_("Surname"),
    [NAME_GIVEN_NAME] = N_("Name, patronymic"),
    [NAME_EMAIL] = N_("E-mail"),
    [NAME_INN] = N_("INN"),
    [NAME_INNLE] = N_("INN (organisation)"),
    [NAME_SNILS] = N_("SNILS"),
    [NAME_OGRN] = N_("OGRN"),
    [NAME_OGRNIP] = N_("OGRNIP"),
};

const char *name_view_label(enum name_attribute attribute)
{
    return _(labels[attribute]);
}

enum name_attribute name_view_order(int i)
{
    static const enum name_attribute order[NAME_COUNT] = {
        NAME_COMMON_NAME, NAME_SURNAME,      NAME_GIVEN_NAME, NAME_SNILS,
        NAME_INN,         NAME_ORGANIZATION, NAME_UNIT,       NAME_TITLE,
        NAME_INNLE,       NAME_OGRN,         NAME_OGRNIP,     NAME_COUNTRY,
        NAME_STATE,       NAME_LOCALITY,     NAME_STREET,     NAME_EMAIL,
    };

    return order[i];
}

int name_view_kind(enum name_attribute attribute)
{
    static const struct {
        enum name_attribute attribute;
        enum requisite kind;
    } kinds[] = {
        {NAME_INN, REQUISITE_INN},
        {NAME_INNLE, REQUISITE_INN_ORGANIZATION},
        {NAME_SNILS, REQUISITE_SNILS},
        {NAME_OGRN, REQUISITE_OGRN},
        {NAME_OGRNIP, REQUISITE_OGRNIP},
        {NAME_EMAIL, REQUISITE_EMAIL},
    };

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (kinds[i].attribute == attribute)
            return (int)kinds[i].kind;
    return -1;
}

struct text_line name_view_value(enum name_attribute attribute,
                                 const char *value)
{
    const int kind = name_view_kind(attribute);
    char written[REQUISITE_MAX];

    return text_clean(
        kind < 0 ? value
                 : requisite_written((enum requisite)kind, value, written));
}

struct json_object *name_view_json(const struct name *name)
{
    struct json_object *object = json_object_new_object();

    for (int i = 0; object != NULL && i < NAME_COUNT; i++)
        if (name->value[i] != NULL)
            view_put_text(object, name_rule((enum name_attribute)i)->word,
                          name->value[i]);
    return object;
}

/* A number that cannot be right is shown as it is, and said to be wrong. */
static void print_number(struct page *page, enum name_attribute attribute,
                         enum requisite kind, const char *value)
{
    struct requisite_finding finding;
    char kept[REQUISITE_MAX], line[1024];

    if (!requisite_check(kind, value, strlen(value), 0, kept, &finding))
        snprintf(line, sizeof(line), _("%s (there is a mistake in it)"),
                 name_view_value(attribute, value).text);
    else if (attribute == NAME_INN && strlen(kept) == 10)
        snprintf(line, sizeof(line), _("%s (INN of the organisation: %s)"),
                 name_view_value(attribute, value).text, kept);
    else
        snprintf(line, sizeof(line), "%s",
                 name_view_value(attribute, value).text);
    page_line(page, name_view_label(attribute), line);
}

void name_view_print(struct page *page, const struct name *name)
{
    for (int i = 0; i < NAME_COUNT; i++) {
        const enum name_attribute attribute = name_view_order(i);
        const char *value = name->value[attribute];
        const int kind = name_view_kind(attribute);

        if (value != NULL && kind >= 0)
            print_number(page, attribute, (enum requisite)kind, value);
        else
            page_foreign(page, name_view_label(attribute), value);
    }
}

struct text_line name_view_owner(const struct name *name)
{
    const char *surname = name->value[NAME_SURNAME];
    const char *given = name->value[NAME_GIVEN_NAME];
    const char *organization = name->value[NAME_ORGANIZATION];
    char owner[2048];

    if (surname == NULL || given == NULL)
        return text_clean(name->value[NAME_COMMON_NAME]);
    snprintf(owner, sizeof(owner), "%s %s%s%s", surname, given,
             organization != NULL ? ", " : "",
             organization != NULL ? organization : "");
    return text_clean(owner);
}

void name_view_say(struct screen *screen, const struct name *name)
{
    for (int i = 0; i < NAME_COUNT; i++) {
        const enum name_attribute attribute = name_view_order(i);

        if (name->value[attribute] != NULL)
            screen_pair(
                screen, name_view_label(attribute), "%s",
                name_view_value(attribute, name->value[attribute]).text);
    }
}
