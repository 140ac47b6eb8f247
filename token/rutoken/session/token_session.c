#include "token/rutoken/session/token_session.h"

#include "keygen/secret.h"
#include "token/rutoken/session/token_met.h"
#include "token/rutoken/session/token_session_info.h"

#include <stdio.h>
#include <string.h>

/* --- one token ----------------------------------------------------------- */

enum fault token_session_do(struct token_session *session,
                            const struct command *command)
{
    return transport_do(&session->transport, command, &session->answer);
}

/* End every right, whoever has it. */
static enum fault log_out(struct token_session *session)
{
    static const struct command reset_rights = {.cla = 0x80, .ins = 0x40};

    return token_session_do(session, &reset_rights);
}

static void detach(struct token_session *session)
{
    const enum reader_leave leave =
        session->logged_in ? READER_RESET : READER_KEEP;

    if (session->transport.card == NULL)
        return;
    /* Where there is no answer the reset does it. */
    if (session->logged_in)
        (void)log_out(session);
    session->logged_in = false;
    session->transport.ops->disconnect(&session->transport.card, leave);
    if (session->met)
        token_met_end(session->reader);
    session->met = false;
}

/* Other programs keep a connection for hours; where nobody has the token for
 * itself a transaction keeps them out too. */
static enum fault connect_to(struct token_session *session, const char *reader,
                             enum reader_share share)
{
    const struct reader_ops *ops = session->transport.ops;
    enum fault fault =
        ops->connect(session->service, reader, share, &session->transport.card,
                     &session->transport.t0);

    if (fault == FAULT_TOKEN_BUSY && share == READER_EXCLUSIVE)
        fault = ops->connect(session->service, reader, READER_SHARED,
                             &session->transport.card, &session->transport.t0);
    if (fault == FAULT_NONE)
        fault = ops->begin(session->transport.card);
    return fault;
}

static enum fault read_serial(struct token_session *session)
{
    const size_t size = session->dialect->serial_size;
    const struct command command = {
        .ins = 0xCA, .p1 = 0x01, .p2 = 0x81, .answer = size};
    const uint8_t *data = session->answer.data;
    size_t from = 0;
    enum fault fault = token_session_do(session, &command);

    if (fault == FAULT_NONE && session->answer.size != size)
        fault = FAULT_TOKEN_ANSWER;
    if (fault != FAULT_NONE)
        return fault;
    /* As it is printed: four bytes, where the others are zero. */
    while (from + 4 < size && data[from] == 0)
        from++;
    for (size_t i = 0; from + i < size; i++)
        (void)snprintf(session->serial + 2 * i, 3, "%02x", data[from + i]);
    return FAULT_NONE;
}

/* Connect to the token of a reader and learn which one it is. */
static enum fault attach(struct token_session *session,
                         const struct reader_state *state,
                         enum reader_share share)
{
    enum fault fault;

    session->dialect = dialect_find(state->atr, state->atr_size);
    if (session->dialect == NULL)
        return state->mute ? FAULT_TOKEN_ANSWER : FAULT_TOKEN_UNKNOWN;
    (void)snprintf(session->reader, sizeof session->reader, "%s", state->name);
    fault = connect_to(session, state->name, share);
    if (fault == FAULT_NONE)
        fault = read_serial(session);
    session->met = fault == FAULT_NONE;
    if (session->met)
        token_met_begin(state, session->serial);
    else
        detach(session);
    return fault;
}

/* --- finding it ---------------------------------------------------------- */

static bool is_known(const struct reader_state *state)
{
    return state->present && dialect_find(state->atr, state->atr_size) != NULL;
}

/* Why none was found, when none was: the one that could be it and could not be
 * asked says more than that there is none. */
static enum fault why_none(const struct reader_list *list, enum fault seen,
                           const char *serial)
{
    if (list->count == 0)
        return FAULT_NO_READER;
    if (seen == FAULT_TOKEN_UNKNOWN && serial[0] != '\0')
        return FAULT_NO_TOKEN;
    return seen == FAULT_NONE ? FAULT_NO_TOKEN : seen;
}

/* Whether it is the one, which is connected to then. Another that was met is
 * not kept from who wants it for itself. */
static enum fault try_one(struct token_session *session,
                          const struct reader_state *state, const char *serial,
                          enum token_met met)
{
    const bool is_other = met == TOKEN_MET_OTHER;
    enum fault fault =
        attach(session, state, is_other ? READER_SHARED : session->share);

    if (fault == FAULT_TOKEN_BUSY &&
        token_met(state, serial) != TOKEN_MET_PERHAPS)
        return FAULT_NO_TOKEN;
    if (fault != FAULT_NONE)
        return fault;
    if (serial[0] == '\0' || strcmp(session->serial, serial) == 0) {
        if (!is_other)
            return FAULT_NONE;
        detach(session);
        return try_one(session, state, serial, TOKEN_MET_PERHAPS);
    }
    detach(session);
    return FAULT_NO_TOKEN;
}

/* Among those of which the same is known. */
static enum fault find_among(struct token_session *session,
                             const struct reader_list *list, const char *serial,
                             const enum token_met *met, enum token_met wanted,
                             enum fault *seen)
{
    for (size_t i = 0; i < list->count; i++) {
        enum fault fault = FAULT_NO_TOKEN;

        if (list->reader[i].present && met[i] == wanted)
            fault = try_one(session, &list->reader[i], serial, wanted);
        if (fault == FAULT_NONE)
            return FAULT_NONE;
        /* Gone since it was listed is as good as never there. */
        if (fault != FAULT_NO_TOKEN && fault != FAULT_TOKEN_GONE &&
            fault != FAULT_NO_READER &&
            (*seen == FAULT_NONE || *seen == FAULT_TOKEN_UNKNOWN))
            *seen = fault;
    }
    return FAULT_NO_TOKEN;
}

/* Another that was met is asked last: that it is another is known as long as
 * the service runs, whose end is not seen from here. */
static enum fault find(struct token_session *session,
                       const struct reader_list *list, const char *serial)
{
    enum token_met met[READERS_MAX] = {TOKEN_MET_PERHAPS};
    enum fault seen = FAULT_NONE;
    size_t known = 0;

    for (size_t i = 0; i < list->count; i++) {
        known += is_known(&list->reader[i]);
        met[i] = token_met(&list->reader[i], serial);
    }
    if (known > 1 && serial[0] == '\0')
        return FAULT_TOKEN_SEVERAL;
    if (find_among(session, list, serial, met, TOKEN_MET_PERHAPS, &seen) ==
            FAULT_NONE ||
        find_among(session, list, serial, met, TOKEN_MET_OTHER, &seen) ==
            FAULT_NONE)
        return FAULT_NONE;
    return why_none(list, seen, serial);
}

static enum fault begin_anew(struct token_session *session, const char *serial)
{
    struct reader_list list;
    enum fault fault = session->transport.ops->list(session->service, &list);

    return fault == FAULT_NONE ? find(session, &list, serial) : fault;
}

static enum fault new_session(enum reader_share share,
                              struct token_session **out)
{
    struct token_session *session = secret_new(sizeof *session);

    *out = session;
    if (session == NULL)
        return FAULT_MEMORY;
    session->transport.ops = reader_ops();
    session->share = share;
    return session->transport.ops->start(&session->service);
}

enum fault token_session_open(const char *serial, enum reader_share share,
                              struct token_session **session)
{
    enum fault fault = new_session(share, session);

    return fault == FAULT_NONE ? begin_anew(*session, serial) : fault;
}

void token_session_close(struct token_session **session)
{
    if (*session == NULL)
        return;
    detach(*session);
    (*session)->transport.ops->stop(&(*session)->service);
    secret_free(session);
}

enum fault token_session_enter_as(const char *serial, enum pin_owner owner,
                                  struct token_session **session)
{
    enum fault fault = token_session_open(serial, READER_EXCLUSIVE, session);

    if (fault != FAULT_NONE)
        return fault;
    (*session)->owner = owner;
    return token_session_login(*session);
}

enum fault token_session_enter(const char *serial,
                               struct token_session **session)
{
    return token_session_enter_as(serial, PIN_OWNER_USER, session);
}

/* --- its PIN ------------------------------------------------------------- */

/* An earlier program may have left somebody logged in: then the token tells
 * no tries, and refuses a PIN. */
static enum fault look(void *token, struct pin_state *state)
{
    struct token_session *session = token;
    bool logged_in = false;
    enum fault fault =
        token_session_pin_state(session, session->owner, state, &logged_in);

    if (fault == FAULT_NONE &&
        (logged_in || session->dialect->logs_out_first)) {
        fault = log_out(session);
        if (fault == FAULT_NONE && logged_in)
            fault = token_session_pin_state(session, session->owner, state,
                                            &logged_in);
    }
    return fault;
}

static enum fault verify(void *token, const char *pin, size_t size)
{
    struct token_session *session = token;
    const struct command command = {.ins = 0x20,
                                    .p2 =
                                        token_session_reference(session->owner),
                                    .data = pin,
                                    .size = size};
    enum fault fault;

    /* Whatever the answer is, or if there is none: it may have worked. */
    session->logged_in = true;
    fault = token_session_do(session, &command);
    if (fault == FAULT_PIN_WRONG || fault == FAULT_PIN_BLOCKED)
        session->logged_in = false;
    return fault;
}

static void release(void *token)
{
    detach(token);
}

static enum fault regain(void *token)
{
    struct token_session *session = token;
    char serial[TOKEN_SESSION_SERIAL];

    memcpy(serial, session->serial, sizeof serial);
    return begin_anew(session, serial);
}

enum fault token_session_login(struct token_session *session)
{
    static const struct pin_door door = {look, verify, release, regain};

    return pin_enter(&door, session);
}

/* --- all of them --------------------------------------------------------- */

static enum fault visit_one(struct token_session *session,
                            const struct reader_state *state,
                            medium_visitor *visit, void *context)
{
    struct medium_info info = {.has_pin = true};
    enum fault fault = attach(session, state, session->share);

    if (fault == FAULT_NONE)
        fault = token_session_look(session, &info);
    detach(session);
    /* Of another maker: another kind of medium may know it. */
    if (fault == FAULT_TOKEN_UNKNOWN || fault == FAULT_NO_TOKEN ||
        fault == FAULT_TOKEN_GONE || fault == FAULT_NO_READER)
        return FAULT_NONE;
    return fault == FAULT_NONE ? visit(context, info.location, fault, &info)
                               : visit(context, state->name, fault, NULL);
}

enum fault token_session_each(medium_visitor *visit, void *context)
{
    struct token_session *session = NULL;
    struct reader_list list = {.count = 0};
    enum fault fault = new_session(READER_SHARED, &session);

    if (fault == FAULT_NONE)
        fault = session->transport.ops->list(session->service, &list);
    if (fault == FAULT_NONE && list.count == 0)
        fault = FAULT_NO_READER;
    for (size_t i = 0; i < list.count && fault == FAULT_NONE; i++)
        if (list.reader[i].present)
            fault = visit_one(session, &list.reader[i], visit, context);
    token_session_close(&session);
    return fault;
}

/* --- waiting ------------------------------------------------------------- */

enum { WAIT = 500 /* milliseconds until it is asked whether to stop */ };

static bool is_same(const struct reader_list *a, const struct reader_list *b)
{
    for (size_t i = 0; i < a->count && i < b->count; i++)
        if (a->reader[i].event != b->reader[i].event ||
            strcmp(a->reader[i].name, b->reader[i].name) != 0)
            return false;
    return a->count == b->count;
}

enum fault token_session_await(const char *serial, medium_stop *stop,
                               void *context)
{
    struct token_session *session = NULL;
    struct reader_list list = {.count = 0};
    enum fault fault = new_session(READER_SHARED, &session);

    if (fault == FAULT_NONE)
        fault = session->transport.ops->list(session->service, &list);
    while (fault == FAULT_NONE) {
        struct reader_list before = list;

        fault = find(session, &list, serial);
        detach(session);
        if (fault != FAULT_NO_READER && fault != FAULT_NO_TOKEN &&
            fault != FAULT_TOKEN_GONE)
            break;
        /* Not there: until something changes, however long that takes. */
        do {
            fault = stop(context) ? FAULT_INTERRUPTED
                                  : session->transport.ops->wait(
                                        session->service, &list, WAIT);
        } while (fault == FAULT_NONE && is_same(&before, &list));
    }
    token_session_close(&session);
    return fault;
}
