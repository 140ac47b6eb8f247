/* The data of the new certificate, and the documents: shown, corrected where
 * that is allowed, accepted. */
#include "client/dossier/asking.h"
#include "client/dossier/draft.h"
#include "client/dossier/papers.h"
#include "client/renewal/agreement.h"
#include "client/renewal/data.h"
#include "client/renewal/form.h"
#include "client/renewal/steps.h"
#include "client/screen/walk.h"
#include "client/text.h"
#include "client/view/name_view.h"

#include <stdio.h>
#include <string.h>

enum { ROUNDS = 10 };

/* Another owner applies on paper alone; an express renewal leaves the
 * organisation as it is, too. */
static enum outcome compare(struct renewal *renewal, const struct name *data)
{
    enum outcome outcome = OUTCOME_DONE;

    if (!record_is_mode(&renewal->record, "paper"))
        outcome = data_compare_identity(renewal, data);
    if (outcome == OUTCOME_DONE && record_is_mode(&renewal->record, "express"))
        outcome = data_compare_organization(renewal, data);
    return outcome;
}

/* --- express: nothing is edited ------------------------------------------ */

/* What is wrong is the service centre's, or corrected in another mode, which
 * takes longer. */
static enum outcome leave_express(struct renewal *renewal)
{
    const char *const items[] = {
        _("Correct it myself: the express application is withdrawn, and one "
          "that an operator looks at is begun"),
        _("Stop: I shall contact my service centre"),
    };
    size_t chosen = 1;
    enum prompt_end end;
    enum outcome outcome;

    screen_say(renewal->screen,
               _("In an express renewal nothing is corrected. Details of the "
                 "organisation are corrected by your service centre alone."));
    end = prompt_choose(renewal->screen, _("What shall be done?"), items,
                        sizeof(items) / sizeof(items[0]), &chosen);
    if (end != PROMPT_OK)
        return renewal_unanswered(renewal, end, "--accept-data");
    if (chosen == 1)
        return renewal_fail(
            renewal, OUTCOME_CANCELLED, "%s",
            _("Contact your service centre about the wrong data."));
    outcome = form_withdraw(renewal);
    return outcome == OUTCOME_DONE ? renewal_begin_again(renewal, "normal")
                                   : outcome;
}

/* The two questions of an express renewal. */
struct fixed {
    struct renewal *renewal;
    struct name data;
    bool right;
    enum outcome outcome;
};

static enum outcome ask_fixed(struct fixed *fixed)
{
    struct renewal *renewal = fixed->renewal;

    screen_say(renewal->screen,
               _("These data will be in the new certificate:"));
    data_show(renewal, &fixed->data);
    if (agreement_is_asked(renewal))
        screen_say(renewal->screen,
                   _("If something is wrong, answer no: it is corrected "
                     "in another kind of renewal or by your service "
                     "centre."));
    return agreement_question(renewal, _("Are all the data right?"),
                              &fixed->right);
}

static bool ask_fixed_row(void *context, size_t row, bool again)
{
    struct fixed *fixed = context;

    (void)again;
    if (row == 0)
        fixed->outcome = ask_fixed(fixed);
    else if (!fixed->right)
        fixed->outcome = leave_express(fixed->renewal);
    return fixed->outcome == OUTCOME_DONE;
}

enum outcome review_takes_changes(struct renewal *renewal)
{
    if (renewal->options->changes == NULL ||
        renewal_get(renewal, RECORD_FORM) == NULL)
        return OUTCOME_DONE;
    if (record_is_mode(&renewal->record, "express"))
        return renewal_fail(
            renewal, OUTCOME_USAGE, "%s",
            _("In an express renewal nothing is corrected. Withdraw it with "
              "kep cancel and begin a normal one with --changes."));
    return renewal_get(renewal, RECORD_DATA) == NULL
               ? OUTCOME_DONE
               : renewal_fail(
                     renewal, OUTCOME_USAGE, "%s",
                     _("The data have been handed over already, so --changes "
                       "comes too late: nothing has been done. To go on, leave "
                       "it out. If something is wrong, withdraw the "
                       "application with kep cancel and begin anew with "
                       "--changes."));
}

void review_pass_over(const struct renewal *renewal)
{
    if (renewal->options->changes != NULL)
        screen_say(renewal->screen,
                   _("The data have been handed over already; --changes has "
                     "not been looked at."));
}

/* *another: another form has been begun, of another mode. */
static enum outcome review_fixed(struct renewal *renewal, bool *another)
{
    struct fixed fixed = {.renewal = renewal};

    *another = false;
    fixed.outcome = review_takes_changes(renewal);
    if (fixed.outcome == OUTCOME_DONE)
        fixed.outcome = form_data(renewal, &fixed.data);
    if (fixed.outcome != OUTCOME_DONE)
        return fixed.outcome;
    fixed.outcome = compare(renewal, &fixed.data);
    if (fixed.outcome == OUTCOME_DONE)
        (void)walk_run(renewal->screen, 2, ask_fixed_row, &fixed);
    *another = fixed.outcome == OUTCOME_DONE && !fixed.right;
    if (fixed.outcome == OUTCOME_DONE && fixed.right)
        fixed.outcome = data_accept(renewal, &fixed.data);
    name_free(&fixed.data);
    return fixed.outcome;
}

/* --- the others ---------------------------------------------------------- */

/* What will be in the certificate as far as it obeys the rules: what does not
 * is said by the server, beside its field. */
static void take_shown(const struct renewal *renewal, struct name *shown)
{
    *shown = (struct name){{NULL}};
    for (int i = 0; i < NAME_COUNT; i++) {
        char word[MESSAGE_WORD_MAX];
        const char *value;

        snprintf(word, sizeof(word), "data.%s",
                 name_rule((enum name_attribute)i)->word);
        value = draft_value(renewal, word);
        if (value != NULL && name_set(shown, (enum name_attribute)i, value,
                                      strlen(value)) == FAULT_MEMORY)
            return;
    }
}

/* Hand the corrections over, or with none confirm what is there. What comes
 * back is what was shown. */
static enum outcome confirm(struct renewal *renewal)
{
    struct name shown, data = {{NULL}};
    enum outcome outcome;

    take_shown(renewal, &shown);
    message_clear(renewal->in);
    form_put(renewal);
    draft_put(renewal);
    outcome = form_do(renewal, "changeData");
    if (outcome == OUTCOME_DONE || outcome == OUTCOME_VALIDATION_ERROR)
        draft_forget(renewal);
    if (outcome == OUTCOME_DONE)
        outcome = form_data(renewal, &data);
    if (outcome == OUTCOME_DONE && !name_equal(&shown, &data))
        outcome = renewal_fail(
            renewal, OUTCOME_DATA_MISMATCH, "%s",
            _("They have changed on the server since you accepted them."));
    if (outcome == OUTCOME_DONE)
        outcome = data_accept(renewal, &data);
    if (outcome == OUTCOME_DONE)
        walk_bar(renewal->screen,
                 _("The data have been handed over to the certification "
                   "centre. If something is wrong, stop and withdraw the "
                   "application: kep cancel."));
    name_free(&shown);
    name_free(&data);
    return outcome;
}

static enum outcome compare_shown(struct renewal *renewal)
{
    struct name shown;
    enum outcome outcome;

    take_shown(renewal, &shown);
    outcome = compare(renewal, &shown);
    name_free(&shown);
    return outcome;
}

static enum outcome correct_once(struct renewal *renewal)
{
    enum outcome outcome = asking_everything(renewal);

    if (outcome == OUTCOME_DONE && !screen_interactive(renewal->screen))
        outcome = agreement_ask(renewal, _("Are all the data right?"));
    if (outcome == OUTCOME_DONE)
        outcome = compare_shown(renewal);
    return outcome == OUTCOME_DONE ? confirm(renewal) : outcome;
}

static enum outcome review_editable(struct renewal *renewal)
{
    enum outcome outcome = OUTCOME_DONE;

    if (renewal->options->changes != NULL)
        outcome = draft_load(renewal, renewal->options->changes);
    /* Whose they are is said before more is asked for. */
    if (outcome == OUTCOME_DONE && renewal->options->changes != NULL)
        outcome = compare_shown(renewal);
    for (int i = 0; outcome == OUTCOME_DONE && i < ROUNDS; i++) {
        outcome = correct_once(renewal);
        if (outcome != OUTCOME_VALIDATION_ERROR)
            return outcome;
        if (!screen_interactive(renewal->screen))
            return outcome;
        screen_say(renewal->screen,
                   _("The certification centre found mistakes: they are marked "
                     "with ! beneath the data."));
        walk_bar(renewal->screen,
                 _("The data have been handed over to the certification "
                   "centre; what is wrong in them is corrected in their "
                   "list."));
        outcome = OUTCOME_DONE;
    }
    return outcome == OUTCOME_DONE ? form_outcome(renewal) : outcome;
}

/* Accepted in an earlier run, and the answer was lost. */
static enum outcome review_confirmed(struct renewal *renewal)
{
    bool another;

    if (renewal_get(renewal, RECORD_DATA) != NULL)
        return OUTCOME_DONE;
    review_pass_over(renewal);
    return review_fixed(renewal, &another);
}

enum outcome step_review(struct renewal *renewal)
{
    enum outcome outcome = form_to_review(renewal);
    bool another = false;

    if (outcome != OUTCOME_DONE)
        return outcome;
    if (form_rank(renewal) > FORM_CREATED)
        outcome = record_is_mode(&renewal->record, "express")
                      ? review_fixed(renewal, &another)
                      : review_confirmed(renewal);
    else
        return review_editable(renewal);
    if (outcome != OUTCOME_DONE || !another)
        return outcome;
    outcome = step_open_form(renewal);
    return outcome == OUTCOME_DONE ? review_editable(renewal) : outcome;
}

/* --- the documents ------------------------------------------------------- */

enum outcome step_check_documents(struct renewal *renewal)
{
    enum outcome outcome = form_have(renewal);

    if (outcome != OUTCOME_DONE || form_rank(renewal) >= FORM_STATEMENT_SIGNED)
        return outcome;
    if (message_text(renewal->form, "documents.0.kind") == NULL)
        return OUTCOME_DONE;
    screen_say(renewal->screen,
               _("The certification centre has these documents; those of the "
                 "former application need not be sent again:"));
    papers_show(renewal);
    return OUTCOME_DONE;
}
