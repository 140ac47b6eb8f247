/* The inside of a virtual token: for the files of this folder only. */
#ifndef TESTS_VTOKEN_VTOKEN_CARD_H
#define TESTS_VTOKEN_VTOKEN_CARD_H

#include "tests/vtoken/vtoken.h"

enum {
    FILE_DF = 0x38,
    FILE_EF = 0x01,
    FILE_RSF = 0x10, /* a key */

    ID_MF = 0x3F00,
    PROPERTY_SIZE = 6,
    SECURITY_MAX = 40, /* bytes on the wire: 15, Rutoken S 40 */
    OPERATIONS = 7,
    OVERHEAD = 32, /* bytes that a file costs besides its content */
    FILE_MAX = 0xFFFF,
    SCRIPT_MAX = 16,
    CHAIN_MAX = 4096,
    DATA_MAX = 4096
};

/* Conditions. */
enum { FREE = 0, NEVER = 0xFF };

/* Operations: bits of the map, numbers of the conditions. */
enum {
    MAY_READ = 0,
    MAY_UPDATE = 1,
    MAY_DELETE = 6,
    MAY_CREATE = 0,     /* of a folder */
    MAY_CREATE_RSF = 1, /* of a folder */
    MAY_USE = 2,        /* of a key */
    MAY_UNBLOCK = 0,    /* of a PIN */
    MAY_CHANGE = 1      /* of a PIN */
};

/* Status words. */
enum {
    SW_GOOD = 0x9000,
    SW_WRONG_PIN = 0x6300,
    SW_TRIES = 0x63C0,
    SW_LENGTH = 0x6700,
    SW_CHAIN = 0x6883,
    SW_RIGHTS = 0x6982,
    SW_BLOCKED = 0x6983,
    SW_CONDITIONS = 0x6985,
    SW_NO_EF = 0x6986,
    SW_DATA = 0x6A80,
    SW_UNSUPPORTED = 0x6A81,
    SW_NO_FILE = 0x6A82,
    SW_NO_SPACE = 0x6A84,
    SW_P1P2 = 0x6A86,
    SW_NO_OBJECT = 0x6A88,
    SW_EXISTS = 0x6A89,
    SW_OFFSET = 0x6B00,
    SW_LE = 0x6C00,
    SW_INS = 0x6D00,
    SW_CLA = 0x6E00,
    SW_TOO_MANY = 0x6F85,
    SW_LOGGED_IN = 0x6F86,
    SW_MORE = 0x6100
};

struct security {
    uint8_t wire[SECURITY_MAX]; /* as it came */
    uint8_t map, condition[OPERATIONS];
};

struct vtoken_file {
    struct vtoken_file *parent, *first, *next; /* in the order made */
    uint16_t id;
    uint8_t type;
    bool has_property;
    uint8_t property[PROPERTY_SIZE];
    struct security security;
    size_t size;
    uint8_t *data;
    bool filled; /* a key: it is there */
};

struct vtoken_pin {
    bool exists, logged_in;
    uint8_t text[VTOKEN_PIN_MAX];
    size_t size;
    unsigned minimum, tries, left;
    unsigned verifications;
    struct security security;
};

struct vtoken_planned {
    struct vtoken_fault fault;
    unsigned matched, struck;
};

struct vtoken {
    struct vtoken_setup setup;
    bool present;
    unsigned removals;
    struct vtoken_file *root;          /* NULL: being formatted */
    struct vtoken_file *folder, *file; /* selected; file NULL: none */
    struct vtoken_pin pin[2];
    size_t used;     /* bytes */
    bool formatting; /* nobody asks for rights */
    bool formatted;  /* ever */
    int key;         /* of MANAGE SECURITY ENVIRONMENT; -1: none */

    uint8_t chain[CHAIN_MAX];
    size_t chained;
    uint8_t chain_head[4]; /* of the chain's commands */
    bool in_chain;
    uint8_t pending[DATA_MAX]; /* for GET RESPONSE */
    size_t pending_size;

    bool torn; /* the command that runs is cut */
    struct vtoken_planned script[SCRIPT_MAX];
    size_t planned;
    vtoken_meddler *meddler;
    void *meddler_context;
    unsigned long count, apdus;
    bool asks_again; /* the last answer was 6Cxx */
    FILE *trace;
};

struct command {
    uint8_t cla, ins, p1, p2;
    const uint8_t *data;
    size_t size;
    unsigned le;   /* 0: none, else 1 to 256 */
    bool has_data; /* a command of case 3 or 4 */
};

struct answer {
    uint8_t data[DATA_MAX];
    size_t size;
};

/* What a command does: its status word. */
typedef unsigned vtoken_act(struct vtoken *card, const struct command *command,
                            struct answer *answer);

vtoken_act vtoken_file_select, vtoken_file_read, vtoken_file_update,
    vtoken_file_create, vtoken_file_delete;
vtoken_act vtoken_pin_verify, vtoken_pin_logout, vtoken_pin_change,
    vtoken_pin_unblock;
vtoken_act vtoken_key_generate, vtoken_key_environment, vtoken_key_sign;
vtoken_act vtoken_data_get, vtoken_data_random, vtoken_data_format;

/* --- vtoken_command.c: one command, its answer into reply --- */

size_t vtoken_command_run(struct vtoken *card, const uint8_t *apdu, size_t size,
                          uint8_t reply[VTOKEN_REPLY_MAX]);

/* --- vtoken_fault.c --- */

/* The fault that strikes this command, or NULL. */
const struct vtoken_fault *vtoken_fault_next(struct vtoken *card,
                                             const uint8_t *apdu, size_t size);

/* The answer as it arrives: its size. */
size_t vtoken_fault_spoil(const struct vtoken_fault *fault, uint8_t *reply,
                          size_t size);

/* --- vtoken_tree.c: files, without regard to rights --- */

/* In the folder; NULL: there is none. */
struct vtoken_file *vtoken_tree_child(const struct vtoken_file *folder,
                                      uint16_t id);

/* "1000/1003" or "": the MF. */
struct vtoken_file *vtoken_tree_find(const struct vtoken *card,
                                     const char *path);

/* A new file in parent (NULL: it is the MF), with the fill as content: its
 * status word. */
unsigned vtoken_tree_make(struct vtoken *card, struct vtoken_file *parent,
                          const struct vtoken_file *like,
                          struct vtoken_file **file);

/* With all that is in it. */
void vtoken_tree_remove(struct vtoken *card, struct vtoken_file *file);

/* What a vendor's token has from the factory. False without memory. */
bool vtoken_tree_factory(struct vtoken *card);

/* Whether an operation is allowed now. */
bool vtoken_tree_may(const struct vtoken *card, const struct security *security,
                     unsigned operation);

/* --- vtoken_fcp.c: what is said of a file --- */

size_t vtoken_fcp_write(const struct vtoken *card,
                        const struct vtoken_file *file, uint8_t *out);

/* Out of the data of CREATE FILE; false on bad ones. */
bool vtoken_fcp_read(const struct vtoken *card, const uint8_t *data,
                     size_t size, struct vtoken_file *file);

/* Conditions of the operations in the map, in order. */
void vtoken_fcp_secure(const struct vtoken *card, struct security *security,
                       uint8_t map, const uint8_t condition[OPERATIONS]);

size_t vtoken_fcp_security_size(const struct vtoken *card);

/* A file id as it stands on the wire. */
uint16_t vtoken_fcp_id(const struct vtoken *card, const uint8_t wire[2]);
void vtoken_fcp_put16(const struct vtoken *card, uint8_t wire[2],
                      size_t number);

/* --- vtoken_pin.c --- */

/* NULL: there is no PIN of that reference. */
struct vtoken_pin *vtoken_pin_at(struct vtoken *card, unsigned reference);
void vtoken_pin_make(struct vtoken *card, unsigned reference, const char *text);

/* CREATE FILE of one. */
unsigned vtoken_pin_create(struct vtoken *card, const struct vtoken_file *like);
void vtoken_pin_forget(struct vtoken *card); /* nobody is logged in */

/* --- vtoken_key.c --- */

/* CREATE FILE of a key. */
unsigned vtoken_key_create(struct vtoken *card, const struct vtoken_file *like);

/* The body of a key is given: its status word. */
unsigned vtoken_key_load(struct vtoken *card, const uint8_t *body, size_t size);

#endif
