#include "api/sandbox/order.h"

#include "api/sandbox/authority.h"
#include "api/sandbox/person.h"
#include "api/sandbox/profile.h"
#include "keygen/algorithm.h"
#include "keygen/request.h"

#include <stdlib.h>
#include <string.h>

enum { DAY = 24 * 60 * 60, YEAR_MONTHS = 12 };

static const char own_sign_tool[] =
    "Песочница kep: средство электронной подписи, не для работы";

static enum fault make_other_key(gnutls_pubkey_t key)
{
    gnutls_x509_privkey_t other = NULL;
    gnutls_privkey_t abstract = NULL;
    enum fault fault = authority_make_key(&other);

    if (fault != FAULT_NONE)
        return fault;
    fault = FAULT_LIBRARY;
    if (gnutls_privkey_init(&abstract) == 0 &&
        gnutls_privkey_import_x509(abstract, other, 0) == 0 &&
        gnutls_pubkey_import_privkey(key, abstract, 0, 0) == 0)
        fault = FAULT_NONE;
    if (abstract != NULL)
        gnutls_privkey_deinit(abstract);
    gnutls_x509_privkey_deinit(other);
    return fault;
}

/* The key of a request and its wishes; a request without the form of a
 * qualified one leaves none. */
static enum fault read_request(const struct ca_order *order,
                               gnutls_pubkey_t key, struct profile *profile)
{
    gnutls_x509_crq_t crq = NULL;
    struct name subject = {{NULL}};
    enum fault fault =
        request_read(order->request, order->request_size, &crq, &subject);

    if (fault != FAULT_NONE)
        return fault;
    if (gnutls_pubkey_import_x509_crq(key, crq, 0) != 0)
        fault = FAULT_REQUEST;
    else if (profile_of_request(crq, profile) != FAULT_NONE)
        profile->sign_tool[0] = '\0';
    name_free(&subject);
    gnutls_x509_crq_deinit(crq);
    return fault;
}

static enum fault put_key(const struct ca_order *order, gnutls_x509_crt_t crt,
                          struct profile *profile)
{
    gnutls_pubkey_t own = NULL;
    gnutls_pubkey_t key = order->key;
    enum fault fault = FAULT_NONE;

    if (gnutls_pubkey_init(&own) != 0)
        return FAULT_MEMORY;
    if (key == NULL) {
        key = own;
        fault = order->request == NULL ? FAULT_ARGUMENT
                                       : read_request(order, own, profile);
    }
    if (fault == FAULT_NONE && order->flaws & CA_OTHER_KEY) {
        gnutls_pubkey_deinit(own);
        own = NULL;
        if (gnutls_pubkey_init(&own) != 0)
            return FAULT_MEMORY;
        key = own;
        fault = make_other_key(own);
    }
    if (fault == FAULT_NONE) {
        const struct algorithm *algorithm = algorithm_of_key(key);

        if (algorithm == NULL || algorithm->retired)
            fault = FAULT_UNSUPPORTED;
    }
    if (fault == FAULT_NONE && gnutls_x509_crt_set_pubkey(crt, key) != 0)
        fault = FAULT_LIBRARY;
    gnutls_pubkey_deinit(own);
    return fault;
}

static enum fault put_name(gnutls_x509_crt_t crt, const struct name *name)
{
    char *text = NULL;
    enum fault fault = name_to_rfc4514(name, &text);

    if (fault == FAULT_NONE && gnutls_x509_crt_set_dn(crt, text, NULL) != 0)
        fault = FAULT_NAME;
    free(text);
    return fault;
}

static enum fault put_subject(const struct ca_order *order,
                              gnutls_x509_crt_t crt)
{
    struct name other = {{NULL}};
    enum fault fault;

    if (order->subject == NULL)
        return FAULT_ARGUMENT;
    if (!(order->flaws & CA_OTHER_PERSON))
        return put_name(crt, order->subject);
    fault =
        person_invent(NULL, order->subject->value[NAME_INNLE] != NULL, &other);
    if (fault == FAULT_NONE)
        fault = put_name(crt, &other);
    name_free(&other);
    return fault;
}

static time_t or_else(time_t ordered, time_t otherwise)
{
    return ordered != 0 ? ordered : otherwise;
}

static void choose_dates(const struct ca_order *order, time_t now,
                         time_t *begin, time_t *end)
{
    if (order->flaws & CA_EXPIRED) {
        *end = now - DAY;
        *begin = ca_months(*end, -CA_PERIOD_MONTHS);
    } else if (order->flaws & CA_NOT_YET_VALID) {
        *begin = ca_months(now, YEAR_MONTHS);
        *end = ca_months(*begin, CA_PERIOD_MONTHS);
    } else {
        *begin = or_else(order->not_before, now);
        *end = or_else(order->not_after, ca_months(*begin, CA_PERIOD_MONTHS));
    }
}

static enum fault put_dates(const struct ca_order *order, time_t now,
                            gnutls_x509_crt_t crt, struct profile *profile)
{
    time_t begin, end;

    choose_dates(order, now, &begin, &end);
    profile->key_not_before = or_else(order->key_not_before, begin);
    profile->key_not_after =
        or_else(order->key_not_after,
                ca_months(profile->key_not_before, CA_PERIOD_MONTHS));
    if (begin >= end || profile->key_not_before >= profile->key_not_after)
        return FAULT_ARGUMENT;
    if (gnutls_x509_crt_set_activation_time(crt, begin) != 0 ||
        gnutls_x509_crt_set_expiration_time(crt, end) != 0)
        return FAULT_LIBRARY;
    return FAULT_NONE;
}

static enum fault put_profile(const struct ca_order *order,
                              gnutls_x509_crt_t crt, struct profile *profile)
{
    const char *tool = order->sign_tool;

    if (gnutls_x509_crt_set_basic_constraints(crt, 0, -1) != 0)
        return FAULT_LIBRARY;
    if (order->flaws & CA_NO_PROFILE)
        return FAULT_NONE;
    if (tool == NULL && profile->sign_tool[0] == '\0')
        tool = own_sign_tool;
    if (tool != NULL) {
        if (strlen(tool) > PROFILE_SIGN_TOOL_SIZE)
            return FAULT_ARGUMENT;
        memcpy(profile->sign_tool, tool, strlen(tool) + 1);
    }
    profile->classes = order->classes == 0 ? 1 : order->classes;
    profile->identification_kind = order->identification_kind;
    return profile_put(crt, profile);
}

enum fault order_fill(const struct ca_order *order, time_t now,
                      gnutls_x509_crt_t crt)
{
    struct profile profile = {.classes = 0};
    enum fault fault;

    if ((fault = put_key(order, crt, &profile)) != FAULT_NONE ||
        (fault = put_subject(order, crt)) != FAULT_NONE ||
        (fault = put_dates(order, now, crt, &profile)) != FAULT_NONE)
        return fault;
    return put_profile(order, crt, &profile);
}
