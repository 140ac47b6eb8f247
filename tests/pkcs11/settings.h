/* What a test sets: lines of $KEP_TEST_PKCS11/settings, read at each call.
 *
 *   reversed              signatures come as r ‖ s, little-endian
 *   spoiled               signatures do not verify
 *   octetString           public keys come inside an OCTET STRING
 *   without TYPE          no object has this attribute
 *   absent SLOT           no token in it; sessions on it are gone
 *   fail CALL CODE [N]    CALL answers CODE; from its Nth time on (1 is the
 *                         first) in this process, only then with "once"
 *   pull CALL N           that call finds the token of slot 0 pulled out, which
 *                         is back when the line is gone
 *   kill CALL N           the process dies at the beginning of that call
 *   flags VALUE           or'ed to the flags of a token
 *   slots N               C_GetSlotList says so many
 *   size TYPE N           the attribute says that it has N bytes
 *   value TYPE HEX        the attribute has this value, in every object
 *   label [TEXT]          of both tokens; without one they have none
 *   serial [TEXT]         the same
 *   signature N           C_Sign says that it made so many bytes
 *   hidden                no search finds a certificate
 *   endless               C_FindObjects never ends
 *   garbage               strings of the token are not UTF-8
 *   zeros                 they end with zeros instead of blanks
 *   careless              calls name what they have not made
 *   noMechanisms          the token makes no keys
 *   refuseParameters HEX  a curve that it does not know: its OID in DER
 *   alwaysAuthenticate    private keys ask for the PIN at each use
 *   pad [PIN [NEW]]       PINs are entered at the reader: these; without one
 *                         the person there presses cancel
 *   keepMany              C_FindObjects returns more than it was asked for
 */
#ifndef TESTS_PKCS11_SETTINGS_H
#define TESTS_PKCS11_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

enum { SETTING_WORDS = 5, SETTING_ROOM = 4096 };

struct setting {
    size_t words;
    const char *word[SETTING_WORDS];
};

/* Read the file anew. */
void settings_read(void);

/* The line that begins with a word and, where second is not NULL, has that
 * behind it; NULL where there is none. */
const struct setting *settings_find(const char *first, const char *second);

bool settings_has(const char *word);

/* The text behind a word: "" where it has none; otherwise that one. */
const char *settings_text(const char *word, const char *otherwise);

/* A number of a line (0x… too); otherwise that one. */
unsigned long settings_number(const struct setting *setting, size_t word,
                              unsigned long otherwise);

#endif
