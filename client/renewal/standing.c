#include "client/renewal/standing.h"

#include "client/program/words.h"
#include "client/renewal/form.h"
#include "client/renewal/policy.h"
#include "client/renewal/reason.h"
#include "client/text.h"
#include "token/file/place.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { QUOTED = 2048 };

static const char *const words[STANDING_STATES] = {
    [STANDING_NONE] = "none",           [STANDING_DUE] = "due",
    [STANDING_EXCLUDED] = "excluded",   [STANDING_BEGUN] = "begun",
    [STANDING_REQUESTED] = "requested", [STANDING_RECEIVED] = "received",
    [STANDING_RENEWED] = "renewed",
};

const char *standing_word(enum standing_state state)
{
    return words[state];
}

/* --- finding ------------------------------------------------------------- */

static enum standing_state state_of_step(const char *step)
{
    static const struct {
        const char *step;
        enum standing_state state;
    } steps[] = {
        {"awaitIssue", STANDING_REQUESTED},
        {"install", STANDING_RECEIVED},
        {"backUp", STANDING_RENEWED},
        {"report", STANDING_RENEWED},
    };

    for (size_t i = 0; step != NULL && i < sizeof(steps) / sizeof(steps[0]);
         i++)
        if (strcmp(steps[i].step, step) == 0)
            return steps[i].state;
    return STANDING_BEGUN;
}

/* Of one that has ended: there was an application, and it was not the person
 * who withdrew it. */
static bool came_to_nothing(const struct record *record)
{
    const char *word = record_get(record, RECORD_OUTCOME);
    const enum outcome outcome =
        word != NULL ? outcome_by_word(word) : OUTCOME_COUNT;

    return record_get(record, RECORD_FORM) != NULL &&
           outcome != OUTCOME_COUNT && outcome_row(outcome)->status != 0;
}

/* What became of the renewals of this one. False: there was none, or one
 * that ended without saying anything for the next. */
static bool find_renewal(struct standing *standing, struct journal *journal,
                         const char *thumbprint)
{
    struct record *record = &standing->record;
    const char *step;
    enum outcome excluded;

    if (journal_find_last(journal, thumbprint, record) != OUTCOME_DONE)
        return false;
    step = record_get(record, RECORD_STEP);
    if (!journal_step_is_end(step)) {
        standing->state = state_of_step(step);
        return true;
    }
    if (step != NULL && strcmp(step, "done") == 0) {
        standing->state = STANDING_RENEWED;
        standing->offer = OUTCOME_ALREADY_RENEWED;
        return true;
    }
    excluded = policy_excluded(record_get(record, RECORD_OUTCOME));
    standing->said = record_time(record, RECORD_UPDATED);
    if (excluded != OUTCOME_DONE || !came_to_nothing(record))
        record_free(record);
    if (excluded == OUTCOME_DONE)
        return false;
    standing->state = STANDING_EXCLUDED;
    standing->offer = excluded;
    return true;
}

/* A token is not asked. */
static bool is_gone(const char *copy)
{
    char path[LOCATION_MAX];

    if (place_path(copy, path) != FAULT_NONE || access(path, F_OK) == 0)
        return false;
    strrchr(path, '/')[1] = '\0'; /* it begins with one */
    return access(path, F_OK) == 0;
}

/* The renewal that it came from knows whether it was copied. */
static void find_copy(struct standing *standing, struct journal *journal,
                      const char *thumbprint)
{
    struct record record = {.failed = false};
    const char *where;

    if (journal_find_made(journal, thumbprint, &record) == OUTCOME_DONE) {
        snprintf(standing->original, sizeof(standing->original), "%s",
                 record_get(&record, RECORD_NEW_CONTAINER));
        where = record_get(&record, RECORD_BACKUP_CONTAINER);
        standing->made_here = true;
        standing->has_copy = where != NULL;
        snprintf(standing->copy, sizeof(standing->copy), "%s",
                 where != NULL ? where : "");
        standing->copy_gone = is_gone(standing->copy);
    }
    record_free(&record);
}

void standing_find(struct standing *standing, struct journal *journal,
                   const struct certificate *certificate, bool container,
                   time_t now, long window)
{
    *standing = (struct standing){.state = STANDING_NONE};
    standing->offer = policy_offer(certificate, now, window);
    if (standing->offer == OUTCOME_DONE)
        standing->state = STANDING_DUE;
    if (journal == NULL)
        return;
    if (container)
        find_copy(standing, journal, certificate->thumbprint);
    find_renewal(standing, journal, certificate->thumbprint);
    standing->late = form_is_late(&standing->record, now);
}

bool standing_is_past(struct journal *journal,
                      const struct certificate *certificate, time_t now)
{
    struct standing standing = {.state = STANDING_NONE};
    bool past = now > certificate->not_after;

    if (!past && journal != NULL)
        past = find_renewal(&standing, journal, certificate->thumbprint) &&
               standing.state == STANDING_RENEWED;
    standing_free(&standing);
    return past;
}

bool standing_is_past_at(struct journal *journal, const char *where,
                         time_t not_after, time_t now)
{
    struct record record = {.failed = false};
    bool past = now > not_after;

    if (!past && journal != NULL &&
        journal_find_done_at(journal, where, &record) == OUTCOME_DONE)
        past = record_time(&record, RECORD_OLD_NOT_AFTER) == not_after;
    record_free(&record);
    return past;
}

void standing_free(struct standing *standing)
{
    record_free(&standing->record);
}

/* --- telling ------------------------------------------------------------- */

static void tell_open(const struct standing *standing, char *out, size_t size)
{
    const char *id = record_get(&standing->record, RECORD_ID);
    char message[SENTENCE_MAX];

    reason_sentence(&standing->record, message, sizeof(message));
    if (standing->state == STANDING_REQUESTED)
        snprintf(
            out, size,
            _("The request for the new certificate has been sent (%.8s). "
              "Until it comes it is better not to sign in to the reporting "
              "system; if you must, choose this certificate: it stays in "
              "use. %s%sTo look whether the new one has come: kep resume"),
            id, standing->late ? form_late_advice() : "",
            standing->late ? " " : "");
    else if (standing->state == STANDING_RECEIVED)
        snprintf(out, size,
                 _("The new certificate has been received (%.8s). Plug in the "
                   "drive with the new key and install it: kep resume"),
                 id);
    else
        snprintf(out, size, _("begun (%.8s). %s"), id,
                 message[0] != '\0' ? message : _("To go on: kep resume"));
}

static void tell_renewed(const struct standing *standing, char *out,
                         size_t size)
{
    const struct record *record = &standing->record;

    snprintf(out, size, _("renewed. The new one is valid until %s: %s"),
             text_date(record_time(record, RECORD_NEW_NOT_AFTER)).text,
             text_clean(record_get(record, RECORD_NEW_CONTAINER)).text);
}

/* Why not, and what to do instead. */
static void tell_refused(const struct standing *standing, char *out,
                         size_t size)
{
    const struct outcome_row *row = outcome_row(standing->offer);
    const char *advice = row->advice != NULL ? row->advice : "";
    int used;

    if (standing->offer == OUTCOME_NOT_DUE) { /* there is nothing to be done */
        snprintf(out, size, "%s", _(row->sentence));
        return;
    }
    used = standing->state == STANDING_EXCLUDED
               ? snprintf(out, size,
                          _("not offered, as the certification centre said on "
                            "%s."),
                          text_date(standing->said).text)
               : snprintf(out, size, "%s", _("not offered."));
    if (used > 0 && (size_t)used < size)
        snprintf(out + used, size - (size_t)used, " %s%s%s", _(row->sentence),
                 advice[0] != '\0' ? " " : "",
                 advice[0] != '\0' ? _(advice) : "");
}

char *standing_sentence(const struct standing *standing, bool container,
                        const char *where, char *out, size_t size)
{
    char quoted[QUOTED];

    switch (standing->state) {
    case STANDING_BEGUN:
    case STANDING_REQUESTED:
    case STANDING_RECEIVED:
        tell_open(standing, out, size);
        break;
    case STANDING_RENEWED:
        tell_renewed(standing, out, size);
        break;
    case STANDING_DUE:
        if (container)
            snprintf(
                out, size, _("due. Run: kep renew '%s'"),
                words_quote(quoted, sizeof(quoted), text_clean(where).text));
        else
            snprintf(
                out, size,
                _("due. The container of its key is needed for it; where that "
                  "is lost, a statement on paper: kep renew '%s' --paper"),
                words_quote(quoted, sizeof(quoted), text_clean(where).text));
        break;
    default:
        tell_refused(standing, out, size);
    }
    return out;
}

const struct record *standing_failed(const struct standing *standing)
{
    const bool none =
        standing->state != STANDING_NONE && standing->state != STANDING_DUE;

    return none || record_get(&standing->record, RECORD_ID) == NULL
               ? NULL
               : &standing->record;
}

char *standing_failure(const struct standing *standing, char *out, size_t size)
{
    const struct record *record = &standing->record;
    char message[SENTENCE_MAX];

    snprintf(out, size, "%s (%.8s). %s",
             text_date(record_time(record, RECORD_UPDATED)).text,
             record_get(record, RECORD_ID),
             reason_sentence(record, message, sizeof(message)));
    return out;
}

static void advise_to_keep(bool may_be_copied, const char *quoted, char *out,
                           size_t size)
{
    if (may_be_copied)
        snprintf(out, size,
                 _("For reading old documents: never delete it. A copy on this "
                   "computer is handy: kep backup '%s' --to local:"),
                 quoted);
    else
        snprintf(out, size, "%s",
                 _("For reading old documents: never delete it."));
}

bool standing_advice(const struct standing *standing,
                     const struct container_info *container, time_t now,
                     char *out, size_t size)
{
    const char *where = container->where;
    char quoted[QUOTED];

    words_quote(quoted, sizeof(quoted), text_clean(where).text);
    if (standing->state == STANDING_RENEWED ||
        now > container->certificate->not_after) {
        advise_to_keep(container->exportable, quoted, out, size);
        return true;
    }
    if (!standing->made_here || !container->exportable)
        return false;
    if (standing->has_copy && strcmp(standing->copy, where) == 0)
        snprintf(out, size, _("This is the copy of %s"),
                 text_clean(standing->original).text);
    else if (standing->copy_gone)
        snprintf(out, size,
                 _("The copy is not where it was made: %s. If it is lost, make "
                   "another now: kep backup '%s' --to FOLDER"),
                 text_clean(standing->copy).text, quoted);
    else if (standing->has_copy)
        snprintf(out, size, _("There is a copy: %s"),
                 text_clean(standing->copy).text);
    else
        snprintf(out, size,
                 _("There is no copy. If the container is lost or damaged, you "
                   "can no longer sign. Make one now: kep backup '%s' --to "
                   "FOLDER"),
                 quoted);
    return true;
}
