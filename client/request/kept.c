#include "client/request/kept.h"

#include "client/bundle_file.h"
#include "client/state/paths.h"
#include "client/text.h"

#include <stdbool.h>
#include <stdio.h>

#include <gnutls/crypto.h>
#include <sodium.h>

enum { DIGEST = 32 };

/* The folder too, where folder is not NULL; both PATHS_MAX bytes. */
static bool find_path(const struct container *container, char *folder,
                      char *path)
{
    const size_t size = 2 * container->info.algorithm->key_size;
    uint8_t digest[DIGEST];
    char name[2 * DIGEST + 1], file[sizeof("requests/.p10") + sizeof(name)];

    if (gnutls_hash_fast(GNUTLS_DIG_SHA256, container->point, size, digest) < 0)
        return false;
    sodium_bin2hex(name, sizeof(name), digest, sizeof(digest));
    snprintf(file, sizeof(file), "requests/%s.p10", name);
    return (folder == NULL || paths_of(PATHS_STATE, "requests", folder) == 0) &&
           paths_of(PATHS_STATE, file, path) == 0;
}

void kept_add(const struct container *container, const struct bytes *request,
              struct screen *screen)
{
    char folder[PATHS_MAX], path[PATHS_MAX];

    if (!find_path(container, folder, path) || paths_make(folder) != 0 ||
        paths_write(path, request->data, request->size) != 0)
        screen_say(screen,
                   _("The request could not be kept on this computer. The "
                     "certificate will not be compared with it when it is "
                     "installed."));
}

enum fault kept_subject(const struct container *container, struct name *subject)
{
    char path[PATHS_MAX];
    gnutls_x509_crq_t request = NULL;
    enum fault fault = FAULT_NOT_FOUND;

    *subject = (struct name){{NULL}};
    if (find_path(container, NULL, path))
        fault = bundle_file_read_request(path, &request, subject);
    gnutls_x509_crq_deinit(request);
    return fault;
}
