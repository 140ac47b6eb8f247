#include "keygen/overview.h"

#include "keygen/outline.h"

#include <sodium.h>
#include <stdlib.h>

enum {
    HEAD_MAX = 6,      /* bytes of an element before its content */
    PART = 256,        /* fewer are not read faster */
    SUBJECT_MAX = 1024 /* bytes; of people and firms they are below 800 */
};

/* Whether the beginning of an element was there, its length and all. */
static bool is_there(struct der element, const uint8_t *end)
{
    return element.at <= end && (size_t)(end - element.at) >= HEAD_MAX;
}

/* Both times and what of the subject is in the same part; then the rest of the
 * subject, which has told its length. */
static enum fault fetch_owner(struct der rest, overview_fetch *fetch,
                              void *context)
{
    const size_t size = rest.left < PART ? rest.left : PART;
    struct der in = rest, validity, content, subject;
    enum fault fault = fetch(context, rest.at, size);
    const uint8_t *end = rest.at + size;
    uint8_t tag;

    if (fault != FAULT_NONE)
        return fault;
    if (!der_read(&in, DER_SEQUENCE, &validity) ||
        !der_read_any(&in, &tag, &content, &subject) ||
        !is_there(subject, end) || subject.left > SUBJECT_MAX)
        return FAULT_CERTIFICATE;
    return in.at <= end ? FAULT_NONE
                        : fetch(context, end, (size_t)(in.at - end));
}

static enum fault take(const struct outline *outline, struct overview *one)
{
    enum fault fault =
        name_read(outline->subject.at, outline->subject.left, &one->subject);
    /* A zero in front only says that the number is not negative. */
    const size_t skip =
        outline->serial.left > 1 && outline->serial.at[0] == 0 ? 1 : 0;

    if (fault != FAULT_NONE)
        return fault == FAULT_NAME ? FAULT_CERTIFICATE : fault;
    sodium_bin2hex(one->serial, sizeof one->serial, outline->serial.at + skip,
                   outline->serial.left - skip);
    one->not_before = outline->not_before;
    one->not_after = outline->not_after;
    return FAULT_NONE;
}

enum fault overview_read(struct der certificate, size_t there,
                         overview_fetch *fetch, void *context,
                         struct overview **overview)
{
    struct outline outline;
    struct der rest;
    enum fault fault;

    *overview = NULL;
    if (there > certificate.left)
        there = certificate.left;
    if (!outline_read_front(certificate, &outline, &rest) ||
        !is_there(outline.issuer, certificate.at + there))
        return FAULT_CERTIFICATE;
    fault = fetch_owner(rest, fetch, context);
    if (fault == FAULT_NONE && !outline_read_owner(rest, &outline))
        fault = FAULT_CERTIFICATE;
    if (fault != FAULT_NONE)
        return fault;
    *overview = calloc(1, sizeof **overview);
    fault = *overview == NULL ? FAULT_MEMORY : take(&outline, *overview);
    if (fault != FAULT_NONE)
        overview_free(overview);
    return fault;
}

enum fault overview_copy(const struct overview *from, struct overview **to)
{
    enum fault fault = FAULT_MEMORY;

    *to = calloc(1, sizeof **to);
    if (*to == NULL)
        return fault;
    **to = *from;
    fault = name_copy(&from->subject, &(*to)->subject);
    if (fault != FAULT_NONE)
        overview_free(to);
    return fault;
}

void overview_free(struct overview **overview)
{
    if (*overview == NULL)
        return;
    name_free(&(*overview)->subject);
    free(*overview);
    *overview = NULL;
}
