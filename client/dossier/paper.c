#include "client/dossier/paper.h"

#include "client/dossier/papers.h"
#include "client/renewal/agreement.h"
#include "client/renewal/form.h"
#include "client/screen/walk.h"
#include "client/state/paths.h"
#include "client/text.h"

#include <stdio.h>
#include <string.h>

static enum outcome tell(struct renewal *renewal)
{
    return renewal_fail(renewal, OUTCOME_STATEMENT_TO_SIGN,
                        _("Number of the renewal: %.8s."),
                        renewal_get(renewal, RECORD_ID));
}

/* The statement, what is to be done with it, and the scan's file. */
struct sheet_dialogue {
    struct renewal *renewal;
    const char *statement;
    size_t chosen;
    enum outcome outcome;
};

static enum outcome ask_scan(struct renewal *renewal)
{
    char path[PATHS_MAX];
    enum prompt_end end = papers_ask(
        renewal, _("File with the scan of the signed statement"), path);

    return end == PROMPT_OK ? papers_send(renewal, "statement", path)
                            : renewal_unanswered(renewal, end, "--scan");
}

static enum outcome show(struct renewal *renewal, const char *heading,
                         const char *statement)
{
    screen_heading(renewal->screen, "%s", heading);
    return agreement_show(renewal, "", statement, "");
}

static enum outcome consent_and_keep(struct renewal *renewal,
                                     const char *statement)
{
    enum outcome outcome = agreement_consent(
        renewal, "statement", RECORD_STATEMENT_CONSENT,
        RECORD_STATEMENT_CONSENT_VERSION, RECORD_STATEMENT_CONSENT_AT);

    if (outcome != OUTCOME_DONE)
        return outcome;
    renewal_set(renewal, RECORD_STATEMENT, statement);
    outcome = renewal_save(renewal);
    return outcome == OUTCOME_DONE ? OUTCOME_DONE
                                   : renewal_fail(renewal, outcome, "%s", "");
}

static enum outcome agree(struct renewal *renewal, const char *statement)
{
    enum outcome outcome = show(
        renewal, _("The statement that has to be signed by hand"), statement);

    return outcome == OUTCOME_DONE ? consent_and_keep(renewal, statement)
                                   : outcome;
}

static enum outcome choose(struct renewal *renewal, size_t *chosen)
{
    const char *const items[] = {
        _("Stop here: I shall print and sign the statement (kep statement)"),
        _("It is signed: send its scan"),
        _("I carry it to the service centre"),
    };
    enum prompt_end end =
        prompt_choose(renewal->screen, _("The statement on paper"), items,
                      sizeof(items) / sizeof(items[0]), chosen);

    if (end != PROMPT_OK)
        return renewal_unanswered(renewal, end, "--scan");
    return *chosen == 1 ? OUTCOME_DONE : tell(renewal);
}

/* Whoever comes back to the consent gives it anew. */
static bool ask_row(void *context, size_t row, bool again)
{
    struct sheet_dialogue *dialogue = context;
    struct renewal *renewal = dialogue->renewal;
    const char *given = papers_given(renewal, "statement");

    if (row == 0 && again)
        renewal_set(renewal, RECORD_STATEMENT, NULL);
    if (row == 0 && renewal_get(renewal, RECORD_STATEMENT) == NULL)
        dialogue->outcome = agree(renewal, dialogue->statement);
    else if (row == 1 && given == NULL)
        dialogue->outcome = screen_interactive(renewal->screen)
                                ? choose(renewal, &dialogue->chosen)
                                : tell(renewal);
    else if (row == 2)
        dialogue->outcome = given != NULL
                                ? papers_send(renewal, "statement", given)
                                : ask_scan(renewal);
    return dialogue->outcome == OUTCOME_DONE;
}

/* The one that is kept is the one that is printed, to the byte; where the
 * centre has another, the next run shows that. */
static enum outcome compare_kept(struct renewal *renewal, const char *statement,
                                 enum outcome different)
{
    const char *kept = renewal_get(renewal, RECORD_STATEMENT);

    if (kept == NULL || strcmp(kept, statement) == 0)
        return OUTCOME_DONE;
    renewal_set(renewal, RECORD_STATEMENT, NULL);
    return renewal_fail(renewal, different, "%s", "");
}

/* Only who has the sheet knows what is on it: nothing that was said before,
 * like --accept-data, was said of this statement. */
static enum outcome recognise(struct renewal *renewal, const char *statement)
{
    bool yes = false;
    enum outcome outcome =
        show(renewal, _("The statement that the certification centre has"),
             statement);
    enum prompt_end end;

    if (outcome != OUTCOME_DONE)
        return outcome;
    end = prompt_yes(renewal->screen,
                     _("Is this what you signed by hand, word for word?"), 0,
                     &yes);
    if (end == PROMPT_NOBODY)
        return renewal_fail(renewal, OUTCOME_SHEET_DIFFERS, "%s", "");
    if (end != PROMPT_OK)
        return renewal_unanswered(renewal, end, "");
    return yes ? OUTCOME_DONE
               : renewal_fail(renewal, OUTCOME_CANCELLED, "%s",
                              _("Withdraw the application with kep cancel, and "
                                "ask your service centre."));
}

enum outcome paper_compare(struct renewal *renewal, const char *statement)
{
    enum outcome outcome =
        compare_kept(renewal, statement, OUTCOME_SHEET_DIFFERS);

    if (outcome != OUTCOME_DONE ||
        renewal_get(renewal, RECORD_STATEMENT) != NULL)
        return outcome;
    outcome = recognise(renewal, statement);
    return outcome == OUTCOME_DONE ? consent_and_keep(renewal, statement)
                                   : outcome;
}

enum outcome paper_statement(struct renewal *renewal, const char *statement)
{
    struct sheet_dialogue dialogue = {
        .renewal = renewal,
        .statement = statement,
        .outcome = compare_kept(renewal, statement, OUTCOME_STATEMENT_CHANGED)};

    if (dialogue.outcome != OUTCOME_DONE)
        return dialogue.outcome;
    (void)walk_run(renewal->screen, 3, ask_row, &dialogue);
    return dialogue.outcome;
}
