/* The six files of a new container, and what changes in an old one. */
#ifndef TOKEN_CONTAINER_CONTAINER_WRITER_H
#define TOKEN_CONTAINER_CONTAINER_WRITER_H

#include "keygen/bytes.h"
#include "keygen/entropy.h"
#include "keygen/fault.h"
#include "token/container/container_files.h"
#include "token/container/container_password.h"
#include "token/material.h"
#include "token/medium.h"

/* Two pairs with a mask each, a header, a name; the password is of
 * container_password_new. key: those of material_keys. FAULT_ARGUMENT where the
 * name is empty or not of CP1251, two keys not of one algorithm;
 * FAULT_TOO_LARGE. Free files with container_files_free. */
MUST_CHECK enum fault
container_writer_make(const struct material *material,
                      struct container *const key[CONTAINER_KEYS],
                      struct container_password *password, struct entropy *pool,
                      struct container_files **files);

/* The header with this certificate of a key, appended to out, which is empty;
 * nothing else in it changes. FAULT_KEY_MISMATCH where the key's fingerprint
 * is of another one. */
MUST_CHECK enum fault
container_writer_certify(const struct container_files *files, size_t key,
                         const struct certificate *certificate,
                         struct bytes *out);

/* The same container under another password: header and name as they stand but
 * for that, both pairs anew from the material of container_reader_material. */
MUST_CHECK enum fault
container_writer_relock(const struct container_files *files,
                        const struct material *material,
                        struct container_password *password,
                        struct entropy *pool, struct container_files **out);

#endif
