#include "client/dossier/paper.h"

#include "client/dossier/papers.h"
#include "client/paths.h"
#include "client/renewal/agreement.h"
#include "client/renewal/form.h"
#include "client/text.h"

#include <stdio.h>

static enum outcome tell(struct renewal *renewal)
{
    return renewal_fail(renewal, OUTCOME_STATEMENT_TO_SIGN,
                        _("Number of the renewal: %.8s."),
                        renewal_get(renewal, RECORD_ID));
}

static enum outcome ask_scan(struct renewal *renewal)
{
    char path[PATHS_MAX];
    const struct prompt_line ask = {
        .question = _("File with the scan of the signed statement"),
        .check = papers_refuse,
        .is_path = true,
        .may_go_back = true};
    enum prompt_end end =
        prompt_line(renewal->screen, &ask, path, sizeof(path));

    if (end == PROMPT_BACK)
        return OUTCOME_ANSWER_NEEDED;
    if (end != PROMPT_OK)
        return renewal_unanswered(renewal, end, "--scan");
    return papers_send(renewal, "statement", path);
}

/* OUTCOME_ANSWER_NEEDED: back to this question. */
static enum outcome ask_once(struct renewal *renewal)
{
    const char *const items[] = {
        _("Stop here: I shall print and sign the statement (kep statement)"),
        _("It is signed: send its scan"),
        _("I carry it to the service centre"),
    };
    size_t chosen = 0;
    enum prompt_end end =
        prompt_choose(renewal->screen, _("The statement on paper"), items,
                      sizeof(items) / sizeof(items[0]), &chosen);

    if (end != PROMPT_OK)
        return renewal_unanswered(renewal, end, "--scan");
    return chosen == 1 ? ask_scan(renewal) : tell(renewal);
}

static enum outcome hand_in(struct renewal *renewal)
{
    enum outcome outcome = OUTCOME_ANSWER_NEEDED;

    if (papers_given(renewal, "statement") != NULL)
        return papers_send(renewal, "statement",
                           papers_given(renewal, "statement"));
    if (!screen_interactive(renewal->screen))
        return tell(renewal);
    while (outcome == OUTCOME_ANSWER_NEEDED)
        outcome = ask_once(renewal);
    return outcome;
}

enum outcome paper_statement(struct renewal *renewal, const char *statement)
{
    enum outcome outcome = OUTCOME_DONE;

    if (renewal_get(renewal, RECORD_STATEMENT) == NULL) {
        screen_heading(renewal->screen,
                       _("The statement that has to be signed by hand"));
        outcome = agreement_show(renewal, "", statement, "");
        if (outcome == OUTCOME_DONE)
            outcome = agreement_consent(
                renewal, "statement", RECORD_STATEMENT_CONSENT,
                RECORD_STATEMENT_CONSENT_VERSION, RECORD_STATEMENT_CONSENT_AT);
        if (outcome == OUTCOME_DONE) {
            renewal_set(renewal, RECORD_STATEMENT, statement);
            outcome = renewal_save(renewal);
            if (outcome != OUTCOME_DONE)
                renewal_fail(renewal, outcome, "%s", "");
        }
    }
    return outcome == OUTCOME_DONE ? hand_in(renewal) : outcome;
}
