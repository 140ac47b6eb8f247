#include "client/making/target.h"

#include "client/making/whereabouts.h"
#include "client/outcome/outcome.h"
#include "client/text.h"
#include "token/file/folder_name.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_MONTHS = 15 };

enum fault target_names(const struct medium_ops *ops, const char *location,
                        const struct algorithm *inside, time_t now,
                        char *folder, char name[TARGET_NAME])
{
    char word[CONTAINER_FOLDER_MAX];

    folder_name_invent(word);
    snprintf(name, TARGET_NAME, "kep-%.10s-%.8s", text_rfc3339(now).text, word);
    return ops->name(location, word, inside, 0, folder);
}

/* Whether such a key could be made inside shows when it is to be named. */
enum fault target_probe(const struct medium_ops *ops, const char *location,
                        const struct algorithm *inside)
{
    char folder[CONTAINER_FOLDER_MAX];
    enum fault fault = ops->probe(location, NULL);

    /* It lies in no place for a container. */
    if (inside != NULL && (fault == FAULT_NONE || fault == FAULT_SLOTS))
        fault = ops->name(location, NULL, inside, 0, folder);
    return fault;
}

const char *target_refuse(const char *place, const struct algorithm *inside)
{
    const struct medium_ops *ops;
    char canonical[LOCATION_MAX];
    enum fault fault = medium_find(place, &ops, canonical);

    if (fault == FAULT_NONE)
        fault = target_probe(ops, canonical, inside);
    return fault == FAULT_NONE
               ? NULL
               : _(outcome_row(outcome_of_fault(fault))->sentence);
}

struct choice {
    struct whereabouts places;
    const struct algorithm *inside;
};

static const char *refuse_answer(const char *typed, void *data)
{
    const struct choice *choice = data;

    return target_refuse(whereabouts_named(&choice->places, typed),
                         choice->inside);
}

static enum prompt_end ask(struct screen *screen, struct choice *choice,
                           const char *preset, char *answer)
{
    char typed[LOCATION_MAX];
    const struct prompt_line ask = {
        .question =
            _("Place of the new key: a number of the list, or a folder"),
        .preset = preset != NULL ? preset : "1",
        .check = refuse_answer,
        .is_path = true,
        .data = choice};
    enum prompt_end end;

    screen_say(screen,
               _("The new key is kept on a drive, on a token or on this "
                 "computer; the drive or token has to be plugged in now:"));
    whereabouts_show(&choice->places, screen);
    end = prompt_line(screen, &ask, typed, sizeof(typed));
    snprintf(answer, LOCATION_MAX, "%s",
             whereabouts_named(&choice->places, typed));
    return end;
}

enum prompt_end target_ask(struct screen *screen, const char *preset,
                           const char *former, const struct algorithm *inside,
                           char *answer)
{
    struct choice choice = {.inside = inside};
    enum prompt_end end = PROMPT_FAILED;

    answer[0] = '\0';
    if (!screen_interactive(screen))
        return PROMPT_NOBODY;
    if (whereabouts_find(&choice.places, former) == FAULT_NONE)
        end = ask(screen, &choice, preset, answer);
    whereabouts_free(&choice.places);
    return end;
}

time_t target_key_end(time_t now)
{
    struct tm tm = {0};

    gmtime_r(&now, &tm);
    tm.tm_mon += KEY_MONTHS;
    return timegm(&tm);
}
