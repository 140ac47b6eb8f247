#include "client/making/new_password.h"

#include "client/password.h"
#include "client/pfx/asked.h"
#include "client/pin/pin_given.h"
#include "client/text.h"
#include "keygen/secret.h"

#include <stdio.h>
#include <sys/stat.h>

static enum outcome choose(struct screen *screen, const char *file, long fd,
                           char **password, struct failure *failure)
{
    const struct asked asked = {
        .file = file,
        .fd = fd,
        .option = "--pin-file",
        .question = _("Password of the new container (Enter: none)"),
        .again = _("The same password once more"),
        .without = _("Leave it without a password?"),
        .usual_without = true,
        .check = password_refuse};
    const bool given = file != NULL || fd >= 0;
    enum outcome outcome;

    if (!given && screen_interactive(screen))
        screen_say(screen,
                   _("The new container can have a password. It is usual to "
                     "have none: a password that is lost cannot be restored, "
                     "and work becomes impossible. But whoever gets the files "
                     "of a container without a password can sign as you: keep "
                     "its drive safe."));
    outcome = asked_new(screen, &asked, password, failure);
    if (outcome != OUTCOME_DONE || *password != NULL)
        return outcome;
    if (!screen_interactive(screen))
        screen_say(screen, _("No --pin-file was given: the new container has "
                             "no password."));
    *password = secret_copy("", 0);
    return *password != NULL ? OUTCOME_DONE
                             : failure_set(failure, OUTCOME_MEMORY, "");
}

enum outcome new_password_choose(struct screen *screen,
                                 const struct medium_ops *ops,
                                 const char *location, bool inside,
                                 const char *file, long fd, char **password,
                                 struct failure *failure)
{
    enum outcome outcome;

    *password = NULL;
    if (!pin_given_is_meant(ops))
        return choose(screen, file, fd, password, failure);
    if (inside)
        screen_say(screen,
                   _("The new key is made inside of the token and never leaves "
                     "it: nobody can copy it, so if the token breaks or is "
                     "lost you need a new certificate from the service "
                     "centre."));
    outcome = pin_given_take(ops, location, file, fd, "--pin-file", failure);
    if (outcome != OUTCOME_DONE)
        return outcome;
    *password = secret_copy("", 0);
    return *password != NULL ? OUTCOME_DONE
                             : failure_set(failure, OUTCOME_MEMORY, "");
}

static bool is_for_later(const char *where, const char *file)
{
    const struct medium_ops *ops;
    char canonical[LOCATION_MAX];
    struct stat about;

    return medium_find(where, &ops, canonical) != FAULT_NONE ||
           pin_given_is_meant(ops) || stat(file, &about) != 0 ||
           !S_ISREG(about.st_mode);
}

enum outcome new_password_look(const char *where, const char *file,
                               const char *option, struct failure *failure)
{
    char *password = NULL;
    char detail[FAILURE_DETAIL];
    const char *why = NULL;
    enum outcome outcome;

    if (is_for_later(where, file))
        return failure_set(failure, OUTCOME_DONE, "");
    outcome = password_take(file, -1, option, &password, NULL, failure);
    if (outcome == OUTCOME_DONE)
        why = password_refuse(password, NULL);
    secret_free(&password);
    if (why == NULL)
        return outcome == OUTCOME_CONFIGURATION
                   ? outcome
                   : failure_set(failure, OUTCOME_DONE, "");
    snprintf(detail, sizeof(detail), "%s %.200s: %s", option,
             text_clean(file).text, why);
    return failure_set(failure, OUTCOME_CONFIGURATION, detail);
}
