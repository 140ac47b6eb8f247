/* A second reader of sealed archives, written from doc/archive-format.md
 * against libsodium alone; it shares no code with token/. */
#ifndef TESTS_SUPPORT_SECOND_READER_H
#define TESTS_SUPPORT_SECOND_READER_H

#include <stddef.h>
#include <stdint.h>

enum { SECOND_FILES = 6, SECOND_MAX = 16 };

struct second_window {
    const uint8_t *at;
    size_t size;
};

struct second_archive {
    uint8_t *content;
    size_t size;
    uint64_t made;
    size_t containers, certificates;
    struct {
        struct second_window folder, file[SECOND_FILES];
    } container[SECOND_MAX];
    struct second_window certificate[SECOND_MAX];
};

/* Whatever is not as the page says ends the test. */
void second_read(const uint8_t *data, size_t size, const char *passphrase,
                 struct second_archive *archive);
void second_free(struct second_archive *archive);

#endif
