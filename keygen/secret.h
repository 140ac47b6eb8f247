/* Memory for keys, PINs and passwords: guarded, locked as far as the system
 * allows (RLIMIT_MEMLOCK), wiped when freed (libsodium's sodium_malloc). */
#ifndef KEYGEN_SECRET_H
#define KEYGEN_SECRET_H

#include <stddef.h>
#include <stdint.h>

/* size zero bytes, aligned to 16, or NULL. Free with secret_free. A guard page
 * stands behind the next multiple of 16 bytes. */
void *secret_new(size_t size);

/* A copy in secret memory with a NUL behind it, or NULL. */
char *secret_copy(const char *text, size_t size);

/* Wipes and frees; *pointer becomes NULL. NULL inside is fine. */
void secret_free_at(void **pointer);
#define secret_free(at) secret_free_at((void **)(void *)(at))

/* Once, first thing in main: libsodium ready, no core dumps, not dumpable by
 * ptrace. 0 or -1. */
int secret_prepare_process(void);

#endif
