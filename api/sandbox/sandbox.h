/* What all parts of a running sandbox share. */
#ifndef API_SANDBOX_SANDBOX_H
#define API_SANDBOX_SANDBOX_H

#include "api/sandbox/ca.h"
#include "api/sandbox/http/mischief.h"
#include "api/sandbox/http/record.h"
#include "api/sandbox/store.h"

struct sandbox_settings {
    long latency;      /* milliseconds before each answer */
    long issue_after;  /* seconds from issuing to issued */
    long review_after; /* seconds from submitted to approved; -1: never */
    long resend_after; /* seconds until a code may be sent again */
    long code_life;    /* seconds */
    long session_life; /* seconds; a refresh token lives half as long again */
    long window;       /* full days before its end that renewal begins */
};

struct sandbox {
    const char *dir;
    struct store *store;
    struct ca *ca;
    struct sandbox_settings settings;
    struct mischief mischief;
    struct record record;
};

#endif
