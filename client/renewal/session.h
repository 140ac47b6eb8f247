/* The session with the server, in a small file of its own beside the journal
 * (0600): it outlives a kill, costs no flush, and nothing of it is ever in
 * the journal. Losing it costs one more code, not a key. */
#ifndef CLIENT_RENEWAL_SESSION_H
#define CLIENT_RENEWAL_SESSION_H

#include <stdbool.h>

struct session {
    char *sid, *refresh_token; /* secret memory; NULL: not signed in */
};

/* Read what an earlier run of this renewal kept; empty where there is none or
 * it is not whole. */
void session_load(struct session *session, const char *renewal);

/* Take over a new one and keep it for the next run. false without memory; a
 * file that cannot be written is none. */
bool session_keep(struct session *session, const char *renewal, const char *sid,
                  const char *refresh_token);

/* Wipe it here and remove the file. */
void session_forget(struct session *session, const char *renewal);

/* Wipe it here alone. */
void session_free(struct session *session);

#endif
