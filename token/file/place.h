/* Where on disk a location of the kind "file:" is. */
#ifndef TOKEN_FILE_PLACE_H
#define TOKEN_FILE_PLACE_H

#include "keygen/fault.h"

#include <stdbool.h>

/* A path as a person gives it becomes "file:/…" without links and dots, in
 * LOCATION_MAX bytes, escaped (token/file/escape.h). What does not exist yet
 * may stand at its end. FAULT_LOCATION where it is empty, FAULT_TOO_LARGE,
 * FAULT_NOT_FOUND (".." behind what does not exist), FAULT_NO_ACCESS. */
MUST_CHECK enum fault place_resolve_path(const char *path, char *canonical);

/* The same of what follows "file:", where escapes count. As it stands it is a
 * path only where nothing is there otherwise: before there were escapes a
 * location was written so. */
MUST_CHECK enum fault place_resolve(const char *rest, char *canonical);

/* The folder of the user, absolute, LOCATION_MAX bytes: $HOME, or what the
 * system has for it where that is none, as in a service of the system. False
 * where there is none. */
bool place_home(char *home);

/* The same of what follows "local:" in $XDG_DATA_HOME/kep/containers (XDG
 * Base Directory Specification 0.8). FAULT_LOCATION where there is no home. */
MUST_CHECK enum fault place_resolve_local(const char *rest, char *canonical);

/* The path of a canonical location, LOCATION_MAX bytes. FAULT_LOCATION. */
MUST_CHECK enum fault place_path(const char *canonical, char *path);

/* The place of a container, see join of token/medium.h. */
MUST_CHECK enum fault place_join(const char *location, const char *folder,
                                 char *where);

/* Open a folder of containers to make one in it. That of "local:" is made
 * where it is missing. The caller closes *fd. */
MUST_CHECK enum fault place_open_new(const char *path, int *fd);

/* Whether place_open_new would make it: it is that of "local:", missing, and
 * what is there of its path can be written. */
bool place_is_made(const char *path);

#endif
