/* --code-command: a program of the user's that prints the SMS code. */
#ifndef CLIENT_PROGRAM_CODE_COMMAND_H
#define CLIENT_PROGRAM_CODE_COMMAND_H

struct program_ear;

enum { CODE_DIGITS = 6, CODE_COMMAND_SECONDS = 120 };

enum code_result {
    CODE_OK,
    CODE_COMMAND,    /* the command is not written right (see words.h) */
    CODE_NO_PROGRAM, /* there is no such program, or it may not be run */
    CODE_FAILED,     /* it ended with a status other than 0, or of a signal */
    CODE_NOTHING,    /* it printed nothing */
    CODE_NOT_A_CODE, /* it printed something other than six digits */
    CODE_LATE,       /* it was not done in time and has been ended */
    CODE_CANCELLED,  /* a signal came (signals_pending) */
    CODE_SYSTEM      /* no memory, no process */
};

struct code_command {
    const char *command;    /* split by words_split; no shell */
    const char *purpose;    /* KEP_CODE_PURPOSE: "sign-in", "confirm" */
    const char *phone_tail; /* KEP_PHONE_TAIL; this and the next two may be */
    const char *form;       /* KEP_FORM                               NULL */
    const char *renewal;    /* KEP_RENEWAL */
    unsigned seconds;       /* 0: CODE_COMMAND_SECONDS */
    const struct program_ear *ear; /* for its stderr, NULL: ours */
};

/* Runs it and gives the code (CODE_DIGITS digits and a NUL, secret memory;
 * secret_free it). The program gets an empty stdin, our stderr, a process
 * group of its own, and of the environment only PATH, HOME, LANG, LC_* and
 * the words above; no descriptor of ours but these three. Its first 256
 * bytes of output are read; blanks and line ends around the code are
 * dropped. When it is over, in whichever way, its group is killed. */
enum code_result code_command_run(const struct code_command *run, char **code);

/* The sentence of a failure, translated, and what to do about it. */
const char *code_command_sentence(enum code_result result);

#endif
