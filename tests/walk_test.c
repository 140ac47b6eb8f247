#include "client/screen/walk.h"

#include "client/screen/prompt.h"
#include "keygen/secret.h"
#include "tests/support/asking.h"
#include "tests/support/pty.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* One question of each kind, a row that has nothing to ask, and a walk inside
 * of a row; data says which row bars the way behind it. */
struct script {
    size_t bar; /* behind this row; 99: none */
    /* Lines, each with the letter of what it answers before it; and the rows
     * that are asked for that. */
    const char *typed, *rows;
};

struct walker {
    struct screen *screen;
    size_t bar;
    char rows[64]; /* each as it is asked; small letters: again */
};

static void note(struct walker *walker, char row)
{
    const size_t size = strlen(walker->rows);

    if (size + 1 < sizeof(walker->rows))
        walker->rows[size] = row;
}

static bool ask_inner(void *context, size_t row, bool again)
{
    struct walker *walker = context;
    const struct prompt_line line = {.question = row == 0 ? "G" : "H"};
    char answer[16];

    (void)again;
    note(walker, row == 0 ? 'G' : 'H');
    return prompt_line(walker->screen, &line, answer, sizeof(answer)) ==
           PROMPT_OK;
}

static enum prompt_end ask_kind(struct walker *walker, size_t row)
{
    static const char *const items[] = {"one", "two"};
    const struct prompt_line line = {.question = "A"};
    const struct prompt_secret secret = {.question = "E"};
    const struct prompt_code code = {.question = "F"};
    char answer[16], *typed = NULL;
    bool yes = false;
    size_t chosen = 0;
    enum prompt_end end = PROMPT_OK;

    if (row == 0)
        end = prompt_line(walker->screen, &line, answer, sizeof(answer));
    else if (row == 1)
        end = prompt_yes(walker->screen, "B", 0, &yes);
    else if (row == 3)
        end = prompt_choose(walker->screen, "D", items, 2, &chosen);
    else if (row == 4)
        end = prompt_secret(walker->screen, &secret, &typed);
    else if (row == 5)
        end = prompt_code(walker->screen, &code, &typed);
    secret_free(&typed);
    return end;
}

static bool ask_row(void *context, size_t row, bool again)
{
    struct walker *walker = context;
    bool done;

    if (row != 6)
        note(walker, (char)((again ? 'a' : 'A') + (int)row));
    done = row == 6 ? walk_run(walker->screen, 2, ask_inner, walker)
                    : ask_kind(walker, row) == PROMPT_OK;
    if (done && row == walker->bar)
        walk_bar(walker->screen, "The bridge is burnt.");
    return done;
}

static int body(struct screen *screen, void *data)
{
    struct walker walker = {.screen = screen,
                            .bar = ((struct script *)data)->bar};
    const bool done = walk_run(screen, 7, ask_row, &walker);

    dprintf(STDOUT_FILENO, "\nrows<%s> open %zu\n", walker.rows,
            screen_way(screen)->open);
    return done ? 0 : 1;
}

/* Each line when its question is there. */
static void type(struct pty *pty, const char *typed)
{
    static const char *const shown[] = {
        ['A'] = "A: ", ['B'] = "B [y/N]: ",       ['D'] = "D [1]: ",
        ['E'] = "E: ", ['F'] = "press Enter.",    ['G'] = "G: ",
        ['H'] = "H: ", ['P'] = "itself? [y/N]: ", ['S'] = "to stop."};

    while (*typed != '\0') {
        const size_t size = strcspn(typed, "\n");
        char line[16];

        assert_true(size < sizeof(line));
        snprintf(line, sizeof(line), "%.*s\n", (int)size - 1, typed + 1);
        if (!pty_expect(pty, shown[(unsigned char)typed[0]]))
            print_error("not asked: %s\n%s\n", typed, pty->shown);
        pty_type(pty, line);
        typed += size + 1;
    }
}

static void try_script(const struct script *script, const char *shown, int end)
{
    static struct pty pty;
    char rows[96];

    pty_start(&pty, body, (void *)(uintptr_t)script);
    type(&pty, script->typed);
    snprintf(rows, sizeof(rows), "rows<%s> open 0", script->rows);
    if (!pty_expect(&pty, rows))
        print_error("%s:\n%s\n", script->typed, pty.shown);
    assert_int_equal(pty_wait(&pty), end);
    assert_non_null(strstr(pty.shown, rows));
    assert_true(shown == NULL || strstr(pty.shown, shown) != NULL);
    assert_true(pty_is_restored(&pty));
    pty_end(&pty);
}

/* Every kind of question takes the word, and each leads to the one that was
 * asked before; what asks nothing is passed by. */
static void back_leads_to_the_question_before(void **state)
{
    static const struct script rows[] = {
        {99, "Aa\nBy\nD1\nEs\nF123456\nGg\nHh\n", "ABCDEFGH"},
        {99, "Aa\nBback\nAa\nBy\nD1\nEs\nF123456\nGg\nHh\n", "ABaBCDEFGH"},
        {99, "Aa\nBy\nDback\nBy\nD1\nEs\nF123456\nGg\nHh\n", "ABCDbCDEFGH"},
        {99, "Aa\nBy\nD1\nEback\nPn\nD\nEs\nF123456\nGg\nHh\n", "ABCDEdEFGH"},
        {99, "Aa\nBy\nD1\nEs\nFback\nEs\nF123456\nGg\nHh\n", "ABCDEFeFGH"},
        {99, "Aa\nBy\nD1\nEs\nF123456\nGback\nF123456\nGg\nHh\n", "ABCDEFGfGH"},
        {99, "Aa\nBy\nD1\nEs\nF123456\nGg\nHback\nGback\nF123456\nGg\nHh\n",
         "ABCDEFGHGfGH"},
        {99,
         "Aa\nBback\nAa\nBy\nDback\nBback\nAa\nBy\nD1\nEs\nF123456\nGg\n"
         "Hh\n",
         "ABaBCDbaBCDEFGH"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        try_script(&rows[i], NULL, 0);
}

static void what_cannot_be_undone_bars_the_way(void **state)
{
    static const struct script first = {
        99, "Aback\nAa\nBy\nD1\nEs\nF123456\nGg\nHh\n", "ABCDEFGH"};
    static const struct script secret = {
        3, "Aa\nBy\nD1\nEback\nPn\nEs\nF123456\nGg\nHh\n", "ABCDEFGH"};
    static const struct script code = {
        4, "Aa\nBy\nD1\nEs\nFback\nS123456\nGg\nHh\n", "ABCDEFGH"};
    static const struct script behind = {
        3, "Aa\nBy\nD1\nEs\nFback\nEs\nF123456\nGg\nHh\n", "ABCDEFeFGH"};

    (void)state;
    try_script(&first, "no way back from here", 0);
    try_script(&secret, "The bridge is burnt.", 0);
    try_script(&code, "The bridge is burnt.", 0);
    try_script(&behind, NULL, 0);
}

/* A password may be the word itself: only the person knows. */
static void a_word_may_be_a_password(void **state)
{
    static const struct script meant = {
        99, "Aa\nBy\nD1\nEback\nPy\nF123456\nGg\nHh\n", "ABCDEFGH"};
    static const struct script cancelled = {99, "Aa\nBy\nD1\nEcancel\nPn\n",
                                            "ABCDE"};

    (void)state;
    try_script(&meant, "leads back. Is it", 0);
    try_script(&cancelled, "That is the word that stops.", 1);
}

static void cancel_ends_the_walk(void **state)
{
    static const struct script rows[] = {
        {99, "Acancel\n", "A"},
        {99, "Aa\nBy\nDcancel\n", "ABCD"},
        {99, "Aa\nBback\nAcancel\n", "ABa"},
        {99, "Aa\nBy\nD1\nEs\nFcancel\n", "ABCDEF"},
        {99, "Aa\nBy\nD1\nEs\nF123456\nGg\nHcancel\n", "ABCDEFGH"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        try_script(&rows[i], NULL, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(back_leads_to_the_question_before),
        cmocka_unit_test(what_cannot_be_undone_bars_the_way),
        cmocka_unit_test(a_word_may_be_a_password),
        cmocka_unit_test(cancel_ends_the_walk),
    };

    return cmocka_run_group_tests(tests, asking_start, NULL);
}
