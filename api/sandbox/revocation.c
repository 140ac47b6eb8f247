#include "api/sandbox/revocation.h"

#include "keygen/certificate.h"

#include <string.h>

enum {
    DAY = 24 * 60 * 60,
    /* A list begins a little earlier than it is made, so that nobody whose
     * clock is late, or who took the time before, finds it not yet good. */
    EARLIER = 5 * 60,
    NUMBER_SIZE = 8,
    KEY_ID_SIZE = 64
};

/* Each entry of the list, until visit says stop by returning false. */
typedef bool visitor(void *context, const uint8_t *serial, size_t size,
                     time_t when);

static bool walk(gnutls_x509_crl_t list, visitor *visit, void *context)
{
    gnutls_x509_crl_iter_t at = NULL;
    uint8_t serial[64];
    size_t size = sizeof serial;
    bool more = true;
    time_t when;

    while (more && gnutls_x509_crl_iter_crt_serial(list, &at, serial, &size,
                                                   &when) == 0) {
        more = visit(context, serial, size, when);
        size = sizeof serial;
    }
    gnutls_x509_crl_iter_deinit(at);
    return more;
}

struct wanted {
    const uint8_t *serial;
    size_t size;
};

static bool other(void *context, const uint8_t *serial, size_t size,
                  time_t when)
{
    const struct wanted *wanted = context;

    (void)when;
    return size != wanted->size || memcmp(serial, wanted->serial, size) != 0;
}

bool revocation_has(gnutls_x509_crl_t list, const uint8_t *serial, size_t size)
{
    struct wanted wanted = {serial, size};

    return !walk(list, other, &wanted);
}

bool revocation_over(gnutls_x509_crl_t list, time_t now)
{
    return now >= gnutls_x509_crl_get_next_update(list);
}

static bool copy_entry(void *context, const uint8_t *serial, size_t size,
                       time_t when)
{
    return gnutls_x509_crl_set_crt_serial(context, serial, size, when) == 0;
}

static enum fault put_entries(gnutls_x509_crl_t next, gnutls_x509_crl_t last,
                              const struct revocation *what)
{
    if (last != NULL) {
        int count = gnutls_x509_crl_get_crt_count(last);

        if (count < 0)
            return FAULT_LIBRARY;
        if (count >= REVOCATION_ENTRIES_MAX && what->serial != NULL)
            return FAULT_TOO_LARGE;
        if (!walk(last, copy_entry, next))
            return FAULT_LIBRARY;
    }
    if (what->serial == NULL)
        return FAULT_NONE;
    if (gnutls_x509_crl_set_crt_serial(next, what->serial, what->serial_size,
                                       what->revoked) != 0)
        return FAULT_LIBRARY;
    return FAULT_NONE;
}

/* The last list's number and one, as the shortest positive INTEGER. */
static enum fault put_number(gnutls_x509_crl_t next, gnutls_x509_crl_t last)
{
    uint8_t number[NUMBER_SIZE + 1] = {0};
    uint8_t old[NUMBER_SIZE];
    size_t size = sizeof old, start = 0;

    if (last != NULL) {
        if (gnutls_x509_crl_get_number(last, old, &size, NULL) != 0)
            return FAULT_LIBRARY;
        memcpy(number + sizeof number - size, old, size);
    }
    for (size_t i = sizeof number; i-- > 0 && ++number[i] == 0;)
        continue;
    while (start < NUMBER_SIZE && number[start] == 0 &&
           number[start + 1] < 0x80)
        start++;
    return gnutls_x509_crl_set_number(next, number + start,
                                      sizeof number - start) == 0
               ? FAULT_NONE
               : FAULT_LIBRARY;
}

static enum fault put_frame(gnutls_x509_crl_t next, gnutls_x509_crl_t last,
                            time_t now, gnutls_x509_crt_t issuer)
{
    uint8_t id[KEY_ID_SIZE];
    size_t size = sizeof id;
    time_t from = last == NULL ? 0 : gnutls_x509_crl_get_this_update(last);

    if (from < now - EARLIER)
        from = now - EARLIER;
    if (gnutls_x509_crl_set_version(next, 2) != 0 ||
        gnutls_x509_crl_set_this_update(next, from) != 0 ||
        gnutls_x509_crl_set_next_update(next, from + REVOCATION_DAYS * DAY) !=
            0 ||
        gnutls_x509_crt_get_subject_key_id(issuer, id, &size, NULL) != 0 ||
        gnutls_x509_crl_set_authority_key_id(next, id, size) != 0)
        return FAULT_LIBRARY;
    return FAULT_NONE;
}

enum fault revocation_next(gnutls_x509_crl_t last,
                           const struct revocation *what,
                           gnutls_x509_crt_t issuer, gnutls_privkey_t key,
                           gnutls_x509_crl_t *next)
{
    gnutls_x509_crl_t list = NULL;
    enum fault fault = FAULT_LIBRARY;

    *next = NULL;
    if (gnutls_x509_crl_init(&list) != 0)
        return FAULT_MEMORY;
    if ((fault = put_frame(list, last, what->now, issuer)) != FAULT_NONE ||
        (fault = put_entries(list, last, what)) != FAULT_NONE ||
        (fault = put_number(list, last)) != FAULT_NONE)
        goto out;
    if (gnutls_x509_crl_privkey_sign(list, issuer, key, GNUTLS_DIG_STREEBOG_256,
                                     0) != 0) {
        fault = FAULT_LIBRARY;
        goto out;
    }
    *next = list;
    list = NULL;
out:
    if (list != NULL)
        gnutls_x509_crl_deinit(list);
    return fault;
}
