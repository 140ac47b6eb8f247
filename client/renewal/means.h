/* What the options of renew and batch name besides places: the server and its
 * root certificate, where codes come from, the files of PINs and corrections;
 * in a dry run the place of the report, too. Looked at before anybody is sent a
 * code; nobody is called. */
#ifndef CLIENT_RENEWAL_MEANS_H
#define CLIENT_RENEWAL_MEANS_H

#include "client/options.h"
#include "client/outcome/failure.h"

/* OUTCOME_CONFIGURATION, with which of them is not there and why; what is not
 * named is not looked at. */
enum outcome means_check(const struct options *options,
                         struct failure *failure);

#endif
