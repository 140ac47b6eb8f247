/* What the sandbox remembers: DIR/sandbox.db (SQLite, WAL), shared by any
 * number of processes and, under its own lock, of threads.
 *
 * Times are seconds since 1970. Every function answers false where the
 * database has failed; the reason is in store_error. */
#ifndef API_SANDBOX_STORE_H
#define API_SANDBOX_STORE_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { STORE_PHONE = 12 }; /* "79…", 11 digits and a NUL */

struct store;

/* Open DIR/sandbox.db, making DIR and it on first use. */
bool store_open(const char *dir, struct store **store);
void store_close(struct store **store);

/* What went wrong last, for a person; never NULL. */
const char *store_error(const struct store *store);

/* A transaction; others wait for its end, so nothing slow happens in it. It
 * sees and makes all changes or none. store_end commits where done is true
 * and takes everything back otherwise. */
bool store_begin(struct store *store);
bool store_end(struct store *store, bool done);

/* A subscriber by his phone (11 digits), unless he is known, with a
 * certificate (its thumbprint and DER). Its own transaction. */
bool store_register(struct store *store, const char *phone,
                    const char *thumbprint, const void *der, size_t size);

#endif
