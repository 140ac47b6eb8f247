#include "client/renewal/data.h"

#include "client/renewal/form.h"
#include "client/text.h"
#include "client/view/name_view.h"

#include <json-c/json.h>
#include <string.h>

const char *data_label(enum name_attribute attribute)
{
    return name_view_label(attribute);
}

void data_show(struct renewal *renewal, const struct name *data)
{
    name_view_say(renewal->screen, data);
}

enum outcome data_accept(struct renewal *renewal, const struct name *data)
{
    struct json_object *json = name_view_json(data);

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

bool data_of_record(const struct record *record, struct name *data)
{
    const char *text = record_get(record, RECORD_DATA);

    *data = (struct name){{NULL}};
    if (text != NULL && read_accepted(text, data) == FAULT_NONE)
        return true;
    name_free(data);
    return false;
}

enum outcome data_recorded(struct renewal *renewal, struct name *data)
{
    if (data_of_record(&renewal->record, data))
        return OUTCOME_DONE;
    return renewal_fail(renewal, OUTCOME_STATE_DAMAGED, "%s", "");
}

enum outcome data_accepted(struct renewal *renewal, struct name *data)
{
    struct name accepted = {{NULL}};
    enum outcome outcome = form_have(renewal);

    *data = (struct name){{NULL}};
    if (outcome == OUTCOME_DONE)
        outcome = form_data(renewal, data);
    if (outcome != OUTCOME_DONE)
        return outcome;
    outcome = data_recorded(renewal, &accepted);
    if (outcome == OUTCOME_DONE && !name_equal(&accepted, data))
        outcome = renewal_fail(
            renewal, OUTCOME_DATA_MISMATCH, "%s",
            _("They have changed on the server since you accepted them."));
    name_free(&accepted);
    if (outcome != OUTCOME_DONE)
        name_free(data);
    return outcome;
}

enum outcome data_compare_organization(struct renewal *renewal,
                                       const struct name *data)
{
    static const enum name_attribute fixed[] = {NAME_ORGANIZATION, NAME_OGRN,
                                                NAME_OGRNIP};
    const struct name *old = &renewal->old_certificate->subject;

    for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
        if (!name_same_words(old->value[fixed[i]], data->value[fixed[i]]))
            return renewal_fail(renewal, OUTCOME_DATA_MISMATCH,
                                _("Different: %s."), data_label(fixed[i]));
    return OUTCOME_DONE;
}

const char *data_difference(enum identity_difference difference)
{
    static const char *const what[] = {
        [IDENTITY_FULL_NAME] = N_("Different: surname, name or patronymic."),
        [IDENTITY_SNILS] = N_("Different: SNILS."),
        [IDENTITY_INN] = N_("Different: INN."),
        [IDENTITY_ORGANIZATION_INN] = N_("Different: INN of the organisation."),
    };

    return what[difference] == NULL ? "" : _(what[difference]);
}

enum outcome data_compare_identity(struct renewal *renewal,
                                   const struct name *data)
{
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
                        data_difference(difference));
}

struct text_line data_owner(const struct record *record)
{
    struct text_line owner = text_clean(record_get(record, RECORD_LABEL));
    struct name data;

    if (owner.text[0] != '\0' || !data_of_record(record, &data))
        return owner;
    owner = name_view_owner(&data);
    name_free(&data);
    return owner;
}
