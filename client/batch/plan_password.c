/* The password of an old container, tried before anybody is sent a code. */
#include "client/batch/plan_parts.h"

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
