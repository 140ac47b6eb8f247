/* What stands in a plan twice and may stand there once. */
#include "client/batch/plan_parts.h"

#include "client/text.h"

#include <stdlib.h>
#include <string.h>

struct mention {
    const char *text; /* of the plan, or of a row */
    size_t row;
    enum plan_word word;
};

static int compare(const void *a, const void *b)
{
    const struct mention *one = a, *other = b;
    int order = strcmp(one->text, other->text);

    return order != 0 ? order
                      : (one->row > other->row) - (one->row < other->row);
}

/* Told of one that stands in that line already. */
typedef void twin_found(struct plan *plan, const struct mention *twin,
                        size_t line);

/* Of mentions that are the same each but the first is told. */
static void find_twins(struct plan *plan, struct mention *mention, size_t count,
                       twin_found *found)
{
    size_t first = 0;

    qsort(mention, count, sizeof(*mention), compare);
    for (size_t i = 1; i < count; i++) {
        const struct mention *one = &mention[first], *other = &mention[i];

        if (strcmp(one->text, other->text) != 0)
            first = i;
        else if (one->row != other->row)
            found(plan, other, plan->row[one->row].line);
    }
}

static struct plan_place place_of(const struct plan *plan,
                                  const struct mention *mention)
{
    return plan_place_of(plan, mention->row, mention->word);
}

static void complain_of_container(struct plan *plan, const struct mention *twin,
                                  size_t line)
{
    plan_complain(plan, place_of(plan, twin),
                  _("This container stands in line %zu already."), line);
}

static void complain_of_certificate(struct plan *plan,
                                    const struct mention *twin, size_t line)
{
    plan_complain(plan, place_of(plan, twin),
                  _("The certificate in this container is the same as in that "
                    "of line %zu: it is renewed once."),
                  line);
}

static void complain_of_token(struct plan *plan, const struct mention *twin,
                              size_t line)
{
    plan_complain(plan, place_of(plan, twin),
                  _("This token is used in line %zu already: one token cannot "
                    "serve two renewals of one plan."),
                  line);
}

/* --- in a plan that nobody has written ----------------------------------- */

/* What was found is no slip: containers are kept in copies, and places are
 * named that lie in one another. The first is meant. */
static bool is_written(const struct plan *plan)
{
    return !plan->is_found && !plan->is_status;
}

static void note_copy(struct plan *plan, const struct mention *twin,
                      size_t line)
{
    (void)line;
    plan->row[twin->row].is_copy = true;
}

static void leave_copies_out(struct plan *plan)
{
    size_t left = 0;

    for (size_t i = 0; i < plan->rows; i++)
        if (!plan->row[i].is_copy)
            plan->row[left++] = plan->row[i];
    plan->rows = left;
}

/* --- what is looked at --------------------------------------------------- */

static void check_containers(struct plan *plan, struct mention *mention)
{
    size_t count = 0;

    for (size_t i = 0; i < plan->rows; i++)
        if (plan->row[i].at[PLAN_CONTAINER] != 0)
            mention[count++] = (struct mention){
                plan_place(plan, i, PLAN_CONTAINER), i, PLAN_CONTAINER};
    find_twins(plan, mention, count,
               is_written(plan) ? complain_of_container : note_copy);
}

/* What only one job at a time can use, and what is a slip in a plan that
 * somebody has written. Rutokens that go without a number count as one: nobody
 * could say which row means which. Of what was found several rows of one token
 * are meant, and come one after the other. */
static void check_tokens(struct plan *plan, struct mention *mention)
{
    static const enum plan_word words[] = {PLAN_CONTAINER, PLAN_TO};
    size_t count = 0;

    for (size_t i = 0; i < plan->rows; i++)
        for (size_t j = 0; j < sizeof(words) / sizeof(words[0]); j++) {
            uint32_t token = plan->row[i].token[words[j]];

            if (token != 0)
                mention[count++] =
                    (struct mention){plan->text + token, i, words[j]};
        }
    find_twins(plan, mention, count, complain_of_token);
}

void plan_check_twins(struct plan *plan)
{
    struct mention *mention =
        calloc(2 * plan->rows + 1, sizeof(struct mention));

    if (mention == NULL) {
        plan->failed = true;
        return;
    }
    check_containers(plan, mention);
    if (is_written(plan))
        check_tokens(plan, mention);
    leave_copies_out(plan);
    free(mention);
}

/* The journal knows a renewal by its old certificate: two at once would be
 * one. */
void plan_check_certificates(struct plan *plan)
{
    struct mention *mention = calloc(plan->rows + 1, sizeof(*mention));
    size_t count = 0;

    if (mention == NULL) {
        plan->failed = true;
        return;
    }
    for (size_t i = 0; i < plan->rows; i++)
        if (plan->row[i].thumbprint[0] != '\0')
            mention[count++] =
                (struct mention){plan->row[i].thumbprint, i, PLAN_CONTAINER};
    find_twins(plan, mention, count,
               is_written(plan) ? complain_of_certificate : note_copy);
    leave_copies_out(plan);
    free(mention);
}
