/* Keys that were made inside of a token and never leave it (GOST R 34.10-2012
 * of 256 bits, on the curve CryptoPro-A, which is also XchA: nothing else is
 * publicly known to work). Beside each key stands a record in a folder of our
 * own, 3F00/4B45: 01NN or 02NN for key NN, written in turns, so that one of
 * them is always whole. The record is there before the key: a key without one
 * is of another program and is never touched. */
#ifndef TOKEN_RUTOKEN_RESIDENT_RESIDENT_H
#define TOKEN_RUTOKEN_RESIDENT_RESIDENT_H

#include "token/rutoken/resident/resident_record.h"
#include "token/rutoken/session/token_session.h"

enum { RESIDENT_NAME = 7 /* "key-01" */ };

/* Whether a name has the form of one, and which key it means. */
bool resident_find(const char *name, uint8_t *id);
void resident_name(uint8_t id, char name[RESIDENT_NAME]);

/* Each key that has a record, whole or not. */
typedef enum fault resident_visitor(void *context, uint8_t id);
MUST_CHECK enum fault resident_each(struct token_session *session,
                                    resident_visitor *visit, void *context);

/* Whether the token makes such keys, as far as is publicly known. */
bool resident_makes(const struct token_session *session,
                    const struct algorithm *algorithm);

/* The id of the n-th free place for a key. FAULT_SLOTS. */
MUST_CHECK enum fault resident_free_id(struct token_session *session,
                                       unsigned n, uint8_t *id);

/* Its record. FAULT_NOT_FOUND; FAULT_UNFINISHED: the key was not made;
 * FAULT_DAMAGED. Free with resident_record_free. */
MUST_CHECK enum fault resident_read(struct token_session *session, uint8_t id,
                                    struct resident_record *record);

/* --- with the user logged in --- */

/* Make a key; record has its name and period, and gets the public key. What an
 * unfinished run has left under the same name is made anew. FAULT_EXISTS. */
MUST_CHECK enum fault resident_make(struct token_session *session, uint8_t id,
                                    struct resident_record *record);

/* The record with another certificate. */
MUST_CHECK enum fault resident_certify(struct token_session *session,
                                       uint8_t id,
                                       const struct certificate *certificate);

/* Destroy the key and its record. */
MUST_CHECK enum fault resident_remove(struct token_session *session,
                                      uint8_t id);

#endif
