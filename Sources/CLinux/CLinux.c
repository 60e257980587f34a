#define _GNU_SOURCE
#include "CLinux.h"
#include <fcntl.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <spawn.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

const int poplin_CLONE_NEWNET = CLONE_NEWNET;
const int poplin_CLONE_NEWNS = CLONE_NEWNS;
const int poplin_CLONE_FS = CLONE_FS;
const int poplin_POSIX_SPAWN_SETSID = POSIX_SPAWN_SETSID;

int poplin_setns(int fd, int nstype) { return setns(fd, nstype); }
int poplin_unshare(int flags) { return unshare(flags); }
int poplin_open(const char *path, int flags, unsigned mode) { return open(path, flags, mode); }
int poplin_namespace_type(int fd) { return ioctl(fd, NS_GET_NSTYPE); }

int poplin_memory_file(const char *name) { return memfd_create(name, MFD_CLOEXEC); }

const char *poplin_strerror(int code) { return strerrordesc_np(code); }
