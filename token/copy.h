/* A container copied into another place: to back it up, to restore it. The
 * six files stay as they are, the password too. */
#ifndef TOKEN_COPY_H
#define TOKEN_COPY_H

#include "keygen/fault.h"
#include "token/container/container_files.h"
#include "token/medium.h"
#include "token/sealed/parcel.h"

#include <stdbool.h>

struct copy_original {
    char where[LOCATION_MAX];           /* "": out of an archive */
    char home[LOCATION_MAX];            /* the location that it is in */
    char folder[PARCEL_FOLDER_MAX + 1]; /* parcel_folder_valid */
    struct container_files *files;      /* owned */
    char name[4 * CONTAINER_NAME_MAX];  /* inside, UTF-8 */
    bool has_password;
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

/* Put it into a location (in the form that medium_find gives) and prove it
 * (container_copy_prove) before it gets its name; password NULL: not known.
 * Where the same keys are there already, whole, it is not done again; with
 * exact only if their header, and so the certificates, are the same too.
 * Where another container has the folder's name it gets a free one.
 * FAULT_EXISTS where the location is the original's own. */
MUST_CHECK enum fault copy_put(const struct copy_original *original,
                               const char *password,
                               const struct medium_ops *ops,
                               const char *location, bool exact,
                               struct copy *copy);

#endif
