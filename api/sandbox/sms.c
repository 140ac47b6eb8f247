#include "api/sandbox/sms.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_SIZE = 4300, NAME_SIZE = 32, TRIES = 1000 };

/* DIR/sms and what follows, made on first use. */
static bool make(char path[PATH_SIZE], const char *dir, const char *phone)
{
    int length = snprintf(path, PATH_SIZE, "%s/sms%s", dir, phone);

    if (length < 0 || length >= PATH_SIZE) {
        errno = ENAMETOOLONG;
        return false;
    }
    return mkdir(path, 0700) == 0 || errno == EEXIST;
}

bool sms_prepare(const char *dir)
{
    char path[PATH_SIZE];

    return make(path, dir, "");
}

/* The folder of a phone; -1 on failure. */
static int open_folder(const char *dir, const char *phone)
{
    char path[PATH_SIZE], folder[NAME_SIZE + 1];

    if (snprintf(folder, sizeof folder, "/%s", phone) >= (int)sizeof folder) {
        errno = ENAMETOOLONG;
        return -1;
    }
    return sms_prepare(dir) && make(path, dir, folder)
               ? open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
               : -1;
}

static unsigned long highest(int folder)
{
    unsigned long found = 0;
    int copy = dup(folder);
    DIR *dir = copy < 0 ? NULL : fdopendir(copy);
    struct dirent *entry;

    while (dir && (entry = readdir(dir))) {
        unsigned long number = strtoul(entry->d_name, NULL, 10);

        if (number > found)
            found = number;
    }
    if (dir)
        closedir(dir);
    else if (copy >= 0)
        close(copy);
    return found;
}

static bool write_text(int folder, const char *name, const char *text)
{
    int fd =
        openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool ok;

    if (fd < 0)
        return false;
    ok = dprintf(fd, "%s\n", text) == (int)strlen(text) + 1;
    return close(fd) == 0 && ok;
}

/* link() refuses a name that exists, so two senders never share a number. */
static bool number_it(int folder, const char *name)
{
    unsigned long number = highest(folder);

    for (int i = 0; i < TRIES; i++) {
        char numbered[NAME_SIZE];

        snprintf(numbered, sizeof numbered, "%04lu.txt", ++number);
        if (linkat(folder, name, folder, numbered, 0) == 0)
            return true;
        if (errno != EEXIST)
            return false;
    }
    return false;
}

bool sms_send(const char *dir, const char *phone, const char *text)
{
    char name[NAME_SIZE];
    int folder = open_folder(dir, phone);
    bool sent = false;

    if (folder < 0)
        return false;
    snprintf(name, sizeof name, ".%ld.%ld", (long)getpid(), (long)gettid());
    unlinkat(folder, name, 0);
    if (write_text(folder, name, text))
        sent = number_it(folder, name);
    unlinkat(folder, name, 0);
    close(folder);
    return sent;
}
