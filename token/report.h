/* Everything that there is to say of a container: for list, show, verify. */
#ifndef TOKEN_REPORT_H
#define TOKEN_REPORT_H

#include "keygen/chain.h"
#include "token/medium.h"

enum {
    REPORT_FILES = 6, /* as token/container/container_files.h orders them */
    REPORT_PAIRS = 2  /* the first, the reserve copy */
};

/* What a check said. */
enum check {
    CHECK_NOT_MADE, /* there is nothing to check, or it takes the password */
    CHECK_GOOD,
    CHECK_BAD
};

struct report_key {
    struct container_info info;
    /* Whether this key comes out of each pair and has the fingerprint. */
    enum check pair[REPORT_PAIRS];
    enum check certificate; /* whether it is for this key */
};

struct container_report {
    char where[LOCATION_MAX]; /* of the container, without suffix */
    char name[4 * CONTAINER_NAME_MAX];
    struct {
        const char *name; /* "header.key" */
        bool there;
        size_t size;      /* bytes */
        enum fault fault; /* why it could not be read */
    } file[REPORT_FILES];
    enum fault header;     /* FAULT_NONE: read, its checksum good */
    enum check header_mac; /* its checksum */
    bool has_password, has_reserve;
    enum check password;               /* whether the given one is right */
    enum check mask_mac[REPORT_PAIRS]; /* checksums of the masks */
    size_t keys;                       /* 0 where the header is bad */
    struct report_key key[CONTAINER_KEYS];
    struct chain chain; /* certificates of the header's extensions */
    bool shut;  /* what stands behind the PIN of its token was not looked at */
    bool whole; /* no check was bad, no file is missing or unread; of what was
                   looked at */
};

void report_free(struct container_report **report);

#endif
