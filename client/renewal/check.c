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
    if (check->issued->not_after <= check->old->not_after) {
        *detail = _("It ends before the old one.");
        return OUTCOME_CERTIFICATE_WRONG_DATES;
    }
    return OUTCOME_DONE;
}

/* Which of the certificates that were sent are roots of the old one. The
 * moment is one at which the old certificate was valid. */
static enum fault roots_of_old(const struct check *check, struct chain *roots)
{
    time_t when =
        check->now < check->old->not_after ? check->now : check->old->not_after;
    enum fault fault = FAULT_NONE;

    for (size_t i = 0; i < check->sent->count && fault == FAULT_NONE; i++) {
        const struct certificate *one = check->sent->certificate[i];
        struct chain root = {.count = 0};
        struct certificate *copy = NULL;

        if (!name_equal(&one->subject, &one->issuer))
            continue;
        fault = certificate_copy(one, &copy);
        if (fault == FAULT_NONE)
            fault = chain_add(&root, copy);
        if (fault != FAULT_NONE) {
            certificate_free(&copy);
            break;
        }
        if (chain_verify(check->old, check->sent, &root, NULL, when) ==
            FAULT_NONE) {
            fault = chain_add(roots, copy);
            root.count = 0; /* it is in roots now */
        }
        chain_free(&root);
    }
    return fault;
}

static enum outcome check_chain(const struct check *check)
{
    struct chain of_old = {.count = 0};
    const struct chain *roots = check->roots;
    enum fault fault = FAULT_NONE;

    if (roots == NULL) {
        fault = roots_of_old(check, &of_old);
        roots = &of_old;
    }
    if (fault == FAULT_NONE)
        fault = chain_verify(check->issued, check->sent, roots, NULL,
                             check->now > check->issued->not_before
                                 ? check->now
                                 : check->issued->not_before);
    chain_free(&of_old);
    if (fault == FAULT_MEMORY)
        return OUTCOME_MEMORY;
    return fault == FAULT_NONE ? OUTCOME_DONE
                               : OUTCOME_CERTIFICATE_WRONG_ISSUER;
}

enum outcome check_issued(const struct check *check, const char **detail)
{
    const char *missing = "";
    enum outcome outcome;

    *detail = "";
    if (!certificate_has_point(check->issued, check->point, check->point_size))
        return OUTCOME_CERTIFICATE_WRONG_KEY;
    if (!name_equal(&check->issued->subject, check->data))
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
