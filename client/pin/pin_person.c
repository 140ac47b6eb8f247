#include "client/pin/pin_person.h"

#include "client/pin/pin_given.h"
#include "client/program/words.h"
#include "client/screen/prompt.h"
#include "client/text.h"
#include "token/pin.h"

#include <stdio.h>
#include <string.h>

static enum fault fault_of_end(enum prompt_end end)
{
    static const struct {
        enum prompt_end end;
        enum fault fault;
    } rows[] = {
        {PROMPT_OK, FAULT_NONE},
        {PROMPT_SIGNAL, FAULT_INTERRUPTED},
        {PROMPT_NOBODY, FAULT_PIN_NEEDED},
        {PROMPT_FAILED, FAULT_MEMORY},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].end == end)
            return rows[i].fault;
    return FAULT_CANCELLED;
}

static bool is_administrator(const struct pin_state *state)
{
    return state->owner == PIN_OWNER_ADMINISTRATOR;
}

/* One that nobody here can give tries back to is always told. */
static void say_tries_of_administrator(struct screen *screen,
                                       const struct pin_state *state,
                                       bool wrong)
{
    const int tries = state->tries;

    if (tries > 1)
        screen_say(screen,
                   ngettext("The administrator's PIN has %d try left. After "
                            "the last one it is locked, and kep knows no way "
                            "to unlock it.",
                            "The administrator's PIN has %d tries left. After "
                            "the last one it is locked, and kep knows no way "
                            "to unlock it.",
                            (unsigned long)tries),
                   tries);
    else
        screen_say(screen,
                   wrong || state->low
                       ? _("A wrong administrator's PIN was entered before. "
                           "After several in a row it is locked, and kep knows "
                           "no way to unlock it.")
                       : _("After several wrong ones in a row the "
                           "administrator's PIN is locked, and kep knows no "
                           "way to unlock it."));
}

/* How many tries are left, where that is to be known. */
static void say_tries(struct screen *screen, const struct pin_state *state,
                      bool wrong)
{
    const int tries = state->tries;

    if (is_administrator(state))
        say_tries_of_administrator(screen, state, wrong);
    else if (tries > 1 && (wrong || state->low))
        screen_say(screen,
                   ngettext("%d try is left. After the last one the token "
                            "locks itself, and only its administrator can "
                            "unlock it.",
                            "%d tries are left. After the last one the token "
                            "locks itself, and only its administrator can "
                            "unlock it.",
                            (unsigned long)tries),
                   tries);
    else if (tries < 0 && (wrong || state->low))
        screen_say(screen,
                   _("A wrong PIN was entered before. After several in a row "
                     "the token locks itself, and only its administrator can "
                     "unlock it."));
}

/* The last one is spent only on the person's word. */
static enum fault warn(struct screen *screen, struct pin_question *question)
{
    enum prompt_end end;
    bool yes = false;

    screen_say(
        screen, "%s",
        is_administrator(question->state)
            ? _("Only one try is left for the administrator's PIN. If it is "
                "wrong again it is locked, and kep knows no way to unlock it.")
            : _("Only one try is left. If the PIN is wrong again, the token "
                "locks itself; then only its administrator, or your service "
                "centre, can unlock it."));
    end = prompt_yes(screen, _("Spend the last try?"), 0, &yes);
    if (end != PROMPT_OK)
        return fault_of_end(end);
    question->last_word = yes;
    return yes ? FAULT_NONE : FAULT_PIN_LAST;
}

/* NULL where the token of that state could have such a PIN, else the sentence
 * why not: a prompt_check. */
static const char *refuse(const char *pin, void *data)
{
    static _Thread_local char sentence[256];
    const struct pin_state *state = data;

    if (pin_check(state, pin) == FAULT_NONE)
        return NULL;
    snprintf(sentence, sizeof(sentence),
             _("A PIN of this token has from %zu to %zu characters. This one "
               "has not been sent, no try was spent."),
             pin_least(state), pin_most(state));
    return sentence;
}

/* Whoever never set a PIN does not know that there is one. Where tries have
 * been lost it was perhaps not that one, and is not suggested. */
static bool may_be_new(const struct pin_question *question)
{
    const struct pin_state *state = question->state;

    return !is_administrator(state) && state->factory[0] != '\0' &&
           !question->wrong && !state->low;
}

static void ask_for(const struct pin_question *question, char *text,
                    size_t size)
{
    const struct pin_state *state = question->state;

    if (may_be_new(question))
        snprintf(text, size, _("PIN of the token %s (a new one has %s)"),
                 text_clean(state->token).text, state->factory);
    else
        snprintf(text, size,
                 is_administrator(state)
                     ? _("Administrator's PIN of the token %s")
                     : _("PIN of the token %s"),
                 text_clean(state->token).text);
}

/* Typed here, or told to be entered there. */
static enum fault take(struct screen *screen,
                       const struct pin_question *question, char **pin)
{
    char text[2 * MEDIUM_LABEL_MAX + 64];
    const struct prompt_secret secret = {
        .question = text,
        .check = refuse,
        .data = (void *)(uintptr_t)question->state};

    ask_for(question, text, sizeof(text));
    if (!question->state->pad)
        return fault_of_end(prompt_secret(screen, &secret, pin));
    screen_say(screen, _("%s: enter it at the reader now."), text);
    return FAULT_NONE;
}

static enum fault ask(void *context, struct pin_question *question, char **pin)
{
    struct screen *screen = context;
    const struct pin_state *state = question->state;
    enum fault fault = FAULT_NONE;

    if (!screen_interactive(screen))
        return pin_refuse(question);
    if (state->hidden && !question->wrong)
        screen_say(screen, _("On this token even what a container is about "
                             "stands behind the PIN, so it is needed to go "
                             "on."));
    if (question->wrong)
        screen_say(screen, "%s",
                   state->pad ? _("The token did not accept the PIN.")
                              : _("The token did not accept the PIN. Check the "
                                  "keyboard layout and Caps Lock."));
    if (state->last)
        fault = warn(screen, question);
    else
        say_tries(screen, state, question->wrong);
    return fault == FAULT_NONE ? take(screen, question, pin) : fault;
}

static void accepted(void *context, const struct pin_state *state, bool factory)
{
    char where[512];

    words_quote(where, sizeof(where), text_clean(state->location).text);
    if (factory)
        screen_say(
            context,
            is_administrator(state)
                ? _("The administrator's PIN of the token %s is still "
                    "that of all new tokens, %s: whoever finds the "
                    "token can give it another PIN and sign as you. "
                    "Change it with: kep pin '%s' --admin")
                : _("The token %s still has the PIN of all new tokens, %s: "
                    "whoever finds it can sign as you. Change it with: kep "
                    "pin '%s'"),
            text_clean(state->token).text, state->factory, where);
}

static struct pin_source source = {.ask = ask};

void pin_person_begin(struct screen *screen)
{
    source.context = screen;
    source.accepted = accepted;
    pin_use(&source);
}

void pin_person_hush(void)
{
    source.accepted = NULL;
}

void pin_person_end(void)
{
    pin_use(NULL);
    pin_forget(NULL);
    pin_given_forget();
    source.context = NULL;
}
