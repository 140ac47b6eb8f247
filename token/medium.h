/* Where keys live. A medium is a table of functions, one per kind; nobody
 * above asks which kind it is.
 *
 * A location is a word: "file:DIR" a folder that holds containers, "local:"
 * short for file:$XDG_DATA_HOME/kep/containers. A container is a location
 * plus "/NAME"; a plain path of a folder is taken as file: too.
 *
 * A container holds one key or two (exchange and signature) under one
 * password. Its place means the first; with "?signature" behind it the
 * second: "file:/media/flash/abcd1234.000?signature". All that takes a place
 * takes either, so that nobody above has to know. */
#ifndef TOKEN_MEDIUM_H
#define TOKEN_MEDIUM_H

#include "keygen/algorithm.h"
#include "keygen/certificate.h"
#include "keygen/entropy.h"
#include "keygen/fault.h"

#include <gnutls/abstract.h>
#include <stdbool.h>
#include <time.h>

enum {
    LOCATION_MAX = 4096,          /* bytes, with the NUL */
    CONTAINER_NAME_MAX = 128,     /* characters of the name inside */
    CONTAINER_PASSWORD_MAX = 256, /* characters */
    CONTAINER_KEYS = 2,
    CONTAINER_OID_MAX = 64 /* an OID in dotted form, with the NUL */
};

#define CONTAINER_SECOND "?signature"

/* What a key may be used for, as its header has it. */
enum container_flag {
    CONTAINER_EXPORTABLE = 0x80,
    CONTAINER_USER_PROTECT = 0x40, /* the person is asked at each use */
    CONTAINER_EXCHANGE = 0x20,     /* else it is a signature key */
    CONTAINER_EPHEMERAL = 0x10,
    CONTAINER_NON_CACHABLE = 0x08,
    CONTAINER_DH_ALLOWED = 0x04
};

/* What can be said of a key and its container without the password. */
struct container_info {
    char where[LOCATION_MAX];          /* "file:/media/flash/abcd1234.000" */
    char name[4 * CONTAINER_NAME_MAX]; /* UTF-8, as CSP lists it */
    const struct algorithm *algorithm; /* NULL where not computed here */
    bool has_password;
    bool exportable;                      /* CONTAINER_EXPORTABLE of flags */
    time_t key_not_before, key_not_after; /* 0 where not said */
    struct certificate *certificate;      /* NULL where there is none */

    bool misfit;        /* the certificate is for another key, as the
                           fingerprint tells */
    unsigned keys;      /* in the container: 1 or 2 */
    bool second;        /* this is the second */
    unsigned flags;     /* of enum container_flag */
    const char *kind;   /* "gost2001", "gost2012-256", "gost2012-512", also
                           where it is not computed; NULL: not known */
    const char *curve;  /* "CryptoPro-XchA"; NULL: not known */
    enum fault refused; /* why it is not opened here; FAULT_NONE: it is */
    char algorithm_oid[CONTAINER_OID_MAX], curve_oid[CONTAINER_OID_MAX];
};

void container_info_free(struct container_info *info);

/* An opened container: its key can sign. */
struct container {
    struct container_info info;
    gnutls_privkey_t key;
    uint8_t point[2 * ALGORITHM_KEY_MAX]; /* public, X ‖ Y little-endian */
    uint8_t *scalar;   /* secret memory, or NULL where the key never leaves */
    bool from_reserve; /* the first copy of the key is damaged */
};

/* Frees the key, wipes the scalar; *container becomes NULL. */
void container_free(struct container **container);

/* What a new container is to be. */
struct container_spec {
    const char *folder_name; /* "abcd1234.000": [a-z0-9]{1,8}.[0-9]{3} */
    const char *name;        /* the name inside, UTF-8; in CP1251 on disk */
    const struct algorithm *algorithm;
    const char *password; /* NULL or "": none */
    bool exportable;
    time_t key_not_after;                  /* end of the key's own period */
    const struct certificate *certificate; /* NULL: none yet */
};

struct material;
struct container_report;
struct container_files;

/* Tells whether what was read back is what was meant. */
typedef enum fault container_check(void *context,
                                   const struct container_files *files);

typedef enum fault container_visitor(void *context, const char *where,
                                     enum fault fault,
                                     const struct container_info *info);

/* Locations and containers are taken in the form that medium_find gives. */
struct medium_ops {
    const char *kind; /* "file" */

    /* Visit every key of every container of a location; a bad container
     * comes with its fault and info NULL and does not end the walk. The
     * visitor's fault does. */
    enum fault (*list)(const char *location, container_visitor *visit,
                       void *context);

    /* Read one without its password; free with container_info_free. */
    enum fault (*describe)(const char *where, struct container_info *info);

    /* Open it: every check of the container is made, the public key is
     * derived and compared. password NULL: none given. */
    enum fault (*open)(const char *where, const char *password,
                       struct container **container);

    /* Make a key pair in a new container, durably: on return it has been
     * written, flushed, read back and its public key compared; on a fault
     * nothing of it is there. Never overwrites (FAULT_EXISTS). container is
     * what was read back, as open gives it. */
    enum fault (*generate)(const char *location,
                           const struct container_spec *spec,
                           struct entropy *pool, struct container **container);

    /* The same with a key that exists (backup, restore). */
    enum fault (*store)(const char *location, const struct container_spec *spec,
                        const uint8_t *scalar, struct entropy *pool,
                        struct container **container);

    /* Write a certificate into the container. It must be for its key: the
     * caller has compared. Old or new is whole at every instant. */
    enum fault (*write_certificate)(const char *where,
                                    const struct certificate *certificate);

    /* All that a container holds, to be put in elsewhere (token/material.h),
     * opened as open does. FAULT_NOT_EXPORTABLE where one of its keys is
     * marked so. Free with material_free. */
    enum fault (*take_out)(const char *where, const char *password,
                           struct material **material);

    /* A new container of it, with all that generate promises, each key
     * compared; container is its first one. password NULL or "": none. */
    enum fault (*put_in)(const char *location, const char *folder_name,
                         const struct material *material, const char *password,
                         struct entropy *pool, struct container **container);

    /* The six files of a container as they are, for a copy that is the same
     * to the byte; NULL where the medium keeps none. What they hold, and
     * whether it may be copied, is not looked at
     * (token/container/container_copy.h). Free with container_files_free. */
    enum fault (*read_files)(const char *where, struct container_files **files);

    /* A new container of them, with all that generate promises; check sees
     * what was read back, already the same to the byte. Any name of a folder
     * will do that is not hidden. NULL as above. */
    enum fault (*write_files)(const char *location, const char *folder_name,
                              const struct container_files *files,
                              container_check *check, void *context);

    /* Everything there is to say of a container, checked
     * (token/report.h); password NULL: what can be checked without it. Free
     * with report_free. A damaged container is no fault but what the report
     * says; FAULT_NOT_FOUND, FAULT_NOT_CONTAINER, FAULT_NO_ACCESS … are. */
    enum fault (*inspect)(const char *where, const char *password,
                          struct container_report **report);

    /* Change, set (old_one NULL) or remove (new_one NULL or "") the password
     * of a container: every key is masked and encrypted anew. At every
     * instant one of the two opens it. */
    enum fault (*set_password)(const char *where, const char *old_one,
                               const char *new_one, struct entropy *pool);

    /* Whether a container could be made there: the location exists, can be
     * written, has no container of that name. Writes nothing that stays. */
    enum fault (*probe)(const char *location, const char *folder_name);
};

/* The table of a location, and the location made absolute and canonical
 * ("file:/…", LOCATION_MAX bytes). FAULT_LOCATION on an unknown kind. */
MUST_CHECK enum fault medium_find(const char *location,
                                  const struct medium_ops **ops,
                                  char *canonical);

#endif
