#include "client/renewal/copy_place.h"

#include "client/making/copy_target.h"
#include "client/text.h"

enum outcome copy_place_choose(struct renewal *renewal)
{
    const char *given = renewal_get(renewal, RECORD_BACKUP);
    const char *container = renewal_get(renewal, RECORD_NEW_CONTAINER);
    const char *why = NULL;
    char answer[LOCATION_MAX];
    enum prompt_end end;

    if (given != NULL && !screen_interactive(renewal->screen))
        return OUTCOME_DONE; /* the copying itself says what is wrong */
    if (given != NULL && given[0] != '\0')
        why = copy_target_refuse(given, container);
    if (given != NULL && why == NULL)
        return OUTCOME_DONE;
    if (why != NULL)
        screen_say(renewal->screen, "%s: %s", text_clean(given).text, why);
    else
        screen_say(renewal->screen,
                   _("If the container is lost or damaged, you can no longer "
                     "sign or sign in. A copy of it is a must: on another "
                     "drive, on a token or on this computer."));
    end = copy_target_ask(renewal->screen,
                          _("Where to put the copy: a number or a folder "
                            "(Enter: no copy now)"),
                          true, container, answer);
    if (end != PROMPT_OK && end != PROMPT_NOBODY)
        return renewal_unanswered(renewal, end, "--backup");
    renewal_set(renewal, RECORD_BACKUP, end == PROMPT_OK ? answer : "");
    return OUTCOME_DONE;
}
