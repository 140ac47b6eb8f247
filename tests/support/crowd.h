/* Several processes that do the same at the same moment. */
#ifndef TESTS_SUPPORT_CROWD_H
#define TESTS_SUPPORT_CROWD_H

/* Forks count processes, lets them go all at once and waits for them: the
 * first exit status of one that was not 0, else 0. What was opened before
 * (SQLite, PC/SC) is not to be used in act. */
int crowd(int count, int (*act)(const void *data), const void *data);

#endif
