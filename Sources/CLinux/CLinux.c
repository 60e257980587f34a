#define _GNU_SOURCE
#include "CLinux.h"
#include <fcntl.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>

const int poplin_CLONE_NEWNET = CLONE_NEWNET;
const int poplin_CLONE_NEWNS = CLONE_NEWNS;

int poplin_setns(int fd, int nstype) { return setns(fd, nstype); }
int poplin_unshare(int flags) { return unshare(flags); }
int poplin_open(const char *path, int flags, unsigned mode) { return open(path, flags, mode); }
int poplin_namespace_type(int fd) { return ioctl(fd, NS_GET_NSTYPE); }

const char *poplin_strerror(int code) { return strerrordesc_np(code); }

int poplin_epoll_ctl(int epoll, int operation, int fd, uint32_t events, uint64_t data) {
    struct epoll_event e = {.events = events, .data = {.u64 = data}};
    return epoll_ctl(epoll, operation, fd, &e);
}

int poplin_epoll_wait(int epoll, uint32_t *events, uint64_t *data, int capacity, int timeout_ms) {
    struct epoll_event e[64];
    int n = epoll_wait(epoll, e, capacity < 64 ? capacity : 64, timeout_ms);
    for (int i = 0; i < n; i++) { events[i] = e[i].events; data[i] = e[i].data.u64; }
    return n;
}
