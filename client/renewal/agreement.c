#include "client/renewal/agreement.h"

#include "client/renewal/form.h"
#include "client/text.h"
#include "keygen/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool agreement_is_asked(const struct renewal *renewal)
{
    return !renewal->options->accept_data &&
           screen_interactive(renewal->screen);
}

enum outcome agreement_question(struct renewal *renewal, const char *question,
                                bool *yes)
{
    enum prompt_end end;

    *yes = true;
    if (renewal->options->accept_data)
        return OUTCOME_DONE;
    *yes = false;
    end = prompt_yes(renewal->screen, question, 0, yes);
    if (end == PROMPT_NOBODY)
        return renewal_fail(renewal, OUTCOME_ACCEPTANCE_NEEDED, "%s", "");
    return renewal_unanswered(renewal, end, "--accept-data");
}

enum outcome agreement_ask(struct renewal *renewal, const char *question)
{
    bool yes;
    enum outcome outcome = agreement_question(renewal, question, &yes);

    if (outcome != OUTCOME_DONE)
        return outcome;
    return yes ? OUTCOME_DONE
               : renewal_fail(renewal, OUTCOME_CANCELLED, "%s", "");
}

enum outcome agreement_show(struct renewal *renewal, const char *before,
                            const char *text, const char *after)
{
    const size_t room = 3 * strlen(text) + 8; /* were each byte replaced */
    char *shown = calloc(1, room);

    if (shown == NULL)
        return renewal_fail(renewal, OUTCOME_MEMORY, "%s", "");
    screen_say(renewal->screen, "%s%s%s", before,
               text_clean_lines(shown, room, text), after);
    free(shown);
    return OUTCOME_DONE;
}

/* Whether there is a letter in it, Latin or Cyrillic: nobody consents to
 * blanks, nor to what cannot be seen. */
static bool says_something(const char *text)
{
    size_t left = strlen(text);
    uint32_t one;

    while (utf8_read(&text, &left, &one))
        if ((one | 0x20) - 'a' <= 'z' - 'a' || (one >= 0x400 && one < 0x530))
            return true;
    return false;
}

enum outcome agreement_consent(struct renewal *renewal, const char *which,
                               enum record_field text_field,
                               enum record_field version_field,
                               enum record_field time_field)
{
    char word[MESSAGE_WORD_MAX];
    const char *text, *version;
    enum outcome outcome;

    snprintf(word, sizeof(word), "consent.%s.text", which);
    text = message_text(renewal->form, word);
    snprintf(word, sizeof(word), "consent.%s.version", which);
    version = message_text(renewal->form, word);
    if (text == NULL || version == NULL || !says_something(text))
        return renewal_fail(renewal, OUTCOME_SERVER_GARBAGE, "%s", "");
    outcome = agreement_show(renewal, "«", text, "»");
    if (outcome == OUTCOME_DONE)
        outcome = agreement_ask(renewal, _("Do you agree?"));
    if (outcome != OUTCOME_DONE)
        return outcome;
    renewal_set(renewal, text_field, text);
    renewal_set(renewal, version_field, version);
    record_set_time(&renewal->record, time_field, clock_now(renewal->clock));
    return renewal_save(renewal);
}
