/* What the options of a batch name besides places and the server, such as
 * where its codes come from: looked at before anybody is sent one. */
#ifndef CLIENT_BATCH_MEANS_H
#define CLIENT_BATCH_MEANS_H

#include "client/options.h"
#include "client/outcome/failure.h"

/* OUTCOME_CONFIGURATION, with which of them is not there and why. */
enum outcome means_check(const struct options *options,
                         struct failure *failure);

#endif
