/* How a reminder reaches people. */
#ifndef CLIENT_NOTICE_WAY_H
#define CLIENT_NOTICE_WAY_H

#include "client/notice/notice.h"

/* Whether there is a desktop's session to show something in. */
bool way_has_desktop(void);

/* One notification by notify-send, or one run of the user's command with the
 * text on its stdin and KEP_COUNT, KEP_DAYS (of the most urgent). On a failure
 * problem (HOOK_PROBLEM bytes of client/program/hook.h) says why. */
enum outcome way_desktop(const struct notice *const *notice, size_t count,
                         char *problem);
enum outcome way_command(const char *command,
                         const struct notice *const *notice, size_t count,
                         char *problem);

#endif
