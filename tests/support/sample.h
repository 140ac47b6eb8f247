/* The containers of tests/data. */
#ifndef TESTS_SUPPORT_SAMPLE_H
#define TESTS_SUPPORT_SAMPLE_H

#include "keygen/certificate.h"
#include "token/container/container_files.h"

/* The files of one, by the name of its folder. Ends the test where that
 * fails. Free with container_files_free. */
struct container_files *sample_read(const char *folder);

/* The one of 2012, 256 bits, without a password and with that certificate in
 * its header, whatever key that is for. */
struct container_files *sample_certified(const struct certificate *certificate);

/* Copy one to a folder that does not exist yet. */
void sample_copy(const char *folder, const char *to);

#endif
