/* The passwords of an old container, which is tried, and of a new one, before
 * anybody is sent a code. */
#include "client/batch/plan_parts.h"

#include "client/making/new_password.h"
#include "client/password.h"
#include "keygen/secret.h"
#include "token/medium.h"

#include <sys/stat.h>

/* A pipe gives it once, and then it is the renewal's. */
static bool gives_it_again(const char *file)
{
    struct stat about;

    return stat(file, &about) != 0 || S_ISREG(about.st_mode);
}

static enum fault try(const char *where, const char *password)
{
    const struct medium_ops *ops;
    char canonical[LOCATION_MAX];
    struct container *container = NULL;
    enum fault fault = medium_find(where, &ops, canonical);

    if (fault == FAULT_NONE)
        fault = ops->open(canonical, password, &container);
    container_free(&container);
    return fault;
}

enum outcome plan_password_try(const struct plan *plan, size_t row,
                               struct failure *file)
{
    const char *path = plan_get(plan, row, PLAN_OLD_PIN_FILE);
    char *password = NULL;
    enum fault fault;

    if (!gives_it_again(path))
        return OUTCOME_DONE;
    if (password_take(path, -1, plan_word(PLAN_OLD_PIN_FILE), &password, NULL,
                      file) != OUTCOME_DONE)
        return file->outcome;
    fault = try(plan_place(plan, row, PLAN_CONTAINER), password);
    secret_free(&password);
    return outcome_of_fault(fault);
}

/* --- of a new one -------------------------------------------------------- */

void plan_check_new_passwords(struct plan *plan, struct journal *journal)
{
    char sentence[SENTENCE_MAX];

    for (size_t i = 0; i < plan->rows; i++) {
        const char *path = plan_get(plan, i, PLAN_PIN_FILE);
        struct failure failure = {.outcome = OUTCOME_DONE, .elsewhere = true};

        if (path == NULL || plan->row[i].offer != OUTCOME_DONE ||
            plan_known(journal, plan->row[i].thumbprint) !=
                OUTCOME_NOTHING_OPEN)
            continue;
        if (new_password_look(plan_place(plan, i, PLAN_TO), path,
                              plan_word(PLAN_PIN_FILE),
                              &failure) != OUTCOME_DONE)
            plan_complain(
                plan, plan_place_of(plan, i, PLAN_PIN_FILE), "%s",
                failure_sentence(&failure, sentence, sizeof(sentence)));
    }
}
