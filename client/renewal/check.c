#include "client/renewal/check.h"

#include "client/text.h"

#include <string.h>

enum { CLOCK_TOLERANCE = 5 * 60, SHORTEST = 24 * 60 * 60 };

static enum outcome check_dates(const struct check *check, const char **detail)
{
    if (check->issued->not_before > check->now + CLOCK_TOLERANCE) {
        *detail = _("It begins in the future.");
        return OUTCOME_CERTIFICATE_WRONG_DATES;
    }
    if (certificate_signs_until(check->issued) < check->now + SHORTEST) {
        *detail = _("It is over already.");
        return OUTCOME_CERTIFICATE_WRONG_DATES;
    }
    /* One that ends before the old does would be due again at once. */
    if (check->old != NULL &&
        check->issued->not_after <= check->old->not_after) {
        *detail = _("It ends before the old one.");
        return OUTCOME_CERTIFICATE_WRONG_DATES;
    }
    return OUTCOME_DONE;
}

/* Views on those of the certificates that were sent whose key issued the old
 * one. What stands above them proves nothing: anybody can certify anybody's
 * public key. The moment is one at which the old certificate was valid. */
static void find_issuers(const struct check *check, struct chain *issuers)
{
    const time_t when =
        check->now < check->old->not_after ? check->now : check->old->not_after;

    for (size_t i = 0; i < check->sent->count; i++) {
        struct certificate *one = check->sent->certificate[i];
        const struct chain alone = {.certificate = {one}, .count = 1};

        if (chain_verify(check->old, NULL, &alone, NULL, when) == FAULT_NONE)
            issuers->certificate[issuers->count++] = one;
    }
}

static enum outcome check_chain(const struct check *check)
{
    const time_t when = check->now > check->issued->not_before
                            ? check->now
                            : check->issued->not_before;
    struct chain issuers = {.count = 0};
    const struct chain *roots = check->roots;

    if (roots == NULL && check->old == NULL)
        return OUTCOME_DONE;
    if (roots == NULL) {
        find_issuers(check, &issuers);
        roots = &issuers;
    }
    return chain_verify(check->issued, check->sent, roots, NULL, when) ==
                   FAULT_NONE
               ? OUTCOME_DONE
               : OUTCOME_CERTIFICATE_WRONG_ISSUER;
}

enum outcome check_issued(const struct check *check, const char **detail)
{
    const char *missing = "";
    enum outcome outcome;

    *detail = "";
    if (!certificate_has_point(check->issued, check->point, check->point_size))
        return OUTCOME_CERTIFICATE_WRONG_KEY;
    if (check->data != NULL &&
        !name_equal(&check->issued->subject, check->data))
        return OUTCOME_CERTIFICATE_WRONG_SUBJECT;
    outcome = check_dates(check, detail);
    if (outcome != OUTCOME_DONE)
        return outcome;
    if (certificate_profile(check->issued, &missing) != FAULT_NONE) {
        *detail = missing;
        return OUTCOME_CERTIFICATE_WRONG_PROFILE;
    }
    outcome = check_chain(check);
    if (outcome == OUTCOME_CERTIFICATE_WRONG_ISSUER && check->roots == NULL)
        *detail = _("If your certification centre has a new root certificate, "
                    "get it from there and name its file with --roots.");
    return outcome;
}
