/* One operation as the request that goes out. */
#ifndef API_INQUIRY_H
#define API_INQUIRY_H

#include "api/operation.h"

struct inquiry {
    const char *method;
    struct buffer path;    /* with the query */
    struct buffer headers; /* "Name: value" lines, a NUL behind each */
    struct buffer body;
    bool has_body;
    bool conditional; /* with If-None-Match: 304 is an answer */
    bool once;        /* a lost answer must not make it go out twice */
    size_t maximum;   /* bytes of the answer's body that are taken */
};

/* API_CONFIGURATION where in lacks a field or holds one that may not be
 * sent. Free the inquiry in any case. */
enum api_result inquiry_make(const struct operation *operation,
                             const struct message *in, struct inquiry *inquiry);
void inquiry_free(struct inquiry *inquiry);

#endif
