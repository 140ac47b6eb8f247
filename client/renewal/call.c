#include "client/renewal/call.h"

#include "client/renewal/code.h"
#include "client/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CLOCK_TOLERANCE = 5 * 60 };

/* A configuration that is not obeyed (given.h) is not passed over in silence:
 * it may have been corrected for this very renewal. */
static void tell_server(struct renewal *renewal, const char *server)
{
    const char *given = renewal->options->server;

    if (given != NULL && strcmp(given, server) != 0)
        screen_say(renewal->screen,
                   _("This renewal stays at %s, which has its application. The "
                     "configuration names another server; only --server takes "
                     "the renewal there."),
                   text_clean(server).text);
}

/* What stands before an @ is not shown: it may be a password. */
static void tell_settings(const char *server, const char *ca, char *out,
                          size_t size)
{
    if (strchr(server, '@') != NULL)
        snprintf(out, size, "%s",
                 _("The address of a server has no @ in it: neither a name nor "
                   "a password belongs there."));
    else if (strncmp(server, "https://", 8) != 0)
        snprintf(out, size,
                 _("The address of a server begins with https://, and this one "
                   "does not: %s."),
                 text_clean(server).text);
    else
        snprintf(out, size,
                 _("The server's address or the file with its root "
                   "certificate: %s, %s."),
                 text_clean(server).text,
                 ca != NULL ? text_clean(ca).text : "-");
}

bool call_settings_serve(const char *server, const char *ca, char *detail,
                         size_t size)
{
    const struct api_settings settings = {
        .url = server, .ca_file = ca, .user_agent = "kep/" VERSION};
    struct api *api = NULL;
    enum api_result result = api_new(&settings, &api);

    api_free(&api);
    if (result == API_CONFIGURATION && detail != NULL)
        tell_settings(server, ca, detail, size);
    return result != API_CONFIGURATION;
}

/* A mistyped --server or --server-ca takes the place of none that served:
 * resume would not find back. */
static void put_back_settings(struct renewal *renewal)
{
    static const enum record_field fields[] = {RECORD_SERVER, RECORD_SERVER_CA};
    struct record former = {.failed = false};

    if (journal_load(renewal->journal, renewal_get(renewal, RECORD_ID),
                     &former) == OUTCOME_DONE)
        for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
            renewal_set(renewal, fields[i], record_get(&former, fields[i]));
    record_free(&former);
}

enum outcome call_fail(struct renewal *renewal, enum outcome outcome)
{
    const char *server = renewal_get(renewal, RECORD_SERVER);
    char detail[FAILURE_DETAIL] = "";

    if (server == NULL)
        return renewal_fail(renewal, outcome, "--server");
    if (outcome == OUTCOME_CONFIGURATION) {
        tell_settings(server, renewal_get(renewal, RECORD_SERVER_CA), detail,
                      sizeof(detail));
        put_back_settings(renewal);
    }
    return renewal_fail(renewal, outcome, "%s", detail);
}

enum outcome call_start(struct renewal *renewal)
{
    struct api_settings settings = {.url = renewal_get(renewal, RECORD_SERVER),
                                    .ca_file =
                                        renewal_get(renewal, RECORD_SERVER_CA),
                                    .user_agent = "kep/" VERSION,
                                    .pace = renewal->pace};
    enum api_result result;

    if (renewal->api_is_lent)
        return OUTCOME_DONE;
    if (settings.url == NULL)
        return call_fail(renewal, OUTCOME_ANSWER_NEEDED);
    tell_server(renewal, settings.url);
    result = api_new(&settings, &renewal->api);
    return result == API_OK ? OUTCOME_DONE
                            : call_fail(renewal, outcome_of_api(result, ""));
}

/* More than five minutes off is said before it turns into a mystery. */
static void compare_clock(struct renewal *renewal)
{
    const char *date = message_text(renewal->out, "date");
    long long off;

    if (date == NULL)
        return;
    renewal->server_time = (time_t)strtoll(date, NULL, 10);
    off =
        (long long)clock_now(renewal->clock) - (long long)renewal->server_time;
    if (renewal->clock_was_compared || llabs(off) <= CLOCK_TOLERANCE)
        return;
    renewal->clock_was_compared = true;
    screen_say(renewal->screen,
               _("This computer's clock differs from the server's by %s. Set "
                 "it right: a signature with a wrong time may be refused."),
               text_duration(llabs(off)).text);
}

void call_where(const char *server, char *out, size_t size)
{
    static const char *const names[] = {"https_proxy", "HTTPS_PROXY",
                                        "all_proxy", "ALL_PROXY"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const char *proxy = getenv(names[i]);

        if (proxy != NULL && *proxy != '\0') {
            snprintf(out, size,
                     _("%s (the variable %s names a proxy: check that it is "
                       "the right one)"),
                     text_clean(server).text, names[i]);
            return;
        }
    }
    text_clean_into(out, size, server);
}

static void note_failure(struct renewal *renewal, enum outcome outcome)
{
    char where[FAILURE_DETAIL] = "";
    const char *said = message_text(renewal->out, "message");
    const char *trace = message_text(renewal->out, "traceId");
    long later = message_number(renewal->out, "retryAfter", CALL_LATER_MAX, 0);

    if (later > 0)
        record_set_time(&renewal->record, RECORD_NOT_BEFORE,
                        clock_now(renewal->clock) + later);
    if (outcome == OUTCOME_UNREACHABLE || outcome == OUTCOME_TIMEOUT)
        call_where(renewal_get(renewal, RECORD_SERVER), where, sizeof(where));
    renewal_fail(renewal, outcome, "%s", where);
    text_clean_into(renewal->failure.server, sizeof(renewal->failure.server),
                    said);
    text_clean_into(renewal->failure.trace_id,
                    sizeof(renewal->failure.trace_id), trace);
    if (trace != NULL)
        renewal_set(renewal, RECORD_TRACE_ID, renewal->failure.trace_id);
}

/* The word that says why: of a renewal that is not available it is what the
 * error is about. */
static const char *reason(const struct renewal *renewal)
{
    const char *code = message_text(renewal->out, "code");

    if (code != NULL && strcmp(code, "renewalNotAvailable") == 0)
        code = message_text(renewal->out, "target");
    return code != NULL ? code : "";
}

enum outcome call_open(struct renewal *renewal, const char *operation)
{
    enum api_result result;
    enum outcome outcome;

    if (renewal->spared != OUTCOME_DONE)
        return renewal_fail(
            renewal, renewal->spared,
            _("That was seen at another renewal; for this one the server was "
              "not called again: %s."),
            text_clean(renewal_get(renewal, RECORD_SERVER)).text);
    result = api_call(renewal->api, operation, renewal->in, renewal->out);
    outcome = outcome_of_api(result, reason(renewal));
    /* Of a failure there is a status where there was an answer. */
    if (result == API_OK || message_text(renewal->out, "status") != NULL)
        renewal->server_answered = true;
    compare_clock(renewal);
    if (outcome == OUTCOME_DONE) {
        renewal->failure = (struct failure){.outcome = OUTCOME_DONE};
        renewal_set(renewal, RECORD_NOT_BEFORE, NULL);
        if (message_text(renewal->out, "traceId") != NULL)
            renewal_set(renewal, RECORD_TRACE_ID,
                        message_text(renewal->out, "traceId"));
    } else {
        note_failure(renewal, outcome);
    }
    return outcome;
}

static enum outcome keep_session(struct renewal *renewal)
{
    if (session_keep(&renewal->session, renewal_get(renewal, RECORD_ID),
                     message_text(renewal->out, "sid"),
                     message_text(renewal->out, "refreshToken")))
        return OUTCOME_DONE;
    return renewal_fail(renewal, OUTCOME_MEMORY, "%s", "");
}

static enum outcome refresh(struct renewal *renewal)
{
    enum outcome outcome;

    if (renewal->session.refresh_token == NULL)
        return OUTCOME_UNAUTHORIZED;
    message_clear(renewal->in);
    message_put_text(renewal->in, "refreshToken",
                     renewal->session.refresh_token);
    outcome = call_open(renewal, "refreshSession");
    message_clear(renewal->in);
    return outcome == OUTCOME_DONE ? keep_session(renewal) : outcome;
}

enum outcome call_sign_in(struct renewal *renewal)
{
    enum outcome outcome;

    if (renewal->session.sid != NULL)
        return OUTCOME_DONE;
    outcome = code_sign_in(renewal);
    return outcome == OUTCOME_DONE ? keep_session(renewal) : outcome;
}

/* The session is over: the refresh token first, then a new code. */
static enum outcome sign_in_again(struct renewal *renewal)
{
    enum outcome outcome = refresh(renewal);

    if (outcome != OUTCOME_UNAUTHORIZED && outcome != OUTCOME_SERVER_REFUSED)
        return outcome;
    session_forget(&renewal->session, renewal_get(renewal, RECORD_ID));
    return call_sign_in(renewal);
}

/* Signing in uses renewal->in itself, in which an operation's fields are. */
static enum outcome sign_in_beside(struct renewal *renewal,
                                   enum outcome (*way)(struct renewal *renewal))
{
    struct message *kept = renewal->in;
    enum outcome outcome = OUTCOME_MEMORY;

    renewal->in = message_new();
    if (renewal->in != NULL)
        outcome = way(renewal);
    message_free(&renewal->in);
    renewal->in = kept;
    return outcome;
}

enum outcome call_do(struct renewal *renewal, const char *operation)
{
    struct message *in = renewal->in;
    enum outcome outcome = sign_in_beside(renewal, call_sign_in);

    for (int round = 0; round < 2 && outcome == OUTCOME_DONE; round++) {
        message_put_text(in, "sid", renewal->session.sid);
        outcome =
            message_failed(in) ? OUTCOME_MEMORY : call_open(renewal, operation);
        if (outcome != OUTCOME_UNAUTHORIZED || round == 1)
            break;
        outcome = sign_in_beside(renewal, sign_in_again);
    }
    message_clear(in);
    return outcome;
}

unsigned call_seconds_until(const struct renewal *renewal,
                            const struct message *message, const char *word,
                            unsigned max)
{
    time_t moment = message_time(message, word);
    time_t now = renewal->server_time != 0 ? renewal->server_time
                                           : clock_now(renewal->clock);

    if (moment <= now)
        return 0;
    return moment - now > (time_t)max ? max : (unsigned)(moment - now);
}
