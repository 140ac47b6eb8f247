#include "client/unlock.h"

#include "client/file_hint.h"
#include "client/password.h"
#include "client/pin/pin_given.h"
#include "client/text.h"
#include "keygen/secret.h"

#include <stdio.h>

enum { TRIES = 3 /* of a file container; nothing locks */ };

enum outcome unlock_unanswered(enum prompt_end end, const char *option,
                               struct failure *failure)
{
    failure->outcome = end == PROMPT_OK       ? OUTCOME_DONE
                       : end == PROMPT_NOBODY ? OUTCOME_ANSWER_NEEDED
                       : end == PROMPT_SIGNAL ? OUTCOME_INTERRUPTED
                       : end == PROMPT_FAILED ? OUTCOME_MEMORY
                                              : OUTCOME_CANCELLED;
    snprintf(failure->detail, sizeof(failure->detail), "%s",
             end == PROMPT_NOBODY ? option : "");
    return failure->outcome;
}

enum outcome unlock_fault(enum fault fault, const char *where,
                          struct failure *failure)
{
    const char *hint = fault == FAULT_CERTIFICATE ? file_hint(where) : NULL;

    failure->outcome = outcome_of_fault(fault);
    if (fault != FAULT_NONE)
        text_clean_into(failure->detail, sizeof(failure->detail), where);
    if (hint != NULL)
        snprintf(failure->detail, sizeof(failure->detail), "%.250s: %s",
                 text_clean(where).text, hint);
    return failure->outcome;
}

enum outcome unlock_refused(const struct container_info *info,
                            const char *where, struct failure *failure)
{
    const char *curve = info->curve != NULL ? info->curve : info->curve_oid;

    unlock_fault(info->refused, where, failure);
    if (info->refused == FAULT_UNSUPPORTED && curve[0] != '\0')
        snprintf(failure->detail, sizeof(failure->detail), "%s (%s)",
                 text_clean(where).text, curve);
    return failure->outcome;
}

void unlock_say_reserve(struct screen *screen, const char *where)
{
    screen_say(screen,
               _("%s: the first copy of the key is damaged, so its reserve "
                 "copy has been used. Make a backup of the container now; kep "
                 "password writes both copies afresh."),
               text_clean(where).text);
}

/* What the options give; NULL where they give none. The PIN of a token, which
 * asks for it by itself, is none. */
static enum outcome take_given(const struct options *options, const char *where,
                               char **password, struct failure *failure)
{
    const struct medium_ops *ops;
    char canonical[LOCATION_MAX];

    *password = NULL;
    failure->outcome = OUTCOME_DONE;
    if (medium_find(where, &ops, canonical) == FAULT_NONE &&
        pin_given_is_meant(ops)) {
        pin_given_take(ops, canonical, options->pin_file, options->pin_fd,
                       "--pin-file", failure);
        if (failure->outcome == OUTCOME_DONE)
            *password = pin_given_password(ops, canonical);
        return failure->outcome;
    }
    if (options->pin_file == NULL && options->pin_fd < 0)
        return OUTCOME_DONE;
    return password_take(options->pin_file, options->pin_fd, "--pin-file",
                         password, NULL, failure);
}

static enum outcome ask(const struct desk *desk, const char *where,
                        unlock_attempt *attempt, void *context, char **password,
                        struct failure *failure)
{
    const struct prompt_secret question = {
        .question = _("Password of the container"), .may_be_empty = true};
    enum fault fault = FAULT_PASSWORD_NEEDED;

    for (int i = 0; i < TRIES; i++) {
        enum prompt_end end = prompt_secret(desk->screen, &question, password);

        if (end == PROMPT_NOBODY)
            return unlock_fault(FAULT_PASSWORD_NEEDED, where, failure);
        if (end != PROMPT_OK)
            return unlock_unanswered(end, "--pin-file", failure);
        fault = attempt(context, *password);
        if (fault != FAULT_PASSWORD_WRONG)
            break;
        secret_free(password);
        if (i + 1 < TRIES)
            screen_say(desk->screen,
                       _("The password does not open the container. Check the "
                         "keyboard layout and Caps Lock."));
    }
    return unlock_fault(fault, where, failure);
}

enum outcome unlock(const struct desk *desk, const char *where,
                    unlock_attempt *attempt, void *context, char **password,
                    struct failure *failure)
{
    enum outcome outcome = take_given(desk->options, where, password, failure);
    enum fault fault;

    if (outcome != OUTCOME_DONE)
        return outcome;
    fault = attempt(context, *password);
    if (fault == FAULT_PASSWORD_NEEDED && *password == NULL)
        outcome = ask(desk, where, attempt, context, password, failure);
    else
        outcome = unlock_fault(fault, where, failure);
    if (outcome != OUTCOME_DONE)
        secret_free(password);
    return outcome;
}

struct opening {
    const struct medium_ops *ops;
    const char *where;
    struct container **container;
};

static enum fault open_it(void *context, const char *password)
{
    const struct opening *opening = context;

    return opening->ops->open(opening->where, password, opening->container);
}

enum outcome unlock_open(const struct desk *desk, const struct medium_ops *ops,
                         const char *where, const char *name,
                         struct container **container, char **password,
                         struct failure *failure)
{
    struct opening opening = {ops, where, container};
    enum outcome outcome =
        unlock(desk, name, open_it, &opening, password, failure);

    if (outcome == OUTCOME_DONE && (*container)->from_reserve)
        unlock_say_reserve(desk->screen, name);
    return outcome;
}
