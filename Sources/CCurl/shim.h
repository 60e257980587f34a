// libcurl; its setopt and getinfo are variadic, so each type of argument gets a function here.
#pragma once
#include <curl/curl.h>
typedef size_t (*poplin_curl_write)(char *data, size_t size, size_t count, void *context);
static inline CURLcode poplin_curl_setopt_long(CURL *h, CURLoption o, long v) { return curl_easy_setopt(h, o, v); }
static inline CURLcode poplin_curl_setopt_string(CURL *h, CURLoption o, const char *v) { return curl_easy_setopt(h, o, v); }
static inline CURLcode poplin_curl_setopt_pointer(CURL *h, CURLoption o, void *v) { return curl_easy_setopt(h, o, v); }
static inline CURLcode poplin_curl_setopt_write(CURL *h, poplin_curl_write v) { return curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, v); }
static inline CURLcode poplin_curl_setopt_header(CURL *h, poplin_curl_write v) { return curl_easy_setopt(h, CURLOPT_HEADERFUNCTION, v); }
/// The bytes are copied.
static inline CURLcode poplin_curl_setopt_blob(CURL *h, CURLoption o, const void *data, size_t length) {
    struct curl_blob blob = {(void *)data, length, CURL_BLOB_COPY};
    return curl_easy_setopt(h, o, &blob);
}
static inline CURLcode poplin_curl_getinfo_long(CURL *h, CURLINFO i, long *v) { return curl_easy_getinfo(h, i, v); }

// The multi interface with a caller's own event loop (curl_multi_socket_action(3)).
typedef int (*poplin_curl_socket)(CURL *h, curl_socket_t fd, int what, void *context, void *of_socket);
typedef int (*poplin_curl_timer)(CURLM *m, long milliseconds, void *context);
static inline CURLMcode poplin_curl_multi_setopt_long(CURLM *m, CURLMoption o, long v) { return curl_multi_setopt(m, o, v); }
static inline void poplin_curl_multi_watch(CURLM *m, poplin_curl_socket socket, poplin_curl_timer timer, void *context) {
    curl_multi_setopt(m, CURLMOPT_SOCKETFUNCTION, socket);
    curl_multi_setopt(m, CURLMOPT_SOCKETDATA, context);
    curl_multi_setopt(m, CURLMOPT_TIMERFUNCTION, timer);
    curl_multi_setopt(m, CURLMOPT_TIMERDATA, context);
}
static const curl_socket_t poplin_CURL_SOCKET_TIMEOUT = CURL_SOCKET_TIMEOUT;
static const long poplin_CURLPIPE_MULTIPLEX = CURLPIPE_MULTIPLEX;
