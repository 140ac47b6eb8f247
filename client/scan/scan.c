#include "client/scan/scan.h"

#include "client/scan/parallel.h"
#include "client/state/paths.h"
#include "token/file/disk.h"
#include "token/file/listing.h"
#include "token/file/place.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const endings[] = {".cer", ".crt", ".pem", ".der"};

static bool is_certificate_file(const char *name)
{
    const char *dot = strrchr(name, '.');

    for (size_t i = 0; dot && i < sizeof(endings) / sizeof(endings[0]); i++)
        if (strcasecmp(dot, endings[i]) == 0)
            return true;
    return false;
}

static enum fault read_file(const char *path, struct certificate **certificate)
{
    size_t size;
    char *data = paths_read(path, 2 * CERTIFICATE_MAX, &size);
    enum fault fault = FAULT_CERTIFICATE;

    if (data == NULL)
        return errno == EACCES
                   ? FAULT_NO_ACCESS
                   : (errno == EFBIG ? FAULT_CERTIFICATE : FAULT_NOT_FOUND);
    fault = certificate_read(data, size, certificate);
    free(data);
    return fault;
}

/* --- certificate files --------------------------------------------------- */

struct reading {
    const char *folder; /* NULL: the name is a path */
    char *const *name;
    scan_visitor *visit;
    void *context;
};

struct read_one {
    struct certificate *certificate;
    enum fault fault;
};

/* False where it is longer than any path can be. */
static bool path_of(const struct reading *reading, size_t i, char *path)
{
    int size = reading->folder == NULL
                   ? snprintf(path, PATHS_MAX, "%s", reading->name[i])
                   : snprintf(path, PATHS_MAX, "%s/%s", reading->folder,
                              reading->name[i]);

    return size >= 0 && size < PATHS_MAX;
}

static void read_one(void *context, size_t i, void *result)
{
    struct read_one *one = result;
    char path[PATHS_MAX];

    *one = (struct read_one){.fault = FAULT_TOO_LARGE};
    if (path_of(context, i, path))
        one->fault = read_file(path, &one->certificate);
}

static enum fault take_one(void *context, size_t i, void *result)
{
    const struct reading *reading = context;
    const struct read_one *one = result;
    char path[PATHS_MAX];
    struct find find = {.where = path,
                        .certificate = one->certificate,
                        .fault = one->fault,
                        .is_file = true};

    (void)path_of(reading, i, path);
    return reading->visit(reading->context, &find);
}

static void drop_one(void *result)
{
    struct read_one *one = result;

    certificate_free(&one->certificate);
}

static enum fault read_all(struct reading *reading, size_t count)
{
    const struct parallel job = {.count = count,
                                 .size = sizeof(struct read_one),
                                 .work = read_one,
                                 .take = take_one,
                                 .drop = drop_one,
                                 .context = reading};

    return parallel_run(&job);
}

static enum fault visit_file(const char *path, scan_visitor *visit,
                             void *context)
{
    char *name = (char *)(uintptr_t)path;
    struct reading reading = {NULL, &name, visit, context};

    return read_all(&reading, 1);
}

/* --- places -------------------------------------------------------------- */

struct relay {
    scan_visitor *visit;
    void *context;
};

static enum fault visit_container(void *context, const char *where,
                                  enum fault fault,
                                  const struct container_info *info)
{
    const struct relay *relay = context;
    struct find find = {.where = where,
                        .container = info,
                        .certificate = info != NULL ? info->certificate : NULL,
                        .fault = fault};

    return relay->visit(relay->context, &find);
}

static bool is_wanted(int folder, const char *name)
{
    (void)folder;
    return is_certificate_file(name);
}

/* The certificate files that lie in a folder beside the containers. */
static enum fault visit_files(const char *location, scan_visitor *visit,
                              void *context)
{
    char folder[LOCATION_MAX];
    struct reading reading = {folder, NULL, visit, context};
    struct listing *listing = NULL;
    int fd;
    enum fault fault;

    /* A token, or a container's other key, which is no folder. */
    if (place_path(location, folder) != FAULT_NONE ||
        disk_open_folder(AT_FDCWD, folder, &fd) != FAULT_NONE)
        return FAULT_NONE;
    fault = listing_read(fd, is_wanted, LISTING_MAX, &listing);
    close(fd);
    if (fault == FAULT_NONE) {
        reading.name = listing->name;
        fault = read_all(&reading, listing->count);
    }
    listing_free(&listing);
    return fault;
}

/* The keys of a container, or those of all that lie in a folder. */
static enum fault visit_location(const struct medium_ops *ops,
                                 const char *location,
                                 const struct scan_walk *walk)
{
    struct relay relay = {walk->visit, walk->context};
    enum fault fault = walk->overview && ops->overview != NULL
                           ? ops->overview(location, visit_container, &relay)
                           : ops->list(location, visit_container, &relay);

    return fault == FAULT_NONE
               ? visit_files(location, walk->visit, walk->context)
               : fault;
}

static enum fault walk_place(const char *place, const struct scan_walk *walk)
{
    const struct medium_ops *ops;
    char location[LOCATION_MAX];
    struct stat about;
    enum fault fault;

    if (stat(place, &about) == 0 && S_ISREG(about.st_mode))
        return visit_file(place, walk->visit, walk->context);
    fault = medium_find(place, &ops, location);
    return fault == FAULT_NONE ? visit_location(ops, location, walk) : fault;
}

enum fault scan_place(const char *place, scan_visitor *visit, void *context)
{
    const struct scan_walk walk = {visit, NULL, context, false};

    return walk_place(place, &walk);
}

/* What is not there or is not ours to see is passed over; a place that cannot
 * be read is a find, and the others are looked at all the same. */
static enum fault scan_if_there(const char *place, scan_visitor *visit,
                                void *context)
{
    struct find find = {.where = place};

    find.fault = scan_place(place, visit, context);
    if (find.fault == FAULT_NONE || find.fault == FAULT_NOT_FOUND ||
        find.fault == FAULT_NO_ACCESS)
        return FAULT_NONE;
    return find.fault == FAULT_MEMORY ? find.fault : visit(context, &find);
}

/* Each drive that is mounted below a folder. */
static enum fault scan_drives(const char *root, const char *user,
                              scan_visitor *visit, void *context)
{
    char folder[PATHS_MAX], path[PATHS_MAX];
    enum fault fault = FAULT_NONE;
    const struct dirent *entry;
    DIR *dir;

    snprintf(folder, sizeof(folder), "%s/%s", root, user);
    dir = opendir(folder);
    while (dir != NULL && fault == FAULT_NONE && (entry = readdir(dir)) != NULL)
        if (entry->d_name[0] != '.' &&
            snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name) <
                (int)sizeof(path))
            fault = scan_if_there(path, visit, context);
    if (dir != NULL)
        closedir(dir);
    return fault;
}

/* --- tokens -------------------------------------------------------------- */

enum { TOKENS_MAX = 32 };

/* Those that are there. They are noted first: what is on them is read when
 * nobody is listing them any more. */
struct tokens {
    const struct scan_walk *walk;
    size_t count;
    struct medium_info info[TOKENS_MAX];
};

/* One that cannot be asked is a find. */
static enum fault note_token(void *context, const char *where, enum fault fault,
                             const struct medium_info *info)
{
    struct tokens *tokens = context;
    struct find find = {.where = where, .fault = fault};

    if (fault != FAULT_NONE)
        return tokens->walk->visit(tokens->walk->context, &find);
    if (tokens->count < TOKENS_MAX)
        tokens->info[tokens->count++] = *info;
    return FAULT_NONE;
}

static enum fault visit_token(const struct scan_walk *walk,
                              const struct medium_info *info)
{
    struct find find = {.where = info->location};
    enum fault fault = FAULT_NONE;

    if (walk->token != NULL)
        fault = walk->token(walk->context, info->location, FAULT_NONE, info);
    if (fault != FAULT_NONE)
        return fault;
    find.fault = walk_place(info->location, walk);
    return find.fault == FAULT_NONE || find.fault == FAULT_MEMORY
               ? find.fault
               : walk->visit(walk->context, &find);
}

/* Whether there is simply nothing of the kind here. */
static bool is_nothing(enum fault fault)
{
    return fault == FAULT_NO_SERVICE || fault == FAULT_NO_READER ||
           fault == FAULT_NO_TOKEN || fault == FAULT_MODULE_MISSING;
}

/* A kind that cannot be looked at, with a module that does not start say, does
 * not hide the others. */
static enum fault tell_kind(const struct medium_ops *ops, enum fault why,
                            const struct scan_walk *walk)
{
    char where[32];
    const struct find find = {.where = where, .fault = why};

    snprintf(where, sizeof(where), "%s:", ops->kind);
    return walk->visit(walk->context, &find);
}

static enum fault scan_kind(const struct medium_ops *ops,
                            const struct scan_walk *walk)
{
    struct tokens *tokens = calloc(1, sizeof(*tokens));
    enum fault fault = FAULT_MEMORY;

    if (tokens == NULL)
        return fault;
    tokens->walk = walk;
    fault = ops->present(note_token, tokens);
    if (fault != FAULT_NONE && fault != FAULT_MEMORY && !is_nothing(fault))
        fault = tell_kind(ops, fault, walk);
    for (size_t i = 0; i < tokens->count && fault == FAULT_NONE; i++)
        fault = visit_token(walk, &tokens->info[i]);
    free(tokens);
    return fault;
}

static enum fault scan_tokens(const struct scan_walk *walk)
{
    const struct medium_ops *ops;
    enum fault fault = FAULT_NONE;

    for (size_t i = 0; (ops = medium_at(i)) != NULL && fault == FAULT_NONE; i++)
        if (ops->present != NULL) {
            fault = scan_kind(ops, walk);
            if (is_nothing(fault))
                fault = FAULT_NONE;
        }
    return fault;
}

enum fault scan_walk_named(const char *place, const struct scan_walk *walk)
{
    const struct medium_ops *ops = medium_kind(place);
    struct medium_info info;
    char location[LOCATION_MAX], home[LOCATION_MAX];
    enum fault fault;

    if (ops == NULL || ops->look == NULL || ops->present == NULL)
        return walk_place(place, walk);
    fault = medium_find(place, &ops, location);
    if (fault == FAULT_TOKEN_SEVERAL)
        return scan_kind(ops, walk);
    if (fault == FAULT_NONE)
        fault = medium_home(ops, location, home);
    if (fault == FAULT_NONE && strcmp(home, location) != 0)
        return walk_place(location, walk);
    if (fault == FAULT_NONE)
        fault = ops->look(location, &info);
    return fault == FAULT_NONE ? visit_token(walk, &info) : fault;
}

static enum fault scan_folders(scan_visitor *visit, void *context)
{
    const struct passwd *user = getpwuid(getuid());
    const char *name = user != NULL ? user->pw_name : "";
    char folder[PATHS_MAX];
    enum fault fault = scan_if_there("local:", visit, context);

    if (fault == FAULT_NONE && name[0] != '\0') {
        snprintf(folder, sizeof(folder), "/var/opt/cprocsp/keys/%s", name);
        fault = scan_if_there(folder, visit, context);
    }
    if (fault == FAULT_NONE && name[0] != '\0')
        fault = scan_drives("/media", name, visit, context);
    if (fault == FAULT_NONE && name[0] != '\0')
        fault = scan_drives("/run/media", name, visit, context);
    return fault;
}

enum fault scan_walk_usual(const struct scan_walk *walk)
{
    enum fault fault = scan_folders(walk->visit, walk->context);

    return fault == FAULT_NONE ? scan_tokens(walk) : fault;
}

enum fault scan_usual(scan_visitor *visit, void *context)
{
    const struct scan_walk walk = {visit, NULL, context, false};

    return scan_walk_usual(&walk);
}
