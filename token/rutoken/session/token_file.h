/* The files of a token (ISO 7816-4 7.2, 7.4, as its dialect has it). */
#ifndef TOKEN_RUTOKEN_SESSION_TOKEN_FILE_H
#define TOKEN_RUTOKEN_SESSION_TOKEN_FILE_H

#include "keygen/der.h"
#include "token/rutoken/session/token_session.h"

enum { TOKEN_FILE_MAX = 0x7FFF /* bytes that can be addressed */ };

struct token_file {
    uint16_t id;
    bool folder;
    size_t size; /* bytes; 0 of a folder */
};

/* Make one current, by the path of its ids below the MF. FAULT_NOT_FOUND;
 * file may be NULL, which takes a command less over T=0. */
MUST_CHECK enum fault token_file_select(struct token_session *session,
                                        const uint16_t *path, size_t depth,
                                        struct token_file *file);

/* Read from the current one, so many bytes behind its begin;
 * FAULT_TOKEN_ANSWER where it gives less. */
MUST_CHECK enum fault token_file_read(struct token_session *session,
                                      size_t from, uint8_t *data, size_t size);

/* The first DER element of the current one, or where there is none all that
 * is in the file, up to room bytes: what stands behind it is padding. */
MUST_CHECK enum fault token_file_read_element(struct token_session *session,
                                              const struct token_file *file,
                                              uint8_t *data, size_t room,
                                              size_t *size);

/* Write at the begin of the current one. */
MUST_CHECK enum fault token_file_write(struct token_session *session,
                                       const uint8_t *data, size_t size);

/* Make one in the current folder; it becomes current, a file in its folder.
 * FAULT_EXISTS, FAULT_TOKEN_SPACE. */
MUST_CHECK enum fault token_file_create(struct token_session *session,
                                        uint16_t id, size_t size,
                                        enum dialect_access access,
                                        const uint8_t *property);

/* Remove one from the current folder. FAULT_NOT_FOUND. */
MUST_CHECK enum fault token_file_remove(struct token_session *session,
                                        uint16_t id);

/* Walk what is in the folder at path: file is the one before, of id 0 at the
 * begin. FAULT_NOT_FOUND at the end, and where there is no such folder. */
MUST_CHECK enum fault token_file_next(struct token_session *session,
                                      const uint16_t *path, size_t depth,
                                      struct token_file *file);

#endif
