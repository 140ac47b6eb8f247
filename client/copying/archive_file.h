/* A sealed archive as a file: written and read back, read. */
#ifndef CLIENT_COPYING_ARCHIVE_FILE_H
#define CLIENT_COPYING_ARCHIVE_FILE_H

#include "client/copying/copying.h"

/* Seal the containers, and every certificate of kep's archive (see
 * client/state/archive.h), into the file of --archive, "-" for standard output.
 * The file is read back, opened with the passphrase, and each container in it
 * proven, before it gets its name. certificates: how many there are. */
enum outcome archive_file_write(const struct copying *copying,
                                const char *passphrase, size_t *certificates,
                                struct failure *failure);

/* An opened archive. */
struct archive_file {
    uint8_t *content; /* secret memory */
    struct parcel parcel;
};

/* Read the file ("-": standard input), ask for the passphrase when the rest
 * is right, open it: all of it or nothing. */
enum outcome archive_file_read(const struct desk *desk, const char *path,
                               struct archive_file *archive,
                               struct failure *failure);
void archive_file_free(struct archive_file *archive);

#endif
