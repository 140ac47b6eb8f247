/* The commands of kep: a table, a file a command. */
#ifndef CLIENT_COMMANDS_COMMANDS_H
#define CLIENT_COMMANDS_COMMANDS_H

#include "client/clock.h"
#include "client/options.h"
#include "client/outcome/outcome.h"
#include "client/screen/screen.h"

/* What a command works with. */
struct desk {
    struct options *options;
    struct screen *screen;
    const struct clock *clock;
};

struct command {
    const char *name;
    enum options_command bit;
    const char *arguments; /* msgid, for the usage line */
    const char *summary;   /* msgid */
    size_t least, most;    /* arguments */
    enum outcome (*run)(struct desk *desk);
    const char *more; /* msgid, what its help says of the arguments; or NULL */
};

/* By name; NULL for an unknown one. */
const struct command *commands_find(const char *name);
/* Walk the table: NULL past the end. */
const struct command *commands_at(size_t i);

/* Each says what it has to say, and returns how it ended. */
enum outcome status_run(struct desk *desk);
enum outcome renew_run(struct desk *desk);
enum outcome resume_run(struct desk *desk);
enum outcome batch_command_run(struct desk *desk);
/* All that is open, --jobs at a time: of kep resume. */
enum outcome batch_command_resume(struct desk *desk);
enum outcome cancel_run(struct desk *desk);
enum outcome backup_run(struct desk *desk);
enum outcome restore_run(struct desk *desk);
enum outcome list_run(struct desk *desk);
enum outcome show_run(struct desk *desk);
enum outcome verify_run(struct desk *desk);
enum outcome password_run(struct desk *desk);
enum outcome pin_run(struct desk *desk);
enum outcome remove_run(struct desk *desk);
enum outcome doctor_run(struct desk *desk);
enum outcome export_run(struct desk *desk);
enum outcome import_run(struct desk *desk);
enum outcome request_run(struct desk *desk);
enum outcome install_run(struct desk *desk);
enum outcome statement_run(struct desk *desk);

#endif
