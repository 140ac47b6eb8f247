/* Whether a certificate is offered for renewal, by what it says itself. The
 * server may know more (revoked, another centre, paper). */
#ifndef CLIENT_RENEWAL_POLICY_H
#define CLIENT_RENEWAL_POLICY_H

#include "client/outcome/outcome.h"
#include "keygen/certificate.h"

enum {
    POLICY_WINDOW = 60, /* days */
    POLICY_WINDOW_MAX = 3650,
    POLICY_WINDOW_FORCED /* of --force: whenever the centre agrees */
};

/* Whole days left until it can no longer sign (the earlier of its own end
 * and its key's); negative when over. */
long policy_days_left(const struct certificate *certificate, time_t now);

/* OUTCOME_DONE: offered, for at most window whole days are left. Else why
 * not: OUTCOME_NOT_DUE, _EXPIRED, _NOT_YET_VALID, _KEY_PERIOD_OVER,
 * _KEY_UNSUPPORTED, _KEY_RETIRED, _OTHER_CENTRE. */
enum outcome policy_offer(const struct certificate *certificate, time_t now,
                          long window);

/* What a centre answers whose certificate is excluded, for as long as nobody
 * has changed that there: the outcome of a word ("kindChanged"), OUTCOME_DONE
 * where it is none of these; NULL is none. */
enum outcome policy_excluded(const char *word);

#endif
