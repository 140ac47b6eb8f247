/* A network and a clock that do as a test says: the way to a server and the
 * time of api/, scripted. */
#ifndef TESTS_SUPPORT_SCRIPT_H
#define TESTS_SUPPORT_SCRIPT_H

#include "api/transport.h"

enum { SCRIPT_MAX = 16 };

struct script_answer {
    enum api_result result;
    long status;         /* with API_OK */
    const char *headers; /* "Name: value\n" lines, or NULL: JSON */
    const char *body;
    bool unsent; /* nothing reached the server */
    long takes;  /* milliseconds */
};

struct script {
    struct script_answer answers[SCRIPT_MAX];
    size_t asked; /* answers used up; one that is not set is API_OK with status
                     0 */

    /* What went out: "METHOD path\nheader\n\nbody";
     * freed when the network closes. */
    struct buffer request[SCRIPT_MAX];
    long limit[SCRIPT_MAX]; /* milliseconds given for each */

    long long now;           /* milliseconds */
    long pauses[SCRIPT_MAX]; /* milliseconds */
    size_t paused;
    long chance; /* in percent of what a random number may be */
    bool closed;
};

/* A network and a clock of script, which outlives them. */
struct transport script_transport(struct script *script);
struct timer script_timer(struct script *script);

#endif
