/* The password of a PFX file, and that of the containers made of one: what an
 * option gives or else a person types. */
#ifndef CLIENT_PFX_ASKED_H
#define CLIENT_PFX_ASKED_H

#include "client/renewal/renewal.h"
#include "client/screen/prompt.h"

struct asked {
    const char *file; /* of the option; NULL: none */
    long fd;          /* of the option; -1: none */
    const char *option;
    const char *question; /* translated, as the others */
    const char *again;    /* of a new one: the question of the second time */
    const char *without;  /* of a new one: asked where it is empty */
    bool usual_without;   /* Enter agrees to that */
    prompt_check *check;  /* of a new one; NULL: everything will do */
    void *data;           /* … which it is given */
    const char *wrong;    /* said when it does not open */
    enum outcome (*meaning)(enum fault fault);
};

/* A new one. Where it is not given and there is nobody to ask, it stays NULL.
 * On anything but OUTCOME_DONE failure says why. */
enum outcome asked_new(struct screen *screen, const struct asked *asked,
                       char **password, struct failure *failure);

/* Tries to open something; password NULL: without any. */
typedef enum fault asked_try(void *context, const char *password);

/* Open a PFX file with the one that is given or, where it takes one, with what
 * is typed, which may be mistyped twice. about is what failure names. */
enum outcome asked_open(struct screen *screen, const struct asked *asked,
                        asked_try *try, void *context, const char *about,
                        struct failure *failure);

#endif
