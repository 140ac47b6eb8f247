#include "client/renewal/beginning.h"

#include "client/text.h"

#include <string.h>

enum outcome beginning_take(struct renewal *renewal,
                            struct container_info *info)
{
    struct record record = {.failed = false};
    enum outcome outcome = journal_find_open(
        renewal->journal, info->certificate->thumbprint, &record);

    if (outcome == OUTCOME_DONE) {
        screen_say(renewal->screen,
                   _("The renewal of this certificate was begun before: it "
                     "goes on where it stopped."));
        renewal_take(renewal, &record);
        if (strcmp(renewal_get(renewal, RECORD_OLD_CONTAINER), info->where) ==
            0) {
            renewal->old_certificate = info->certificate;
            info->certificate = NULL; /* else it is read where it was */
        }
        return OUTCOME_DONE;
    }
    if (outcome == OUTCOME_NOTHING_OPEN && !renewal->options->force)
        outcome = journal_find_done(renewal->journal,
                                    info->certificate->thumbprint, &record);
    if (outcome == OUTCOME_DONE) {
        renewal_take(renewal, &record);
        return renewal_fail(renewal, OUTCOME_ALREADY_RENEWED,
                            _("The new one is here: %s."),
                            renewal_get(renewal, RECORD_NEW_CONTAINER));
    }
    record_free(&record);
    if (outcome != OUTCOME_NOTHING_OPEN)
        return renewal_fail(renewal, outcome, "%s", "");
    renewal_begin(renewal, info);
    return renewal_save(renewal);
}
