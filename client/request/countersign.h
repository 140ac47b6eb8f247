/* The signature of a valid certificate around a request by hand: for centres
 * that know their subscriber by it, and need not see him. */
#ifndef CLIENT_REQUEST_COUNTERSIGN_H
#define CLIENT_REQUEST_COUNTERSIGN_H

#include "client/commands/commands.h"
#include "client/renewal/renewal.h"
#include "keygen/bytes.h"
#include "keygen/name.h"

/* Open the container of --sign-with (NULL where none is given), whose
 * certificate must be valid now and of the same person and organisation as
 * the subject. OUTCOME_EXPIRED, _KEY_PERIOD_OVER, _NOT_YET_VALID,
 * _NO_CERTIFICATE, _DATA_MISMATCH … Free with container_free. */
enum outcome countersign_open(const struct desk *desk,
                              const struct name *subject,
                              struct container **signer,
                              struct failure *failure);

/* Append the request, size bytes of DER, inside of a CAdES-BES by signer. */
enum outcome countersign(const struct container *signer, const void *request,
                         size_t size, time_t when, struct bytes *cms,
                         struct failure *failure);

#endif
