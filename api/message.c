#include "api/message.h"

#include "api/date.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/* One block of memory: the value, a NUL, the word. */
struct field {
    uint32_t hash; /* of the word, so that a search compares few words */
    char *value;
    size_t size;
};

struct message {
    struct field *fields;
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

static struct field *find(const struct message *message, const char *word)
{
    uint32_t hash = hash_word(word);

    for (size_t i = 0; i < message->count; i++) {
        struct field *field = &message->fields[i];

        if (field->hash == hash && strcmp(word_of(field), word) == 0)
            return field;
    }
    return NULL;
}

static void free_value(struct field *field)
{
    if (field->value != NULL)
        sodium_memzero(field->value, field->size);
    free(field->value);
    field->value = NULL;
}

struct message *message_new(void)
{
    return calloc(1, sizeof(struct message));
}

void message_clear(struct message *message)
{
    for (size_t i = 0; i < message->count; i++)
        free_value(&message->fields[i]);
    free(message->fields);
    *message = (struct message){0};
}

void message_free(struct message **message)
{
    if (*message == NULL)
        return;
    message_clear(*message);
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

static struct field *add(struct message *message, const char *word,
                         size_t word_size)
{
    struct field *field;

    if (word_size == 1 || word_size > MESSAGE_WORD_MAX || grow(message) != 0)
        return NULL;
    field = &message->fields[message->count++];
    *field = (struct field){.hash = hash_word(word)};
    message->size += word_size;
    return field;
}

static bool fits(const struct message *message, const struct field *old,
                 size_t size)
{
    size_t others = message->size - (old == NULL ? 0 : old->size);

    return size <= MESSAGE_VALUE_MAX &&
           others <= MESSAGE_SIZE_MAX - MESSAGE_WORD_MAX - size;
}

void message_put(struct message *message, const char *word, const void *value,
                 size_t size)
{
    struct field *field = find(message, word);
    const size_t word_size = strlen(word) + 1;
    char *copy = NULL;
    bool ok = false;

    if (message->failed || !fits(message, field, size))
        goto out;
    /* First: value and word may be the field's own. */
    copy = malloc(size + 1 + word_size);
    if (copy == NULL)
        goto out;
    if (size > 0)
        memcpy(copy, value, size);
    copy[size] = '\0';
    memcpy(copy + size + 1, word, word_size);
    if (field == NULL)
        field = add(message, word, word_size);
    if (field == NULL)
        goto out;
    message->size = message->size - field->size + size;
    free_value(field);
    field->value = copy;
    field->size = size;
    copy = NULL;
    ok = true;
out:
    if (copy != NULL)
        sodium_memzero(copy, size);
    free(copy);
    message->failed = !ok;
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
