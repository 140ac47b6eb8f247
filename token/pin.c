#include "token/pin.h"

#include "keygen/secret.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What is known of one PIN of a token. */
struct known {
    struct known *next;
    struct pin_state state;
    char *pin;          /* secret memory, or NULL */
    bool accepted;      /* by the token, in this run: that was told */
    enum fault verdict; /* of the last one that was sent in this run and is not
                           known any more: FAULT_PIN_WRONG or _UNANSWERED */
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct known *first; /* of the tokens of this run, in no order */
static const struct pin_source *source;
static _Thread_local struct pin_state last; /* that was noted */

/* --- what is known; under the mutex -------------------------------------- */

static struct known *find(const char *location, enum pin_owner owner)
{
    struct known *row = first;

    while (row != NULL && (strcmp(row->state.location, location) != 0 ||
                           row->state.owner != owner))
        row = row->next;
    return row;
}

/* The row of a PIN, made where there is none; NULL without memory. */
static struct known *row_of(const char *location, enum pin_owner owner)
{
    struct known *row = find(location, owner);

    if (row != NULL)
        return row;
    row = calloc(1, sizeof *row);
    if (row == NULL)
        return NULL;
    (void)snprintf(row->state.location, sizeof row->state.location, "%s",
                   location);
    row->state.owner = owner;
    row->next = first;
    first = row;
    return row;
}

static enum fault keep(const char *location, enum pin_owner owner,
                       const char *pin)
{
    struct known *row;
    char *copy = secret_copy(pin, strlen(pin));

    if (copy == NULL)
        return FAULT_MEMORY;
    pthread_mutex_lock(&mutex);
    row = row_of(location, owner);
    if (row != NULL) {
        secret_free(&row->pin);
        row->pin = copy;
        row->verdict = FAULT_NONE;
        copy = NULL;
    }
    pthread_mutex_unlock(&mutex);
    secret_free(&copy);
    return row != NULL ? FAULT_NONE : FAULT_MEMORY;
}

static void note(const struct pin_state *state)
{
    struct known *row;

    last = *state;
    pthread_mutex_lock(&mutex);
    row = row_of(state->location, state->owner);
    if (row != NULL)
        row->state = *state;
    pthread_mutex_unlock(&mutex);
}

/* NULL where there is none. It is the caller's, and no longer known: it comes
 * back when the token has accepted it. right: it has before. */
static char *take(const struct pin_state *state, bool *right)
{
    struct known *row;
    char *pin = NULL;

    *right = false;
    pthread_mutex_lock(&mutex);
    row = find(state->location, state->owner);
    if (row != NULL) {
        *right = row->accepted;
        pin = row->pin;
        row->pin = NULL;
    }
    pthread_mutex_unlock(&mutex);
    return pin;
}

static void note_verdict(const struct pin_state *state, enum fault verdict)
{
    struct known *row;

    pthread_mutex_lock(&mutex);
    row = row_of(state->location, state->owner);
    if (row != NULL) {
        row->verdict = verdict;
        row->accepted = false;
    }
    pthread_mutex_unlock(&mutex);
}

enum fault pin_verdict(const char *location, enum pin_owner owner)
{
    const struct known *row;
    enum fault verdict;

    pthread_mutex_lock(&mutex);
    row = find(location, owner);
    verdict = row != NULL ? row->verdict : FAULT_NONE;
    pthread_mutex_unlock(&mutex);
    return verdict;
}

/* Whether it is the first time that the token accepts one. */
static bool is_first(const struct pin_state *state)
{
    struct known *row;
    bool is_new;

    pthread_mutex_lock(&mutex);
    row = row_of(state->location, state->owner);
    is_new = row != NULL && !row->accepted;
    if (row != NULL)
        row->accepted = true;
    pthread_mutex_unlock(&mutex);
    return is_new;
}

/* --- the source ---------------------------------------------------------- */

void pin_use(const struct pin_source *from)
{
    source = from;
}

enum fault pin_know(const char *location, enum pin_owner owner, const char *pin)
{
    return location[0] == '\0' || strlen(pin) > PIN_MAX
               ? FAULT_PIN_LENGTH
               : keep(location, owner, pin);
}

size_t pin_least(const struct pin_state *state)
{
    return state->least > 0 ? state->least : 1;
}

size_t pin_most(const struct pin_state *state)
{
    return state->most > 0 && state->most < PIN_MAX ? state->most : PIN_MAX;
}

enum fault pin_check(const struct pin_state *state, const char *pin)
{
    const size_t size = strlen(pin);

    return size < pin_least(state) || size > pin_most(state) ? FAULT_PIN_LENGTH
                                                             : FAULT_NONE;
}

const char *pin_factory(enum pin_owner owner)
{
    static const char *const factory[] = {
        [PIN_OWNER_USER] = "12345678",
        [PIN_OWNER_ADMINISTRATOR] = "87654321",
    };

    return factory[owner];
}

enum fault pin_refuse(const struct pin_question *question)
{
    if (question->wrong)
        return FAULT_PIN_WRONG;
    if (question->unanswered)
        return FAULT_PIN_UNANSWERED;
    if (question->state->pad)
        return FAULT_PIN_AT_READER;
    return question->state->last ? FAULT_PIN_LAST : FAULT_PIN_NEEDED;
}

bool pin_seen(const char *location, enum pin_owner owner,
              struct pin_state *state)
{
    const struct known *row;
    bool seen;

    pthread_mutex_lock(&mutex);
    row = find(location, owner);
    seen = row != NULL && row->state.token[0] != '\0';
    if (seen)
        *state = row->state;
    pthread_mutex_unlock(&mutex);
    return seen;
}

bool pin_seen_last(struct pin_state *state)
{
    *state = last;
    return last.location[0] != '\0';
}

void pin_forget(const char *location)
{
    struct known *row;

    pthread_mutex_lock(&mutex);
    for (row = first; row != NULL && location != NULL; row = row->next)
        if (strcmp(row->state.location, location) == 0) {
            secret_free(&row->pin);
            row->accepted = false;
        }
    while (location == NULL && first != NULL) {
        row = first;
        first = row->next;
        secret_free(&row->pin);
        free(row);
    }
    pthread_mutex_unlock(&mutex);
}

/* --- entering ------------------------------------------------------------ */

/* One PIN to be sent, and what was known when it was given. */
struct entry {
    struct pin_state state;
    struct pin_question question;
    bool sent;
    char *pin;  /* secret memory, or NULL */
    bool right; /* the token has accepted it before */
};

static enum fault ask(const struct pin_door *door, void *token,
                      struct entry *entry)
{
    enum fault fault;

    if (source == NULL)
        return pin_refuse(&entry->question);
    if (door->release != NULL)
        door->release(token);
    entry->question.last_word = false;
    fault = source->ask(source->context, &entry->question, &entry->pin);
    if (fault == FAULT_NONE && entry->pin == NULL && !entry->state.pad)
        fault = FAULT_PIN_NEEDED;
    if (fault == FAULT_NONE && door->regain != NULL)
        fault = door->regain(token);
    return fault;
}

/* The tries are read again: they may have become fewer while a person
 * thought. What was agreed to was not the last one then. */
static enum fault look(const struct pin_door *door, void *token,
                       struct entry *entry)
{
    enum fault fault;

    memset(&entry->state, 0, sizeof entry->state);
    fault = door->look(token, &entry->state);
    if (fault == FAULT_NONE)
        note(&entry->state);
    if (fault == FAULT_NONE && entry->state.blocked)
        fault = FAULT_PIN_BLOCKED;
    return fault;
}

/* Whether it can be sent: the token may be another than when it was asked for.
 */
static enum fault check(const struct entry *entry)
{
    if (entry->state.pad)
        return FAULT_NONE;
    return entry->pin == NULL ? FAULT_PIN_NEEDED
                              : pin_check(&entry->state, entry->pin);
}

/* Whether the token has said nothing of a PIN that was sent: it may have looked
 * at it all the same. */
static bool is_silence(enum fault fault)
{
    static const enum fault silences[] = {FAULT_TOKEN_GONE, FAULT_NO_TOKEN,
                                          FAULT_NO_READER, FAULT_NO_SERVICE,
                                          FAULT_TOKEN_ANSWER};

    for (size_t i = 0; i < sizeof silences / sizeof silences[0]; i++)
        if (silences[i] == fault)
            return true;
    return false;
}

/* What was said of one that was sent, if anything. One that was right before is
 * right still, and one that was not looked at is still to be. */
static enum fault settle(const struct entry *entry, enum fault fault)
{
    const bool silence = is_silence(fault);

    if (fault == FAULT_NONE || fault == FAULT_PIN_UNSEEN ||
        (silence && entry->right))
        return keep(entry->state.location, entry->state.owner, entry->pin) ==
                       FAULT_NONE
                   ? fault
                   : FAULT_MEMORY;
    if (silence || fault == FAULT_PIN_WRONG)
        note_verdict(&entry->state,
                     silence ? FAULT_PIN_UNANSWERED : FAULT_PIN_WRONG);
    return fault;
}

static enum fault send(const struct pin_door *door, void *token,
                       struct entry *entry)
{
    const bool typed = !entry->state.pad;
    enum fault fault = check(entry);

    if (fault == FAULT_NONE && entry->state.last && !entry->question.last_word)
        fault = FAULT_PIN_LAST;
    if (fault != FAULT_NONE)
        return fault;
    entry->sent = true;
    fault = typed ? door->verify(token, entry->pin, strlen(entry->pin))
                  : door->verify(token, NULL, 0);
    if (typed)
        fault = settle(entry, fault);
    /* How many tries are left now is part of what is told. */
    if (fault == FAULT_PIN_WRONG && look(door, token, entry) != FAULT_NONE)
        fault = entry->state.blocked ? FAULT_PIN_BLOCKED : fault;
    return fault;
}

static void tell(const struct entry *entry)
{
    if (source != NULL && source->accepted != NULL)
        source->accepted(source->context, &entry->state,
                         !entry->state.pad && entry->state.factory[0] != '\0' &&
                             strcmp(entry->state.factory, entry->pin) == 0);
}

/* One PIN: the one that is known, unless there is but one try; else the
 * source's. */
static enum fault try_one(const struct pin_door *door, void *token,
                          struct entry *entry)
{
    enum fault fault = look(door, token, entry), verdict;

    entry->question.state = &entry->state;
    if (fault == FAULT_NONE && !entry->question.wrong && !entry->state.last &&
        !entry->state.pad)
        entry->pin = take(&entry->state, &entry->right);
    if (fault == FAULT_NONE && entry->pin == NULL) {
        verdict = pin_verdict(entry->state.location, entry->state.owner);
        entry->question.wrong |= verdict == FAULT_PIN_WRONG;
        entry->question.unanswered = verdict == FAULT_PIN_UNANSWERED;
        entry->right = false;
        fault = ask(door, token, entry);
        if (fault == FAULT_NONE)
            fault = look(door, token, entry);
    }
    if (fault == FAULT_NONE)
        fault = send(door, token, entry);
    if (fault == FAULT_NONE && is_first(&entry->state))
        tell(entry);
    return fault;
}

enum fault pin_enter(const struct pin_door *door, void *token)
{
    struct entry *entry = secret_new(sizeof *entry);
    enum fault fault = FAULT_MEMORY;

    if (entry == NULL)
        return fault;
    do {
        entry->sent = false;
        fault = try_one(door, token, entry);
        secret_free(&entry->pin);
        entry->question.wrong = fault == FAULT_PIN_WRONG;
        /* A person may give another one. */
    } while (fault == FAULT_PIN_WRONG && entry->sent && source != NULL);
    secret_free(&entry);
    return fault;
}
