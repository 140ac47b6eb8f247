#include "client/copying/archive_file.h"

#include "client/copying/passphrase.h"
#include "client/state/archive.h"
#include "client/state/paths.h"
#include "client/stream.h"
#include "client/text.h"
#include "keygen/secret.h"
#include "token/container/container_copy.h"
#include "token/sealed/sealed.h"
#include "token/sealed/sealed_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PASSPHRASE_TRIES = 3 };

static enum outcome fail(struct failure *failure, enum fault fault,
                         const char *path)
{
    failure->outcome = outcome_of_fault(fault);
    failure->detail[0] = '\0';
    if (fault != FAULT_NONE && path != NULL)
        text_clean_into(failure->detail, sizeof(failure->detail), path);
    return failure->outcome;
}

static bool is_stream(const char *path)
{
    return strcmp(path, "-") == 0;
}

/* --- writing ------------------------------------------------------------- */

struct making {
    const struct copying *copying;
    const char *passphrase;
    struct parcel parcel;
    struct certificate **certificate; /* what the parcel looks at */
    size_t certificates;
};

static enum fault take_certificate(void *context,
                                   struct certificate *certificate)
{
    struct making *making = context;
    enum fault fault = FAULT_MEMORY;

    if (making->certificate == NULL)
        making->certificate =
            calloc(PARCEL_CERTIFICATES_MAX, sizeof(*making->certificate));
    if (making->certificate != NULL)
        fault = parcel_add_certificate(&making->parcel, certificate->der.data,
                                       certificate->der.size);
    if (fault != FAULT_NONE) {
        certificate_free(&certificate);
        return fault;
    }
    making->certificate[making->certificates++] = certificate;
    return FAULT_NONE;
}

static enum fault gather(struct making *making)
{
    const struct copying *copying = making->copying;
    enum fault fault = FAULT_NONE;

    making->parcel.made = clock_now(copying->desk->clock);
    for (size_t i = 0; i < copying->count && fault == FAULT_NONE; i++)
        fault = parcel_add(&making->parcel, copying->item[i]->original.folder,
                           copying->item[i]->original.files);
    return fault == FAULT_NONE ? archive_each(take_certificate, making) : fault;
}

/* Of containers no more were taken than fit: it is the certificates. */
static void fail_of_many(struct failure *failure)
{
    char folder[PATHS_MAX] = "";

    (void)paths_of(PATHS_STATE, "archive", folder);
    failure->outcome = OUTCOME_TOO_LARGE;
    snprintf(failure->detail, sizeof(failure->detail),
             _("There are more old certificates in %s than an archive has room "
               "for. Without them the containers can be copied into a folder: "
               "--to."),
             text_clean(folder).text);
}

static void release(struct making *making)
{
    for (size_t i = 0; i < making->certificates; i++)
        certificate_free(&making->certificate[i]);
    free(making->certificate);
    parcel_free(&making->parcel);
}

static enum fault prove_one(const struct parcel_container *packed,
                            struct copying_item *item)
{
    struct container_files *files;
    enum fault fault = parcel_files(packed, &files);

    if (fault == FAULT_NONE)
        fault = container_copy_prove(item->original.files, files,
                                     item->password, NULL, &item->proof);
    container_files_free(&files);
    return fault;
}

/* Everything that was put in comes out again. */
static enum fault prove(const struct making *making, const struct parcel *back)
{
    const struct parcel *parcel = &making->parcel;
    enum fault fault = FAULT_IO;

    if (back->containers != parcel->containers ||
        back->certificates != parcel->certificates)
        return fault;
    for (size_t i = 0; i < back->certificates; i++)
        if (!der_equals(&back->certificate[i], parcel->certificate[i].at,
                        parcel->certificate[i].left))
            return fault;
    fault = FAULT_NONE;
    for (size_t i = 0; i < back->containers && fault == FAULT_NONE; i++)
        fault = prove_one(&back->container[i], making->copying->item[i]);
    return fault;
}

static enum fault open_and_prove(void *context, const uint8_t *data,
                                 size_t size)
{
    const struct making *making = context;
    struct parcel back = {.made = 0};
    uint8_t *content;
    size_t content_size;
    enum fault fault =
        sealed_open(data, size, making->passphrase, &content, &content_size);

    if (fault == FAULT_NONE)
        fault = parcel_unpack(content, content_size, &back);
    if (fault == FAULT_NONE)
        fault = prove(making, &back);
    parcel_free(&back);
    secret_free(&content);
    return fault;
}

static enum fault write_out(struct making *making, const struct bytes *sealed)
{
    const struct options *options = making->copying->desk->options;
    enum fault fault;

    if (!is_stream(options->archive))
        return sealed_file_write(options->archive, sealed->data, sealed->size,
                                 options->overwrite, open_and_prove, making);
    fault = open_and_prove(making, sealed->data, sealed->size);
    if (fault == FAULT_NONE &&
        (fwrite(sealed->data, 1, sealed->size, stdout) != sealed->size ||
         fflush(stdout) != 0))
        fault = errno == ENOSPC ? FAULT_FULL : FAULT_IO;
    return fault;
}

enum outcome archive_file_write(const struct copying *copying,
                                const char *passphrase, size_t *certificates,
                                struct failure *failure)
{
    struct making making = {.copying = copying, .passphrase = passphrase};
    struct bytes sealed;
    uint8_t *content = NULL;
    size_t size;
    bool many;
    enum fault fault = gather(&making);

    bytes_init(&sealed, SEALED_MAX);
    if (fault == FAULT_NONE)
        fault = parcel_pack(&making.parcel, &content, &size);
    many = fault == FAULT_TOO_LARGE;
    if (fault == FAULT_NONE)
        fault =
            sealed_make(content, size, passphrase, &sealed_cost_usual, &sealed);
    secret_free(&content);
    if (fault == FAULT_NONE)
        fault = write_out(&making, &sealed);
    *certificates = making.certificates;
    bytes_free(&sealed);
    release(&making);
    fail(failure, fault, copying->desk->options->archive);
    if (fault == FAULT_EXISTS)
        failure->outcome = OUTCOME_FILE_EXISTS;
    else if (many)
        fail_of_many(failure);
    return failure->outcome;
}

/* --- reading ------------------------------------------------------------- */

static enum fault fault_of_errno(int error)
{
    if (error == ENOENT || error == ENOTDIR || error == ELOOP)
        return FAULT_NOT_FOUND;
    if (error == EACCES || error == EPERM)
        return FAULT_NO_ACCESS;
    if (error == EINVAL) /* a folder, a device */
        return FAULT_NOT_ARCHIVE;
    if (error == EFBIG)
        return FAULT_TOO_LARGE;
    return error == ENOMEM ? FAULT_MEMORY : FAULT_IO;
}

static enum fault read_stream(char **data, size_t *size)
{
    ssize_t got;

    *data = calloc(1, SEALED_MAX + 1);
    if (*data == NULL)
        return FAULT_MEMORY;
    got = stream_read(STDIN_FILENO, *data, SEALED_MAX + 1);
    if (got < 0 || got > SEALED_MAX) {
        free(*data);
        *data = NULL;
        return got < 0 ? FAULT_IO : FAULT_TOO_LARGE;
    }
    *size = (size_t)got;
    return FAULT_NONE;
}

static enum fault read_file(const char *path, char **data, size_t *size)
{
    if (is_stream(path))
        return read_stream(data, size);
    *data = paths_read(path, SEALED_MAX, size);
    return *data != NULL ? FAULT_NONE : fault_of_errno(errno);
}

/* A passphrase that was given is tried once; a person may mistype. */
static enum outcome unseal(const struct desk *desk, const uint8_t *data,
                           size_t size, uint8_t **content, size_t *content_size,
                           struct failure *failure)
{
    const int tries = passphrase_is_given(desk->options) ? 1 : PASSPHRASE_TRIES;
    char *passphrase = NULL;
    enum fault fault = FAULT_PASSPHRASE;

    for (int i = 0; i < tries && fault == FAULT_PASSPHRASE; i++) {
        if (i > 0)
            screen_say(desk->screen,
                       _("The passphrase does not open the archive. Check the "
                         "keyboard layout and Caps Lock."));
        if (passphrase_get(desk, &passphrase, failure) != OUTCOME_DONE)
            return failure->outcome;
        fault = sealed_open(data, size, passphrase, content, content_size);
        secret_free(&passphrase);
    }
    return fail(failure, fault, desk->options->argument[0]);
}

enum outcome archive_file_read(const struct desk *desk, const char *path,
                               struct archive_file *archive,
                               struct failure *failure)
{
    char *data = NULL;
    size_t size = 0, content_size = 0;
    enum fault fault = read_file(path, &data, &size);

    *archive = (struct archive_file){.content = NULL};
    if (fault == FAULT_NONE)
        fault = sealed_check((const uint8_t *)data, size);
    if (fail(failure, fault, path) == OUTCOME_DONE)
        unseal(desk, (const uint8_t *)data, size, &archive->content,
               &content_size, failure);
    free(data);
    if (failure->outcome == OUTCOME_DONE)
        fail(failure,
             parcel_unpack(archive->content, content_size, &archive->parcel),
             path);
    if (failure->outcome != OUTCOME_DONE)
        archive_file_free(archive);
    return failure->outcome;
}

void archive_file_free(struct archive_file *archive)
{
    parcel_free(&archive->parcel);
    secret_free(&archive->content);
}
