#include "client/commands/commands.h"

#include "client/output.h"
#include "client/paper/press.h"
#include "client/paper/typeset.h"
#include "client/renewal/call.h"
#include "client/renewal/data.h"
#include "client/renewal/form.h"
#include "client/renewal/result.h"
#include "client/renewal/statement.h"
#include "client/state/workplace.h"
#include "client/text.h"
#include "client/view/view_put.h"
#include "keygen/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SIGNER_MAX = 1024 };

struct printing {
    struct desk *desk;
    struct workplace workplace;
    struct renewal renewal;
    bool begun; /* there is a renewal */
    struct name data;
    char *text;
    const char *consent; /* the renewal's */
    struct sheet *sheet;
    struct bytes pdf;
    struct failure failure;
};

/* What the steps of a renewal note stands there. */
static enum outcome take_failure(struct printing *printing,
                                 enum outcome outcome)
{
    if (outcome != OUTCOME_DONE && printing->failure.outcome == OUTCOME_DONE) {
        if (printing->begun && printing->renewal.failure.outcome == outcome)
            printing->failure = printing->renewal.failure;
        printing->failure.outcome = outcome;
    }
    return outcome;
}

/* --- the application ----------------------------------------------------- */

static enum outcome check_options(struct printing *printing)
{
    const struct options *options = printing->desk->options;

    if (options->output == NULL) {
        snprintf(printing->failure.detail, sizeof(printing->failure.detail),
                 "--output");
        return OUTCOME_ANSWER_NEEDED;
    }
    if (options->json && output_is_stream(options->output)) {
        snprintf(printing->failure.detail, sizeof(printing->failure.detail),
                 "%s",
                 _("--json and --output - cannot both be written to standard "
                   "output."));
        return OUTCOME_USAGE;
    }
    return output_probe(options, options->output, &printing->failure);
}

static enum outcome load(struct printing *printing)
{
    struct desk *desk = printing->desk;
    struct record record = {.failed = false};
    enum outcome outcome = workplace_open(&printing->workplace);

    if (outcome == OUTCOME_LOCKED && printing->workplace.holder > 0)
        snprintf(printing->failure.detail, sizeof(printing->failure.detail),
                 _("Its number: %ld."), printing->workplace.holder);
    if (outcome == OUTCOME_DONE)
        outcome = journal_load(printing->workplace.journal,
                               desk->options->argument[0], &record);
    if (outcome == OUTCOME_DONE)
        outcome = renewal_init(&printing->renewal, printing->workplace.journal,
                               desk->screen, desk->clock, desk->options);
    if (outcome == OUTCOME_DONE) {
        printing->begun = true;
        renewal_take(&printing->renewal, &record);
    }
    record_free(&record);
    if (outcome == OUTCOME_DONE &&
        renewal_get(&printing->renewal, RECORD_FORM) == NULL)
        outcome = OUTCOME_NO_FORM;
    /* There nothing is printed: the centre takes no sheet for it. */
    if (outcome == OUTCOME_DONE &&
        record_is_mode(&printing->renewal.record, "express"))
        outcome = OUTCOME_EXPRESS_NOT_PRINTED;
    return outcome;
}

/* The one on paper is in the journal, with what was accepted. */
static enum outcome recall(struct printing *printing)
{
    const char *kept = renewal_get(&printing->renewal, RECORD_STATEMENT);

    printing->consent =
        renewal_get(&printing->renewal, RECORD_STATEMENT_CONSENT);
    printing->text = strdup(kept);
    if (printing->text == NULL)
        return OUTCOME_MEMORY;
    return data_recorded(&printing->renewal, &printing->data);
}

/* A form that does not go its way has data all the same. */
static enum outcome ask_centre(struct printing *printing)
{
    struct renewal *renewal = &printing->renewal;
    enum outcome outcome = call_start(renewal);
    size_t size;

    if (outcome == OUTCOME_DONE)
        outcome = call_sign_in(renewal);
    if (outcome != OUTCOME_DONE)
        return outcome;
    outcome = form_read(renewal);
    if (message_text(renewal->form, "id") == NULL)
        return outcome;
    printing->consent = statement_consent(renewal);
    outcome = form_data(renewal, &printing->data);
    return outcome == OUTCOME_DONE
               ? statement_fetch(renewal, &printing->text, &size)
               : outcome;
}

static enum outcome fetch(struct printing *printing)
{
    struct renewal *renewal = &printing->renewal;
    enum outcome outcome = renewal_get(renewal, RECORD_STATEMENT) != NULL
                               ? recall(printing)
                               : ask_centre(printing);

    return outcome == OUTCOME_DONE
               ? statement_check(renewal, &printing->data, printing->consent,
                                 printing->text)
               : outcome;
}

/* --- the sheet ----------------------------------------------------------- */

/* " А." of each word of the name and patronymic; they stay on one line. */
static void put_initials(char *out, size_t room, const char *given)
{
    size_t left = strlen(given);
    uint32_t character;
    bool begins = true;

    while (left > 0) {
        const char *here = given;
        const size_t used = strlen(out);

        if (!utf8_read(&given, &left, &character))
            return;
        if (begins && character != ' ')
            snprintf(out + used, room - used, "\xC2\xA0%.*s.",
                     (int)(given - here), here);
        begins = character == ' ';
    }
}

static enum outcome compose(struct printing *printing)
{
    char *const *value = printing->data.value;
    char signer[SIGNER_MAX] = "";

    if (value[NAME_SURNAME] != NULL && value[NAME_GIVEN_NAME] != NULL) {
        snprintf(signer, sizeof(signer), "%s", value[NAME_SURNAME]);
        put_initials(signer, sizeof(signer), value[NAME_GIVEN_NAME]);
    }
    printing->sheet = sheet_new();
    if (printing->sheet == NULL ||
        !sheet_set(printing->sheet,
                   renewal_get(&printing->renewal, RECORD_FORM), signer) ||
        !sheet_add_statement(printing->sheet, printing->text))
        return OUTCOME_TOO_LARGE;
    return OUTCOME_DONE;
}

static enum outcome print(struct printing *printing)
{
    return press_print(printing->sheet, &printing->pdf);
}

static enum outcome write(struct printing *printing)
{
    const struct options *options = printing->desk->options;
    enum outcome outcome = output_write(options, options->output,
                                        &printing->pdf, &printing->failure);

    if (outcome != OUTCOME_DONE)
        return outcome;
    /* Where the key signs no hand has to. */
    printing->failure.elsewhere =
        !record_is_mode(&printing->renewal.record, "paper");
    return printing->failure.outcome = OUTCOME_PRINTED;
}

/* --- the answer ---------------------------------------------------------- */

static enum outcome answer(struct printing *printing)
{
    const struct options *options = printing->desk->options;
    enum outcome outcome = printing->failure.outcome;
    struct json_object *json;

    result_say(printing->desk->screen, &printing->failure);
    if (!options->json)
        return outcome;
    json = result_json_plain(&printing->failure);
    view_put_text(json, "renewal",
                  printing->begun ? renewal_get(&printing->renewal, RECORD_ID)
                                  : NULL);
    view_put_text(json, "file",
                  outcome == OUTCOME_PRINTED ? options->output : NULL);
    return result_answer(json, outcome);
}

static enum outcome run(struct printing *printing)
{
    static enum outcome (*const steps[])(struct printing *) = {
        check_options, load, fetch, compose, print, write};
    enum outcome outcome = OUTCOME_DONE;

    for (size_t i = 0;
         i < sizeof(steps) / sizeof(steps[0]) && outcome == OUTCOME_DONE; i++)
        outcome = take_failure(printing, steps[i](printing));
    outcome = answer(printing);
    sheet_free(&printing->sheet);
    bytes_free(&printing->pdf);
    name_free(&printing->data);
    free(printing->text);
    if (printing->begun)
        renewal_free(&printing->renewal);
    workplace_close(&printing->workplace);
    return outcome;
}

enum outcome statement_run(struct desk *desk)
{
    struct printing *printing = calloc(1, sizeof(*printing));
    enum outcome outcome = OUTCOME_MEMORY;

    if (printing == NULL)
        return outcome;
    printing->desk = desk;
    printing->workplace.lock = -1;
    bytes_init(&printing->pdf, TYPESET_MAX);
    outcome = run(printing);
    free(printing);
    return outcome;
}
