// libnl-3 (messages) and libnl-route-3 (traffic control), with the kernel's headers that name what is in the messages.
#pragma once
// First, so that the kernel headers leave struct in6_addr and its like to the C library (linux/libc-compat.h).
#include <netinet/in.h>
#include <linux/fib_rules.h>
#include <linux/if_addr.h>
#include <linux/if_bridge.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
