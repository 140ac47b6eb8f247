/* A virtual token in a reader of a real pcscd, through vpcd.
 *
 *   vtoken PORT [dialect=ecp|lite|s] [t0=1] [serial=HEX] [firmware=HEX]
 *               [user=PIN] [so=PIN] [tries=N] [minimum=N] [changers=1|2]
 *               [memory=N] [objects=N] [fill=HEX] [atr=HEX] [bare=1]
 *               [trace=FILE]
 *
 * It starts outside the reader and obeys its standard input, line by line;
 * each line is answered by what was asked for, if anything, and "ok" or "no".
 * At the end of its input it ends.
 *
 *   insert  remove  powered         into the reader, out of it; whether
 *                                   pcscd has switched it on since
 *   fault trouble=absent|torn|status|truncate|extend|noise|slow [value=HEX]
 *         [at=N] [pattern=HEX] [skip=N] [times=N] [after=1]
 *   calm  struck                    see vtoken.h
 *   count  apdus  forget  formatted
 *   verifications PIN  tries PIN  set PIN LEFT  is PIN TEXT
 *   entered PIN                     whether it is logged in
 *   dump  free  read PATH  exists PATH
 *   folder PATH WRITE  file PATH READ WRITE HEX
 */
#include "tests/vtoken/vtoken.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    LINE_MAX_SIZE = 3 * 65536,
    FRAME_MAX = 65535,
    WORDS_MAX = 16,
    CONNECT_TRIES = 500, /* of 20 ms: pcscd may only be starting */
    PATTERNS = 64
};

/* vpcd's own messages, one byte each. */
enum { VPCD_OFF = 0, VPCD_ON = 1, VPCD_RESET = 2, VPCD_ATR = 4 };

static struct host {
    struct vtoken *card;
    int socket; /* -1: not in the reader */
    uint16_t port;
    bool powered;
    char *patterns[PATTERNS]; /* the script points into them */
    size_t kept;
} host = {.socket = -1};

/* --- vpcd ----------------------------------------------------------------- */

/* vpcd sends the length by itself and waits for its acknowledgement, which
 * would otherwise be delayed by 40 ms. */
static void hurry(void)
{
    int on = 1;

    (void)setsockopt(host.socket, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
}

static bool receive(uint8_t *data, size_t size)
{
    while (size > 0) {
        ssize_t got;

        hurry();
        got = recv(host.socket, data, size, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        data += got;
        size -= (size_t)got;
    }
    return true;
}

static bool answer(const uint8_t *data, size_t size)
{
    static uint8_t frame[2 + FRAME_MAX];

    frame[0] = (uint8_t)(size >> 8);
    frame[1] = (uint8_t)size;
    memcpy(frame + 2, data, size);
    return send(host.socket, frame, 2 + size, MSG_NOSIGNAL) ==
           (ssize_t)(2 + size);
}

static void leave_reader(void)
{
    if (host.socket >= 0)
        (void)close(host.socket);
    host.socket = -1;
    host.powered = false;
    vtoken_remove(host.card);
}

static bool enter_reader(void)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons(host.port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const struct timespec pause = {0, 20 * 1000000};

    if (host.socket >= 0)
        return true;
    for (int i = 0; i < CONNECT_TRIES; i++) {
        host.socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (host.socket < 0)
            return false;
        if (connect(host.socket, (struct sockaddr *)&to, sizeof to) == 0) {
            vtoken_insert(host.card);
            return true;
        }
        (void)close(host.socket);
        host.socket = -1;
        (void)nanosleep(&pause, NULL);
    }
    return false;
}

static bool obey_vpcd(uint8_t word)
{
    uint8_t atr[VTOKEN_ATR_MAX];

    if (word == VPCD_OFF || word == VPCD_ON || word == VPCD_RESET)
        vtoken_reset(host.card);
    if (word != VPCD_ATR)
        return true;
    host.powered = true;
    return answer(atr, vtoken_atr(host.card, atr));
}

/* One frame; false: the token is out, or pcscd is gone. */
static bool serve(void)
{
    static uint8_t frame[FRAME_MAX], reply[VTOKEN_REPLY_MAX];
    uint8_t head[2];
    size_t size, got;

    if (!receive(head, sizeof head))
        return false;
    size = (size_t)head[0] << 8 | head[1];
    if (size == 0 || !receive(frame, size))
        return false;
    if (size == 1)
        return obey_vpcd(frame[0]);
    got = vtoken_transmit(host.card, frame, size, reply, sizeof reply);
    return vtoken_present(host.card) && answer(reply, got);
}

/* --- words ---------------------------------------------------------------- */

static const char *value_of(size_t count, char **words, const char *name)
{
    size_t size = strlen(name);

    for (size_t i = 0; i < count; i++) {
        if (strncmp(words[i], name, size) == 0 && words[i][size] == '=')
            return words[i] + size + 1;
    }
    return NULL;
}

static unsigned long number_of(size_t count, char **words, const char *name,
                               int base)
{
    const char *value = value_of(count, words, name);

    return value == NULL ? 0 : strtoul(value, NULL, base);
}

static size_t split(char *line, char **words)
{
    char *rest = NULL;
    size_t count = 0;

    for (char *word = strtok_r(line, " \n", &rest);
         word != NULL && count < WORDS_MAX; word = strtok_r(NULL, " \n", &rest))
        words[count++] = word;
    return count;
}

static size_t unhex(const char *hex, uint8_t *data, size_t room)
{
    size_t size = 0;

    for (; hex[0] != '\0' && hex[1] != '\0' && size < room; hex += 2) {
        char digits[3] = {hex[0], hex[1], '\0'};

        data[size++] = (uint8_t)strtoul(digits, NULL, 16);
    }
    return size;
}

/* --- what is asked on the standard input ------------------------------------
 */

typedef bool act(size_t count, char **words);

static bool insert(size_t count, char **words)
{
    (void)count;
    (void)words;
    return enter_reader();
}

static bool take_out(size_t count, char **words)
{
    (void)count;
    (void)words;
    leave_reader();
    return true;
}

static bool powered(size_t count, char **words)
{
    (void)count;
    (void)words;
    return host.powered;
}

static bool plan(size_t count, char **words)
{
    static const char *const troubles[] = {
        [VTOKEN_ABSENT] = "absent", [VTOKEN_TORN] = "torn",
        [VTOKEN_STATUS] = "status", [VTOKEN_TRUNCATE] = "truncate",
        [VTOKEN_EXTEND] = "extend", [VTOKEN_NOISE] = "noise",
        [VTOKEN_SLOW] = "slow",
    };
    const char *trouble = value_of(count, words, "trouble");
    const char *pattern = value_of(count, words, "pattern");
    struct vtoken_fault fault = {
        .at = number_of(count, words, "at", 10),
        .skip = (unsigned)number_of(count, words, "skip", 10),
        .times = (unsigned)number_of(count, words, "times", 10),
        .value = (unsigned)number_of(count, words, "value", 16),
        .after = number_of(count, words, "after", 10) != 0,
    };
    size_t i = 0;

    while (trouble != NULL && i < sizeof troubles / sizeof *troubles &&
           strcmp(trouble, troubles[i]) != 0)
        i++;
    if (trouble == NULL || i == sizeof troubles / sizeof *troubles ||
        host.kept == PATTERNS)
        return false;
    fault.trouble = (enum vtoken_trouble)i;
    if (pattern != NULL)
        fault.pattern = host.patterns[host.kept++] = strdup(pattern);
    return vtoken_plan(host.card, &fault);
}

static bool calm(size_t count, char **words)
{
    (void)count;
    (void)words;
    vtoken_calm(host.card);
    return true;
}

static bool struck(size_t count, char **words)
{
    (void)count;
    (void)words;
    (void)printf("%u\n", vtoken_struck(host.card));
    return true;
}

static bool tell_count(size_t count, char **words)
{
    (void)count;
    (void)words;
    (void)printf("%lu\n", vtoken_count(host.card));
    return true;
}

static bool tell_apdus(size_t count, char **words)
{
    (void)count;
    (void)words;
    (void)printf("%lu\n", vtoken_apdus(host.card));
    return true;
}

static bool forget(size_t count, char **words)
{
    (void)count;
    (void)words;
    vtoken_forget(host.card);
    return true;
}

static bool formatted(size_t count, char **words)
{
    (void)count;
    (void)words;
    return vtoken_formatted(host.card);
}

static unsigned pin_of(size_t count, char **words)
{
    return count > 1 && strcmp(words[1], "1") == 0 ? VTOKEN_PIN_SO
                                                   : VTOKEN_PIN_USER;
}

static bool verifications(size_t count, char **words)
{
    (void)printf("%u\n", vtoken_verifications(host.card, pin_of(count, words)));
    return true;
}

static bool tries(size_t count, char **words)
{
    (void)printf("%u\n", vtoken_tries(host.card, pin_of(count, words)));
    return true;
}

static bool set_tries(size_t count, char **words)
{
    if (count < 3)
        return false;
    vtoken_set_tries(host.card, pin_of(count, words),
                     (unsigned)strtoul(words[2], NULL, 10));
    return true;
}

static bool is_pin(size_t count, char **words)
{
    return count > 2 &&
           vtoken_pin_is(host.card, pin_of(count, words), words[2]);
}

static bool entered(size_t count, char **words)
{
    return vtoken_logged_in(host.card, pin_of(count, words));
}

static bool dump(size_t count, char **words)
{
    (void)count;
    (void)words;
    vtoken_dump(host.card, stdout);
    return true;
}

static bool tell_free(size_t count, char **words)
{
    (void)count;
    (void)words;
    (void)printf("%zu\n", vtoken_free_memory(host.card));
    return true;
}

static bool read_file(size_t count, char **words)
{
    size_t size = 0;
    const uint8_t *data =
        count > 1 ? vtoken_read(host.card, words[1], &size) : NULL;

    for (size_t i = 0; data != NULL && i < size; i++)
        (void)printf("%02X", data[i]);
    if (data != NULL)
        (void)putchar('\n');
    return data != NULL;
}

static bool exists(size_t count, char **words)
{
    return count > 1 && vtoken_exists(host.card, words[1]);
}

static bool make_folder(size_t count, char **words)
{
    return count > 2 &&
           vtoken_make_folder(host.card, words[1],
                              (uint8_t)strtoul(words[2], NULL, 16));
}

static bool make_file(size_t count, char **words)
{
    static uint8_t data[LINE_MAX_SIZE / 2];
    size_t size = count > 4 ? unhex(words[4], data, sizeof data) : 0;

    return count > 3 && vtoken_make_file(host.card, words[1], data, size,
                                         (uint8_t)strtoul(words[2], NULL, 16),
                                         (uint8_t)strtoul(words[3], NULL, 16));
}

static const struct {
    const char *word;
    act *act;
} acts[] = {
    {"insert", insert},
    {"remove", take_out},
    {"powered", powered},
    {"fault", plan},
    {"calm", calm},
    {"struck", struck},
    {"count", tell_count},
    {"apdus", tell_apdus},
    {"forget", forget},
    {"formatted", formatted},
    {"verifications", verifications},
    {"tries", tries},
    {"set", set_tries},
    {"is", is_pin},
    {"entered", entered},
    {"dump", dump},
    {"free", tell_free},
    {"read", read_file},
    {"exists", exists},
    {"folder", make_folder},
    {"file", make_file},
};

static void obey(char *line)
{
    char *words[WORDS_MAX];
    size_t count = split(line, words);
    bool good = false;

    for (size_t i = 0; count > 0 && i < sizeof acts / sizeof *acts; i++) {
        if (strcmp(acts[i].word, words[0]) == 0)
            good = acts[i].act(count, words);
    }
    (void)puts(good ? "ok" : "no");
    (void)fflush(stdout);
}

/* Lines as they come; false at the end. The standard input is not buffered
 * elsewhere, so that poll tells of all there is. */
static bool listen_in(void)
{
    static char line[LINE_MAX_SIZE];
    static size_t used;
    ssize_t got = read(STDIN_FILENO, line + used, sizeof line - 1 - used);
    char *end;

    if (got <= 0)
        return got < 0 && errno == EINTR;
    used += (size_t)got;
    while ((end = memchr(line, '\n', used)) != NULL) {
        size_t size = (size_t)(end - line) + 1;

        *end = '\0';
        obey(line);
        memmove(line, line + size, used - size);
        used -= size;
    }
    return used < sizeof line - 1;
}

static bool set_up(size_t count, char **words)
{
    const char *dialect = value_of(count, words, "dialect");
    const char *trace = value_of(count, words, "trace");
    struct vtoken_setup setup = {
        .dialect = dialect == NULL || strcmp(dialect, "ecp") == 0 ? VTOKEN_ECP
                   : strcmp(dialect, "lite") == 0                 ? VTOKEN_LITE
                                                                  : VTOKEN_S,
        .t0 = number_of(count, words, "t0", 10) != 0,
        .serial = number_of(count, words, "serial", 16),
        .firmware = (unsigned)number_of(count, words, "firmware", 16),
        .user_pin = value_of(count, words, "user"),
        .so_pin = value_of(count, words, "so"),
        .tries = (unsigned)number_of(count, words, "tries", 10),
        .minimum = (unsigned)number_of(count, words, "minimum", 10),
        .changers = (unsigned)number_of(count, words, "changers", 10),
        .memory = number_of(count, words, "memory", 10),
        .objects = number_of(count, words, "objects", 10),
        .fill = (uint8_t)number_of(count, words, "fill", 16),
        .atr = value_of(count, words, "atr"),
        .bare = number_of(count, words, "bare", 10) != 0,
    };

    host.card = vtoken_new(&setup);
    if (host.card == NULL)
        return false;
    if (trace != NULL)
        vtoken_trace(host.card, fopen(trace, "we"));
    vtoken_remove(host.card);
    return true;
}

int main(int argc, char **argv)
{
    bool open = true;

    if (argc < 2)
        return 2;
    (void)signal(SIGPIPE, SIG_IGN);
    host.port = (uint16_t)strtoul(argv[1], NULL, 10);
    if (!set_up((size_t)argc - 2, argv + 2))
        return 1;
    while (open) {
        struct pollfd waits[2] = {{STDIN_FILENO, POLLIN, 0},
                                  {host.socket, POLLIN, 0}};

        if (poll(waits, 2, -1) < 0 && errno != EINTR)
            break;
        if (waits[1].revents != 0 && !serve())
            leave_reader();
        if (waits[0].revents != 0)
            open = listen_in();
    }
    leave_reader();
    vtoken_free(&host.card);
    for (size_t i = 0; i < host.kept; i++)
        free(host.patterns[i]);
    return 0;
}
