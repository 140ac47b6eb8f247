/* What stands in a plan twice and may stand there once. */
#include "client/batch/plan_parts.h"

#include "client/text.h"

#include <stdlib.h>
#include <string.h>

struct mention {
    const char *text; /* of the plan */
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

typedef void twin_complaint(struct plan *plan, struct plan_place place,
                            size_t line);

/* Of mentions that are the same each but the first is told. */
static void complain_of_twins(struct plan *plan, struct mention *mention,
                              size_t count, twin_complaint *complain)
{
    size_t first = 0;

    qsort(mention, count, sizeof(*mention), compare);
    for (size_t i = 1; i < count; i++) {
        const struct mention *one = &mention[first], *other = &mention[i];

        if (strcmp(one->text, other->text) != 0)
            first = i;
        else if (one->row != other->row)
            complain(plan, plan_place_of(plan, other->row, other->word),
                     plan->row[one->row].line);
    }
}

static void complain_of_container(struct plan *plan, struct plan_place place,
                                  size_t line)
{
    plan_complain(plan, place, _("This container stands in line %zu already."),
                  line);
}

static void complain_of_token(struct plan *plan, struct plan_place place,
                              size_t line)
{
    plan_complain(plan, place,
                  _("This token is used in line %zu already: one token cannot "
                    "serve two renewals of one plan."),
                  line);
}

static void check_containers(struct plan *plan, struct mention *mention)
{
    size_t count = 0;

    for (size_t i = 0; i < plan->rows; i++)
        if (plan->row[i].at[PLAN_CONTAINER] != 0)
            mention[count++] = (struct mention){
                plan_place(plan, i, PLAN_CONTAINER), i, PLAN_CONTAINER};
    complain_of_twins(plan, mention, count, complain_of_container);
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
    complain_of_twins(plan, mention, count, complain_of_token);
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
    if (!plan->is_found && !plan->is_status)
        check_tokens(plan, mention);
    free(mention);
}

static int compare_certificates(const void *a, const void *b, void *context)
{
    const struct plan *plan = context;
    size_t one = *(const size_t *)a, other = *(const size_t *)b;
    int order = strcmp(plan->row[one].thumbprint, plan->row[other].thumbprint);

    return order != 0 ? order : (one > other) - (one < other);
}

/* The journal knows a renewal by its old certificate: two at once would be
 * one. */
void plan_check_certificates(struct plan *plan)
{
    size_t *order = calloc(plan->rows + 1, sizeof(*order));

    if (order == NULL) {
        plan->failed = true;
        return;
    }
    for (size_t i = 0; i < plan->rows; i++)
        order[i] = i;
    qsort_r(order, plan->rows, sizeof(*order), compare_certificates, plan);
    for (size_t i = 1; i < plan->rows; i++) {
        const struct plan_row *one = &plan->row[order[i - 1]],
                              *other = &plan->row[order[i]];

        if (one->thumbprint[0] != '\0' &&
            strcmp(one->thumbprint, other->thumbprint) == 0)
            plan_complain(plan, plan_place_of(plan, order[i], PLAN_CONTAINER),
                          _("The certificate in this container is the same "
                            "as in that of line %zu: it is renewed once."),
                          (size_t)one->line);
    }
    free(order);
}
