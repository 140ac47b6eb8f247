#include "client/renewal/data.h"

#include "client/renewal/form.h"
#include "client/text.h"

#include <json-c/json.h>
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

const char *data_label(enum name_attribute attribute)
{
    return _(labels[attribute]);
}

/* Who it is comes first. */
static const enum name_attribute order[NAME_COUNT] = {
    NAME_COMMON_NAME, NAME_SURNAME,      NAME_GIVEN_NAME, NAME_SNILS,
    NAME_INN,         NAME_ORGANIZATION, NAME_UNIT,       NAME_TITLE,
    NAME_INNLE,       NAME_OGRN,         NAME_OGRNIP,     NAME_COUNTRY,
    NAME_STATE,       NAME_LOCALITY,     NAME_STREET,     NAME_EMAIL,
};

void data_show(struct renewal *renewal, const struct name *data)
{
    for (int i = 0; i < NAME_COUNT; i++)
        if (data->value[order[i]] != NULL)
            screen_pair(renewal->screen, data_label(order[i]), "%s",
                        text_clean(data->value[order[i]]).text);
}

enum outcome data_accept(struct renewal *renewal, const struct name *data)
{
    struct json_object *json = json_object_new_object();

    for (int i = 0; json != NULL && i < NAME_COUNT; i++)
        if (data->value[i] != NULL)
            json_object_object_add(json,
                                   name_rule((enum name_attribute)i)->word,
                                   json_object_new_string(data->value[i]));
    if (json == NULL)
        return renewal_fail(renewal, OUTCOME_MEMORY, "%s", "");
    renewal_set(renewal, RECORD_DATA,
                json_object_to_json_string_ext(json, JSON_C_TO_STRING_PLAIN));
    record_set_time(&renewal->record, RECORD_ACCEPTED_AT,
                    clock_now(renewal->clock));
    json_object_put(json);
    return OUTCOME_DONE;
}

static enum fault read_accepted(const char *text, struct name *data)
{
    struct json_object *json = json_tokener_parse(text);
    enum fault fault = json != NULL ? FAULT_NONE : FAULT_NAME;

    for (int i = 0; fault == FAULT_NONE && i < NAME_COUNT; i++) {
        struct json_object *value = NULL;
        const char *string;

        if (!json_object_object_get_ex(
                json, name_rule((enum name_attribute)i)->word, &value))
            continue;
        string = json_object_get_string(value);
        fault = string == NULL ? FAULT_NAME
                               : name_set(data, (enum name_attribute)i, string,
                                          strlen(string));
    }
    json_object_put(json);
    return fault;
}

enum outcome data_accepted(struct renewal *renewal, struct name *data)
{
    const char *text = renewal_get(renewal, RECORD_DATA);
    struct name accepted = {{NULL}};
    enum outcome outcome = form_have(renewal);

    *data = (struct name){{NULL}};
    if (outcome == OUTCOME_DONE)
        outcome = form_data(renewal, data);
    if (outcome != OUTCOME_DONE)
        return outcome;
    if (text == NULL || read_accepted(text, &accepted) != FAULT_NONE)
        outcome = renewal_fail(renewal, OUTCOME_STATE_DAMAGED, "%s", "");
    else if (!name_equal(&accepted, data))
        outcome = renewal_fail(
            renewal, OUTCOME_DATA_MISMATCH, "%s",
            _("They have changed on the server since you accepted them."));
    name_free(&accepted);
    if (outcome != OUTCOME_DONE)
        name_free(data);
    return outcome;
}

enum outcome data_compare_identity(struct renewal *renewal,
                                   const struct name *data)
{
    static const char *const what[] = {
        [IDENTITY_SAME] = "",
        [IDENTITY_FULL_NAME] = N_("Different: surname, name or patronymic."),
        [IDENTITY_SNILS] = N_("Different: SNILS."),
        [IDENTITY_INN] = N_("Different: INN."),
        [IDENTITY_ORGANIZATION_INN] = N_("Different: INN of the organisation."),
    };
    struct identity before, after;
    enum identity_difference difference;

    if (name_identity(&renewal->old_certificate->subject, &before) !=
            FAULT_NONE ||
        name_identity(data, &after) != FAULT_NONE)
        return renewal_fail(renewal, OUTCOME_DATA_MISMATCH, "%s", "");
    /* Both ways: what has gone is no longer the same owner either. */
    difference = identity_compare(&before, &after);
    if (difference == IDENTITY_SAME)
        difference = identity_compare(&after, &before);
    if (difference == IDENTITY_SAME)
        return OUTCOME_DONE;
    return renewal_fail(renewal, OUTCOME_DATA_MISMATCH, "%s",
                        _(what[difference]));
}
