#include "api/sandbox/http/mischief.h"

#include <stdlib.h>
#include <string.h>

enum { COUNT_MAX = 1000000, PART_MAX = 80 };

static const struct {
    const char *word;
    long min, max;       /* of the argument; 0 and 0: there is none */
    bool of_certificate; /* makes sense for readCertificate alone */
} kinds[MISCHIEF_KINDS] = {
    [MISCHIEF_NONE] = {"none", 0, 0, false},
    [MISCHIEF_DROP] = {"drop", 0, 0, false},
    [MISCHIEF_DROP_AFTER] = {"drop-after", 0, 0, false},
    [MISCHIEF_SLOW] = {"slow", 1, 3600, false},
    [MISCHIEF_STATUS] = {"status", 400, 599, false},
    [MISCHIEF_RETRY_AFTER] = {"retry-after", 1, 86400, false},
    [MISCHIEF_HTML] = {"html", 0, 0, false},
    [MISCHIEF_HUGE] = {"huge", 0, 0, false},
    [MISCHIEF_TRUNCATED] = {"truncated", 0, 0, false},
    [MISCHIEF_DEEP] = {"deep", 0, 0, false},
    [MISCHIEF_WRONG_TYPES] = {"wrong-types", 0, 0, false},
    [MISCHIEF_EMPTY] = {"empty", 0, 0, false},
    [MISCHIEF_REDIRECT] = {"redirect", 0, 0, false},
    [MISCHIEF_BAD_UTF8] = {"bad-utf8", 0, 0, false},
    [MISCHIEF_ESCAPE] = {"escape", 0, 0, false},
    [MISCHIEF_PATH] = {"path", 0, 0, false},
    [MISCHIEF_OTHER_KEY] = {"other-key", 0, 0, true},
    [MISCHIEF_OTHER_PERSON] = {"other-person", 0, 0, true},
    [MISCHIEF_OTHER_CA] = {"other-ca", 0, 0, true},
    [MISCHIEF_EXPIRED_CERTIFICATE] = {"expired-certificate", 0, 0, true},
    [MISCHIEF_NOT_YET_VALID] = {"not-yet-valid", 0, 0, true},
    [MISCHIEF_NO_PROFILE] = {"no-profile", 0, 0, true},
    [MISCHIEF_GARBAGE_CERTIFICATE] = {"garbage-certificate", 0, 0, true},
    [MISCHIEF_NO_CHAIN] = {"no-chain", 0, 0, true},
};

/* The errors that there are to be had by status:NNN. */
static const long statuses[] = {400, 401, 402, 403, 404, 409, 410, 412,
                                413, 422, 423, 426, 429, 500, 503};

const char *mischief_word(enum mischief_kind kind)
{
    return kinds[kind].word;
}

/* Decimal digits and nothing else, or -1. */
static long number(const char *text, long min, long max)
{
    size_t digits = strspn(text, "0123456789");
    long value;

    if (digits == 0 || digits > 9 || text[digits])
        return -1;
    value = strtol(text, NULL, 10);
    return value < min || value > max ? -1 : value;
}

static bool is_status(long value)
{
    size_t i = 0;

    while (i < sizeof statuses / sizeof *statuses && statuses[i] != value)
        i++;
    return i < sizeof statuses / sizeof *statuses;
}

static const char *read_kind(struct mischief_rule *rule, const char *word,
                             const char *argument)
{
    unsigned kind = MISCHIEF_NONE + 1;

    while (kind < MISCHIEF_KINDS && strcmp(kinds[kind].word, word) != 0)
        kind++;
    if (kind == MISCHIEF_KINDS)
        return "there is no fault of this kind";
    rule->kind = (enum mischief_kind)kind;
    if (!argument != (kinds[kind].max == 0))
        return argument ? "this kind takes no argument"
                        : "this kind needs an argument";
    if (argument) {
        rule->argument = number(argument, kinds[kind].min, kinds[kind].max);
        if (rule->argument < 0 ||
            (kind == MISCHIEF_STATUS && !is_status(rule->argument)))
            return "the argument is out of its range";
    }
    if (kinds[kind].of_certificate &&
        strcmp(rule->operation, "readCertificate") != 0)
        return "this kind is for readCertificate alone";
    return NULL;
}

/* Cut a text at a letter; what is behind it, or NULL where it has none. */
static char *cut(char *text, char letter)
{
    char *at = strchr(text, letter);

    if (!at)
        return NULL;
    *at = '\0';
    return at + 1;
}

static const char *read_rule(struct mischief_rule *rule, char *part,
                             bool (*known)(const char *operation))
{
    char *kind = cut(part, '=');
    char *times = kind ? cut(kind, '*') : NULL;
    char *argument = kind ? cut(kind, ':') : NULL;
    long left = -1;

    if (!kind)
        return "it is OPERATION=KIND[:ARG][*TIMES]";
    if (strlen(part) >= sizeof rule->operation ||
        (strcmp(part, "*") != 0 && !known(part)))
        return "there is no such operation";
    memcpy(rule->operation, part, strlen(part) + 1);
    if (times) {
        left = number(times, 1, COUNT_MAX);
        if (left < 0)
            return "how many times is a number from 1 on";
    }
    atomic_init(&rule->left, left);
    return read_kind(rule, kind, argument);
}

bool mischief_parse(struct mischief *mischief, const char *text,
                    bool (*known)(const char *operation), const char **why)
{
    *why = NULL;
    for (;;) {
        size_t size = strcspn(text, ",");
        char part[PART_MAX];

        if (size >= sizeof part)
            *why = "a fault is too long";
        else if (mischief->count == MISCHIEF_RULES)
            *why = "there are too many faults";
        if (*why)
            return false;
        memcpy(part, text, size);
        part[size] = '\0';
        *why = read_rule(&mischief->rule[mischief->count++], part, known);
        if (*why)
            return false;
        if (!text[size])
            return true;
        text += size + 1;
    }
}

/* Take one of the times that are left, against others who do the same. */
static bool take(struct mischief_rule *rule)
{
    long left = atomic_load(&rule->left);

    while (left > 0 &&
           !atomic_compare_exchange_weak(&rule->left, &left, left - 1))
        continue;
    return left != 0;
}

const struct mischief_rule *mischief_take(struct mischief *mischief,
                                          const char *operation)
{
    for (size_t i = 0; i < mischief->count; i++) {
        struct mischief_rule *rule = &mischief->rule[i];

        if ((strcmp(rule->operation, "*") == 0 ||
             strcmp(rule->operation, operation) == 0) &&
            take(rule))
            return rule;
    }
    return NULL;
}
