#include "client/view/name_view.h"

#include "client/text.h"

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

struct json_object *name_view_json(const struct name *name)
{
    struct json_object *object = json_object_new_object();

    for (int i = 0; object != NULL && i < NAME_COUNT; i++)
        if (name->value[i] != NULL)
            json_object_object_add(object,
                                   name_rule((enum name_attribute)i)->word,
                                   json_object_new_string(name->value[i]));
    return object;
}
