/* Messages with codes as a gateway for SMS leaves them: in a folder or in a
 * file, which it fills and nobody here changes.
 *
 * In a folder a message is a file of at most 4 KiB: any file of the folder in
 * it that is named as the number (79120000001, 89120000001, 9120000001), or a
 * file of the folder itself with the number's last ten digits in its name; not
 * both kinds in one. In a file it is a line with those ten digits in it. Where
 * only the end of a number is known, that takes the place of the ten, and a
 * folder counts if it is the only one of that end.
 *
 * Digits are ASCII, be it in UTF-16 with a byte order mark.
 *
 * Where a code is wanted, the newest message counts: of files the one changed
 * last (of several the one whose name is the last), of lines the last. The
 * code is the only number of exactly six digits in it; a message without one
 * is not there yet. A file that was put aside for a new one, or emptied, is
 * followed, also before there is the new one: whatever is in it then is new,
 * but for a message that was known, where it is the old one written anew. */
#ifndef CLIENT_CODES_INBOX_H
#define CLIENT_CODES_INBOX_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

enum { INBOX_NAME_MAX = 256, INBOX_SECONDS = 120, INBOX_SUM = 16 };

/* The newest message of a number at some moment. */
struct inbox_mark {
    bool is_set; /* else nothing has been looked at: any message is new */
    struct timespec changed;
    int64_t size;   /* of a file with many: bytes up to the message's end */
    uint64_t inode; /* of that file */
    unsigned char sum[INBOX_SUM]; /* of the message in it */
    char name[INBOX_NAME_MAX];
};

enum inbox_result {
    INBOX_OK,
    INBOX_UNREADABLE, /* errno: neither a folder nor a file to be read, nor one
                       * that was there when the mark was set */
    INBOX_LATE,       /* none came in time */
    INBOX_CANCELLED,  /* a signal came (signals_pending) */
    INBOX_MEMORY
};

/* Note what is there before a message is asked for. phone: eleven digits, or
 * the end of a number. */
void inbox_look(const char *path, const char *phone, struct inbox_mark *mark);

/* Wait for a message newer than the mark, which then means that one. seconds:
 * 0: INBOX_SECONDS. *code is six digits in secret memory: secret_free it. */
enum inbox_result inbox_wait(const char *path, const char *phone,
                             struct inbox_mark *mark, unsigned seconds,
                             char **code);

#endif
