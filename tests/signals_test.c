#include "client/signals.h"

#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

/* Signals stay pending: each body runs in a child. Its exit status, or 128
 * and the signal it died of. */
static int in_child(int (*body)(void))
{
    int status = 0;
    pid_t child = fork();

    if (child == 0) {
        signal(SIGSEGV, SIG_DFL); /* cmocka goes on after one */
        alarm(120);
        _exit(body());
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static volatile sig_atomic_t cancels, leaves;

static void count_cancel(void)
{
    cancels++;
}

static void count_leave(void)
{
    leaves++;
}

static void leave_loudly(void)
{
    _exit(40);
}

static bool is_readable(void)
{
    struct pollfd wait = {.fd = signals_fd(), .events = POLLIN};

    return poll(&wait, 1, 0) == 1;
}

static int number;

static int sets_a_flag(void)
{
    if (signals_fd() != -1 || signals_pending() != 0 || signals_start() != 0 ||
        signals_start() != 0 || signals_fd() < 0 || is_readable())
        return 1;
    signals_on_cancel(count_cancel);
    signals_on_leave(count_leave);
    raise(number);
    raise(SIGTERM);
    if (signals_pending() != number || !is_readable() || !is_readable())
        return 2;
    return cancels == 1 && leaves == 0 ? 0 : 3;
}

static void test_first_signal_sets_a_flag(void **state)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};

    (void)state;
    for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
        number = numbers[i];
        assert_int_equal(in_child(sets_a_flag), 0);
    }
}

static int hurries(void)
{
    signals_start();
    signals_on_leave(leave_loudly);
    raise(SIGINT);
    raise(SIGTERM);
    raise(SIGINT);
    if (signals_pending() != SIGINT)
        return 1;
    raise(SIGINT);
    return 2;
}

static int hurries_without_hook(void)
{
    signals_start();
    raise(SIGINT);
    raise(SIGINT);
    raise(SIGINT);
    return 2;
}

static void test_third_interrupt_ends_at_once(void **state)
{
    (void)state;
    assert_int_equal(in_child(hurries), 40);
    assert_int_equal(in_child(hurries_without_hook), 128 + SIGINT);
}

static int crashes(void)
{
    signals_start();
    signals_on_leave(leave_loudly);
    raise(number);
    return 2;
}

static int crashes_without_hook(void)
{
    signals_start();
    raise(number);
    return 2;
}

static void test_crash_leaves_in_order(void **state)
{
    static const int numbers[] = {SIGSEGV, SIGABRT};

    (void)state;
    for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
        number = numbers[i];
        assert_int_equal(in_child(crashes), 40);
        assert_int_equal(in_child(crashes_without_hook), 128 + numbers[i]);
    }
}

static int was_ignored(void)
{
    signal(SIGHUP, SIG_IGN);
    signals_start();
    raise(SIGHUP);
    return signals_pending();
}

static int breaks_a_pipe(void)
{
    int ends[2];

    if (signals_start() != 0 || pipe(ends) != 0)
        return 1;
    close(ends[0]);
    return write(ends[1], "a", 1) == -1 && signals_pending() == 0 ? 0 : 2;
}

static void test_ignored(void **state)
{
    (void)state;
    assert_int_equal(in_child(was_ignored), 0); /* nohup */
    assert_int_equal(in_child(breaks_a_pipe), 0);
}

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static int sleeps(void)
{
    double before = now();

    signals_start();
    if (!signals_sleep(0) || !signals_sleep(100) || now() - before < 0.1)
        return 1;
    if (fork() == 0) {
        usleep(100000);
        kill(getppid(), SIGTERM);
        _exit(0);
    }
    if (signals_sleep(100000) || now() - before > 60)
        return 2;
    return signals_sleep(100000) ? 3 : 0;
}

static void test_sleep(void **state)
{
    (void)state;
    assert_int_equal(in_child(sleeps), 0);
}

static int reports(void)
{
    signals_start();
    if (signals_status(5) != 5)
        return 1;
    raise(SIGTERM);
    return signals_status(5);
}

static void test_dies_of_its_signal(void **state)
{
    (void)state;
    assert_int_equal(in_child(reports), 128 + SIGTERM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_first_signal_sets_a_flag),
        cmocka_unit_test(test_third_interrupt_ends_at_once),
        cmocka_unit_test(test_crash_leaves_in_order),
        cmocka_unit_test(test_ignored),
        cmocka_unit_test(test_sleep),
        cmocka_unit_test(test_dies_of_its_signal),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
