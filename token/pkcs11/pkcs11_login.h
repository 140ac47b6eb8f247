/* Logins to tokens: they are the process's, whichever session made them. */
#ifndef TOKEN_PKCS11_PKCS11_LOGIN_H
#define TOKEN_PKCS11_PKCS11_LOGIN_H

#include "token/pkcs11/pkcs11_token.h"

/* A session uses the login of its token. anew: it has just made it, and
 * nobody else is logged in, whatever is noted of a token that was there
 * before. */
void pkcs11_login_begin(struct pkcs11_token *token, bool anew);

/* It no longer does: whether it was the last, which is to log out. One of a
 * login that was lost, with a token that was pulled out, counts no more. */
bool pkcs11_login_end(const struct pkcs11_token *token);

#endif
