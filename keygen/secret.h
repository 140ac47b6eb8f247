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

/* memcpy of what is secret. Where a compiler knows the size it moves the bytes
 * itself, in registers that it may put down on the stack in between. */
void secret_move(void *to, const void *from, size_t size);

/* Wipes the stack below the caller, where a library that was called may have
 * left what it worked with. */
void secret_clear_stack(void);

/* Wipes and frees; *pointer becomes NULL. NULL inside is fine. */
void secret_free_at(void **pointer);
#define secret_free(at) secret_free_at((void **)(void *)(at))

/* Once, first thing in main: libsodium ready, no core dumps, not dumpable by
 * ptrace. 0 or -1. */
int secret_prepare_process(void);

#endif
