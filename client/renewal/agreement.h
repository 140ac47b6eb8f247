/* What a person agrees to in a renewal: asked, and kept. */
#ifndef CLIENT_RENEWAL_AGREEMENT_H
#define CLIENT_RENEWAL_AGREEMENT_H

#include "client/renewal/renewal.h"

/* Whether there is somebody to ask who has not answered with --accept-data. */
bool agreement_is_asked(const struct renewal *renewal);

/* Ask, or take --accept-data for the answer. *yes as it was answered. */
enum outcome agreement_question(struct renewal *renewal, const char *question,
                                bool *yes);

/* The same, where a no ends the run: OUTCOME_CANCELLED. */
enum outcome agreement_ask(struct renewal *renewal, const char *question);

/* A foreign text as lines, all of it, between two marks. */
enum outcome agreement_show(struct renewal *renewal, const char *before,
                            const char *text, const char *after);

/* The consent of the form that is called which ("release"): shown, asked for,
 * and kept in the row with its version and the moment. It is the server's:
 * cleaned before it is shown, kept as it came. */
enum outcome agreement_consent(struct renewal *renewal, const char *which,
                               enum record_field text_field,
                               enum record_field version_field,
                               enum record_field time_field);

#endif
