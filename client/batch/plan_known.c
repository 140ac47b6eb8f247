/* What the journal knows of the rows of a plan. */
#include "client/batch/plan_parts.h"

#include "client/renewal/journal.h"
#include "client/renewal/policy.h"
#include "client/renewal/steps.h"
#include "client/text.h"

#include <stdio.h>
#include <string.h>

enum outcome plan_known(struct journal *journal, const char *thumbprint)
{
    struct record record = {.failed = false};
    enum outcome outcome = OUTCOME_NOTHING_OPEN;

    if (journal == NULL || thumbprint[0] == '\0')
        return outcome;
    if (journal_find_open(journal, thumbprint, &record) == OUTCOME_DONE)
        outcome = OUTCOME_DONE;
    else if (journal_find_done(journal, thumbprint, &record) == OUTCOME_DONE)
        outcome = OUTCOME_ALREADY_RENEWED;
    record_free(&record);
    return outcome;
}

/* Why the centre excluded an old certificate when it was asked last, and when:
 * nobody is sent a code each night to hear it again. */
static enum outcome excluded(struct journal *journal, const char *thumbprint,
                             time_t *said)
{
    struct record record = {.failed = false};
    enum outcome outcome = OUTCOME_DONE;

    if (journal != NULL &&
        journal_find_last(journal, thumbprint, &record) == OUTCOME_DONE &&
        text_is_same(record_get(&record, RECORD_STEP), "ended"))
        outcome = policy_excluded(record_get(&record, RECORD_OUTCOME));
    if (outcome != OUTCOME_DONE)
        *said = record_time(&record, RECORD_UPDATED);
    record_free(&record);
    return outcome;
}

enum outcome plan_judge(struct journal *journal,
                        const struct certificate *certificate, time_t now,
                        long window, time_t *said)
{
    const enum outcome offer = policy_offer(certificate, now, window);

    *said = 0;
    return offer == OUTCOME_DONE && window != POLICY_WINDOW_FORCED
               ? excluded(journal, certificate->thumbprint, said)
               : offer;
}

enum outcome plan_judge_new(const struct plan *plan, size_t row,
                            struct journal *journal,
                            const struct certificate *certificate, time_t now,
                            long window, time_t *said)
{
    *said = 0;
    return text_is_same(plan->row[row].thumbprint, certificate->thumbprint) ||
                   plan_known(journal, certificate->thumbprint) !=
                       OUTCOME_NOTHING_OPEN
               ? OUTCOME_DONE
               : plan_judge(journal, certificate, now, window, said);
}

const char *plan_reason(time_t said, enum outcome offer, char *out, size_t size)
{
    const size_t used =
        (size_t)snprintf(out, size, "%s", _(outcome_row(offer)->sentence));

    if (said != 0 && used + 1 < size) {
        out[used] = ' ';
        snprintf(out + used + 1, size - used - 1,
                 _("So the certification centre said on %s; kep renew asks it "
                   "again, and so does --force."),
                 text_date(said).text);
    }
    return out;
}

enum outcome plan_offer(const struct plan *plan, size_t row,
                        struct journal *journal)
{
    const struct plan_row *planned = &plan->row[row];
    const enum outcome known = plan_known(journal, planned->thumbprint);

    return known == OUTCOME_NOTHING_OPEN ? planned->offer : known;
}

enum outcome plan_find_begun(const struct plan *plan, size_t row,
                             struct journal *journal, struct record *record)
{
    const char *id = plan_renewal(plan, row);
    const char *thumbprint = plan->row[row].thumbprint;

    if (id[0] != '\0')
        return journal_load(journal, id, record);
    return thumbprint[0] != '\0'
               ? journal_find_open(journal, thumbprint, record)
               : OUTCOME_NOTHING_OPEN;
}

bool plan_phone(const struct plan *plan, size_t row, char kept[REQUISITE_MAX])
{
    const char *phone = plan_get(plan, row, PLAN_PHONE);
    struct requisite_finding finding;

    return phone != NULL && requisite_check(REQUISITE_MOBILE, phone,
                                            strlen(phone), 0, kept, &finding);
}

static enum outcome outcome_of(const struct record *record, time_t now)
{
    const time_t due = record_time(record, RECORD_NEW_NOT_AFTER) -
                       (time_t)POLICY_WINDOW * 24 * 60 * 60;

    if (text_is_same(record_get(record, RECORD_STEP), "done"))
        return due > now ? OUTCOME_ALREADY_RENEWED : OUTCOME_NOTHING_OPEN;
    return steps_are_possible(record) && steps_may_have_signed(record)
               ? OUTCOME_DONE
               : OUTCOME_NOTHING_OPEN;
}

/* Drives of several owners may be mounted at the same place, with folders of
 * the same name. */
enum outcome plan_find_gone(const struct plan *plan, size_t row,
                            struct journal *journal, time_t now,
                            struct record *record)
{
    const char *where = plan_place(plan, row, PLAN_CONTAINER);
    enum outcome outcome = OUTCOME_NOTHING_OPEN;
    char phone[REQUISITE_MAX];

    if (journal == NULL || !plan_phone(plan, row, phone) ||
        journal_find_last_at(journal, where, record) != OUTCOME_DONE)
        return outcome;
    if (text_is_same(record_get(record, RECORD_PHONE), phone))
        outcome = outcome_of(record, now);
    if (outcome == OUTCOME_NOTHING_OPEN)
        record_free(record);
    return outcome;
}
