#include "client/renewal/code_challenge.h"

#include "client/renewal/call.h"

#include <stdio.h>

enum {
    LIFETIME = 20 * 60, /* seconds; longer is not believed */
    RESEND_AFTER = 60,  /* unless told otherwise */
    RESENDS_MAX = 5
};

/* Where a challenge stands in a message. */
struct source {
    const struct message *message;
    const char *prefix;
    char name[MESSAGE_WORD_MAX];
};

static const char *name_in(struct source *source, const char *word)
{
    snprintf(source->name, sizeof(source->name), "%s%s", source->prefix, word);
    return source->name;
}

static void read_text(struct source *source, const char *word, char *out,
                      size_t size)
{
    const char *text = message_text(source->message, name_in(source, word));

    snprintf(out, size, "%s", text != NULL ? text : "");
}

static unsigned read_number(struct source *source, const char *word, long most,
                            long otherwise)
{
    return (unsigned)message_number(source->message, name_in(source, word),
                                    most, otherwise);
}

void code_challenge_read(struct code_challenge *challenge,
                         const struct renewal *renewal, bool of_form)
{
    struct source source = {of_form ? renewal->form : renewal->out,
                            of_form ? "confirmation." : "", ""};

    read_text(&source, "challengeId", challenge->id, sizeof(challenge->id));
    read_text(&source, "phoneTail", challenge->tail, sizeof(challenge->tail));
    challenge->seconds = call_seconds_until(
        renewal, source.message, name_in(&source, "expiresAt"), LIFETIME);
    challenge->sent = clock_now(renewal->clock);
    challenge->resend_after =
        read_number(&source, "resendAfter", LIFETIME, RESEND_AFTER);
    challenge->resends = read_number(&source, "resendsLeft", RESENDS_MAX, 0);
}

bool code_challenge_left(const struct code_challenge *challenge,
                         const struct renewal *renewal, struct prompt_code *ask)
{
    time_t passed = clock_now(renewal->clock) - challenge->sent;
    unsigned gone = passed <= 0             ? 0
                    : passed > 2 * LIFETIME ? 2 * LIFETIME
                                            : (unsigned)passed;

    ask->seconds = gone < challenge->seconds ? challenge->seconds - gone : 0;
    ask->resend =
        gone < challenge->resend_after ? challenge->resend_after - gone : 0;
    ask->resends = challenge->resends;
    return challenge->seconds == 0 || ask->seconds > 0;
}
