/* JSON of the API: bodies are written field by field, answers are read by a
 * table of what may be in them. What the table does not name is passed
 * over, so a server may add; what it names must be there and be right. */
#ifndef API_JSON_H
#define API_JSON_H

#include "api/api.h"
#include "api/buffer.h"

enum {
    JSON_DEPTH_MAX = 32,
    JSON_NODES_MAX = 8192, /* json-c needs up to 800 bytes for each */
    JSON_ITEMS_MAX = 256   /* of one list or one set of words */
};

enum json_kind {
    JSON_TEXT,    /* a line, cleaned; at most maximum bytes */
    JSON_LINES,   /* the same with its line breaks */
    JSON_MESSAGE, /* a line cut after maximum characters */
    JSON_WORD,    /* letters and digits */
    JSON_TARGET,  /* words with dots between */
    JSON_ID,      /* letters, digits, "-", "_" */
    JSON_HEX,     /* exactly maximum hex digits */
    JSON_ETAG,    /* what may stand between the quotes of an ETag */
    JSON_TIME,    /* RFC 3339, UTC */
    JSON_NUMBER,  /* 0 to maximum */
    JSON_BOOLEAN, /* "true" or "false" */
    JSON_BYTES    /* base64; at most maximum bytes when decoded */
};

/* path: member names with dots between; "#" stands for every item of a list,
 * "*" for every member of an object, "?" behind one: it may be absent or
 * null, and with it what is inside. The field's word is the path with names
 * and numbers in the place of "*" and "#". */
struct json_field {
    const char *path;
    enum json_kind kind;
    long maximum;
};

struct json_object;

/* Strict JSON: UTF-8, nothing behind it, no character below space in a
 * string, no NUL, bounded in depth and in number. API_GARBAGE where it is
 * none; *root is freed with json_object_put. */
enum api_result json_parse(const char *text, size_t size,
                           struct json_object **root);

/* Put the fields named in a table (ended by a NULL path) into out.
 * API_GARBAGE where one is absent or wrong; then out holds a part. */
enum api_result json_read(struct json_object *root,
                          const struct json_field *fields, struct message *out);

/* A member behind what is already there: the buffer ends with "{" or with
 * another member. A text must be UTF-8 without a NUL, or buffer->failed. */
void json_put_text(struct buffer *buffer, const char *name, const char *text,
                   size_t size);
void json_put_bytes(struct buffer *buffer, const char *name, const void *bytes,
                    size_t size);
void json_put_true(struct buffer *buffer, const char *name);
void json_put_object(struct buffer *buffer, const char *name); /* its "{" */

#endif
