#include "client/renewal/code_inbox.h"

#include "client/text.h"

#include <errno.h>
#include <string.h>

/* The second code goes to the telephone of the statement, of which only the
 * end is told; mostly it is the one that signed in. */
const char *code_inbox_phone(const struct renewal *renewal, bool of_form)
{
    const char *phone = renewal_get(renewal, RECORD_PHONE);
    const char *tail = message_text(renewal->form, "statementPhoneTail");

    if (!of_form || phone == NULL || tail == NULL || *tail == '\0' ||
        strlen(tail) > strlen(phone) ||
        strcmp(phone + strlen(phone) - strlen(tail), tail) == 0)
        return phone;
    return tail;
}

void code_inbox_expect(struct renewal *renewal, bool of_form)
{
    const char *path = renewal->options->codes;
    const char *phone = code_inbox_phone(renewal, of_form);

    if (path != NULL && phone != NULL)
        inbox_look(path, phone, &renewal->message_before);
}

/* A folder or a file that a gateway for SMS fills. Nothing that comes later is
 * waited for longer than the code is good. */
enum outcome code_inbox_read(struct renewal *renewal, bool of_form,
                             unsigned good, char **code)
{
    const char *path = renewal->options->codes;
    unsigned seconds = good > 0 && good < INBOX_SECONDS ? good : INBOX_SECONDS;

    switch (inbox_wait(path, code_inbox_phone(renewal, of_form),
                       &renewal->message_before, seconds, code)) {
    case INBOX_OK:
        return OUTCOME_DONE;
    case INBOX_UNREADABLE:
        return renewal_fail(renewal, OUTCOME_CONFIGURATION, "--codes %s: %s",
                            path, strerror(errno));
    case INBOX_LATE:
        return renewal_fail(renewal, OUTCOME_CODE_NOT_RECEIVED,
                            _("No new message with a code came to %s."), path);
    case INBOX_CANCELLED:
        return renewal_fail(renewal, OUTCOME_INTERRUPTED, "%s", "");
    default:
        return renewal_fail(renewal, OUTCOME_MEMORY, "%s", "");
    }
}
