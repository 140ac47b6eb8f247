#include "client/renewal/statement.h"

#include "client/renewal/call.h"
#include "client/text.h"
#include "client/view/name_view.h"

#include <stdlib.h>
#include <string.h>

enum outcome statement_fetch(struct renewal *renewal, char **text, size_t *size)
{
    const void *got;
    enum outcome outcome;

    *text = NULL;
    message_clear(renewal->in);
    message_put_text(renewal->in, "formId", renewal_get(renewal, RECORD_FORM));
    outcome = call_do(renewal, "readStatement");
    if (outcome != OUTCOME_DONE)
        return outcome;
    got = message_get(renewal->out, "statement", size);
    if (got == NULL || message_text(renewal->out, "statement") == NULL)
        return renewal_fail(renewal, OUTCOME_SERVER_GARBAGE, "%s", "");
    *text = calloc(1, *size + 1); /* the message is used again meanwhile */
    if (*text == NULL)
        return renewal_fail(renewal, OUTCOME_MEMORY, "%s", "");
    memcpy(*text, got, *size);
    return OUTCOME_DONE;
}

enum outcome statement_check(struct renewal *renewal, const struct name *data,
                             const char *text)
{
    for (int i = 0; i < NAME_COUNT; i++)
        if (data->value[i] != NULL && strstr(text, data->value[i]) == NULL)
            return renewal_fail(renewal, OUTCOME_STATEMENT_MISMATCH,
                                _("Missing in it: %s."),
                                name_view_label((enum name_attribute)i));
    return OUTCOME_DONE;
}
