/* Rights are of no account to root, who runs the tests in many places. */
#ifndef TESTS_SUPPORT_NOBODY_H
#define TESTS_SUPPORT_NOBODY_H

/* What body returns, run in a process of its own by somebody who is not root.
 * Where root does not run the tests, that is their user: what shall be
 * refused has to be refused to the owner, too. */
int nobody_does(int (*body)(const void *), const void *data);

#endif
