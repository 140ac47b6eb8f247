/* What rutoken_medium reads of one container or key: see the functions of the
 * same names in token/medium.h. */
#ifndef TOKEN_RUTOKEN_RUTOKEN_CONTAINER_H
#define TOKEN_RUTOKEN_RUTOKEN_CONTAINER_H

#include "token/material.h"
#include "token/medium.h"
#include "token/report.h"

MUST_CHECK enum fault rutoken_container_describe(const char *where,
                                                 struct container_info *info);
MUST_CHECK enum fault rutoken_container_open(const char *where,
                                             const char *password,
                                             struct container **container);
MUST_CHECK enum fault rutoken_container_take_out(const char *where,
                                                 const char *password,
                                                 struct material **material);
MUST_CHECK enum fault rutoken_container_files(const char *where,
                                              struct container_files **files);
MUST_CHECK enum fault
rutoken_container_inspect(const char *where, enum medium_depth depth,
                          const char *password,
                          struct container_report **report);

#endif
