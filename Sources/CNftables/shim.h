// libnftnl, and libmnl's declarations (the functions are in CMnl), with the macros that Swift cannot import.
#pragma once
// First, so that the kernel headers leave struct in6_addr and its like to the C library (linux/libc-compat.h).
#include <netinet/in.h>
// Before the kernel's headers, which then leave out what glibc has.
#include <netinet/in.h>
#include <sys/socket.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <linux/netlink.h>
#include <libmnl/libmnl.h>
#include <libnftnl/table.h>
#include <libnftnl/chain.h>
#include <libnftnl/rule.h>
#include <libnftnl/expr.h>
#include <libnftnl/set.h>
#include <libnftnl/common.h>
#include <libnftnl/udata.h>
