/* Containers on virtual tokens as CryptoPro's software leaves them: a folder
 * with files of fixed sizes, padded with FF. */
#ifndef TESTS_SUPPORT_STASH_H
#define TESTS_SUPPORT_STASH_H

#include "tests/vtoken/vtoken.h"
#include "token/container/container_files.h"

#define STASH_SERIAL "48e243b5" /* the usual of a virtual token, as printed */
#define STASH_LOCATION "rutoken:" STASH_SERIAL

/* The path of a folder, "0A00", on that kind of token. Valid until the next
 * call. */
const char *stash_path(const struct vtoken *card, const char *folder);

/* Make a folder, "0A00", and put the files into it, their rights as read:
 * masks and keys behind the user's PIN, name and header open. Ends the test
 * where that fails. */
void stash_fill(struct vtoken *card, const char *folder,
                const struct container_files *files);

/* The same of a container of tests/data. */
void stash_sample(struct vtoken *card, const char *folder, const char *sample);

/* What is in such a folder, without what pads it; a file that is missing or
 * no SEQUENCE is absent. Free with container_files_free. */
struct container_files *stash_take(const struct vtoken *card,
                                   const char *folder);

/* The whole of a token as text, the tries of its PINs left out. The caller
 * frees it. */
char *stash_snapshot(const struct vtoken *card);

/* PINs come from here: those of the factory, unless the user's is set. */
extern const char *stash_pin;
void stash_use_pin(void);

#endif
