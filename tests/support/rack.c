#include "tests/support/rack.h"

#include "token/rutoken/card/reader.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct rack rack;

struct connection {
    struct rack_reader *reader;
    struct vtoken *card;
    unsigned removals; /* of the token when it was connected to */
    bool transaction;
    unsigned commands; /* in it */
};

static const char *const names[RACK_READERS] = {
    "Aktiv Rutoken ECP 00 00", "Aktiv Rutoken ECP 00 01",
    "Aktiv Rutoken lite 01 00", "Aktiv Rutoken lite 01 01"};

static enum fault start(void **service)
{
    *service = NULL;
    if (rack.no_service)
        return FAULT_NO_SERVICE;
    *service = &rack;
    rack.open++;
    return FAULT_NONE;
}

static void stop(void **service)
{
    if (*service != NULL)
        rack.open--;
    *service = NULL;
}

static bool is_in(const struct rack_reader *reader)
{
    return reader->card != NULL && vtoken_present(reader->card);
}

/* No number of a reader comes again in another one of that name. */
enum { TURNS = 1000 };
static unsigned racks;

static enum fault list_readers(void *service, struct reader_list *list)
{
    assert_ptr_equal(service, &rack);
    memset(list, 0, sizeof *list);
    if (rack.no_service)
        return FAULT_NO_SERVICE;
    for (; list->count < rack.count; list->count++) {
        struct reader_state *to = &list->reader[list->count];
        struct rack_reader *from = &rack.reader[list->count];

        memcpy(to->name, from->name, strlen(from->name));
        to->present = is_in(from);
        to->mute = to->present && from->mute;
        if (to->present && !from->mute)
            to->atr_size = vtoken_atr(from->card, to->atr);
        to->event =
            from->card == NULL ? 0 : 2 * vtoken_removals(from->card) + 2;
        to->event += to->present;
        to->turn = racks * TURNS + to->event;
    }
    return FAULT_NONE;
}

static bool differs(const struct reader_list *a, const struct reader_list *b)
{
    if (a->count != b->count)
        return true;
    for (size_t i = 0; i < a->count; i++) {
        if (a->reader[i].event != b->reader[i].event)
            return true;
    }
    return false;
}

static enum fault wait_for_change(void *service, struct reader_list *list,
                                  int milliseconds)
{
    struct reader_list now;
    enum fault fault = list_readers(service, &now);

    (void)milliseconds;
    if (fault == FAULT_NONE && !differs(&now, list)) {
        rack.waits++;
        if (rack.wait != NULL)
            rack.wait();
    }
    return fault == FAULT_NONE ? list_readers(service, list) : fault;
}

static struct rack_reader *find(const char *name)
{
    for (size_t i = 0; i < rack.count; i++) {
        if (strcmp(rack.reader[i].name, name) == 0)
            return &rack.reader[i];
    }
    return NULL;
}

static enum fault connect_card(void *service, const char *name,
                               enum reader_share share, void **out, bool *t0)
{
    struct rack_reader *reader = find(name);
    struct connection *connection;

    assert_ptr_equal(service, &rack);
    (void)share;
    *out = NULL;
    if (rack.no_service)
        return FAULT_NO_SERVICE;
    if (reader == NULL)
        return FAULT_NO_READER;
    if (!is_in(reader))
        return FAULT_NO_TOKEN;
    if (reader->busy)
        return FAULT_TOKEN_BUSY;
    if (reader->mute)
        return FAULT_TOKEN_ANSWER;
    connection = calloc(1, sizeof *connection);
    assert_non_null(connection);
    *connection = (struct connection){reader, reader->card,
                                      vtoken_removals(reader->card), false, 0};
    *t0 = vtoken_t0(reader->card);
    *out = connection;
    rack.open++;
    rack.connects++;
    return FAULT_NONE;
}

/* Also when it was pulled out and put back. */
static bool is_gone(const struct connection *connection)
{
    return connection->reader->card != connection->card ||
           !vtoken_present(connection->card) ||
           vtoken_removals(connection->card) != connection->removals;
}

static enum fault begin(void *card)
{
    struct connection *connection = card;

    assert_false(connection->transaction);
    if (is_gone(connection))
        return FAULT_TOKEN_GONE;
    connection->transaction = true;
    connection->commands = 0;
    rack.open++;
    return FAULT_NONE;
}

static void leave_with(const struct connection *connection,
                       enum reader_leave leave)
{
    if (leave == READER_RESET && !is_gone(connection))
        vtoken_reset(connection->card);
}

static void end(void *card, enum reader_leave leave)
{
    struct connection *connection = card;

    if (!connection->transaction)
        return;
    connection->transaction = false;
    rack.open--;
    leave_with(connection, leave);
}

/* What must not be mixed with another program's commands. */
static bool is_grave(const uint8_t *command)
{
    static const uint8_t grave[] = {0x20, 0x24, 0x2C, 0xD6,
                                    0xE0, 0xE4, 0x46, 0x2A};

    return memchr(grave, command[1], sizeof grave) != NULL;
}

static enum fault transmit(void *card, const uint8_t *command,
                           size_t command_size, uint8_t *answer, size_t *size)
{
    struct connection *connection = card;
    uint8_t reply[VTOKEN_REPLY_MAX];
    size_t room = *size, got;

    *size = 0;
    if (is_gone(connection))
        return FAULT_TOKEN_GONE;
    if (!connection->transaction && command_size > 4 && is_grave(command))
        rack.unprotected = true;
    if (++connection->commands > rack.longest)
        rack.longest = connection->commands;
    got = vtoken_transmit(connection->card, command, command_size, reply,
                          sizeof reply);
    if (is_gone(connection))
        return FAULT_TOKEN_GONE;
    if (got < 2 || got > room)
        return FAULT_TOKEN_ANSWER;
    memcpy(answer, reply, got);
    *size = got;
    return FAULT_NONE;
}

static void disconnect(void **card, enum reader_leave leave)
{
    struct connection *connection = *card;

    if (connection == NULL)
        return;
    end(connection, READER_KEEP);
    leave_with(connection, leave);
    rack.open--;
    free(connection);
    *card = NULL;
}

static const struct reader_ops ops = {
    .start = start,
    .stop = stop,
    .list = list_readers,
    .wait = wait_for_change,
    .connect = connect_card,
    .begin = begin,
    .end = end,
    .transmit = transmit,
    .disconnect = disconnect,
};

void rack_open(void)
{
    memset(&rack, 0, sizeof rack);
    racks++;
    rack.count = 1;
    for (size_t i = 0; i < RACK_READERS; i++)
        rack.reader[i].name = names[i];
    reader_use(&ops);
}

void rack_is_left(void)
{
    assert_int_equal(rack.open, 0);
    assert_false(rack.unprotected);
    for (size_t i = 0; i < RACK_READERS; i++) {
        const struct vtoken *card = rack.reader[i].card;

        if (card == NULL)
            continue;
        assert_false(vtoken_logged_in(card, VTOKEN_PIN_USER));
        assert_false(vtoken_logged_in(card, VTOKEN_PIN_SO));
        assert_false(vtoken_formatted(card));
    }
}

void rack_close(void)
{
    rack_is_left();
    for (size_t i = 0; i < RACK_READERS; i++)
        vtoken_free(&rack.reader[i].card);
    reader_use(NULL);
}
