/* Rutoken tokens over PC/SC: containers in their files, and keys inside of
 * those that make keys. Locations and containers are taken in the form that
 * medium_find gives. */
#ifndef TOKEN_RUTOKEN_RUTOKEN_MEDIUM_H
#define TOKEN_RUTOKEN_RUTOKEN_MEDIUM_H

#include "token/medium.h"

extern const struct medium_ops rutoken_medium;

#endif
