/* What has been told of which certificate, or of which failure, so that nothing
 * is told twice. A small text file of kep's own state, a line each. */
#ifndef CLIENT_NOTICE_TOLD_H
#define CLIENT_NOTICE_TOLD_H

#include "client/outcome/outcome.h"
#include "keygen/certificate.h"

#include <stddef.h>
#include <time.h>

/* Where notices go. */
enum told_way { TOLD_DESKTOP, TOLD_COMMAND, TOLD_WAYS };

enum { TOLD_MAX = 200000 /* rows */ };

struct told_row {
    char thumbprint[THUMBPRINT_TEXT]; /* or another word of such digits */
    int days[TOLD_WAYS]; /* the last notice that was given, 0: none yet */
    time_t end; /* of the certificate, or when the failure was met last */
};

struct told {
    struct told_row **row; /* owned, as the rows are */
    size_t count, room;
    void *tree; /* of tsearch, by thumbprint */
};

/* A file that is not there or cannot be read is an empty one; a line that makes
 * no sense is left out: at worst something is told again. OUTCOME_DONE,
 * OUTCOME_MEMORY. Free with told_free. */
enum outcome told_read(struct told *told, const char *path);
/* Without those whose end is a year ago. OUTCOME_STATE_UNWRITABLE (errno). */
enum outcome told_write(const struct told *told, const char *path, time_t now);
void told_free(struct told *told);

/* The row of a certificate; a new one where there is none. NULL without
 * memory. */
struct told_row *told_of(struct told *told, const char *thumbprint, time_t end);

#endif
