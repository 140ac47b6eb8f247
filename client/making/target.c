#include "client/making/target.h"

#include "client/outcome.h"
#include "client/text.h"
#include "token/file/folder_name.h"

#include <stdio.h>

enum { KEY_MONTHS = 15 };

enum fault target_names(const struct medium_ops *ops, const char *location,
                        bool inside, time_t now, char *folder,
                        char name[TARGET_NAME])
{
    char word[CONTAINER_FOLDER_MAX];

    folder_name_invent(word);
    snprintf(name, TARGET_NAME, "kep-%.10s-%.8s", text_rfc3339(now).text, word);
    return ops->name(location, word, inside, 0, folder);
}

const char *target_refuse(const char *place, void *data)
{
    const struct medium_ops *ops;
    char canonical[LOCATION_MAX];
    enum fault fault = medium_find(place, &ops, canonical);

    (void)data;
    if (fault == FAULT_NONE)
        fault = ops->probe(canonical, NULL);
    return fault == FAULT_NONE
               ? NULL
               : _(outcome_row(outcome_of_fault(fault))->sentence);
}

enum prompt_end target_ask(struct screen *screen, const char *preset,
                           char *answer)
{
    const struct prompt_line ask = {
        .question = _("Where to keep the new key: a folder (for example on a "
                      "flash drive), or local: for this computer"),
        .preset = preset != NULL ? preset : "local:",
        .check = target_refuse};

    return prompt_line(screen, &ask, answer, LOCATION_MAX);
}

time_t target_key_end(time_t now)
{
    struct tm tm = {0};

    gmtime_r(&now, &tm);
    tm.tm_mon += KEY_MONTHS;
    return timegm(&tm);
}
