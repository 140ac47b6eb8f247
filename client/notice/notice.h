/* Reminders that certificates end: 60, 30, 14, 7, 3 and 1 days before, once
 * each, on the desktop and by a command of the user's (mail). */
#ifndef CLIENT_NOTICE_NOTICE_H
#define CLIENT_NOTICE_NOTICE_H

#include "client/notice/told.h"
#include "client/screen/screen.h"

/* Begins with the thumbprint. */
struct notice {
    char thumbprint[THUMBPRINT_TEXT];
    char *owner, *where; /* owned */
    long days;           /* left */
    time_t end;
    bool excluded; /* the centre has said that it is renewed in another way */
};

struct notices {
    struct notice **notice; /* owned, as they are */
    size_t count, room;
    void *tree;  /* of tsearch, by thumbprint */
    bool failed; /* sticky: no memory */
};

/* The reminder that so many days call for: the least of the above that is not
 * below them; 0 for none (too early, over). */
int notice_level(long days);

/* One more that is due; only the first of a thumbprint counts. */
void notices_add(struct notices *notices, const struct certificate *certificate,
                 const char *where, bool excluded, time_t now);
void notices_free(struct notices *notices);

/* Gives those that have not been given, and remembers. Each way is tried and
 * remembered by itself: what fails is told on the screen and tried again the
 * next time. Where nothing can be remembered they are given each time, and
 * that is told. A clock that was ahead takes none away. command: the user's,
 * or NULL. OUTCOME_DONE, OUTCOME_HOOK_FAILED, OUTCOME_LOCKED,
 * OUTCOME_STATE_UNWRITABLE … */
enum outcome notices_give(const struct notices *notices, const char *command,
                          struct screen *screen, time_t now);

#endif
