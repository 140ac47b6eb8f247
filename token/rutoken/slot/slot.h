/* A container in a token's file system: CryptoPro's six files, of which one
 * folder below the dialect's home holds one container. Files are 01 to 06 in
 * the order of token/container/container_files.h, padded behind their element.
 *
 * While the header is rewritten its new content stands in one more file, 08:
 * whole before the old one is touched, and gone at the end. Readers take it
 * where the header is not whole (slot_change.c). A new container gets its name
 * first and its header last: one without a header was begun and not finished.
 * It is made only where the token has room for its certificate, too. */
#ifndef TOKEN_RUTOKEN_SLOT_SLOT_H
#define TOKEN_RUTOKEN_SLOT_SLOT_H

#include "token/container/container_files.h"
#include "token/rutoken/session/token_file.h"
#include "token/rutoken/session/token_session.h"
#include "token/stored.h"

enum {
    SLOT_NAME = 5,  /* "0A00" */
    SLOT_SPARE = 8, /* the number of the file for a header to come */
    SLOT_ROOM = 9   /* of one that keeps room for it, and holds nothing */
};

/* The folder that a name means. FAULT_NOT_FOUND: none of this dialect. */
MUST_CHECK enum fault slot_find(const struct dialect *dialect, const char *name,
                                uint16_t *slot);
void slot_name(uint16_t slot, char name[SLOT_NAME]);

/* Which slots of the dialect have a folder, by dialect_slot's order.
 * FAULT_TOKEN_REFUSED: there is nothing that one could be made in. */
MUST_CHECK enum fault slot_list(struct token_session *session,
                                bool used[DIALECT_SLOTS_MAX]);

/* The same of the n-th slot alone. */
MUST_CHECK enum fault slot_is_used(struct token_session *session, size_t n,
                                   bool *used);

/* FAULT_NONE: there is such a folder. FAULT_NOT_FOUND: the slot is free. */
MUST_CHECK enum fault slot_probe(struct token_session *session, uint16_t slot);

/* Read one: header and name, which takes no PIN, or all. Of a header with a
 * certificate an overview is the beginning and where its owner is named,
 * instead of the name too, which would take as many commands. FAULT_NOT_FOUND,
 * FAULT_UNFINISHED, FAULT_DAMAGED: neither header nor spare is whole. Free
 * with container_files_free. */
MUST_CHECK enum fault slot_read(struct token_session *session, uint16_t slot,
                                enum stored_part part,
                                struct container_files **files);

/* --- with the user logged in --- */

/* Tells whether what was read back is what was meant. */
typedef enum fault slot_check(void *context,
                              const struct container_files *files);

/* Make one; what was read back is checked. On a fault nothing of it is there,
 * unless the token was pulled out; what such a run has left of the same
 * container is taken away first. FAULT_EXISTS, FAULT_TOKEN_SPACE. */
MUST_CHECK enum fault slot_create(struct token_session *session, uint16_t slot,
                                  const struct container_files *files,
                                  slot_check *check, void *context);

/* Put another content into one file. A whole header is there at every instant,
 * and on FAULT_TOKEN_SPACE all is as it was; the others are written in
 * place. */
MUST_CHECK enum fault slot_replace(struct token_session *session, uint16_t slot,
                                   enum container_file file,
                                   const uint8_t *data, size_t size);

/* Take it away, the header first. FAULT_NOT_FOUND. */
MUST_CHECK enum fault slot_remove(struct token_session *session, uint16_t slot);

/* --- for slot_write.c and slot_change.c --- */

/* Whether the header is so long that a certificate must be in it. */
bool slot_has_certificate(const struct container_files *files);

/* The path of the n-th file of a slot (0: its folder); its depth. */
size_t slot_path(const struct dialect *dialect, uint16_t slot, uint16_t n,
                 uint16_t path[DIALECT_DEPTH]);

/* Whether these bytes are a header whose checks hold. */
bool slot_header_whole(struct der file);

/* The element of the n-th file, of at most room bytes. FAULT_NOT_FOUND. */
MUST_CHECK enum fault slot_read_file(struct token_session *session,
                                     uint16_t slot, uint16_t n, uint8_t *data,
                                     size_t room, struct token_file *file,
                                     size_t *size);

#endif
