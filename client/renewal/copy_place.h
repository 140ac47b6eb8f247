/* Where the copy of a new container goes. */
#ifndef CLIENT_RENEWAL_COPY_PLACE_H
#define CLIENT_RENEWAL_COPY_PLACE_H

#include "client/renewal/renewal.h"

/* RECORD_BACKUP as it was given or as the person answers; "": no copy now. A
 * place that was given but cannot be used now is asked for again. */
enum outcome copy_place_choose(struct renewal *renewal);

#endif
