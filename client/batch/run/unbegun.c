#include "client/batch/run/unbegun.h"

#include "client/text.h"

#include <errno.h>
#include <sodium.h>
#include <string.h>

enum { DAY = 24 * 60 * 60 };

/* The place and what is wrong there, as told.h's word for a certificate:
 * places may have any characters in them. */
static void name_of(const char *where, enum outcome outcome,
                    char name[THUMBPRINT_TEXT])
{
    const char *word = outcome_row(outcome)->word;
    unsigned char digest[(THUMBPRINT_TEXT - 1) / 2];
    crypto_generichash_state state;

    crypto_generichash_init(&state, NULL, 0, sizeof(digest));
    crypto_generichash_update(&state, (const unsigned char *)word,
                              strlen(word) + 1);
    crypto_generichash_update(&state, (const unsigned char *)where,
                              strlen(where));
    crypto_generichash_final(&state, digest, sizeof(digest));
    sodium_bin2hex(name, THUMBPRINT_TEXT, digest, sizeof(digest));
}

enum outcome unbegun_open(struct unbegun *unbegun)
{
    *unbegun = (struct unbegun){.changed = false};
    if (paths_of(PATHS_STATE, "failures", unbegun->path) != 0)
        unbegun->path[0] = '\0';
    if (pthread_mutex_init(&unbegun->lock, NULL) != 0)
        return OUTCOME_MEMORY;
    if (told_read(&unbegun->told, unbegun->path) == OUTCOME_DONE)
        return OUTCOME_DONE;
    told_free(&unbegun->told);
    pthread_mutex_destroy(&unbegun->lock);
    return OUTCOME_MEMORY;
}

/* NULL without memory: it is told once more then. */
static struct told_row *row_of(struct unbegun *unbegun, const char *where,
                               enum outcome outcome, time_t now)
{
    char name[THUMBPRINT_TEXT];

    name_of(where, outcome, name);
    return told_of(&unbegun->told, name, now);
}

bool unbegun_was_told(struct unbegun *unbegun, const char *where,
                      enum outcome outcome, time_t now)
{
    struct told_row *row;
    bool told;

    pthread_mutex_lock(&unbegun->lock);
    row = row_of(unbegun, where, outcome, now);
    told = row != NULL && row->days[TOLD_COMMAND] != 0 &&
           row->end >= now - UNBEGUN_DAYS * (time_t)DAY;
    if (told)
        row->end = now;
    unbegun->changed |= told;
    pthread_mutex_unlock(&unbegun->lock);
    return told;
}

void unbegun_tell(struct unbegun *unbegun, const char *where,
                  enum outcome outcome, time_t now)
{
    struct told_row *row;

    pthread_mutex_lock(&unbegun->lock);
    row = row_of(unbegun, where, outcome, now);
    if (row != NULL) {
        row->days[TOLD_COMMAND] = 1;
        row->end = now;
        unbegun->changed = true;
    }
    pthread_mutex_unlock(&unbegun->lock);
}

void unbegun_close(struct unbegun *unbegun, struct screen *screen, time_t now)
{
    if (unbegun->changed &&
        told_write(&unbegun->told, unbegun->path, now) != OUTCOME_DONE)
        screen_say(screen,
                   _("Which failures were told cannot be noted, so they will "
                     "be told again. %s: %s"),
                   text_clean(unbegun->path).text, strerror(errno));
    told_free(&unbegun->told);
    pthread_mutex_destroy(&unbegun->lock);
}
