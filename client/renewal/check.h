/* Is what came the certificate that was asked for? */
#ifndef CLIENT_RENEWAL_CHECK_H
#define CLIENT_RENEWAL_CHECK_H

#include "client/outcome/outcome.h"
#include "keygen/chain.h"

struct check {
    const struct certificate *issued;
    const struct certificate *old; /* NULL: of a request by hand */
    const uint8_t *point;          /* of the new container's key */
    size_t point_size;
    const struct name *data;   /* what was confirmed, NULL: not known */
    const struct chain *sent;  /* the chain that came with it */
    const struct chain *roots; /* the configured ones, NULL: none */
    time_t now;
};

/* OUTCOME_DONE, or the first thing that is wrong: another key, another
 * subject, its dates, not qualified, no chain to a trusted root. *detail is
 * then a translated word on it, or "".
 *
 * Without configured roots the new certificate must lead to the key that
 * issued the old one: the person trusts that one already, and nothing but it
 * is proven by what the old one holds. A server that does not have it can
 * make no such chain. Where there is no old one either, the issuer is not
 * checked. */
enum outcome check_issued(const struct check *check, const char **detail);

#endif
