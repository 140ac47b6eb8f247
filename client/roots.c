#include "client/roots.h"

#include "client/bundle_file.h"
#include "client/text.h"

#include <stdio.h>

enum outcome roots_read(const char *path, struct chain *roots,
                        struct failure *failure)
{
    const struct outcome_row *row;
    char detail[FAILURE_DETAIL];
    enum fault fault;

    *roots = (struct chain){.most = CHAIN_ROOTS_MAX};
    fault = bundle_file_read(path, roots);
    if (fault == FAULT_NONE)
        return OUTCOME_DONE;
    if (fault == FAULT_MEMORY)
        return failure_set(failure, OUTCOME_MEMORY, "");
    /* That there are none in it is said of containers elsewhere. */
    row = outcome_row(outcome_of_fault(
        fault == FAULT_NO_CERTIFICATE ? FAULT_CERTIFICATE : fault));
    snprintf(detail, sizeof(detail), "--roots %s: %s", path, _(row->sentence));
    return failure_set(failure, OUTCOME_CONFIGURATION, detail);
}
