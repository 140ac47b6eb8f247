/* See list and overview of token/medium.h. */
#ifndef TOKEN_RUTOKEN_RUTOKEN_LIST_H
#define TOKEN_RUTOKEN_RUTOKEN_LIST_H

#include "token/medium.h"

MUST_CHECK enum fault rutoken_list(const char *location,
                                   container_visitor *visit, void *context);
MUST_CHECK enum fault rutoken_list_overview(const char *location,
                                            container_visitor *visit,
                                            void *context);

#endif
