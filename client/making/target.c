#include "client/making/target.h"

#include "client/outcome.h"
#include "client/text.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

enum { KEY_MONTHS = 15 };

void target_invent_folder(char folder[TARGET_FOLDER])
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";

    for (int i = 0; i < 8; i++)
        folder[i] = letters[randombytes_uniform(i == 0 ? 26 : 36)];
    memcpy(folder + 8, ".000", 5);
}

const char *target_refuse(const char *place, void *data)
{
    const struct medium_ops *ops;
    char canonical[LOCATION_MAX], folder[TARGET_FOLDER];
    enum fault fault = medium_find(place, &ops, canonical);

    (void)data;
    target_invent_folder(folder);
    if (fault == FAULT_NONE)
        fault = ops->probe(canonical, folder);
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

void target_name(time_t now, const char *folder, char *name, size_t size)
{
    snprintf(name, size, "kep-%.10s-%.8s", text_rfc3339(now).text, folder);
}
