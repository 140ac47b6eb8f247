/* The making of the new certificate, and the handing out of it. */
#ifndef API_SANDBOX_DESK_ISSUANCE_H
#define API_SANDBOX_DESK_ISSUANCE_H

#include "api/sandbox/desk/application.h"

/* Whether the certificate of an application in issuing shall be made now. */
bool issuance_due(const struct exchange *exchange,
                  const struct application *application);

/* Make it, outside of any transaction, and register it with its subscriber:
 * issuing becomes issued, or issueFailed where the authority cannot. Of
 * several at once only one counts. False: the store has failed. */
bool issuance_make(struct exchange *exchange,
                   const struct application *application);

/* Answer with the certificate and its chain, with the flaws that the
 * exchange is to have. In a transaction. False: it has been refused. */
bool issuance_show(struct exchange *exchange,
                   const struct application *application);

#endif
