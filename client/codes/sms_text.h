/* What is read of messages with codes: ASCII, whatever they are written in. */
#ifndef CLIENT_CODES_SMS_TEXT_H
#define CLIENT_CODES_SMS_TEXT_H

#include <stdbool.h>
#include <stddef.h>

enum { SMS_TEXT_DIGITS = 6 };

/* How a text is written; the value is the bytes of a character in ASCII, and
 * its sign where they stand the other way round. UTF-16, which programs of
 * Windows write, begins with a mark. */
enum sms_text_width {
    SMS_TEXT_BYTES = 1,
    SMS_TEXT_LITTLE_ENDIAN = 2,
    SMS_TEXT_BIG_ENDIAN = -2
};
enum sms_text_width sms_text_width_of(const char *head, size_t size);

/* Makes a byte of each character of any part of such a text that begins with
 * one; in UTF-16 those that are not ASCII become "?". How many there are. */
size_t sms_text_narrow(char *text, size_t size, enum sms_text_width width);

/* The only run of six digits; false where there is none or another one too. It
 * may stand there twice. */
bool sms_text_code(const char *text, size_t size, const char **code);

#endif
