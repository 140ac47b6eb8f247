/* One file of a slot, written. For slot_write.c and slot_change.c only; the
 * user is logged in. */
#ifndef TOKEN_RUTOKEN_SLOT_SLOT_FILE_H
#define TOKEN_RUTOKEN_SLOT_SLOT_FILE_H

#include "token/rutoken/slot/slot.h"

/* As CryptoPro's software declares it; a longer content makes a longer file.
 * The header has the size of its content. */
struct slot_file_kind {
    size_t least;
    enum dialect_access access;
};
extern const struct slot_file_kind slot_file_kinds[CONTAINER_FILE_COUNT];

/* Make the slot's folder current, for the two below. */
MUST_CHECK enum fault slot_file_folder(struct token_session *session,
                                       uint16_t slot);

/* Make the n-th file of that kind; padded with FF. It is current then. */
MUST_CHECK enum fault slot_file_add(struct token_session *session,
                                    uint16_t slot, uint16_t n,
                                    struct slot_file_kind kind,
                                    struct der data);

/* Remove the n-th file; one that is not there is as good. */
MUST_CHECK enum fault slot_file_remove(struct token_session *session,
                                       uint16_t slot, uint16_t n);

/* Write all of the current file, of whole bytes, and read back; FAULT_IO. */
MUST_CHECK enum fault slot_file_overwrite(struct token_session *session,
                                          struct der data, size_t whole);

/* Whether the current file begins with that; FAULT_IO. */
MUST_CHECK enum fault slot_file_check(struct token_session *session,
                                      struct der data);

/* Keep and give back room for two headers of that size beside what there is,
 * in the slot's folder, which is current: whether a header of it can be put in
 * later. FAULT_TOKEN_SPACE. */
MUST_CHECK enum fault slot_file_try_room(struct token_session *session,
                                         uint16_t slot, size_t size);

#endif
