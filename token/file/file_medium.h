/* Containers in folders of a disk or a flash drive. Locations and containers
 * are taken in the form that medium_find gives. */
#ifndef TOKEN_FILE_FILE_MEDIUM_H
#define TOKEN_FILE_FILE_MEDIUM_H

#include "token/medium.h"

extern const struct medium_ops file_medium;

#endif
