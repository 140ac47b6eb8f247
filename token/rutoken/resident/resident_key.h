/* A key inside of a token as a container: what is said of it, what signs. */
#ifndef TOKEN_RUTOKEN_RESIDENT_RESIDENT_KEY_H
#define TOKEN_RUTOKEN_RESIDENT_RESIDENT_KEY_H

#include "token/medium.h"
#include "token/report.h"
#include "token/rutoken/resident/resident.h"

/* What the record says; its certificate goes over to info. */
void resident_key_describe(struct resident_record *record, const char *where,
                           struct container_info *info);

/* A container whose key signs on the token, each time in a session of its own
 * (token/rutoken/session/token_session.h); the certificate goes over to it. It
 * is proven by a signature. FAULT_KEY_MISMATCH, FAULT_DAMAGED … */
MUST_CHECK enum fault resident_key_open(struct resident_record *record,
                                        const char *serial, uint8_t id,
                                        const char *where,
                                        struct container **container);

/* All there is to say; opened: it has signed. */
MUST_CHECK enum fault resident_key_report(struct resident_record *record,
                                          const char *where, bool opened,
                                          struct container_report **report);

#endif
