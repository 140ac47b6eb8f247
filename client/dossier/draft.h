/* Corrections and further data that the server has not got yet: kept in the
 * renewal's row at once, so that nothing typed is lost. */
#ifndef CLIENT_DOSSIER_DRAFT_H
#define CLIENT_DOSSIER_DRAFT_H

#include "client/dossier/field.h"
#include "client/renewal/renewal.h"

/* The value as it will be: of the draft, else of the form; NULL: none. It
 * lives until the draft or the form changes. word: "data.title". */
const char *draft_value(const struct renewal *renewal, const char *word);

/* The same of all of ЕСИА's; not owned by the caller: never esia_free. */
struct esia draft_esia(const struct renewal *renewal);

/* Set one, and save the row. With another СНИЛС than the form's the owner is
 * another: what ЕСИА knew of the former one is taken away; so is what was of
 * another kind of document. */
enum outcome draft_set(struct renewal *renewal, const char *word,
                       const char *value);

/* Take over what stands in a file: {"title":"…","birthDate":"31.12.1980"}.
 * OUTCOME_CONFIGURATION with what is wrong. */
enum outcome draft_load(struct renewal *renewal, const char *path);

/* The same of a text of size bytes and a NUL, which is changed; path is what
 * it is called. */
enum outcome draft_take(struct renewal *renewal, const char *path, char *text,
                        size_t size);

/* Put it into renewal->in, for changeData; forget it. */
void draft_put(struct renewal *renewal);
void draft_forget(struct renewal *renewal);

#endif
