#include "client/renewal/phone.h"

#include "client/text.h"
#include "client/view/requisite_text.h"

/* One that an earlier run was told may have been mistyped, or be another by
 * now: a person sees it, and Enter keeps it. */
static bool is_asked_for(const struct renewal *renewal)
{
    return renewal_get(renewal, RECORD_PHONE) == NULL ||
           (renewal->options->phone == NULL &&
            screen_interactive(renewal->screen));
}

void phone_tidy(struct renewal *renewal)
{
    const char *given = renewal_get(renewal, RECORD_PHONE);
    struct requisite_asked asked = {.kind = REQUISITE_MOBILE};

    if (given != NULL && requisite_text_refuse(given, &asked) == NULL)
        renewal_set(renewal, RECORD_PHONE, asked.kept);
}

enum outcome phone_get(struct renewal *renewal)
{
    struct requisite_asked asked = {.kind = REQUISITE_MOBILE};
    const char *given = renewal_get(renewal, RECORD_PHONE), *why;
    const struct prompt_line ask = {
        .question = _("Your telephone number, for the code"),
        .preset = given,
        .check = requisite_text_refuse,
        .data = &asked};
    char typed[64];
    enum prompt_end end;

    if (is_asked_for(renewal)) {
        end = prompt_line(renewal->screen, &ask, typed, sizeof(typed));
        if (end != PROMPT_OK)
            return renewal_unanswered(renewal, end, "--phone");
        given = typed;
    }
    why = requisite_text_refuse(given, &asked);
    if (why != NULL)
        return renewal_fail(renewal, OUTCOME_CONFIGURATION, "--phone: %s", why);
    renewal_set(renewal, RECORD_PHONE, asked.kept);
    return OUTCOME_DONE;
}
