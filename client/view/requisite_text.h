/* What is said to a person of an ИНН, a СНИЛС, a telephone … that will not
 * do (keygen/requisite/requisite.h). */
#ifndef CLIENT_VIEW_REQUISITE_TEXT_H
#define CLIENT_VIEW_REQUISITE_TEXT_H

#include "client/text.h"
#include "keygen/requisite/requisite.h"

/* "INN of the organisation", translated. */
const char *requisite_text_label(enum requisite kind);

/* The sentence why text, size bytes, will not do. */
struct text_line requisite_text_flaw(enum requisite kind, const char *text,
                                     size_t size,
                                     const struct requisite_finding *finding);

/* For a question (prompt_check): data points to this. */
struct requisite_asked {
    enum requisite kind;
    time_t now; /* for dates; 0: any day will do */
    bool may_be_empty;
    char kept[REQUISITE_MAX]; /* of the answer that would do */
    struct text_line why;
};
const char *requisite_text_refuse(const char *answer, void *data);

#endif
