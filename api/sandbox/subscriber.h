/* A new subscriber: his key in a container, his certificate, his phone. */
#ifndef API_SANDBOX_SUBSCRIBER_H
#define API_SANDBOX_SUBSCRIBER_H

#include "keygen/algorithm.h"
#include "keygen/certificate.h"
#include "keygen/fault.h"
#include "token/medium.h"

#include <stdbool.h>
#include <time.h>

struct subscriber {
    const char *dir;       /* of the sandbox */
    const char *location;  /* where the container is to be */
    const char *phone;     /* 11 digits */
    const char *full_name; /* NULL: an invented one */
    const char *folder;    /* of the container; NULL: a random one */
    const char *password;  /* of the container; NULL: none */
    const struct algorithm *algorithm;
    bool legal_entity;
    time_t now;
    time_t begin, end, key_end; /* of the certificate and of its key */
};

/* Whether it is a telephone of the sandbox: 79 and nine digits. */
bool subscriber_is_phone(const char *text);

/* What became of it. */
struct subscriber_made {
    char container[LOCATION_MAX];
    char thumbprint[THUMBPRINT_TEXT];
    const char *failed; /* which part failed: "--name" … */
    const char *why;    /* in a word or in SQLite's words */
    char text[256];     /* where why points at no constant */
};

/* Make the container and the certificate in it, then register both with the
 * phone. False: made->failed and made->why say what went wrong; a container
 * that was made by then stays. */
MUST_CHECK bool subscriber_make(const struct subscriber *wanted,
                                struct subscriber_made *made);

#endif
