// System calls and macros of Linux that Swift's Glibc module does not import. Only plain C types appear here: a system
// header included with _GNU_SOURCE would clash with the one that Glibc has already built.
#pragma once
#include <stdint.h>
#include "events.h"

int poplin_setns(int fd, int nstype);
int poplin_unshare(int flags);
int poplin_stay_on_processor(int number);
// The actions are a posix_spawn_file_actions_t.
int poplin_spawn_close_from(void *actions, int lowest);
int poplin_open(const char *path, int flags, unsigned mode);
/// An anonymous file in memory, close-on-exec (memfd_create(2)).
int poplin_memory_file(const char *name);
/// ETHTOOL_GLINK: 1 when the link has a carrier, 0 when not, -1 and errno.
int poplin_link_state(const char *name);
/// SIOCGIFINDEX on any socket: the link's number, or -1 and errno.
int poplin_link_index(int socket, const char *name);
/// Lets a worker of the kernel do the last close of the file behind the descriptor; see Linux/DeferredRelease.swift.
/// 0 and two descriptors to close, in this order, after that one, or -1 when it cannot be.
int poplin_release_later(int fd, int pair[2]);
/// A socket that sends whole frames on the link and receives none, or -1 with errno.
int poplin_packet_socket(int link);
/// Sends the bytes on the socket in a child process, which ends then; see Linux/ChildProcess.swift. A pipe that ends with
/// the child, or -1 when there can be none.
/// With `milliseconds_after_parent` of 0 or more it sends so long after this process has closed its end of the pipe.
int poplin_send_in_child(int fd, const void *bytes, unsigned long length, int milliseconds_after_parent);
/// The kernel's sentence for an errno, from a static table, without a lock or a locale; NULL for an unknown one.
const char *poplin_strerror(int code);
/// NS_GET_NSTYPE (linux/nsfs.h, kernel 4.11): CLONE_NEWNET for a network namespace, -1 and ENOTTY for another file.
int poplin_namespace_type(int fd);

extern const int poplin_CLONE_NEWNET;
extern const int poplin_CLONE_NEWNS;
extern const int poplin_CLONE_FS;
extern const int poplin_POSIX_SPAWN_SETSID;
