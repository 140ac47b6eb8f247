#include "client/stream.h"

#include "client/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* A child that writes to the pipe, with pauses; its reading end. */
static int pipe_of(const char *const *pieces, pid_t *child)
{
    int ends[2];

    assert_int_equal(pipe(ends), 0);
    *child = fork();
    if (*child == 0) {
        for (size_t i = 0; pieces[i] != NULL; i++) {
            usleep(10000);
            (void)!write(ends[1], pieces[i], strlen(pieces[i]));
        }
        _exit(0);
    }
    close(ends[1]);
    return ends[0];
}

static void it_reads_to_the_end(void **state)
{
    static const char *const pieces[] = {"ab", "c", "def", NULL};
    char data[16] = "";
    pid_t child;

    (void)state;
    for (int nonblocking = 0; nonblocking < 2; nonblocking++) {
        int fd = pipe_of(pieces, &child);

        if (nonblocking)
            fcntl(fd, F_SETFL, O_NONBLOCK);
        assert_int_equal(stream_read(fd, data, sizeof data), 6);
        assert_memory_equal(data, "abcdef", 6);
        close(fd);
        waitpid(child, NULL, 0);
    }
}

static void it_reads_no_more_than_there_is_room(void **state)
{
    static const char *const pieces[] = {"abcdef", NULL};
    char data[8] = "-------";
    pid_t child;
    int fd = pipe_of(pieces, &child);

    (void)state;
    assert_int_equal(stream_read(fd, data, 4), 4);
    assert_memory_equal(data, "abcd---", 7);
    assert_int_equal(stream_read(fd, data, 0), 0);
    assert_int_equal(stream_read(fd, data, 4), 2);
    assert_int_equal(stream_read(fd, data, 4), 0);
    close(fd);
    waitpid(child, NULL, 0);
}

static void devices_without_an_end_are_read(void **state)
{
    char data[64];
    int fd = open("/dev/urandom", O_RDONLY);

    (void)state;
    assert_int_equal(stream_read(fd, data, sizeof data), sizeof data);
    close(fd);
}

static void what_is_no_descriptor_is_an_error(void **state)
{
    char data[4];

    (void)state;
    assert_int_equal(stream_read(999, data, sizeof data), -1);
    assert_int_equal(errno, EBADF);
}

/* Nobody ever writes: the person presses Ctrl-C. */
static int wait_for_nothing(void)
{
    char data[4];
    int ends[2];

    if (pipe(ends) != 0 || signals_start() != 0)
        return 1;
    if (fork() == 0) {
        usleep(50000);
        kill(getppid(), SIGINT);
        _exit(0);
    }
    return stream_read(ends[0], data, sizeof data) != -1 || errno != EINTR;
}

static void a_signal_ends_it(void **state)
{
    int status = -1;
    pid_t child = fork();

    (void)state;
    if (child == 0)
        _exit(wait_for_nothing());
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_reads_to_the_end),
        cmocka_unit_test(it_reads_no_more_than_there_is_room),
        cmocka_unit_test(devices_without_an_end_are_read),
        cmocka_unit_test(what_is_no_descriptor_is_an_error),
        cmocka_unit_test(a_signal_ends_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
