// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the monitor sees is what was sent: a vsockmon device on each side, and packets
 * that are split over rx buffers, merged, read in part, and cut off by a reset. Of each
 * packet the lengths and the payload hold, and all of them together are what was sent.
 *
 * Formats: include/uapi/linux/vsockmon.h, rtnetlink(7), packet(7).
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/if_packet.h>
#include <linux/rtnetlink.h>
#include <linux/virtio_vsock.h>
#include <linux/vsockmon.h>
#include "probe.h"

#define THERE		300000u		/* bytes from the client */
#define BACK		150000u		/* and from the server */
#define TO_SERVER	1u		/* the patterns' numbers */
#define TO_CLIENT	2u
#define LARGEST		(128u << 10)

static char device[IFNAMSIZ];

static void *attribute(struct nlmsghdr *message, unsigned short type, const void *data, size_t size)
{
	struct rtattr *at = (void *)((char *)message + NLMSG_ALIGN(message->nlmsg_len));

	at->rta_type = type;
	at->rta_len = RTA_LENGTH(size);
	if (size)
		memcpy(RTA_DATA(at), data, size);
	message->nlmsg_len = NLMSG_ALIGN(message->nlmsg_len) + RTA_ALIGN(at->rta_len);
	return at;
}

/* As `ip link add NAME up type vsockmon`. */
static void add_device(void)
{
	struct {
		struct nlmsghdr head;
		struct ifinfomsg link;
		char attributes[256];
	} request = {
		.head = {
			.nlmsg_len = NLMSG_LENGTH(sizeof(struct ifinfomsg)), .nlmsg_type = RTM_NEWLINK,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_CREATE | NLM_F_EXCL | NLM_F_ACK,
		},
		.link = { .ifi_flags = IFF_UP, .ifi_change = IFF_UP },
	};
	struct {
		struct nlmsghdr head;
		struct nlmsgerr error;
		char rest[256];
	} answer;
	struct rtattr *info;
	int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);

	snprintf(device, sizeof(device), "mon%d", (int)getpid());
	attribute(&request.head, IFLA_IFNAME, device, strlen(device) + 1);
	info = attribute(&request.head, IFLA_LINKINFO, NULL, 0);
	attribute(&request.head, IFLA_INFO_KIND, "vsockmon", sizeof("vsockmon"));
	info->rta_len = (char *)&request + request.head.nlmsg_len - (char *)info;
	if (fd < 0 || send(fd, &request, request.head.nlmsg_len, 0) < 0 ||
	    recv(fd, &answer, sizeof(answer), 0) < (ssize_t)sizeof(answer.head) + 4)
		fail_errno("rtnetlink");
	if (answer.error.error == -EOPNOTSUPP)
		skip("no vsockmon");
	if (answer.error.error)
		fail("a vsockmon device: %s", strerror(-answer.error.error));
	close(fd);
}

static void remove_device(void)
{
	struct {
		struct nlmsghdr head;
		struct ifinfomsg link;
	} request = {
		.head = {
			.nlmsg_len = sizeof(request), .nlmsg_type = RTM_DELLINK, .nlmsg_flags = NLM_F_REQUEST,
		},
		.link = { .ifi_index = if_nametoindex(device) },
	};
	int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);

	(void)!send(fd, &request, sizeof(request), 0);
	close(fd);
}

static int capture(void)
{
	struct sockaddr_ll address = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL) };
	int fd, room = 32 << 20;

	/* Without a protocol until it is bound: what other devices see is not for it. */
	fd = socket(AF_PACKET, SOCK_RAW, 0);
	if (fd < 0 && errno == EAFNOSUPPORT)
		skip("no packet sockets");
	add_device();
	address.sll_ifindex = if_nametoindex(device);
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)))
		fail_errno("a socket on %s", device);
	return fd;
}

struct seen {
	uint64_t bytes[3];	/* by the patterns' numbers */
	unsigned int connects, ends;
};

static void look_at(const unsigned char *packet, size_t length, struct seen *seen)
{
	struct af_vsockmon_hdr monitor;
	struct virtio_vsock_hdr head;
	const unsigned char *payload = packet + sizeof(monitor) + sizeof(head);
	size_t payload_length = length - sizeof(monitor) - sizeof(head);
	unsigned int seed;

	if (length < sizeof(monitor) + sizeof(head))
		fail("a packet of %zu bytes in the monitor", length);
	memcpy(&monitor, packet, sizeof(monitor));
	memcpy(&head, packet + sizeof(monitor), sizeof(head));
	if (monitor.src_port != PROBE_PORT && monitor.dst_port != PROBE_PORT)
		return;
	if (monitor.len != sizeof(head))
		fail("a transport header of %u bytes in the monitor", monitor.len);
	if (monitor.reserved[0] || monitor.reserved[1])
		fail("reserved bytes that somebody wrote");
	if (monitor.src_cid != head.src_cid || monitor.dst_cid != head.dst_cid ||
	    monitor.src_port != head.src_port || monitor.dst_port != head.dst_port)
		fail("addresses of the monitor's header that are not the packet's");
	if (head.len != payload_length)
		fail("a header of %u bytes with %zu behind it, op %u", head.len, payload_length, head.op);
	if (head.op == VIRTIO_VSOCK_OP_REQUEST || head.op == VIRTIO_VSOCK_OP_RESPONSE)
		seen->connects++;
	if (head.op == VIRTIO_VSOCK_OP_SHUTDOWN || head.op == VIRTIO_VSOCK_OP_RST)
		seen->ends++;
	if (head.op != VIRTIO_VSOCK_OP_RW) {
		if (payload_length)
			fail("%zu bytes behind a header of op %u", payload_length, head.op);
		return;
	}
	seed = head.dst_port == PROBE_PORT ? TO_SERVER : TO_CLIENT;
	check_pattern(payload, payload_length, seen->bytes[seed], seed);
	seen->bytes[seed] += payload_length;
}

/* All that has been captured until now. */
static void look_at_all(int fd)
{
	static unsigned char packet[LARGEST];
	struct tpacket_stats lost;
	socklen_t size = sizeof(lost);
	struct seen seen = { 0 };

	for (;;) {
		ssize_t n = recv(fd, packet, sizeof(packet), MSG_DONTWAIT | MSG_TRUNC);

		if (n < 0 && errno == EAGAIN)
			break;
		if (n < 0)
			fail_errno("recv from the monitor");
		if (n > (ssize_t)sizeof(packet))
			fail("a packet of %zd bytes in the monitor", n);
		look_at(packet, n, &seen);
	}
	if (getsockopt(fd, SOL_PACKET, PACKET_STATISTICS, &lost, &size))
		fail_errno("PACKET_STATISTICS");
	if (lost.tp_drops)
		fail("%u packets had no place in the probe's own buffer", lost.tp_drops);
	if (seen.bytes[TO_SERVER] != THERE || seen.bytes[TO_CLIENT] != BACK)
		fail("the monitor saw %llu and %llu bytes, %u and %u were sent",
		     (unsigned long long)seen.bytes[TO_SERVER], (unsigned long long)seen.bytes[TO_CLIENT], THERE,
		     BACK);
	if (seen.connects != 2 || !seen.ends)
		fail("%u packets of a connect and %u of an end in the monitor", seen.connects, seen.ends);
}

/* In pieces of many sizes; one call, one message. */
static void send_mixed(int fd, unsigned int all, unsigned int seed)
{
	static const unsigned int sizes[] = { 1, 100, 5000, 64 << 10, 30, 4096, 70000, 3 };
	char *data = malloc(all);

	if (!data)
		fail("no memory");
	fill_pattern(data, all, 0, seed);
	for (unsigned int at = 0, i = 0; at < all; i++) {
		unsigned int size = sizes[i % 8] < all - at ? sizes[i % 8] : all - at;

		step("send of what the monitor is to see");
		send_all(fd, data + at, size);
		at += size;
	}
	free(data);
}

static void recv_mixed(int fd, unsigned int all, unsigned int seed)
{
	static char data[LARGEST];

	for (unsigned int at = 0; at < all;) {
		ssize_t n;

		step("recv of what the monitor is to see");
		n = recv(fd, data, sizeof(data), 0);
		if (n <= 0)
			fail_errno("recv gave %zd after %u of %u bytes", n, at, all);
		check_pattern(data, n, at, seed);
		at += n;
	}
}

static void watched_server(const struct probe_side *side)
{
	int monitor = capture(), fd;

	fd = pair_up(side);
	recv_mixed(fd, THERE, TO_SERVER);
	send_mixed(fd, BACK, TO_CLIENT);
	await("READ");
	close(fd);
	tell("CLOSED");
	await("LOOK");
	look_at_all(monitor);
	remove_device();
}

static void watched_client(const struct probe_side *side)
{
	int monitor = capture(), fd;

	fd = pair_up(side);
	send_mixed(fd, THERE, TO_SERVER);
	recv_mixed(fd, BACK, TO_CLIENT);
	tell("READ");
	await("CLOSED");
	expect_end(fd);
	close(fd);
	/* The last packets go their way. */
	usleep(300 * 1000);
	tell("LOOK");
	look_at_all(monitor);
	remove_device();
}

static const struct probe_case cases[] = {
	BOTH_TYPES("monitor", watched_server, watched_client),
	{ 0 },
};

int main(int argc, char **argv)
{
	return probe_main(argc, argv, cases);
}
