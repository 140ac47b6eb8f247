#include "client/pfx/asked.h"

#include "client/password.h"
#include "client/screen/walk.h"
#include "client/text.h"
#include "client/unlock.h"
#include "keygen/secret.h"

#include <stdio.h>

enum { TRIES = 3 };

static bool is_given(const struct asked *asked)
{
    return asked->file != NULL || asked->fd >= 0;
}

static enum outcome read_given(const struct asked *asked, char **password,
                               struct failure *failure)
{
    return password_take(asked->file, asked->fd, asked->option, password, NULL,
                         failure);
}

/* The password, and where it is none whether that is meant. */
struct typing {
    struct screen *screen;
    const struct asked *asked;
    char **password;
    bool without;
    enum prompt_end end;
};

static bool type_row(void *context, size_t row, bool again)
{
    struct typing *typing = context;
    const struct asked *asked = typing->asked;
    const struct prompt_secret ask = {.question = asked->question,
                                      .again = asked->again,
                                      .check = asked->check,
                                      .data = asked->data,
                                      .may_be_empty = true};

    (void)again;
    if (row == 0) {
        secret_free(typing->password);
        typing->without = asked->usual_without;
        typing->end = prompt_secret(typing->screen, &ask, typing->password);
    } else if ((*typing->password)[0] == '\0') {
        typing->end =
            prompt_yes(typing->screen, asked->without, 0, &typing->without);
    } else {
        typing->without = true; /* nothing is left to be asked */
    }
    return typing->end == PROMPT_OK;
}

static enum outcome type_new(struct screen *screen, const struct asked *asked,
                             char **password, struct failure *failure)
{
    struct typing typing = {
        .screen = screen, .asked = asked, .password = password};

    do
        (void)walk_run(screen, 2, type_row, &typing);
    while (typing.end == PROMPT_OK && !typing.without);
    if (typing.end == PROMPT_OK)
        return OUTCOME_DONE;
    secret_free(password);
    return unlock_unanswered(typing.end, asked->option, failure);
}

enum outcome asked_new(struct screen *screen, const struct asked *asked,
                       char **password, struct failure *failure)
{
    char detail[FAILURE_DETAIL];
    enum outcome outcome;
    const char *why;

    *password = NULL;
    if (!is_given(asked))
        return screen_interactive(screen)
                   ? type_new(screen, asked, password, failure)
                   : OUTCOME_DONE;
    outcome = read_given(asked, password, failure);
    if (outcome != OUTCOME_DONE || asked->check == NULL)
        return outcome;
    why = asked->check(*password, asked->data);
    if (why == NULL)
        return outcome;
    secret_free(password);
    snprintf(detail, sizeof(detail), "%s: %s", asked->option, why);
    return failure_set(failure, OUTCOME_CONFIGURATION, detail);
}

static enum outcome type_and_try(struct screen *screen,
                                 const struct asked *asked, asked_try *try,
                                 void *context, const char *about,
                                 struct failure *failure)
{
    const struct prompt_secret ask = {.question = asked->question,
                                      .may_be_empty = true};
    enum fault fault = FAULT_PASSWORD_WRONG;
    char *password = NULL;

    for (int i = 0; i < TRIES && fault == FAULT_PASSWORD_WRONG; i++) {
        const enum prompt_end end = prompt_secret(screen, &ask, &password);

        if (end == PROMPT_NOBODY)
            return failure_set(failure, outcome_of_pfx(FAULT_PASSWORD_NEEDED),
                               about);
        if (end != PROMPT_OK)
            return unlock_unanswered(end, asked->option, failure);
        fault = try(context, password);
        secret_free(&password);
        if (fault == FAULT_PASSWORD_WRONG && i + 1 < TRIES)
            screen_say(screen, _("The password does not open the file. Check "
                                 "the keyboard layout and Caps Lock."));
    }
    return fault == FAULT_NONE
               ? OUTCOME_DONE
               : failure_set(failure, outcome_of_pfx(fault), about);
}

enum outcome asked_open(struct screen *screen, const struct asked *asked,
                        asked_try *try, void *context, const char *about,
                        struct failure *failure)
{
    char *password = NULL;
    enum outcome outcome =
        is_given(asked) ? read_given(asked, &password, failure) : OUTCOME_DONE;
    enum fault fault;

    if (outcome != OUTCOME_DONE)
        return outcome;
    fault = try(context, password);
    secret_free(&password);
    if (fault == FAULT_PASSWORD_NEEDED && !is_given(asked))
        return type_and_try(screen, asked, try, context, about, failure);
    return fault == FAULT_NONE
               ? OUTCOME_DONE
               : failure_set(failure, outcome_of_pfx(fault), about);
}
