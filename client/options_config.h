/* The file of the configuration, before anybody knows what its words mean:
 * JSON with comments, in UTF-8, be it behind a byte order mark. */
#ifndef CLIENT_OPTIONS_CONFIG_H
#define CLIENT_OPTIONS_CONFIG_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>

struct options;

/* *json is the caller's; NULL where there is no such file, and after a mistake:
 * then false, and a translated sentence in problem. */
bool options_config_read(const char *path, struct json_object **json,
                         char *problem, size_t room);

/* The value of word in the configuration of that path: of a file, folder,
 * library or program that is named without a beginning, the name in the
 * folder of the configuration, kept in options. NULL without memory. */
const char *options_config_value(struct options *options, const char *path,
                                 const char *word, const char *value);

#endif
