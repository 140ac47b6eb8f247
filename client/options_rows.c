#include "client/options_rows.h"

#include "client/renewal/policy.h"
#include "client/text.h"

/* Short, for the table. */
enum {
    BOTH = COMMAND_RENEW | COMMAND_RESUME,
    BATCH = COMMAND_BATCH,
    RUNS = BOTH | BATCH,
    ONLINE = RUNS | COMMAND_CANCEL | COMMAND_STATEMENT,
    RENEW = COMMAND_RENEW,
    STATUS = COMMAND_STATUS,
    BACKUP = COMMAND_BACKUP,
    RESTORE = COMMAND_RESTORE,
    COPIES = COMMAND_BACKUP | COMMAND_RESTORE,
    OPENING = COMMAND_SHOW | COMMAND_VERIFY | COMMAND_PASSWORD |
              COMMAND_REQUEST | COMMAND_INSTALL | COMMAND_EXPORT,
    EXPORT = COMMAND_EXPORT,
    IMPORT = COMMAND_IMPORT,
    REQUEST = COMMAND_REQUEST,
    INSTALL = COMMAND_INSTALL,
    STATEMENT = COMMAND_STATEMENT,
    TOKENS = RUNS | STATUS | BACKUP | OPENING | COMMAND_LIST | COMMAND_PIN |
             COMMAND_REMOVE | COMMAND_DOCTOR,
    DOCTOR = COMMAND_DOCTOR,
    ALL = COMMAND_ALL
};

#define AT(field) offsetof(struct options, field)

const struct options_row options_rows[] = {
    {"server", "server", AT(server), TEXT, ONLINE | DOCTOR, 0, "URL",
     N_("the enrollment server, https://…"), 's'},
    {"server-ca", "serverCa", AT(server_ca), TEXT, ONLINE | DOCTOR, 0, "FILE",
     N_("the root certificate that the server's own must lead to (PEM); "
        "without it those that this system trusts"),
     0},
    {"roots", "roots", AT(roots), TEXT, RUNS | DOCTOR, 0, "FILE",
     N_("the roots that the new certificate must lead to (PEM, DER, .p7b); "
        "without it the key that issued the one that is renewed"),
     0},
    {"phone", "phone", AT(phone), TEXT, ONLINE, 0, "NUMBER",
     N_("the telephone that gets the code for signing in"), 'p'},
    {"code-command", "codeCommand", AT(code_command), TEXT, ONLINE, 0, "CMD",
     N_("a program that prints the code from the message; run without a "
        "shell"),
     0},
    {"codes", "codes", AT(codes), TEXT, ONLINE, 0, "PLACE",
     N_("a folder or a file that an SMS gateway fills with the messages; the "
        "code is taken from the newest one to the telephone"),
     0},
    {"from", NULL, AT(from), TEXT, REQUEST, 0, "CERTIFICATE",
     N_("take the owner's data from this certificate: a file or a container"),
     0},
    {"subject", NULL, AT(subject), LIST, REQUEST, 0, "DATA",
     N_("NAME=VALUE, one of the owner's data, in place of that of --from; may "
        "be given many times: CN SN G SNILS INN INNLE OGRN OGRNIP O OU T L S "
        "STREET E C"),
     0},
    {"to", NULL, AT(to), TEXT, RUNS | REQUEST, 0, "LOCATION",
     N_("where the new key is kept: a folder, file:FOLDER, local:, rutoken:, "
        "pkcs11:"),
     't'},
    {"name", NULL, AT(name), TEXT, RENEW | REQUEST, 0, "NAME",
     N_("the name of the new container"), 0},
    {"algorithm", NULL, AT(algorithm), TEXT, RENEW | BATCH | REQUEST, 0, "WORD",
     N_("gost2012-256 (usual) or gost2012-512"), 0},
    {"non-exportable", NULL, AT(non_exportable), FLAG, RENEW | BATCH | REQUEST,
     0, NULL,
     N_("mark the new key as one that may not be copied; then no backup of it "
        "can be made, and without one a broken drive means a new certificate"),
     0},
    {"deploy-command", "deployCommand", AT(deploy_command), TEXT, RUNS, 0,
     "CMD",
     N_("a program that is run when a certificate is new, to put it to use; "
        "run without a shell"),
     0},
    {"failed-command", "failedCommand", AT(failed_command), TEXT, RUNS, 0,
     "CMD",
     N_("a program that is run when a renewal fails, once for each reason; run "
        "without a shell"),
     0},
    {"on-token", NULL, AT(on_token), FLAG, RENEW | BATCH | REQUEST, 0, NULL,
     N_("make the new key inside of the token, which it never leaves; then "
        "there can be no copy of it"),
     0},
    {"entropy", NULL, AT(entropy), TEXT, RUNS | REQUEST, 0, "SOURCE",
     N_("keyboard, system, or a file of random bytes; what it gives is added "
        "to the system's own"),
     0},
    {"pin-file", NULL, AT(pin_file), TEXT, RUNS, 0, "FILE",
     N_("the password of the new container (an empty file: none), or the PIN "
        "of "
        "its token"),
     0},
    {"pin-fd", NULL, AT(pin_fd), NUMBER, BOTH, 65535, "N",
     N_("the same from an open descriptor"), 0},
    {"old-pin-file", NULL, AT(old_pin_file), TEXT, RUNS | REQUEST, 0, "FILE",
     N_("the password of the old container, or the PIN of its token"), 0},
    {"old-pin-fd", NULL, AT(old_pin_fd), NUMBER, BOTH | REQUEST, 65535, "N",
     N_("the same from an open descriptor"), 0},
    {"to", NULL, AT(to), TEXT, COPIES, 0, "LOCATION",
     N_("where the copies are put: a folder, file:FOLDER, local:"), 't'},
    {"to-pin-file", NULL, AT(copy_pin_file), TEXT, COPIES, 0, "FILE",
     N_("the PIN of the token that the copies are put on"), 0},
    {"to-pin-fd", NULL, AT(copy_pin_fd), NUMBER, COPIES, 65535, "N",
     N_("the same from an open descriptor"), 0},
    {"archive", NULL, AT(archive), TEXT, BACKUP, 0, "FILE",
     N_("seal all of them, and the old certificates, into one file under a "
        "passphrase; - for standard output"),
     'a'},
    {"passphrase-file", NULL, AT(passphrase_file), TEXT, COPIES, 0, "FILE",
     N_("the passphrase of the archive"), 0},
    {"passphrase-fd", NULL, AT(passphrase_fd), NUMBER, COPIES, 65535, "N",
     N_("the same from an open descriptor"), 0},
    {"name", NULL, AT(name), TEXT, RESTORE, 0, "NAME",
     N_("restore only the container of this name, its own or its folder's"), 0},
    {"pin-file", NULL, AT(pin_file), TEXT, COPIES, 0, "FILE",
     N_("the password of the containers, to open the copies with"), 0},
    {"pin-fd", NULL, AT(pin_fd), NUMBER, COPIES, 65535, "N",
     N_("the same from an open descriptor"), 0},
    {"pin-file", NULL, AT(pin_file), TEXT, OPENING, 0, "FILE",
     N_("the password of the container, or the PIN of its token"), 0},
    {"pin-fd", NULL, AT(pin_fd), NUMBER, OPENING, 65535, "N",
     N_("the same from an open descriptor"), 0},
    {"new-pin-file", NULL, AT(new_pin_file), TEXT, COMMAND_PASSWORD, 0, "FILE",
     N_("the new password; an empty file: none"), 0},
    {"pin-file", NULL, AT(pin_file), TEXT, COMMAND_PIN | COMMAND_REMOVE, 0,
     "FILE", N_("the PIN of the token as it is"), 0},
    {"pin-fd", NULL, AT(pin_fd), NUMBER, COMMAND_PIN | COMMAND_REMOVE, 65535,
     "N", N_("the same from an open descriptor"), 0},
    {"new-pin-file", NULL, AT(new_pin_file), TEXT, COMMAND_PIN, 0, "FILE",
     N_("the new PIN"), 0},
    {"new-pin-fd", NULL, AT(new_pin_fd), NUMBER, COMMAND_PASSWORD | COMMAND_PIN,
     65535, "N", N_("the same from an open descriptor"), 0},
    {"unblock", NULL, AT(unblock), FLAG, COMMAND_PIN, 0, NULL,
     N_("as the token's administrator: give the PIN its tries back, and put a "
        "new one in"),
     0},
    {"admin", NULL, AT(admin), FLAG, COMMAND_PIN, 0, NULL,
     N_("change the administrator's PIN instead"), 0},
    {"admin-pin-file", NULL, AT(admin_pin_file), TEXT, COMMAND_PIN, 0, "FILE",
     N_("the administrator's PIN as it is"), 0},
    {"admin-pin-fd", NULL, AT(admin_pin_fd), NUMBER, COMMAND_PIN, 65535, "N",
     N_("the same from an open descriptor"), 0},
    {"force", NULL, AT(force), FLAG, COMMAND_REMOVE, 0, NULL,
     N_("without asking: the owner knows that the key is destroyed"), 'f'},
    {"to", NULL, AT(to), TEXT, IMPORT, 0, "LOCATION",
     N_("where the containers are made: a folder, file:FOLDER, local:"), 't'},
    {"name", NULL, AT(name), TEXT, IMPORT, 0, "NAME",
     N_("only the key of this name, owner or thumbprint of its certificate"),
     0},
    {"pin-file", NULL, AT(pin_file), TEXT, IMPORT, 0, "FILE",
     N_("the password of the new containers; an empty file: none"), 0},
    {"pin-fd", NULL, AT(pin_fd), NUMBER, IMPORT, 65535, "N",
     N_("the same from an open descriptor"), 0},
    {"pfx-pin-file", NULL, AT(pfx_pin_file), TEXT, EXPORT | IMPORT, 0, "FILE",
     N_("the password of the PFX file"), 0},
    {"pfx-pin-fd", NULL, AT(pfx_pin_fd), NUMBER, EXPORT | IMPORT, 65535, "N",
     N_("the same from an open descriptor"), 0},
    {"format", NULL, AT(format), TEXT, EXPORT, 0, "WORD",
     N_("cryptopro (usual) for CryptoPro CSP, tc26 for OpenSSL and others"), 0},
    {"sign-with", NULL, AT(sign_with), TEXT, REQUEST, 0, "CONTAINER",
     N_("sign the request with this valid certificate too, for centres that "
        "know you by it"),
     0},
    {"identification", NULL, AT(identification), TEXT, REQUEST, 0, "WORD",
     N_("how the certification centre makes sure who you are: personal "
        "(usual), certificate, passport, system"),
     0},
    {"format", NULL, AT(format), TEXT, REQUEST, 0, "WORD",
     N_("pem (usual) or der"), 0},
    {"output", NULL, AT(output), TEXT, REQUEST | STATEMENT, 0, "FILE",
     N_("the file to write; - for standard output"), 'o'},
    {"roots", NULL, AT(roots), TEXT, INSTALL, 0, "FILE",
     N_("the roots that the certificate must lead to (PEM, DER, .p7b); without "
        "it the issuer is not checked"),
     0},
    {"chain", NULL, AT(chain), TEXT, EXPORT, 0, "FILE",
     N_("the certificates of the issuers; without it those in the container"),
     0},
    {"overwrite", NULL, AT(overwrite), FLAG,
     BACKUP | EXPORT | REQUEST | STATEMENT, 0, NULL,
     N_("replace the file if it is there"), 0},
    {"dry-run", NULL, AT(dry_run), FLAG, RESTORE, 0, NULL,
     N_("look what is in the archive, write nothing"), 'n'},
    {"express", NULL, AT(express), FLAG, RENEW | BATCH, 0, NULL,
     N_("only express renewal: nothing is edited, approved at once"), 0},
    {"normal", NULL, AT(normal), FLAG, RENEW, 0, NULL,
     N_("a renewal in which the data can be corrected; an operator looks at "
        "it"),
     0},
    {"paper", NULL, AT(paper), FLAG, RENEW, 0, NULL,
     N_("a statement on paper, where the old certificate cannot sign or the "
        "owner is another"),
     0},
    {"changes", NULL, AT(changes), TEXT, BOTH, 0, "FILE",
     N_("corrections and further data of the owner, a JSON object"), 0},
    {"scan", NULL, AT(scan), LIST, BOTH, 0, "FILE",
     N_("the scan that the centre waits for (PDF, JPEG or PNG): of the "
        "statement signed by hand, or as KIND=FILE of a passport or snils; may "
        "be given more than once"),
     0},
    {"accept-data", NULL, AT(accept_data), FLAG, RUNS, 0, NULL,
     N_("the owner has seen the data and the statement, accepts them and "
        "agrees to the issue"),
     0},
    {"accept-data", NULL, AT(accept_data), FLAG, INSTALL, 0, NULL,
     N_("the owner knows that the certificate says something else than the "
        "request, and accepts it"),
     0},
    {"backup", NULL, AT(backup), TEXT, RUNS, 0, "LOCATION",
     N_("where the copy of the new container is kept"), 'b'},
    {"backup-pin-file", NULL, AT(copy_pin_file), TEXT, RUNS, 0, "FILE",
     N_("the PIN of the token that the copy is put on"), 0},
    {"backup-pin-fd", NULL, AT(copy_pin_fd), NUMBER, BOTH, 65535, "N",
     N_("the same from an open descriptor"), 0},
    {"no-backup", NULL, AT(no_backup), FLAG, BOTH, 0, NULL,
     N_("make no copy now"), 0},
    {"window", "window", AT(window), NUMBER, RENEW | STATUS | BATCH,
     POLICY_WINDOW_MAX, "DAYS",
     N_("offer renewal so many days before the end (60)"), 0},
    {"notify", NULL, AT(notify), FLAG, STATUS, 0, NULL,
     N_("remind of what is due: on the desktop and by --due-command; 60, 30, "
        "14, 7, 3 and 1 days before the end, once each"),
     0},
    {"due-command", "dueCommand", AT(due_command), TEXT, STATUS, 0, "CMD",
     N_("a program that gets the reminder on its standard input, as mail does; "
        "run without a shell"),
     0},
    {"jobs", "jobs", AT(jobs), COUNT, BATCH, 20, "N",
     N_("so many renewals at a time, 1 to 20 (8)"), 0},
    {"jobs", NULL, AT(resume_jobs), COUNT, COMMAND_RESUME, 20, "N",
     N_("go on with so many at a time, 1 to 20, as a batch does; without it "
        "one after the other"),
     0},
    {"from-status", NULL, AT(from_status), FLAG, BATCH, 0, NULL,
     N_("instead of a plan: what is due in the places that are named, or in "
        "the usual ones"),
     0},
    {"report", "report", AT(report), TEXT, BATCH, 0, "FOLDER",
     N_("write a report of a batch there: a table, JSON, and a page to "
        "print"),
     0},
    /* No setting: a timer that goes on every half hour would fill the
     * folder. */
    {"report", NULL, AT(resume_report), TEXT, COMMAND_RESUME, 0, "FOLDER",
     N_("with --jobs, write a report there: a table, JSON, and a page to "
        "print"),
     0},
    {"due", NULL, AT(due), FLAG, STATUS, 0, NULL,
     N_("only certificates whose renewal is due or was begun"), 0},
    {"force", NULL, AT(force), FLAG, RENEW | BATCH, 0, NULL,
     N_("renew before it is due, if the server agrees"), 'f'},
    {"wait", NULL, AT(wait), NUMBER, RUNS, 3L * 24 * 60 * 60, "SECONDS",
     N_("how long to wait for the certification centre (1800)"), 0},
    {"dry-run", NULL, AT(dry_run), FLAG, RENEW | BATCH | REQUEST | INSTALL, 0,
     NULL, N_("check everything, send and write nothing"), 'n'},
    {"exit-not-due", NULL, AT(exit_not_due), FLAG, RENEW, 0, NULL,
     N_("end with status 10 when it is too early"), 0},
    {"pkcs11-module", "pkcs11Module", AT(pkcs11_module), TEXT, TOKENS, 0,
     "FILE",
     N_("the library that reaches the tokens of pkcs11: places, from their "
        "vendor"),
     0},
    {"progress", NULL, AT(progress), TEXT, RUNS, 0, "WHEN",
     N_("auto, never or always"), 0},
    {"json", NULL, AT(json), FLAG, ALL, 0, NULL,
     N_("the result as JSON on standard output"), 'j'},
    {"help", NULL, AT(help), FLAG, ALL, 0, NULL, N_("this help"), 'h'},
    {"version", NULL, AT(version), FLAG, ALL, 0, NULL, N_("the version"), 'V'},
};

const size_t options_rows_count =
    sizeof(options_rows) / sizeof(options_rows[0]);

_Static_assert(sizeof(options_rows) / sizeof(options_rows[0]) <=
                   OPTIONS_ROWS_MAX,
               "getopt's tables have room for them");
