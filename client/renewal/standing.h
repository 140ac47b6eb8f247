/* How a certificate stands: whether renewal is offered and if not why, what
 * has come of one that was begun, whether there is a copy. What the
 * certificate says, and what the journal knows. */
#ifndef CLIENT_RENEWAL_STANDING_H
#define CLIENT_RENEWAL_STANDING_H

#include "client/renewal/journal.h"
#include "keygen/certificate.h"
#include "token/medium.h"

enum standing_state {
    STANDING_NONE,      /* too early, or it cannot be renewed: see offer */
    STANDING_DUE,       /* offered */
    STANDING_EXCLUDED,  /* the centre has said no: see offer, said */
    STANDING_BEGUN,     /* a renewal is open */
    STANDING_REQUESTED, /* … and waits for the certificate */
    STANDING_RECEIVED,  /* … which has come and is not installed yet */
    STANDING_RENEWED,   /* there is a new one */
    STANDING_STATES
};

struct standing {
    enum standing_state state;
    enum outcome offer;   /* OUTCOME_DONE: due; else why not */
    time_t said;          /* of state EXCLUDED: when; it may have changed */
    struct record record; /* of state BEGUN and later; of NONE and DUE the
                             last one, where its application came to nothing;
                             else empty */
    bool late;            /* of REQUESTED: it should have come by now */
    bool made_here;       /* a renewal made it */
    bool has_copy;        /* of that one's container */
    bool copy_gone;       /* it is not there, where its folder is */
    char copy[4096];      /* where; "": not known */
    char original[4096];  /* that container itself; "": not known */
};

/* journal NULL: nothing is known; container: it is one of a key, of which
 * copies may be known. Free with standing_free. */
void standing_find(struct standing *standing, struct journal *journal,
                   const struct certificate *certificate, bool container,
                   time_t now, long window);
void standing_free(struct standing *standing);

/* Whether it is over, or a renewal put a new one in its place: its key is
 * kept for reading old documents. journal as above. */
bool standing_is_past(struct journal *journal,
                      const struct certificate *certificate, time_t now);

/* The same of one of which a list has seen no more than that; where: its
 * container. */
bool standing_is_past_at(struct journal *journal, const char *where,
                         time_t not_after, time_t now);

/* A word for scripts ("due", "excluded" …). */
const char *standing_word(enum standing_state state);

/* The line for people; where: its place, for the command to run. Into out,
 * which is returned. */
char *standing_sentence(const struct standing *standing, bool container,
                        const char *where, char *out, size_t size);

/* The last renewal, where its application came to nothing (rejected, not
 * issued) and nothing was begun since; NULL: there is none. */
const struct record *standing_failed(const struct standing *standing);

/* What became of that, for people; where standing_failed is not NULL. Into
 * out, which is returned. */
char *standing_failure(const struct standing *standing, char *out, size_t size);

/* What to do with it besides: make a copy, unless it can have none, keep it
 * for old documents. False: nothing. */
bool standing_advice(const struct standing *standing,
                     const struct container_info *container, time_t now,
                     char *out, size_t size);

#endif
