#include "client/screen/entropy_bar.h"

#include "client/screen/terminal.h"
#include "tests/support/asking.h"
#include "tests/support/pty.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

enum { PATIENCE = 60000 /* ms */ };

static const char mouse_on[] = "\033[?1003h\033[?1006h";
static const char mouse_off[] = "\033[?1006l\033[?1003l";

/* The pool as scripted: so many bits an event, a fault at one of them, and
 * what it was fed. All of it belongs to the child of a test. */
static struct {
    bool on;
    unsigned worth;
    unsigned fails_at; /* 0: never */
    unsigned events;
    char last[256];
    bool backwards;
    uint64_t moment;
} script;

enum fault __wrap_entropy_event(struct entropy *pool, const void *data,
                                size_t size, uint64_t nanoseconds);
enum fault __real_entropy_event(struct entropy *pool, const void *data,
                                size_t size, uint64_t nanoseconds);
unsigned __wrap_entropy_bits(const struct entropy *pool);
unsigned __real_entropy_bits(const struct entropy *pool);

enum fault __wrap_entropy_event(struct entropy *pool, const void *data,
                                size_t size, uint64_t nanoseconds)
{
    script.events++;
    script.backwards |= nanoseconds <= script.moment;
    script.moment = nanoseconds;
    if (size < sizeof(script.last)) {
        memset(script.last, 0, sizeof(script.last));
        memcpy(script.last, data, size);
    }
    if (!script.on)
        return __real_entropy_event(pool, data, size, nanoseconds);
    return script.events == script.fails_at ? FAULT_ENTROPY : FAULT_NONE;
}

unsigned __wrap_entropy_bits(const struct entropy *pool)
{
    unsigned bits = script.events * script.worth;

    if (!script.on)
        return __real_entropy_bits(pool);
    return bits < ENTROPY_WANTED ? bits : ENTROPY_WANTED;
}

/* How often the child has read, for the parent to see. */
static atomic_uint *reads;

int __wrap_terminal_read(int fd, char *bytes, size_t size);
int __real_terminal_read(int fd, char *bytes, size_t size);

int __wrap_terminal_read(int fd, char *bytes, size_t size)
{
    int got = __real_terminal_read(fd, bytes, size);

    atomic_fetch_add(reads, 1);
    return got;
}

struct fill {
    unsigned worth, fails_at, seconds;
    bool deaf; /* to SIGHUP */
};

static int fill(struct screen *screen, void *data)
{
    const struct fill *wanted = data;
    struct entropy *pool = NULL;
    enum fault fault = FAULT_COUNT;
    enum prompt_end end;

    if (wanted->deaf)
        signal(SIGHUP, SIG_IGN);
    script.on = wanted->worth > 0;
    script.worth = wanted->worth;
    script.fails_at = wanted->fails_at;
    if (entropy_new(&pool) != FAULT_NONE)
        return 70;
    end = entropy_bar_fill(screen, pool, wanted->seconds, &fault);
    dprintf(STDOUT_FILENO, "\nfault<%s> events<%u> last<%s>%s\n",
            fault_word(fault), script.events, script.last,
            script.backwards ? " backwards" : "");
    entropy_free(&pool);
    return (int)end;
}

/* What is asked next must not get what was typed before. */
static int fill_and_ask(struct screen *screen, void *data)
{
    const struct prompt_line line = {.question = "Next"};
    char answer[64] = "";
    int end = fill(screen, data);

    if (end != PROMPT_OK ||
        prompt_line(screen, &line, answer, sizeof(answer)) != PROMPT_OK)
        return 70;
    dprintf(STDOUT_FILENO, "\nanswer<%s>\n", answer);
    return PROMPT_OK;
}

/* What is typed is read by itself. */
static void press_one(struct pty *pty, const char *key)
{
    const unsigned before = atomic_load(reads);

    pty_type(pty, key);
    for (int i = 0; i < PATIENCE && atomic_load(reads) == before; i++)
        pty_listen(pty, 1);
}

/* One key after the other. */
static void press(struct pty *pty, const char *keys)
{
    for (; *keys != '\0'; keys++)
        press_one(pty, (const char[]){*keys, '\0'});
}

static void finish(struct pty *pty, int status, const char *shown)
{
    int end;

    if (!pty_expect(pty, shown))
        print_error("%s was not shown:\n%s\n", shown, pty->shown);
    end = pty_wait(pty);
    assert_int_equal(end, status);
    assert_true(pty_is_restored(pty));
    assert_non_null(strstr(pty->shown, shown));
    assert_non_null(strstr(pty->shown, mouse_off));
    pty_end(pty);
}

/* rule_61 */
static void test_fills(void **state)
{
    static struct fill wanted = {.worth = 32};
    static struct pty pty;

    (void)state;
    pty_start(&pty, fill, &wanted);
    assert_true(pty_expect(&pty, mouse_on));
    assert_true(pty_expect(&pty, "Esc stops."));
    assert_true(pty_expect(&pty, "[......"));
    assert_true(pty_expect(&pty, "......]   0 %"));
    assert_false(pty_is_restored(&pty));
    press(&pty, "qwertyui");
    assert_true(pty_expect(&pty, "######] 100 %"));
    assert_null(strstr(pty.shown, "qw"));
    finish(&pty, PROMPT_OK, "fault<none> events<8> last<i>\r");
}

/* rule_61 */
static void test_mouse(void **state)
{
    static const char *const reports[] = {
        "\033[<35;10;20M", "\033[<35;11;20M", "\033[<0;11;20M",
        "\033[<0;11;20m",  "\033[M !!",       "\033[A",
    };
    static struct fill wanted = {.worth = 43};
    static struct pty pty;

    (void)state;
    pty_start(&pty, fill, &wanted);
    assert_true(pty_expect(&pty, "  0 %"));
    for (size_t i = 0; i < sizeof(reports) / sizeof(*reports); i++)
        press_one(&pty, reports[i]);
    finish(&pty, PROMPT_OK, "fault<none> events<6> last<\033[A>");
}

static void test_held_key_counts_nothing(void **state)
{
    static struct fill wanted = {.worth = 1};
    static struct pty pty;

    (void)state;
    pty_start(&pty, fill, &wanted);
    assert_true(pty_expect(&pty, "  0 %"));
    press(&pty, "aaaaaaaaaaaaaaaaaaaab");
    pty_type(&pty, "\033");
    finish(&pty, PROMPT_CANCELLED, "fault<none> events<2> last<b>");
}

/* Until a real pool is full, by somebody who types like a person. */
static void test_real_pool(void **state)
{
    static struct fill wanted = {0};
    static struct pty pty;
    char key[2] = "a";

    (void)state;
    pty_start(&pty, fill, &wanted);
    assert_true(pty_expect(&pty, "  0 %"));
    for (int i = 0; i < 20000 && strstr(pty.shown, "] 100 %") == NULL; i++) {
        key[0] = (char)('a' + i % 26);
        pty_type(&pty, key);
        pty_listen(&pty, 2 + rand() % 24);
    }
    finish(&pty, PROMPT_OK, "fault<none>");
}

static void test_cancelled(void **state)
{
    static const char *const keys[] = {"\033", "\x03", "\x04",
                                       "ab\x03"
                                       "cd",
                                       "a\033"};
    static struct fill wanted = {.worth = 1};
    static struct pty pty;

    (void)state;
    for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
        pty_start(&pty, fill, &wanted);
        assert_true(pty_expect(&pty, "  0 %"));
        pty_type(&pty, keys[i]);
        finish(&pty, PROMPT_CANCELLED, "fault<none>");
    }
}

static void test_health(void **state)
{
    static struct fill wanted = {.worth = 1, .fails_at = 3};
    static struct pty pty;

    (void)state;
    pty_start(&pty, fill, &wanted);
    assert_true(pty_expect(&pty, "  0 %"));
    press(&pty, "abc");
    finish(&pty, PROMPT_FAILED, "fault<entropy> events<3>");
}

static void test_signals(void **state)
{
    static const int sent[] = {SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGABRT};
    static struct fill wanted = {.worth = 1};
    static struct pty pty;

    (void)state;
    for (size_t i = 0; i < sizeof(sent) / sizeof(*sent); i++) {
        pty_start(&pty, fill, &wanted);
        assert_true(pty_expect(&pty, "  0 %"));
        press(&pty, "ab");
        kill(pty.child, sent[i]);
        finish(&pty, 128 + sent[i], mouse_off);
    }
}

static void test_hang_up(void **state)
{
    static struct fill wanted = {.worth = 1}, deaf = {.worth = 1, .deaf = true};
    static struct pty pty;

    (void)state;
    pty_start(&pty, fill, &wanted);
    assert_true(pty_expect(&pty, "  0 %"));
    pty_hang_up(&pty);
    assert_int_equal(pty_wait(&pty), 128 + SIGHUP);
    pty_start(&pty, fill, &deaf);
    assert_true(pty_expect(&pty, "  0 %"));
    pty_hang_up(&pty);
    assert_int_equal(pty_wait(&pty), PROMPT_SIGNAL);
}

static void test_time_limit(void **state)
{
    static struct fill wanted = {.worth = 1, .seconds = 4};
    static struct pty pty;

    (void)state;
    pty_start(&pty, fill, &wanted);
    assert_true(pty_expect(&pty, "  0 %"));
    press(&pty, "ab");
    finish(&pty, PROMPT_LATE, "fault<none> events<2>");
}

/* Hands go on for a while, the mouse too. */
static void test_nothing_leaks_into_the_next_question(void **state)
{
    static struct fill wanted = {.worth = 128};
    static struct pty pty;

    (void)state;
    pty_start(&pty, fill_and_ask, &wanted);
    assert_true(pty_expect(&pty, "  0 %"));
    press(&pty, "abcdefgh\n\n\x03\033");
    pty_type(&pty, "\033[<35;10;20M\nxyz\n");
    assert_true(pty_expect(&pty, "Next: "));
    pty_type(&pty, "fine\n");
    finish(&pty, PROMPT_OK, "answer<fine>");
}

static void test_narrow_and_resized(void **state)
{
    static const unsigned columns[] = {1, 12, 30, 45, 300};
    static struct fill wanted = {.worth = 64};
    static struct pty pty;

    (void)state;
    for (size_t i = 0; i < sizeof(columns) / sizeof(*columns); i++) {
        struct winsize window = {.ws_row = 5, .ws_col = 20};

        pty_start_wide(&pty, columns[i], fill, &wanted);
        assert_true(pty_expect(&pty, "  0 %"));
        press(&pty, "ab");
        ioctl(pty.master, TIOCSWINSZ, &window);
        press(&pty, "cd");
        finish(&pty, PROMPT_OK, "fault<none> events<4>");
    }
}

static void test_nobody(void **state)
{
    const struct screen_settings settings = {.never_ask = true};
    struct screen *screen = screen_new(&settings);
    enum fault fault = FAULT_COUNT;

    (void)state;
    assert_non_null(screen);
    assert_int_equal(entropy_bar_fill(screen, NULL, 0, &fault), PROMPT_NOBODY);
    assert_int_equal(fault, FAULT_NONE);
    screen_free(&screen);
}

static int start(void **state)
{
    reads = mmap(NULL, sizeof(*reads), PROT_READ | PROT_WRITE,
                 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return reads != MAP_FAILED ? asking_start(state) : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fills),
        cmocka_unit_test(test_mouse),
        cmocka_unit_test(test_held_key_counts_nothing),
        cmocka_unit_test(test_real_pool),
        cmocka_unit_test(test_cancelled),
        cmocka_unit_test(test_health),
        cmocka_unit_test(test_signals),
        cmocka_unit_test(test_hang_up),
        cmocka_unit_test(test_time_limit),
        cmocka_unit_test(test_nothing_leaks_into_the_next_question),
        cmocka_unit_test(test_narrow_and_resized),
        cmocka_unit_test(test_nobody),
    };

    return cmocka_run_group_tests(tests, start, NULL);
}
