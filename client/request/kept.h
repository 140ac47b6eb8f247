/* The requests by hand that were made on this computer, by their keys: what
 * a certificate says that comes later is compared with them. There is nothing
 * secret in a request. */
#ifndef CLIENT_REQUEST_KEPT_H
#define CLIENT_REQUEST_KEPT_H

#include "client/screen/screen.h"
#include "keygen/bytes.h"
#include "keygen/name.h"
#include "token/medium.h"

/* Durably, $XDG_STATE_HOME/kep/requests/<SHA-256 of the public key>.p10 (DER).
 * A later request for the same key takes the place of the former. Where it
 * cannot be kept that is said, and no more comes of it. */
void kept_add(const struct container *container, const struct bytes *request,
              struct screen *screen);

/* The subject of the one for a container's key; FAULT_NOT_FOUND where none is
 * kept. Free with name_free in any case. */
MUST_CHECK enum fault kept_subject(const struct container *container,
                                   struct name *subject);

#endif
