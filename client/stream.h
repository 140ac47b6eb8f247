/* Reading what somebody else writes: a pipe, a FIFO, a device, a file. */
#ifndef CLIENT_STREAM_H
#define CLIENT_STREAM_H

#include <stddef.h>
#include <sys/types.h>

/* Until size bytes or the end. What was read, or -1: errno, ETIMEDOUT after
 * two minutes without a byte, EINTR when a signal asked the program to end.
 */
ssize_t stream_read(int fd, void *data, size_t size);

#endif
