// libcurl; its setopt and getinfo are variadic, so each type of argument gets a function here.
#pragma once
#include <curl/curl.h>
static inline CURLcode poplin_curl_setopt_long(CURL *h, CURLoption o, long v) { return curl_easy_setopt(h, o, v); }
static inline CURLcode poplin_curl_setopt_string(CURL *h, CURLoption o, const char *v) { return curl_easy_setopt(h, o, v); }
static inline CURLcode poplin_curl_setopt_pointer(CURL *h, CURLoption o, void *v) { return curl_easy_setopt(h, o, v); }
