#include "client/screen/prompt.h"
#include "client/text.h"

#include <stdlib.h>
#include <wchar.h>
#include <wctype.h>

enum { WORD_MAX = 64 };

bool prompt_is_word(const char *text, const char *word)
{
    wchar_t a[WORD_MAX], b[WORD_MAX];
    size_t a_size = mbstowcs(a, text, WORD_MAX);
    size_t b_size = mbstowcs(b, word, WORD_MAX);

    if (a_size == (size_t)-1 || a_size != b_size || a_size == WORD_MAX)
        return false;
    for (size_t i = 0; i < a_size; i++) {
        if (towlower((wint_t)a[i]) != towlower((wint_t)b[i]))
            return false;
    }
    return true;
}

bool prompt_is_cancel(const char *answer)
{
    /* TRANSLATORS: the word that a person types to give up a question. */
    return prompt_is_word(answer, "cancel") ||
           prompt_is_word(answer, _("cancel"));
}

bool prompt_is_back(const char *answer)
{
    /* TRANSLATORS: the word that a person types for the question before. */
    return prompt_is_word(answer, "back") || prompt_is_word(answer, _("back"));
}
