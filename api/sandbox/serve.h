/* kep-sandbox serve: the server, until it is told to end. */
#ifndef API_SANDBOX_SERVE_H
#define API_SANDBOX_SERVE_H

/* Runs the command; argv[0] is its name. The exit status: 0, 1 on a failure
 * (said on stderr), 2 on wrong usage. */
int serve_command(int argc, char **argv);

/* One line for the list of commands. */
extern const char serve_summary[];

#endif
