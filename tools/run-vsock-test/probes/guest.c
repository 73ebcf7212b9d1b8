// SPDX-License-Identifier: GPL-2.0-only
/*
 * A guest that lies to the host: /dev/vhost-vsock with vrings of the probe's own instead
 * of QEMU's. Headers whose length is not that of their descriptors, with values that there
 * are not, for others' addresses; chains that are cut, endless, or lead nowhere. The host
 * refuses them, nothing dies, nothing grows, and an honest connection works afterwards.
 *
 * Both sides are in the host. Virtio 1.2: 2.7 (split virtqueues), 5.10 (socket device);
 * the ioctls are those of include/uapi/linux/vhost.h.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>
#include <linux/vhost.h>
#include <linux/virtio_config.h>
#include <linux/virtio_ring.h>
#include <linux/virtio_vsock.h>
#include "probe.h"

#define FAKE_CID	77
#define HOST_CID	2	/* VMADDR_CID_HOST */
#define OWN_PORT	1111	/* of the honest connection */
#define LYING_PORT	2222
#define QUEUE		64
#define RX_BYTES	4096
#define MEMORY		(4u << 20)
#define TX_AREA		(1u << 20)	/* behind the rings and the rx buffers: what is sent */
#define LARGE		(64u << 10)	/* VIRTIO_VSOCK_MAX_PKT_BUF_SIZE */
#define TAKING_MS	30	/* what the host has not given back by then it will not, or not soon */
#define HEADER		((unsigned int)sizeof(struct virtio_vsock_hdr))

struct ring {
	struct vring_desc *desc;
	struct vring_avail *avail;
	struct vring_used *used;
	int kick;
	uint16_t seen;	/* of used->idx */
};

struct guest {
	int fd;
	char *memory;
	struct ring rx, tx;
};

static void set_ring(struct guest *guest, struct ring *ring, unsigned int index, char *at)
{
	struct vhost_vring_state number = { .index = index, .num = QUEUE }, base = { .index = index };
	struct vhost_vring_file kick = { .index = index }, call = { .index = index };
	struct vhost_vring_addr address = { .index = index };

	ring->desc = (void *)at;
	ring->avail = (void *)(at + 4096);
	ring->used = (void *)(at + 8192);
	ring->seen = 0;
	ring->kick = kick.fd = eventfd(0, EFD_NONBLOCK);
	call.fd = eventfd(0, EFD_NONBLOCK);
	address.desc_user_addr = (uintptr_t)ring->desc;
	address.avail_user_addr = (uintptr_t)ring->avail;
	address.used_user_addr = (uintptr_t)ring->used;
	if (ioctl(guest->fd, VHOST_SET_VRING_NUM, &number) || ioctl(guest->fd, VHOST_SET_VRING_BASE, &base) ||
	    ioctl(guest->fd, VHOST_SET_VRING_ADDR, &address) || ioctl(guest->fd, VHOST_SET_VRING_KICK, &kick) ||
	    ioctl(guest->fd, VHOST_SET_VRING_CALL, &call))
		fail_errno("a vring of /dev/vhost-vsock");
	close(call.fd);
}

static void publish(struct ring *ring, uint16_t head)
{
	uint64_t one = 1;
	uint16_t index = ring->avail->idx;

	ring->avail->ring[index % QUEUE] = head;
	__atomic_store_n(&ring->avail->idx, index + 1, __ATOMIC_RELEASE);
	if (write(ring->kick, &one, sizeof(one)) != sizeof(one))
		fail_errno("kick");
}

static char *rx_buffer(struct guest *guest, unsigned int number)
{
	return guest->memory + (64u << 10) + number * RX_BYTES;
}

static void give_buffers(struct guest *guest)
{
	for (unsigned int i = 0; i < QUEUE; i++) {
		guest->rx.desc[i] = (struct vring_desc){
			.addr = (uintptr_t)rx_buffer(guest, i), .len = RX_BYTES, .flags = VRING_DESC_F_WRITE,
		};
		publish(&guest->rx, i);
	}
}

/* Powers on: a device with all its buffers on offer. */
static void power_on(struct guest *guest)
{
	struct {
		struct vhost_memory head;
		struct vhost_memory_region region;
	} table = { .head = { .nregions = 1 } };
	uint64_t cid = FAKE_CID, features, wanted;
	int running = 1;

	guest->fd = open("/dev/vhost-vsock", O_RDWR | O_CLOEXEC);
	if (guest->fd < 0)
		skip("/dev/vhost-vsock: %s", strerror(errno));
	guest->memory = mmap(NULL, MEMORY, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (guest->memory == MAP_FAILED)
		fail_errno("memory of a guest");
	table.region = (struct vhost_memory_region){
		.guest_phys_addr = (uintptr_t)guest->memory, .userspace_addr = (uintptr_t)guest->memory,
		.memory_size = MEMORY,
	};
	if (ioctl(guest->fd, VHOST_SET_OWNER) || ioctl(guest->fd, VHOST_GET_FEATURES, &features))
		fail_errno("/dev/vhost-vsock");
	wanted = features & (1ull << VIRTIO_F_VERSION_1 | 1ull << VIRTIO_RING_F_INDIRECT_DESC |
			     1ull << VIRTIO_VSOCK_F_SEQPACKET);
	if (ioctl(guest->fd, VHOST_SET_FEATURES, &wanted) ||
	    ioctl(guest->fd, VHOST_SET_MEM_TABLE, &table))
		fail_errno("features and memory of /dev/vhost-vsock");
	set_ring(guest, &guest->rx, 0, guest->memory);
	set_ring(guest, &guest->tx, 1, guest->memory + 16384);
	if (ioctl(guest->fd, VHOST_VSOCK_SET_GUEST_CID, &cid) ||
	    ioctl(guest->fd, VHOST_VSOCK_SET_RUNNING, &running))
		fail_errno("start of /dev/vhost-vsock");
	give_buffers(guest);
}

static void power_off(struct guest *guest)
{
	close(guest->rx.kick);
	close(guest->tx.kick);
	close(guest->fd);
	munmap(guest->memory, MEMORY);
}

static struct virtio_vsock_hdr header(unsigned int op, unsigned int len)
{
	return (struct virtio_vsock_hdr){
		.src_cid = FAKE_CID, .dst_cid = HOST_CID, .src_port = LYING_PORT, .dst_port = PROBE_PORT,
		.len = len, .type = VIRTIO_VSOCK_TYPE_STREAM, .op = op, .buf_alloc = 256u << 10,
	};
}

/* A packet from the host that is there already; its buffer is on offer again. */
static bool take_packet(struct guest *guest, struct virtio_vsock_hdr *head)
{
	uint16_t index = guest->rx.seen;
	unsigned int number;

	if (__atomic_load_n(&guest->rx.used->idx, __ATOMIC_ACQUIRE) == index)
		return false;
	number = guest->rx.used->ring[index % QUEUE].id;
	if (number >= QUEUE)
		fail("the host used buffer %u of %u", number, QUEUE);
	guest->rx.seen++;
	memcpy(head, rx_buffer(guest, number), HEADER);
	publish(&guest->rx, number);
	return true;
}

/* The host's worker needs a moment: less than the tick that the shortest sleep may be. */
static void let_work(uint64_t began)
{
	if (now_ms() - began < 5)
		sched_yield();
	else
		usleep(100);
}

/*
 * True when the host has taken what was published; false when it leaves it lying. What it
 * answers meanwhile is thrown away: as long as its answers are not taken, it takes nothing.
 */
static bool taken_within(struct guest *guest, unsigned int limit_ms)
{
	struct virtio_vsock_hdr answer;
	uint64_t began = now_ms();

	step("the host's taking of a packet");
	while (__atomic_load_n(&guest->tx.used->idx, __ATOMIC_ACQUIRE) == guest->tx.seen) {
		while (take_packet(guest, &answer))
			;
		if (now_ms() - began > limit_ms)
			return false;
		let_work(began);
	}
	guest->tx.seen = guest->tx.used->idx;
	return true;
}

static bool taken(struct guest *guest)
{
	return taken_within(guest, TAKING_MS);
}

/* A header, and payload in descriptors of at most `piece` bytes. */
static void publish_packet(struct guest *guest, const struct virtio_vsock_hdr *head, unsigned int payload,
			   unsigned int piece)
{
	char *at = guest->memory + TX_AREA;
	unsigned int total = HEADER + payload, first = HEADER < piece ? HEADER : piece, number = 0;

	memcpy(at, head, HEADER);
	fill_pattern(at + HEADER, payload, 0, 1);
	for (unsigned int done = 0; done < total; number++) {
		unsigned int length = done < HEADER ? (HEADER - done < first ? HEADER - done : first) : piece;

		if (length > total - done)
			length = total - done;
		guest->tx.desc[number] = (struct vring_desc){
			.addr = (uintptr_t)at + done, .len = length, .flags = VRING_DESC_F_NEXT, .next = number + 1,
		};
		done += length;
	}
	guest->tx.desc[number - 1].flags = 0;
	publish(&guest->tx, 0);
}

static bool send_packet(struct guest *guest, const struct virtio_vsock_hdr *head, unsigned int payload,
			unsigned int piece)
{
	publish_packet(guest, head, payload, piece);
	return taken(guest);
}

/* The next packet from the host that is not about credit; false when none comes. */
static bool next_packet(struct guest *guest, struct virtio_vsock_hdr *head, unsigned int limit_ms)
{
	uint64_t began = now_ms();

	for (;;) {
		if (!take_packet(guest, head)) {
			if (now_ms() - began > limit_ms)
				return false;
			let_work(began);
		} else if (head->op != VIRTIO_VSOCK_OP_CREDIT_UPDATE && head->op != VIRTIO_VSOCK_OP_CREDIT_REQUEST) {
			return true;
		}
	}
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
	guest->tx.seen = guest->tx.used->idx;
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

/* SUnreclaim of /proc/meminfo, KiB. */
static long kernel_memory(void)
{
	char line[128];
	long kb = -1;
	FILE *stream = fopen("/proc/meminfo", "r");

	if (!stream)
		fail_errno("/proc/meminfo");
	while (fgets(line, sizeof(line), stream) && sscanf(line, "SUnreclaim: %ld", &kb) != 1)
		;
	fclose(stream);
	return kb;
}

#define TIMES		40
/* A packet of LARGE that is lost each time is 2.5 MiB. */
#define LOST_KB		1500

/*
 * Tells the lie often, in a device of its own. `survives`: the device has to go on working;
 * of broken rings the host may stop it.
 */
static void lie(bool (*one)(struct guest *guest), bool survives)
{
	struct guest guest;
	long before;

	await("LISTENING");
	power_on(&guest);
	one(&guest);
	before = kernel_memory();
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
	if (kernel_memory() - before > LOST_KB)
		fail("%ld KiB of the host's kernel memory more", kernel_memory() - before);
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
	return taken(guest);
}

static bool nothing_at_all(struct guest *guest)
{
	guest->tx.desc[0] = (struct vring_desc){ .addr = (uintptr_t)guest->memory + TX_AREA, .len = 0 };
	publish(&guest->tx, 0);
	return taken(guest);
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
	static const unsigned int cids[] = { 0, 1, HOST_CID, 3, FAKE_CID, 0xffffffff };
	bool goes_on = true;

	for (unsigned int i = 0; i < sizeof(cids) / sizeof(cids[0]) && goes_on; i++) {
		struct virtio_vsock_hdr from = header(VIRTIO_VSOCK_OP_REQUEST, 0), to = from;

		from.src_cid = i == 4 ? 0xffffffff00000000ull | FAKE_CID : cids[i];
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
	return send_packet(guest, &head, 0, LARGE);
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
			if (errno != EPIPE && errno != ECONNRESET && errno != ENODEV && errno != ENOTCONN)
				fail_errno("send to a guest that has gone");
		}
		close(fd);
		tell("CLOSED");
	}
	serve_on(listener);
}

static void go_in_the_middle(bool as_another)
{
	uint64_t other = FAKE_CID + 1;
	struct virtio_vsock_hdr head;
	struct guest guest;

	await("LISTENING");
	for (int i = 0; i < GOES; i++) {
		power_on(&guest);
		head = honest(VIRTIO_VSOCK_OP_REQUEST, 0);
		/* A socket of the last guest may hold its port for VSOCK_CLOSE_TIMEOUT. */
		head.src_port = OWN_PORT + (as_another ? 100 : 200) + i;
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
	{ "gone in mid-transfer", 0, serve_until_gone, go },
	{ "CID changed and gone in mid-transfer", 0, serve_until_gone, go_as_another },
	{ 0 },
};

int main(int argc, char **argv)
{
	return probe_main(argc, argv, cases);
}
