// Descriptors that an event loop waits for, and the allocator's settings.
#pragma once
#include <stdint.h>

/// epoll_event is packed on x86-64, with a union inside; these keep both out of Swift.
int poplin_epoll_create(void);
int poplin_epoll_add(int epoll, int fd, uint32_t events, uint64_t data);
int poplin_epoll_modify(int epoll, int fd, uint32_t events, uint64_t data);
int poplin_epoll_remove(int epoll, int fd);
int poplin_epoll_wait(int epoll, uint32_t *events, uint64_t *data, int capacity, int timeout_ms);
/// A non-blocking eventfd(2) that counts from 0.
int poplin_eventfd(void);
/// Blocks the signals in the calling thread and gives a non-blocking signalfd(2) for them.
int poplin_signalfd(const int *signals, int count);
/// accept4(2) with SOCK_NONBLOCK and SOCK_CLOEXEC.
int poplin_accept(int listener);
/// Names the calling thread, at most 15 bytes.
void poplin_name_thread(const char *name);
/// mallopt(M_ARENA_MAX); 1 on success.
int poplin_limit_arenas(int count);
/// malloc_trim(3): gives free memory back to the kernel.
void poplin_trim_allocator(void);

extern const uint32_t poplin_EPOLLIN, poplin_EPOLLOUT, poplin_EPOLLERR;
