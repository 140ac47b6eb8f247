#include "token/rutoken/resident/resident_pair.h"

#include "token/rutoken/session/token_file.h"

#include <string.h>

enum {
    PRIVATE_FOLDER = 0x6002, /* of the token's own, by kind */
    PUBLIC_FOLDER = 0x6001,
    KIND_PRIVATE = 0x03,
    KIND_PUBLIC = 0x13,
    CURVE_A = 0x20,
    ATTEMPTS = 0xAA
};

enum fault resident_pair_find(struct token_session *session, uint8_t id)
{
    const uint16_t path[] = {0x1000, 0x1000, PRIVATE_FOLDER, id};

    return token_file_select(session, path, 4, NULL);
}

/* From a folder of keys; one that is not there is as good. */
static enum fault remove_key(struct token_session *session, uint16_t kind,
                             uint8_t id)
{
    const uint16_t path[] = {0x1000, 0x1000, kind};
    enum fault fault = token_file_select(session, path, 3, NULL);

    if (fault == FAULT_NONE)
        fault = token_file_remove(session, id);
    return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
}

enum fault resident_pair_remove(struct token_session *session, uint8_t id)
{
    enum fault fault = remove_key(session, PRIVATE_FOLDER, id);

    return fault == FAULT_NONE ? remove_key(session, PUBLIC_FOLDER, id) : fault;
}

enum fault resident_pair_make(struct token_session *session, uint8_t id,
                              bool begun)
{
    static const uint8_t private[6] = {KIND_PRIVATE, CURVE_A, 0, ATTEMPTS};
    static const uint8_t public[6] = {KIND_PUBLIC, CURVE_A, 0, ATTEMPTS};
    enum fault fault = token_file_select(session, NULL, 0, NULL);

    if (fault == FAULT_NONE)
        fault =
            token_file_create(session, id, RESIDENT_KEY, DIALECT_KEY, private);
    if (fault == FAULT_EXISTS && !begun)
        return fault;
    if (fault == FAULT_NONE || fault == FAULT_EXISTS)
        fault = token_file_create(session, id, 2 * RESIDENT_KEY,
                                  DIALECT_KEY_PUBLIC, public);
    if (fault == FAULT_EXISTS && !begun &&
        remove_key(session, PRIVATE_FOLDER, id) == FAULT_TOKEN_GONE)
        fault = FAULT_TOKEN_GONE;
    return fault == FAULT_EXISTS && begun ? FAULT_NONE : fault;
}

enum fault resident_pair_generate(struct token_session *session, uint8_t id,
                                  uint8_t point[2 * RESIDENT_KEY])
{
    const struct command command = {
        .ins = 0x46, .p1 = 0x80, .p2 = id, .answer = 2 * RESIDENT_KEY};
    enum fault fault = token_session_do(session, &command);

    if (fault == FAULT_NONE && session->answer.size != 2 * RESIDENT_KEY)
        fault = FAULT_TOKEN_ANSWER;
    if (fault == FAULT_NONE)
        memcpy(point, session->answer.data, 2 * RESIDENT_KEY);
    return fault;
}

bool resident_pair_read(struct token_session *session, uint8_t id,
                        uint8_t point[2 * RESIDENT_KEY])
{
    const uint16_t path[] = {0x1000, 0x1000, PUBLIC_FOLDER, id};
    uint8_t found[2 * RESIDENT_KEY];
    bool made = false;

    if (token_file_select(session, path, 4, NULL) != FAULT_NONE ||
        token_file_read(session, 0, found, sizeof found) != FAULT_NONE)
        return false;
    for (size_t i = 0; i < sizeof found; i++)
        made |= found[i] != 0x00 && found[i] != 0xFF;
    if (made)
        memcpy(point, found, sizeof found);
    return made;
}

enum fault resident_pair_sign(struct token_session *session, uint8_t id,
                              const uint8_t *digest, uint8_t *signature)
{
    const uint8_t reference[] = {0x84, 0x01, id};
    const struct command choose = {.ins = 0x22,
                                   .p1 = 0x41,
                                   .p2 = 0xB6,
                                   .data = reference,
                                   .size = sizeof reference};
    const struct command sign = {.ins = 0x2A,
                                 .p1 = 0x9E,
                                 .p2 = 0x9A,
                                 .data = digest,
                                 .size = RESIDENT_KEY,
                                 .answer = 2 * RESIDENT_KEY};
    enum fault fault = token_session_do(session, &choose);

    if (fault == FAULT_NONE)
        fault = token_session_do(session, &sign);
    if (fault == FAULT_NONE && session->answer.size != 2 * RESIDENT_KEY)
        fault = FAULT_TOKEN_ANSWER;
    if (fault == FAULT_NONE)
        memcpy(signature, session->answer.data, 2 * RESIDENT_KEY);
    return fault == FAULT_NOT_FOUND ? FAULT_DAMAGED : fault;
}
