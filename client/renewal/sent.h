/* A new certificate as the server sends it, with those of the authorities above
 * it. */
#ifndef CLIENT_RENEWAL_SENT_H
#define CLIENT_RENEWAL_SENT_H

#include "api/message.h"
#include "keygen/chain.h"

enum { SENT_KNOWN_MAX = 2 * CHAIN_MAX };

/* issued is the caller's, also after a fault; NULL where none was sent. Those
 * above it stay known's, which begins empty and is freed with chain_free: most
 * renewals of a batch come with the same authorities, and what was read for one
 * renewal serves for the next in the same thread. It has SENT_KNOWN_MAX at most
 * and forgets all where they could become more, so those of sent last until the
 * next call. FAULT_CERTIFICATE, FAULT_TOO_LARGE, FAULT_MEMORY. */
MUST_CHECK enum fault sent_read(const struct message *message,
                                struct chain *known,
                                struct certificate **issued,
                                struct chain *sent);

#endif
