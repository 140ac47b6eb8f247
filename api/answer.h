/* What a server answered to one request, and what it means. */
#ifndef API_ANSWER_H
#define API_ANSWER_H

#include "api/inquiry.h"

enum { ANSWER_RETRY_MAX = 24 * 3600 /* seconds; more is taken as this */ };

/* Headers that mean something here, as they came; one that is too long for
 * its place is taken as absent. */
struct headers {
    char content_type[128];
    char date[64];
    char etag[OPERATION_ETAG_MAX + 8];
    char trace_id[OPERATION_ID_MAX + 1];
    char retry_after[64];
};

struct answer {
    bool sent; /* something of the request may have reached the server */
    long status;
    struct headers headers;
    struct buffer body; /* of at most inquiry->maximum bytes */
};

/* Take one header; the value without the space around it. */
void answer_header(struct answer *answer, const char *name, size_t name_size,
                   const char *value, size_t value_size);

/* Put what it says into out, which is cleared: the operation's fields, or
 * those of the error, and the words of every answer (api/api.h). */
enum api_result answer_read(const struct answer *answer,
                            const struct operation *operation,
                            const struct inquiry *inquiry, struct message *out);

/* Empty, wiped; the memory stays for the next. */
void answer_clear(struct answer *answer);

#endif
