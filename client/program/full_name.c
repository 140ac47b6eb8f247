#include "client/program/full_name.h"

#include "client/program/words.h"

#include <stdio.h>
#include <string.h>

char *full_name_of_file(const char *folder, const char *name)
{
    char *full;

    if (name[0] == '/' || name[0] == '\0' ||
        asprintf(&full, "%s/%s", folder, name) < 0)
        return NULL;
    return full;
}

char *full_name_of_library(const char *folder, const char *name)
{
    return strchr(name, '/') != NULL ? full_name_of_file(folder, name) : NULL;
}

char *full_name_of_command(const char *folder, const char *command)
{
    struct words words;
    char quoted[WORDS_BYTES];
    char *full = NULL;

    if (words_split(command, &words) != WORDS_OK)
        return NULL;
    if (words.argv[0][0] != '/' && strchr(words.argv[0], '/') != NULL &&
        asprintf(&full, "'%s/'%s", words_quote(quoted, sizeof(quoted), folder),
                 command + strspn(command, " \t")) < 0)
        full = NULL;
    words_free(&words);
    return full;
}
