#include "token/pin.h"

#include "keygen/secret.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char location[] = "rutoken:48e243b5";

/* A token: its PIN, its tries, what was done to it. */
static struct {
    const char *pin;
    enum pin_owner owner;
    int tries;
    unsigned sent, released, regained;
    enum fault look_fault, regain_fault, verify_fault;
    int tries_while_asked; /* somebody else mistypes then; 0: nobody */
} token;

/* A person: what they type in turn, whether they say the last word. */
static struct {
    const char *types[8];
    size_t at;
    bool last_word, is_there;
    unsigned asked, accepted, factory;
    struct pin_question last;
    int told; /* the tries that were left when they were asked last */
} person;

static enum fault look(void *context, struct pin_state *state)
{
    assert_ptr_equal(context, &token);
    if (token.look_fault != FAULT_NONE)
        return token.look_fault;
    memset(state, 0, sizeof *state);
    (void)snprintf(state->location, sizeof state->location, "%s", location);
    (void)snprintf(state->token, sizeof state->token, "Rutoken 48e243b5");
    (void)snprintf(state->factory, sizeof state->factory, "12345678");
    state->owner = token.owner;
    state->tries = token.tries;
    state->most_tries = 10;
    state->low = token.tries <= PIN_TRIES_LOW;
    state->last = token.tries == 1;
    state->blocked = token.tries == 0;
    state->least = 6;
    state->most = 32;
    return FAULT_NONE;
}

static enum fault verify(void *context, const char *pin, size_t size)
{
    assert_ptr_equal(context, &token);
    assert_int_equal(strlen(pin), size);
    assert_true(token.tries > 0);
    assert_int_equal(token.released, token.regained);
    token.sent++;
    if (token.verify_fault != FAULT_NONE)
        return token.verify_fault;
    if (strcmp(pin, token.pin) != 0) {
        token.tries--;
        return FAULT_PIN_WRONG;
    }
    token.tries = 10;
    return FAULT_NONE;
}

static void release(void *context)
{
    assert_ptr_equal(context, &token);
    token.released++;
}

static enum fault regain(void *context)
{
    assert_ptr_equal(context, &token);
    token.regained++;
    return token.regain_fault;
}

static const struct pin_door door = {look, verify, release, regain};

static enum fault ask(void *context, struct pin_question *question, char **pin)
{
    assert_ptr_equal(context, &person);
    /* The token is free for others meanwhile. */
    assert_int_equal(token.released, token.regained + 1);
    person.asked++;
    person.told = question->state->tries;
    person.last = *question;
    if (!person.is_there)
        return pin_refuse(question);
    if (token.tries_while_asked > 0)
        token.tries = token.tries_while_asked;
    question->last_word = person.last_word;
    if (person.types[person.at] == NULL)
        return FAULT_CANCELLED;
    *pin =
        secret_copy(person.types[person.at], strlen(person.types[person.at]));
    person.at++;
    return *pin == NULL ? FAULT_MEMORY : FAULT_NONE;
}

static void accepted(void *context, const struct pin_state *state, bool factory)
{
    assert_ptr_equal(context, &person);
    assert_string_equal(state->location, location);
    person.accepted++;
    person.factory += factory;
}

static const struct pin_source source = {ask, accepted, &person};

static int begin(void **state)
{
    (void)state;
    memset(&token, 0, sizeof token);
    memset(&person, 0, sizeof person);
    token.pin = "secret-pin";
    token.tries = 10;
    person.is_there = true;
    pin_forget(NULL);
    pin_use(&source);
    return 0;
}

static enum fault enter(void)
{
    token.released = token.regained = 0;
    return pin_enter(&door, &token);
}

/* --- a person ------------------------------------------------------------ */

static void it_is_asked_for_once(void **state)
{
    (void)state;
    person.types[0] = "secret-pin";
    assert_int_equal(enter(), FAULT_NONE);
    assert_int_equal(enter(), FAULT_NONE);
    assert_int_equal(person.asked, 1);
    assert_int_equal(person.accepted, 1);
    assert_int_equal(person.factory, 0);
    assert_int_equal(token.sent, 2);
    pin_forget(location);
    person.types[1] = "secret-pin";
    assert_int_equal(enter(), FAULT_NONE);
    assert_int_equal(person.asked, 2);
}

static void a_person_may_mistype(void **state)
{
    (void)state;
    person.types[0] = "wrong-one";
    person.types[1] = "secret-pin";
    assert_int_equal(enter(), FAULT_NONE);
    assert_int_equal(token.sent, 2);
    assert_true(person.last.wrong);
    assert_int_equal(person.told, 9);
}

static void the_pin_of_the_factory_is_told(void **state)
{
    (void)state;
    token.pin = "12345678";
    person.types[0] = "12345678";
    assert_int_equal(enter(), FAULT_NONE);
    assert_int_equal(person.factory, 1);
}

/* What does not fit is not sent: no try is spent. */
static void a_length_that_cannot_be_is_not_sent(void **state)
{
    static const char longest[] = "123456789012345678901234567890123";
    static const char *const bad[] = {"12345", "", longest};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        begin(NULL);
        person.types[0] = bad[i];
        assert_int_equal(enter(), FAULT_PIN_LENGTH);
        assert_int_equal(token.sent, 0);
        assert_int_equal(token.tries, 10);
    }
}

static void who_cancels_sends_nothing(void **state)
{
    (void)state;
    assert_int_equal(enter(), FAULT_CANCELLED);
    assert_int_equal(token.sent, 0);
    person.types[0] = "wrong-one";
    assert_int_equal(enter(), FAULT_CANCELLED);
    assert_int_equal(token.sent, 1);
}

/* --- the last try -------------------------------------------------------- */

static void the_last_try_takes_a_word(void **state)
{
    (void)state;
    token.tries = 1;
    person.types[0] = "secret-pin";
    assert_int_equal(enter(), FAULT_PIN_LAST);
    assert_int_equal(token.sent, 0);
    begin(NULL);
    token.tries = 1;
    person.last_word = true;
    person.types[0] = "secret-pin";
    assert_int_equal(enter(), FAULT_NONE);
    assert_int_equal(token.tries, 10);
}

/* Two were left when the question was asked, one when the answer came. */
static void a_word_for_two_is_none_for_the_last(void **state)
{
    (void)state;
    token.tries = 2;
    token.tries_while_asked = 1;
    person.types[0] = "secret-pin";
    assert_int_equal(enter(), FAULT_PIN_LAST);
    assert_int_equal(token.sent, 0);
}

static void one_that_was_known_is_not_spent_on_it(void **state)
{
    (void)state;
    assert_int_equal(pin_know(location, PIN_OWNER_USER, "secret-pin"),
                     FAULT_NONE);
    token.tries = 1;
    person.is_there = false;
    assert_int_equal(enter(), FAULT_PIN_LAST);
    pin_use(NULL);
    assert_int_equal(enter(), FAULT_PIN_LAST);
    assert_int_equal(token.sent, 0);
}

static void a_locked_one_is_not_asked_for(void **state)
{
    (void)state;
    token.tries = 0;
    assert_int_equal(enter(), FAULT_PIN_BLOCKED);
    assert_int_equal(person.asked, 0);
    begin(NULL);
    token.tries = 1;
    person.last_word = true;
    person.types[0] = "wrong-one";
    assert_int_equal(enter(), FAULT_PIN_BLOCKED);
    assert_int_equal(token.sent, 1);
}

/* --- nobody -------------------------------------------------------------- */

static void one_that_is_given_is_sent_once(void **state)
{
    struct pin_state seen;

    (void)state;
    person.is_there = false;
    assert_int_equal(pin_know(location, PIN_OWNER_USER, "wrong-one"),
                     FAULT_NONE);
    assert_int_equal(enter(), FAULT_PIN_WRONG);
    assert_int_equal(token.sent, 1);
    assert_int_equal(enter(), FAULT_PIN_WRONG);
    assert_int_equal(token.sent, 1);
    assert_true(pin_seen(location, PIN_OWNER_USER, &seen));
    assert_int_equal(seen.tries, 9);
    assert_true(pin_seen_last(&seen));
    assert_int_equal(seen.tries, 9);
}

static void without_a_source_too(void **state)
{
    (void)state;
    pin_use(NULL);
    assert_int_equal(enter(), FAULT_PIN_NEEDED);
    assert_int_equal(pin_know(location, PIN_OWNER_USER, "wrong-one"),
                     FAULT_NONE);
    assert_int_equal(enter(), FAULT_PIN_WRONG);
    /* It is not forgotten that it was. */
    assert_int_equal(enter(), FAULT_PIN_WRONG);
    assert_int_equal(token.sent, 1);
    assert_int_equal(pin_know(location, PIN_OWNER_USER, "secret-pin"),
                     FAULT_NONE);
    assert_int_equal(enter(), FAULT_NONE);
    assert_int_equal(enter(), FAULT_NONE);
}

/* The token was pulled out before it said whether it was right. */
static void one_that_is_not_answered_is_not_sent_again(void **state)
{
    static const enum fault silences[] = {FAULT_TOKEN_GONE, FAULT_NO_TOKEN,
                                          FAULT_NO_READER, FAULT_TOKEN_ANSWER};

    (void)state;
    for (size_t i = 0; i < sizeof silences / sizeof *silences; i++) {
        begin(NULL);
        person.is_there = false;
        assert_int_equal(pin_know(location, PIN_OWNER_USER, "secret-pin"),
                         FAULT_NONE);
        token.verify_fault = silences[i];
        assert_int_equal(enter(), silences[i]);
        token.verify_fault = FAULT_NONE;
        assert_int_equal(enter(), FAULT_PIN_UNANSWERED);
        pin_use(NULL);
        assert_int_equal(enter(), FAULT_PIN_UNANSWERED);
        assert_int_equal(token.sent, 1);
        /* Only on somebody's word. */
        assert_int_equal(pin_know(location, PIN_OWNER_USER, "secret-pin"),
                         FAULT_NONE);
        assert_int_equal(enter(), FAULT_NONE);
        assert_int_equal(token.sent, 2);
    }
}

static void a_person_is_asked_for_it_again(void **state)
{
    (void)state;
    assert_int_equal(pin_know(location, PIN_OWNER_USER, "wrong-one"),
                     FAULT_NONE);
    token.verify_fault = FAULT_TOKEN_GONE;
    assert_int_equal(enter(), FAULT_TOKEN_GONE);
    token.verify_fault = FAULT_NONE;
    person.types[0] = "secret-pin";
    assert_int_equal(enter(), FAULT_NONE);
    assert_false(person.last.wrong);
    assert_int_equal(token.sent, 2);
    assert_int_equal(token.tries, 10);
}

/* What was right before is no guess. */
static void one_that_was_accepted_is_sent_again(void **state)
{
    (void)state;
    person.is_there = false;
    assert_int_equal(pin_know(location, PIN_OWNER_USER, "secret-pin"),
                     FAULT_NONE);
    assert_int_equal(enter(), FAULT_NONE);
    token.verify_fault = FAULT_TOKEN_GONE;
    assert_int_equal(enter(), FAULT_TOKEN_GONE);
    assert_int_equal(enter(), FAULT_TOKEN_GONE);
    token.verify_fault = FAULT_NONE;
    assert_int_equal(enter(), FAULT_NONE);
    assert_int_equal(token.sent, 4);
    /* It was changed meanwhile: that is found out once. */
    token.pin = "another-pin";
    assert_int_equal(enter(), FAULT_PIN_WRONG);
    assert_int_equal(enter(), FAULT_PIN_WRONG);
    assert_int_equal(token.tries, 9);
}

/* What is of one token is never sent to another. */
static void every_token_has_its_own(void **state)
{
    (void)state;
    person.is_there = false;
    assert_int_equal(pin_know("rutoken:0000beef", PIN_OWNER_USER, "secret-pin"),
                     FAULT_NONE);
    assert_int_equal(enter(), FAULT_PIN_NEEDED);
    assert_int_equal(token.sent, 0);
}

/* The user's is never sent as the administrator's, nor the other way. */
static void every_owner_has_their_own(void **state)
{
    struct pin_state seen;

    (void)state;
    person.is_there = false;
    assert_int_equal(pin_know(location, PIN_OWNER_ADMINISTRATOR, "secret-pin"),
                     FAULT_NONE);
    assert_int_equal(enter(), FAULT_PIN_NEEDED);
    assert_int_equal(token.sent, 0);
    token.owner = PIN_OWNER_ADMINISTRATOR;
    assert_int_equal(enter(), FAULT_NONE);
    assert_int_equal(enter(), FAULT_NONE);
    assert_int_equal(person.accepted, 1);
    assert_true(pin_seen(location, PIN_OWNER_ADMINISTRATOR, &seen));
    token.owner = PIN_OWNER_USER;
    assert_int_equal(enter(), FAULT_PIN_NEEDED);
    token.owner = PIN_OWNER_ADMINISTRATOR;
    pin_forget(location);
    assert_int_equal(enter(), FAULT_PIN_NEEDED);
    assert_int_equal(token.sent, 2);
}

/* However many there are: a service centre puts in one after the other. */
static void every_one_of_many_has_its_own(void **state)
{
    char other[64];

    (void)state;
    person.is_there = false;
    assert_int_equal(pin_know(location, PIN_OWNER_USER, "secret-pin"),
                     FAULT_NONE);
    for (int i = 0; i < 100; i++) {
        assert_true(snprintf(other, sizeof other, "rutoken:%08x", i) > 0);
        assert_int_equal(pin_know(other, PIN_OWNER_USER, "another-pin"),
                         FAULT_NONE);
    }
    assert_int_equal(enter(), FAULT_NONE);
    assert_int_equal(token.sent, 1);
    pin_forget(location);
    assert_int_equal(enter(), FAULT_PIN_NEEDED);
    assert_int_equal(token.sent, 1);
}

/* --- the token ----------------------------------------------------------- */

static void what_the_token_says_ends_it(void **state)
{
    (void)state;
    person.types[0] = "secret-pin";
    token.look_fault = FAULT_TOKEN_GONE;
    assert_int_equal(enter(), FAULT_TOKEN_GONE);
    token.look_fault = FAULT_NONE;
    token.regain_fault = FAULT_NO_TOKEN;
    assert_int_equal(enter(), FAULT_NO_TOKEN);
    assert_int_equal(token.sent, 0);
    begin(NULL);
    person.types[0] = "secret-pin";
    token.verify_fault = FAULT_TOKEN_GONE;
    assert_int_equal(enter(), FAULT_TOKEN_GONE);
    /* Whether it was right nobody knows. */
    assert_int_equal(token.sent, 1);
    token.verify_fault = FAULT_NONE;
    assert_int_equal(enter(), FAULT_CANCELLED);
    assert_int_equal(token.sent, 1);
}

static void nothing_is_known_of_nothing(void **state)
{
    struct pin_state seen;

    (void)state;
    assert_false(pin_seen("", PIN_OWNER_USER, &seen));
    assert_false(pin_seen(location, PIN_OWNER_USER, &seen));
    assert_int_equal(pin_know("", PIN_OWNER_USER, "secret-pin"),
                     FAULT_PIN_LENGTH);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(it_is_asked_for_once, begin),
        cmocka_unit_test_setup(a_person_may_mistype, begin),
        cmocka_unit_test_setup(the_pin_of_the_factory_is_told, begin),
        cmocka_unit_test_setup(a_length_that_cannot_be_is_not_sent, begin),
        cmocka_unit_test_setup(who_cancels_sends_nothing, begin),
        cmocka_unit_test_setup(the_last_try_takes_a_word, begin),
        cmocka_unit_test_setup(a_word_for_two_is_none_for_the_last, begin),
        cmocka_unit_test_setup(one_that_was_known_is_not_spent_on_it, begin),
        cmocka_unit_test_setup(a_locked_one_is_not_asked_for, begin),
        cmocka_unit_test_setup(one_that_is_given_is_sent_once, begin),
        cmocka_unit_test_setup(without_a_source_too, begin),
        cmocka_unit_test_setup(one_that_is_not_answered_is_not_sent_again,
                               begin),
        cmocka_unit_test_setup(a_person_is_asked_for_it_again, begin),
        cmocka_unit_test_setup(one_that_was_accepted_is_sent_again, begin),
        cmocka_unit_test_setup(every_token_has_its_own, begin),
        cmocka_unit_test_setup(every_owner_has_their_own, begin),
        cmocka_unit_test_setup(every_one_of_many_has_its_own, begin),
        cmocka_unit_test_setup(what_the_token_says_ends_it, begin),
        cmocka_unit_test_setup(nothing_is_known_of_nothing, begin),
    };

    if (secret_prepare_process() != 0)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
