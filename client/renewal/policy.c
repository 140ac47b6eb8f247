#include "client/renewal/policy.h"

#include "keygen/elsewhere.h"

#include <stddef.h>
#include <string.h>

enum { DAY = 24 * 60 * 60 };

long policy_days_left(const struct certificate *certificate, time_t now)
{
    long left = (long)(certificate_signs_until(certificate) - now);

    /* Rounded down on both sides of zero. */
    return left >= 0 ? left / DAY : -((-left + DAY - 1) / DAY);
}

enum outcome policy_offer(const struct certificate *certificate, time_t now,
                          long window)
{
    if (certificate->algorithm != NULL && certificate->algorithm->retired)
        return OUTCOME_KEY_RETIRED;
    if (now < certificate->not_before)
        return OUTCOME_NOT_YET_VALID;
    if (now > certificate->not_after)
        return OUTCOME_EXPIRED;
    if (certificate->key_not_after != 0 && now > certificate->key_not_after)
        return OUTCOME_KEY_PERIOD_OVER;
    if (certificate->algorithm == NULL)
        return OUTCOME_KEY_UNSUPPORTED;
    if (elsewhere_renewed(&certificate->subject, &certificate->issuer))
        return OUTCOME_OTHER_CENTRE;
    if (policy_days_left(certificate, now) > window)
        return OUTCOME_NOT_DUE;
    return OUTCOME_DONE;
}

enum outcome policy_excluded(const char *word)
{
    static const enum outcome excluded[] = {
        OUTCOME_REVOKED,      OUTCOME_SUBJECT_CHANGED,
        OUTCOME_FORM_EXISTS,  OUTCOME_DAUGHTER_ORGANISATION,
        OUTCOME_OTHER_CENTRE, OUTCOME_KIND_CHANGED,
        OUTCOME_PAPER_ONLY,   OUTCOME_PAPER_REFUSED,
        OUTCOME_EXPIRED,      OUTCOME_KEY_PERIOD_OVER};

    for (size_t i = 0; word != NULL && i < sizeof(excluded) / sizeof(*excluded);
         i++)
        if (strcmp(outcome_row(excluded[i])->word, word) == 0)
            return excluded[i];
    return OUTCOME_DONE;
}
