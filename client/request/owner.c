#include "client/request/owner.h"

#include "client/outcome/failure.h"
#include "client/request/questions.h"
#include "client/request/subject.h"
#include "client/scan/scan.h"
#include "client/screen/walk.h"
#include "client/text.h"
#include "client/unlock.h"
#include "client/view/name_view.h"

#include <string.h>

/* The first of a container with two keys. */
static enum fault take_certificate(void *context, const struct find *find)
{
    struct certificate **from = context;

    if (find->fault != FAULT_NONE)
        return find->fault;
    if (*from != NULL || find->certificate == NULL)
        return FAULT_NONE;
    return certificate_copy(find->certificate, from);
}

static enum outcome read_from(const struct desk *desk,
                              struct certificate **from,
                              struct failure *failure)
{
    const struct options *options = desk->options;
    const char *where = options->from;
    enum fault fault;

    if (where == NULL && options->subject.count == 0)
        where = options->sign_with;
    if (where == NULL)
        return OUTCOME_DONE;
    fault = scan_place(where, take_certificate, from);
    if (fault == FAULT_NONE && *from == NULL)
        fault = FAULT_NO_CERTIFICATE;
    return unlock_fault(fault, where, failure);
}

static void introduce(struct screen *screen)
{
    if (screen_interactive(screen))
        screen_say(screen,
                   _("A certificate request is a file for your certification "
                     "centre. First its data are checked, then the key of the "
                     "new certificate is made: it stays with you. To stop, "
                     "type \"cancel\"."));
}

/* Of the options, else of the person. */
static enum outcome make_subject(const struct desk *desk, struct owner *owner,
                                 struct failure *failure)
{
    struct options_list given = {.count = 0};

    if (!owner->corrected)
        given = desk->options->subject;
    questions_put(&owner->questions, &given);
    name_free(&owner->subject);
    owner->subject = (struct name){{NULL}};
    return subject_make(owner->corrected ? NULL : owner->from, &given,
                        &owner->subject, failure);
}

/* Order 795 wants the number of the region before its name. */
static bool has_region_number(const char *state)
{
    return strspn(state, "0123456789") == 2 && state[2] == ' ';
}

static void remark(struct screen *screen, const struct name *subject)
{
    const char *state = subject->value[NAME_STATE];
    const char *name = subject->value[NAME_GIVEN_NAME];

    if (name != NULL && strchr(name, ' ') == NULL)
        screen_say(screen, _("There is no patronymic: that is right only where "
                             "the passport has none."));
    if (state != NULL && !has_region_number(state))
        screen_say(screen, _("The region is usually written with its number, "
                             "like 77 г. Москва, 66 Свердловская область."));
}

/* Questions about what has not been answered, or not right. */
struct amending {
    struct screen *screen;
    struct owner *owner;
    size_t row;
    enum prompt_end end;
};

/* From now on the answers are all there is. */
static bool take_over(struct owner *owner)
{
    owner->corrected =
        owner->corrected || questions_take(&owner->questions, &owner->subject);
    return owner->corrected;
}

static bool ask_missing(void *context, size_t row, bool again)
{
    struct amending *amending = context;
    struct questions *questions = &amending->owner->questions;

    if (again || questions_lacks(questions, row))
        amending->end = questions_ask(amending->screen, row, questions);
    return amending->end == PROMPT_OK;
}

static bool ask_wrong(void *context, size_t row, bool again)
{
    struct amending *amending = context;
    struct questions *questions = &amending->owner->questions;

    (void)again;
    amending->end =
        row == 0 ? questions_choose(amending->screen, questions, &amending->row)
                 : questions_ask(amending->screen, amending->row, questions);
    return amending->end == PROMPT_OK;
}

static enum outcome amend(struct screen *screen, struct owner *owner,
                          size_t rows, walk_ask *ask, struct failure *failure)
{
    struct amending amending = {.screen = screen, .owner = owner};

    if (!take_over(owner))
        return failure_set(failure, OUTCOME_MEMORY, "");
    (void)walk_run(screen, rows, ask, &amending);
    return unlock_unanswered(amending.end, "", failure);
}

/* Older certificates lack what has to be in those of today. */
static enum outcome complete(const struct desk *desk, struct owner *owner,
                             struct failure *failure)
{
    enum outcome outcome = make_subject(desk, owner, failure);

    if (outcome != OUTCOME_SUBJECT_INCOMPLETE ||
        !screen_interactive(desk->screen))
        return outcome;
    screen_say(desk->screen, "%s", failure->detail);
    (void)failure_set(failure, OUTCOME_DONE, "");
    outcome =
        amend(desk->screen, owner, questions_rows(), ask_missing, failure);
    return outcome == OUTCOME_DONE ? make_subject(desk, owner, failure)
                                   : outcome;
}

static enum outcome ask(struct screen *screen, bool *right,
                        struct failure *failure)
{
    *right = true;
    return screen_interactive(screen)
               ? unlock_unanswered(
                     prompt_yes(screen, _("Is everything right?"), 0, right),
                     "", failure)
               : OUTCOME_DONE;
}

static enum outcome conclude(const struct desk *desk, struct owner *owner,
                             struct failure *failure)
{
    enum outcome outcome = OUTCOME_DONE;
    bool right = true;

    do {
        if (!right)
            outcome = amend(desk->screen, owner, 2, ask_wrong, failure);
        if (outcome == OUTCOME_DONE)
            outcome = complete(desk, owner, failure);
        if (outcome != OUTCOME_DONE)
            return outcome;
        screen_say(desk->screen, _("These data will be in the request:"));
        name_view_say(desk->screen, &owner->subject);
        remark(desk->screen, &owner->subject);
        outcome = ask(desk->screen, &right, failure);
    } while (outcome == OUTCOME_DONE && !right);
    return outcome;
}

size_t owner_rows(void)
{
    return questions_rows() + 2;
}

enum outcome owner_ask(const struct desk *desk, size_t row, struct owner *owner,
                       struct failure *failure)
{
    if (row == 0 && owner->from != NULL)
        return OUTCOME_DONE;
    if (row == 0) {
        introduce(desk->screen);
        return read_from(desk, &owner->from, failure);
    }
    if (row > questions_rows())
        return conclude(desk, owner, failure);
    if (owner->from != NULL || desk->options->subject.count > 0)
        return OUTCOME_DONE;
    return unlock_unanswered(
        questions_ask(desk->screen, row - 1, &owner->questions),
        "--from, --subject", failure);
}

void owner_free(struct owner *owner)
{
    certificate_free(&owner->from);
    questions_free(&owner->questions);
    name_free(&owner->subject);
}
