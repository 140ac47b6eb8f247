#include "client/renewal/phone.h"

#include "client/text.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { PHONE_DIGITS = 11 };

/* "+7 (912) 345-67-89", "8 912…" and "9123456789" are the same number. Only
 * those of mobile telephones, which begin with 9, get messages. */
static bool normalise_phone(const char *typed, char phone[PHONE_DIGITS + 1])
{
    char digits[PHONE_DIGITS + 2] = "";
    const char *rest = digits;
    size_t n = 0;

    for (; *typed != '\0'; typed++) {
        if (isdigit((unsigned char)*typed) && n < PHONE_DIGITS + 1)
            digits[n++] = *typed;
        else if (strchr("+-() \t", *typed) == NULL)
            return false;
    }
    if (n == PHONE_DIGITS && (digits[0] == '7' || digits[0] == '8'))
        rest++;
    if (strlen(rest) != PHONE_DIGITS - 1 || *rest != '9')
        return false;
    snprintf(phone, PHONE_DIGITS + 1, "7%.10s", rest);
    return true;
}

static const char *check_phone(const char *answer_given, void *data)
{
    (void)data;
    if (normalise_phone(answer_given, (char[PHONE_DIGITS + 1]){0}))
        return NULL;
    return _("A telephone number has ten digits after +7, for example "
             "+7 912 345-67-89.");
}

enum outcome phone_get(struct renewal *renewal)
{
    char typed[64], phone[PHONE_DIGITS + 1];
    const char *given = renewal_get(renewal, RECORD_PHONE);
    const struct prompt_line ask = {
        .question = _("Your telephone number, for the code"),
        .check = check_phone};
    enum prompt_end end;

    if (given == NULL) {
        end = prompt_line(renewal->screen, &ask, typed, sizeof(typed));
        if (end != PROMPT_OK)
            return renewal_unanswered(renewal, end, "--phone");
        given = typed;
    }
    if (!normalise_phone(given, phone))
        return renewal_fail(renewal, OUTCOME_CONFIGURATION, "%s",
                            check_phone(given, NULL));
    renewal_set(renewal, RECORD_PHONE, phone);
    return OUTCOME_DONE;
}
