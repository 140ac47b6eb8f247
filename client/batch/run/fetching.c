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
    _Static_assert(FETCHING_PATIENCE == 3, "as the sentence says");
    snprintf(out, size, "%s",
             _("The command for codes failed three times in a row, so no more "
               "owners are sent an SMS in vain. Correct what --code-command "
               "names."));
}
