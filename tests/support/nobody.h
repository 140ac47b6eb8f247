/* Rights are of no account to root, who runs the tests in many places. */
#ifndef TESTS_SUPPORT_NOBODY_H
#define TESTS_SUPPORT_NOBODY_H

/* What body returns, run in a process of its own by somebody without any
 * rights. */
int nobody_does(int (*body)(const void *), const void *data);

#endif
