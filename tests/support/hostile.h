/* A server in a thread of the test that says what a test wants it to say:
 * TLS on 127.0.0.1 with certificates made on the spot. */
#ifndef TESTS_SUPPORT_HOSTILE_H
#define TESTS_SUPPORT_HOSTILE_H

#include <stddef.h>

enum hostile_certificate {
    HOSTILE_GOOD,        /* for 127.0.0.1 and localhost, by the root */
    HOSTILE_OTHER_NAME,  /* for other.example */
    HOSTILE_EXPIRED,     /* since yesterday */
    HOSTILE_FUTURE,      /* from tomorrow */
    HOSTILE_SELF_SIGNED, /* by nobody else */
    HOSTILE_OTHER_ROOT,  /* by a root of the same name, another key */
    HOSTILE_CERTIFICATES
};

enum hostile_stage {
    HOSTILE_SPEAK,  /* shake hands, read the request, say */
    HOSTILE_CLOSE,  /* close at once */
    HOSTILE_SILENT, /* accept and do nothing */
    HOSTILE_PLAIN,  /* say without TLS */
    HOSTILE_HELLO,  /* close in the middle of the handshake */
    HOSTILE_SHAKE   /* close behind the handshake, nothing read */
};

struct hostile_plan {
    enum hostile_stage stage;
    enum hostile_certificate certificate;
    const char *priority; /* of GnuTLS; NULL: NORMAL */
    const char *say;      /* at first; NULL: nothing */
    const char *again;    /* so many times after it */
    size_t times;
    long pause; /* ms before each of those */
    int hold;   /* then stay, instead of closing */
    int abrupt; /* close without TLS's own farewell */
    int keep;   /* answer further requests on the connection */
};

struct hostile;

/* Make the certificates; the root is in *file (a path that the caller frees
 * and unlinks). 0 or -1. */
int hostile_prepare(char **file);
void hostile_finish(void);

/* Serve; url ("https://127.0.0.1:PORT") lives as long as the server. The plan
 * may be changed between two calls. */
struct hostile *hostile_start(const struct hostile_plan *plan);
void hostile_plan(struct hostile *hostile, const struct hostile_plan *plan);
const char *hostile_url(const struct hostile *hostile);

/* What came: connections, whole requests, the last of them as text. */
size_t hostile_connections(struct hostile *hostile);
size_t hostile_requests(struct hostile *hostile);
const char *hostile_request(struct hostile *hostile);
void hostile_stop(struct hostile **hostile);

#endif
