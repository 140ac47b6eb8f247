#include "client/renewal/renewal.h"

#include "keygen/secret.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

/* The session goes over to the new row. */
static bool move_session(struct renewal *renewal, const char *from,
                         const char *to)
{
    struct session *session = &renewal->session;
    char *sid, *token;
    bool moved;

    if (session->sid == NULL || session->refresh_token == NULL)
        return true;
    sid = secret_copy(session->sid, strlen(session->sid));
    token = secret_copy(session->refresh_token, strlen(session->refresh_token));
    session_forget(session, from);
    moved =
        sid != NULL && token != NULL && session_keep(session, to, sid, token);
    secret_free(&sid);
    secret_free(&token);
    return moved;
}

/* What was typed and not handed over yet (RECORD_DRAFT) stays: it is of the
 * owner, not of the application. */
static void clear_row(struct renewal *renewal)
{
    static const enum record_field fields[] = {
        RECORD_FORM,       RECORD_DATA,      RECORD_ACCEPTED_AT,
        RECORD_OUTCOME,    RECORD_MESSAGE,   RECORD_REASON,
        RECORD_NOT_BEFORE, RECORD_STATEMENT, RECORD_WAITING_SINCE,
        RECORD_TRACE_ID};

    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
        renewal_set(renewal, fields[i], NULL);
    message_clear(renewal->form);
}

enum outcome renewal_begin_again(struct renewal *renewal, const char *mode)
{
    char old[33], id[33];
    uint8_t random[16];
    enum outcome outcome;

    randombytes_buf(random, sizeof(random));
    sodium_bin2hex(id, sizeof(id), random, sizeof(random));
    snprintf(old, sizeof(old), "%s", renewal_get(renewal, RECORD_ID));
    renewal_set(renewal, RECORD_STEP, "ended");
    renewal_set(renewal, RECORD_OUTCOME, outcome_row(OUTCOME_WITHDRAWN)->word);
    outcome = renewal_save(renewal);
    if (outcome != OUTCOME_DONE)
        return renewal_fail(renewal, outcome, "%s", "");
    clear_row(renewal);
    renewal_set(renewal, RECORD_ID, id);
    renewal_set(renewal, RECORD_STEP, "openForm");
    renewal_set(renewal, RECORD_MODE, mode);
    record_set_time(&renewal->record, RECORD_CREATED,
                    clock_now(renewal->clock));
    if (!move_session(renewal, old, id))
        return renewal_fail(renewal, OUTCOME_MEMORY, "%s", "");
    outcome = renewal_save(renewal);
    return outcome == OUTCOME_DONE ? OUTCOME_DONE
                                   : renewal_fail(renewal, outcome, "%s", "");
}
