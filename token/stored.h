/* A container of files, whatever keeps them: what a medium does with it once
 * it can read them. */
#ifndef TOKEN_STORED_H
#define TOKEN_STORED_H

#include "keygen/fault.h"
#include "token/container/container_files.h"
#include "token/container/container_password.h"
#include "token/medium.h"

/* How much of it: what an overview takes, what is to be had without a PIN, or
 * all. Who reads may always give more. */
enum stored_part { STORED_OVERVIEW, STORED_HEADER, STORED_ALL };

/* Reads the files of a place, without CONTAINER_SECOND behind it. */
struct stored_reader {
    enum fault (*read)(void *context, const char *plain, enum stored_part part,
                       struct container_files **files);
    void *context;
};

/* A place without CONTAINER_SECOND behind it, into LOCATION_MAX bytes; the key
 * that is meant, 0 or 1. And back: FAULT_TOO_LARGE. */
size_t stored_plain(const char *where, char *plain);
MUST_CHECK enum fault stored_place(const char *plain, size_t key, char *where);

/* See the functions of these names in token/medium.h. */
MUST_CHECK enum fault stored_describe(const struct stored_reader *reader,
                                      const char *where,
                                      struct container_info *info);
MUST_CHECK enum fault stored_open(const struct stored_reader *reader,
                                  const char *where, const char *password,
                                  struct container **container);
MUST_CHECK enum fault stored_take_out(const struct stored_reader *reader,
                                      const char *where, const char *password,
                                      struct material **material);
MUST_CHECK enum fault stored_inspect(const struct stored_reader *reader,
                                     const char *where, enum stored_part part,
                                     const char *password,
                                     struct container_report **report);

/* Visit the key that is meant; with the first also the second. */
MUST_CHECK enum fault stored_visit(const struct stored_reader *reader,
                                   const char *where, enum stored_part part,
                                   container_visitor *visit, void *context);

/* What is wanted of a new container. */
struct stored_wish {
    struct container_password *password;
    struct container *key[CONTAINER_KEYS]; /* as of material_keys */
};

/* Whether what was written and read back gives the keys of a struct
 * stored_wish, the context, which become opened ones. As
 * container_reader_verify. */
MUST_CHECK enum fault stored_check(void *context,
                                   const struct container_files *files);

/* --- stored_make.c: what is written --- */

/* A new container's files are made and given to publish, which writes them
 * durably below their name, has what it reads back checked by stored_check
 * with this wish, or leaves nothing. */
struct stored_writer {
    enum fault (*publish)(const char *location, const char *folder_name,
                          const struct container_files *files,
                          struct stored_wish *wish);
};

/* See put_in, generate and store of token/medium.h. */
MUST_CHECK enum fault stored_put_in(const struct stored_writer *writer,
                                    const char *location,
                                    const char *folder_name,
                                    const struct material *material,
                                    const char *password, struct entropy *pool,
                                    struct container **container);
MUST_CHECK enum fault stored_generate(const struct stored_writer *writer,
                                      const char *location,
                                      const struct container_spec *spec,
                                      struct entropy *pool,
                                      struct container **container);
MUST_CHECK enum fault stored_store(const struct stored_writer *writer,
                                   const char *location,
                                   const struct container_spec *spec,
                                   const uint8_t *scalar, struct entropy *pool,
                                   struct container **container);

/* Puts another content into one file of a container. */
struct stored_changer {
    enum fault (*replace)(void *context, enum container_file file,
                          const uint8_t *data, size_t size);
    void *context;
};

/* The header with that certificate, checked and replaced. */
MUST_CHECK enum fault stored_certify(const struct stored_changer *changer,
                                     const struct container_files *files,
                                     size_t key,
                                     const struct certificate *certificate);

/* See set_password of token/medium.h: file by file, in an order in which one
 * of the two opens it at every instant. */
MUST_CHECK enum fault stored_relock(const struct stored_changer *changer,
                                    const struct container_files *files,
                                    const char *old_one, const char *new_one,
                                    struct entropy *pool);

#endif
