/* kep-sandbox set: put a certificate or a form into a state. */
#ifndef API_SANDBOX_SET_H
#define API_SANDBOX_SET_H

/* Runs the command, also while a server runs; argv[0] is its name. The exit
 * status: 0, 1 on a failure (said on stderr), 2 on wrong usage. */
int set_command(int argc, char **argv);

/* One line for the list of commands. */
extern const char set_summary[];

#endif
