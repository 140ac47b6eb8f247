#include "keygen/requisite/address.h"

#include "keygen/requisite/finding.h"

#include <string.h>

/* RFC 5321 4.5.3.1, RFC 1035 2.3.4 */
enum { ADDRESS_MAX = 254, MAILBOX_MAX = 64, LABEL_MAX = 63 };

static bool is_alnum(char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/* RFC 5322 3.2.3, atext */
static bool is_atom(char c)
{
    return is_alnum(c) || (c != '\0' && strchr("!#$%&'*+-/=?^_`{|}~", c));
}

/* Atoms with single dots between them. */
static bool check_mailbox(const char *text, size_t size,
                          struct requisite_finding *finding)
{
    if (size == 0 || size > MAILBOX_MAX)
        return finding_refuse(finding, REQUISITE_MAILBOX,
                              size > 0 ? MAILBOX_MAX : 0);
    for (size_t i = 0; i < size; i++) {
        const bool dot =
            text[i] == '.' && i > 0 && i + 1 < size && text[i - 1] != '.';

        if (!dot && !is_atom(text[i]))
            return finding_refuse(finding, REQUISITE_MAILBOX, i);
    }
    return true;
}

/* One label of a domain name (RFC 1123 2.1). The first character that is
 * wrong, or size. */
static size_t wrong_in_label(const char *text, size_t size)
{
    if (size == 0 || text[0] == '-')
        return 0;
    for (size_t i = 0; i < size; i++)
        if (i == LABEL_MAX || (!is_alnum(text[i]) && text[i] != '-'))
            return i;
    return text[size - 1] == '-' ? size - 1 : size;
}

/* At least two labels, the last of them no number: no server's address. */
static bool check_domain(const char *text, size_t size, size_t offset,
                         struct requisite_finding *finding)
{
    size_t labels = 0, start = 0, label = 0;

    for (; start <= size; start += label + 1, labels++) {
        const char *dot = memchr(text + start, '.', size - start);
        size_t wrong;

        label = dot != NULL ? (size_t)(dot - text) - start : size - start;
        wrong = wrong_in_label(text + start, label);
        if (wrong < label || label == 0)
            return finding_refuse(finding, REQUISITE_DOMAIN,
                                  offset + start + wrong);
        if (dot == NULL && labels > 0 && text[start] >= '0' &&
            text[start] <= '9')
            return finding_refuse(finding, REQUISITE_DOMAIN, offset + start);
    }
    return labels > 1 ||
           finding_refuse(finding, REQUISITE_DOMAIN, offset + size);
}

bool address_check(const char *text, size_t size,
                   struct requisite_finding *finding)
{
    const char *at = memchr(text, '@', size), *second;
    size_t mailbox;

    if (size > ADDRESS_MAX) {
        finding->count = size;
        return finding_refuse(finding, REQUISITE_LENGTH, ADDRESS_MAX);
    }
    if (at == NULL)
        return finding_refuse(finding, REQUISITE_AT, size);
    mailbox = (size_t)(at - text);
    second = memchr(at + 1, '@', size - mailbox - 1);
    if (second != NULL)
        return finding_refuse(finding, REQUISITE_AT, (size_t)(second - text));
    return check_mailbox(text, mailbox, finding) &&
           check_domain(at + 1, size - mailbox - 1, mailbox + 1, finding);
}
