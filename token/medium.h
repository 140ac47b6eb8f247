/* Where keys live. A medium is a table of functions, one per kind; nobody
 * above asks which kind it is.
 *
 * A location is a word: "file:DIR" a folder that holds containers, "local:"
 * short for file:$XDG_DATA_HOME/kep/containers, "rutoken:SERIAL" a token,
 * "rutoken:" the only one that is there, "pkcs11:…" a token behind a module
 * (RFC 7512). A container is a location plus "/NAME" (of a token:
 * "rutoken:48e243b5/0A00"; medium_join); a plain path of a folder is taken as
 * file: too.
 *
 * A container may have a password, and a token has a PIN: two things. A
 * password is handed to the functions here; a PIN is asked for by the medium
 * itself when it needs one (token/pin.h).
 *
 * A container holds one key or two (exchange and signature) under one
 * password. Its place means the first; with "?signature" behind it the
 * second: "file:/media/flash/abcd1234.000?signature". All that takes a place
 * takes either, so that nobody above has to know.
 *
 * A location in its canonical form is text without controls, whatever folders
 * are called (token/file/escape.h). */
#ifndef TOKEN_MEDIUM_H
#define TOKEN_MEDIUM_H

#include "keygen/algorithm.h"
#include "keygen/certificate.h"
#include "keygen/entropy.h"
#include "keygen/fault.h"
#include "keygen/overview.h"
#include "token/pin_owner.h"

#include <gnutls/abstract.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

enum {
    LOCATION_MAX = 4096,          /* bytes, with the NUL */
    CONTAINER_NAME_MAX = 128,     /* characters of the name inside */
    CONTAINER_PASSWORD_MAX = 256, /* characters */
    CONTAINER_KEYS = 2,
    CONTAINER_FINGERPRINT = 8,  /* bytes */
    CONTAINER_SUM = 32,         /* bytes; of container_files_sum */
    CONTAINER_OID_MAX = 64,     /* an OID in dotted form, with the NUL */
    CONTAINER_FOLDER_MAX = 129, /* "abcd1234.000", with the NUL */
    MEDIUM_LABEL_MAX = 128,     /* what a token says of itself */
    MEDIUM_KEY_MAX = 64         /* of medium_ops.exclusive, with the NUL */
};

#define CONTAINER_SECOND "?signature"

/* See medium_ops.exclusive: a token that goes without a number. */
#define MEDIUM_KEY_ANY "any token"

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
    /* Instead of it, from medium_ops.overview; then nothing is known of name,
     * fingerprint, period and fit. */
    struct overview *overview;

    bool resident;     /* made inside of its token, which it never leaves:
                          there are no files of it */
    bool misfit;       /* the certificate is for another key, as the
                          fingerprint tells */
    unsigned keys;     /* in the container: 1 or 2 */
    bool second;       /* this is the second */
    unsigned flags;    /* of enum container_flag */
    const char *kind;  /* "gost2001", "gost2012-256", "gost2012-512", also
                          where it is not computed; NULL: not known */
    const char *curve; /* "CryptoPro-XchA"; NULL: not known */
    bool has_fingerprint;
    uint8_t fingerprint[CONTAINER_FINGERPRINT]; /* the public key's beginning:
                                                   of X, little-endian */
    enum fault refused; /* why it is not opened here; FAULT_NONE: it is */
    char algorithm_oid[CONTAINER_OID_MAX], curve_oid[CONTAINER_OID_MAX];
};

void container_info_free(struct container_info *info);

/* Whether a certificate seems to be for this key: its algorithm and
 * fingerprint are known and the same. Whoever needs to know opens it. */
bool container_info_fits(const struct container_info *info,
                         const struct certificate *certificate);

struct external_key;

/* An opened container: its key can sign. */
struct container {
    struct container_info info;
    gnutls_privkey_t key;
    uint8_t point[2 * ALGORITHM_KEY_MAX]; /* public, X ‖ Y little-endian */
    uint8_t *scalar;   /* secret memory, or NULL where the key never leaves */
    bool from_reserve; /* the first copy of the key is damaged */
    /* Of the files that the key came out of: those with the same one give the
     * same key again. Zero where there are none or one is damaged. */
    uint8_t sum[CONTAINER_SUM];
    /* Of a key that stays on its token (keygen/external_key.h), else NULL: it
     * tells the public key, which GnuTLS cannot ask for, and why the key did
     * not sign. Not owned, lives as long as the key. */
    struct external_key *external;
};

/* Why its key did not sign the last time; FAULT_NONE where it did, or where
 * only GnuTLS knows. */
enum fault container_fault(const struct container *container);

/* Frees the key, wipes the scalar; *container becomes NULL. */
void container_free(struct container **container);

/* What a new container is to be. */
struct container_spec {
    const char *folder_name; /* as medium_ops.name gives it: on a disk
                                "abcd1234.000": [a-z0-9]{1,8}.[0-9]{3} */
    const char *name;        /* the name inside, UTF-8; in CP1251 on disk */
    const struct algorithm *algorithm;
    const char *password; /* NULL or "": none */
    bool exportable;
    bool resident;                         /* make it inside of the token */
    time_t key_not_after;                  /* end of the key's own period */
    const struct certificate *certificate; /* NULL: none yet */
};

/* How much of a container is looked at: what anybody may read, or all, for
 * which a token wants its PIN. */
enum medium_depth { MEDIUM_PUBLIC, MEDIUM_WHOLE };

struct material;
struct container_report;
struct container_files;

/* Tells whether what was read back is what was meant. */
typedef enum fault container_check(void *context,
                                   const struct container_files *files);

typedef enum fault container_visitor(void *context, const char *where,
                                     enum fault fault,
                                     const struct container_info *info);

/* What is to be said of a medium that is there. */
struct medium_info {
    char location[LOCATION_MAX]; /* "rutoken:48e243b5" */
    char reader[MEDIUM_LABEL_MAX];
    char model[MEDIUM_LABEL_MAX];    /* "Rutoken ECP"; "": not known */
    char label[MEDIUM_LABEL_MAX];    /* given by a person; "": none */
    char serial[MEDIUM_LABEL_MAX];   /* as it is printed on it */
    char firmware[MEDIUM_LABEL_MAX]; /* "30.02"; "": not told */
    uint64_t memory, memory_free;    /* bytes; 0: not told */
    bool makes_keys;                 /* that never leave it */
    bool has_pin, pin_blocked;
    bool pin_low, pin_last;        /* few tries left, one */
    bool pin_pad;                  /* it is entered at the reader alone */
    bool pin_factory;              /* is still to be changed, it says */
    int pin_tries, pin_most_tries; /* left; of an unspent one; -1: not told */
    size_t pin_least, pin_most;    /* bytes; 0: not told */
};

/* One that is there, or why it cannot be used (info NULL; where: its location
 * or its reader). The visitor's fault ends the walk. */
typedef enum fault medium_visitor(void *context, const char *where,
                                  enum fault fault,
                                  const struct medium_info *info);

/* Whether to stop waiting. */
typedef bool medium_stop(void *context);

/* Locations and containers are taken in the form that medium_find gives. */
struct medium_ops {
    const char *kind; /* "file" */

    /* All its keys are made inside of it and never leave it: they have no
     * password of their own, need no randomness from here, and have no
     * copy. */
    bool inside_only;

    /* --- the medium; NULL where there is nothing to be said or done --- */

    /* Visit those of this kind that are there now. FAULT_NO_SERVICE,
     * FAULT_NO_READER … where that cannot be known. */
    enum fault (*present)(medium_visitor *visit, void *context);

    /* What there is to say of it, without its PIN. */
    enum fault (*look)(const char *location, struct medium_info *info);

    /* Enter a PIN and leave at once: whether it is right. The medium asks
     * for it as it always does (token/pin.h). */
    enum fault (*enter)(const char *location, enum pin_owner owner);

    /* Put another PIN in, which its caller has had checked (pin_check), NULL
     * for one of pin_pad; the old one the medium asks for. Old or new is right
     * at every instant. FAULT_PIN_RIGHT where its owner may not. */
    enum fault (*change_pin)(const char *location, enum pin_owner owner,
                             const char *new_one);

    /* Give the user's PIN its tries back, as the administrator, whose PIN the
     * medium asks for; with new_one (as above) put that in too, else NULL.
     * FAULT_PIN_RIGHT where only the user may put one in: the tries are back
     * then. */
    enum fault (*unblock)(const char *location, const char *new_one);

    /* Its unblock does nothing without a new PIN. */
    bool unblocks_anew;

    /* Wait until it is there. stop is asked at least every second; then
     * FAULT_INTERRUPTED. */
    enum fault (*await)(const char *location, medium_stop *stop, void *context);

    /* Two jobs whose media have the same key are not run at once; "" none,
     * MEDIUM_KEY_ANY where it is not said which medium is meant.
     * MEDIUM_KEY_MAX bytes. */
    void (*exclusive)(const char *location, char *key);

    /* --- names; NULL: a slash stands between --- */

    /* The place of a container; the location that a place is in. Called
     * through medium_join, medium_home. */
    enum fault (*join)(const char *location, const char *folder, char *where);
    enum fault (*home)(const char *where, char *location);

    /* The name for a new container to try as the n-th (from 0), into
     * CONTAINER_FOLDER_MAX bytes: wanted and others like it, where the medium
     * takes such (NULL: none is wanted), else one of its own. inside: what key
     * is to be made inside of it; NULL: it is not. FAULT_SLOTS where no more
     * can be made, FAULT_NOT_RESIDENT where no such key can. */
    enum fault (*name)(const char *location, const char *wanted,
                       const struct algorithm *inside, unsigned n,
                       char *folder);

    /* --- its containers --- */

    /* Visit every key of every container of a location; a bad container
     * comes with its fault and info NULL and does not end the walk. The
     * visitor's fault does. */
    enum fault (*list)(const char *location, container_visitor *visit,
                       void *context);

    /* The same for who only looks: a container that has a certificate may come
     * with an overview of it, which is read faster. NULL: list is as fast. */
    enum fault (*overview)(const char *location, container_visitor *visit,
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
     * (token/report.h); password NULL: what can be checked without it. With
     * MEDIUM_WHOLE a key that never leaves its token signs something. Free
     * with report_free. A damaged container is no fault but what the report
     * says; FAULT_NOT_FOUND, FAULT_NOT_CONTAINER, FAULT_NO_ACCESS … are. */
    enum fault (*inspect)(const char *where, enum medium_depth depth,
                          const char *password,
                          struct container_report **report);

    /* Change, set (old_one NULL) or remove (new_one NULL or "") the password
     * of a container: every key is masked and encrypted anew. At every
     * instant one of the two opens it. */
    enum fault (*set_password)(const char *where, const char *old_one,
                               const char *new_one, struct entropy *pool);

    /* Whether a container could be made there: the location exists, can be
     * written, has no container of that name (NULL: of any name);
     * FAULT_ARGUMENT: it cannot have one of that name. Writes nothing that
     * stays. */
    enum fault (*probe)(const char *location, const char *folder_name);

    /* Destroy a container. For persons who name it; nothing here does it by
     * itself. NULL: not offered. */
    enum fault (*remove)(const char *where);
};

/* Walk the kinds: NULL past the end. "file" is the first. */
const struct medium_ops *medium_at(size_t i);

/* Of which kind a location or a container is, by its word alone; NULL: it has
 * no word of a kind, and may be a path. */
const struct medium_ops *medium_kind(const char *location);

/* The place of a container in a location, LOCATION_MAX bytes; and back. */
MUST_CHECK enum fault medium_join(const struct medium_ops *ops,
                                  const char *location, const char *folder,
                                  char *where);
MUST_CHECK enum fault medium_home(const struct medium_ops *ops,
                                  const char *where, char *location);

/* medium_ops.exclusive, "" where the kind has none. */
void medium_exclusive(const struct medium_ops *ops, const char *location,
                      char key[MEDIUM_KEY_MAX]);

/* The table of a location, and the location made absolute and canonical
 * ("file:/…", LOCATION_MAX bytes). FAULT_LOCATION on an unknown kind; where a
 * token must be looked for, what its kind says (FAULT_NO_TOKEN,
 * FAULT_TOKEN_SEVERAL …). */
MUST_CHECK enum fault medium_find(const char *location,
                                  const struct medium_ops **ops,
                                  char *canonical);

#endif
