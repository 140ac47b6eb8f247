#include "client/copying/copy_password.h"

#include "client/pin/pin_given.h"
#include "client/text.h"

bool copy_password_is_told(const char *where)
{
    const struct medium_ops *ops = medium_kind(where);

    return ops != NULL && !pin_given_is_meant(ops);
}

void copy_password_say(struct screen *screen, bool has_password,
                       const char *where)
{
    if (!copy_password_is_told(where))
        return;
    screen_say(screen, "%s",
               has_password
                   ? _("The copy has the same password as its original. A "
                       "password that is lost cannot be restored.")
                   : _("The copy has no password: whoever gets its files can "
                       "sign as you, so keep its drive safe. A password can "
                       "be set with kep password, but one that is lost cannot "
                       "be restored."));
}
