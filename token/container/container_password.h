/* The password of a container, as its key derivation takes it: four bytes a
 * character. Writers of containers agree on that for ASCII only. With it the
 * keys that were derived from it, for a derivation takes longer than all else
 * that is done with a container. */
#ifndef TOKEN_CONTAINER_CONTAINER_PASSWORD_H
#define TOKEN_CONTAINER_CONTAINER_PASSWORD_H

#include "keygen/fault.h"
#include "token/container/cpkdf.h"
#include "token/medium.h"

#include <stddef.h>
#include <stdint.h>

/* How the characters of a password that is not ASCII become cells of four
 * bytes; to be tried in this order. */
enum container_password_form {
    CONTAINER_PASSWORD_UTF32,  /* a character a cell, little-endian */
    CONTAINER_PASSWORD_CP1251, /* a byte of the Windows code page a cell */
    CONTAINER_PASSWORD_BYTES,  /* a byte of UTF-8 a cell */
    CONTAINER_PASSWORD_FORMS
};

/* Those of a container: of its header's checksum and of its two pairs. */
enum { CONTAINER_PASSWORD_KEYS = 3 };

struct container_password_key {
    struct cpkdf_hash hash;
    uint8_t salt[CPKDF_SALT_MAX];
    size_t salt_size;
    uint8_t key[CPKDF_KEY];
};

struct container_password {
    size_t size;
    /* UTF-8 takes at most four bytes a character. */
    uint8_t cells[4 * 4 * CONTAINER_PASSWORD_MAX];
    unsigned derived; /* keys so far; the last ones are kept */
    struct container_password_key key[CONTAINER_PASSWORD_KEYS];
};

/* Cells of a text in UTF-8, in secret memory; free with secret_free.
 * FAULT_ARGUMENT where the text has no such form or where the form gives what
 * an earlier one gave; FAULT_TOO_LARGE. */
MUST_CHECK enum fault
container_password_cells(const char *text, enum container_password_form form,
                         struct container_password **password);

/* What cpkdf derives with that salt, each key once. key is secret memory of
 * the caller's, CPKDF_KEY bytes. */
MUST_CHECK enum fault
container_password_key(struct container_password *password,
                       const struct cpkdf_hash *hash, const uint8_t *salt,
                       size_t salt_size, uint8_t *key);

/* As if no key had been derived. */
void container_password_forget(struct container_password *password);

/* That of a container that is made, NULL or "" for none; the same as
 * container_password_check says of it. Free with secret_free. */
MUST_CHECK enum fault
container_password_new(const char *text, struct container_password **password);

/* Whether a container may be given it: printable ASCII, for any other one
 * opens with some programs only. FAULT_ARGUMENT, FAULT_TOO_LARGE. */
MUST_CHECK enum fault container_password_check(const char *text);

#endif
