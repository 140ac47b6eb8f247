/* A container copied into another place: to back it up, to restore it. The
 * six files stay as they are, the password too. */
#ifndef TOKEN_COPY_H
#define TOKEN_COPY_H

#include "keygen/fault.h"
#include "token/container/container_files.h"
#include "token/medium.h"
#include "token/sealed/parcel.h"

#include <stdbool.h>

enum { COPY_BEGUN_MAX = 16 /* as many as a token has places */ };

struct copy_original {
    char where[LOCATION_MAX];           /* "": out of an archive */
    char home[LOCATION_MAX];            /* the location that it is in */
    char folder[PARCEL_FOLDER_MAX + 1]; /* parcel_folder_valid */
    struct container_files *files;      /* owned */
    const struct container *opened;     /* borrowed; NULL: it is not open */
    char name[4 * CONTAINER_NAME_MAX];  /* inside, UTF-8 */
    bool has_password;
    bool has_fingerprint; /* of its first key */
    uint8_t fingerprint[CONTAINER_FINGERPRINT];
    char thumbprint[THUMBPRINT_TEXT]; /* of its first certificate; "": none */
};

/* What a copy came to. */
struct copy {
    char where[LOCATION_MAX];
    bool opened;  /* else it was compared to the byte */
    bool existed; /* it was there already: nothing was written */
    bool renamed; /* its folder is named otherwise than the original's */
};

/* Read one from its medium; a folder's name that an archive could not keep
 * is replaced. FAULT_NOT_EXPORTABLE where it may not be copied. Free with
 * copy_release also after a fault. */
MUST_CHECK enum fault copy_take(const struct medium_ops *ops, const char *where,
                                struct copy_original *original);

/* One out of an archive. */
MUST_CHECK enum fault copy_unpack(const struct parcel_container *packed,
                                  struct copy_original *original);

void copy_release(struct copy_original *original);

/* Which container is taken for a copy that is there already. */
enum copy_match {
    COPY_SAME_KEYS, /* any of the location with the same keys */
    COPY_SAME,      /* any with the same header too, and so certificates */
    COPY_SAME_NAMED /* the same, under the names that a copy would get: what
                       else there is in the location, and be it thousands, is
                       not looked at */
};

/* Put it into a location (in the form that medium_find gives) and prove it
 * (container_copy_prove) before it gets its name; password NULL: not known.
 * Where a copy is there already, whole, it is not done again.
 * Where another container has the folder's name it gets a free one.
 * FAULT_EXISTS where the location is the original's own, the original itself
 * or inside of it. */
MUST_CHECK enum fault copy_put(const struct copy_original *original,
                               const char *password,
                               const struct medium_ops *ops,
                               const char *location, enum copy_match match,
                               struct copy *copy);

struct copy_there;

/* Where several are put. What is there is listed once for all of them: what
 * others put there meanwhile is not known for a copy. Begin with the first two
 * and the rest zero; free with copy_target_free. */
struct copy_target {
    const struct medium_ops *ops;
    const char *location; /* in the form that medium_find gives */
    bool is_listed;
    struct copy_there *first, *last; /* owned; in the order of the list */
    /* Where something was begun and never finished, as of a copy that the
     * token was pulled out of. */
    char begun[COPY_BEGUN_MAX][CONTAINER_FOLDER_MAX];
    size_t begun_count;
};

/* The same as copy_put for one of them. */
MUST_CHECK enum fault copy_put_to(struct copy_target *target,
                                  const struct copy_original *original,
                                  const char *password, enum copy_match match,
                                  struct copy *copy);

void copy_target_free(struct copy_target *target);

#endif
