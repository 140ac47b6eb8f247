#include "client/outcome/failure.h"

#include "client/pin/pin_tries.h"
#include "client/text.h"

#include <stdio.h>
#include <string.h>

enum { HELP_MAX = 128 };

static const char *command; /* NULL: none of them */

static bool ends_with_stop(const char *text, size_t size)
{
    return size > 0 && text[size - 1] == '.';
}

/* A detail is a sentence of its own, or the name of what the first sentence is
 * about: "It is for another key: new.cer. It has not been installed." */
static size_t put_sentence(char *out, size_t size, const char *sentence,
                           const char *detail)
{
    const char *others = strstr(sentence, ". ");
    size_t first = strlen(sentence);

    if (detail[0] == '\0')
        return (size_t)snprintf(out, size, "%s", sentence);
    if (ends_with_stop(detail, strlen(detail)))
        return (size_t)snprintf(out, size, "%s %s", sentence, detail);
    if (others != NULL)
        first = (size_t)(others - sentence);
    else if (ends_with_stop(sentence, first))
        first--;
    return (size_t)snprintf(out, size, "%.*s: %s.%s", (int)first, sentence,
                            detail, others != NULL ? others + 1 : "");
}

/* How much of the words is quoted: their full stop stands behind the quotation.
 * Three dots are none. */
static size_t quoted(const char *words)
{
    size_t length = strlen(words);

    while (length > 0 && words[length - 1] == ' ')
        length--;
    return ends_with_stop(words, length) && !ends_with_stop(words, length - 1)
               ? length - 1
               : length;
}

/* What has just been said is not said again. */
static size_t put_server(char *out, size_t size, size_t used, const char *words)
{
    const size_t kept = quoted(words);

    if (kept == 0 || (quoted(out) == kept && strncmp(out, words, kept) == 0))
        return used;
    return used + (size_t)snprintf(out + used, size - used,
                                   /* TRANSLATORS: the server's own words */
                                   _(" The server says: \"%.*s\"."), (int)kept,
                                   words);
}

enum outcome failure_set(struct failure *failure, enum outcome outcome,
                         const char *detail)
{
    failure->outcome = outcome;
    text_clean_into(failure->detail, sizeof(failure->detail), detail);
    return outcome;
}

void failure_of_command(const char *name)
{
    command = name;
}

char *failure_help(char *out, size_t size)
{
    if (command != NULL)
        snprintf(out, size, _("See: kep %s --help"), command);
    else
        snprintf(out, size, "%s", _(outcome_row(OUTCOME_USAGE)->advice));
    return out;
}

/* Translated; "": there is none. */
static const char *advice_of(const struct failure *failure,
                             const struct outcome_row *row, char help[HELP_MAX])
{
    const char *advice = failure->elsewhere && row->elsewhere != NULL
                             ? row->elsewhere
                             : row->advice;

    if (failure->goes_on)
        return row->status == 3
                   ? _("The renewal goes on by itself.")
                   : _("As soon as that is put right the renewal goes on by "
                       "itself.");
    if (failure->outcome == OUTCOME_USAGE)
        return failure_help(help, HELP_MAX);
    return advice != NULL && advice[0] != '\0' ? _(advice) : "";
}

char *failure_sentence(const struct failure *failure, char *out, size_t size)
{
    const struct outcome_row *row = outcome_row(failure->outcome);
    char help[HELP_MAX];
    const char *advice = advice_of(failure, row, help);
    const char *tries = pin_tries_text(failure->outcome);
    size_t used = put_sentence(out, size, _(row->sentence), failure->detail);

    if (tries[0] != '\0' && used < size)
        used += (size_t)snprintf(out + used, size - used, " %s", tries);
    if (failure->server[0] != '\0' && used < size)
        used = put_server(out, size, used, failure->server);
    if (advice[0] != '\0' && used < size)
        used += (size_t)snprintf(out + used, size - used, " %s", advice);
    if (failure->trace_id[0] != '\0' && row->status != 0 && used < size)
        snprintf(out + used, size - used, _(" Number of the request: %s."),
                 failure->trace_id);
    return out;
}
