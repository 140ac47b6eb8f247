#include "client/report/caution.h"

#include "client/state/paths.h"
#include "client/text.h"

#include <errno.h>
#include <string.h>

static void say_locks(struct screen *screen, const struct plan *plan,
                      struct journal *journal)
{
    size_t lost = 0;

    for (size_t i = 0; i < plan->rows; i++)
        lost += plan->row[i].loses_lock &&
                plan_offer(plan, i, journal) == OUTCOME_DONE;
    if (lost > 0)
        screen_say(
            screen,
            ngettext("%zu old container is protected by a password or a PIN, "
                     "and the new one will have no password: neither pin_file "
                     "in its row nor --pin-file gives it one.",
                     "%zu old containers are protected by a password or a PIN, "
                     "and the new ones will have no password: neither pin_file "
                     "in their rows nor --pin-file gives them one.",
                     lost),
            lost);
}

void caution_say(struct screen *screen, const struct plan *plan,
                 struct journal *journal, const char *report)
{
    say_locks(screen, plan, journal);
    if (report != NULL && paths_check_folder(report) != 0)
        screen_say(screen,
                   _("The report cannot be written: --report %s: %s. The rows "
                     "are renewed all the same. If the place is put right "
                     "before they are done, the report will be there."),
                   text_clean(report).text, strerror(errno));
}
