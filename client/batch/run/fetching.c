#include "client/batch/run/fetching.h"

#include "client/text.h"

#include <stdio.h>

void fetching_note(struct fetching *fetching, bool given)
{
    if (given)
        atomic_store(&fetching->vain, 0);
    else if (atomic_fetch_add(&fetching->vain, 1) + 1 >= FETCHING_PATIENCE)
        atomic_store(&fetching->over, true);
}

bool fetching_is_over(const struct fetching *fetching)
{
    return atomic_load(&fetching->over);
}

void fetching_why(char *out, size_t size)
{
    snprintf(out, size,
             ngettext("The command for codes failed %d time in a row, so no "
                      "more owners are sent an SMS in vain: correct what "
                      "--code-command names, then run the same plan again, or "
                      "kep resume --jobs for what was begun, and it goes on.",
                      "The command for codes failed %d times in a row, so no "
                      "more owners are sent an SMS in vain: correct what "
                      "--code-command names, then run the same plan again, or "
                      "kep resume --jobs for what was begun, and it goes on.",
                      FETCHING_PATIENCE),
             FETCHING_PATIENCE);
}
