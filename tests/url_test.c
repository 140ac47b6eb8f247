#include "api/url.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct {
    const char *url, *origin; /* NULL: refused */
} rows[] = {
    {"https://ca.example", "https://ca.example"},
    {"https://ca.example/", "https://ca.example"},
    {"https://ca.example:8443", "https://ca.example:8443"},
    {"https://ca.example:65535/", "https://ca.example:65535"},
    {"https://127.0.0.1:1", "https://127.0.0.1:1"},
    {"https://[::1]:8443", "https://[::1]:8443"},
    {"https://[2001:db8::1]", "https://[2001:db8::1]"},
    {"https://xn--e1afmkfd.xn--p1ai", "https://xn--e1afmkfd.xn--p1ai"},
    {"http://ca.example", NULL},
    {"HTTPS://ca.example", NULL},
    {"ftp://ca.example", NULL},
    {"file:///etc/passwd", NULL},
    {"ca.example", NULL},
    {"//ca.example", NULL},
    {"https:/ca.example", NULL},
    {"https://", NULL},
    {"https:///", NULL},
    {"https://:443", NULL},
    {"https://-o", NULL},
    {"https://.example", NULL},
    {"https://ca.example/v1", NULL},
    {"https://ca.example//", NULL},
    {"https://ca.example?x", NULL},
    {"https://ca.example#x", NULL},
    {"https://user@ca.example", NULL},
    {"https://user:secret@ca.example", NULL},
    {"https://ca.example@evil.example", NULL},
    {"https://ca.example\\@evil.example", NULL},
    {"https://ca.example:", NULL},
    {"https://ca.example:0", NULL},
    {"https://ca.example:65536", NULL},
    {"https://ca.example:100000", NULL},
    {"https://ca.example:-1", NULL},
    {"https://ca.example:+1", NULL},
    {"https://ca.example:1x", NULL},
    {"https://ca.example:80:81", NULL},
    {"https://ca example", NULL},
    {"https://ca.example ", NULL},
    {" https://ca.example", NULL},
    {"https://ca.example\r\nX: y", NULL},
    {"https://пример.рф", NULL},
    {"https://%63a.example", NULL},
    {"https://[::1", NULL},
    {"https://::1", NULL},
    {"https://[]", NULL},
    {"https://[::1]x", NULL},
    {"https://[fe80::1%25eth0]", NULL},
    {"", NULL},
};

static void takes_only_origins(void **state)
{
    char origin[URL_MAX];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int result = url_origin(rows[i].url, origin);

        if (result != (rows[i].origin == NULL ? -1 : 0) ||
            (result == 0 && strcmp(origin, rows[i].origin) != 0))
            fail_msg("\"%s\"", rows[i].url);
    }
}

static void hosts_have_a_maximum(void **state)
{
    char url[400] = "https://", origin[URL_MAX];

    (void)state;
    memset(url + 8, 'a', 253);
    assert_int_equal(url_origin(url, origin), 0);
    assert_string_equal(url, origin);
    url[8 + 253] = 'a';
    assert_int_equal(url_origin(url, origin), -1);
    memcpy(url + 8, "[", 1);
    memset(url + 9, '1', 380);
    url[389] = ']';
    assert_int_equal(url_origin(url, origin), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_only_origins),
        cmocka_unit_test(hosts_have_a_maximum),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
