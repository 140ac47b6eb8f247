#include "client/file_hint.h"

#include "client/bundle_file.h"
#include "client/text.h"
#include "keygen/name.h"
#include "keygen/utf8.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HEAD = 512 };

#define UTF16                                                                  \
    N_("This text is in UTF-16, which some programs call Unicode. Open it in " \
       "an editor and save it as UTF-8, or take the file as it came.")
#define PAGE                                                                   \
    N_("This is a page of a site, not the file that should have been "         \
       "downloaded. Download it again.")
#define REQUEST                                                                \
    N_("This is a certificate request. Send it to your certification centre: " \
       "the certificate is what comes back.")

/* How it begins, blanks aside. */
static const struct {
    const char *start;
    const char *hint; /* msgid */
} kinds[] = {
    {"\xFF\xFE", UTF16},
    {"\xFE\xFF", UTF16},
    {"PK\x03\x04",
     N_("This is a ZIP archive. Take the certificate out of it.")},
    {"Rar!", N_("This is a RAR archive. Take the certificate out of it.")},
    {"%PDF-", N_("This is a PDF document: a certificate to print, not the "
                 "certificate itself, whose file ends in .cer, .crt, .pem or "
                 ".p7b.")},
    {"<!DOCTYPE", PAGE},
    {"<html", PAGE},
    {"-----BEGIN CERTIFICATE REQUEST", REQUEST},
    {"-----BEGIN NEW CERTIFICATE REQUEST", REQUEST},
};

const char *file_hint_of(const char *data, size_t size)
{
    const size_t mark = utf8_mark_size(data, size);

    if (size == 0)
        return _("This file is empty: copy or download it again.");
    data += mark;
    size -= mark;
    while (size > 0 && strchr(" \t\r\n", data[0]) != NULL && data[0] != '\0') {
        data++;
        size--;
    }
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        const size_t length = strlen(kinds[i].start);

        if (size >= length && strncasecmp(data, kinds[i].start, length) == 0)
            return _(kinds[i].hint);
    }
    return NULL;
}

/* One without a head of PEM. */
static bool is_request(const char *path)
{
    gnutls_x509_crq_t crq;
    struct name subject;
    const bool is =
        bundle_file_read_request(path, &crq, &subject) == FAULT_NONE;

    if (crq != NULL)
        gnutls_x509_crq_deinit(crq);
    name_free(&subject);
    return is;
}

const char *file_hint(const char *path)
{
    /* O_NONBLOCK: a FIFO that nobody writes must not hang us. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    struct stat about;
    char head[HEAD];
    ssize_t size = -1;
    const char *hint;

    if (fd >= 0 && fstat(fd, &about) == 0 && S_ISREG(about.st_mode))
        size = read(fd, head, sizeof(head));
    if (fd >= 0)
        close(fd);
    if (size < 0)
        return NULL;
    hint = file_hint_of(head, (size_t)size);
    return hint == NULL && is_request(path) ? _(REQUEST) : hint;
}
