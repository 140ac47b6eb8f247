#include "client/renewal/beginning.h"

#include "client/renewal/former.h"
#include "client/renewal/policy.h"
#include "client/renewal/steps.h"
#include "client/state/archive.h"

#include "client/text.h"
#include "client/view/certificate_view.h"

#include <string.h>

/* Whose it is, how long it takes, and that stopping costs nothing; and that a
 * new certificate counts from its own day. */
static void say_what_comes(struct renewal *renewal)
{
    const struct certificate *old = renewal->old_certificate;
    long left = policy_days_left(old, clock_now(renewal->clock));

    if (!screen_interactive(renewal->screen))
        return;
    screen_say(renewal->screen,
               _("Renewing: %s, valid until %s. There are %u steps, with one "
                 "question at a time. To stop, type \"cancel\" or press "
                 "Ctrl-C: nothing is lost, and kep resume goes on."),
               certificate_view_owner(old).text, text_date(old->not_after).text,
               steps_count());
    if (left > 0)
        screen_say(renewal->screen,
                   ngettext("The new certificate counts from the day of its "
                            "issue: the %ld day that is left of the old one is "
                            "not added to it.",
                            "The new certificate counts from the day of its "
                            "issue: the %ld days that are left of the old one "
                            "are not added to it.",
                            (unsigned long)left),
                   left);
}

/* Of one that is open already. */
static enum outcome go_on(struct renewal *renewal, struct record *record,
                          struct container_info *info)
{
    renewal_take(renewal, record);
    renewal->old_certificate = info->certificate;
    info->certificate = NULL;
    /* Its drive may be mounted elsewhere now. */
    if (!former_is_alone(info->where))
        renewal_set(renewal, RECORD_OLD_CONTAINER, info->where);
    if (renewal->options->paper && renewal_get(renewal, RECORD_FORM) == NULL)
        renewal_set(renewal, RECORD_MODE, "paper");
    if (renewal->options->paper && !record_is_mode(&renewal->record, "paper"))
        return renewal_fail(renewal, OUTCOME_OPEN_WITH_KEY, "%s", "");
    screen_say(renewal->screen,
               _("The renewal of this certificate was begun before: it goes "
                 "on where it stopped."));
    if (renewal_get(renewal, RECORD_DATA) != NULL)
        review_pass_over(renewal);
    return OUTCOME_DONE;
}

/* What is left of a lost key is kept where nobody clears it away. */
static enum outcome keep_alone(struct renewal *renewal,
                               struct container_info *info)
{
    enum outcome outcome = archive_add(info->certificate, info->where);

    return outcome == OUTCOME_DONE ? OUTCOME_DONE
                                   : renewal_fail(renewal, outcome, "%s", "");
}

enum outcome beginning_take_done(struct renewal *renewal, struct record *record)
{
    const char *where;

    renewal_take(renewal, record);
    where = renewal_get(renewal, RECORD_NEW_CONTAINER);
    return where != NULL
               ? renewal_fail(renewal, OUTCOME_ALREADY_RENEWED,
                              _("The new one is here: %s."), where)
               : renewal_fail(renewal, OUTCOME_ALREADY_RENEWED, "%s", "");
}

enum outcome beginning_take(struct renewal *renewal,
                            struct container_info *info)
{
    struct record record = {.failed = false};
    enum outcome outcome = journal_find_open(
        renewal->journal, info->certificate->thumbprint, &record);

    if (outcome == OUTCOME_DONE)
        return go_on(renewal, &record, info);
    if (outcome == OUTCOME_NOTHING_OPEN && !renewal->options->force)
        outcome = journal_find_done(renewal->journal,
                                    info->certificate->thumbprint, &record);
    if (outcome == OUTCOME_DONE)
        return beginning_take_done(renewal, &record);
    record_free(&record);
    if (outcome != OUTCOME_NOTHING_OPEN)
        return renewal_fail(renewal, outcome, "%s", "");
    outcome =
        former_is_alone(info->where) ? keep_alone(renewal, info) : OUTCOME_DONE;
    if (outcome != OUTCOME_DONE)
        return outcome;
    renewal_begin(renewal, info);
    say_what_comes(renewal);
    return renewal_save(renewal);
}
