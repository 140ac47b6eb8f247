/* A message to or from the part that talks to a server: an operation's name
 * and fields, each a word and plain bytes, everything with a maximum. No
 * pointer, callback or handle of the caller's is in it, so the part that
 * reads what a server sends can live in a process of its own. */
#ifndef API_MESSAGE_H
#define API_MESSAGE_H

#include "api/document.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

enum {
    MESSAGE_FIELDS_MAX = 2048,
    MESSAGE_WORD_MAX = 96,            /* bytes, with the NUL */
    MESSAGE_VALUE_MAX = DOCUMENT_MAX, /* bytes of one value */
    MESSAGE_SIZE_MAX = MESSAGE_VALUE_MAX + 2 * 1024 * 1024
};

struct message;

/* Empty; NULL without memory. */
struct message *message_new(void);
void message_free(struct message **message);
void message_clear(struct message *message);

/* Set a field, replacing one of that word. Words are dotted paths:
 * "data.commonName", "certificates.0.thumbprint". A failure (too many, too
 * large, no memory) is sticky: message_failed. */
void message_put(struct message *message, const char *word, const void *value,
                 size_t size);
void message_put_text(struct message *message, const char *word,
                      const char *text);
bool message_failed(const struct message *message);

/* The value and its size (may be NULL), or NULL. A NUL stands behind it. */
const void *message_get(const struct message *message, const char *word,
                        size_t *size);

/* As text: NULL when absent or with a NUL inside. */
const char *message_text(const struct message *message, const char *word);

/* As a number not above max, or fallback when absent or anything else. */
long message_number(const struct message *message, const char *word, long max,
                    long fallback);

/* "true" of a field. */
bool message_true(const struct message *message, const char *word);

/* An RFC 3339 time in UTC, or 0. */
time_t message_time(const struct message *message, const char *word);

/* Walk: the i-th field, false past the last. */
bool message_field(const struct message *message, size_t i, const char **word,
                   const void **value, size_t *size);

#endif
