/* The numbers and addresses by which a person or an organisation is known in
 * Russia, as people write them: checked, and brought into the form in which
 * certificates and statements hold them.
 *
 * Check digits: ИНН, ОГРН and ОГРНИП as in the orders of the tax service,
 * СНИЛС as in the rules of the pension fund (numbers above 001-001-998).
 * КПП: four digits of the tax office, two digits or Latin capitals, three
 * digits. A telephone is one in Russia: +7 and ten digits. An e-mail is what an
 * IA5String of a certificate can hold: the dot-atom of RFC 5322 at a domain
 * name. */
#ifndef KEYGEN_REQUISITE_REQUISITE_H
#define KEYGEN_REQUISITE_REQUISITE_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

enum { REQUISITE_MAX = 256 /* bytes of what is kept, with the NUL */ };

enum requisite {
    REQUISITE_INN, /* of a person or of an organisation */
    REQUISITE_INN_PERSON,
    REQUISITE_INN_ORGANIZATION, /* also with 00 before it, as the certificates
                                   from before order 31 of the FSB have it */
    REQUISITE_SNILS,
    REQUISITE_OGRN,
    REQUISITE_OGRNIP,
    REQUISITE_KPP,
    REQUISITE_PHONE,
    REQUISITE_MOBILE, /* a telephone that gets messages: +7 9… */
    REQUISITE_EMAIL,
    REQUISITE_BIRTH_DATE,
    REQUISITE_COUNT
};

enum requisite_flaw {
    REQUISITE_GOOD,
    REQUISITE_EMPTY,     /* nothing but blanks */
    REQUISITE_CHARACTER, /* one that has no place there */
    REQUISITE_LENGTH,    /* too few or too many */
    REQUISITE_ZEROS,     /* zeros where there are none */
    REQUISITE_CHECK,     /* the check digits do not fit the others */
    REQUISITE_COUNTRY,   /* a telephone of another country */
    REQUISITE_AREA,      /* no such area code */
    REQUISITE_AT,        /* not one @ */
    REQUISITE_MAILBOX,   /* what is before the @ */
    REQUISITE_DOMAIN,    /* what is behind the @ */
    REQUISITE_FORM,      /* no date like 31.12.1980 or 1980-12-31 */
    REQUISITE_NO_DATE,   /* the calendar has no such day */
    REQUISITE_EARLY,     /* before 1900 */
    REQUISITE_FUTURE,    /* after today */
    REQUISITE_FLAWS
};

struct requisite_finding {
    enum requisite_flaw flaw;
    size_t at;    /* which character of the text, from 0 */
    size_t count; /* REQUISITE_LENGTH: characters of the number found */
};

/* A stable word ("innOrganization"); never NULL. */
const char *requisite_word(enum requisite kind);

/* Whether size bytes of text, not ended by a NUL, are such a one; blanks
 * around it, and in numbers those and dashes inside, are passed over. kept
 * is then the form to keep: numbers without separators, a telephone as 7 and
 * ten digits, an ИНН with 00 without these, a date as 1980-12-31, an e-mail
 * as it is. now is for dates, 0 where any day will do. Otherwise false, kept
 * is "" and the finding says what is wrong with it. */
bool requisite_check(enum requisite kind, const char *text, size_t size,
                     time_t now, char kept[REQUISITE_MAX],
                     struct requisite_finding *finding);

/* What is kept (or came from elsewhere) as people write it: eleven digits of a
 * СНИЛС as 112-233-445 95. Everything else is left as it is, and is then what
 * is returned. */
const char *requisite_written(enum requisite kind, const char *kept,
                              char out[REQUISITE_MAX]);

/* Put the check digits behind the others: digits has room for all of the
 * number, which is ИНН_PERSON, …_ORGANIZATION, СНИЛС, ОГРН or ОГРНИП. Leaves
 * what has none. */
void requisite_complete(enum requisite kind, char *digits);

#endif
