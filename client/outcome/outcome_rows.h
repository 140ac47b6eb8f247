/* The table of outcomes, in parts, and the exit statuses it speaks of. For
 * client/outcome/outcome*.c only. */
#ifndef CLIENT_OUTCOME_OUTCOME_ROWS_H
#define CLIENT_OUTCOME_OUTCOME_ROWS_H

#include "client/outcome/outcome.h"
#include "client/text.h"

enum { DONE = 0, LATER = 1, USAGE = 2, WAIT = 3, LOCKED = 4, PERSON = 5 };

/* Advices that are given more than once. */
#define SERVICE_CENTRE                                                         \
    N_("Contact your service centre: it makes a new certificate with you.")
/* Of those whom the centre renews in another way than this. */
#define REQUEST_THERE                                                          \
    N_("Contact the service centre where you were connected. If it asks you "  \
       "for a certificate request, make one with: kep request")
/* Of those whose certificate can no longer sign for them. */
#define PAPER_OR_CENTRE                                                        \
    N_("If your service centre agrees, apply with a statement on paper: kep "  \
       "renew --paper. Otherwise contact it: it makes a new certificate with " \
       "you. If it asks you for a certificate request, make one with: kep "    \
       "request")
#define SUPPORT                                                                \
    N_("Contact the support of your certification centre and name the "        \
       "number of the request given below."),                                  \
        .support = true
#define OTHER_FILE                                                             \
    N_("Check that it is the right file and the right container.")

/* Of what becomes of an application, and of certificates that are not renewed
 * this way. */
extern const struct outcome_row outcome_rows_forms[OUTCOME_COUNT];

/* Of keys, containers, their media and archives; the other rows are empty. */
extern const struct outcome_row outcome_rows_keys[OUTCOME_COUNT];

/* Of tokens, their PINs and PKCS#11 modules. */
extern const struct outcome_row outcome_rows_tokens[OUTCOME_COUNT];

/* Of requests and certificates by hand. */
extern const struct outcome_row outcome_rows_byhand[OUTCOME_COUNT];

#endif
