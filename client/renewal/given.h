/* What a run's options say to a renewal that has been told something before.
 */
#ifndef CLIENT_RENEWAL_GIVEN_H
#define CLIENT_RENEWAL_GIVEN_H

#include "client/options.h"
#include "client/renewal/renewal_record.h"

/* An application stays where it was made: with one, the command line alone is
 * obeyed. The configuration may be that of another centre by now. option: a
 * member of the options. */
bool given_is_obeyed(const struct record *record, const struct options *options,
                     const char *const *option);

/* What a renewal has: the option, where it is obeyed, or its own. */
const char *given_value(const struct record *record, enum record_field field,
                        const struct options *options,
                        const char *const *option);

/* Sets field to what was given, so that it is found from every folder. */
void given_remember(struct record *record, enum record_field field,
                    const char *value);

/* Forgets the files whose PIN a token has refused in this run: a timer's
 * resume would spend one try after the other on it. Whoever names a file again
 * wants it sent. */
void given_forget_wrong_pins(struct record *record);

#endif
