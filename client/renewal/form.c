#include "client/renewal/form.h"

#include "client/dossier/field.h"
#include "client/renewal/call.h"
#include "client/renewal/data.h"
#include "client/renewal/steps.h"
#include "client/text.h"
#include "client/workday.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum {
    POLL_LEAST = 1,
    POLL_MOST = 10 * 60,
    POLL_USUAL = 10,
    POLL_QUICK = 30 * 60, /* seconds of quick polling */
    POLL_SLOW = 5 * 60,   /* at least so long between, later */
    REGULATION = 3,       /* working days: by then it should be decided */
    FAILURES_MAX = 5,     /* in a row, while waiting */
    ERRORS_MAX = 32
};

static const struct {
    const char *status;
    enum form_rank rank;
} ranks[] = {
    {"created", FORM_CREATED},
    {"dataConfirmed", FORM_DATA_CONFIRMED},
    {"paperStatement", FORM_PAPER_STATEMENT},
    {"statementSigned", FORM_STATEMENT_SIGNED},
    {"submitted", FORM_SUBMITTED},
    {"approved", FORM_APPROVED},
    {"releaseConfirmed", FORM_RELEASE_CONFIRMED},
    {"awaitingConfirmation", FORM_AWAITING_CONFIRMATION},
    {"issuing", FORM_ISSUING},
    {"issued", FORM_ISSUED},
    {"installed", FORM_INSTALLED},
    {"backedUp", FORM_INSTALLED},
    {"validationError", FORM_TROUBLE},
    {"paymentRequired", FORM_TROUBLE},
    {"rejected", FORM_TROUBLE},
    {"issueFailed", FORM_TROUBLE},
    {"cancelled", FORM_TROUBLE},
    {"formExpired", FORM_TROUBLE},
};

enum form_rank form_rank(const struct renewal *renewal)
{
    const char *status = message_text(renewal->form, "status");

    for (size_t i = 0; status && i < sizeof(ranks) / sizeof(ranks[0]); i++)
        if (strcmp(ranks[i].status, status) == 0)
            return ranks[i].rank;
    return FORM_UNKNOWN;
}

/* "Position: too long. Date of birth: …", what the server says of fields. */
static void list_errors(const struct renewal *renewal, char *list, size_t size)
{
    size_t used = 0;

    *list = '\0';
    for (int i = 0; i < ERRORS_MAX && used < size; i++) {
        char word[MESSAGE_WORD_MAX];
        const char *target, *message;
        const struct field *field;

        snprintf(word, sizeof(word), "errors.%d.target", i);
        target = message_text(renewal->form, word);
        snprintf(word, sizeof(word), "errors.%d.message", i);
        message = message_text(renewal->form, word);
        if (target == NULL || message == NULL)
            return;
        field = field_find(target);
        used += (size_t)snprintf(
            list + used, size - used, "%s%s: %s", used > 0 ? " " : "",
            field != NULL ? field_label(field) : target, message);
    }
}

enum outcome form_outcome(struct renewal *renewal)
{
    enum form_rank rank = form_rank(renewal);
    const char *status = message_text(renewal->form, "status");
    const char *reason = message_text(renewal->form, "reason.message");
    char errors[FAILURE_DETAIL];

    if (rank > FORM_TROUBLE)
        return OUTCOME_DONE;
    if (rank == FORM_UNKNOWN)
        return renewal_fail(renewal, OUTCOME_SERVER_GARBAGE, "%s",
                            status != NULL ? status : "");
    list_errors(renewal, errors, sizeof(errors));
    renewal_fail(renewal, outcome_of_word(status), "%s", errors);
    if (reason == NULL)
        reason = message_text(renewal->form, "invoice.message");
    text_clean_into(renewal->failure.server, sizeof(renewal->failure.server),
                    reason);
    return renewal->failure.outcome;
}

void form_put(struct renewal *renewal)
{
    const char *etag = message_text(renewal->form, "etag");

    message_put_text(renewal->in, "formId", renewal_get(renewal, RECORD_FORM));
    if (etag != NULL)
        message_put_text(renewal->in, "etag", etag);
}

/* Whether an answer is about this renewal's form and certificate. */
static bool is_ours(const struct renewal *renewal)
{
    const char *id = message_text(renewal->out, "id");
    const char *external = message_text(renewal->out, "externalId");
    const char *old = message_text(renewal->out, "oldThumbprint");
    const char *known = renewal_get(renewal, RECORD_FORM);

    return id != NULL && (known == NULL || strcmp(id, known) == 0) &&
           external != NULL &&
           strcmp(external, renewal_get(renewal, RECORD_ID)) == 0 &&
           old != NULL &&
           strcasecmp(old, renewal_get(renewal, RECORD_OLD_THUMBPRINT)) == 0;
}

/* The answer becomes the form we know. */
static enum outcome take_form(struct renewal *renewal)
{
    struct message *before = renewal->form;

    if (!is_ours(renewal))
        return renewal_fail(renewal, OUTCOME_SERVER_GARBAGE, "%s",
                            _("It is about another application."));
    renewal->form = renewal->out;
    renewal->out = before;
    return form_outcome(renewal);
}

enum outcome form_do(struct renewal *renewal, const char *operation)
{
    enum outcome outcome;

    if (!steps_are_possible(&renewal->record))
        return renewal_fail(renewal, OUTCOME_STATE_DAMAGED, "%s", "");
    outcome = call_do(renewal, operation);
    if (outcome != OUTCOME_DONE || message_true(renewal->out, "notModified"))
        return outcome;
    return take_form(renewal);
}

enum outcome form_withdraw(struct renewal *renewal)
{
    enum outcome outcome;

    message_clear(renewal->in);
    form_put(renewal);
    outcome = form_do(renewal, "cancelForm");
    return outcome == OUTCOME_FORM_CANCELLED ? OUTCOME_DONE : outcome;
}

enum outcome form_read(struct renewal *renewal)
{
    message_clear(renewal->in);
    form_put(renewal);
    return form_do(renewal, "readForm");
}

enum outcome form_have(struct renewal *renewal)
{
    if (message_text(renewal->form, "status") != NULL)
        return form_outcome(renewal);
    return form_read(renewal);
}

enum outcome form_to_review(struct renewal *renewal)
{
    enum outcome outcome = form_have(renewal);

    return outcome == OUTCOME_VALIDATION_ERROR ? OUTCOME_DONE : outcome;
}

enum outcome form_data(struct renewal *renewal, struct name *data)
{
    *data = (struct name){{NULL}};
    for (int i = 0; i < NAME_COUNT; i++) {
        const struct name_rule *rule = name_rule((enum name_attribute)i);
        char word[MESSAGE_WORD_MAX];
        const char *value;

        snprintf(word, sizeof(word), "data.%s", rule->word);
        value = message_text(renewal->form, word);
        if (value != NULL && name_set(data, (enum name_attribute)i, value,
                                      strlen(value)) != FAULT_NONE) {
            name_free(data);
            return renewal_fail(renewal, OUTCOME_VALIDATION_ERROR, "%s: %s.",
                                data_label((enum name_attribute)i), value);
        }
    }
    return OUTCOME_DONE;
}

/* Seconds that the server asked to be left alone, still to come. */
static long asked_for(const struct renewal *renewal, time_t now)
{
    time_t moment = record_time(&renewal->record, RECORD_NOT_BEFORE);

    return moment > now && moment <= now + CALL_LATER_MAX ? (long)(moment - now)
                                                          : 0;
}

/* Seconds until the next question, with up to a tenth more at random, lest
 * thousands of clients ask at once. */
static double pause_length(const struct renewal *renewal, time_t waited,
                           int failures)
{
    long later = asked_for(renewal, clock_now(renewal->clock));
    double spread;
    long pause =
        message_number(renewal->form, "pollAfter", POLL_MOST, POLL_USUAL);

    if (pause < POLL_LEAST)
        pause = POLL_LEAST;
    for (int i = 0; i < failures && pause < POLL_MOST; i++)
        pause *= 2;
    if (waited > POLL_QUICK && pause < POLL_SLOW)
        pause = POLL_SLOW;
    if (pause > POLL_MOST)
        pause = POLL_MOST;
    spread = (double)pause * (1 + randombytes_uniform(1000) / 10000.0);
    return spread > (double)later ? spread : (double)later;
}

static time_t waiting_since(struct renewal *renewal)
{
    time_t now = clock_now(renewal->clock);
    time_t since = record_time(&renewal->record, RECORD_WAITING_SINCE);

    if (since > 0 && since <= now)
        return since;
    record_set_time(&renewal->record, RECORD_WAITING_SINCE, now);
    return now;
}

bool form_is_late(const struct record *record, time_t now)
{
    const time_t since = record_time(record, RECORD_WAITING_SINCE);

    return since > 0 && now >= workday_after(since, REGULATION);
}

const char *form_late_advice(void)
{
    return _("It has been longer than the three working days that it may "
             "take: contact the support of your certification centre.");
}

/* Our time to wait is over: the next run asks again. */
static enum outcome leave(struct renewal *renewal, time_t now, double pause)
{
    record_set_time(&renewal->record, RECORD_NOT_BEFORE, now + (time_t)pause);
    return renewal_fail(renewal, OUTCOME_WAITING, "%s",
                        form_is_late(&renewal->record, now) ? form_late_advice()
                                                            : "");
}

static bool passes(enum outcome outcome)
{
    return outcome == OUTCOME_UNREACHABLE || outcome == OUTCOME_TIMEOUT ||
           outcome == OUTCOME_SERVER_BUSY || outcome == OUTCOME_SERVER_ERROR;
}

static void show_waiting(struct renewal *renewal, const char *sentence,
                         time_t waited)
{
    if (waited == 0)
        screen_progress(renewal->screen,
                        _("%s. It may take up to half an hour."), sentence);
    else
        screen_progress(renewal->screen, _("%s: waiting for %s."), sentence,
                        text_duration(waited).text);
}

enum outcome form_await(struct renewal *renewal, enum form_rank rank,
                        const char *sentence)
{
    time_t since = waiting_since(renewal);
    time_t begun = clock_now(renewal->clock);
    enum outcome outcome = form_have(renewal);
    int failures = 0;

    while (outcome == OUTCOME_DONE && form_rank(renewal) < rank) {
        time_t now = clock_now(renewal->clock);
        double pause = pause_length(renewal, now - since, failures);

        if (now < begun) /* somebody has set the clock back */
            begun = now;
        if (now + (time_t)pause - begun > renewal->options->wait) {
            outcome = leave(renewal, now, pause);
            break;
        }
        show_waiting(renewal, sentence, now - since);
        if (!clock_sleep(renewal->clock, pause)) {
            outcome = renewal_fail(renewal, OUTCOME_INTERRUPTED, "%s", "");
            break;
        }
        outcome = form_read(renewal);
        failures = outcome == OUTCOME_DONE ? 0 : failures + 1;
        if (passes(outcome) && failures < FAILURES_MAX)
            outcome = OUTCOME_DONE;
    }
    screen_progress_end(renewal->screen);
    if (outcome == OUTCOME_DONE)
        renewal_set(renewal, RECORD_WAITING_SINCE, NULL);
    return outcome;
}
