#include "client/request/owner.h"

#include "client/request/questions.h"
#include "client/request/subject.h"
#include "client/scan/scan.h"
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

/* Of the options, else of the person. */
static enum outcome make_subject(const struct desk *desk, struct owner *owner,
                                 struct failure *failure)
{
    struct options_list given = desk->options->subject;

    questions_put(&owner->questions, &given);
    name_free(&owner->subject);
    owner->subject = (struct name){{NULL}};
    return subject_make(owner->from, &given, &owner->subject, failure);
}

/* Order 795 wants the number of the region before its name. */
static bool has_region_number(const char *state)
{
    return strspn(state, "0123456789") == 2 && state[2] == ' ';
}

static void remark(struct screen *screen, const struct name *subject)
{
    const char *state = subject->value[NAME_STATE];

    if (state != NULL && !has_region_number(state))
        screen_say(screen, _("The region is usually written with its number: "
                             "66 Свердловская область."));
}

static enum outcome ask(struct screen *screen, struct failure *failure)
{
    bool right = true;
    enum prompt_end end;

    if (!screen_interactive(screen))
        return OUTCOME_DONE;
    end = prompt_yes(screen, _("Is everything right?"), 0, &right);
    if (end == PROMPT_OK && !right)
        end = PROMPT_CANCELLED;
    return unlock_unanswered(end, "", failure);
}

static enum outcome conclude(const struct desk *desk, struct owner *owner,
                             struct failure *failure)
{
    enum outcome outcome = make_subject(desk, owner, failure);

    if (outcome != OUTCOME_DONE)
        return outcome;
    screen_say(desk->screen, _("These data will be in the request:"));
    name_view_say(desk->screen, &owner->subject);
    remark(desk->screen, &owner->subject);
    return ask(desk->screen, failure);
}

size_t owner_rows(void)
{
    return questions_rows() + 2;
}

enum outcome owner_ask(const struct desk *desk, size_t row, struct owner *owner,
                       struct failure *failure)
{
    if (row == 0)
        return owner->from != NULL ? OUTCOME_DONE
                                   : read_from(desk, &owner->from, failure);
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
