#include "api/sandbox/http/route.h"

#include "api/document.h"
#include "api/sandbox/desk/account.h"
#include "api/sandbox/desk/counter.h"
#include "api/sandbox/desk/holding.h"

#include <string.h>

#define FORM "/v1/certificate-forms/*"

static const struct route routes[] = {
    {.name = "requestCode",
     .method = "POST",
     .path = "/v1/auth/sms",
     .run = account_request_code,
     .fields = {{"phone", BODY_PHONE}}},
    {.name = "resendCode",
     .method = "POST",
     .path = "/v1/auth/sms/*/resend",
     .run = account_resend_code},
    {.name = "signIn",
     .method = "POST",
     .path = "/v1/auth/sms/*/confirm",
     .run = account_sign_in,
     .fields = {{"code", BODY_CODE}}},
    {.name = "refreshSession",
     .method = "POST",
     .path = "/v1/sessions/refresh",
     .run = account_refresh,
     .fields = {{"refreshToken", BODY_TOKEN}}},
    {.name = "listCertificates",
     .method = "GET",
     .path = "/v1/certificates",
     .run = holding_list,
     .signed_in = true},
    {.name = "openForm",
     .method = "POST",
     .path = "/v1/certificate-forms",
     .run = counter_open,
     .signed_in = true,
     .fields = {{"externalId", BODY_EXTERNAL_ID},
                {"oldThumbprint", BODY_THUMBPRINT},
                {"mode", BODY_MODE}}},
    {.name = "readForm",
     .method = "GET",
     .path = FORM,
     .run = counter_step,
     .signed_in = true},
    {.name = "changeData",
     .method = "PATCH",
     .path = FORM "/data",
     .run = counter_step,
     .signed_in = true,
     .if_match = true,
     .fields = {{"data", BODY_DATA}, {"esia", BODY_ESIA}}},
    {.name = "sendDocument",
     .method = "POST",
     .path = FORM "/documents/$",
     .run = counter_step,
     .signed_in = true,
     .if_match = true,
     .takes_scan = true},
    {.name = "readStatement",
     .method = "GET",
     .path = FORM "/statement",
     .run = counter_step,
     .signed_in = true,
     .query_type = "releaseStatement"},
    {.name = "sendStatementSignature",
     .method = "POST",
     .path = FORM "/statement/signature",
     .run = counter_step,
     .signed_in = true,
     .if_match = true,
     .fields = {{"cms", BODY_CMS}}},
    {.name = "submitForm",
     .method = "POST",
     .path = FORM "/submit",
     .run = counter_step,
     .signed_in = true,
     .if_match = true},
    {.name = "giveConsent",
     .method = "POST",
     .path = FORM "/consent",
     .run = counter_step,
     .signed_in = true,
     .if_match = true,
     .fields = {{"textVersion", BODY_VERSION}, {"accepted", BODY_TRUE}}},
    {.name = "sendRequest",
     .method = "POST",
     .path = FORM "/request",
     .run = counter_step,
     .signed_in = true,
     .if_match = true,
     .fields = {{"cms", BODY_CMS}}},
    {.name = "sendUnsignedRequest",
     .method = "POST",
     .path = FORM "/request/unsigned",
     .run = counter_step,
     .signed_in = true,
     .if_match = true,
     .fields = {{"request", BODY_CMS}}},
    {.name = "confirmRequest",
     .method = "POST",
     .path = FORM "/confirmation",
     .run = counter_step,
     .signed_in = true,
     .if_match = true,
     .fields = {{"code", BODY_CODE}}},
    {.name = "resendConfirmation",
     .method = "POST",
     .path = FORM "/confirmation/resend",
     .run = counter_step,
     .signed_in = true},
    {.name = "readCertificate",
     .method = "GET",
     .path = FORM "/certificate",
     .run = counter_step,
     .signed_in = true},
    {.name = "reportInstalled",
     .method = "POST",
     .path = FORM "/installed",
     .run = counter_step,
     .signed_in = true,
     .if_match = true},
    {.name = "cancelForm",
     .method = "POST",
     .path = FORM "/cancel",
     .run = counter_step,
     .signed_in = true,
     .if_match = true},
};

enum { ROUTES = sizeof routes / sizeof *routes };

/* What stands in the place of a sign, copied; NULL: it cannot stand there. */
static const char *take(char sign, const char *path, char into[STORE_ID])
{
    const bool id = sign == '*';
    const size_t size =
        strspn(path, id ? "0123456789abcdef" : "abcdefghijklmnopqrstuvwxyz");

    if (id ? size != STORE_ID - 1
           : size == 0 || size >= STORE_ID || path[size] != '\0')
        return NULL;
    memcpy(into, path, size);
    into[size] = '\0';
    return path + size;
}

/* Whether a path is that of a row; id and word are filled where it has them. */
static bool match(const char *row, const char *path, char id[STORE_ID],
                  char word[STORE_ID])
{
    id[0] = word[0] = '\0';
    for (; *row && path && *path; row++) {
        if (*row == '*' || *row == '$')
            path = take(*row, path, *row == '*' ? id : word);
        else if (*row != *path++)
            return false;
    }
    return path && *row == '\0' && *path == '\0';
}

const struct route *route_find(const char *method, const char *path,
                               char id[STORE_ID], char word[STORE_ID])
{
    for (size_t i = 0; i < ROUTES; i++)
        if (strcmp(routes[i].method, method) == 0 &&
            match(routes[i].path, path, id, word))
            return &routes[i];
    return NULL;
}

size_t route_body_max(const char *method, const char *path)
{
    char id[STORE_ID], word[STORE_ID];
    const struct route *route = route_find(method, path, id, word);

    return route && route->takes_scan ? DOCUMENT_MAX : BODY_MAX;
}

const struct route *route_named(const char *name)
{
    for (size_t i = 0; i < ROUTES; i++)
        if (strcmp(routes[i].name, name) == 0)
            return &routes[i];
    return NULL;
}

static bool check_query(struct exchange *exchange)
{
    const char *wanted = exchange->route->query_type;

    if (!wanted && exchange->queries == 0)
        return true;
    if (wanted && exchange->queries == 1 && exchange->query_type &&
        strcmp(exchange->query_type, wanted) == 0)
        return true;
    exchange_refuse(exchange, "badRequest", wanted ? "type" : NULL, NULL);
    return false;
}

void route_run(struct exchange *exchange)
{
    if (!exchange->route)
        exchange_refuse(exchange, "notFound", NULL, "Такой операции нет.");
    else if (exchange->too_large)
        exchange_refuse(exchange, "payloadTooLarge", NULL, NULL);
    else if ((!exchange->route->signed_in || account_authorize(exchange)) &&
             check_query(exchange) && body_check(exchange))
        exchange->route->run(exchange);
    if (exchange->status == 0)
        exchange_fail(exchange, "no answer was given");
}
