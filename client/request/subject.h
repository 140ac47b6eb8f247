/* Whom a request by hand is for: the subject of an old certificate, and the
 * attributes that a person gives. */
#ifndef CLIENT_REQUEST_SUBJECT_H
#define CLIENT_REQUEST_SUBJECT_H

#include "client/options.h"
#include "client/renewal/renewal.h"
#include "client/text.h"
#include "keygen/name.h"

/* The attribute of a word as it is usual in names of certificates, in any
 * case: CN, SN, G, SNILS, INN, INNLE, OGRN, OGRNIP, O, OU, T, L, S, STREET, E,
 * C and their neighbours, or that of the API; -1 for another. */
int subject_find(const char *word, size_t size);

/* For a question (prompt_check): NULL where an answer can be the value of an
 * attribute, else the translated sentence why not. data points to this. */
struct subject_asked {
    enum name_attribute attribute;
    bool may_be_empty;
    struct text_line why;
};
const char *subject_refuse(const char *answer, void *data);

/* Take over every value of a certificate (NULL: none), in today's form: the
 * ИНН of an organisation is moved out of the person's attribute, numbers lose
 * their separators. Then put NAME=VALUE of the options over it, an empty
 * value takes an attribute away (G: of a person with one name alone); what
 * follows from the others (the common name, the country) is filled in. Every
 * check digit is verified, and that nothing is missing which a qualified
 * certificate must hold. On anything but OUTCOME_DONE failure says what is
 * wrong with which; on OUTCOME_SUBJECT_INCOMPLETE subject holds what is there.
 * Free with name_free in any case. */
enum outcome subject_make(const struct certificate *from,
                          const struct options_list *given,
                          struct name *subject, struct failure *failure);

#endif
