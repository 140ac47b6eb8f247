#include "client/request/wish.h"

#include "client/outcome/failure.h"
#include "client/output.h"
#include "client/text.h"
#include "client/unlock.h"

#include <stdio.h>
#include <string.h>

/* The place of a word in a list that ends in NULL; word NULL: the first. */
static int find_word(const char *const *words, const char *word)
{
    for (int i = 0; words[i] != NULL; i++)
        if (word == NULL || strcmp(words[i], word) == 0)
            return i;
    return -1;
}

static enum outcome refuse_word(struct failure *failure, const char *option,
                                const char *word)
{
    char detail[256];

    snprintf(detail, sizeof(detail), _("The value of --%s is not right: %s"),
             option, text_clean(word).text);
    return failure_set(failure, OUTCOME_USAGE, detail);
}

static enum outcome read_words(const struct options *options, struct wish *wish,
                               struct failure *failure)
{
    static const char *const formats[] = {"pem", "der", NULL};
    static const char *const kinds[] = {"personal", "certificate", "passport",
                                        "system", NULL};
    const char *algorithm =
        options->algorithm != NULL ? options->algorithm : "gost2012-256";
    const int format = find_word(formats, options->format);

    wish->der = format == 1;
    wish->identification = find_word(kinds, options->identification == NULL &&
                                                    options->sign_with != NULL
                                                ? "certificate"
                                                : options->identification);
    wish->algorithm = algorithm_by_word(algorithm);
    if (format < 0)
        return refuse_word(failure, "format", options->format);
    if (wish->identification < 0)
        return refuse_word(failure, "identification", options->identification);
    if (wish->algorithm == NULL || wish->algorithm->retired)
        return refuse_word(failure, "algorithm", algorithm);
    return OUTCOME_DONE;
}

/* A key that is there has all of this already. */
static bool shapes_new_key(const struct options *options)
{
    return options->to != NULL || options->name != NULL ||
           options->algorithm != NULL || options->entropy != NULL ||
           options->non_exportable;
}

enum outcome wish_read(const struct options *options, struct wish *wish,
                       struct failure *failure)
{
    if (options->arguments > 0 && shapes_new_key(options))
        return failure_set(failure, OUTCOME_USAGE,
                           _("Give either a container whose key is to be used, "
                             "or what a new key is to be: --to, --name, "
                             "--algorithm, --non-exportable, --entropy."));
    if (options->json && options->output != NULL &&
        output_is_stream(options->output))
        return failure_set(failure, OUTCOME_USAGE,
                           _("--json and --output - cannot both be written to "
                             "standard output."));
    return read_words(options, wish, failure);
}

static const char *refuse_output(const char *path, void *data)
{
    const struct options *options = data;
    struct failure failure = {.outcome = OUTCOME_DONE};
    const enum outcome outcome = output_probe(options, path, &failure);

    return outcome == OUTCOME_DONE ? NULL : _(outcome_row(outcome)->sentence);
}

/* What is offered where nothing was typed before. */
static const char *usual_output(const struct desk *desk,
                                const struct wish *wish)
{
    return desk->options->sign_with != NULL ? "request.p7m"
           : wish->der                      ? "request.der"
                                            : "request.pem";
}

enum outcome wish_choose_output(const struct desk *desk, struct wish *wish,
                                struct failure *failure)
{
    char before[LOCATION_MAX];
    struct prompt_line ask = {.question = _("The file to write the request to"),
                              .check = refuse_output,
                              .is_path = true,
                              .data = desk->options};
    enum prompt_end end;

    wish->output = desk->options->output;
    if (wish->output != NULL)
        return output_probe(desk->options, wish->output, failure);
    snprintf(before, sizeof(before), "%s", wish->typed);
    ask.preset = before[0] != '\0' ? before : usual_output(desk, wish);
    wish->output = wish->typed;
    end = prompt_line(desk->screen, &ask, wish->typed, sizeof(wish->typed));
    if (end != PROMPT_OK) /* "back" is no name of a file */
        snprintf(wish->typed, sizeof(wish->typed), "%s", before);
    return unlock_unanswered(end, "--output", failure);
}
