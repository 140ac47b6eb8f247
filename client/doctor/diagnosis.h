/* What kep doctor finds: a row for each thing that was looked at. */
#ifndef CLIENT_DOCTOR_DIAGNOSIS_H
#define CLIENT_DOCTOR_DIAGNOSIS_H

#include "client/commands/commands.h"
#include "client/view/page.h"

#include <json-c/json.h>
#include <stdbool.h>

enum diagnosis_state {
    DIAGNOSIS_GOOD,
    DIAGNOSIS_ABSENT, /* not there, and not needed by everybody */
    DIAGNOSIS_BAD
};

struct diagnosis {
    const struct desk *desk;
    struct page page;
    struct json_object *checks; /* NULL: no JSON is wanted */
    bool bad;                   /* something was */
};

/* Say one: check is a word for programs ("pcsc"), label what people call it,
 * text what is so, and advice what to do about it (NULL: nothing). All are
 * ready for a terminal. */
void diagnosis_add(struct diagnosis *diagnosis, const char *check,
                   const char *label, enum diagnosis_state state,
                   const char *text, const char *advice);

/* The same of an outcome: its sentence and its advice; about: what it is
 * about, foreign text, or NULL. */
void diagnosis_add_outcome(struct diagnosis *diagnosis, const char *check,
                           const char *label, enum diagnosis_state state,
                           enum outcome outcome, const char *about);

/* diagnosis_tokens.c: services, readers, tokens, modules. */
void diagnosis_tokens(struct diagnosis *diagnosis);

/* diagnosis_server.c: the enrollment server, the clock, the roots. */
void diagnosis_server(struct diagnosis *diagnosis);

/* diagnosis_place.c: the state of kep, its own place for containers, memory. */
void diagnosis_place(struct diagnosis *diagnosis);

/* diagnosis_rights.c: whether others may change the settings, the state, the
 * containers here, the certificates that are trusted. */
void diagnosis_rights(struct diagnosis *diagnosis);

#endif
