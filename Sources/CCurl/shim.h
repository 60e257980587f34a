// libcurl; its setopt and getinfo are variadic, so each type of argument gets a function here.
#pragma once
#include <curl/curl.h>
typedef size_t (*poplin_curl_write)(char *data, size_t size, size_t count, void *context);
static inline CURLcode poplin_curl_setopt_long(CURL *h, CURLoption o, long v) { return curl_easy_setopt(h, o, v); }
static inline CURLcode poplin_curl_setopt_string(CURL *h, CURLoption o, const char *v) { return curl_easy_setopt(h, o, v); }
static inline CURLcode poplin_curl_setopt_pointer(CURL *h, CURLoption o, void *v) { return curl_easy_setopt(h, o, v); }
static inline CURLcode poplin_curl_setopt_write(CURL *h, poplin_curl_write v) { return curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, v); }
static inline CURLcode poplin_curl_getinfo_long(CURL *h, CURLINFO i, long *v) { return curl_easy_getinfo(h, i, v); }
