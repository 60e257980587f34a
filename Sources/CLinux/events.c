#define _GNU_SOURCE
#include "include/events.h"
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/socket.h>

const uint32_t poplin_EPOLLIN = EPOLLIN, poplin_EPOLLOUT = EPOLLOUT, poplin_EPOLLERR = EPOLLERR;

int poplin_epoll_create(void) { return epoll_create1(EPOLL_CLOEXEC); }

static int control(int epoll, int operation, int fd, uint32_t events, uint64_t data) {
    struct epoll_event e = {.events = events, .data = {.u64 = data}};
    return epoll_ctl(epoll, operation, fd, &e);
}

int poplin_epoll_add(int epoll, int fd, uint32_t events, uint64_t data) {
    return control(epoll, EPOLL_CTL_ADD, fd, events, data);
}
int poplin_epoll_modify(int epoll, int fd, uint32_t events, uint64_t data) {
    return control(epoll, EPOLL_CTL_MOD, fd, events, data);
}
int poplin_epoll_remove(int epoll, int fd) { return epoll_ctl(epoll, EPOLL_CTL_DEL, fd, NULL); }

int poplin_epoll_wait(int epoll, uint32_t *events, uint64_t *data, int capacity, int timeout_ms) {
    struct epoll_event e[64];
    int n = epoll_wait(epoll, e, capacity < 64 ? capacity : 64, timeout_ms);
    for (int i = 0; i < n; i++) { events[i] = e[i].events; data[i] = e[i].data.u64; }
    return n;
}

int poplin_eventfd(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }

int poplin_signalfd(const int *signals, int count) {
    sigset_t set;
    sigemptyset(&set);
    for (int i = 0; i < count; i++) sigaddset(&set, signals[i]);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

int poplin_accept(int listener) { return accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC); }
int poplin_limit_arenas(int count) { return mallopt(M_ARENA_MAX, count); }
void poplin_trim_allocator(void) { malloc_trim(0); }
void poplin_name_thread(const char *name) { pthread_setname_np(pthread_self(), name); }
