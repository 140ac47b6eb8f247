#include "client/making/whereabouts.h"

#include "client/text.h"
#include "token/file/place.h"

#include <dirent.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool is_known(const struct whereabouts *places, const char *location)
{
    for (size_t i = 0; i < places->count; i++)
        if (strcmp(places->found[i].location, location) == 0)
            return true;
    return false;
}

/* label: a format of text with one %s. */
static void add(struct whereabouts *places, const char *location,
                const char *label)
{
    struct place_found *one = &places->found[places->count];

    if (places->count == WHEREABOUTS_MAX || is_known(places, location))
        return;
    snprintf(one->location, sizeof(one->location), "%s", location);
    snprintf(one->label, sizeof(one->label), "%s", label);
    places->count++;
}

/* --- where the former key is --------------------------------------------- */

static void add_former(struct whereabouts *places, const char *former)
{
    const struct medium_ops *ops;
    char where[LOCATION_MAX], location[LOCATION_MAX], label[512];

    if (former == NULL || medium_find(former, &ops, where) != FAULT_NONE ||
        medium_home(ops, where, location) != FAULT_NONE ||
        ops->probe(location, NULL) != FAULT_NONE)
        return;
    snprintf(label, sizeof(label), _("where the old key is: %s"),
             text_clean(location).text);
    add(places, location, label);
}

/* --- drives -------------------------------------------------------------- */

static void add_drive(struct whereabouts *places, const char *path)
{
    char location[LOCATION_MAX], label[512];

    if (access(path, W_OK | X_OK) != 0 ||
        place_resolve_path(path, location) != FAULT_NONE)
        return;
    snprintf(label, sizeof(label), _("drive: %s"), text_clean(path).text);
    add(places, location, label);
}

void whereabouts_add_drives(struct whereabouts *places, const char *folder)
{
    char path[LOCATION_MAX - 8];
    const struct dirent *entry;
    DIR *dir = opendir(folder);

    while (dir != NULL && (entry = readdir(dir)) != NULL)
        if (entry->d_name[0] != '.' &&
            snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name) <
                (int)sizeof(path))
            add_drive(places, path);
    if (dir != NULL)
        closedir(dir);
}

static void add_user_drives(struct whereabouts *places)
{
    static const char *const roots[] = {"/media", "/run/media"};
    const struct passwd *user = getpwuid(getuid());
    char folder[LOCATION_MAX / 2];

    if (user == NULL || user->pw_name[0] == '\0')
        return;
    for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++)
        if (snprintf(folder, sizeof(folder), "%s/%s", roots[i], user->pw_name) <
            (int)sizeof(folder))
            whereabouts_add_drives(places, folder);
}

/* --- tokens -------------------------------------------------------------- */

static enum fault add_token(void *context, const char *where, enum fault fault,
                            const struct medium_info *info)
{
    char label[512];

    (void)where;
    if (fault != FAULT_NONE || info == NULL)
        return FAULT_NONE;
    snprintf(
        label, sizeof(label), _("token: %.200s %.200s"),
        text_clean(info->model[0] != '\0' ? info->model : info->label).text,
        text_clean(info->serial).text);
    add(context, info->location, label);
    return FAULT_NONE;
}

static void add_tokens(struct whereabouts *places)
{
    const struct medium_ops *ops;

    for (size_t i = 0; (ops = medium_at(i)) != NULL; i++)
        if (ops->present != NULL)
            (void)ops->present(add_token, places);
}

enum fault whereabouts_find(struct whereabouts *places, const char *former)
{
    *places = (struct whereabouts){
        .found = calloc(WHEREABOUTS_MAX, sizeof(*places->found))};
    if (places->found == NULL)
        return FAULT_MEMORY;
    add_former(places, former);
    add_user_drives(places);
    add_tokens(places);
    if (places->count == WHEREABOUTS_MAX)
        places->count--; /* this computer is always there */
    add(places, "local:", _("this computer"));
    return FAULT_NONE;
}

/* --- choosing ------------------------------------------------------------ */

void whereabouts_drop_for_copy(struct whereabouts *places,
                               const char *container)
{
    const struct medium_ops *ops;
    char where[LOCATION_MAX], home[LOCATION_MAX];
    size_t kept = 0;

    if (medium_find(container, &ops, where) != FAULT_NONE ||
        medium_home(ops, where, home) != FAULT_NONE)
        home[0] = '\0';
    for (size_t i = 0; i < places->count; i++) {
        const struct medium_ops *kind = medium_kind(places->found[i].location);

        if (medium_find(places->found[i].location, &ops, where) != FAULT_NONE ||
            strcmp(where, home) == 0 || (kind != NULL && kind->inside_only))
            continue;
        if (kept != i)
            places->found[kept] = places->found[i];
        kept++;
    }
    places->count = kept;
}

void whereabouts_show(const struct whereabouts *places, struct screen *screen)
{
    for (size_t i = 0; i < places->count; i++)
        screen_ask_item(screen, i + 1, places->found[i].label);
}

const char *whereabouts_named(const struct whereabouts *places,
                              const char *typed)
{
    char *end;
    unsigned long number = strtoul(typed, &end, 10);

    return typed[0] >= '0' && typed[0] <= '9' && *end == '\0' && number > 0 &&
                   number <= places->count
               ? places->found[number - 1].location
               : typed;
}

void whereabouts_free(struct whereabouts *places)
{
    free(places->found);
    *places = (struct whereabouts){.found = NULL};
}
