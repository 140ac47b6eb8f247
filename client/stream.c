#include "client/stream.h"

#include "client/signals.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <unistd.h>

enum { PATIENCE = 120 * 1000, LOOK = 1000 /* milliseconds */ };

/* 0 when there is something to read, or the end. */
static int wait_for(int fd)
{
    struct pollfd events[2] = {{.fd = fd, .events = POLLIN},
                               {.fd = signals_fd(), .events = POLLIN}};

    for (int waited = 0; waited < PATIENCE && !signals_pending();
         waited += LOOK) {
        int got = poll(events, 2, LOOK);

        if (got < 0 && errno != EINTR)
            return -1;
        if (got > 0 && events[0].revents != 0)
            return 0;
    }
    errno = signals_pending() ? EINTR : ETIMEDOUT;
    return -1;
}

ssize_t stream_read(int fd, void *data, size_t size)
{
    size_t got = 0;

    while (got < size) {
        ssize_t n;

        if (wait_for(fd) != 0)
            return -1;
        n = read(fd, (uint8_t *)data + got, size - got);
        if (n < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (n < 0)
            return -1;
        if (n == 0)
            break;
        got += (size_t)n;
    }
    return (ssize_t)got;
}
