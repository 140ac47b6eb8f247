/* Where containers are copied to: --to, or what the person answers. */
#ifndef CLIENT_COPYING_COPYING_TARGET_H
#define CLIENT_COPYING_COPYING_TARGET_H

#include "client/commands/commands.h"
#include "client/outcome/failure.h"
#include "token/medium.h"

/* question: translated. container: one that is copied, else NULL. location has
 * LOCATION_MAX bytes. A place that is not there is refused before anybody is
 * asked for passwords. */
enum outcome copying_target(const struct desk *desk, const char *question,
                            const char *container,
                            const struct medium_ops **ops, char *location,
                            struct failure *failure);

#endif
