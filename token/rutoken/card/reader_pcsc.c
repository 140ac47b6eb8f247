/* Readers as pcscd has them (PC/SC part 5, winscard.h of pcsc-lite). */
#include "token/rutoken/card/reader.h"

#include "token/rutoken/card/patience.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <winscard.h>

/* The reader that stands for readers coming and going. */
#define NOTIFICATION "\\\\?PnP?\\Notification"

enum { PATIENCE = 3000 /* milliseconds for another program's transaction */ };

struct service {
    SCARDCONTEXT context;
};

struct card {
    struct service *service; /* that it was connected to */
    SCARDHANDLE handle;
    DWORD protocol;
    bool transaction;
    bool lost; /* handle is no longer ours */
};

static enum fault fault_of(LONG code)
{
    static const struct {
        LONG code;
        enum fault fault;
    } rows[] = {
        {SCARD_S_SUCCESS, FAULT_NONE},
        {SCARD_E_NO_MEMORY, FAULT_MEMORY},
        {SCARD_E_NO_SERVICE, FAULT_NO_SERVICE},
        {SCARD_E_SERVICE_STOPPED, FAULT_NO_SERVICE},
        {SCARD_E_INVALID_HANDLE, FAULT_NO_SERVICE},
        {SCARD_F_COMM_ERROR, FAULT_NO_SERVICE},
        {SCARD_F_INTERNAL_ERROR, FAULT_NO_SERVICE},
        {SCARD_E_NO_READERS_AVAILABLE, FAULT_NO_READER},
        {SCARD_E_UNKNOWN_READER, FAULT_NO_READER},
        {SCARD_E_READER_UNAVAILABLE, FAULT_TOKEN_GONE},
        {SCARD_E_NO_SMARTCARD, FAULT_NO_TOKEN},
        {SCARD_W_REMOVED_CARD, FAULT_TOKEN_GONE},
        {SCARD_W_RESET_CARD, FAULT_TOKEN_GONE},
        {SCARD_W_UNPOWERED_CARD, FAULT_TOKEN_GONE},
        {SCARD_E_NOT_TRANSACTED, FAULT_TOKEN_GONE},
        {SCARD_E_COMM_DATA_LOST, FAULT_TOKEN_GONE},
        {SCARD_E_SHARING_VIOLATION, FAULT_TOKEN_BUSY},
        {SCARD_W_UNRESPONSIVE_CARD, FAULT_TOKEN_ANSWER},
        {SCARD_W_UNSUPPORTED_CARD, FAULT_TOKEN_UNKNOWN},
        {SCARD_E_PROTO_MISMATCH, FAULT_TOKEN_UNKNOWN},
        {SCARD_E_INSUFFICIENT_BUFFER, FAULT_TOKEN_ANSWER},
        {SCARD_W_SECURITY_VIOLATION, FAULT_NO_ACCESS},
        {SCARD_E_CANCELLED, FAULT_INTERRUPTED},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].code == code)
            return rows[i].fault;
    return FAULT_IO;
}

/* A token that another program does not let go is to be told of, and not
 * waited for without end. The library looks when it starts. */
static void do_not_block(void)
{
    (void)setenv("PCSCLITE_NO_BLOCKING", "1", 1);
}

static enum fault start(void **at)
{
    /* The jobs of a batch start sessions side by side; the environment must
     * not be changed while others read it. */
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct service *service = calloc(1, sizeof *service);
    LONG code;

    *at = NULL;
    if (service == NULL)
        return FAULT_MEMORY;
    pthread_once(&once, do_not_block);
    code = SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL,
                                 &service->context);
    if (code != SCARD_S_SUCCESS) {
        free(service);
        return fault_of(code);
    }
    *at = service;
    return FAULT_NONE;
}

static void stop(void **at)
{
    struct service *service = *at;

    if (service != NULL)
        SCardReleaseContext(service->context);
    free(service);
    *at = NULL;
}

/* --- what is there ------------------------------------------------------- */

static void take_state(const SCARD_READERSTATE *from, struct reader_state *to)
{
    const DWORD event = from->dwEventState;

    to->event = (uint32_t)event;
    to->turn = (uint32_t)event >> 16; /* pcscd counts there */
    to->present = (event & SCARD_STATE_PRESENT) != 0;
    to->mute = (event & SCARD_STATE_MUTE) != 0;
    to->atr_size = 0;
    if (to->present && from->cbAtr <= READER_ATR_MAX) {
        to->atr_size = from->cbAtr;
        memcpy(to->atr, from->rgbAtr, from->cbAtr);
    }
}

/* Ask for all of the list, and for changes of it (one more); at once where
 * nothing is to be waited for. */
static LONG ask(const struct service *service, struct reader_list *list,
                SCARD_READERSTATE *states, bool from_list, DWORD milliseconds)
{
    LONG code;

    memset(states, 0, (READERS_MAX + 1) * sizeof *states);
    for (size_t i = 0; i < list->count; i++) {
        states[i].szReader = list->reader[i].name;
        states[i].dwCurrentState =
            from_list ? list->reader[i].event : SCARD_STATE_UNAWARE;
    }
    if (!from_list)
        return list->count == 0
                   ? SCARD_S_SUCCESS
                   : SCardGetStatusChange(service->context, 0, states,
                                          (DWORD)list->count);
    states[list->count].szReader = NOTIFICATION;
    code = SCardGetStatusChange(service->context, milliseconds, states,
                                (DWORD)list->count + 1);
    return code == SCARD_E_TIMEOUT ? SCARD_S_SUCCESS : code;
}

/* The names, one behind the other, an empty one at the end. */
static enum fault take_names(const char *names, size_t size,
                             struct reader_list *list)
{
    size_t length;

    list->count = 0;
    for (size_t at = 0; at < size && names[at] != '\0'; at += length + 1) {
        length = strnlen(names + at, size - at);
        if (length >= READER_NAME_MAX || list->count == READERS_MAX)
            return FAULT_TOO_LARGE;
        memset(&list->reader[list->count], 0, sizeof list->reader[0]);
        memcpy(list->reader[list->count++].name, names + at, length);
    }
    return FAULT_NONE;
}

static enum fault list_readers(void *at, struct reader_list *list)
{
    const struct service *service = at;
    SCARD_READERSTATE states[READERS_MAX + 1];
    char names[READERS_MAX * READER_NAME_MAX + 1];
    DWORD size = sizeof names;
    enum fault fault;
    LONG code = SCardListReaders(service->context, NULL, names, &size);

    list->count = 0;
    if (code == SCARD_E_NO_READERS_AVAILABLE)
        return FAULT_NONE;
    fault = fault_of(code);
    if (fault == FAULT_NONE)
        fault = take_names(names, size, list);
    if (fault == FAULT_NONE) {
        code = ask(service, list, states, false, 0);
        /* It went between the two questions. */
        if (code == SCARD_E_UNKNOWN_READER || code == SCARD_E_TIMEOUT)
            code = SCARD_S_SUCCESS;
        fault = fault_of(code);
    }
    for (size_t i = 0; i < list->count && fault == FAULT_NONE; i++)
        take_state(&states[i], &list->reader[i]);
    return fault;
}

static enum fault wait_for_change(void *at, struct reader_list *list,
                                  int milliseconds)
{
    const struct service *service = at;
    SCARD_READERSTATE states[READERS_MAX + 1];
    LONG code = ask(service, list, states, true, (DWORD)milliseconds);

    if (code != SCARD_S_SUCCESS && code != SCARD_E_UNKNOWN_READER)
        return fault_of(code);
    return list_readers(at, list);
}

/* --- one token ----------------------------------------------------------- */

/* While another program is in a transaction neither connecting nor beginning
 * one returns, and nothing else of the same context does. */
struct attempt {
    SCARDCONTEXT context;
    char reader[READER_NAME_MAX];
    DWORD share;
    SCARDHANDLE handle;
    DWORD protocol;
    LONG code;
};

static void try_connect(void *context)
{
    struct attempt *attempt = context;

    attempt->code =
        SCardConnect(attempt->context, attempt->reader, attempt->share,
                     SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, &attempt->handle,
                     &attempt->protocol);
}

static void try_begin(void *context)
{
    struct attempt *attempt = context;

    attempt->code = SCardBeginTransaction(attempt->handle);
}

/* Nobody waits for it any more. */
static void drop_connect(void *context)
{
    struct attempt *attempt = context;

    if (attempt->code == SCARD_S_SUCCESS)
        SCardDisconnect(attempt->handle, SCARD_LEAVE_CARD);
    SCardReleaseContext(attempt->context);
    free(attempt);
}

static void drop_begin(void *context)
{
    struct attempt *attempt = context;

    if (attempt->code == SCARD_S_SUCCESS)
        SCardEndTransaction(attempt->handle, SCARD_LEAVE_CARD);
    attempt->code = SCARD_S_SUCCESS;
    drop_connect(attempt);
}

/* False: it takes too long, and the context is given up for another one. */
static bool attempt_is_over(struct service *service, struct attempt *attempt,
                            patience_work *work, patience_work *drop)
{
    if (patience_call(work, drop, attempt, PATIENCE))
        return true;
    if (SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL,
                              &service->context) != SCARD_S_SUCCESS)
        service->context = 0;
    return false;
}

static enum fault take_connection(struct service *service,
                                  const struct attempt *attempt, void **out,
                                  bool *t0)
{
    struct card *card;

    if (attempt->code == SCARD_W_REMOVED_CARD)
        return FAULT_NO_TOKEN;
    if (attempt->code != SCARD_S_SUCCESS)
        return fault_of(attempt->code);
    card = calloc(1, sizeof *card);
    if (card == NULL) {
        SCardDisconnect(attempt->handle, SCARD_LEAVE_CARD);
        return FAULT_MEMORY;
    }
    card->service = service;
    card->handle = attempt->handle;
    card->protocol = attempt->protocol;
    *t0 = card->protocol == SCARD_PROTOCOL_T0;
    *out = card;
    return FAULT_NONE;
}

static enum fault connect_card(void *at, const char *reader,
                               enum reader_share share, void **out, bool *t0)
{
    struct service *service = at;
    struct attempt *attempt = calloc(1, sizeof *attempt);
    enum fault fault;

    *out = NULL;
    if (attempt == NULL)
        return FAULT_MEMORY;
    attempt->context = service->context;
    (void)snprintf(attempt->reader, sizeof attempt->reader, "%s", reader);
    attempt->share =
        share == READER_EXCLUSIVE ? SCARD_SHARE_EXCLUSIVE : SCARD_SHARE_SHARED;
    if (!attempt_is_over(service, attempt, try_connect, drop_connect))
        return FAULT_TOKEN_BUSY;
    fault = take_connection(service, attempt, out, t0);
    free(attempt);
    return fault;
}

static enum fault begin(void *at)
{
    struct card *card = at;
    struct attempt *attempt = calloc(1, sizeof *attempt);
    enum fault fault;

    if (attempt == NULL)
        return FAULT_MEMORY;
    attempt->context = card->service->context;
    attempt->handle = card->handle;
    card->lost =
        !attempt_is_over(card->service, attempt, try_begin, drop_begin);
    if (card->lost)
        return FAULT_TOKEN_BUSY;
    fault = fault_of(attempt->code);
    card->transaction = fault == FAULT_NONE;
    free(attempt);
    return fault;
}

static DWORD disposition(enum reader_leave leave)
{
    return leave == READER_RESET ? SCARD_RESET_CARD : SCARD_LEAVE_CARD;
}

static void end(void *at, enum reader_leave leave)
{
    struct card *card = at;

    if (card->transaction)
        SCardEndTransaction(card->handle, disposition(leave));
    card->transaction = false;
}

static enum fault transmit(void *at, const uint8_t *command,
                           size_t command_size, uint8_t *answer, size_t *size)
{
    struct card *card = at;
    DWORD room = (DWORD)*size;
    LONG code = SCardTransmit(
        card->handle,
        card->protocol == SCARD_PROTOCOL_T0 ? SCARD_PCI_T0 : SCARD_PCI_T1,
        command, (DWORD)command_size, NULL, answer, &room);
    enum fault fault = fault_of(code);

    /* The token is there no more, or a handle of it is good for nothing. */
    if (fault == FAULT_NO_TOKEN || fault == FAULT_NO_READER ||
        code == SCARD_E_INVALID_HANDLE || code == SCARD_E_INVALID_VALUE)
        fault = FAULT_TOKEN_GONE;
    /* Some drivers of readers have no other word for it than nothing. */
    if (fault == FAULT_NONE && room == 0)
        fault = FAULT_TOKEN_GONE;
    if (fault == FAULT_NONE && (room < 2 || room > *size))
        fault = FAULT_TOKEN_ANSWER;
    *size = fault == FAULT_NONE ? room : 0;
    return fault;
}

static void disconnect(void **at, enum reader_leave leave)
{
    struct card *card = *at;

    /* Reset in the transaction: nobody comes in between with its rights. */
    if (card != NULL && !card->lost) {
        const enum reader_leave then = card->transaction ? READER_KEEP : leave;

        end(card, leave);
        SCardDisconnect(card->handle, disposition(then));
    }
    free(card);
    *at = NULL;
}

const struct reader_ops reader_pcsc = {
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
