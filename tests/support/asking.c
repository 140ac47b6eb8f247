#include "tests/support/asking.h"

#include "client/text.h"
#include "keygen/secret.h"
#include "tests/support/pty.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

int asking_start(void **state)
{
    (void)state;
    unsetenv("LC_ALL");
    unsetenv("LANGUAGE");
    setenv("LANG", "C", 1);
    text_start();
    return secret_prepare_process();
}

/* Shown where the test looks for it, with the answer between < and >. */
int asking_answered(enum prompt_end end, const char *answer)
{
    dprintf(STDOUT_FILENO, "\nanswer<%s>\n", answer != NULL ? answer : "-");
    return (int)end;
}

/* Line by line, each when the question is there. */
void asking_type(struct pty *pty, const char *typed, const char *question)
{
    char line[128];

    while (*typed != '\0') {
        size_t size = strcspn(typed, "\n");

        size += typed[size] == '\n';
        assert_true(size < sizeof(line));
        memcpy(line, typed, size);
        line[size] = '\0';
        if (!pty_expect(pty, question))
            print_error("not asked for %s:\n%s\n", line, pty->shown);
        pty_type(pty, line);
        typed += size;
    }
}

/* Each row in a terminal of its own, which must be as it was afterwards. */
void asking_try(const struct asking_row *row, const char *question,
                int (*body)(struct screen *, void *), void *data)
{
    static struct pty pty;
    char answer[128];
    int end;

    pty_start(&pty, body, data);
    asking_type(&pty, row->typed, question);
    snprintf(answer, sizeof(answer), "answer<%s>", row->answer);
    if (!pty_expect(&pty, answer))
        print_error("%s:\n%s\n", row->typed, pty.shown);
    end = pty_wait(&pty);
    assert_int_equal(end, row->end);
    assert_true(pty_is_restored(&pty));
    assert_non_null(strstr(pty.shown, answer));
    assert_true(row->shown == NULL || strstr(pty.shown, row->shown) != NULL);
    pty_end(&pty);
}

int asking_line(struct screen *screen, void *data)
{
    char answer[16];
    enum prompt_end end = prompt_line(screen, data, answer, sizeof(answer));

    return asking_answered(end, answer);
}

int asking_secret(struct screen *screen, void *data)
{
    char *secret = NULL, answer[512];
    enum prompt_end end = prompt_secret(screen, data, &secret);

    snprintf(answer, sizeof(answer), "%s", secret != NULL ? secret : "-");
    secret_free(&secret);
    return asking_answered(end, answer);
}

int asking_code(struct screen *screen, void *data)
{
    char *code = NULL, answer[16];
    enum prompt_end end = prompt_code(screen, data, &code);

    snprintf(answer, sizeof(answer), "%s", code != NULL ? code : "-");
    secret_free(&code);
    return asking_answered(end, answer);
}

void asking_talk(const struct asking_turn *turn, enum prompt_end end,
                 const char *never, int (*body)(struct screen *, void *),
                 void *data)
{
    static struct pty pty;

    pty_start(&pty, body, data);
    for (; turn->shown != NULL; turn++) {
        assert_true(pty_expect(&pty, turn->shown));
        if (turn->typed != NULL)
            pty_type(&pty, turn->typed);
    }
    assert_int_equal(pty_wait(&pty), end);
    assert_true(pty_is_restored(&pty));
    if (never != NULL)
        assert_null(strstr(pty.shown, never));
    pty_end(&pty);
}
