/* The pair of files that a token keeps a key in, which it files by their kind:
 * 3F00/1000/1000/6002 the private ones, 6001 the public ones. Whose it is the
 * records tell (resident.h). */
#ifndef TOKEN_RUTOKEN_RESIDENT_RESIDENT_PAIR_H
#define TOKEN_RUTOKEN_RESIDENT_RESIDENT_PAIR_H

#include "token/rutoken/resident/resident_record.h"
#include "token/rutoken/session/token_session.h"

/* Whether the token has a key of that number, of anybody's. FAULT_NOT_FOUND. */
MUST_CHECK enum fault resident_pair_find(struct token_session *session,
                                         uint8_t id);

/* --- with the user logged in --- */

/* Both files, empty. begun: those that are there are of an earlier run; else
 * they are somebody's, of whom the token did not tell, and stay: FAULT_EXISTS,
 * and nothing was made. */
MUST_CHECK enum fault resident_pair_make(struct token_session *session,
                                         uint8_t id, bool begun);

/* Have the token make the key; X and Y, little-endian. */
MUST_CHECK enum fault resident_pair_generate(struct token_session *session,
                                             uint8_t id,
                                             uint8_t point[2 * RESIDENT_KEY]);

/* The public key that a run has made and not come to write down; false where
 * it was never made, or cannot be read. */
bool resident_pair_read(struct token_session *session, uint8_t id,
                        uint8_t point[2 * RESIDENT_KEY]);

/* Sign a digest of RESIDENT_KEY bytes, as external_ops.sign wants it. */
MUST_CHECK enum fault resident_pair_sign(struct token_session *session,
                                         uint8_t id, const uint8_t *digest,
                                         uint8_t *signature);

/* Destroy it; one that is not there is as good. */
MUST_CHECK enum fault resident_pair_remove(struct token_session *session,
                                           uint8_t id);

#endif
