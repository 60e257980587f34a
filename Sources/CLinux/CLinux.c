#define _GNU_SOURCE
#include "CLinux.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/nsfs.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <netpacket/packet.h>
#include <poll.h>
#include <sched.h>
#include <spawn.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

const int poplin_CLONE_NEWNET = CLONE_NEWNET;
const int poplin_CLONE_NEWNS = CLONE_NEWNS;
const int poplin_CLONE_FS = CLONE_FS;
const int poplin_POSIX_SPAWN_SETSID = POSIX_SPAWN_SETSID;

int poplin_setns(int fd, int nstype) { return setns(fd, nstype); }
int poplin_unshare(int flags) { return unshare(flags); }
int poplin_stay_on_processor(int number) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(number, &set);
    return sched_setaffinity(0, sizeof set, &set);
}
int poplin_spawn_close_from(void *actions, int lowest) {
    return posix_spawn_file_actions_addclosefrom_np(actions, lowest);
}

int poplin_open(const char *path, int flags, unsigned mode) { return open(path, flags, mode); }
int poplin_namespace_type(int fd) { return ioctl(fd, NS_GET_NSTYPE); }

int poplin_memory_file(const char *name) { return memfd_create(name, MFD_CLOEXEC); }

const char *poplin_strerror(int code) { return strerrordesc_np(code); }

// A socket that nothing but a descriptor in its own queue holds is garbage, which the kernel collects in a worker (from
// 6.10 on; before that at once), and everything else in that queue with it. It looks for garbage when a Unix socket is
// closed, which is what the pair's other end is for.
int poplin_release_later(int fd, int pair[2]) {
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) return -1;
    char byte = 0;
    struct iovec data = {.iov_base = &byte, .iov_len = 1};
    union { struct cmsghdr header; char space[CMSG_SPACE(2 * sizeof(int))]; } control;
    memset(&control, 0, sizeof control);
    struct msghdr message = {
        .msg_iov = &data, .msg_iovlen = 1, .msg_control = control.space, .msg_controllen = sizeof control.space};
    struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(2 * sizeof(int));
    int descriptors[2] = {fd, pair[0]};
    memcpy(CMSG_DATA(rights), descriptors, sizeof descriptors);
    if (sendmsg(pair[1], &message, MSG_NOSIGNAL) >= 0) return 0;
    close(pair[0]);
    close(pair[1]);
    return -1;
}

int poplin_packet_socket(int link) {
    int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
    if (fd < 0) return -1;
    struct sockaddr_ll address = {.sll_family = AF_PACKET, .sll_ifindex = link};
    if (bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0) return fd;
    int error = errno;
    close(fd);
    errno = error;
    return -1;
}

// Between fork(2) and _exit(2) nothing but system calls: other threads' locks are copied as they were.
int poplin_send_in_child(int fd, const void *bytes, unsigned long length, int milliseconds_after_parent) {
    int end[2];
    if (pipe2(end, O_CLOEXEC) != 0) return -1;
    pid_t child = fork();
    if (child == 0) {
        // Whoever waits for the end of this process's output must not wait for the child, nor who waits for a lock.
        int low = fd < end[1] ? fd : end[1], high = fd < end[1] ? end[1] : fd;
        if (low > 0) close_range(0, low - 1, 0);
        if (high > low + 1) close_range(low + 1, high - 1, 0);
        close_range(high + 1, ~0U, 0);
        // The pipe's other end is open for as long as the parent is.
        struct pollfd parent = {.fd = end[1]};
        if (milliseconds_after_parent >= 0) {
            poll(&parent, 1, 1000);
            poll(NULL, 0, milliseconds_after_parent);
        }
        send(fd, bytes, length, MSG_NOSIGNAL);
        _exit(0);
    }
    close(end[1]);
    if (child > 0) return end[0];
    close(end[0]);
    return -1;
}

int poplin_link_index(int socket, const char *name) {
    struct ifreq request = {0};
    strncpy(request.ifr_name, name, IFNAMSIZ - 1);
    return ioctl(socket, SIOCGIFINDEX, &request) < 0 ? -1 : request.ifr_ifindex;
}

int poplin_link_state(const char *name) {
    int control = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (control < 0) return -1;
    struct ethtool_value question = {.cmd = ETHTOOL_GLINK};
    struct ifreq request = {.ifr_data = (void *)&question};
    strncpy(request.ifr_name, name, IFNAMSIZ - 1);
    int result = ioctl(control, SIOCETHTOOL, &request);
    close(control);
    return result < 0 ? -1 : (int)question.data;
}
