/* The operations of the enrollment API (api/openapi.yaml), one row each:
 * what is asked and what must come back. */
#ifndef API_OPERATION_H
#define API_OPERATION_H

#include "api/json.h"

enum { OPERATION_ID_MAX = 128, OPERATION_ETAG_MAX = 128 };

enum operation_input {
    INPUT_TEXT = 1,
    INPUT_BYTES, /* base64 in JSON */
    INPUT_TRUE   /* the field must be "true" */
};

enum operation_condition { IF_NOTHING, IF_MATCH, IF_NONE_MATCH };

enum operation_body {
    BODY_NONE,
    BODY_INPUTS, /* an object of the inputs; {} without any */
    BODY_SCAN,   /* the bytes of field "content", a document */
    BODY_DATA    /* {"data":{},"esia":{}} of every field "data.WORD" and
                    "esia.WORD"; without any of them {} */
};

struct operation {
    const char *name;
    const char *method;
    const char *path; /* {WORD} stands for the id in that field */
    bool signed_in;   /* wants "sid" */
    bool once;        /* not repeated when an answer was lost */
    enum operation_condition condition; /* on field "etag" */
    enum operation_body body;
    struct {
        const char *word;
        enum operation_input kind;
    } inputs[3];
    const struct json_field *outputs; /* NULL: text, into "statement" */
    size_t maximum;                   /* bytes of the answer */
    unsigned patience; /* so many times the usual time; 0: once */
};

/* NULL when there is no such operation. */
const struct operation *operation_find(const char *name);

/* Walk: the i-th, or NULL past the last. */
const struct operation *operation_at(size_t i);

/* What an answer of any operation that says no holds. */
extern const struct json_field operation_error[];

#endif
