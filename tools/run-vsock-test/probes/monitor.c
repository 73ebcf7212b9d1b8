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
#define BUFFER		(256u << 10)	/* VSOCK_DEFAULT_BUFFER_SIZE */
#define UPDATED		240000u		/* bytes that are all there before the first is read */
#define MOST_UPDATES	8u

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
	bool server;
	int type;
	unsigned int client_port;	/* of the connection that is watched */
	uint64_t sent[3];	/* what has to be seen, by the patterns' numbers */
	uint64_t bytes[3];
	uint64_t next_end[3];	/* of the message that is under way */
	unsigned int messages[3];
	unsigned int ops[VIRTIO_VSOCK_OP_CREDIT_REQUEST + 1];
	uint32_t fwd_cnt[3];
};

/* Sizes of what is sent; one call, one message. */
static unsigned int mixed_size(unsigned int number)
{
	static const unsigned int sizes[] = { 1, 100, 5000, 64 << 10, 30, 4096, 70000, 3 };

	return sizes[number % 8];
}

static unsigned int monitor_op(unsigned int op)
{
	switch (op) {
	case VIRTIO_VSOCK_OP_REQUEST:
	case VIRTIO_VSOCK_OP_RESPONSE:
		return AF_VSOCK_OP_CONNECT;
	case VIRTIO_VSOCK_OP_SHUTDOWN:
	case VIRTIO_VSOCK_OP_RST:
		return AF_VSOCK_OP_DISCONNECT;
	case VIRTIO_VSOCK_OP_RW:
		return AF_VSOCK_OP_PAYLOAD;
	default:
		return AF_VSOCK_OP_CONTROL;
	}
}

/* The ends of messages are where they were sent. */
static void look_at_ends(const struct virtio_vsock_hdr *head, unsigned int seed, struct seen *seen)
{
	unsigned int want = 0;

	if (seen->type == SOCK_SEQPACKET) {
		if (seen->bytes[seed] > seen->next_end[seed]) {
			seen->next_end[seed] += mixed_size(seen->messages[seed]++);
			if (seen->next_end[seed] > seen->sent[seed])
				seen->next_end[seed] = seen->sent[seed];
		}
		if (seen->bytes[seed] > seen->next_end[seed])
			fail("a packet that goes beyond the end of its message");
		want = seen->bytes[seed] == seen->next_end[seed] ? VIRTIO_VSOCK_SEQ_EOM : 0;
	}
	if (head->flags != want)
		fail("flags 0x%x, not 0x%x, after %llu bytes", head->flags, want,
		     (unsigned long long)seen->bytes[seed]);
}

/* What every header has, and who answers whom. */
static void look_at_header(const struct virtio_vsock_hdr *head, unsigned int seed, struct seen *seen)
{
	const bool own = (seed == TO_CLIENT) == seen->server;

	if (head->op < VIRTIO_VSOCK_OP_REQUEST || head->op > VIRTIO_VSOCK_OP_CREDIT_REQUEST)
		fail("a packet with op %u", head->op);
	if (head->type != (seen->type == SOCK_STREAM ? VIRTIO_VSOCK_TYPE_STREAM : VIRTIO_VSOCK_TYPE_SEQPACKET))
		fail("a packet of type %u", head->type);
	if (head->op == VIRTIO_VSOCK_OP_SHUTDOWN ?
	    !head->flags || head->flags > (VIRTIO_VSOCK_SHUTDOWN_RCV | VIRTIO_VSOCK_SHUTDOWN_SEND) :
	    head->op != VIRTIO_VSOCK_OP_RW && head->flags)
		fail("flags 0x%x in a header of op %u", head->flags, head->op);
	/* Only a socket tells its credit, and not all that reset are one. */
	if (head->op != VIRTIO_VSOCK_OP_RST) {
		if (head->buf_alloc != BUFFER)
			fail("a buffer of %u bytes in a header of op %u", head->buf_alloc, head->op);
		if (head->fwd_cnt < seen->fwd_cnt[seed] || head->fwd_cnt > seen->sent[TO_SERVER + TO_CLIENT - seed])
			fail("%u bytes read in a header of op %u, %u in one before", head->fwd_cnt, head->op,
			     seen->fwd_cnt[seed]);
		seen->fwd_cnt[seed] = head->fwd_cnt;
	}
	/* What this side answers it has seen before. */
	if (own && head->op == VIRTIO_VSOCK_OP_RESPONSE && !seen->ops[VIRTIO_VSOCK_OP_REQUEST])
		fail("a response before its request");
	if (own && head->op == VIRTIO_VSOCK_OP_RST && !seen->ops[VIRTIO_VSOCK_OP_SHUTDOWN])
		fail("a reset before what it answers");
	seen->ops[head->op]++;
}

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
	/* Sockets that earlier probes have left to linger end in their own time. */
	if ((monitor.src_port != PROBE_PORT || monitor.dst_port != seen->client_port) &&
	    (monitor.dst_port != PROBE_PORT || monitor.src_port != seen->client_port))
		return;
	if (monitor.transport != AF_VSOCK_TRANSPORT_VIRTIO || monitor.len != sizeof(head))
		fail("a transport header of %u bytes, transport %u, in the monitor", monitor.len, monitor.transport);
	if (monitor.op != monitor_op(head.op))
		fail("the monitor's op is %u for a packet with op %u", monitor.op, head.op);
	if (monitor.reserved[0] || monitor.reserved[1])
		fail("reserved bytes that somebody wrote");
	if (monitor.src_cid != head.src_cid || monitor.dst_cid != head.dst_cid ||
	    monitor.src_port != head.src_port || monitor.dst_port != head.dst_port)
		fail("addresses of the monitor's header that are not the packet's");
	if (head.len != payload_length)
		fail("a header of %u bytes with %zu behind it, op %u", head.len, payload_length, head.op);
	seed = head.dst_port == PROBE_PORT ? TO_SERVER : TO_CLIENT;
	look_at_header(&head, seed, seen);
	if (head.op != VIRTIO_VSOCK_OP_RW) {
		if (payload_length)
			fail("%zu bytes behind a header of op %u", payload_length, head.op);
		return;
	}
	if (!payload_length)
		fail("a packet of no bytes");
	check_pattern(payload, payload_length, seen->bytes[seed], seed);
	seen->bytes[seed] += payload_length;
	look_at_ends(&head, seed, seen);
}

/* All that has been captured until now. */
static void look_at_all(int fd, struct seen *seen)
{
	static unsigned char packet[LARGEST];
	struct tpacket_stats lost;
	socklen_t size = sizeof(lost);

	for (;;) {
		ssize_t n = recv(fd, packet, sizeof(packet), MSG_DONTWAIT | MSG_TRUNC);

		if (n < 0 && errno == EAGAIN)
			break;
		if (n < 0)
			fail_errno("recv from the monitor");
		if (n > (ssize_t)sizeof(packet))
			fail("a packet of %zd bytes in the monitor", n);
		look_at(packet, n, seen);
	}
	if (getsockopt(fd, SOL_PACKET, PACKET_STATISTICS, &lost, &size))
		fail_errno("PACKET_STATISTICS");
	if (lost.tp_drops)
		fail("%u packets had no place in the probe's own buffer", lost.tp_drops);
	for (unsigned int seed = TO_SERVER; seed <= TO_CLIENT; seed++)
		if (seen->bytes[seed] != seen->sent[seed])
			fail("the monitor saw %llu bytes to the %s, %llu were sent",
			     (unsigned long long)seen->bytes[seed], seed == TO_SERVER ? "server" : "client",
			     (unsigned long long)seen->sent[seed]);
	if (seen->ops[VIRTIO_VSOCK_OP_REQUEST] != 1 || seen->ops[VIRTIO_VSOCK_OP_RESPONSE] != 1)
		fail("%u requests and %u responses in the monitor", seen->ops[VIRTIO_VSOCK_OP_REQUEST],
		     seen->ops[VIRTIO_VSOCK_OP_RESPONSE]);
}

static unsigned int client_port_of(int fd, const struct probe_side *side)
{
	struct sockaddr_vm address;
	socklen_t size = sizeof(address);

	if (side->server ? getpeername(fd, (struct sockaddr *)&address, &size) :
			   getsockname(fd, (struct sockaddr *)&address, &size))
		fail_errno("the client's port");
	return address.svm_port;
}

static void look_at_mixed(int fd, const struct probe_side *side, unsigned int client_port)
{
	struct seen seen = {
		.server = side->server, .type = side->type, .client_port = client_port, .sent = { 0, THERE, BACK },
	};

	look_at_all(fd, &seen);
	if (!seen.ops[VIRTIO_VSOCK_OP_SHUTDOWN] && !seen.ops[VIRTIO_VSOCK_OP_RST])
		fail("no packet of an end in the monitor");
}

/* In pieces of many sizes, some of them without a copy. */
static void send_mixed(int fd, unsigned int all, unsigned int seed)
{
	char *data = malloc(all);
	int one = 1;

	if (!data)
		fail("no memory");
	fill_pattern(data, all, 0, seed);
	/* Where there is no such thing, all of it is copied. */
	(void)!setsockopt(fd, SOL_SOCKET, SO_ZEROCOPY, &one, sizeof(one));
	for (unsigned int at = 0, i = 0; at < all; i++) {
		unsigned int size = mixed_size(i) < all - at ? mixed_size(i) : all - at, done = 0;

		step("send of what the monitor is to see");
		while (done < size) {
			ssize_t n = send(fd, data + at + done, size - done, MSG_NOSIGNAL | (i % 3 ? 0 : MSG_ZEROCOPY));

			if (n <= 0)
				fail_errno("send after %u bytes", at + done);
			done += n;
		}
		at += size;
	}
	/* Kept: the network may still read it. */
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
	unsigned int port;

	fd = pair_up(side);
	port = client_port_of(fd, side);
	recv_mixed(fd, THERE, TO_SERVER);
	send_mixed(fd, BACK, TO_CLIENT);
	await("READ");
	close(fd);
	tell("CLOSED");
	await("LOOK");
	look_at_mixed(monitor, side, port);
	remove_device();
}

static void watched_client(const struct probe_side *side)
{
	int monitor = capture(), fd;
	unsigned int port;

	fd = pair_up(side);
	port = client_port_of(fd, side);
	send_mixed(fd, THERE, TO_SERVER);
	recv_mixed(fd, BACK, TO_CLIENT);
	tell("READ");
	await("CLOSED");
	expect_end(fd);
	close(fd);
	/* The last packets go their way. */
	usleep(300 * 1000);
	tell("LOOK");
	look_at_mixed(monitor, side, port);
	remove_device();
}

/* A reader of small pieces tells its credit now and then, not each time. */
static void updates_server(const struct probe_side *side)
{
	struct seen seen = { .server = true, .type = side->type, .sent = { 0, UPDATED, 0 } };
	int monitor = capture(), fd;
	static char data[UPDATED];

	fd = pair_up(side);
	seen.client_port = client_port_of(fd, side);
	await("SENT");
	step("the arrival of all that was sent");
	while (recv(fd, data, sizeof(data), MSG_PEEK) != sizeof(data))
		usleep(1000);
	for (unsigned int at = 0; at < UPDATED; at += 1500)
		recv_exactly(fd, data, 1500, 0);
	look_at_all(monitor, &seen);
	if (seen.ops[VIRTIO_VSOCK_OP_CREDIT_UPDATE] > MOST_UPDATES)
		fail("%u credit updates for %u bytes", seen.ops[VIRTIO_VSOCK_OP_CREDIT_UPDATE], UPDATED);
	remove_device();
	tell("READ");
}

static void updates_client(const struct probe_side *side)
{
	static char data[3000];
	int fd = pair_up(side);

	step("send of what the buffer has room for");
	for (unsigned int at = 0; at < UPDATED; at += sizeof(data)) {
		fill_pattern(data, sizeof(data), at, TO_SERVER);
		send_all(fd, data, sizeof(data));
	}
	tell("SENT");
	await("READ");
	close(fd);
}

static const struct probe_case cases[] = {
	BOTH_TYPES("monitor", watched_server, watched_client),
	{ "credit updates in the monitor", SOCK_STREAM, updates_server, updates_client },
	{ 0 },
};

int main(int argc, char **argv)
{
	return probe_main(argc, argv, cases);
}
