#include "client/making/new_password.h"

#include "client/password.h"
#include "client/pfx/asked.h"
#include "client/text.h"
#include "keygen/secret.h"

enum outcome new_password_choose(struct screen *screen, const char *file,
                                 long fd, char **password,
                                 struct failure *failure)
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
                             : asked_fail(failure, OUTCOME_MEMORY, "");
}
