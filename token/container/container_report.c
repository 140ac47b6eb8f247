/* What container_reader.h says of a whole container, each check by itself. */
#include "token/container/container_reader.h"

#include "keygen/secret.h"
#include "token/container/container_lock.h"

#include <string.h>

static enum check check_of(bool good)
{
    return good ? CHECK_GOOD : CHECK_BAD;
}

/* Take the key out of a pair; its point tells of the certificate too. */
static enum fault check_pair(const struct container_lock *lock, size_t key,
                             size_t pair, struct report_key *report)
{
    const struct certificate *certificate = report->info.certificate;
    uint8_t *scalar = secret_new(ALGORITHM_KEY_MAX);
    uint8_t point[2 * ALGORITHM_KEY_MAX];
    gnutls_privkey_t private = NULL;
    enum fault fault;

    if (scalar == NULL)
        return FAULT_MEMORY;
    fault = container_lock_key(lock, key, pair, scalar, &private, point);
    secret_free(&scalar);
    if (fault == FAULT_MEMORY)
        return fault;
    report->pair[pair] = check_of(fault == FAULT_NONE);
    if (fault == FAULT_NONE && certificate != NULL)
        report->certificate = check_of(certificate_has_point(
            certificate, point, 2 * report->info.algorithm->key_size));
    if (fault == FAULT_NONE)
        gnutls_privkey_deinit(private);
    return FAULT_NONE;
}

static enum fault describe_key(const struct container_files *files,
                               const struct header *header, size_t key,
                               struct report_key *report)
{
    enum fault fault = container_reader_fill(files, header, key, &report->info);

    if (report->info.certificate != NULL && report->info.algorithm != NULL &&
        header->key[key].fingerprint.at != NULL)
        report->certificate = check_of(!report->info.misfit);
    if (fault == FAULT_CERTIFICATE) {
        report->certificate = CHECK_BAD;
        return FAULT_NONE;
    }
    return fault;
}

static void check_masks(const struct container_files *files,
                        const struct header *header,
                        struct container_report *report)
{
    const struct curve *curve = header->key[0].curve;

    if (header->suite == NULL || curve == NULL)
        return;
    for (size_t pair = 0; pair < CONTAINER_PAIRS; pair++) {
        const struct masked_key_pair found = container_lock_pair(files, pair);

        if (found.masks.left > 0 || pair == 0 || header->has_reserve)
            report->mask_mac[pair] = check_of(
                masked_key_masks_good(header->suite, found.masks, curve->size));
    }
}

static enum fault check_keys(const struct container_files *files,
                             const struct header *header, const char *password,
                             struct container_report *report)
{
    struct container_lock lock;
    enum fault fault = container_lock_open(&lock, files, header, password);

    if (fault == FAULT_NONE)
        fault = container_lock_check(&lock);
    if (header->has_password &&
        (fault == FAULT_NONE || fault == FAULT_PASSWORD_WRONG))
        report->password = check_of(fault == FAULT_NONE);
    for (size_t i = 0; i < report->keys && fault == FAULT_NONE; i++) {
        struct report_key *key = &report->key[i];

        for (size_t pair = 0; pair < CONTAINER_PAIRS; pair++)
            if (fault == FAULT_NONE && key->info.refused == FAULT_NONE &&
                (pair == 0 || header->has_reserve ||
                 container_lock_pair(files, pair).masks.left > 0))
                fault = check_pair(&lock, i, pair, key);
    }
    container_lock_free(&lock);
    return fault == FAULT_MEMORY ? fault : FAULT_NONE;
}

/* Nothing bad, and everything there that the header promises. */
static bool is_whole(const struct container_report *report)
{
    bool bad = report->header != FAULT_NONE || report->password == CHECK_BAD;

    for (size_t pair = 0; pair < REPORT_PAIRS; pair++)
        bad |= report->mask_mac[pair] == CHECK_BAD;
    for (size_t i = 0; i < report->keys; i++) {
        bad |= report->key[i].certificate == CHECK_BAD;
        for (size_t pair = 0; pair < REPORT_PAIRS; pair++)
            bad |= report->key[i].pair[pair] == CHECK_BAD;
    }
    for (size_t i = 0; i < REPORT_FILES; i++)
        bad |= report->file[i].fault != FAULT_NONE &&
               report->file[i].fault != FAULT_PIN_NEEDED &&
               (report->has_reserve || report->file[i].there ||
                (i != CONTAINER_PRIMARY2 && i != CONTAINER_MASKS2));
    return !bad;
}

static void list_files(const struct container_files *files,
                       struct container_report *report)
{
    for (enum container_file file = 0; file < CONTAINER_FILE_COUNT; file++) {
        report->file[file].name = container_files_name(file);
        report->file[file].fault = files->fault[file];
        report->file[file].there = files->fault[file] != FAULT_NOT_FOUND;
        report->file[file].size = container_files_at(files, file).left;
        report->shut |= files->fault[file] == FAULT_PIN_NEEDED;
    }
}

enum fault container_reader_report(const struct container_files *files,
                                   const char *password,
                                   struct container_report *report)
{
    struct der file = container_files_at(files, CONTAINER_HEADER);
    enum fault fault = FAULT_NONE;
    struct header header;

    list_files(files, report);
    report->header = header_read(&file, &header);
    if (header.keys == 0)
        return FAULT_NONE;
    report->header_mac = check_of(header.mac_good);
    report->has_password = header.has_password;
    report->has_reserve = header.has_reserve;
    for (size_t i = 0; i < header.keys && fault == FAULT_NONE; i++) {
        fault = describe_key(files, &header, i, &report->key[i]);
        report->keys = i + 1;
    }
    memcpy(report->name, report->key[0].info.name, sizeof report->name);
    if (fault == FAULT_NONE && header.extensions.at != NULL)
        fault = extensions_chain(&header.extensions, &report->chain);
    if (!report->shut)
        check_masks(files, &header, report);
    if (fault == FAULT_NONE && !report->shut)
        fault = check_keys(files, &header, password, report);
    report->whole = is_whole(report);
    return fault;
}
