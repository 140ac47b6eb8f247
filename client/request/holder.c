#include "client/request/holder.h"

#include "client/outcome/failure.h"
#include "client/scan/scan.h"
#include "client/text.h"
#include "client/unlock.h"
#include "client/view/certificate_view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HOLDERS_MAX = 16 };

struct search {
    const struct chain *sent;
    char where[HOLDERS_MAX][LOCATION_MAX];
    size_t count;
};

static enum fault visit(void *context, const struct find *find)
{
    struct search *search = context;
    bool fits = false;

    if (find->container == NULL || search->count == HOLDERS_MAX)
        return FAULT_NONE;
    for (size_t i = 0; i < search->sent->count; i++)
        fits = fits || container_info_fits(find->container,
                                           search->sent->certificate[i]);
    if (fits)
        snprintf(search->where[search->count++], LOCATION_MAX, "%s",
                 find->where);
    return FAULT_NONE;
}

static enum outcome choose(const struct desk *desk, const struct search *search,
                           size_t *chosen, struct failure *failure)
{
    const char *items[HOLDERS_MAX];
    struct text_line shown[HOLDERS_MAX];
    enum prompt_end end;

    for (size_t i = 0; i < search->count; i++) {
        shown[i] = text_clean(search->where[i]);
        items[i] = shown[i].text;
    }
    *chosen = 0;
    if (search->count == 1)
        return OUTCOME_DONE;
    end = prompt_choose(desk->screen,
                        _("Several containers hold this key. Which one gets "
                          "the certificate"),
                        items, search->count, chosen);
    return unlock_unanswered(end, "CONTAINER", failure);
}

enum outcome holder_find(const struct desk *desk, const struct chain *sent,
                         char *where, struct failure *failure)
{
    struct search *search = calloc(1, sizeof(*search));
    enum outcome outcome;
    size_t chosen;

    if (search == NULL)
        return failure_set(failure, OUTCOME_MEMORY, "");
    search->sent = sent;
    outcome = unlock_fault(scan_usual(visit, search), "", failure);
    if (outcome == OUTCOME_DONE && search->count == 0)
        outcome =
            failure_set(failure, OUTCOME_HOLDER_NOT_FOUND,
                        certificate_view_owner(sent->certificate[0]).text);
    if (outcome == OUTCOME_DONE)
        outcome = choose(desk, search, &chosen, failure);
    if (outcome == OUTCOME_DONE)
        snprintf(where, LOCATION_MAX, "%s", search->where[chosen]);
    free(search);
    return outcome;
}
