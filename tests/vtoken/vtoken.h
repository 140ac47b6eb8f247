/* A virtual Rutoken for tests: the command set that is publicly known of
 * ECP, Lite and S, with a file system, access rights, PINs and keys, and with
 * faults by a script. It shares no code with the driver.
 *
 *     struct vtoken_setup setup = {.dialect = VTOKEN_ECP};
 *     struct vtoken *card = vtoken_new(&setup);
 *     size = vtoken_transmit(card, apdu, sizeof apdu, reply, sizeof reply);
 *
 * It is a model of what is published (OpenSC's driver, which the vendor
 * wrote, the vendor's own samples, traces of real tokens), so a green test
 * means agreement with that. Where a real token could do otherwise, the code
 * says "a guess". tests/opensc_test.py has OpenSC judge it. */
#ifndef TESTS_VTOKEN_VTOKEN_H
#define TESTS_VTOKEN_VTOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum vtoken_dialect { VTOKEN_ECP, VTOKEN_LITE, VTOKEN_S };

enum {
    VTOKEN_ATR_MAX = 33,
    VTOKEN_REPLY_MAX = 4096 + 2, /* bytes; too long ones among them */
    VTOKEN_PIN_SO = 1,           /* references */
    VTOKEN_PIN_USER = 2,
    VTOKEN_PIN_MAX = 32
};

#define VTOKEN_FACTORY_SO "87654321"
#define VTOKEN_FACTORY_USER "12345678"

/* Zero stands for the usual in every field. */
struct vtoken_setup {
    enum vtoken_dialect dialect;
    bool t0; /* 61xx and 6Cxx as a T=0 card; Rutoken S is one too, but its
                driver hides that, so that it is false there as well */
    uint64_t serial;   /* as the token tells it; 0: 0x48E243B5 */
    unsigned firmware; /* 0x1E02 is 30.02; 0: the usual of the dialect */
    const char *user_pin, *so_pin; /* NULL: the factory's */
    unsigned tries;                /* of each PIN, 1 to 15; 0: 10 */
    unsigned minimum;              /* length of a PIN; 0: 6, Rutoken S 1 */
    unsigned changers; /* who puts a user's PIN in: 1 the administrator, 2 the
                          user; 0: both */
    size_t memory;     /* bytes for files; 0: 64 KiB, Rutoken S 30 KiB */
    size_t objects;    /* in one folder; 0: 255 */
    uint8_t fill;      /* what a new file reads as */
    const char *atr;   /* in hexadecimal: those of another kind of card */
    bool bare;         /* formatted, nothing on it, as OpenSC begins */
};

/* A new token, inserted. NULL without memory. */
struct vtoken *vtoken_new(const struct vtoken_setup *setup);

/* *card becomes NULL. */
void vtoken_free(struct vtoken **card);

/* Bytes put into atr. */
size_t vtoken_atr(const struct vtoken *card, uint8_t atr[VTOKEN_ATR_MAX]);

enum vtoken_dialect vtoken_dialect(const struct vtoken *card);

/* Whether its protocol is T=0. */
bool vtoken_t0(const struct vtoken *card);

/* One command and its answer, status word and all: the bytes of it. 0: there
 * is no answer, the token is out. An answer beyond room is cut. */
size_t vtoken_transmit(struct vtoken *card, const uint8_t *apdu, size_t size,
                       uint8_t *reply, size_t room);

/* Warm or cold: rights and selections are gone, files stay. */
void vtoken_reset(struct vtoken *card);

/* Pulled out and put back. It starts inserted. */
void vtoken_remove(struct vtoken *card);
void vtoken_insert(struct vtoken *card);
bool vtoken_present(const struct vtoken *card);

/* Another number each time it was pulled out. */
unsigned vtoken_removals(const struct vtoken *card);

/* --- faults by a script ------------------------------------------------- */

enum vtoken_trouble {
    VTOKEN_ABSENT,   /* pulled out; in until vtoken_insert */
    VTOKEN_TORN,     /* pulled out in the middle: of what UPDATE BINARY
                        writes only the first half is there */
    VTOKEN_STATUS,   /* value: this status word and no data */
    VTOKEN_TRUNCATE, /* value: so many bytes of the answer only */
    VTOKEN_EXTEND,   /* value: so many bytes too many before the status */
    VTOKEN_NOISE,    /* value: seed; random data of the right length */
    VTOKEN_SLOW      /* value: milliseconds */
};

struct vtoken_fault {
    unsigned long at;    /* the number of the command, the first is 1; 0: any */
    const char *pattern; /* how it begins: hexadecimal, "?" stands for any
                            digit: "00D6", "00A40804??1000"; NULL: any.
                            It must outlive the card */
    unsigned skip;       /* so many matches pass first */
    unsigned times;      /* how often; 0: once */
    enum vtoken_trouble trouble;
    unsigned value;
    bool after; /* the command has been carried out, only its answer suffers;
                   else ABSENT and STATUS come instead of it */
};

/* Add to the script; false when it is full (16). vtoken_calm empties it. */
bool vtoken_plan(struct vtoken *card, const struct vtoken_fault *fault);
void vtoken_calm(struct vtoken *card);

/* Called for each command with its answer, behind the script: it changes
 * reply (VTOKEN_REPLY_MAX bytes of room) and returns its size; 0 pulls the
 * token out. NULL: nobody. */
typedef size_t vtoken_meddler(void *context, const uint8_t *apdu, size_t size,
                              uint8_t *reply, size_t reply_size);
void vtoken_meddle(struct vtoken *card, vtoken_meddler *meddler, void *context);

/* How often a fault of the script has struck. */
unsigned vtoken_struck(const struct vtoken *card);

/* --- what has happened -------------------------------------------------- */

/* Commands since the beginning or vtoken_forget, GET RESPONSE among them. */
unsigned long vtoken_count(const struct vtoken *card);

/* The same as ISO 7816-3 12.2 counts: what fetches an answer over T=0, or asks
 * for it again with its length (6Cxx), is the transport of a command that was
 * counted. */
unsigned long vtoken_apdus(const struct vtoken *card);
void vtoken_forget(struct vtoken *card);

/* Whether 80 8A or 80 84, which wipe a token, was ever sent. */
bool vtoken_formatted(const struct vtoken *card);

/* How often VERIFY came with a PIN of that reference. */
unsigned vtoken_verifications(const struct vtoken *card, unsigned pin);

/* Write a line a command there: ">hex" and "<hex"; NULL: nowhere. */
void vtoken_trace(struct vtoken *card, FILE *out);

/* --- what is on it ------------------------------------------------------ */

/* Tries left, whether it is logged in. */
unsigned vtoken_tries(const struct vtoken *card, unsigned pin);
bool vtoken_logged_in(const struct vtoken *card, unsigned pin);
bool vtoken_pin_is(const struct vtoken *card, unsigned pin, const char *text);

/* Set, as if it had been used up so far. */
void vtoken_set_tries(struct vtoken *card, unsigned pin, unsigned left);

/* Bytes for files that are free. */
size_t vtoken_free_memory(const struct vtoken *card);

/* Paths are file ids in hexadecimal, from below the MF, without regard to
 * the order of bytes on the wire: "1000/1003/0A00/0A03". Content is the
 * card's, until the next command; NULL: there is no such file, or it is a
 * folder. Access rights are not asked. */
const uint8_t *vtoken_read(const struct vtoken *card, const char *path,
                           size_t *size);
bool vtoken_exists(const struct vtoken *card, const char *path);

/* Folders and files in a folder. */
size_t vtoken_children(const struct vtoken *card, const char *path);

/* Make a folder or a file, as the factory or another program has. read and
 * write: the condition of access (0 always, 1, 2: a PIN, 3: either, 0xFF
 * never), for a folder write is to create in it. False where it exists, its
 * folder does not, or memory is short. */
bool vtoken_make_folder(struct vtoken *card, const char *path, uint8_t write);
bool vtoken_make_file(struct vtoken *card, const char *path,
                      const uint8_t *data, size_t size, uint8_t read,
                      uint8_t write);

/* The whole persistent state as text: a line a PIN and a file. */
void vtoken_dump(const struct vtoken *card, FILE *out);

#endif
