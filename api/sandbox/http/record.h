/* A log of whole exchanges, one JSON object a line, to hold against the
 * contract: operation, method, path, requestHeaders, requestBody, status,
 * responseHeaders, responseBody, and fault where one was ordered. The value
 * of Authorization is left out; codes and tokens in bodies are not, so the
 * file is its owner's alone. */
#ifndef API_SANDBOX_HTTP_RECORD_H
#define API_SANDBOX_HTTP_RECORD_H

#include <json-c/json.h>
#include <pthread.h>
#include <stdbool.h>

struct record {
    int fd; /* -1: no log */
    pthread_mutex_t lock;
};

/* path NULL: none is kept. */
bool record_open(struct record *record, const char *path);
void record_close(struct record *record);

/* Append one line. */
void record_add(struct record *record, struct json_object *exchange);

#endif
