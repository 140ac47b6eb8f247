#include "api/transport.h"
#include "api/url.h"
#include "api/wiped.h"

#include <curl/curl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    HEADERS_MAX = 100,
    HEADER_BYTES_MAX = 32 * 1024, /* of all of them */
    CONNECT_SECONDS = 15,
    SLOW_BYTES = 16, /* fewer a second for so many seconds: given up */
    SLOW_SECONDS = 30,
    LOOK_MILLISECONDS = 1000, /* at most between two looks at the cancelling */
    /* libcurl's buffers are made, wiped and freed anew for every request: the
     * least that it allows for what goes up, and what most answers fit in. */
    UPLOAD_BYTES = 16 * 1024,
    DOWNLOAD_BYTES = 4 * 1024,
    IDLE_SECONDS = 60, /* a connection unused for longer is not used again */
    IDLE_SECONDS_ONCE = 2, /* for what must not get lost in a closed one */
};

/* One handle, kept so that connections and TLS sessions are used again. */
struct way {
    CURL *curl;
    CURLM *multi; /* which has the connections */
    char origin[URL_MAX];
    struct answer *answer; /* of the exchange that runs */
    size_t headers, header_bytes;
    bool ended; /* the empty line behind the header has come */
    bool once;  /* this request must not go out twice */
    bool gone;  /* it has gone out, or a part of it */
};

/* The first row is for everything that is in none. */
static const struct {
    CURLcode code;
    enum api_result result;
} results[] = {
    {CURLE_FAILED_INIT, API_UNREACHABLE},
    {CURLE_OK, API_OK},
    {CURLE_OPERATION_TIMEDOUT, API_TIMEOUT},
    {CURLE_PEER_FAILED_VERIFICATION, API_TLS},
    {CURLE_SSL_ISSUER_ERROR, API_TLS},
    {CURLE_SSL_INVALIDCERTSTATUS, API_TLS},
    {CURLE_SSL_CACERT_BADFILE, API_CONFIGURATION},
    {CURLE_SSL_CIPHER, API_CONFIGURATION},
    {CURLE_URL_MALFORMAT, API_CONFIGURATION},
    {CURLE_UNSUPPORTED_PROTOCOL, API_GARBAGE}, /* HTTP/0.9 */
    {CURLE_WEIRD_SERVER_REPLY, API_GARBAGE},
    {CURLE_HTTP2, API_GARBAGE},
    {CURLE_BAD_CONTENT_ENCODING, API_GARBAGE},
    {CURLE_FILESIZE_EXCEEDED, API_TOO_LARGE},
    {CURLE_WRITE_ERROR, API_TOO_LARGE}, /* by our own callbacks */
    {CURLE_OUT_OF_MEMORY, API_MEMORY},
    {CURLE_ABORTED_BY_CALLBACK, API_CANCELLED},
};

static enum api_result result_of(const struct way *way, CURLcode code)
{
    const struct buffer *body = &way->answer->body;

    if (code == CURLE_OK && !way->ended)
        return API_UNREACHABLE; /* closed inside the header */
    if (code == CURLE_ABORTED_BY_CALLBACK && !timer_cancelled())
        return API_UNREACHABLE; /* by let_go */
    if (code == CURLE_WRITE_ERROR && body->failed && !body->full)
        return API_MEMORY;
    /* So libcurl calls a line of the header above 100 KiB. */
    if (code == CURLE_OUT_OF_MEMORY && way->answer->sent)
        return API_TOO_LARGE;
    for (size_t i = 1; i < sizeof results / sizeof *results; i++)
        if (results[i].code == code)
            return results[i].result;
    return results[0].result;
}

static size_t take_body(char *data, size_t one, size_t size, void *self)
{
    struct way *way = self;

    buffer_put(&way->answer->body, data, one * size);
    return way->answer->body.failed ? 0 : size;
}

static void take_field(struct way *way, const char *line, size_t size)
{
    const char *colon = memchr(line, ':', size);
    size_t name = colon == NULL ? 0 : (size_t)(colon - line);
    size_t begin = name + 1;

    if (name == 0)
        return;
    while (size > begin && strchr(" \t\r\n", line[size - 1]) != NULL)
        size--;
    while (begin < size && strchr(" \t", line[begin]) != NULL)
        begin++;
    answer_header(way->answer, line, name, line + begin, size - begin);
}

static size_t take_header(char *line, size_t one, size_t size, void *self)
{
    struct way *way = self;

    way->header_bytes += one * size;
    if (++way->headers > HEADERS_MAX || way->header_bytes > HEADER_BYTES_MAX)
        return 0;
    way->ended = size <= 2;
    /* Behind an interim answer (1xx) the real one begins anew. */
    if (size > 5 && memcmp(line, "HTTP/", 5) == 0)
        way->answer->headers = (struct headers){0};
    else
        take_field(way, line, one * size);
    return size;
}

static int look_up(void *self, curl_off_t a, curl_off_t b, curl_off_t c,
                   curl_off_t d)
{
    (void)self, (void)a, (void)b, (void)c, (void)d;
    return timer_cancelled() ? 1 : 0;
}

/* Called before a request goes out. On a kept connection that turns out to be
 * closed curl sends again by itself: what may be done once alone does not. */
static int let_go(void *self, char *a, char *b, int c, int d)
{
    struct way *way = self;

    (void)a, (void)b, (void)c, (void)d;
    if (way->gone && way->once)
        return CURL_PREREQFUNC_ABORT;
    way->gone = true;
    return CURL_PREREQFUNC_OK;
}

/* Wiped, for the session's token is among them. */
static void free_headers(struct curl_slist *list)
{
    for (struct curl_slist *line = list; line != NULL; line = line->next)
        sodium_memzero(line->data, strlen(line->data));
    curl_slist_free_all(list);
}

static struct curl_slist *list_headers(const struct inquiry *inquiry)
{
    const struct buffer *lines = &inquiry->headers;
    struct curl_slist *list = NULL, *next;

    for (size_t at = 0; at < lines->size; at += strlen(lines->data + at) + 1) {
        next = curl_slist_append(list, lines->data + at);
        if (next == NULL)
            goto fail;
        list = next;
    }
    if (inquiry->has_body)
        return list;
    next = curl_slist_append(list, "Content-Type:"); /* not curl's own */
    if (next != NULL)
        return next;
fail:
    free_headers(list);
    return NULL;
}

/* What differs from one request to the next. */
static bool set_request(struct way *way, const struct inquiry *inquiry,
                        struct curl_slist *headers, const char *url,
                        long milliseconds)
{
    const char *body = inquiry->body.data == NULL ? "" : inquiry->body.data;
    CURL *curl = way->curl;
    bool get = strcmp(inquiry->method, "GET") == 0;
    bool bad = false;

    bad |= curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
    if (!get) {
        bad |= curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
                                (curl_off_t)inquiry->body.size);
        bad |= curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
    }
    bad |= curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, inquiry->method);
    bad |= curl_easy_setopt(curl, CURLOPT_URL, url);
    bad |= curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    bad |= curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, milliseconds);
    bad |= curl_easy_setopt(curl, CURLOPT_MAXFILESIZE_LARGE,
                            (curl_off_t)inquiry->maximum);
    bad |= curl_easy_setopt(curl, CURLOPT_MAXAGE_CONN,
                            inquiry->once ? (long)IDLE_SECONDS_ONCE
                                          : (long)IDLE_SECONDS);
    return !bad;
}

/* As curl_easy_perform, which before anything is sent asks the kernel whether
 * anything is to be read. */
static CURLcode perform(struct way *way)
{
    CURLMcode state = curl_multi_add_handle(way->multi, way->curl);
    CURLcode code = CURLE_FAILED_INIT;
    const CURLMsg *message = NULL;
    int running = 1;

    while (state == CURLM_OK) {
        state = curl_multi_perform(way->multi, &running);
        if (state != CURLM_OK || running == 0)
            break;
        state = curl_multi_poll(way->multi, NULL, 0, LOOK_MILLISECONDS, NULL);
    }
    if (running == 0)
        message = curl_multi_info_read(way->multi, &running);
    if (message != NULL)
        code = message->data.result;
    else if (state == CURLM_OUT_OF_MEMORY)
        code = CURLE_OUT_OF_MEMORY;
    curl_multi_remove_handle(way->multi, way->curl);
    return code;
}

static enum api_result exchange(void *self, const struct inquiry *inquiry,
                                long milliseconds, struct answer *answer)
{
    struct way *way = self;
    struct buffer url = {.max = URL_MAX + 1024};
    struct curl_slist *headers = list_headers(inquiry);
    enum api_result result = API_MEMORY;
    CURLcode code;

    buffer_put_text(&url, way->origin);
    buffer_put(&url, inquiry->path.data, inquiry->path.size);
    if (headers == NULL || url.failed)
        goto out;
    way->answer = answer;
    way->headers = way->header_bytes = 0;
    way->ended = way->gone = false;
    way->once = inquiry->once;
    if (!set_request(way, inquiry, headers, url.data, milliseconds))
        goto out;
    code = perform(way);
    answer->sent = way->gone;
    curl_easy_getinfo(way->curl, CURLINFO_RESPONSE_CODE, &answer->status);
    result = result_of(way, code);
out:
    /* It must not keep pointers to what goes now. */
    curl_easy_setopt(way->curl, CURLOPT_HTTPHEADER, NULL);
    curl_easy_setopt(way->curl, CURLOPT_POSTFIELDS, NULL);
    way->answer = NULL;
    free_headers(headers);
    buffer_free(&url);
    return result;
}

static void close_way(void *self)
{
    struct way *way = self;

    curl_easy_cleanup(way->curl);
    curl_multi_cleanup(way->multi);
    free(way);
    curl_global_cleanup(); /* counted */
}

static bool set_limits(CURL *curl, const struct api_settings *settings)
{
    const struct {
        CURLoption option;
        long value;
    } limits[] = {
        {CURLOPT_NOSIGNAL, 1},
        {CURLOPT_QUICK_EXIT, 1}, /* do not wait for a slow resolver */
        {CURLOPT_NOPROGRESS, 0},
        {CURLOPT_FOLLOWLOCATION, 0},
        {CURLOPT_DISALLOW_USERNAME_IN_URL, 1},
        {CURLOPT_NETRC, CURL_NETRC_IGNORED},
        {CURLOPT_HTTP09_ALLOWED, 0},
        {CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS},
        {CURLOPT_SUPPRESS_CONNECT_HEADERS, 1}, /* of a proxy */
        {CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2},
        {CURLOPT_SSL_VERIFYPEER, 1},
        {CURLOPT_SSL_VERIFYHOST, 2},
        {CURLOPT_PROXY_SSL_VERIFYPEER, 1},
        {CURLOPT_PROXY_SSL_VERIFYHOST, 2},
        {CURLOPT_UPLOAD_BUFFERSIZE, UPLOAD_BYTES},
        {CURLOPT_BUFFERSIZE, DOWNLOAD_BYTES},
        {CURLOPT_LOW_SPEED_LIMIT, SLOW_BYTES},
        {CURLOPT_LOW_SPEED_TIME, SLOW_SECONDS},
        {CURLOPT_CONNECTTIMEOUT, settings->connect_seconds > 0
                                     ? settings->connect_seconds
                                     : CONNECT_SECONDS},
    };
    bool bad = curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https");

    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
        bad |= curl_easy_setopt(curl, limits[i].option, limits[i].value);
    bad |= curl_easy_setopt(
        curl, CURLOPT_USERAGENT,
        settings->user_agent == NULL ? "kep/" VERSION : settings->user_agent);
    return !bad;
}

static bool set_callbacks(struct way *way)
{
    bool bad = false;

    bad |= curl_easy_setopt(way->curl, CURLOPT_WRITEFUNCTION, take_body);
    bad |= curl_easy_setopt(way->curl, CURLOPT_WRITEDATA, way);
    bad |= curl_easy_setopt(way->curl, CURLOPT_HEADERFUNCTION, take_header);
    bad |= curl_easy_setopt(way->curl, CURLOPT_HEADERDATA, way);
    bad |= curl_easy_setopt(way->curl, CURLOPT_XFERINFOFUNCTION, look_up);
    bad |= curl_easy_setopt(way->curl, CURLOPT_PREREQFUNCTION, let_go);
    bad |= curl_easy_setopt(way->curl, CURLOPT_PREREQDATA, way);
    return !bad;
}

/* Whether there is a certificate in the file, as far as its first MiB. GnuTLS
 * would take any file, and then trust nobody. */
static bool has_certificate(const char *path)
{
    char line[128];
    bool found = false;
    FILE *file = fopen(path, "re");

    if (file == NULL)
        return false;
    for (int i = 0; i < 8192 && !found; i++) {
        if (fgets(line, sizeof line, file) == NULL)
            break;
        found = strncmp(line, "-----BEGIN CERTIFICATE-----", 27) == 0;
    }
    fclose(file);
    return found;
}

/* Of the system's store the one file, where there is one: the folder around
 * it holds each root three times, and all of it would be read for every
 * connection. */
static bool set_trust(CURL *curl, const char *ca_file)
{
    static const char system_file[] = "/etc/ssl/certs/ca-certificates.crt";
    const char *file = ca_file == NULL ? system_file : ca_file;
    bool bad = false;

    if (!has_certificate(file))
        return ca_file == NULL; /* then what libcurl was built with */
    bad |= curl_easy_setopt(curl, CURLOPT_CAINFO, file);
    bad |= curl_easy_setopt(curl, CURLOPT_CAPATH, NULL);
    return !bad;
}

enum api_result transport_curl(const struct api_settings *settings,
                               struct transport *transport)
{
    enum api_result result = API_MEMORY;
    struct way *way = calloc(1, sizeof *way);

    /* CURL_GLOBAL_SSL is all that https needs. */
    if (way == NULL ||
        curl_global_init_mem(CURL_GLOBAL_SSL, wiped_malloc, wiped_free,
                             wiped_realloc, wiped_strdup,
                             wiped_calloc) != CURLE_OK) {
        free(way);
        return API_MEMORY;
    }
    *transport = (struct transport){
        .exchange = exchange, .close = close_way, .self = way};
    way->curl = curl_easy_init();
    way->multi = curl_multi_init();
    if (way->curl == NULL || way->multi == NULL)
        goto out;
    result = API_CONFIGURATION;
    if (settings->url == NULL || url_origin(settings->url, way->origin) != 0 ||
        !set_limits(way->curl, settings) || !set_callbacks(way) ||
        !set_trust(way->curl, settings->ca_file))
        goto out;
    result = API_OK;
out:
    if (result != API_OK)
        close_way(way);
    return result;
}
