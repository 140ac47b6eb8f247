/* Messages to a phone, as files: DIR/sms/<digits>/<NNNN>.txt, one file a
 * message, there whole or not at all. */
#ifndef API_SANDBOX_SMS_H
#define API_SANDBOX_SMS_H

#include <stdbool.h>

/* Makes DIR/sms, so that it can be watched before the first message. */
bool sms_prepare(const char *dir);

/* The phone's digits and the text, one line. False where it could not be
 * written (errno says why). */
bool sms_send(const char *dir, const char *phone, const char *text);

#endif
