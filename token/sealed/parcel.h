/* What a sealed archive holds: containers and old certificates. Content that
 * is read is hostile even behind the right passphrase.
 * doc/archive-format.md has the form to the byte. */
#ifndef TOKEN_SEALED_PARCEL_H
#define TOKEN_SEALED_PARCEL_H

#include "keygen/der.h"
#include "keygen/fault.h"
#include "token/container/container_files.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

enum {
    PARCEL_CONTAINERS_MAX = 1024,
    PARCEL_CERTIFICATES_MAX = 64 * 1024,
    PARCEL_FOLDER_MAX = 128 /* bytes of a folder's name */
};

/* Windows on bytes that somebody else owns. */
struct parcel_container {
    char folder[PARCEL_FOLDER_MAX + 1];    /* where it was, UTF-8 */
    struct der file[CONTAINER_FILE_COUNT]; /* left 0: absent */
};

struct parcel {
    time_t made;
    size_t containers, certificates;
    struct parcel_container *container; /* owned */
    struct der *certificate;            /* owned; DER */
};

/* Whether a folder's name can stand in a parcel: 1 to PARCEL_FOLDER_MAX bytes
 * of UTF-8 without control characters, '/', '\\', ':', and not beginning with
 * a dot or a blank: joined to a path it stays one name of one folder. */
bool parcel_folder_valid(const char *name);

/* Add windows on the files, which must stay. FAULT_ARGUMENT on a folder's
 * name that is not valid, FAULT_TOO_LARGE, FAULT_MEMORY. */
MUST_CHECK enum fault parcel_add(struct parcel *parcel, const char *folder,
                                 const struct container_files *files);

/* The same of the DER of a certificate. */
MUST_CHECK enum fault parcel_add_certificate(struct parcel *parcel,
                                             const void *der, size_t size);

/* All of it as bytes in secret memory; free with secret_free.
 * FAULT_TOO_LARGE. */
MUST_CHECK enum fault parcel_pack(const struct parcel *parcel,
                                  uint8_t **content, size_t *size);

/* The way back: windows on content, which must stay. Every length, count and
 * name is checked; what the files and certificates say is not looked at.
 * FAULT_ARCHIVE_DAMAGED, FAULT_ARCHIVE_NEWER where there is an entry of a
 * kind not known here, FAULT_TOO_LARGE, FAULT_MEMORY. */
MUST_CHECK enum fault parcel_unpack(const uint8_t *content, size_t size,
                                    struct parcel *parcel);

/* The files of one, copied. Free with container_files_free. */
MUST_CHECK enum fault parcel_files(const struct parcel_container *container,
                                   struct container_files **files);

void parcel_free(struct parcel *parcel);

#endif
