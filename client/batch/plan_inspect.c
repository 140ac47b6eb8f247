/* The containers of a plan, and where the new ones are to be. */
#include "client/batch/plan_parts.h"

#include "client/making/target.h"
#include "client/pin/pin_given.h"
#include "client/renewal/former.h"
#include "client/scan/parallel.h"
#include "client/signals.h"
#include "client/text.h"
#include "client/tokens/token_wait.h"
#include "client/view/certificate_view.h"
#include "token/medium.h"

#include <stdlib.h>
#include <string.h>

struct looking {
    struct plan *plan;
    struct journal *journal; /* NULL: there is none yet */
    time_t now;
    long window;
    const struct plan_watcher *watcher; /* NULL: nobody waits */
    char **owner;                       /* of each row, owned */
};

/* What a container says. The plan's text stays where it is meanwhile. */
struct look {
    enum outcome offer;
    time_t said;
    time_t signs_until;
    char thumbprint[THUMBPRINT_TEXT];
    char *owner;             /* owned */
    struct failure pin_file; /* what is wrong with it */
    bool loses_lock;         /* as in the plan */
};

/* What is known now of the password of a container is not found out when a code
 * was sent. A file that gives the PIN of a token may have that of a container
 * there. */
static enum outcome offer_locked(const struct looking *looking, size_t i,
                                 const struct container_info *info,
                                 struct look *look)
{
    const struct plan *plan = looking->plan;

    if (plan_token(plan, i, PLAN_CONTAINER)[0] != '\0')
        return OUTCOME_DONE;
    if (plan_get(plan, i, PLAN_OLD_PIN_FILE) == NULL)
        return OUTCOME_PASSWORD_NEEDED;
    /* To try it takes a while, and what was begun or done is gone by that. */
    return plan_known(looking->journal, info->certificate->thumbprint) ==
                   OUTCOME_NOTHING_OPEN
               ? plan_password_try(plan, i, &look->pin_file)
               : OUTCOME_DONE;
}

/* Why a certificate would not be renewed. */
static enum outcome offer_of(const struct looking *looking, size_t i,
                             const struct container_info *info,
                             struct look *look)
{
    enum outcome offer;

    if (former_is_alone(info->where))
        return OUTCOME_KEY_ABSENT;
    offer = plan_judge(looking->journal, info->certificate, looking->now,
                       looking->window, &look->said);
    return offer == OUTCOME_DONE && info->has_password
               ? offer_locked(looking, i, info, look)
               : offer;
}

/* What was begun has a file of its own, or its new container already. */
static bool loses_lock(const struct looking *looking, size_t i,
                       const struct container_info *info)
{
    const struct plan *plan = looking->plan;
    const bool was_locked =
        info->has_password || plan_token(plan, i, PLAN_CONTAINER)[0] != '\0';

    return was_locked && plan_get(plan, i, PLAN_PIN_FILE) == NULL &&
           plan_token(plan, i, PLAN_TO)[0] == '\0' &&
           plan_known(looking->journal, info->certificate->thumbprint) ==
               OUTCOME_NOTHING_OPEN;
}

/* Nobody is asked for a PIN in a batch: what no file gives is not found out
 * when a code was sent. What was begun may know a file of its own. */
static void look_for_pins(const struct looking *looking, size_t i,
                          struct look *look)
{
    if ((look->offer == OUTCOME_DONE || token_wait_helps(look->offer)) &&
        plan_lacks_pin(looking->plan, i) &&
        plan_known(looking->journal, look->thumbprint) == OUTCOME_NOTHING_OPEN)
        look->offer = OUTCOME_PIN_NEEDED;
}

/* What the journal knows where nothing can be read. That something was renewed
 * tells nothing of a token that is not plugged in. */
static void look_for_gone(const struct looking *looking, size_t i,
                          struct look *look)
{
    struct record record = {.failed = false};
    const enum outcome gone = plan_find_gone(looking->plan, i, looking->journal,
                                             looking->now, &record);

    if (gone == OUTCOME_ALREADY_RENEWED &&
        look->offer == OUTCOME_CONTAINER_NOT_FOUND)
        look->offer = gone;
    if (gone == OUTCOME_DONE) {
        look->offer = gone;
        snprintf(look->thumbprint, sizeof(look->thumbprint), "%s",
                 record_get(&record, RECORD_OLD_THUMBPRINT));
    }
    record_free(&record);
}

static void look_at(void *context, size_t i, void *result)
{
    const struct looking *looking = context;
    struct look *look = result;
    /* What is a row of the journal is known. */
    const bool is_begun = plan_renewal(looking->plan, i)[0] != '\0';
    struct container_info *info;
    enum fault fault = FAULT_MEMORY;

    *look = (struct look){.offer = looking->plan->row[i].unread};
    if (look->offer != OUTCOME_DONE)
        return;
    look->offer = OUTCOME_MEMORY;
    info = calloc(1, sizeof(*info));
    if (info != NULL)
        fault =
            former_describe(plan_place(looking->plan, i, PLAN_CONTAINER), info);
    look->offer = outcome_of_fault(fault);
    if (!is_begun && (look->offer == OUTCOME_CONTAINER_NOT_FOUND ||
                      token_wait_helps(look->offer)))
        look_for_gone(looking, i, look);
    if (fault == FAULT_NONE) {
        look->offer = offer_of(looking, i, info, look);
        look->signs_until = certificate_signs_until(info->certificate);
        memcpy(look->thumbprint, info->certificate->thumbprint,
               sizeof(look->thumbprint));
        look->owner = strdup(certificate_view_owner(info->certificate).text);
        look->loses_lock = !is_begun && loses_lock(looking, i, info);
    }
    if (!is_begun)
        look_for_pins(looking, i, look);
    if (info != NULL)
        container_info_free(info);
    free(info);
}

static void complain_of_pin_file(struct plan *plan, size_t row,
                                 const struct failure *failure)
{
    char sentence[SENTENCE_MAX];

    plan_complain(plan, plan_place_of(plan, row, PLAN_OLD_PIN_FILE), "%s",
                  failure_sentence(failure, sentence, sizeof(sentence)));
}

static enum fault take_look(void *context, size_t i, void *result)
{
    const struct looking *looking = context;
    struct look *look = result;
    struct plan_row *row = &looking->plan->row[i];

    if (look->pin_file.outcome != OUTCOME_DONE)
        complain_of_pin_file(looking->plan, i, &look->pin_file);
    row->offer = look->offer;
    row->said = look->said;
    row->signs_until = look->signs_until;
    row->loses_lock = look->loses_lock;
    memcpy(row->thumbprint, look->thumbprint, sizeof(row->thumbprint));
    looking->owner[i] = look->owner;
    look->owner = NULL;
    if (looking->watcher != NULL)
        looking->watcher->take(looking->watcher->context, i + 1,
                               looking->plan->rows);
    return signals_pending() != 0 ? FAULT_INTERRUPTED : FAULT_NONE;
}

static void drop_look(void *result)
{
    struct look *look = result;

    free(look->owner);
    look->owner = NULL;
}

/* --- places -------------------------------------------------------------- */

struct named {
    const char *place;
    const struct algorithm *inside; /* NULL: no key is made inside of it */
    size_t row;
};

static const struct algorithm *inside_of(const struct plan *plan, size_t row,
                                         enum plan_word word)
{
    return word == PLAN_TO && plan_is_inside(plan, row)
               ? algorithm_by_word(plan_get(plan, row, PLAN_ALGORITHM))
               : NULL;
}

static int compare_named(const void *a, const void *b)
{
    const struct named *one = a, *other = b;
    int order = strcmp(one->place, other->place);

    if (order == 0)
        order = (one->inside > other->inside) - (one->inside < other->inside);
    return order != 0 ? order
                      : (one->row > other->row) - (one->row < other->row);
}

static bool is_same(const struct named *one, const struct named *other)
{
    return strcmp(one->place, other->place) == 0 &&
           one->inside == other->inside;
}

/* A token that is not there yet is no mistake of the plan. */
static bool is_mistake(enum fault fault)
{
    static const enum fault mistakes[] = {
        FAULT_LOCATION,       FAULT_NOT_FOUND,    FAULT_NO_ACCESS,
        FAULT_READ_ONLY,      FAULT_FULL,         FAULT_IO,
        FAULT_TOKEN_SPACE,    FAULT_NOT_RESIDENT, FAULT_SLOTS,
        FAULT_MODULE_MISSING, FAULT_MODULE_BAD};

    for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++)
        if (mistakes[i] == fault)
            return true;
    return false;
}

/* What is wrong where no such key can be made is the wish for it. */
static enum plan_word wrong_word(const struct plan *plan, size_t row,
                                 enum plan_word word, enum fault fault)
{
    return fault == FAULT_NOT_RESIDENT &&
                   plan->row[row].column[PLAN_ON_TOKEN] != 0
               ? PLAN_ON_TOKEN
               : word;
}

static enum fault probe(const struct named *named)
{
    const struct medium_ops *ops;
    char canonical[LOCATION_MAX];
    enum fault fault = medium_find(named->place, &ops, canonical);

    return fault != FAULT_NONE ? fault
                               : target_probe(ops, canonical, named->inside);
}

static void complain_of_place(struct plan *plan, const struct named *named,
                              enum plan_word word, enum fault fault)
{
    plan_complain(plan,
                  plan_place_of(plan, named->row,
                                wrong_word(plan, named->row, word, fault)),
                  "%s: %s", text_clean(named->place).text,
                  _(outcome_row(outcome_of_fault(fault))->sentence));
}

/* A row that is not to be renewed, or has been, needs no place any more: its
 * drive may be with its owner. One that was begun may have taken the last. */
static bool needs_place(const struct plan *plan, size_t row, enum fault fault,
                        struct journal *journal)
{
    const enum outcome offer = plan_offer(plan, row, journal);

    if (fault == FAULT_SLOTS &&
        plan_known(journal, plan->row[row].thumbprint) != OUTCOME_NOTHING_OPEN)
        return false;
    return offer == OUTCOME_DONE || offer == OUTCOME_PIN_NEEDED ||
           (plan->row[row].thumbprint[0] == '\0' &&
            offer != OUTCOME_ALREADY_RENEWED);
}

/* Each place is tried once, however many rows name it: these do. */
static void try_place(struct plan *plan, const struct named *named,
                      size_t count, enum plan_word word,
                      struct journal *journal)
{
    const enum fault fault = probe(named);
    size_t i = 0;

    if (!is_mistake(fault))
        return;
    while (i < count && !needs_place(plan, named[i].row, fault, journal))
        i++;
    if (i < count)
        complain_of_place(plan, &named[i], word, fault);
}

static void try_places(struct plan *plan, enum plan_word word,
                       struct journal *journal)
{
    struct named *named = calloc(plan->rows + 1, sizeof(*named));
    size_t count = 0, next;

    if (named == NULL) {
        plan->failed = true;
        return;
    }
    for (size_t i = 0; i < plan->rows; i++)
        if (plan->row[i].at[word] != 0)
            named[count++] = (struct named){plan_place(plan, i, word),
                                            inside_of(plan, i, word), i};
    qsort(named, count, sizeof(*named), compare_named);
    for (size_t i = 0; i < count; i = next) {
        next = i + 1;
        while (next < count && is_same(&named[i], &named[next]))
            next++;
        try_place(plan, &named[i], next - i, word, journal);
    }
    free(named);
}

enum outcome plan_look(struct plan *plan, struct journal *journal, time_t now,
                       long window, const struct plan_watcher *watcher)
{
    struct looking look = {plan, journal, now, window, watcher, NULL};
    struct looking *looking = &look;
    enum fault fault = FAULT_MEMORY;
    const struct parallel job = {.count = plan->rows,
                                 .size = sizeof(struct look),
                                 .work = look_at,
                                 .take = take_look,
                                 .drop = drop_look,
                                 .context = looking};

    looking->owner = calloc(plan->rows + 1, sizeof(char *));
    if (looking->owner != NULL)
        fault = parallel_run(&job);
    for (size_t i = 0; looking->owner != NULL && i < plan->rows; i++) {
        const char *owner = looking->owner[i];

        if (owner != NULL)
            plan->row[i].owner = plan_keep(plan, owner, strlen(owner));
        free(looking->owner[i]);
    }
    free(looking->owner);
    plan->failed |= fault != FAULT_NONE;
    return plan->failed && fault == FAULT_NONE ? OUTCOME_MEMORY
                                               : outcome_of_fault(fault);
}

/* What describes a container may stand behind the PIN of its token. */
static void take_pins(struct plan *plan)
{
    const struct medium_ops *ops;
    char canonical[LOCATION_MAX];
    struct failure failure = {.elsewhere = true};

    for (size_t i = 0; i < plan->rows; i++) {
        const char *file = plan_get(plan, i, PLAN_OLD_PIN_FILE);
        const char *where = plan_place(plan, i, PLAN_CONTAINER);

        if (file == NULL || plan_token(plan, i, PLAN_CONTAINER)[0] == '\0' ||
            medium_find(where, &ops, canonical) != FAULT_NONE ||
            pin_given_take(ops, canonical, file, -1, "old_pin_file",
                           &failure) == OUTCOME_DONE)
            continue;
        complain_of_pin_file(plan, i, &failure);
    }
}

enum outcome plan_inspect(struct plan *plan, struct journal *journal,
                          time_t now, long window,
                          const struct plan_watcher *watcher)
{
    enum outcome outcome;

    take_pins(plan);
    plan_note_pins(plan);
    outcome = plan_look(plan, journal, now, window, watcher);
    if (outcome != OUTCOME_DONE)
        return outcome;
    plan_check_certificates(plan);
    if (!plan->failed)
        try_places(plan, PLAN_TO, journal);
    if (!plan->failed)
        try_places(plan, PLAN_BACKUP, journal);
    plan_check_new_passwords(plan, journal);
    plan_sort(plan);
    return plan->failed            ? OUTCOME_MEMORY
           : plan->complaints != 0 ? OUTCOME_PLAN_WRONG
                                   : OUTCOME_DONE;
}
