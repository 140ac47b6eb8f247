/* What the sandbox remembers: DIR/sandbox.db (SQLite, WAL), shared by any
 * number of processes and, under its own lock, of threads.
 *
 * Times are seconds since 1970. Functions that answer bool or a pointer
 * answer false or NULL where the database has failed; store_error says
 * why. */
#ifndef API_SANDBOX_STORE_H
#define API_SANDBOX_STORE_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    STORE_PHONE = 12, /* "79…", 11 digits and a NUL */
    STORE_ID = 33,    /* 32 hexadecimal digits and a NUL */
    STORE_HASH = 32   /* bytes */
};

struct store;

/* Open DIR/sandbox.db, making DIR and it on first use. */
bool store_open(const char *dir, struct store **store);
void store_close(struct store **store);

/* What went wrong last, for a person; never NULL. */
const char *store_error(const struct store *store);

/* A subscriber by his phone (11 digits), unless he is known, with a
 * certificate (its thumbprint and DER). Its own transaction. */
bool store_register(struct store *store, const char *phone,
                    const char *thumbprint, const void *der, size_t size);

/* A transaction; other threads and processes wait for its end, so nothing
 * slow happens in it. All changes are made or none: store_end keeps them
 * where keep is true, and is false where it should have and could not. After
 * a store_begin that fails there is no end. */
bool store_begin(struct store *store);
bool store_end(struct store *store, bool keep);

/* Values for the ?1, ?2 … of a statement. What they point at must outlive
 * the statement's last step. */
struct value {
    char kind; /* 't' text, 'b' bytes, 'n' number; NULL data: SQL's NULL */
    const void *data;
    size_t size;
    int64_t number;
};

#define VALUES(...) ((const struct value[]){__VA_ARGS__, {0}})

static inline struct value value_text(const char *text)
{
    return (struct value){.kind = 't', .data = text};
}

static inline struct value value_bytes(const void *data, size_t size)
{
    return (struct value){.kind = 'b', .data = data, .size = size};
}

static inline struct value value_number(int64_t number)
{
    return (struct value){.kind = 'n', .number = number};
}

/* A statement with its values, ready to be stepped through; the store keeps
 * it. sql must be a literal: statements are kept by their address. */
sqlite3_stmt *store_query(struct store *store, const char *sql,
                          const struct value *values);

/* The first row: 1, no row: 0, failure: -1. */
int store_row(struct store *store, const char *sql, const struct value *values,
              sqlite3_stmt **row);

/* A statement without rows. changed, where not NULL: how many it changed. */
bool store_change(struct store *store, const char *sql,
                  const struct value *values, int *changed);

/* Column as text, at most size - 1 bytes; false where it is longer. NULL
 * gives "". */
bool store_text(sqlite3_stmt *row, int column, char *text, size_t size);

#endif
