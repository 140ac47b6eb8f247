/* GOST 28147-89 (RFC 5830): the block cipher by itself and its checksum,
 * without key meshing. GnuTLS has neither the way back nor a checksum of
 * more than 1024 bytes that containers agree with.
 *
 * Table look-ups depend on the key: for files of this machine's own user,
 * not for a server that somebody can time. */
#ifndef TOKEN_CONTAINER_GOST28147_H
#define TOKEN_CONTAINER_GOST28147_H

#include <stddef.h>
#include <stdint.h>

enum { GOST28147_KEY = 32, GOST28147_BLOCK = 8, GOST28147_MAC = 4 };

struct gost28147_sbox;

extern const struct gost28147_sbox gost28147_z; /* RFC 7836 C, TC26-Z */
extern const struct gost28147_sbox gost28147_a; /* RFC 4357 11.2, CryptoPro-A */

/* ECB of size bytes, a multiple of GOST28147_BLOCK. out may be in. */
void gost28147_encrypt(const struct gost28147_sbox *sbox,
                       const uint8_t key[GOST28147_KEY], const uint8_t *in,
                       uint8_t *out, size_t size);
void gost28147_decrypt(const struct gost28147_sbox *sbox,
                       const uint8_t key[GOST28147_KEY], const uint8_t *in,
                       uint8_t *out, size_t size);

/* The checksum (imitovstavka) of data of any size. */
void gost28147_mac(const struct gost28147_sbox *sbox,
                   const uint8_t key[GOST28147_KEY], const void *data,
                   size_t size, uint8_t mac[GOST28147_MAC]);

/* The same with a key that changes every 1024 bytes (RFC 4357 2.3.2). */
void gost28147_mac_meshed(const struct gost28147_sbox *sbox,
                          const uint8_t key[GOST28147_KEY], const void *data,
                          size_t size, uint8_t mac[GOST28147_MAC]);

#endif
