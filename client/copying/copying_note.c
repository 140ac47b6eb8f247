#include "client/copying/copying_note.h"

#include "client/state/workplace.h"

/* What a journal has of it, if a renewal made it. */
static void note(struct journal *journal, const char *thumbprint,
                 const char *copy)
{
    struct record record = {.failed = false};

    if (journal_find_made(journal, thumbprint, &record) == OUTCOME_DONE) {
        record_set(&record, RECORD_BACKUP_CONTAINER, copy);
        (void)journal_save(journal, &record);
    }
    record_free(&record);
}

static void note_item(struct journal *journal, const struct copying_item *item,
                      const char *archive)
{
    struct container_info info = {.algorithm = NULL};
    const struct medium_ops *ops;
    char where[LOCATION_MAX];

    if (item->failure.outcome != OUTCOME_DONE)
        return;
    if (medium_find(item->where, &ops, where) == FAULT_NONE &&
        ops->describe(where, &info) == FAULT_NONE && info.certificate != NULL)
        note(journal, info.certificate->thumbprint,
             archive != NULL ? archive : item->copy.where);
    container_info_free(&info);
}

void copying_note(const struct copying *copying, const char *archive)
{
    struct workplace workplace;
    enum outcome outcome = workplace_look(&workplace);

    workplace_close(&workplace);
    if (outcome != OUTCOME_DONE)
        return;
    if (workplace_open(&workplace) == OUTCOME_DONE)
        for (size_t i = 0; i < copying->count; i++)
            note_item(workplace.journal, copying->item[i], archive);
    workplace_close(&workplace);
}
