// SPDX-License-Identifier: GPL-2.0-only
/*
 * A guest that lies to the host, in vrings of the probe's own. Headers whose length is not that of their descriptors, with values that there
 * are not, for others' addresses; chains that are cut, endless, or lead nowhere. The host
 * refuses them, nothing dies, nothing grows, and an honest connection works afterwards.
 *
 * Both sides are in the host; what is between them is in vring.h.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <linux/vhost.h>
#include "probe.h"
#include "vring.h"

#define OWN_PORT	1111	/* of the honest connection */
#define LYING_PORT	2222
#define GOING_PORT	10000	/* and those above: one for each guest that goes */
#define TAKING_MS	30	/* what the host has not given back by then it will not, or not soon */

static struct virtio_vsock_hdr header(unsigned int op, unsigned int len)
{
	return (struct virtio_vsock_hdr){
		.src_cid = fake_cid(), .dst_cid = HOST_CID, .src_port = LYING_PORT, .dst_port = PROBE_PORT,
		.len = len, .type = VIRTIO_VSOCK_TYPE_STREAM, .op = op, .buf_alloc = 256u << 10,
	};
}

static bool taken(struct guest *guest)
{
	return taken_within(guest, TAKING_MS);
}

/*
 * Whether the host has come past what was published, taken or refused: what it refuses it may leave lying, but not
 * what stands behind it, the reset of a connection that there is not. Its answers are thrown away.
 */
static bool passed_within(struct guest *guest, unsigned int limit_ms)
{
	struct virtio_vsock_hdr *head = (void *)(guest->memory + 2 * TX_AREA), answer;
	uint64_t began = now_ms();

	*head = header(VIRTIO_VSOCK_OP_RST, 0);
	head->src_port = LYING_PORT + 9;
	guest->tx.desc[MARKER] = (struct vring_desc){ .addr = (uintptr_t)head, .len = HEADER };
	guest->marked = false;
	publish(&guest->tx, MARKER);
	step("the host's way past a packet");
	while (!guest->marked) {
		while (take_packet(guest, &answer))
			;
		if (!take_elements(guest)) {
			if (now_ms() - began > limit_ms)
				return false;
			let_work(began);
		}
	}
	return true;
}

/* A device that works comes past everything, on however busy a machine. */
static bool passed(struct guest *guest)
{
	return passed_within(guest, 5000);
}

static bool send_packet(struct guest *guest, const struct virtio_vsock_hdr *head, unsigned int payload,
			unsigned int piece)
{
	publish_packet(guest, head, payload, piece);
	return passed(guest);
}

static bool answered_by(struct guest *guest, unsigned int port, unsigned int op)
{
	struct virtio_vsock_hdr head;

	do {
		if (!next_packet(guest, &head, 3000))
			return false;
	/* What the lies are answered with, which is for no port of ours. */
	} while (head.dst_port != port || head.src_port != PROBE_PORT);
	return head.op == op;
}

/* --- an honest connection behind the lie --- */

#define HONEST_BYTES	1000

static void serve_on(int listener)
{
	char data[HONEST_BYTES];

	await("LIED");
	/* Lies that looked like connections may be in the queue before it. */
	for (;;) {
		int fd = accept_one(listener);
		ssize_t n = recv(fd, data, sizeof(data), MSG_WAITALL);

		close(fd);
		if (n != HONEST_BYTES)
			continue;
		check_pattern(data, sizeof(data), 0, 1);
		break;
	}
	tell("DONE");
	close(listener);
}

static void serve_honest(const struct probe_side *side)
{
	int listener = listen_on(SOCK_STREAM, PROBE_PORT);

	(void)side;
	tell("LISTENING");
	serve_on(listener);
}

static struct virtio_vsock_hdr honest(unsigned int op, unsigned int len)
{
	struct virtio_vsock_hdr head = header(op, len);

	head.src_port = OWN_PORT;
	return head;
}

static bool send_honestly(struct guest *guest, const struct virtio_vsock_hdr *head, unsigned int payload)
{
	/* What it left lying it may have taken since. */
	(void)take_elements(guest);
	publish_packet(guest, head, payload, LARGE);
	return taken_within(guest, 5000);
}

static bool connect_honestly(struct guest *guest)
{
	struct virtio_vsock_hdr head = honest(VIRTIO_VSOCK_OP_REQUEST, 0);

	publish_packet(guest, &head, 0, LARGE);
	if (!answered_by(guest, OWN_PORT, VIRTIO_VSOCK_OP_RESPONSE))
		return false;
	head = honest(VIRTIO_VSOCK_OP_RW, HONEST_BYTES);
	if (!send_honestly(guest, &head, HONEST_BYTES))
		return false;
	head = honest(VIRTIO_VSOCK_OP_SHUTDOWN, 0);
	head.flags = VIRTIO_VSOCK_SHUTDOWN_RCV | VIRTIO_VSOCK_SHUTDOWN_SEND;
	return send_honestly(guest, &head, 0);
}

#define TIMES		12
/* A packet of LARGE that is lost each time is 768 KiB. */
#define LOST_KB		500

/*
 * Tells the lie often, in a device of its own. `survives`: the device has to go on working;
 * of broken rings the host may stop it.
 */
static void lie(bool (*one)(struct guest *guest), bool survives)
{
	struct guest guest;
	long before, more;

	await("LISTENING");
	power_on(&guest);
	one(&guest);
	before = kernel_memory_kb();
	for (int i = 0, left_lying = 0; i < TIMES && left_lying < 2; i++)
		left_lying += !one(&guest);
	if (!survives) {
		power_off(&guest);
		power_on(&guest);
	}
	tell("LIED");
	step("an honest connection behind the lies");
	if (!connect_honestly(&guest))
		fail("the host does not take an honest connection any more");
	more = kernel_memory_kb() - before;
	if (more > LOST_KB)
		fail("%ld KiB of the host's kernel memory more", more);
	await("DONE");
	power_off(&guest);
}

/* --- lengths --- */

static bool longer_than_descriptor(struct guest *guest)
{
	struct virtio_vsock_hdr head = header(VIRTIO_VSOCK_OP_RW, LARGE);

	return send_packet(guest, &head, 100, LARGE);
}

/* By no more than the header, which is in the descriptor as well, and with what fills an skb to its end. */
static bool longer_by_header(struct guest *guest)
{
	static const unsigned int payloads[] = { 0, 100, 1684, 3700, 4052 };
	static const unsigned int more[] = { 1, 20, HEADER };
	bool goes_on = true;

	for (unsigned int i = 0; i < 15 && goes_on; i++) {
		struct virtio_vsock_hdr head = header(VIRTIO_VSOCK_OP_RW, payloads[i % 5] + more[i / 5]);

		goes_on = send_packet(guest, &head, payloads[i % 5], LARGE);
	}
	return goes_on;
}

static bool shorter_than_descriptor(struct guest *guest)
{
	struct virtio_vsock_hdr head = header(VIRTIO_VSOCK_OP_RW, 100);

	return send_packet(guest, &head, LARGE, LARGE);
}

static bool none_of_descriptor(struct guest *guest)
{
	struct virtio_vsock_hdr head = header(VIRTIO_VSOCK_OP_RW, 0);

	return send_packet(guest, &head, LARGE, 4096);
}

static bool payload_without_descriptor(struct guest *guest)
{
	struct virtio_vsock_hdr head = header(VIRTIO_VSOCK_OP_RW, 4096);

	return send_packet(guest, &head, 0, LARGE);
}

static bool larger_than_largest(struct guest *guest)
{
	struct virtio_vsock_hdr head = header(VIRTIO_VSOCK_OP_RW, LARGE + 1);

	return send_packet(guest, &head, LARGE + 1, LARGE);
}

static bool huge(struct guest *guest)
{
	struct virtio_vsock_hdr head = header(VIRTIO_VSOCK_OP_RW, 0xffffffff);
	bool goes_on = send_packet(guest, &head, LARGE, LARGE);

	/* With the header it is 2^32 again. */
	head.len = 0u - HEADER;
	return goes_on && send_packet(guest, &head, LARGE, LARGE);
}

static bool in_pieces(struct guest *guest)
{
	struct virtio_vsock_hdr head = header(VIRTIO_VSOCK_OP_RW, 300);

	/* The header itself in three. */
	return send_packet(guest, &head, 300, 20);
}

static bool less_than_header(struct guest *guest)
{
	guest->tx.desc[0] = (struct vring_desc){ .addr = (uintptr_t)guest->memory + TX_AREA, .len = HEADER - 1 };
	publish(&guest->tx, 0);
	return passed(guest);
}

static bool nothing_at_all(struct guest *guest)
{
	guest->tx.desc[0] = (struct vring_desc){ .addr = (uintptr_t)guest->memory + TX_AREA, .len = 0 };
	publish(&guest->tx, 0);
	return passed(guest);
}

/* --- values --- */

static bool unknown_values(struct guest *guest)
{
	struct virtio_vsock_hdr op = header(99, 0), type = header(VIRTIO_VSOCK_OP_REQUEST, 0);
	struct virtio_vsock_hdr flags = header(VIRTIO_VSOCK_OP_SHUTDOWN, 0), zero = header(0, 100);

	type.type = 99;
	flags.flags = 0xffffffff;
	return send_packet(guest, &op, 0, LARGE) && send_packet(guest, &type, 0, LARGE) &&
	       send_packet(guest, &flags, 0, LARGE) && send_packet(guest, &zero, 100, LARGE);
}

static bool addresses_of_others(struct guest *guest)
{
	const unsigned int cids[] = { 0, 1, HOST_CID, 3, fake_cid(), 0xffffffff };
	bool goes_on = true;

	for (unsigned int i = 0; i < sizeof(cids) / sizeof(cids[0]) && goes_on; i++) {
		struct virtio_vsock_hdr from = header(VIRTIO_VSOCK_OP_REQUEST, 0), to = from;

		from.src_cid = i == 4 ? 0xffffffff00000000ull | fake_cid() : cids[i];
		to.dst_cid = i == 2 ? 0xffffffff00000000ull | HOST_CID : cids[i];
		from.src_port = to.src_port = LYING_PORT + 1;
		goes_on = send_packet(guest, &from, 0, LARGE) && send_packet(guest, &to, 0, LARGE);
	}
	return goes_on;
}

/* Every operation for a connection that there is not. */
static bool no_connection(struct guest *guest)
{
	bool goes_on = true;

	for (unsigned int op = VIRTIO_VSOCK_OP_RESPONSE; op <= VIRTIO_VSOCK_OP_CREDIT_REQUEST && goes_on; op++) {
		struct virtio_vsock_hdr head = header(op, op == VIRTIO_VSOCK_OP_RW ? 100 : 0);

		head.src_port = LYING_PORT + 2;
		goes_on = send_packet(guest, &head, head.len, LARGE);
	}
	return goes_on;
}

/* --- chains --- */

static struct vring_desc *indirect_table(struct guest *guest)
{
	return (void *)(guest->memory + 2 * TX_AREA);
}

static bool send_indirect(struct guest *guest, unsigned int length)
{
	guest->tx.desc[0] = (struct vring_desc){
		.addr = (uintptr_t)indirect_table(guest), .len = length, .flags = VRING_DESC_F_INDIRECT,
	};
	publish(&guest->tx, 0);
	return taken(guest);
}

static void header_in_table(struct guest *guest)
{
	struct virtio_vsock_hdr head = header(VIRTIO_VSOCK_OP_RST, 0);

	head.src_port = LYING_PORT + 3;
	memcpy(guest->memory + TX_AREA, &head, HEADER);
	indirect_table(guest)[0] = (struct vring_desc){
		.addr = (uintptr_t)guest->memory + TX_AREA, .len = HEADER,
	};
}

static bool indirect(struct guest *guest)
{
	header_in_table(guest);
	return send_indirect(guest, sizeof(struct vring_desc));
}

static bool indirect_of_odd_length(struct guest *guest)
{
	header_in_table(guest);
	return send_indirect(guest, sizeof(struct vring_desc) + 3);
}

static bool indirect_in_indirect(struct guest *guest)
{
	indirect_table(guest)[0] = (struct vring_desc){
		.addr = (uintptr_t)indirect_table(guest), .len = sizeof(struct vring_desc),
		.flags = VRING_DESC_F_INDIRECT,
	};
	return send_indirect(guest, sizeof(struct vring_desc));
}

static bool endless_chain(struct guest *guest)
{
	for (unsigned int i = 0; i < 2; i++)
		guest->tx.desc[i] = (struct vring_desc){
			.addr = (uintptr_t)guest->memory + TX_AREA, .len = HEADER, .flags = VRING_DESC_F_NEXT,
			.next = 1 - i,
		};
	publish(&guest->tx, 0);
	return taken(guest);
}

static bool next_out_of_table(struct guest *guest)
{
	guest->tx.desc[0] = (struct vring_desc){
		.addr = (uintptr_t)guest->memory + TX_AREA, .len = HEADER, .flags = VRING_DESC_F_NEXT, .next = QUEUE + 5,
	};
	publish(&guest->tx, 0);
	return taken(guest);
}

static bool head_out_of_table(struct guest *guest)
{
	publish(&guest->tx, 0xfff0);
	return taken(guest);
}

static bool address_outside_memory(struct guest *guest)
{
	guest->tx.desc[0] = (struct vring_desc){ .addr = 0x10, .len = HEADER };
	publish(&guest->tx, 0);
	return taken(guest);
}

static bool memory_across_its_end(struct guest *guest)
{
	guest->tx.desc[0] = (struct vring_desc){
		.addr = (uintptr_t)guest->memory + MEMORY - 20, .len = HEADER + 1000,
	};
	publish(&guest->tx, 0);
	return taken(guest);
}

static bool for_writing(struct guest *guest)
{
	guest->tx.desc[0] = (struct vring_desc){
		.addr = (uintptr_t)guest->memory + TX_AREA, .len = HEADER, .flags = VRING_DESC_F_WRITE,
	};
	publish(&guest->tx, 0);
	return taken(guest);
}

static bool index_far_ahead(struct guest *guest)
{
	uint64_t one = 1;

	guest->tx.avail->idx += 30000;
	if (write(guest->tx.kick, &one, sizeof(one)) != sizeof(one))
		fail_errno("kick");
	return taken(guest);
}

/* Where the host is to write: nothing fits, or it may only be read. */
static bool bad_buffers(struct guest *guest)
{
	struct virtio_vsock_hdr head = header(VIRTIO_VSOCK_OP_CREDIT_REQUEST, 0);

	for (unsigned int i = 0; i < QUEUE; i++) {
		guest->rx.desc[i].len = i % 3 == 0 ? 10 : i % 3 == 1 ? 0 : RX_BYTES;
		guest->rx.desc[i].flags = i % 3 == 2 ? 0 : VRING_DESC_F_WRITE;
	}
	head.op = VIRTIO_VSOCK_OP_RW;
	head.src_port = LYING_PORT + 4;
	/* Each is answered with a reset. */
	publish_packet(guest, &head, 0, LARGE);
	return passed_within(guest, TAKING_MS);
}

/* --- guests that go in the middle of a transfer --- */

#define GOES		12

/* In send() or in recv() when it goes: both have to come back. */
static void serve_until_gone(const struct probe_side *side)
{
	int listener = listen_on(SOCK_STREAM, PROBE_PORT);
	char data[RX_BYTES] = { 0 };

	(void)side;
	tell("LISTENING");
	for (int i = 0; i < GOES; i++) {
		int fd = accept_one(listener);

		if (i % 3 == 1) {
			step("a reader whose guest has gone");
			if (recv(fd, data, sizeof(data), 0) > 0)
				fail("bytes that nobody sent");
		} else {
			step("a sender whose guest has gone");
			while (send(fd, data, sizeof(data), MSG_NOSIGNAL) > 0)
				;
			/* ENOMEM is what older kernels make of ENODEV. */
			if (errno != EPIPE && errno != ECONNRESET && errno != ENODEV && errno != ENOTCONN &&
			    errno != ENOMEM)
				fail_errno("send to a guest that has gone");
		}
		close(fd);
		tell("CLOSED");
	}
	serve_on(listener);
}

static void go_in_the_middle(bool as_another)
{
	uint64_t other = fake_cid() + 1;
	struct virtio_vsock_hdr head;
	struct guest guest;

	await("LISTENING");
	for (int i = 0; i < GOES; i++) {
		power_on(&guest);
		head = honest(VIRTIO_VSOCK_OP_REQUEST, 0);
		/* A socket of a guest that has gone may hold its port for VSOCK_CLOSE_TIMEOUT. */
		head.src_port = GOING_PORT + i;
		publish_packet(&guest, &head, 0, LARGE);
		if (!answered_by(&guest, head.src_port, VIRTIO_VSOCK_OP_RESPONSE))
			fail("the host does not take connection %d", i + 1);
		/* More than its buffers hold now and then, so that the sender waits for credit. */
		for (int packets = i % 3 == 1 ? 0 : i * 8; packets && next_packet(&guest, &head, 100); packets--)
			if (head.op == VIRTIO_VSOCK_OP_RST)
				fail("the host has reset an honest connection");
		/* Its reader is to be in recv() by then. */
		if (i % 3 == 1)
			usleep(20 * 1000);
		if (as_another && ioctl(guest.fd, VHOST_VSOCK_SET_GUEST_CID, &other))
			fail_errno("another CID");
		power_off(&guest);
		await("CLOSED");
	}
	power_on(&guest);
	tell("LIED");
	step("an honest connection of the next guest");
	if (!connect_honestly(&guest))
		fail("the host does not take an honest connection any more");
	await("DONE");
	power_off(&guest);
}

static void go(const struct probe_side *side)
{
	(void)side;
	go_in_the_middle(false);
}

static void go_as_another(const struct probe_side *side)
{
	(void)side;
	go_in_the_middle(true);
}

/* --- lies beside a connection: it goes on, and they are not in it --- */

static struct virtio_vsock_hdr request_of(int type)
{
	struct virtio_vsock_hdr head = honest(VIRTIO_VSOCK_OP_REQUEST, 0);

	head.type = type == SOCK_SEQPACKET ? VIRTIO_VSOCK_TYPE_SEQPACKET : VIRTIO_VSOCK_TYPE_STREAM;
	return head;
}

/* What is sent on the connection arrives, and nothing else is there. */
static void expect_only_honest(struct guest *guest, const struct virtio_vsock_hdr *connection, int fd)
{
	static char data[4 * LARGE];
	struct virtio_vsock_hdr head = *connection;
	ssize_t n;

	head.op = VIRTIO_VSOCK_OP_RW;
	head.len = HONEST_BYTES;
	if (head.type == VIRTIO_VSOCK_TYPE_SEQPACKET)
		head.flags = VIRTIO_VSOCK_SEQ_EOM;
	deliver(guest, &head);
	n = recv(fd, data, sizeof(data), MSG_DONTWAIT);
	if (n < 0)
		fail_errno("recv behind a lie");
	if (n != HONEST_BYTES)
		fail("recv gave %zd bytes, not the %d that were sent honestly", n, HONEST_BYTES);
	check_pattern(data, n, 0, 1);
	expect_nothing(fd);
}

static void expect_nobody(int listener)
{
	expect_error("accept of what nobody asked for", accept(listener, NULL, NULL), EAGAIN);
}

static void expect_silence(struct guest *guest)
{
	struct virtio_vsock_hdr head;

	flush(guest);
	if (next_packet(guest, &head, 0))
		fail("op %u from the host to port %u, where nothing was to be said", head.op, head.dst_port);
}

static void beside_of_others(const struct probe_side *side)
{
	const uint64_t cids[] = {
		0, 1, HOST_CID, 3, fake_cid(), fake_cid() + 1, 0xffffffff, 1ull << 32 | fake_cid(), 1ull << 32 | HOST_CID,
		1ull << 63 | fake_cid(), 1ull << 63 | HOST_CID,
	};
	static const unsigned int ops[] = {
		VIRTIO_VSOCK_OP_REQUEST, VIRTIO_VSOCK_OP_RW, VIRTIO_VSOCK_OP_SHUTDOWN, VIRTIO_VSOCK_OP_RST,
	};
	struct virtio_vsock_hdr connection = request_of(SOCK_STREAM);
	int listener = listen_without_wait(SOCK_STREAM, PROBE_PORT), fd;
	struct guest guest;

	(void)side;
	power_on(&guest);
	fd = accept_from(&guest, listener, &connection);
	for (unsigned int i = 0; i < 4 * sizeof(cids) / sizeof(cids[0]); i++) {
		struct virtio_vsock_hdr from = connection, to;

		from.op = ops[i % 4];
		from.len = from.op == VIRTIO_VSOCK_OP_RW ? 100 : 0;
		from.flags = from.op == VIRTIO_VSOCK_OP_SHUTDOWN ? 3 : 0;
		/* A new connection each time, where there was none yet. */
		from.src_port = from.op == VIRTIO_VSOCK_OP_REQUEST ? LYING_PORT + i : OWN_PORT;
		to = from;
		from.src_cid = to.dst_cid = cids[i / 4];
		if (from.src_cid != fake_cid())
			deliver(&guest, &from);
		if (to.dst_cid != HOST_CID)
			deliver(&guest, &to);
	}
	expect_only_honest(&guest, &connection, fd);
	expect_nobody(listener);
	expect_silence(&guest);
	power_off(&guest);
}

static void beside_of_another_port(const struct probe_side *side)
{
	int fd = -1;
	struct virtio_vsock_hdr request, reset, right, wrong;
	struct guest guest;

	(void)side;
	power_on(&guest);
	fd = begin_connect(SOCK_STREAM, LYING_PORT);
	expect_packet(&guest, VIRTIO_VSOCK_OP_REQUEST, &request);
	right = header(VIRTIO_VSOCK_OP_RESPONSE, 0);
	right.dst_port = request.src_port;
	wrong = right;
	wrong.src_port = LYING_PORT + 1;
	deliver(&guest, &wrong);
	if (is_connected(fd))
		fail("connect() takes an answer from another port");
	expect_packet(&guest, VIRTIO_VSOCK_OP_RST, &reset);
	if (reset.dst_port != wrong.src_port)
		fail("the reset is for port %u, not %u", reset.dst_port, wrong.src_port);
	wrong.op = VIRTIO_VSOCK_OP_RST;
	deliver(&guest, &wrong);
	deliver(&guest, &right);
	if (!is_connected(fd))
		fail("connect() has not been answered");
	wrong.op = VIRTIO_VSOCK_OP_RW;
	wrong.len = 100;
	deliver(&guest, &wrong);
	expect_packet(&guest, VIRTIO_VSOCK_OP_RST, &reset);
	expect_only_honest(&guest, &right, fd);
	expect_silence(&guest);
	power_off(&guest);
}

static void beside_of_another_type(const struct probe_side *side)
{
	static const unsigned int ops[] = {
		VIRTIO_VSOCK_OP_RW, VIRTIO_VSOCK_OP_SHUTDOWN, VIRTIO_VSOCK_OP_CREDIT_UPDATE,
	};
	struct virtio_vsock_hdr connection = request_of(side->type), wrong = connection, reset;
	const unsigned int types[] = { 0, 3, 0xffff, 3 - connection.type };
	int listener = listen_without_wait(side->type, PROBE_PORT), fd;
	struct guest guest;

	power_on(&guest);
	for (unsigned int i = 0; i < 4; i++) {
		wrong.type = types[i];
		wrong.src_port = LYING_PORT + i;
		deliver(&guest, &wrong);
		expect_nobody(listener);
		expect_packet(&guest, VIRTIO_VSOCK_OP_RST, &reset);
	}
	fd = accept_from(&guest, listener, &connection);
	for (unsigned int i = 0; i < 12; i++) {
		wrong = connection;
		wrong.type = types[i / 3];
		wrong.op = ops[i % 3];
		wrong.len = wrong.op == VIRTIO_VSOCK_OP_RW ? 100 : 0;
		wrong.flags = wrong.op == VIRTIO_VSOCK_OP_SHUTDOWN ? 3 : wrong.len ? VIRTIO_VSOCK_SEQ_EOM : 0;
		deliver(&guest, &wrong);
		expect_nothing(fd);
		expect_packet(&guest, VIRTIO_VSOCK_OP_RST, &reset);
	}
	expect_only_honest(&guest, &connection, fd);
	expect_silence(&guest);
	power_off(&guest);
}

static void beside_lengths(const struct probe_side *side)
{
	static const struct {
		unsigned int told, payload;
	} lies[] = {
		{ LARGE + 1, LARGE + 1 }, { 100000, 100000 }, { 100, 100000 }, { 2 * LARGE, LARGE }, { 101, 100 },
		{ 100 + HEADER, 100 }, { 1, 0 }, { 0xffffffff, 100 }, { 0u - HEADER, 100 },
	};
	struct virtio_vsock_hdr connection = request_of(side->type);
	int listener = listen_without_wait(side->type, PROBE_PORT), fd;
	struct guest guest;

	power_on(&guest);
	fd = accept_from(&guest, listener, &connection);
	for (unsigned int i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
		struct virtio_vsock_hdr head = connection;

		head.op = VIRTIO_VSOCK_OP_RW;
		head.len = lies[i].told;
		head.flags = head.type == VIRTIO_VSOCK_TYPE_SEQPACKET ? VIRTIO_VSOCK_SEQ_EOM : 0;
		publish_packet(&guest, &head, lies[i].payload, LARGE);
		/* Whether it gives the element back is its own affair. */
		flush(&guest);
		expect_only_honest(&guest, &connection, fd);
	}
	power_off(&guest);
}

#define LIE(one, survives)						\
	static void tell_##one(const struct probe_side *side)			\
	{									\
		(void)side;							\
		lie(one, survives);						\
	}

LIE(longer_than_descriptor, true)
LIE(longer_by_header, true)
LIE(shorter_than_descriptor, true)
LIE(none_of_descriptor, true)
LIE(payload_without_descriptor, true)
LIE(larger_than_largest, true)
LIE(huge, true)
LIE(in_pieces, true)
LIE(less_than_header, true)
LIE(nothing_at_all, true)
LIE(unknown_values, true)
LIE(addresses_of_others, true)
LIE(no_connection, true)
LIE(indirect, true)
LIE(indirect_of_odd_length, false)
LIE(indirect_in_indirect, false)
LIE(endless_chain, false)
LIE(next_out_of_table, false)
LIE(head_out_of_table, false)
LIE(address_outside_memory, false)
LIE(memory_across_its_end, false)
LIE(for_writing, false)
LIE(index_far_ahead, false)
LIE(bad_buffers, false)

static const struct probe_case cases[] = {
	{ "length beyond the descriptor", 0, serve_honest, tell_longer_than_descriptor },
	{ "length beyond the descriptor by a header", 0, serve_honest, tell_longer_by_header },
	{ "length below the descriptor", 0, serve_honest, tell_shorter_than_descriptor },
	{ "length of none", 0, serve_honest, tell_none_of_descriptor },
	{ "length without payload", 0, serve_honest, tell_payload_without_descriptor },
	{ "length beyond the largest packet", 0, serve_honest, tell_larger_than_largest },
	{ "length of 32 bits", 0, serve_honest, tell_huge },
	{ "header in pieces", 0, serve_honest, tell_in_pieces },
	{ "less than a header", 0, serve_honest, tell_less_than_header },
	{ "no byte at all", 0, serve_honest, tell_nothing_at_all },
	{ "unknown op, type and flags", 0, serve_honest, tell_unknown_values },
	{ "addresses of others", 0, serve_honest, tell_addresses_of_others },
	{ "no such connection", 0, serve_honest, tell_no_connection },
	{ "indirect descriptor", 0, serve_honest, tell_indirect },
	{ "indirect table of odd length", 0, serve_honest, tell_indirect_of_odd_length },
	{ "indirect in indirect", 0, serve_honest, tell_indirect_in_indirect },
	{ "endless chain", 0, serve_honest, tell_endless_chain },
	{ "next out of the table", 0, serve_honest, tell_next_out_of_table },
	{ "head out of the table", 0, serve_honest, tell_head_out_of_table },
	{ "address outside of memory", 0, serve_honest, tell_address_outside_memory },
	{ "descriptor across the end of memory", 0, serve_honest, tell_memory_across_its_end },
	{ "tx descriptor for writing", 0, serve_honest, tell_for_writing },
	{ "avail index far ahead", 0, serve_honest, tell_index_far_ahead },
	{ "rx buffers that cannot be written", 0, serve_honest, tell_bad_buffers },
	{ "addresses of others beside a connection", 0, NULL, beside_of_others },
	{ "another port beside a connection", 0, NULL, beside_of_another_port },
	BOTH_TYPES("another type beside a connection", NULL, beside_of_another_type),
	BOTH_TYPES("wrong lengths beside a connection", NULL, beside_lengths),
	{ "gone in mid-transfer", 0, serve_until_gone, go },
	{ "CID changed and gone in mid-transfer", 0, serve_until_gone, go_as_another },
	{ 0 },
};

int main(int argc, char **argv)
{
	return probe_main(argc, argv, cases);
}
