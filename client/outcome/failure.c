#include "client/outcome/failure.h"

#include "client/pin/pin_tries.h"
#include "client/text.h"

#include <stdio.h>
#include <string.h>

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

static const char *advice_of(const struct failure *failure,
                             const struct outcome_row *row)
{
    if (failure->goes_on)
        return row->status == 3
                   ? N_("The renewal goes on by itself.")
                   : N_("As soon as that is put right the renewal goes on by "
                        "itself.");
    return failure->elsewhere && row->elsewhere != NULL ? row->elsewhere
                                                        : row->advice;
}

char *failure_sentence(const struct failure *failure, char *out, size_t size)
{
    const struct outcome_row *row = outcome_row(failure->outcome);
    const char *advice = advice_of(failure, row);
    const char *tries = pin_tries_text(failure->outcome);
    size_t used = put_sentence(out, size, _(row->sentence), failure->detail);

    if (tries[0] != '\0' && used < size)
        used += (size_t)snprintf(out + used, size - used, " %s", tries);
    if (failure->server[0] != '\0' && used < size)
        used = put_server(out, size, used, failure->server);
    if (advice != NULL && advice[0] != '\0' && used < size)
        used += (size_t)snprintf(out + used, size - used, " %s", _(advice));
    if (failure->trace_id[0] != '\0' && row->status != 0 && used < size)
        snprintf(out + used, size - used, _(" Number of the request: %s."),
                 failure->trace_id);
    return out;
}
