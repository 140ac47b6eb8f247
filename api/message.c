#include "api/message.h"

#include "api/date.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/* One block of memory: the value, a NUL, the word. It stays for the next field
 * that fits in when the message is cleared: answers resemble each other. */
struct field {
    uint32_t hash; /* of the word, so that a search compares few words */
    char *value;
    size_t size, room;
};

struct message {
    struct field *fields; /* those behind count have memory, too, or NULL */
    size_t count, room;
    size_t size; /* of all words and values */
    bool failed;
};

/* FNV-1a. */
static uint32_t hash_word(const char *word)
{
    uint32_t hash = 2166136261u;

    for (; *word != '\0'; word++)
        hash = (hash ^ (uint8_t)*word) * 16777619u;
    return hash;
}

static const char *word_of(const struct field *field)
{
    return field->value + field->size + 1;
}

static struct field *find_hashed(const struct message *message,
                                 const char *word, uint32_t hash)
{
    for (size_t i = 0; i < message->count; i++) {
        struct field *field = &message->fields[i];

        if (field->hash == hash && strcmp(word_of(field), word) == 0)
            return field;
    }
    return NULL;
}

static struct field *find(const struct message *message, const char *word)
{
    return find_hashed(message, word, hash_word(word));
}

struct message *message_new(void)
{
    return calloc(1, sizeof(struct message));
}

void message_clear(struct message *message)
{
    for (size_t i = 0; i < message->count; i++)
        sodium_memzero(message->fields[i].value, message->fields[i].size);
    message->count = message->size = 0;
    message->failed = false;
}

void message_free(struct message **message)
{
    if (*message == NULL)
        return;
    message_clear(*message);
    for (size_t i = 0; i < (*message)->room; i++)
        free((*message)->fields[i].value);
    free((*message)->fields);
    free(*message);
    *message = NULL;
}

/* Room for one field more. */
static int grow(struct message *message)
{
    size_t room = message->room == 0 ? 64 : message->room * 2;
    struct field *fields;

    if (message->count < message->room)
        return 0;
    if (message->count >= MESSAGE_FIELDS_MAX)
        return -1;
    fields = calloc(room, sizeof *fields);
    if (fields == NULL)
        return -1;
    if (message->count > 0)
        memcpy(fields, message->fields, message->count * sizeof *fields);
    free(message->fields);
    message->fields = fields;
    message->room = room;
    return 0;
}

/* The next field, which does not count yet. */
static struct field *next(struct message *message, size_t word_size)
{
    if (word_size == 1 || word_size > MESSAGE_WORD_MAX || grow(message) != 0)
        return NULL;
    message->fields[message->count].size = 0;
    return &message->fields[message->count];
}

static bool fits(const struct message *message, const struct field *old,
                 size_t size)
{
    size_t others = message->size - (old == NULL ? 0 : old->size);

    return size <= MESSAGE_VALUE_MAX &&
           others <= MESSAGE_SIZE_MAX - MESSAGE_WORD_MAX - size;
}

/* In memory of its own where it is not the next: what comes may be a part of
 * what goes. */
static bool fill(struct field *field, bool is_next, const char *word,
                 size_t word_size, const void *value, size_t size)
{
    const size_t room = size + 1 + word_size;
    char *bytes = is_next && field->room >= room ? field->value : malloc(room);

    if (bytes == NULL)
        return false;
    if (size > 0)
        memcpy(bytes, value, size);
    bytes[size] = '\0';
    memcpy(bytes + size + 1, word, word_size);
    if (bytes != field->value) {
        if (field->size > 0)
            sodium_memzero(field->value, field->size);
        free(field->value);
        field->value = bytes;
        field->room = room;
    }
    return true;
}

void message_put(struct message *message, const char *word, const void *value,
                 size_t size)
{
    const size_t word_size = strlen(word) + 1;
    const uint32_t hash = hash_word(word);
    struct field *old = find_hashed(message, word, hash);
    struct field *field = old;

    if (message->failed)
        return;
    message->failed = true;
    if (!fits(message, old, size))
        return;
    if (old == NULL)
        field = next(message, word_size);
    if (field == NULL ||
        !fill(field, old == NULL, word, word_size, value, size))
        return;
    if (old == NULL) {
        message->count++;
        message->size += word_size;
    }
    message->size = message->size - field->size + size;
    field->hash = hash;
    field->size = size;
    message->failed = false;
}

void message_put_text(struct message *message, const char *word,
                      const char *text)
{
    message_put(message, word, text, strlen(text));
}

bool message_failed(const struct message *message)
{
    return message->failed;
}

const void *message_get(const struct message *message, const char *word,
                        size_t *size)
{
    const struct field *field = find(message, word);

    if (size != NULL)
        *size = field == NULL ? 0 : field->size;
    return field == NULL ? NULL : field->value;
}

const char *message_text(const struct message *message, const char *word)
{
    const struct field *field = find(message, word);

    if (field == NULL || memchr(field->value, '\0', field->size) != NULL)
        return NULL;
    return field->value;
}

/* Digits as JSON writes them: no sign, no zero in front. */
long message_number(const struct message *message, const char *word, long max,
                    long fallback)
{
    const char *text = message_text(message, word);
    long number = 0;

    if (text == NULL || text[0] == '\0' || (text[0] == '0' && text[1] != '\0'))
        return fallback;
    for (; *text != '\0'; text++) {
        long digit = *text - '0';

        if (digit < 0 || digit > 9 || digit > max ||
            number > (max - digit) / 10)
            return fallback;
        number = number * 10 + digit;
    }
    return number;
}

bool message_true(const struct message *message, const char *word)
{
    const char *text = message_text(message, word);

    return text != NULL && strcmp(text, "true") == 0;
}

time_t message_time(const struct message *message, const char *word)
{
    const char *text = message_text(message, word);
    time_t at;

    return text != NULL && date_rfc3339(text, &at) == 0 ? at : 0;
}

bool message_field(const struct message *message, size_t i, const char **word,
                   const void **value, size_t *size)
{
    if (i >= message->count)
        return false;
    *word = word_of(&message->fields[i]);
    *value = message->fields[i].value;
    *size = message->fields[i].size;
    return true;
}
