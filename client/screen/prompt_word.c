#include "client/screen/prompt.h"
#include "client/text.h"

#include <stdlib.h>
#include <wchar.h>
#include <wctype.h>

/* The next letter of text, which moves behind it; L'\0' at its end and where
 * it is none. */
static wint_t next_letter(const char **text, mbstate_t *state)
{
    wchar_t letter = L'\0';
    const size_t size = mbrtowc(&letter, *text, MB_CUR_MAX, state);

    if (size == 0 || size > MB_CUR_MAX)
        return L'\0';
    *text += size;
    return towlower((wint_t)letter);
}

/* Letter by letter: what was typed may be a secret, of which no copy is to be
 * left on the stack. */
bool prompt_is_word(const char *typed, const char *word)
{
    mbstate_t of_typed = {0}, of_word = {0};

    while (*typed != '\0' && *word != '\0') {
        const wint_t letter = next_letter(&typed, &of_typed);

        if (letter == L'\0' || letter != next_letter(&word, &of_word))
            return false;
    }
    return *typed == *word;
}

bool prompt_is_cancel(const char *typed)
{
    /* TRANSLATORS: the word that a person types to give up a question. */
    return prompt_is_word(typed, "cancel") ||
           prompt_is_word(typed, _("cancel"));
}

bool prompt_is_back(const char *typed)
{
    /* TRANSLATORS: the word that a person types for the question before. */
    return prompt_is_word(typed, "back") || prompt_is_word(typed, _("back"));
}
