#include "client/renewal/earlier.h"

#include "client/state/workplace.h"

struct earlier earlier_find(struct journal *journal, const char *thumbprint)
{
    struct record record = {.failed = false};
    struct earlier earlier = {.begun = false};

    if (journal_find_open(journal, thumbprint, &record) == OUTCOME_DONE)
        earlier = (struct earlier){
            .begun = true,
            .applied = record_get(&record, RECORD_FORM) != NULL,
            .accepted = record_get(&record, RECORD_ACCEPTED_AT) != NULL};
    record_free(&record);
    return earlier;
}

enum outcome earlier_look(const char *thumbprint, struct earlier *earlier)
{
    struct workplace workplace;
    enum outcome outcome = workplace_look(&workplace);

    *earlier = (struct earlier){.begun = false};
    if (outcome == OUTCOME_DONE)
        *earlier = earlier_find(workplace.journal, thumbprint);
    workplace_close(&workplace);
    return outcome == OUTCOME_NOTHING_OPEN ? OUTCOME_DONE : outcome;
}
