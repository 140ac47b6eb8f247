/* The PINs of a Rutoken, as medium_ops.enter, .change_pin and .unblock are
 * promised. */
#ifndef TOKEN_RUTOKEN_RUTOKEN_PIN_H
#define TOKEN_RUTOKEN_RUTOKEN_PIN_H

#include "token/medium.h"

MUST_CHECK enum fault rutoken_pin_enter(const char *location,
                                        enum pin_owner owner);
MUST_CHECK enum fault rutoken_pin_change(const char *location,
                                         enum pin_owner owner,
                                         const char *new_one);
MUST_CHECK enum fault rutoken_pin_unblock(const char *location,
                                          const char *new_one);

#endif
