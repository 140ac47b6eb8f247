/* Which way an application goes, and opening it. */
#include "client/renewal/call.h"
#include "client/renewal/form.h"
#include "client/renewal/steps.h"
#include "client/text.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* What the server says of this certificate; the words live as long as
 * renewal->out. */
struct offer {
    bool available;
    const char *reason, *mode;
};

/* The word of the old certificate's row in the list: "certificates.N." */
static bool find_row(const struct renewal *renewal, char *prefix, size_t size)
{
    const char *wanted = renewal_get(renewal, RECORD_OLD_THUMBPRINT);

    for (int i = 0;; i++) {
        char word[MESSAGE_WORD_MAX];
        const char *thumbprint;

        snprintf(prefix, size, "certificates.%d.", i);
        snprintf(word, sizeof(word), "%sthumbprint", prefix);
        thumbprint = message_text(renewal->out, word);
        if (thumbprint == NULL)
            return false;
        if (strcasecmp(thumbprint, wanted) == 0)
            return true;
    }
}

static const char *row_text(const struct renewal *renewal, const char *prefix,
                            const char *name)
{
    char word[MESSAGE_WORD_MAX];

    snprintf(word, sizeof(word), "%s%s", prefix, name);
    return message_text(renewal->out, word);
}

/* What was asked for: the journal has it before there is a form. Corrections
 * that were given want a renewal in which they can be made. "": nothing. */
static const char *wanted_mode(const struct renewal *renewal)
{
    const char *asked = renewal_get(renewal, RECORD_MODE);

    return asked != NULL                       ? asked
           : renewal->options->changes != NULL ? "normal"
                                               : "";
}

/* A certificate that is over and not offered a way on paper is not to be sent
 * that way again. */
static enum outcome not_offered(struct renewal *renewal, const char *reason)
{
    enum outcome outcome = outcome_of_word(reason != NULL ? reason : "");

    if (record_is_mode(&renewal->record, "paper") &&
        (outcome == OUTCOME_EXPIRED || outcome == OUTCOME_KEY_PERIOD_OVER))
        outcome = OUTCOME_PAPER_REFUSED;
    return renewal_fail(renewal, outcome, "%s", "");
}

static enum outcome read_offer(struct renewal *renewal, struct offer *offer)
{
    char prefix[32];
    const char *available;
    enum outcome outcome = call_do(renewal, "listCertificates");

    if (outcome != OUTCOME_DONE)
        return outcome;
    if (!find_row(renewal, prefix, sizeof(prefix)))
        return renewal_fail(renewal, OUTCOME_UNKNOWN_CERTIFICATE, "%s", "");
    available = row_text(renewal, prefix, "renewal.available");
    *offer = (struct offer){
        .available = available != NULL && strcmp(available, "true") == 0,
        .reason = row_text(renewal, prefix, "renewal.reason"),
        .mode = row_text(renewal, prefix, "renewal.mode")};
    if (!offer->available)
        return not_offered(renewal, offer->reason);
    if (offer->mode == NULL)
        return renewal_fail(renewal, OUTCOME_SERVER_GARBAGE, "%s", "");
    return OUTCOME_DONE;
}

/* --- the mode ------------------------------------------------------------ */

/* Only paper is offered: whether that is wanted, where express was not. */
static enum outcome ask_paper(struct renewal *renewal)
{
    enum prompt_end end;
    bool yes = true;

    if (!screen_interactive(renewal->screen) || renewal->options->accept_data ||
        strcmp(wanted_mode(renewal), "express") == 0)
        return renewal_fail(renewal, OUTCOME_PAPER_ONLY, "%s", "");
    screen_say(renewal->screen,
               _("The statement for this certificate has to be signed by hand: "
                 "it is printed, and its scan is sent or the sheet carried to "
                 "the service centre."));
    end = prompt_yes(renewal->screen, _("Go on with a statement on paper?"), 0,
                     &yes);
    if (end != PROMPT_OK)
        return renewal_unanswered(renewal, end, "--paper");
    return yes ? OUTCOME_DONE
               : renewal_fail(renewal, OUTCOME_PAPER_ONLY, "%s", "");
}

/* Express is offered, and a person is there to say what has changed. *mode is
 * what was said before, and what is said now. */
static enum outcome ask_mode(struct renewal *renewal, const char **mode)
{
    static const char *const modes[] = {"express", "normal", "paper"};
    const char *const items[] = {
        _("Nothing: express renewal, approved at once"),
        _("The owner's passport, e-mail, position or department"),
        _("The owner is another: a statement on paper"),
    };
    size_t chosen = 0;
    enum prompt_end end;

    if (!screen_interactive(renewal->screen) || renewal->options->accept_data)
        return OUTCOME_DONE;
    while (chosen < sizeof(modes) / sizeof(modes[0]) - 1 &&
           strcmp(modes[chosen], *mode) != 0)
        chosen++;
    end = prompt_choose(renewal->screen,
                        _("What has changed since the last "
                          "time?"),
                        items, sizeof(items) / sizeof(items[0]), &chosen);
    if (end != PROMPT_OK)
        return renewal_unanswered(renewal, end, "--express");
    *mode = modes[chosen];
    return OUTCOME_DONE;
}

/* Each way is open also to those that could go an easier one. */
static enum outcome choose_mode(struct renewal *renewal,
                                const struct offer *offer, const char **mode)
{
    const char *wanted = wanted_mode(renewal);
    const char *offered = offer->mode != NULL ? offer->mode : "";

    *mode = offered;
    if (strcmp(wanted, "paper") == 0)
        *mode = "paper";
    else if (strcmp(offered, "paper") == 0)
        return ask_paper(renewal);
    else if (strcmp(wanted, "normal") == 0)
        *mode = "normal";
    else if (strcmp(wanted, offered) != 0 && wanted[0] != '\0')
        return renewal_fail(renewal, OUTCOME_EXPRESS_UNAVAILABLE, "%s", "");
    else if (wanted[0] == '\0' && strcmp(offered, "express") == 0)
        return ask_mode(renewal, mode);
    return OUTCOME_DONE;
}

/* The renewal's id is the form's externalId: asking twice opens one form. */
static enum outcome open_form(struct renewal *renewal, const char *mode)
{
    enum outcome outcome;

    message_put_text(renewal->in, "externalId",
                     renewal_get(renewal, RECORD_ID));
    message_put_text(renewal->in, "oldThumbprint",
                     renewal_get(renewal, RECORD_OLD_THUMBPRINT));
    message_put_text(renewal->in, "mode", mode);
    outcome = form_do(renewal, "openForm");
    if (message_text(renewal->form, "id") != NULL) {
        renewal_set(renewal, RECORD_FORM, message_text(renewal->form, "id"));
        renewal_set(renewal, RECORD_MODE, mode);
    }
    /* Mistakes can be corrected at once by whoever is there to do it. */
    return outcome == OUTCOME_VALIDATION_ERROR &&
                   (screen_interactive(renewal->screen) ||
                    renewal->options->changes != NULL)
               ? OUTCOME_DONE
               : outcome;
}

/* The person has come back to the question: another answer to it is another
 * application, and the one that is open is withdrawn. */
static enum outcome choose_again(struct renewal *renewal)
{
    char before[MESSAGE_WORD_MAX];
    const char *mode = before;
    enum outcome outcome = form_to_review(renewal);

    snprintf(before, sizeof(before), "%s", renewal_get(renewal, RECORD_MODE));
    if (outcome == OUTCOME_DONE)
        outcome = strcmp(renewal->offered, "paper") == 0
                      ? ask_paper(renewal)
                      : ask_mode(renewal, &mode);
    if (outcome != OUTCOME_DONE || strcmp(mode, before) == 0)
        return outcome;
    outcome = form_withdraw(renewal);
    if (outcome == OUTCOME_DONE)
        outcome = renewal_begin_again(renewal, mode);
    return outcome == OUTCOME_DONE ? open_form(renewal, mode) : outcome;
}

/* A form that is known is not asked for again, for the server may offer
 * another mode by now. */
enum outcome step_open_form(struct renewal *renewal)
{
    struct offer offer = {.available = false};
    const char *chosen = NULL;
    char mode[MESSAGE_WORD_MAX];
    enum outcome outcome;

    if (renewal_get(renewal, RECORD_FORM) != NULL)
        return renewal->again ? choose_again(renewal) : form_to_review(renewal);
    outcome = read_offer(renewal, &offer);
    if (outcome == OUTCOME_DONE) {
        snprintf(renewal->offered, sizeof(renewal->offered), "%s", offer.mode);
        outcome = choose_mode(renewal, &offer, &chosen);
    }
    if (outcome != OUTCOME_DONE)
        return outcome;
    snprintf(mode, sizeof(mode), "%s", chosen);
    return open_form(renewal, mode);
}
