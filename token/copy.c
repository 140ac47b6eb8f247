#include "token/copy.h"

#include "token/container/container_copy.h"
#include "token/container/container_reader.h"
#include "token/file/escape.h"
#include "token/file/folder_name.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAMES_MAX = 1000 };

/* --- the original -------------------------------------------------------- */

static enum fault read_header(const struct copy_original *original,
                              struct header *header)
{
    struct der file = container_files_at(original->files, CONTAINER_HEADER);

    return header_read(&file, header);
}

static enum fault describe(const struct header *header,
                           struct copy_original *original)
{
    struct container_info info = {.algorithm = NULL};
    enum fault fault = container_reader_fill(original->files, header, 0, &info);

    if (fault == FAULT_NONE) {
        memcpy(original->name, info.name, sizeof original->name);
        original->has_password = info.has_password;
        original->has_fingerprint = info.has_fingerprint;
        memcpy(original->fingerprint, info.fingerprint,
               sizeof original->fingerprint);
        if (info.certificate != NULL)
            memcpy(original->thumbprint, info.certificate->thumbprint,
                   sizeof original->thumbprint);
    }
    container_info_free(&info);
    return fault;
}

/* Whether a medium names its places itself, so that a name says nothing of
 * what is in it. */
static bool names_itself(const struct medium_ops *ops)
{
    return ops->home != NULL;
}

/* "aefa9060.000": one that programs look for, and always the same for the same
 * key, so that a copy is found again. */
static void name_by_key(const struct header *header,
                        struct copy_original *original)
{
    const uint8_t *at = header->key[0].fingerprint.at;

    if (at == NULL) {
        folder_name_invent(original->folder);
        return;
    }
    (void)snprintf(original->folder, sizeof original->folder,
                   "%02x%02x%02x%02x.000", at[0], at[1], at[2], at[3]);
}

enum fault copy_take(const struct medium_ops *ops, const char *where,
                     struct copy_original *original)
{
    const char *slash = strrchr(where, '/');
    char folder[LOCATION_MAX] = "";
    enum fault fault = FAULT_UNSUPPORTED;
    struct header header;

    *original = (struct copy_original){.files = NULL};
    (void)snprintf(original->where, sizeof original->where, "%s", where);
    /* As it is on the disk. */
    escape_undo(slash != NULL ? slash + 1 : "", folder);
    if (parcel_folder_valid(folder))
        memcpy(original->folder, folder, strlen(folder));
    else
        folder_name_invent(original->folder);
    if (ops->read_files != NULL)
        fault = medium_home(ops, where, original->home);
    if (fault == FAULT_NONE && ops->read_files != NULL)
        fault = ops->read_files(where, &original->files);
    if (fault == FAULT_NONE)
        fault = read_header(original, &header);
    if (fault == FAULT_NONE)
        fault = container_copy_allowed(&header);
    if (fault == FAULT_NONE && names_itself(ops))
        name_by_key(&header, original);
    return fault == FAULT_NONE ? describe(&header, original) : fault;
}

enum fault copy_unpack(const struct parcel_container *packed,
                       struct copy_original *original)
{
    struct header header;
    enum fault fault;

    *original = (struct copy_original){.files = NULL};
    memcpy(original->folder, packed->folder, sizeof original->folder);
    fault = parcel_files(packed, &original->files);
    if (fault == FAULT_NONE)
        fault = read_header(original, &header);
    return fault == FAULT_NONE ? describe(&header, original) : fault;
}

void copy_release(struct copy_original *original)
{
    container_files_free(&original->files);
}

/* --- what is there ------------------------------------------------------- */

struct copy_there {
    struct copy_there *next;
    bool has_fingerprint; /* of its first key */
    uint8_t fingerprint[CONTAINER_FINGERPRINT];
    char where[];
};

void copy_target_free(struct copy_target *target)
{
    while (target->first != NULL) {
        struct copy_there *next = target->first->next;

        free(target->first);
        target->first = next;
    }
    *target =
        (struct copy_target){.ops = target->ops, .location = target->location};
}

static bool add(struct copy_target *target, const char *where,
                bool has_fingerprint, const uint8_t *fingerprint)
{
    const size_t size = strlen(where) + 1;
    struct copy_there *one = calloc(1, sizeof *one + size);

    if (one == NULL)
        return false;
    one->has_fingerprint = has_fingerprint;
    memcpy(one->fingerprint, fingerprint, sizeof one->fingerprint);
    memcpy(one->where, where, size);
    if (target->first == NULL)
        target->first = one;
    else
        target->last->next = one;
    target->last = one;
    return true;
}

static void note_begun(struct copy_target *target, const char *where)
{
    const char *slash = strrchr(where, '/');

    if (names_itself(target->ops) && slash != NULL &&
        target->begun_count < COPY_BEGUN_MAX &&
        snprintf(target->begun[target->begun_count], CONTAINER_FOLDER_MAX, "%s",
                 slash + 1) < CONTAINER_FOLDER_MAX)
        target->begun_count++;
}

static enum fault note(void *context, const char *where, enum fault fault,
                       const struct container_info *info)
{
    struct copy_target *target = context;

    if (fault == FAULT_UNFINISHED || fault == FAULT_DAMAGED)
        note_begun(target, where);
    if (fault != FAULT_NONE || info->second)
        return FAULT_NONE;
    return add(target, where, info->has_fingerprint, info->fingerprint)
               ? FAULT_NONE
               : FAULT_MEMORY;
}

static enum fault list_once(struct copy_target *target)
{
    enum fault fault = FAULT_NONE;

    if (!target->is_listed) {
        copy_target_free(target);
        fault = target->ops->list(target->location, note, target);
        target->is_listed = fault == FAULT_NONE;
    }
    return fault;
}

/* --- whether it is there ------------------------------------------------- */

struct search {
    const struct copy_original *original;
    const char *password;
    struct copy_target *target;
    enum copy_match match;
    struct copy *copy;
    struct container_proof proof;
};

/* FAULT_EXISTS: it is. */
static enum fault compare(struct search *search, const char *where)
{
    const struct container_files *wanted = search->original->files;
    struct container_files *files = NULL;
    enum fault fault = search->target->ops->read_files(where, &files);

    if (fault == FAULT_NONE && container_copy_same_keys(files, wanted) &&
        (search->match == COPY_SAME_KEYS ||
         container_copy_same_header(files, wanted)) &&
        container_copy_prove(wanted, files, search->password,
                             search->original->opened,
                             &search->proof) == FAULT_NONE) {
        fault = FAULT_EXISTS;
        (void)snprintf(search->copy->where, sizeof search->copy->where, "%s",
                       where);
    }
    container_files_free(&files);
    return fault;
}

/* By what the list tells already: the files are read only where that leaves it
 * open. */
static bool has_another_key(const struct copy_there *one,
                            const struct copy_original *original)
{
    return one->has_fingerprint && original->has_fingerprint &&
           memcmp(one->fingerprint, original->fingerprint,
                  sizeof one->fingerprint) != 0;
}

static enum fault look_through(struct search *search)
{
    enum fault fault = list_once(search->target);

    for (const struct copy_there *one = search->target->first;
         one != NULL && fault == FAULT_NONE; one = one->next)
        if (!has_another_key(one, search->original) &&
            compare(search, one->where) == FAULT_EXISTS)
            fault = FAULT_EXISTS;
    return fault;
}

/* Its own name and those that it would get otherwise, up to the first that
 * nothing has. */
static enum fault look_by_name(struct search *search)
{
    const struct copy_target *target = search->target;
    char name[CONTAINER_FOLDER_MAX], where[LOCATION_MAX];
    enum fault fault = FAULT_NONE;

    for (unsigned n = 0; n < NAMES_MAX; n++) {
        fault = target->ops->name(target->location, search->original->folder,
                                  NULL, n, name);
        if (fault == FAULT_NONE)
            fault = medium_join(target->ops, target->location, name, where);
        if (fault != FAULT_NONE)
            return fault;
        fault = compare(search, where);
        if (fault == FAULT_EXISTS || fault == FAULT_NOT_FOUND)
            return fault;
    }
    return FAULT_NONE;
}

/* --- making it ----------------------------------------------------------- */

static enum fault prove(void *context, const struct container_files *files)
{
    struct search *search = context;

    return container_copy_prove(search->original->files, files,
                                search->password, search->original->opened,
                                &search->proof);
}

static enum fault write_under(struct search *search, const char *name)
{
    const struct copy_target *target = search->target;
    enum fault fault =
        medium_join(target->ops, target->location, name, search->copy->where);

    return fault != FAULT_NONE
               ? fault
               : target->ops->write_files(target->location, name,
                                          search->original->files, prove,
                                          search);
}

/* Where it was begun before, for the medium knows what was left of the same
 * container. */
static enum fault write_over_begun(struct search *search)
{
    const struct copy_target *target = search->target;
    enum fault fault = FAULT_EXISTS;

    for (size_t i = 0; i < target->begun_count && fault == FAULT_EXISTS; i++)
        fault = write_under(search, target->begun[i]);
    return fault;
}

/* Its own name, and where that is taken others. */
static enum fault write_under_free_name(struct search *search)
{
    const struct copy_original *original = search->original;
    const struct copy_target *target = search->target;
    struct copy *copy = search->copy;
    enum fault fault = write_over_begun(search);

    for (unsigned n = 0; n < NAMES_MAX && fault == FAULT_EXISTS; n++) {
        char name[CONTAINER_FOLDER_MAX];

        fault = target->ops->name(target->location, original->folder, NULL, n,
                                  name);
        if (fault != FAULT_NONE)
            return fault;
        /* A token has names of its own. */
        copy->renamed = n > 0 && strcmp(name, original->folder) != 0;
        fault = write_under(search, name);
    }
    return fault;
}

/* Of a list that lacks it another is made. */
static enum fault write_new(struct search *search)
{
    const struct copy_original *original = search->original;
    struct copy_target *target = search->target;
    const enum fault fault = write_under_free_name(search);

    if (fault == FAULT_NONE && target->is_listed)
        target->is_listed =
            add(target, search->copy->where, original->has_fingerprint,
                original->fingerprint);
    return fault;
}

/* A copy beside the original, or inside of it, is lost with it. */
static bool lost_together(const struct copy_original *original,
                          const char *location)
{
    size_t length = strlen(original->where);

    if (length == 0) /* out of an archive */
        return false;
    return strcmp(original->home, location) == 0 ||
           (strncmp(original->where, location, length) == 0 &&
            (location[length] == '\0' || location[length] == '/'));
}

enum fault copy_put_to(struct copy_target *target,
                       const struct copy_original *original,
                       const char *password, enum copy_match match,
                       struct copy *copy)
{
    struct search search = {.original = original,
                            .password = password,
                            .target = target,
                            .match = match,
                            .copy = copy};
    enum fault fault = FAULT_UNSUPPORTED;

    *copy = (struct copy){.opened = false};
    if (target->ops->write_files == NULL)
        return fault;
    if (lost_together(original, target->location))
        return FAULT_EXISTS;
    fault = match == COPY_SAME_NAMED && !names_itself(target->ops)
                ? look_by_name(&search)
                : look_through(&search);
    copy->existed = fault == FAULT_EXISTS;
    /* A place that is made when it is needed has nothing in it yet. */
    if (fault == FAULT_NONE || fault == FAULT_NOT_FOUND)
        fault = write_new(&search);
    else if (copy->existed)
        fault = FAULT_NONE;
    copy->opened = search.proof.opened;
    if (fault != FAULT_NONE)
        copy->where[0] = '\0';
    return fault;
}

enum fault copy_put(const struct copy_original *original, const char *password,
                    const struct medium_ops *ops, const char *location,
                    enum copy_match match, struct copy *copy)
{
    struct copy_target target = {.ops = ops, .location = location};
    const enum fault fault =
        copy_put_to(&target, original, password, match, copy);

    copy_target_free(&target);
    return fault;
}
