/* The tokens of the tests' own PKCS#11 module (tests/pkcs11/), in process. */
#ifndef TESTS_SUPPORT_TOKENS_H
#define TESTS_SUPPORT_TOKENS_H

#include "token/pin.h"

#include <stdbool.h>
#include <stddef.h>

#define TOKENS_PIN "12345678"
#define TOKENS_FIRST "serial=48e243b5" /* of tokens_place */

/* New tokens with nothing on them. Ends the test where that fails. tokens_end
 * removes them. */
void tokens_new(void);
void tokens_end(void);

/* The path of the module. Valid for good. */
const char *tokens_module(void);

/* Settings instead of those before: lines (tests/pkcs11/settings.h). */
void tokens_set(const char *lines);

/* "pkcs11:…" with the module behind it; attributes: "serial=48e243b5". Valid
 * until the fourth call after it. */
const char *tokens_place(const char *attributes);

/* How often a call was made since tokens_forget; NULL: all. */
size_t tokens_calls(const char *name);
void tokens_forget(void);

/* PINs that the person will give, one after the other; NULL ends them. Then
 * there is nobody to ask. last_word: that the person wants the last try
 * spent. */
void tokens_pins(const char *first, const char *second, bool last_word);

/* How many times the person was asked. */
unsigned tokens_asked(void);

/* Make a key on a token, "новый ключ", good until PKI_UNTIL. */
enum fault tokens_generate(const char *location, const char *id,
                           const char *word, struct container **container);

/* The same on the first token: its place, LOCATION_MAX bytes. */
void tokens_make(const char *id, const char *word, char *where);

/* A certificate for a key on a token, until then, by nobody in particular. */
struct certificate *tokens_certify(const struct container *container,
                                   time_t until);

#endif
