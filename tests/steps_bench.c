/* The floor under a renewal: its cryptographic steps alone, in one process
 * and with keys in memory, where nothing is read, sent, written or checked
 * twice; and the bare files of it, where nothing is computed: as they are, and
 * flushed as far as a renewal promises. CPU time in milliseconds: the least
 * and the median of many. */
#include "tests/support/pki.h"
#include "tests/support/scratch.h"
#include "tests/support/stopwatch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { RUNS = 300, STATEMENT = 1200 };

static struct pki issuer, old;

static gnutls_pubkey_t public_of(const struct certificate *certificate)
{
    gnutls_pubkey_t key;

    assert_int_equal(gnutls_pubkey_init(&key), 0);
    assert_int_equal(
        gnutls_pubkey_import_x509(key, certificate_crt(certificate), 0), 0);
    return key;
}

/* Bytes to sign and to verify: what they are does not change the cost. */
static gnutls_datum_t statement(void)
{
    static uint8_t text[STATEMENT];

    return (gnutls_datum_t){text, sizeof text};
}

static void sign(gnutls_privkey_t key, gnutls_datum_t *signature)
{
    const gnutls_datum_t data = statement();

    assert_int_equal(gnutls_privkey_sign_data(key, old.algorithm->digest, 0,
                                              &data, signature),
                     0);
}

/* A key is made; the statement, the request and what is around it are
 * signed; the old certificate and the new one are verified. */
static void all_steps(gnutls_pubkey_t verifier,
                      const gnutls_datum_t *issuer_signature)
{
    const gnutls_datum_t data = statement();
    gnutls_privkey_t made = pki_key(old.algorithm);
    gnutls_datum_t signature = {NULL, 0};

    for (int i = 0; i < 3; i++) {
        sign(i == 1 ? made : old.key, &signature);
        gnutls_free(signature.data);
    }
    for (int i = 0; i < 2; i++)
        assert_int_equal(gnutls_pubkey_verify_data2(verifier,
                                                    old.algorithm->sign, 0,
                                                    &data, issuer_signature),
                         0);
    gnutls_privkey_deinit(made);
}

/* The files of a container and their usual sizes. */
static const struct {
    const char *name;
    size_t size;
} files[] = {{"header.key", 1850}, {"masks.key", 56},   {"masks2.key", 56},
             {"name.key", 24},     {"primary.key", 36}, {"primary2.key", 36}};

/* A folder of them at base/name is written, or read. */
static void each_file(const char *base, const char *name, int flags)
{
    uint8_t data[2048] = {0};
    char path[1024];

    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        int fd;

        snprintf(path, sizeof path, "%s/%s/%s", base, name, files[i].name);
        fd = open(path, flags, 0600);
        assert_true(fd >= 0);
        assert_true((flags & O_CREAT ? write(fd, data, files[i].size)
                                     : read(fd, data, sizeof data)) ==
                    (ssize_t)files[i].size);
        close(fd);
    }
}

static void write_folder(const char *base, const char *name)
{
    char path[1024];

    snprintf(path, sizeof path, "%s/%s", base, name);
    assert_int_equal(mkdir(path, 0700), 0);
    each_file(base, name, O_WRONLY | O_CREAT | O_EXCL);
}

/* The old container is read; a new one and a copy are written and read. */
static void all_files(const char *base, size_t run)
{
    char made[32], copy[32];

    snprintf(made, sizeof made, "new%zu", run);
    snprintf(copy, sizeof copy, "copy%zu", run);
    each_file(base, "old", O_RDONLY);
    write_folder(base, made);
    each_file(base, made, O_RDONLY);
    write_folder(base, copy);
    each_file(base, copy, O_RDONLY);
}

static int open_at(const char *base, const char *name, int flags)
{
    int folder = open(base, O_RDONLY | O_DIRECTORY);
    int fd = openat(folder, name, flags, 0600);

    assert_true(fd >= 0);
    close(folder);
    return fd;
}

static void flush(const char *base, const char *name)
{
    int fd = open_at(base, name, O_RDONLY);

    assert_int_equal(fsync(fd), 0);
    close(fd);
}

static void move(const char *base, const char *from, const char *to)
{
    int fd = open_at(base, ".", O_RDONLY);

    assert_int_equal(renameat(fd, from, fd, to), 0);
    close(fd);
}

/* The six files, on their way together as token/file/disk.h has it. */
static void make_folder(const char *base, const char *name)
{
    char hidden[64], path[1024];

    snprintf(hidden, sizeof hidden, ".%s", name);
    write_folder(base, hidden);
    snprintf(path, sizeof path, "%s/%s", base, hidden);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        flush(path, files[i].name);
    flush(base, hidden);
    each_file(base, hidden, O_RDONLY);
    move(base, hidden, name);
    flush(base, ".");
}

/* One file of a name that was there or not: a header, a certificate. */
static void put_file(const char *base, const char *name)
{
    static const uint8_t data[1850];
    int fd = open_at(base, "temporary", O_WRONLY | O_CREAT | O_EXCL);

    assert_true(write(fd, data, sizeof data) == (ssize_t)sizeof data);
    assert_int_equal(fsync(fd), 0);
    close(fd);
    move(base, "temporary", name);
}

/* What a renewal promises before it goes on, and nothing besides: the key,
 * two certificates, the header with the new one, the copy. */
static void all_flushed(const char *base, size_t run)
{
    char made[32], copy[32], path[1024];

    snprintf(made, sizeof made, "key%zu", run);
    snprintf(copy, sizeof copy, "twin%zu", run);
    each_file(base, "old", O_RDONLY);
    make_folder(base, made);
    snprintf(path, sizeof path, "%zu.old", run);
    put_file(base, path);
    snprintf(path, sizeof path, "%zu.new", run);
    put_file(base, path);
    flush(base, ".");
    snprintf(path, sizeof path, "%s/%s", base, made);
    put_file(path, files[0].name);
    flush(path, ".");
    make_folder(base, copy);
}

static void tell(const char *what, double times[RUNS])
{
    stopwatch_sort(times, RUNS);
    printf("%s: %.2f ms least, %.2f ms median\n", what, times[0],
           times[RUNS / 2]);
}

static void measure_files(const char *what,
                          void (*files_of)(const char *base, size_t run))
{
    static double times[RUNS];
    char *base = scratch_new();

    write_folder(base, "old");
    for (size_t i = 0; i < RUNS; i++) {
        const double begun = stopwatch_now();

        files_of(base, i);
        times[i] = stopwatch_now() - begun;
    }
    tell(what, times);
    scratch_remove(&base);
}

int main(void)
{
    const struct pki_spec of_issuer = {.name = "CA", .authority = true};
    const struct pki_spec of_old = {.issuer = &issuer};
    static double times[RUNS];
    gnutls_datum_t signature = {NULL, 0};
    gnutls_pubkey_t verifier;

    pki_make(&issuer, &of_issuer);
    pki_make(&old, &of_old);
    verifier = public_of(issuer.certificate);
    sign(issuer.key, &signature);
    for (size_t i = 0; i < RUNS; i++) {
        const double begun = stopwatch_now();

        all_steps(verifier, &signature);
        times[i] = stopwatch_now() - begun;
    }
    tell("the cryptographic steps of a renewal in one process", times);
    measure_files("the bare files of a renewal", all_files);
    measure_files("the same, flushed", all_flushed);
    gnutls_free(signature.data);
    gnutls_pubkey_deinit(verifier);
    pki_free(&old);
    pki_free(&issuer);
    return 0;
}
