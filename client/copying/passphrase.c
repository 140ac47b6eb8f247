#include "client/copying/passphrase.h"

#include "client/password.h"
#include "client/text.h"
#include "client/unlock.h"
#include "keygen/secret.h"
#include "keygen/utf8.h"

#include <stdio.h>
#include <string.h>

bool passphrase_is_given(const struct options *options)
{
    return options->passphrase_file != NULL || options->passphrase_fd >= 0;
}

static enum outcome read_given(const struct options *options, char **passphrase,
                               struct failure *failure)
{
    return password_take(options->passphrase_file, options->passphrase_fd,
                         "--passphrase-file", passphrase, NULL, failure);
}

static bool is_long_enough(const char *text)
{
    size_t left = strlen(text), count = 0;
    uint32_t character;

    while (utf8_read(&text, &left, &character))
        count++;
    return count >= PASSPHRASE_MIN;
}

static const char *check_new(const char *answer, void *data)
{
    (void)data;
    return is_long_enough(answer)
               ? NULL
               : _(outcome_row(OUTCOME_PASSPHRASE_SHORT)->sentence);
}

static enum outcome ask(const struct desk *desk,
                        const struct prompt_secret *question, char **passphrase,
                        struct failure *failure)
{
    return unlock_unanswered(prompt_secret(desk->screen, question, passphrase),
                             "--passphrase-file", failure);
}

enum outcome passphrase_get(const struct desk *desk, char **passphrase,
                            struct failure *failure)
{
    const struct prompt_secret question = {.question =
                                               _("Passphrase of the archive")};

    *passphrase = NULL;
    return passphrase_is_given(desk->options)
               ? read_given(desk->options, passphrase, failure)
               : ask(desk, &question, passphrase, failure);
}

enum outcome passphrase_get_new(const struct desk *desk, char **passphrase,
                                struct failure *failure)
{
    const struct prompt_secret question = {
        .question = _("Passphrase for the archive (without it nobody can open "
                      "the archive)"),
        .again = _("The same passphrase once more"),
        .check = check_new};
    enum outcome outcome;

    *passphrase = NULL;
    if (!passphrase_is_given(desk->options))
        return ask(desk, &question, passphrase, failure);
    outcome = read_given(desk->options, passphrase, failure);
    if (outcome == OUTCOME_DONE && !is_long_enough(*passphrase)) {
        secret_free(passphrase);
        return failure_set(failure, OUTCOME_PASSPHRASE_SHORT, "");
    }
    return outcome;
}
