/* How a plan is put together. For client/batch/plan*.c only. */
#ifndef CLIENT_BATCH_PLAN_PARTS_H
#define CLIENT_BATCH_PLAN_PARTS_H

#include "client/batch/plan.h"
#include "client/outcome/failure.h"
#include "keygen/bytes.h"

/* Where in the file, both from 1; columns are characters. */
struct plan_place {
    size_t line, column;
};

/* The bytes of a plan. */
struct plan_source {
    const char *data; /* without a byte order mark */
    size_t size;
    bool is_cp1251, is_json;
};

/* Reads all of it; data is to be freed. The plan gets the fingerprint, or
 * complaints (OUTCOME_PLAN_WRONG). */
enum outcome plan_source_read(const char *path, struct plan *plan, char **data,
                              size_t *size);
/* Finds out the encoding, and whether it is JSON; source points into data.
 * False after a complaint. */
bool plan_source_decode(struct plan *plan, const char *data, size_t size,
                        struct plan_source *source);

/* Moves a place past a byte. */
void plan_place_pass(struct plan_place *place, const struct plan_source *source,
                     size_t at);

/* Rows out of a source; what is wrong becomes complaints. */
void plan_csv_parse(struct plan *plan, const struct plan_source *source);
void plan_json_parse(struct plan *plan, const struct plan_source *source);

/* The names of the members of an object that is a line of JSON, in their order:
 * a parser says neither where they stand nor that one stands there twice. */
struct plan_names {
    const char *line; /* which a parser has taken */
    size_t size, at;
    size_t column; /* less one */
    int depth;
};
struct plan_name {
    const char *text; /* as it stands there, without its quotation marks */
    size_t size, column;
};
/* False behind the last one. */
bool plan_names_next(struct plan_names *names, struct plan_name *name);

/* A row at the end; false, after a complaint, where there are too many. */
bool plan_begin_row(struct plan *plan, size_t line);
/* The row at the end is what was found, and why it is of no use; where is
 * foreign text, and is kept to be shown. */
void plan_put_unread(struct plan *plan, const char *where, enum outcome why);
/* Takes it away again. */
void plan_drop_row(struct plan *plan);
/* Bytes of a plan as text in UTF-8; a character that Windows-1251 does not have
 * is U+FFFD. */
void plan_decode(const char *bytes, size_t size, bool is_cp1251,
                 struct bytes *text);
/* A value of the row at the end, in UTF-8 or CP1251. An empty one is none. */
void plan_put(struct plan *plan, enum plan_word word, struct plan_place place,
              const char *value, size_t size, bool is_cp1251);
/* What is wrong with a value of the row at the end is a complaint already: that
 * it is missing is none. */
void plan_told(struct plan *plan, enum plan_word word);
/* Text that lives as long as the plan: its offset, 0 without memory. */
uint32_t plan_keep(struct plan *plan, const char *text, size_t size);

/* The word of so many bytes, PLAN_WORDS for none. */
enum plan_word plan_word_find(const char *text, size_t size);

/* place.line 0: of the file as a whole. */
void plan_complain(struct plan *plan, struct plan_place place,
                   const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Of a value; what does not stand there is told at the beginning of its row. */
struct plan_place plan_place_of(const struct plan *plan, size_t row,
                                enum plan_word word);

/* What a location of a row is to the media, where it can be known: place and
 * token of the row. */
enum fault plan_locate(struct plan *plan, size_t row, enum plan_word word);

/* Complains of containers and of tokens that stand there twice, once they are
 * located. Of a plan that nobody has written the later row of a container is
 * left out instead. */
void plan_check_twins(struct plan *plan);

/* The same of certificates that are in two containers, once it is known which
 * are in them. */
void plan_check_certificates(struct plan *plan);

/* Complains of a token that goes without a number beside those that have one,
 * once they are located. */
void plan_check_unnumbered(struct plan *plan);

/* Notes of which tokens of a row a file of the plan gives the PIN, once they
 * are located. */
void plan_note_pins(struct plan *plan);

/* Whether a token of a row has a PIN that no file of the plan gives, after
 * that. In any thread. */
bool plan_lacks_pin(const struct plan *plan, size_t row);

/* Whether the old container of a row opens with the password of the row's file,
 * which it has: not for tokens, where a try is counted. OUTCOME_DONE also where
 * the file cannot be read twice; where it has no password, file says why. In
 * any thread. */
enum outcome plan_password_try(const struct plan *plan, size_t row,
                               struct failure *file);

/* Complains of files that give new containers in folders no password that they
 * can have, of rows that would be renewed and were not begun. */
void plan_check_new_passwords(struct plan *plan, struct journal *journal);

/* Looks at each container; what is noted and answered is that of plan_inspect,
 * but for the complaints. */
enum outcome plan_look(struct plan *plan, struct journal *journal, time_t now,
                       long window, const struct plan_watcher *watcher);

/* What the journal (NULL: there is none yet) has of an old certificate:
 * OUTCOME_DONE, one that was begun; OUTCOME_ALREADY_RENEWED;
 * OUTCOME_NOTHING_OPEN, neither, or the certificate is not known (""). */
enum outcome plan_known(struct journal *journal, const char *thumbprint);

/* Why a certificate would not be renewed, by itself or by what the centre
 * answered the last time: said is when that was, 0: it is by itself. In any
 * thread. */
enum outcome plan_judge(struct journal *journal,
                        const struct certificate *certificate, time_t now,
                        long window, time_t *said);

/* Complaints in the order of the file. */
void plan_sort(struct plan *plan);

#endif
