/* What can go wrong below the client, as one word.
 *
 * Every function of keygen/ and token/ that can fail returns one of these;
 * client/outcome/outcome.c turns it into a sentence, a JSON word and an exit
 * status.
 */
#ifndef KEYGEN_FAULT_H
#define KEYGEN_FAULT_H

enum fault {
    FAULT_NONE = 0,
    FAULT_MEMORY,          /* no memory */
    FAULT_LIBRARY,         /* a cryptographic library refused its work */
    FAULT_ARGUMENT,        /* a value that a caller may not pass */
    FAULT_TOO_LARGE,       /* longer than its maximum */
    FAULT_ENTROPY,         /* the entropy failed its health tests */
    FAULT_UNSUPPORTED,     /* an algorithm or curve not computed here */
    FAULT_OLD_FORMAT,      /* a container of a format no longer read */
    FAULT_CERTIFICATE,     /* not a certificate that can be read */
    FAULT_REQUEST,         /* not a certificate request that can be read */
    FAULT_NAME,            /* a name breaks the rules of its attributes */
    FAULT_SIGNATURE,       /* a signature does not verify */
    FAULT_SIGNER,          /* signed by another certificate than stated */
    FAULT_CHAIN,           /* no chain to a trusted root */
    FAULT_REVOKED,         /* revoked by its issuer */
    FAULT_EXPIRED,         /* no longer or not yet valid */
    FAULT_PROFILE,         /* not the form of a qualified certificate */
    FAULT_KEY_MISMATCH,    /* the certificate is for another key */
    FAULT_NOT_FOUND,       /* no such file, folder or container */
    FAULT_EXISTS,          /* there is one of that name already */
    FAULT_NOT_CONTAINER,   /* a folder without the files of a container */
    FAULT_DAMAGED,         /* a container whose checks fail */
    FAULT_PASSWORD_NEEDED, /* it has a password and none was given */
    FAULT_PASSWORD_WRONG,  /* the password does not open it */
    FAULT_NO_CERTIFICATE,  /* the container holds no certificate */
    FAULT_NO_ACCESS,       /* the permissions forbid it */
    FAULT_READ_ONLY,       /* the medium cannot be written */
    FAULT_FULL,            /* no space left on the medium */
    FAULT_IO,              /* the medium answered with an error */
    FAULT_LOCATION,        /* a location of no known kind */
    FAULT_NOT_EXPORTABLE,  /* the key may not be copied */
    FAULT_NOT_ARCHIVE,     /* a file that is no sealed archive */
    FAULT_ARCHIVE_NEWER,   /* of a version or with demands not known here */
    FAULT_ARCHIVE_CUT,     /* the end of the archive is missing */
    FAULT_ARCHIVE_DAMAGED, /* the archive is not as it was written */
    FAULT_PASSPHRASE,      /* the passphrase does not open the archive */
    FAULT_CANCELLED,       /* the person does not want it */
    FAULT_INTERRUPTED,     /* a signal, or a wait that was ended */
    FAULT_NO_SERVICE,      /* the PC/SC service does not run */
    FAULT_NO_READER,       /* no reader is plugged in */
    FAULT_NO_TOKEN,        /* no token is, or not the one that is meant */
    FAULT_TOKEN_SEVERAL,   /* more than one, and it was not said which */
    FAULT_TOKEN_UNKNOWN,   /* of a kind that is not known here */
    FAULT_TOKEN_BUSY,      /* another program has it for itself */
    FAULT_TOKEN_GONE,      /* pulled out, or reset, in the middle */
    FAULT_TOKEN_ANSWER,    /* it answers what makes no sense */
    FAULT_TOKEN_REFUSED,   /* it does not do that, or not now */
    FAULT_TOKEN_SPACE,     /* too little memory is free on it */
    FAULT_SLOTS,           /* no free place for one more container */
    FAULT_UNFINISHED,      /* a container that was begun and not finished */
    FAULT_RESIDENT,        /* the key never leaves its token */
    FAULT_NOT_RESIDENT,    /* the medium makes no keys that never leave it */
    FAULT_PIN_NEEDED,      /* the token has a PIN and there is nobody to ask */
    FAULT_PIN_WRONG,       /* the token did not accept the PIN */
    FAULT_PIN_LAST,        /* one try is left, and it was not spent */
    FAULT_PIN_BLOCKED,     /* no tries are left */
    FAULT_PIN_LENGTH,      /* shorter or longer than the token takes */
    FAULT_PIN_WEAK,        /* a rule of the token forbids the new one */
    FAULT_PIN_CHANGE,      /* the token wants another PIN first */
    FAULT_PIN_UNANSWERED,  /* the token said nothing of it, and is not asked
                              again */
    FAULT_PIN_UNSEEN,      /* the token was open, and did not look at it */
    FAULT_PIN_AT_READER,   /* it is entered there, and nobody is to do it */
    FAULT_PIN_RIGHT,       /* whoever is logged in may not put one in */
    FAULT_MODULE_MISSING,  /* there is no such PKCS#11 module */
    FAULT_INSIDE_ONLY,     /* the medium takes no keys made elsewhere */
    FAULT_NO_PIN,          /* the medium has none */
    FAULT_PIN_INSTEAD,     /* the medium has a PIN, its keys no passwords */
    FAULT_MODULE_BAD,      /* what is there is none, or does not start */
    FAULT_COUNT
};

/* A stable word for logs and tests ("passwordWrong"); never NULL. */
const char *fault_word(enum fault fault);

#define MUST_CHECK __attribute__((warn_unused_result))

#endif
