#include "client/state/workplace.h"

#include "client/state/lock.h"
#include "client/state/paths.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

static void empty(struct workplace *workplace)
{
    workplace->journal = NULL;
    workplace->lock = -1;
    workplace->holder = 0;
}

static enum outcome open_journal(struct workplace *workplace)
{
    char path[PATHS_MAX];

    if (paths_of(PATHS_STATE, "journal.db", path) != 0)
        return OUTCOME_STATE_UNWRITABLE;
    return journal_open(path, &workplace->journal);
}

enum outcome workplace_open(struct workplace *workplace)
{
    char path[PATHS_MAX];
    enum outcome outcome;

    empty(workplace);
    if (paths_of(PATHS_STATE, "", workplace->folder) != 0 ||
        paths_of(PATHS_STATE, "lock", path) != 0)
        return OUTCOME_STATE_UNWRITABLE;
    if (paths_make(workplace->folder) != 0)
        return OUTCOME_STATE_UNWRITABLE;
    outcome = lock_take(path, &workplace->lock, &workplace->holder);
    return outcome == OUTCOME_DONE ? open_journal(workplace) : outcome;
}

enum outcome workplace_look(struct workplace *workplace)
{
    char path[PATHS_MAX];

    empty(workplace);
    if (paths_of(PATHS_STATE, "journal.db", path) != 0)
        return OUTCOME_NOTHING_OPEN;
    if (access(path, R_OK | W_OK) == 0)
        return open_journal(workplace);
    return errno == ENOENT || errno == ENOTDIR ? OUTCOME_NOTHING_OPEN
                                               : OUTCOME_STATE_UNWRITABLE;
}

/* Whether what is missing of it could be made. */
static bool can_be_completed(struct workplace *workplace)
{
    char path[PATHS_MAX];
    bool whole;

    if (paths_of(PATHS_STATE, "", workplace->folder) != 0 ||
        paths_of(PATHS_STATE, "lock", path) != 0)
        return false;
    whole = access(path, R_OK | W_OK) == 0;
    if (!whole && errno != ENOENT)
        return false;
    return (whole && workplace->journal != NULL) ||
           paths_check_folder(workplace->folder) == 0;
}

enum outcome workplace_foresee(struct workplace *workplace)
{
    const enum outcome outcome = workplace_look(workplace);

    if (outcome != OUTCOME_DONE && outcome != OUTCOME_NOTHING_OPEN)
        return outcome;
    return can_be_completed(workplace) ? OUTCOME_DONE
                                       : OUTCOME_STATE_UNWRITABLE;
}

void workplace_close(struct workplace *workplace)
{
    journal_close(&workplace->journal);
    if (workplace->lock >= 0)
        close(workplace->lock);
    workplace->lock = -1;
}
