// Netlink attributes, for libnftnl, which writes and reads them through these functions of libmnl's interface.
//
// Distributions ship libnftnl as an archive but libmnl only as a shared library. With this file the plugin needs no
// shared library at all: it starts in three quarters of the time, and runs on hosts whose libraries are not ours.
// Layout: struct nlattr of linux/netlink.h, each attribute padded to four bytes.
#include "CMnl.h"

#include <errno.h>
#include <string.h>

static uint16_t payload_size(const struct nlattr *attribute) { return attribute->nla_len - MNL_ATTR_HDRLEN; }

static char *tail(const struct nlmsghdr *message) { return (char *)message + NLMSG_ALIGN(message->nlmsg_len); }

static int refuse(int reason) {
    errno = reason;
    return -1;
}

// Reading

uint16_t mnl_attr_get_type(const struct nlattr *attribute) { return attribute->nla_type & NLA_TYPE_MASK; }
uint16_t mnl_attr_get_payload_len(const struct nlattr *attribute) { return payload_size(attribute); }
void *mnl_attr_get_payload(const struct nlattr *attribute) { return (char *)attribute + MNL_ATTR_HDRLEN; }
const char *mnl_attr_get_str(const struct nlattr *attribute) { return mnl_attr_get_payload(attribute); }
void *mnl_nlmsg_get_payload(const struct nlmsghdr *message) { return (char *)message + NLMSG_HDRLEN; }

uint8_t mnl_attr_get_u8(const struct nlattr *attribute) { return *(uint8_t *)mnl_attr_get_payload(attribute); }
uint16_t mnl_attr_get_u16(const struct nlattr *attribute) { return *(uint16_t *)mnl_attr_get_payload(attribute); }
uint32_t mnl_attr_get_u32(const struct nlattr *attribute) { return *(uint32_t *)mnl_attr_get_payload(attribute); }

uint64_t mnl_attr_get_u64(const struct nlattr *attribute) {
    // Attributes are aligned to four bytes, not to eight.
    uint64_t value;
    memcpy(&value, mnl_attr_get_payload(attribute), sizeof value);
    return value;
}

bool mnl_attr_ok(const struct nlattr *attribute, int remaining) {
    return remaining >= MNL_ATTR_HDRLEN && attribute->nla_len >= MNL_ATTR_HDRLEN && attribute->nla_len <= remaining;
}

struct nlattr *mnl_attr_next(const struct nlattr *attribute) {
    return (struct nlattr *)((char *)attribute + MNL_ALIGN(attribute->nla_len));
}

int mnl_attr_type_valid(const struct nlattr *attribute, uint16_t largest) {
    return mnl_attr_get_type(attribute) > largest ? refuse(EOPNOTSUPP) : 1;
}

int mnl_attr_validate(const struct nlattr *attribute, enum mnl_attr_data_type type) {
    static const uint8_t sizes[MNL_TYPE_MAX] = {
        [MNL_TYPE_U8] = 1, [MNL_TYPE_U16] = 2, [MNL_TYPE_U32] = 4, [MNL_TYPE_U64] = 8, [MNL_TYPE_MSECS] = 8};
    uint16_t size = payload_size(attribute);
    const char *text = mnl_attr_get_payload(attribute);
    switch (type) {
    case MNL_TYPE_FLAG: return size == 0 ? 0 : refuse(ERANGE);
    case MNL_TYPE_STRING: return size > 0 ? 0 : refuse(ERANGE);
    case MNL_TYPE_NUL_STRING: return size == 0 ? refuse(ERANGE) : text[size - 1] == 0 ? 0 : refuse(EINVAL);
    case MNL_TYPE_NESTED: return size == 0 || size >= MNL_ATTR_HDRLEN ? 0 : refuse(ERANGE);
    default:
        if (type < 0 || type >= MNL_TYPE_MAX) return refuse(EINVAL);
        return sizes[type] == 0 || size == sizes[type] ? 0 : refuse(ERANGE);
    }
}

static int each(const char *start, const char *end, mnl_attr_cb_t body, void *data) {
    int outcome = MNL_CB_OK;
    while (mnl_attr_ok((const struct nlattr *)start, end - start)) {
        const struct nlattr *attribute = (const struct nlattr *)start;
        outcome = body(attribute, data);
        if (outcome <= MNL_CB_STOP) break;
        start = (const char *)mnl_attr_next(attribute);
    }
    return outcome;
}

int mnl_attr_parse(const struct nlmsghdr *message, unsigned int offset, mnl_attr_cb_t body, void *data) {
    const char *start = (const char *)message + NLMSG_HDRLEN + MNL_ALIGN(offset);
    return each(start, (const char *)message + message->nlmsg_len, body, data);
}

int mnl_attr_parse_nested(const struct nlattr *nest, mnl_attr_cb_t body, void *data) {
    return each(mnl_attr_get_payload(nest), (const char *)nest + nest->nla_len, body, data);
}

// Writing: at the end of the message, which the caller has made large enough.

static struct nlattr *append(struct nlmsghdr *message, uint16_t type, size_t size) {
    struct nlattr *attribute = (struct nlattr *)tail(message);
    attribute->nla_type = type;
    attribute->nla_len = MNL_ATTR_HDRLEN + size;
    char *end = (char *)attribute + attribute->nla_len;
    memset(end, 0, MNL_ALIGN(attribute->nla_len) - attribute->nla_len);
    message->nlmsg_len = NLMSG_ALIGN(message->nlmsg_len) + MNL_ALIGN(attribute->nla_len);
    return attribute;
}

void mnl_attr_put(struct nlmsghdr *message, uint16_t type, size_t size, const void *bytes) {
    struct nlattr *attribute = append(message, type, size);
    if (size > 0) memcpy(mnl_attr_get_payload(attribute), bytes, size);
}

void mnl_attr_put_u8(struct nlmsghdr *message, uint16_t type, uint8_t value) {
    mnl_attr_put(message, type, sizeof value, &value);
}

void mnl_attr_put_u16(struct nlmsghdr *message, uint16_t type, uint16_t value) {
    mnl_attr_put(message, type, sizeof value, &value);
}

void mnl_attr_put_u32(struct nlmsghdr *message, uint16_t type, uint32_t value) {
    mnl_attr_put(message, type, sizeof value, &value);
}

void mnl_attr_put_u64(struct nlmsghdr *message, uint16_t type, uint64_t value) {
    mnl_attr_put(message, type, sizeof value, &value);
}

void mnl_attr_put_str(struct nlmsghdr *message, uint16_t type, const char *text) {
    mnl_attr_put(message, type, strlen(text), text);
}

void mnl_attr_put_strz(struct nlmsghdr *message, uint16_t type, const char *text) {
    mnl_attr_put(message, type, strlen(text) + 1, text);
}

struct nlattr *mnl_attr_nest_start(struct nlmsghdr *message, uint16_t type) {
    return append(message, type | NLA_F_NESTED, 0);
}

void mnl_attr_nest_end(struct nlmsghdr *message, struct nlattr *nest) { nest->nla_len = tail(message) - (char *)nest; }
