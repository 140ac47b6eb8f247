/* What rutoken_medium writes: see the functions of the same names in
 * token/medium.h. */
#ifndef TOKEN_RUTOKEN_RUTOKEN_STORE_H
#define TOKEN_RUTOKEN_RUTOKEN_STORE_H

#include "token/material.h"
#include "token/medium.h"

MUST_CHECK enum fault
rutoken_store_put_in(const char *location, const char *folder_name,
                     const struct material *material, const char *password,
                     struct entropy *pool, struct container **container);
MUST_CHECK enum fault rutoken_store_generate(const char *location,
                                             const struct container_spec *spec,
                                             struct entropy *pool,
                                             struct container **container);
MUST_CHECK enum fault rutoken_store_key(const char *location,
                                        const struct container_spec *spec,
                                        const uint8_t *scalar,
                                        struct entropy *pool,
                                        struct container **container);
MUST_CHECK enum fault
rutoken_store_certificate(const char *where,
                          const struct certificate *certificate);
MUST_CHECK enum fault rutoken_store_files(const char *location,
                                          const char *folder_name,
                                          const struct container_files *files,
                                          container_check *check,
                                          void *context);
MUST_CHECK enum fault rutoken_store_password(const char *where,
                                             const char *old_one,
                                             const char *new_one,
                                             struct entropy *pool);
MUST_CHECK enum fault rutoken_store_remove(const char *where);

#endif
