/* kep-sandbox issue: a subscriber, his certificate and his container. */
#ifndef API_SANDBOX_ISSUE_H
#define API_SANDBOX_ISSUE_H

/* Runs the command; argv[0] is its name. The exit status: 0, 1 on a failure
 * (said on stderr), 2 on wrong usage. The last line of stdout is the
 * container's location. */
int issue_command(int argc, char **argv);

/* One line for the list of commands. */
extern const char issue_summary[];

#endif
