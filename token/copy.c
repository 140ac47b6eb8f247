#include "token/copy.h"

#include "token/container/container_copy.h"
#include "token/container/container_reader.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

enum { NAMES_MAX = 1000, NAME_LETTERS = 8 };

/* --- the original -------------------------------------------------------- */

/* "k3jx92ab.000", as programs name them. */
static void invent_folder(char *folder)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";

    for (int i = 0; i < NAME_LETTERS; i++)
        folder[i] = letters[randombytes_uniform(i == 0 ? 26 : 36)];
    memcpy(folder + NAME_LETTERS, ".000", 5);
}

static enum fault describe(struct copy_original *original)
{
    struct container_info info;
    enum fault fault = container_reader_describe(original->files, 0, &info);

    if (fault == FAULT_NONE) {
        memcpy(original->name, info.name, sizeof original->name);
        original->has_password = info.has_password;
    }
    container_info_free(&info);
    return fault;
}

enum fault copy_take(const struct medium_ops *ops, const char *where,
                     struct copy_original *original)
{
    const char *slash = strrchr(where, '/');
    const char *folder = slash != NULL ? slash + 1 : where;
    enum fault fault = FAULT_UNSUPPORTED;

    *original = (struct copy_original){.files = NULL};
    (void)snprintf(original->where, sizeof original->where, "%s", where);
    if (parcel_folder_valid(folder))
        memcpy(original->folder, folder, strlen(folder));
    else
        invent_folder(original->folder);
    if (ops->read_files != NULL)
        fault = ops->read_files(where, &original->files);
    if (fault == FAULT_NONE)
        fault = container_copy_allowed(original->files);
    return fault == FAULT_NONE ? describe(original) : fault;
}

enum fault copy_unpack(const struct parcel_container *packed,
                       struct copy_original *original)
{
    enum fault fault;

    *original = (struct copy_original){.files = NULL};
    memcpy(original->folder, packed->folder, sizeof original->folder);
    fault = parcel_files(packed, &original->files);
    return fault == FAULT_NONE ? describe(original) : fault;
}

void copy_release(struct copy_original *original)
{
    container_files_free(&original->files);
}

/* --- whether it is there ------------------------------------------------- */

struct search {
    const struct copy_original *original;
    const char *password;
    const struct medium_ops *ops;
    bool exact;
    struct copy *copy;
};

/* FAULT_EXISTS ends the walk: found. */
static enum fault compare_one(void *context, const char *where,
                              enum fault fault,
                              const struct container_info *info)
{
    const struct search *search = context;
    const struct container_files *wanted = search->original->files;
    struct container_files *files = NULL;

    if (fault != FAULT_NONE || info->second)
        return FAULT_NONE;
    if (search->ops->read_files(where, &files) == FAULT_NONE &&
        container_copy_same_keys(files, wanted) &&
        (!search->exact || container_copy_same_header(files, wanted)) &&
        container_copy_prove(wanted, files, search->password,
                             &search->copy->opened) == FAULT_NONE) {
        fault = FAULT_EXISTS;
        (void)snprintf(search->copy->where, sizeof search->copy->where, "%s",
                       where);
    }
    container_files_free(&files);
    return fault;
}

/* --- making it ----------------------------------------------------------- */

static enum fault prove(void *context, const struct container_files *files)
{
    const struct search *search = context;

    return container_copy_prove(search->original->files, files,
                                search->password, &search->copy->opened);
}

/* The n-th name to try: its own, the next numbers behind it, others. */
static void choose_name(const char *folder, unsigned n, char *name)
{
    const size_t base = strcspn(folder, ".");
    const size_t digits =
        folder[base] == '.' ? strspn(folder + base + 1, "0123456789") : 0;

    if (n == 0)
        memcpy(name, folder, PARCEL_FOLDER_MAX + 1);
    else if (digits == 3 && folder[base + 4] == '\0')
        (void)snprintf(name, PARCEL_FOLDER_MAX + 1, "%.*s.%03u", (int)base,
                       folder, n);
    else
        invent_folder(name);
}

static enum fault write_under_free_name(struct search *search,
                                        const char *location)
{
    const struct copy_original *original = search->original;
    struct copy *copy = search->copy;
    enum fault fault = FAULT_EXISTS;

    for (unsigned n = 0; n < NAMES_MAX && fault == FAULT_EXISTS; n++) {
        char name[PARCEL_FOLDER_MAX + 1];
        int size;

        choose_name(original->folder, n, name);
        size =
            snprintf(copy->where, sizeof copy->where, "%s/%s", location, name);
        if (size < 0 || (size_t)size >= sizeof copy->where)
            return FAULT_TOO_LARGE;
        copy->renamed = strcmp(name, original->folder) != 0;
        fault = search->ops->write_files(location, name, original->files, prove,
                                         search);
    }
    return fault;
}

/* A copy beside the original goes with it when the drive does. */
static bool is_beside(const struct copy_original *original,
                      const char *location)
{
    const char *slash = strrchr(original->where, '/');
    const size_t size = strlen(location);

    return slash != NULL && (size_t)(slash - original->where) == size &&
           strncmp(original->where, location, size) == 0;
}

enum fault copy_put(const struct copy_original *original, const char *password,
                    const struct medium_ops *ops, const char *location,
                    bool exact, struct copy *copy)
{
    struct search search = {original, password, ops, exact, copy};
    enum fault fault = FAULT_UNSUPPORTED;

    *copy = (struct copy){.opened = false};
    if (ops->write_files == NULL)
        return fault;
    if (is_beside(original, location))
        return FAULT_EXISTS;
    fault = ops->list(location, compare_one, &search);
    if (fault == FAULT_EXISTS) {
        copy->existed = true;
        return FAULT_NONE;
    }
    /* A place that is made when it is needed has nothing in it yet. */
    if (fault == FAULT_NONE || fault == FAULT_NOT_FOUND)
        fault = write_under_free_name(&search, location);
    if (fault != FAULT_NONE)
        copy->where[0] = '\0';
    return fault;
}
