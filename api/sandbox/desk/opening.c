/* counter_open: the operation openForm. */
#include "api/sandbox/desk/application.h"
#include "api/sandbox/desk/counter.h"
#include "api/sandbox/desk/holding.h"
#include "api/sandbox/desk/statement.h"
#include "api/sandbox/dossier/dossier.h"
#include "api/sandbox/http/body.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *mode;
    enum phase phase;
} beginnings[] = {
    {"express", PHASE_DATA_CONFIRMED},
    {"normal", PHASE_CREATED},
    {"paper", PHASE_CREATED},
};

/* express renews a certificate only where nothing about it is unusual; each
 * other way is open also to those that could go an easier one. */
static bool is_offered(const char *offered, const char *wanted)
{
    size_t i = 0;

    while (i < sizeof beginnings / sizeof *beginnings &&
           strcmp(beginnings[i].mode, wanted) != 0) {
        if (strcmp(beginnings[i].mode, offered) == 0)
            return true;
        i++;
    }
    return strcmp(wanted, offered) == 0;
}

static enum phase first_phase(const char *mode)
{
    size_t i = 0;

    while (strcmp(beginnings[i].mode, mode) != 0)
        i++;
    return beginnings[i].phase;
}

static bool refuse(struct exchange *exchange, const char *code,
                   const char *target, const char *message)
{
    exchange_refuse(exchange, code, target, message);
    return false;
}

static bool fail(struct exchange *exchange)
{
    exchange_fail(exchange, store_error(exchange->sandbox->store));
    return false;
}

/* False: refused. */
static bool may_open(struct exchange *exchange, const struct holding *holding)
{
    const char *thumbprint = body_text(exchange, "oldThumbprint");
    const char *obstacle =
        holding->certificate
            ? holding_obstacle(holding, exchange->now,
                               exchange->sandbox->settings.window)
            : "unknownCertificate";
    sqlite3_stmt *row;
    int open;

    if (obstacle)
        return refuse(exchange, "renewalNotAvailable", obstacle,
                      holding_sentence(obstacle));
    if (!is_offered(holding->mode, body_text(exchange, "mode")))
        return refuse(exchange, "forbidden", "mode",
                      "Этот сертификат так обновить нельзя.");
    open = store_row(exchange->sandbox->store,
                     "SELECT 1 FROM forms WHERE thumbprint = ?1"
                     " AND NOT final",
                     VALUES(value_text(thumbprint)), &row);
    if (open == 1)
        return refuse(exchange, "formExists", "oldThumbprint", NULL);
    return open == 0 || fail(exchange);
}

static void fill(const struct exchange *exchange, const struct holding *holding,
                 struct application *application)
{
    const char *mode = body_text(exchange, "mode");

    *application = (struct application){
        .phase = first_phase(mode),
        .revision = 1,
        .created = exchange->now,
        .changed = exchange->now,
        .expires = exchange->now + APPLICATION_LIFE,
        .unpaid = holding->unpaid,
        .data = holding_words(&holding->certificate->subject)};
    exchange_new_id(application->id);
    snprintf(application->phone, sizeof application->phone, "%s",
             exchange->phone);
    snprintf(application->statement_phone, sizeof application->statement_phone,
             "%s", holding->phone);
    snprintf(application->external_id, sizeof application->external_id, "%s",
             body_text(exchange, "externalId"));
    snprintf(application->thumbprint, sizeof application->thumbprint, "%s",
             holding->certificate->thumbprint);
    snprintf(application->mode, sizeof application->mode, "%s", mode);
    snprintf(application->fate, sizeof application->fate, "%.23s",
             holding->fate);
}

static void create(struct exchange *exchange, const struct holding *holding)
{
    struct application application;

    fill(exchange, holding, &application);
    if (application.data && application_insert(exchange, &application) &&
        dossier_open(exchange, &application) &&
        (application.phase == PHASE_CREATED ||
         statement_write(exchange, &application)) &&
        application_save(exchange, &application))
        application_answer(exchange, 201, &application);
    else
        fail(exchange);
    application_free(&application);
}

/* The one of this externalId, where it has the same content. */
static void show_existing(struct exchange *exchange,
                          const struct application *application)
{
    if (strcmp(application->thumbprint, body_text(exchange, "oldThumbprint")) ==
            0 &&
        strcmp(application->mode, body_text(exchange, "mode")) == 0)
        application_answer(exchange, 200, application);
    else
        refuse(exchange, "formExists", "externalId",
               "Заявка с этим номером уже есть, и она о другом.");
}

static void open_in(struct exchange *exchange)
{
    struct application application;
    struct holding holding = {0};
    int found = application_load_external(
        exchange, body_text(exchange, "externalId"), &application);

    if (found == 1)
        show_existing(exchange, &application);
    else if (found < 0 ||
             holding_load(exchange, body_text(exchange, "oldThumbprint"),
                          &holding) < 0)
        fail(exchange);
    else if (may_open(exchange, &holding))
        create(exchange, &holding);
    holding_free(&holding);
    application_free(&application);
}

void counter_open(struct exchange *exchange)
{
    struct store *store = exchange->sandbox->store;

    if (!store_begin(store)) {
        fail(exchange);
        return;
    }
    open_in(exchange);
    if (!store_end(store, exchange->status != 500))
        fail(exchange);
}
