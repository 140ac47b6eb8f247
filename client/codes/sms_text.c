#include "client/codes/sms_text.h"

#include <ctype.h>
#include <string.h>

enum sms_text_width sms_text_width_of(const char *head, size_t size)
{
    static const struct {
        const char *mark;
        enum sms_text_width width;
    } rows[] = {{"\xFF\xFE", SMS_TEXT_LITTLE_ENDIAN},
                {"\xFE\xFF", SMS_TEXT_BIG_ENDIAN}};

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (size >= 2 && memcmp(head, rows[i].mark, 2) == 0)
            return rows[i].width;
    return SMS_TEXT_BYTES;
}

size_t sms_text_narrow(char *text, size_t size, enum sms_text_width width)
{
    const size_t low = width == SMS_TEXT_BIG_ENDIAN ? 1 : 0;
    size_t count = 0;

    if (width == SMS_TEXT_BYTES)
        return size;
    for (size_t i = 0; i + 1 < size; i += 2) {
        const unsigned char character = (unsigned char)text[i + low];
        const bool is_ascii = text[i + 1 - low] == '\0' && character < 0x80;

        text[count++] = is_ascii ? (char)character : '?';
    }
    return count;
}

bool sms_text_code(const char *text, size_t size, const char **code)
{
    enum { DIGITS = SMS_TEXT_DIGITS };
    size_t run = 0;

    *code = NULL;
    for (size_t i = 0; i <= size; i++) {
        if (i < size && isdigit((unsigned char)text[i])) {
            run++;
            continue;
        }
        if (run == DIGITS && *code != NULL &&
            memcmp(*code, text + i - DIGITS, DIGITS) != 0)
            return false;
        if (run == DIGITS)
            *code = text + i - DIGITS;
        run = 0;
    }
    return *code != NULL;
}
