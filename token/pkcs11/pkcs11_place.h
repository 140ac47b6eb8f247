/* Places of the kind "pkcs11:": URIs of RFC 7512, read and written by
 * p11-kit. A token is "pkcs11:serial=48e243b5", a key on it has its CKA_ID
 * behind that: "pkcs11:serial=48e243b5;id=%01%02". The library that reaches
 * the token may be named: "?module-path=/usr/lib/librtpkcs11ecp.so". */
#ifndef TOKEN_PKCS11_PKCS11_PLACE_H
#define TOKEN_PKCS11_PKCS11_PLACE_H

#include "keygen/fault.h"

#include <p11-kit/pkcs11.h>
#include <p11-kit/uri.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PKCS11_ID_MAX = 128 /* bytes of a CKA_ID */ };

struct pkcs11_place {
    P11KitUri *uri; /* owned */
    size_t id_size; /* 0: no key is meant but the token */
    uint8_t id[PKCS11_ID_MAX];
};

/* Read one, "pkcs11:" and all. FAULT_LOCATION on what is none, on attributes
 * that are not known or not allowed here (a PIN never stands in a place), on
 * an id that is empty or too long. Free with pkcs11_place_free in any case. */
MUST_CHECK enum fault pkcs11_place_read(const char *text,
                                        struct pkcs11_place *place);
void pkcs11_place_free(struct pkcs11_place *place);

/* The path of the module that it names, or NULL. */
const char *pkcs11_place_module(const struct pkcs11_place *place);

/* Whether it says which token, by its number. */
bool pkcs11_place_has_serial(const struct pkcs11_place *place);

/* Whether a token is the one that is meant. */
bool pkcs11_place_fits(const struct pkcs11_place *place,
                       const CK_TOKEN_INFO *info);

/* Name a token by its number alone, which stays when its label changes; by
 * all that it says where it has none, or where that is not to do (alone). */
void pkcs11_place_set_token(struct pkcs11_place *place,
                            const CK_TOKEN_INFO *info, bool alone);

/* Name a key on it; size 0: none. FAULT_TOO_LARGE. */
MUST_CHECK enum fault pkcs11_place_set_id(struct pkcs11_place *place,
                                          const void *id, size_t size);

/* What two jobs with the same token have in common, its number: "" where it
 * is not known. */
void pkcs11_place_key(const struct pkcs11_place *place, char *key, size_t room);

/* As text, always in the same form, into LOCATION_MAX bytes. */
MUST_CHECK enum fault pkcs11_place_write(const struct pkcs11_place *place,
                                         char *text);

/* A place as text with another id, or with none (size 0); to: LOCATION_MAX
 * bytes. */
MUST_CHECK enum fault pkcs11_place_with_id(const char *from, const void *id,
                                           size_t size, char *to);

#endif
