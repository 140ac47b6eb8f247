#include "api/sandbox/desk/counter.h"

#include "api/sandbox/desk/action.h"
#include "api/sandbox/desk/issuance.h"
#include "api/sandbox/http/route.h"
#include "keygen/request.h"

#include <string.h>

/* How an operation stands to the application as it is. */
enum gate {
    GATE_REFUSED, /* and answered */
    GATE_DONE,    /* the very same has been done: the form is the answer */
    GATE_AGAIN,   /* done, but only the content tells whether it is the same */
    GATE_OPEN
};

static void fail(struct exchange *exchange)
{
    exchange_fail(exchange, store_error(exchange->sandbox->store));
}

/* 1: done with this content, 0: not done, -1: the store failed, 2: done with
 * other content. */
static int find_effect(struct exchange *exchange,
                       const struct application *application)
{
    sqlite3_stmt *row;
    int found = store_row(
        exchange->sandbox->store,
        "SELECT digest FROM effects WHERE form = ?1"
        " AND operation = ?2",
        VALUES(value_text(application->id), value_text(exchange->route->name)),
        &row);

    if (found != 1)
        return found;
    return sqlite3_column_bytes(row, 0) == STORE_HASH &&
                   memcmp(sqlite3_column_blob(row, 0), exchange->digest,
                          STORE_HASH) == 0
               ? 1
               : 2;
}

static bool keep_effect(struct exchange *exchange,
                        const struct application *application)
{
    return store_change(
        exchange->sandbox->store,
        "INSERT OR REPLACE INTO effects (form, operation, digest)"
        " VALUES (?1, ?2, ?3)",
        VALUES(value_text(application->id), value_text(exchange->route->name),
               value_bytes(exchange->digest, sizeof exchange->digest)),
        NULL);
}

/* The etag in the double quotes of the header. */
static bool is_current(const struct application *application,
                       const char *header)
{
    char etag[EXCHANGE_ETAG];
    size_t size;

    application_etag(application, etag);
    size = strlen(etag);
    return strlen(header) == size + 2 && header[0] == '"' &&
           header[size + 1] == '"' && strncmp(header + 1, etag, size) == 0;
}

static enum gate check_etag(struct exchange *exchange,
                            const struct application *application)
{
    if (!exchange->route->if_match)
        return GATE_OPEN;
    if (exchange->if_match && is_current(application, exchange->if_match))
        return GATE_OPEN;
    /* What leaves the form where it is may come twice, too. */
    if (exchange->if_match && find_effect(exchange, application) == 1)
        return GATE_DONE;
    if (exchange->if_match)
        exchange_refuse(exchange, "etagMismatch", "If-Match", NULL);
    else
        exchange_refuse(exchange, "badRequest", "If-Match", NULL);
    return GATE_REFUSED;
}

/* An invoice that is not paid stands in the way of the consent alone. */
static const char *why_not(const struct exchange *exchange,
                           const struct application *application)
{
    return application->phase == PHASE_PAYMENT_REQUIRED &&
                   strcmp(exchange->route->name, "giveConsent") == 0
               ? "paymentRequired"
               : "wrongState";
}

static enum gate pass(struct exchange *exchange,
                      const struct application *application, enum phase *next)
{
    enum phase_leave leave =
        phase_leave(application->phase, exchange->route->name, next);
    int effect = 0;

    if (leave == PHASE_AGAIN)
        return GATE_AGAIN;
    if (exchange->route->if_match && leave == PHASE_REFUSED)
        effect = find_effect(exchange, application);
    if (effect < 0) {
        fail(exchange);
        return GATE_REFUSED;
    }
    if (effect == 1)
        return GATE_DONE;
    if (leave == PHASE_ALLOWED)
        return check_etag(exchange, application);
    exchange_refuse(exchange, why_not(exchange, application), NULL, NULL);
    return GATE_REFUSED;
}

static void answer_form(struct exchange *exchange,
                        const struct application *application)
{
    if (exchange->if_none_match &&
        is_current(application, exchange->if_none_match) &&
        strcmp(exchange->route->method, "GET") == 0) {
        exchange->status = 304;
        application_etag(application, exchange->etag);
        return;
    }
    application_answer(exchange, 200, application);
}

static void act(struct exchange *exchange, const struct action *action,
                struct application *application, const struct action_work *work,
                enum phase next)
{
    if (!action->apply)
        application_enter(exchange, application, next, NULL);
    else if (!action->apply(exchange, application, work, next))
        return;
    if (action->changes && (!keep_effect(exchange, application) ||
                            !application_save(exchange, application)))
        fail(exchange);
    else if (exchange->status == 0)
        answer_form(exchange, application);
}

/* Inside a transaction. work NULL: nothing has been examined yet. True: that
 * is what is to be done now, for the application that is then filled. */
static bool step(struct exchange *exchange, const struct action *action,
                 const struct action_work *work,
                 struct application *application)
{
    int found = application_load(exchange, exchange->id, application);
    enum phase next;
    enum gate gate;

    if (found != 1) {
        if (found < 0)
            fail(exchange);
        else
            exchange_refuse(exchange, "notFound", NULL, NULL);
        return false;
    }
    if (issuance_due(exchange, application))
        return true;
    gate = pass(exchange, application, &next);
    if ((gate == GATE_OPEN || gate == GATE_AGAIN) && action->examine && !work)
        return true;
    if (gate == GATE_OPEN)
        act(exchange, action, application, work, next);
    else if (gate == GATE_DONE ||
             (gate == GATE_AGAIN &&
              (!action->repeat || action->repeat(exchange, application, work))))
        answer_form(exchange, application);
    return false;
}

static bool step_once(struct exchange *exchange, const struct action *action,
                      const struct action_work *work,
                      struct application *application)
{
    struct store *store = exchange->sandbox->store;
    bool more;

    application_free(application);
    if (!store_begin(store)) {
        fail(exchange);
        return false;
    }
    more = step(exchange, action, work, application);
    /* A refusal is kept too: a wrong code has cost an attempt. */
    if (!store_end(store, exchange->status != 500)) {
        fail(exchange);
        return false;
    }
    return more;
}

/* The slow parts happen between transactions, and what stands in the store
 * is looked at again after each. */
void counter_step(struct exchange *exchange)
{
    const struct action *action = action_find(exchange->route->name);
    struct application application = {0};
    struct action_work work = {0};
    bool examined = false;

    bytes_init(&work.request, REQUEST_MAX);
    while (step_once(exchange, action, examined ? &work : NULL, &application)) {
        if (issuance_due(exchange, &application)) {
            if (!issuance_make(exchange, &application)) {
                fail(exchange);
                break;
            }
        } else if (!action->examine(exchange, &application, &work)) {
            break;
        } else {
            examined = true;
        }
    }
    bytes_free(&work.request);
    application_free(&application);
}
