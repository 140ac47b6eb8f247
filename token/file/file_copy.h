/* The files of a container as they are: for copies that are the same to the
 * byte, with the password that the container has, of keys that are not
 * computed here too. Rows of file_medium. */
#ifndef TOKEN_FILE_FILE_COPY_H
#define TOKEN_FILE_FILE_COPY_H

#include "token/medium.h"

MUST_CHECK enum fault file_copy_read(const char *where,
                                     struct container_files **files);

MUST_CHECK enum fault file_copy_write(const char *location,
                                      const char *folder_name,
                                      const struct container_files *files,
                                      container_check *check, void *context);

#endif
