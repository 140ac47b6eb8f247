/* A token that answers anything: whatever it says, nothing is read or written
 * beyond its bounds, everything is closed, a PIN that was refused is not sent
 * again, and no command goes out that would wipe a token.
 *
 * The input: a byte for the kind of token and the operation, then for each
 * answer a byte of what is to become of it and what that takes. When it ends,
 * the token answers as it should. */
#include "tests/support/pki.h"
#include "tests/support/rack.h"
#include "tests/support/sample.h"
#include "tests/support/stash.h"
#include "token/material.h"
#include "token/medium.h"
#include "token/pin.h"
#include "token/report.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define PLACE STASH_LOCATION "/0A00"

/* What becomes of an answer. */
enum { LEAVE, REPLACE, FLIP, CUT, STRETCH, STATUS, PULL, FATE_COUNT };

static struct input {
    const uint8_t *at;
    size_t left;
    bool refused; /* the last PIN that was sent */
} input;

static struct entropy *pool;
static const struct medium_ops *ops;

static void require(bool holds)
{
    if (!holds)
        abort();
}

static uint8_t next(void)
{
    if (input.left == 0)
        return 0;
    input.left--;
    return *input.at++;
}

static size_t replace(uint8_t *reply)
{
    size_t size = (size_t)next() + 2;

    if (size > input.left + 2)
        size = input.left + 2;
    for (size_t i = 0; i < size - 2; i++)
        reply[i] = next();
    reply[size - 2] = 0x90;
    reply[size - 1] = 0x00;
    return size;
}

static size_t spoil(uint8_t *reply, size_t size)
{
    size_t at, by;

    switch (next() % FATE_COUNT) {
    case REPLACE:
        return replace(reply);
    case FLIP:
        at = next() % size;
        reply[at] ^= next();
        return size;
    case CUT:
        return size - next() % size;
    case STRETCH:
        by = next() * 2u;
        memmove(reply + by + size - 2, reply + size - 2, 2);
        memset(reply + size - 2, next(), by);
        return size + by;
    case STATUS:
        reply[size - 2] = next();
        reply[size - 1] = next();
        return size;
    case PULL:
        return 0;
    default:
        return size;
    }
}

static bool is_verify(const uint8_t *apdu, size_t size)
{
    return size > 5 && apdu[1] == 0x20;
}

/* Logged in already (6F86) is no refusal. */
static bool is_refusal(const uint8_t *reply, size_t size)
{
    return size == 2 && (reply[0] == 0x63 || reply[0] == 0x69);
}

static size_t meddle(void *context, const uint8_t *apdu, size_t size,
                     uint8_t *reply, size_t reply_size)
{
    (void)context;
    require(size >= 4);
    require((apdu[0] & 0x80) == 0 || (apdu[1] != 0x8A && apdu[1] != 0x84));
    require(!is_verify(apdu, size) || !input.refused);
    reply_size = spoil(reply, reply_size);
    if (is_verify(apdu, size))
        input.refused = is_refusal(reply, reply_size);
    return reply_size;
}

/* --- operations -------------------------------------------------------------
 */

static enum fault visit(void *context, const char *where, enum fault fault,
                        const struct container_info *info)
{
    (void)context;
    require(where != NULL && (fault == FAULT_NONE) == (info != NULL));
    return FAULT_NONE;
}

static void list(void)
{
    (void)ops->list(STASH_LOCATION, visit, NULL);
}

static void overview(void)
{
    (void)ops->overview(STASH_LOCATION, visit, NULL);
}

static void look(void)
{
    struct medium_info info;

    (void)ops->look(STASH_LOCATION, &info);
}

static void open_one(void)
{
    struct container *container = NULL;
    enum fault fault = ops->open(PLACE, NULL, &container);

    require((container != NULL) == (fault == FAULT_NONE));
    container_free(&container);
}

static void inspect(void)
{
    struct container_report *report = NULL;

    (void)ops->inspect(PLACE, MEDIUM_WHOLE, NULL, &report);
    report_free(&report);
}

static void show(void)
{
    struct container_report *report = NULL;

    (void)ops->inspect(PLACE, MEDIUM_PUBLIC, NULL, &report);
    report_free(&report);
}

static void read_files(void)
{
    struct container_files *files = NULL;

    (void)ops->read_files(PLACE, &files);
    container_files_free(&files);
}

static enum fault agree(void *context, const struct container_files *files)
{
    (void)context;
    (void)files;
    return FAULT_NONE;
}

static void write_files(void)
{
    struct container_files *files = sample_read("synthetic-2001-nopassword");
    char folder[CONTAINER_FOLDER_MAX];

    if (ops->name(STASH_LOCATION, NULL, NULL, 0, folder) == FAULT_NONE)
        (void)ops->write_files(STASH_LOCATION, folder, files, agree, NULL);
    container_files_free(&files);
}

static void make(bool resident)
{
    struct container_spec spec = {.name = "Новый",
                                  .algorithm =
                                      algorithm_by_word("gost2012-256"),
                                  .resident = resident,
                                  .exportable = true};
    struct container *container = NULL;
    char folder[CONTAINER_FOLDER_MAX];

    spec.folder_name = folder;
    if (ops->name(STASH_LOCATION, NULL,
                  resident ? algorithm_by_word(NULL) : NULL, 0,
                  folder) == FAULT_NONE)
        (void)ops->generate(STASH_LOCATION, &spec, pool, &container);
    container_free(&container);
}

static void generate(void)
{
    make(false);
}

static void generate_inside(void)
{
    make(true);
}

static void set_password(void)
{
    (void)ops->set_password(PLACE, NULL, "", pool);
}

static void change_pin(void)
{
    (void)ops->change_pin(STASH_LOCATION, PIN_OWNER_USER, "qwerty-1234");
}

static void administrate(void)
{
    (void)ops->unblock(STASH_LOCATION, "qwerty-1234");
    input.refused = false; /* the person tries again */
    (void)ops->change_pin(STASH_LOCATION, PIN_OWNER_ADMINISTRATOR,
                          "qwerty-1234");
}

static void remove_one(void)
{
    (void)ops->remove(PLACE);
}

static void find(void)
{
    const struct medium_ops *found;
    char canonical[LOCATION_MAX];

    if (medium_find("rutoken:", &found, canonical) == FAULT_NONE)
        require(found == ops);
}

static void (*const acts[])(void) = {
    list,         look,       open_one,   inspect, read_files, write_files,
    set_password, change_pin, remove_one, find,    generate,   generate_inside,
    administrate, show,       overview};

static struct container_files *files, *certified;

/* Leaks are not looked for in locked memory: what is there holds more. */
static void end(void)
{
    container_files_free(&files);
    container_files_free(&certified);
    entropy_free(&pool);
}

/* The first time. */
static void begin(void)
{
    char canonical[LOCATION_MAX];
    struct pki pki;

    if (files != NULL)
        return;
    files = sample_read("synthetic-2012-256-nopassword");
    pki_make(&pki, &(struct pki_spec){.word = "gost2012-256"});
    certified = sample_certified(pki.certificate);
    pki_free(&pki);
    require(entropy_new(&pool) == FAULT_NONE && atexit(end) == 0);
    rack.reader[0].card = vtoken_new(&(struct vtoken_setup){.tries = 0});
    require(medium_find(STASH_LOCATION, &ops, canonical) == FAULT_NONE);
    vtoken_free(&rack.reader[0].card);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct vtoken_setup setup = {.dialect = VTOKEN_ECP};

    if (size < 1)
        return 0;
    rack_open();
    begin();
    setup.dialect = (enum vtoken_dialect)(data[0] % 3);
    setup.t0 = data[0] / 3 % 2;
    rack.reader[0].card = vtoken_new(&setup);
    require(rack.reader[0].card != NULL);
    stash_fill(rack.reader[0].card, "0A00", files);
    stash_fill(rack.reader[0].card, "0B00", certified);
    stash_use_pin();
    input = (struct input){data + 1, size - 1, false};
    vtoken_meddle(rack.reader[0].card, meddle, NULL);
    acts[data[0] / 6 % (sizeof acts / sizeof *acts)]();
    vtoken_meddle(rack.reader[0].card, NULL, NULL);
    require(rack.open == 0 && !vtoken_formatted(rack.reader[0].card));
    vtoken_reset(rack.reader[0].card);
    rack_close();
    return 0;
}
