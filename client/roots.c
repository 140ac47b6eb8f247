#include "client/roots.h"

#include "client/bundle_file.h"
#include "client/file_hint.h"
#include "client/text.h"

#include <stdio.h>

enum outcome roots_read(const char *path, struct chain *roots,
                        struct failure *failure)
{
    const struct outcome_row *row;
    const char *hint;
    char detail[FAILURE_DETAIL];
    enum fault fault;

    *roots = (struct chain){.most = CHAIN_ROOTS_MAX};
    fault = bundle_file_read(path, roots);
    if (fault == FAULT_NONE)
        return OUTCOME_DONE;
    if (fault == FAULT_MEMORY)
        return failure_set(failure, OUTCOME_MEMORY, "");
    /* That there are none in it is said of containers elsewhere. */
    if (fault == FAULT_NO_CERTIFICATE)
        fault = FAULT_CERTIFICATE;
    row = outcome_row(outcome_of_fault(fault));
    hint = fault == FAULT_CERTIFICATE ? file_hint(path) : NULL;
    snprintf(detail, sizeof(detail), "--roots %.250s: %s", path,
             hint != NULL ? hint : _(row->sentence));
    return failure_set(failure, OUTCOME_CONFIGURATION, detail);
}
