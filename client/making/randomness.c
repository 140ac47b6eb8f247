#include "client/making/randomness.h"

#include "client/screen/entropy_bar.h"
#include "client/signals.h"
#include "client/stream.h"
#include "client/unlock.h"
#include "keygen/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { FEED_MAX = 4096 /* bytes taken from an entropy file */ };

/* Bytes of a file or device of the user's own. */
static enum fault feed_from(struct entropy *pool, const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    uint8_t *bytes = secret_new(FEED_MAX);
    enum fault fault = bytes == NULL ? FAULT_MEMORY : FAULT_NONE;
    ssize_t size;

    if (fd < 0)
        fault = errno == EACCES ? FAULT_NO_ACCESS : FAULT_NOT_FOUND;
    if (fault == FAULT_NONE) {
        size = stream_read(fd, bytes, FEED_MAX);
        fault = size < 0 ? FAULT_IO : entropy_feed(pool, bytes, (size_t)size);
    }
    if (fault == FAULT_NONE && entropy_bits(pool) < ENTROPY_WANTED)
        fault = FAULT_ENTROPY; /* too short to be worth its name */
    if (fd >= 0)
        close(fd);
    secret_free(&bytes);
    return fault;
}

static enum outcome type(struct screen *screen, struct entropy *pool,
                         struct failure *failure)
{
    enum fault fault = FAULT_NONE;
    enum prompt_end end = entropy_bar_fill(screen, pool, 0, &fault);

    return end == PROMPT_FAILED && fault != FAULT_NONE
               ? unlock_fault(fault, "", failure)
               : unlock_unanswered(end, "--entropy", failure);
}

enum outcome randomness_fill(struct screen *screen, const char *source,
                             struct entropy *pool, struct failure *failure)
{
    enum fault fault;

    if (source == NULL)
        source = screen_interactive(screen) ? "keyboard" : "system";
    if (strcmp(source, "keyboard") == 0)
        return type(screen, pool, failure);
    fault =
        strcmp(source, "system") == 0 ? FAULT_NONE : feed_from(pool, source);
    return signals_pending() ? unlock_unanswered(PROMPT_SIGNAL, "", failure)
                             : unlock_fault(fault, source, failure);
}
