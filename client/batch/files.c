#include "client/batch/files.h"

#include "client/text.h"

#include <sys/resource.h>

enum {
    OF_ALL = 24, /* standard ones, the journal, the lock, a few more */
    OF_JOB = 8   /* a connection, a container, the pipes of a program */
};

/* Files that this program may have open, so many if that can be had. */
static rlim_t open_files(rlim_t needed)
{
    struct rlimit limit, raised;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return needed;
    if (limit.rlim_cur >= needed)
        return limit.rlim_cur;
    raised = limit;
    raised.rlim_cur = limit.rlim_max < needed ? limit.rlim_max : needed;
    return setrlimit(RLIMIT_NOFILE, &raised) == 0 ? raised.rlim_cur
                                                  : limit.rlim_cur;
}

size_t files_jobs(size_t wanted, struct screen *screen)
{
    const rlim_t needed = OF_ALL + OF_JOB * (rlim_t)wanted;
    const rlim_t may = open_files(needed);
    size_t jobs = wanted;

    if (may < needed)
        jobs = may < OF_ALL + OF_JOB ? 1 : (size_t)(may - OF_ALL) / OF_JOB;
    if (jobs < wanted)
        screen_say(screen,
                   ngettext("This system allows only %lu open files: %zu "
                            "renewal at a time.",
                            "This system allows only %lu open files: %zu "
                            "renewals at a time.",
                            jobs),
                   (unsigned long)may, jobs);
    return jobs;
}
