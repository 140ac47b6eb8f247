/* A session at the token of a place, and the reader of its containers. */
#ifndef TOKEN_RUTOKEN_RUTOKEN_WORK_H
#define TOKEN_RUTOKEN_RUTOKEN_WORK_H

#include "token/rutoken/rutoken_place.h"
#include "token/stored.h"

struct rutoken_work {
    struct rutoken_place place;
    char plain[LOCATION_MAX]; /* without CONTAINER_SECOND */
    uint16_t slot;            /* where the place is one */
    struct token_session *session;
    struct stored_reader reader; /* of any container of this token */
    enum fault gone;  /* what ended the work, and not one container of it */
    enum fault login; /* why the PIN, where it was asked for after all, was not
                         entered: it is not asked for again */
};

/* Begin at a place, with its PIN or without: then it is asked for where a file
 * cannot be read otherwise, for which rights CryptoPro's software gives the
 * header is not published. A slot that the token cannot have is
 * FAULT_NOT_FOUND. End it with rutoken_work_end also after a fault. */
MUST_CHECK enum fault rutoken_work_begin(struct rutoken_work *work,
                                         const char *where, bool with_pin);
void rutoken_work_end(struct rutoken_work *work);

/* Begin, do it, end: at a place, or at a container; there the token itself is
 * FAULT_NOT_CONTAINER, before anybody is asked for a PIN. */
typedef enum fault rutoken_act(struct rutoken_work *work, void *context);
MUST_CHECK enum fault rutoken_work_at(const char *where, bool with_pin,
                                      rutoken_act *act, void *context);
MUST_CHECK enum fault rutoken_work_in(const char *where, bool with_pin,
                                      rutoken_act *act, void *context);

#endif
