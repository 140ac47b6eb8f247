/* What the options of a batch name besides places: the server and its root
 * certificate, where codes come from. Looked at before anybody is sent one;
 * nobody is called. */
#ifndef CLIENT_BATCH_MEANS_H
#define CLIENT_BATCH_MEANS_H

#include "client/options.h"
#include "client/outcome/failure.h"

/* A server is named. OUTCOME_CONFIGURATION, with which of them is not there and
 * why. */
enum outcome means_check(const struct options *options,
                         struct failure *failure);

#endif
