#include "tests/support/hostile.h"

#include "tests/support/hostile_certificates.h"

#include <arpa/inet.h>
#include <gnutls/gnutls.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

struct hostile {
    pthread_t thread;
    pthread_mutex_t lock; /* of the plan and of what came */
    struct hostile_plan plan;
    char url[64];
    int listening, stop; /* stop: readable when it is time */
    size_t connections, requests;
    char request[16384];
};

/* Wait until fd is readable (-1: so many ms); false when it is time to stop. */
static bool wait_for(struct hostile *hostile, int fd, int milliseconds)
{
    struct pollfd fds[] = {{.fd = hostile->stop, .events = POLLIN},
                           {.fd = fd, .events = POLLIN}};

    poll(fds, 2, milliseconds);
    return (fds[0].revents & POLLIN) == 0;
}

/* Wait for another request; false when it is time to stop or when somebody
 * else wants to be served. */
static bool wait_idle(struct hostile *hostile, int fd)
{
    struct pollfd fds[] = {{.fd = hostile->stop, .events = POLLIN},
                           {.fd = hostile->listening, .events = POLLIN},
                           {.fd = fd, .events = POLLIN}};

    poll(fds, 3, -1);
    return fds[2].revents != 0 && (fds[0].revents & POLLIN) == 0;
}

/* How bytes go out: through TLS or plainly. */
static bool send_all(gnutls_session_t session, int fd, const char *text)
{
    size_t size = strlen(text);

    while (size > 0) {
        ssize_t sent = session != NULL ? gnutls_record_send(session, text, size)
                                       : send(fd, text, size, MSG_NOSIGNAL);

        if (sent == GNUTLS_E_AGAIN || sent == GNUTLS_E_INTERRUPTED)
            continue;
        if (sent <= 0)
            return false;
        text += sent;
        size -= (size_t)sent;
    }
    return true;
}

static void say(struct hostile *hostile, const struct hostile_plan *plan,
                gnutls_session_t session, int fd)
{
    if (plan->say != NULL && !send_all(session, fd, plan->say))
        return;
    for (size_t i = 0; i < plan->times; i++) {
        if (plan->pause > 0 && !wait_for(hostile, -1, (int)plan->pause))
            return;
        if (!send_all(session, fd, plan->again))
            return;
    }
    if (plan->hold)
        wait_for(hostile, -1, -1);
}

/* A whole request: the header and as many bytes as it says. */
static bool read_request(struct hostile *hostile, gnutls_session_t session,
                         int fd)
{
    char text[sizeof hostile->request] = {0};
    size_t size = 0, body = 0;
    const char *end = NULL, *length;

    while (end == NULL || size < (size_t)(end + 4 - text) + body) {
        ssize_t got;

        if (gnutls_record_check_pending(session) == 0 &&
            !(size == 0 ? wait_idle(hostile, fd) : wait_for(hostile, fd, -1)))
            return false;
        got = gnutls_record_recv(session, text + size, sizeof text - 1 - size);
        if (got <= 0)
            return false;
        size += (size_t)got;
        end = strstr(text, "\r\n\r\n");
        length = strstr(text, "Content-Length: ");
        body = length == NULL ? 0 : strtoul(length + 16, NULL, 10);
    }
    pthread_mutex_lock(&hostile->lock);
    memcpy(hostile->request, text, sizeof text);
    hostile->requests++;
    pthread_mutex_unlock(&hostile->lock);
    return true;
}

static struct hostile_plan plan_of(struct hostile *hostile)
{
    struct hostile_plan plan;

    pthread_mutex_lock(&hostile->lock);
    plan = hostile->plan;
    pthread_mutex_unlock(&hostile->lock);
    return plan;
}

static void converse(struct hostile *hostile, gnutls_session_t session, int fd)
{
    struct hostile_plan plan;

    do {
        if (!read_request(hostile, session, fd))
            return;
        plan = plan_of(hostile);
        say(hostile, &plan, session, fd);
    } while (plan.keep);
    if (!plan.abrupt)
        gnutls_bye(session, GNUTLS_SHUT_WR);
}

static void speak_tls(struct hostile *hostile, const struct hostile_plan *plan,
                      int fd)
{
    gnutls_session_t session = NULL;
    int result;

    if (gnutls_init(&session, GNUTLS_SERVER | GNUTLS_NO_SIGNAL) < 0)
        return;
    if (gnutls_priority_set_direct(
            session, plan->priority == NULL ? "NORMAL" : plan->priority, NULL) <
            0 ||
        gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE,
                               hostile_credentials(plan->certificate)) < 0)
        goto out;
    gnutls_transport_set_int(session, fd);
    do
        result = wait_for(hostile, fd, -1) ? gnutls_handshake(session)
                                           : GNUTLS_E_TIMEDOUT;
    while (result < 0 && gnutls_error_is_fatal(result) == 0);
    if (result == 0 && plan->stage == HOSTILE_SPEAK)
        converse(hostile, session, fd);
out:
    gnutls_deinit(session);
}

static void attend(struct hostile *hostile, int fd)
{
    const struct timeval limit = {.tv_sec = 20};
    struct hostile_plan plan = plan_of(hostile);
    char bytes[5];

    /* Nobody waits for the other for ever, whatever a test does wrong. */
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    if (plan.stage == HOSTILE_SPEAK || plan.stage == HOSTILE_SHAKE)
        speak_tls(hostile, &plan, fd);
    else if (plan.stage == HOSTILE_SILENT)
        wait_for(hostile, -1, -1);
    else if (plan.stage == HOSTILE_PLAIN)
        say(hostile, &plan, NULL, fd);
    else if (plan.stage == HOSTILE_HELLO)
        (void)!recv(fd, bytes, sizeof bytes, 0);
}

static void *serve(void *self)
{
    struct hostile *hostile = self;

    while (wait_for(hostile, hostile->listening, -1)) {
        int fd = accept(hostile->listening, NULL, NULL);

        if (fd < 0)
            continue;
        pthread_mutex_lock(&hostile->lock);
        hostile->connections++;
        pthread_mutex_unlock(&hostile->lock);
        attend(hostile, fd);
        close(fd);
    }
    return NULL;
}

/* --- for tests ------------------------------------------------------------ */

static int listen_here(struct hostile *hostile)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof at;

    hostile->listening = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (hostile->listening < 0 ||
        bind(hostile->listening, (struct sockaddr *)&at, sizeof at) != 0 ||
        listen(hostile->listening, 8) != 0 ||
        getsockname(hostile->listening, (struct sockaddr *)&at, &size) != 0)
        return -1;
    snprintf(hostile->url, sizeof hostile->url, "https://127.0.0.1:%d",
             ntohs(at.sin_port));
    return 0;
}

struct hostile *hostile_start(const struct hostile_plan *plan)
{
    struct hostile *hostile = calloc(1, sizeof *hostile);

    if (hostile == NULL)
        return NULL;
    hostile->plan = *plan;
    hostile->stop = eventfd(0, EFD_CLOEXEC);
    if (hostile->stop < 0 || pthread_mutex_init(&hostile->lock, NULL) != 0 ||
        listen_here(hostile) != 0 ||
        pthread_create(&hostile->thread, NULL, serve, hostile) != 0)
        abort(); /* a test that cannot begin */
    return hostile;
}

void hostile_plan(struct hostile *hostile, const struct hostile_plan *plan)
{
    pthread_mutex_lock(&hostile->lock);
    hostile->plan = *plan;
    pthread_mutex_unlock(&hostile->lock);
}

const char *hostile_url(const struct hostile *hostile)
{
    return hostile->url;
}

size_t hostile_connections(struct hostile *hostile)
{
    size_t count;

    pthread_mutex_lock(&hostile->lock);
    count = hostile->connections;
    pthread_mutex_unlock(&hostile->lock);
    return count;
}

size_t hostile_requests(struct hostile *hostile)
{
    size_t count;

    pthread_mutex_lock(&hostile->lock);
    count = hostile->requests;
    pthread_mutex_unlock(&hostile->lock);
    return count;
}

const char *hostile_request(struct hostile *hostile)
{
    return hostile->request;
}

void hostile_stop(struct hostile **hostile)
{
    const uint64_t one = 1;

    if (*hostile == NULL)
        return;
    (void)!write((*hostile)->stop, &one, sizeof one);
    pthread_join((*hostile)->thread, NULL);
    pthread_mutex_destroy(&(*hostile)->lock);
    close((*hostile)->listening);
    close((*hostile)->stop);
    free(*hostile);
    *hostile = NULL;
}
