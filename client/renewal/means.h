/* What the options of renew and batch name besides places: the server and its
 * root certificate, where codes come from, the user's commands, the files of
 * PINs and corrections. Looked at before anybody is sent a code; nobody is
 * called. */
#ifndef CLIENT_RENEWAL_MEANS_H
#define CLIENT_RENEWAL_MEANS_H

#include "client/options.h"
#include "client/outcome/failure.h"

/* OUTCOME_CONFIGURATION, with which of them is not there and why; what is not
 * named is not looked at. report: the folder where one is to be; NULL: none
 * is, or is worth to keep renewals back for it. */
enum outcome means_check(const struct options *options, const char *report,
                         struct failure *failure);

/* The same of what gives the codes alone: it may have gone since. */
enum outcome means_check_codes(const struct options *options,
                               struct failure *failure);

#endif
