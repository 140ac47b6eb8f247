#include "client/screen/screen.h"

#include "tests/support/asking.h"
#include "tests/support/pty.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* Milliseconds; time stands still unless a test lets it pass. */
static int64_t moment = 1000000;

int64_t __wrap_terminal_now(void);

int64_t __wrap_terminal_now(void)
{
    return moment;
}

/* What body says where people read a file. */
static const char *say(const struct screen_settings *settings,
                       void (*body)(struct screen *))
{
    static char said[8192];
    struct screen_settings mine = *settings;
    char path[] = "/tmp/kep-screen-XXXXXX";
    struct screen *screen;
    ssize_t size;

    mine.out = mkstemp(path);
    assert_true(mine.out >= 0);
    unlink(path);
    mine.never_ask = true;
    screen = screen_new(&mine);
    assert_non_null(screen);
    body(screen);
    screen_free(&screen);
    assert_null(screen);
    size = pread(mine.out, said, sizeof(said) - 1, 0);
    assert_true(size >= 0);
    said[size] = '\0';
    close(mine.out);
    return said;
}

static const struct screen_settings usual = {0};

static void say_words(struct screen *screen)
{
    screen_say(screen, "One.");
    screen_say(screen, "%s%c[31mTwo\rThree\nFour", "\x9B", 27);
    screen_say(screen,
               "The certificate of the key ends on 23 November 2026; a new "
               "one can be ordered from today on.");
    screen_heading(screen, "Heading");
    screen_pair(screen, "Owner", "%s", "Иванов Иван");
    screen_pair(screen, "A label that is longer than its column", "x");
    screen_pair(screen, "Organisation",
                "Общество с ограниченной ответственностью «Ромашка и "
                "колокольчик полевой»");
}

static void test_plain_text(void **state)
{
    (void)state;
    assert_string_equal(
        say(&usual, say_words),
        "One.\n"
        "\xEF\xBF\xBD\xEF\xBF\xBD[31mTwo Three\nFour\n"
        "The certificate of the key ends on 23 November 2026; a new one can "
        "be ordered\nfrom today on.\n"
        "\nHeading\n"
        "Owner:                  Иванов Иван\n"
        "A label that is longer than its column: x\n"
        "Organisation:           Общество с ограниченной ответственностью "
        "«Ромашка и\n"
        "                        колокольчик полевой»\n");
}

static void ask_items(struct screen *screen)
{
    screen_ask_item(screen, 1, "a flash drive");
    screen_ask_item(screen, 12,
                    "Something that the certification centre is to correct, "
                    "and the owner is the one of before");
    screen_ask_item(screen, 3, "two\nlines\033[2J");
    screen_pair(screen, "", "! %s", "beneath");
}

static void test_items_hang(void **state)
{
    (void)state;
    assert_string_equal(
        say(&usual, ask_items),
        "  1  a flash drive\n"
        " 12  Something that the certification centre is to correct, and the "
        "owner is the\n"
        "     one of before\n"
        "  3  two lines\xEF\xBF\xBD[2J\n"
        "                        ! beneath\n");
}

static void make_progress(struct screen *screen)
{
    screen_step(screen, 2, 9, "Signing in");
    screen_progress(screen, "Waiting: %d s", 1);
    screen_progress(screen, "Waiting: %d s", 10);
    screen_progress(screen, "Waiting: %d s", 10);
    screen_progress(screen, "Other wait: %d s", 11);
    screen_say(screen, "Done.");
}

static void test_progress_in_a_file(void **state)
{
    const struct screen_settings never = {.progress = SCREEN_NEVER};
    const struct screen_settings always = {.progress = SCREEN_ALWAYS};

    (void)state;
    assert_string_equal(say(&usual, make_progress), "Done.\n");
    assert_string_equal(say(&never, make_progress), "Done.\n");
    assert_string_equal(say(&always, make_progress),
                        "2/9 Signing in\nWaiting: 1 s\nOther wait: 11 s\n"
                        "Done.\n");
}

static int progress_body(struct screen *screen, void *data)
{
    (void)data;
    make_progress(screen);
    screen_progress(screen, "Long wait for the certificate: 10 s");
    screen_progress_end(screen);
    screen_say(screen, "End.");
    return 0;
}

static void test_progress_on_a_terminal(void **state)
{
    static struct pty pty;

    (void)state;
    pty_start(&pty, progress_body, NULL);
    assert_int_equal(pty_wait(&pty), 0);
    assert_string_equal(pty.shown,
                        "2/9 Signing in\r\n"
                        "\rWaiting: 1 s"
                        "\rOther wait: 11 s"
                        "\r                \rDone.\r\n"
                        "\rLong wait for the certificate: 10 s"
                        "\r                                   \rEnd.\r\n");
    pty_end(&pty);
}

/* Rewritten in its place, away when something else is said. */
static int board_body(struct screen *screen, void *data)
{
    (void)data;
    screen_board(screen, "At work: 1\nWaiting: 2\033[31m\n50 %");
    screen_board(screen, "too soon to be shown");
    moment += 1100;
    screen_board(screen, "Готово: 2\n100 %");
    screen_say(screen, "Done.");
    return 0;
}

static void test_board_on_a_terminal(void **state)
{
    static struct pty pty;

    (void)state;
    setenv("LC_ALL", "C.UTF-8", 1);
    pty_start(&pty, board_body, NULL);
    assert_int_equal(pty_wait(&pty), 0);
    assert_string_equal(pty.shown, "At work: 1\033[K\r\n"
                                   "Waiting: 2\xEF\xBF\xBD[31m\033[K\r\n"
                                   "50 %\033[K\r\n"
                                   "\r\033[3A"
                                   "Готово: 2\033[K\r\n"
                                   "100 %\033[K\r\n\033[J"
                                   "\r\033[2A\033[JDone.\r\n");
    pty_end(&pty);
    /* No cursor to be moved: one line, as for any other wait. */
    pty_terminal = "dumb";
    pty_start(&pty, board_body, NULL);
    assert_int_equal(pty_wait(&pty), 0);
    assert_null(strchr(pty.shown, '\033'));
    assert_non_null(strstr(pty.shown, "\r50 %"));
    pty_end(&pty);
    pty_terminal = "xterm";
    unsetenv("LC_ALL");
}

static int narrow_board_body(struct screen *screen, void *data)
{
    (void)data;
    screen_board(screen, "     24  at work\n"
                         "[#######.............] 58 of 150, 0:00:27, about 63 "
                         "seconds left");
    screen_say(screen, "Done.");
    return 0;
}

/* What is told last is what the person looks for. */
static void test_board_on_a_narrow_terminal(void **state)
{
    static struct pty pty;

    (void)state;
    pty_start_wide(&pty, 40, narrow_board_body, NULL);
    assert_int_equal(pty_wait(&pty), 0);
    assert_string_equal(pty.shown, "     24  at work\033[K\r\n"
                                   "[#######.............] 58 of 150,\033[K\r\n"
                                   "0:00:27, about 63 seconds left\033[K\r\n"
                                   "\r\033[3A\033[JDone.\r\n");
    pty_end(&pty);
    pty_start_wide(&pty, 20, narrow_board_body, NULL);
    assert_int_equal(pty_wait(&pty), 0);
    assert_non_null(strstr(pty.shown, "[#######...........\033[K\r\n"
                                      "58 of 150, 0:00:27,\033[K\r\n"
                                      "about 63 seconds\033[K\r\n"
                                      "left\033[K\r\n"
                                      "\r\033[5A\033[JDone.\r\n"));
    pty_end(&pty);
}

static void show_board(struct screen *screen)
{
    screen_board(screen, "At work: 1\n50 %");
    screen_say(screen, "Done.");
}

static void test_board_in_a_file(void **state)
{
    const struct screen_settings always = {.progress = SCREEN_ALWAYS};

    (void)state;
    assert_string_equal(say(&usual, show_board), "Done.\n");
    assert_string_equal(say(&always, show_board), "50 %\nDone.\n");
}

static int words_body(struct screen *screen, void *data)
{
    (void)data;
    screen_heading(screen, "Heading");
    screen_say(screen, "One two three four five six seven.");
    screen_progress(screen, "Ожидание ответа удостоверяющего центра");
    return screen_interactive(screen) ? 0 : 1;
}

static void test_narrow_terminal(void **state)
{
    static struct pty pty;

    (void)state;
    unsetenv("NO_COLOR");
    pty_start_wide(&pty, 22, words_body, NULL);
    assert_int_equal(pty_wait(&pty), 0);
    assert_string_equal(pty.shown, "\r\n\033[1mHeading\033[0m\r\n"
                                   "One two three four\r\nfive six seven.\r\n"
                                   "\rОжидание ответа удост"
                                   "\r                     \r");
    pty_end(&pty);
    setenv("NO_COLOR", "1", 1);
    pty_start_wide(&pty, 300, words_body, NULL);
    assert_int_equal(pty_wait(&pty), 0);
    assert_null(strstr(pty.shown, "\033"));
    pty_end(&pty);
    unsetenv("NO_COLOR");
}

/* stdin and stderr redirected, there is still the terminal to ask at. */
static int redirected_body(struct screen *screen, void *data)
{
    const struct screen_settings settings = {0};
    struct screen *mine;
    int null = open("/dev/null", O_RDWR), status = 1;

    (void)screen;
    (void)data;
    dup2(null, STDIN_FILENO);
    dup2(null, STDERR_FILENO);
    mine = screen_new(&settings);
    if (mine != NULL && screen_interactive(mine)) {
        screen_ask(mine, "Question: ");
        screen_say(mine, "Not on the terminal.");
        status = 0;
    }
    screen_free(&mine);
    return status;
}

static void test_redirected(void **state)
{
    static struct pty pty;

    (void)state;
    pty_start(&pty, redirected_body, NULL);
    assert_int_equal(pty_wait(&pty), 0);
    assert_string_equal(pty.shown, "Question: ");
    pty_end(&pty);
}

/* As under cron: no terminal at all. */
static void test_nobody(void **state)
{
    pid_t child = fork();
    int status = -1;

    (void)state;
    if (child == 0) {
        struct screen *screen;
        int null = open("/dev/null", O_RDWR);

        setsid();
        dup2(null, STDIN_FILENO);
        screen = screen_new(&usual);
        status = screen != NULL && !screen_interactive(screen) ? 0 : 1;
        screen_free(&screen);
        _exit(status);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static void test_progress_word(void **state)
{
    enum screen_progress progress = SCREEN_AUTO;

    (void)state;
    assert_true(screen_progress_parse("always", &progress));
    assert_int_equal(progress, SCREEN_ALWAYS);
    assert_true(screen_progress_parse("never", &progress));
    assert_int_equal(progress, SCREEN_NEVER);
    assert_true(screen_progress_parse("auto", &progress));
    assert_int_equal(progress, SCREEN_AUTO);
    assert_false(screen_progress_parse("", &progress));
    assert_false(screen_progress_parse("Always", &progress));
}

static void say_much(struct screen *screen)
{
    char *text = calloc(1, 1000001);

    assert_non_null(text);
    memset(text, 'a', 1000000);
    screen_say(screen, "%s", text);
    screen_progress(screen, "%s", text);
    screen_redraw(screen, "", "%s", text);
    free(text);
}

static void test_much_text(void **state)
{
    const struct screen_settings always = {.progress = SCREEN_ALWAYS};

    (void)state;
    assert_int_equal(strspn(say(&always, say_much), "a"), 8191);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain_text),
        cmocka_unit_test(test_items_hang),
        cmocka_unit_test(test_progress_in_a_file),
        cmocka_unit_test(test_progress_on_a_terminal),
        cmocka_unit_test(test_board_on_a_terminal),
        cmocka_unit_test(test_board_on_a_narrow_terminal),
        cmocka_unit_test(test_board_in_a_file),
        cmocka_unit_test(test_narrow_terminal),
        cmocka_unit_test(test_redirected),
        cmocka_unit_test(test_nobody),
        cmocka_unit_test(test_progress_word),
        cmocka_unit_test(test_much_text),
    };

    return cmocka_run_group_tests(tests, asking_start, NULL);
}
