/* Names that stay right wherever kep is started: a timer starts it in another
 * folder than a person does. */
#ifndef CLIENT_PROGRAM_FULL_NAME_H
#define CLIENT_PROGRAM_FULL_NAME_H

/* Each gives what was named in folder, which is absolute, as it is named from
 * everywhere; to be freed. NULL where it is whole as it stands, is not to be
 * had in full, or memory is gone. */

char *full_name_of_file(const char *folder, const char *name);

/* A library without a slash in its name is looked for by the system. */
char *full_name_of_library(const char *folder, const char *name);

/* A program without a slash in its name is looked for in PATH. The folder in
 * front is quoted; the words of the command stay as they were written. */
char *full_name_of_command(const char *folder, const char *command);

#endif
