// SPDX-License-Identifier: GPL-2.0-only
/* A guest of the probe's own; see vring.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>
#include <linux/vhost.h>
#include <linux/virtio_config.h>
#include "probe.h"
#include "vring.h"

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
	ring->call = call.fd = eventfd(0, EFD_NONBLOCK);
	address.desc_user_addr = (uintptr_t)ring->desc;
	address.avail_user_addr = (uintptr_t)ring->avail;
	address.used_user_addr = (uintptr_t)ring->used;
	if (ioctl(guest->fd, VHOST_SET_VRING_NUM, &number) || ioctl(guest->fd, VHOST_SET_VRING_BASE, &base) ||
	    ioctl(guest->fd, VHOST_SET_VRING_ADDR, &address) || ioctl(guest->fd, VHOST_SET_VRING_KICK, &kick) ||
	    ioctl(guest->fd, VHOST_SET_VRING_CALL, &call))
		fail_errno("a vring of /dev/vhost-vsock");
}

static int set_memory(struct guest *guest)
{
	struct {
		struct vhost_memory head;
		struct vhost_memory_region region;
	} table = {
		.head = { .nregions = 1 },
		.region = {
			.guest_phys_addr = (uintptr_t)guest->memory, .userspace_addr = (uintptr_t)guest->memory,
			.memory_size = MEMORY,
		},
	};

	return ioctl(guest->fd, VHOST_SET_MEM_TABLE, &table);
}

void plug_in(struct guest *guest)
{
	guest->keeps = false;
	guest->fd = open("/dev/vhost-vsock", O_RDWR | O_CLOEXEC);
	if (guest->fd < 0)
		skip("/dev/vhost-vsock: %s", strerror(errno));
	guest->memory = mmap(NULL, MEMORY, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (guest->memory == MAP_FAILED)
		fail_errno("memory of a guest");
	if (ioctl(guest->fd, VHOST_SET_OWNER))
		fail_errno("/dev/vhost-vsock");
	set_features(guest, true);
	if (set_memory(guest))
		fail_errno("memory of /dev/vhost-vsock");
	set_ring(guest, &guest->rx, 0, guest->memory);
	set_ring(guest, &guest->tx, 1, guest->memory + 16384);
}

void set_features(struct guest *guest, bool seqpacket)
{
	uint64_t features, wanted = 1ull << VIRTIO_F_VERSION_1 | 1ull << VIRTIO_RING_F_INDIRECT_DESC;

	if (seqpacket)
		wanted |= 1ull << VIRTIO_VSOCK_F_SEQPACKET;
	if (ioctl(guest->fd, VHOST_GET_FEATURES, &features))
		fail_errno("features of /dev/vhost-vsock");
	wanted &= features;
	if (ioctl(guest->fd, VHOST_SET_FEATURES, &wanted))
		fail_errno("features for /dev/vhost-vsock");
}

#define FIRST_FAKE_CID	1000	/* far above those of guests that there are */

unsigned int fake_cid(void)
{
	/* A case is a process of its own. */
	return FIRST_FAKE_CID + (unsigned int)getpid() % 65536 * 2;
}

void set_cid(struct guest *guest, uint64_t cid)
{
	if (ioctl(guest->fd, VHOST_VSOCK_SET_GUEST_CID, &cid))
		fail_errno("CID %llu of /dev/vhost-vsock", (unsigned long long)cid);
}

void set_running(struct guest *guest, int running)
{
	if (ioctl(guest->fd, VHOST_VSOCK_SET_RUNNING, &running))
		fail_errno("%s of /dev/vhost-vsock", running ? "start" : "stop");
}

void power_on(struct guest *guest)
{
	plug_in(guest);
	set_cid(guest, fake_cid());
	set_running(guest, 1);
	give_buffers(guest);
}

void power_off(struct guest *guest)
{
	close(guest->rx.kick);
	close(guest->rx.call);
	close(guest->tx.kick);
	close(guest->tx.call);
	close(guest->fd);
	munmap(guest->memory, MEMORY);
}

void offer(struct ring *ring, uint16_t head)
{
	uint16_t index = ring->avail->idx;

	ring->avail->ring[index % QUEUE] = head;
	__atomic_store_n(&ring->avail->idx, index + 1, __ATOMIC_RELEASE);
}

void kick(struct ring *ring)
{
	uint64_t one = 1;

	if (write(ring->kick, &one, sizeof(one)) != sizeof(one))
		fail_errno("kick");
}

void publish(struct ring *ring, uint16_t head)
{
	offer(ring, head);
	kick(ring);
}

void flush(struct guest *guest)
{
	/* Any ioctl for all of vhost waits for the worker. */
	if (set_memory(guest))
		fail_errno("memory of /dev/vhost-vsock");
}

void let_work(uint64_t began)
{
	if (now_ms() - began < 5)
		sched_yield();
	else
		usleep(100);
}

/* --- from the host --- */

char *rx_buffer(struct guest *guest, unsigned int number)
{
	return guest->memory + (64u << 10) + number * RX_BYTES;
}

void offer_buffers(struct guest *guest)
{
	for (unsigned int i = 0; i < QUEUE; i++) {
		guest->rx.desc[i] = (struct vring_desc){
			.addr = (uintptr_t)rx_buffer(guest, i), .len = RX_BYTES, .flags = VRING_DESC_F_WRITE,
		};
		offer(&guest->rx, i);
	}
}

void give_buffers(struct guest *guest)
{
	offer_buffers(guest);
	kick(&guest->rx);
}

bool take_packet_with(struct guest *guest, struct virtio_vsock_hdr *head, void *payload)
{
	uint16_t index = guest->rx.seen;
	struct vring_used_elem used;

	if (__atomic_load_n(&guest->rx.used->idx, __ATOMIC_ACQUIRE) == index)
		return false;
	used = guest->rx.used->ring[index % QUEUE];
	if (used.id >= QUEUE)
		fail("the host used buffer %u of %u", used.id, QUEUE);
	guest->rx.seen++;
	memcpy(head, rx_buffer(guest, used.id), HEADER);
	if (used.len != (uint64_t)HEADER + head->len)
		fail("the host used %u bytes for a packet with %u, op %u", used.len, head->len, head->op);
	if (payload && head->len)
		memcpy(payload, rx_buffer(guest, used.id) + HEADER,
		       head->len < RX_BYTES - HEADER ? head->len : RX_BYTES - HEADER);
	if (!guest->keeps)
		publish(&guest->rx, used.id);
	return true;
}

bool take_packet(struct guest *guest, struct virtio_vsock_hdr *head)
{
	return take_packet_with(guest, head, NULL);
}

bool next_packet(struct guest *guest, struct virtio_vsock_hdr *head, unsigned int limit_ms)
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


void expect_packet(struct guest *guest, unsigned int op, struct virtio_vsock_hdr *head)
{
	static char what[60];

	snprintf(what, sizeof(what), "a packet from the host, op %u,", op);
	step(what);
	while (!next_packet(guest, head, 1000))
		;
	if (head->op != op)
		fail("op %u from the host, not %u", head->op, op);
	step("the case");
}

/* --- to the host --- */

bool take_elements(struct guest *guest)
{
	uint16_t index = __atomic_load_n(&guest->tx.used->idx, __ATOMIC_ACQUIRE);
	bool any = guest->tx.seen != index;

	for (; guest->tx.seen != index; guest->tx.seen++) {
		const struct vring_used_elem *element = &guest->tx.used->ring[guest->tx.seen % QUEUE];

		if (element->len)
			fail("the host says it wrote %u bytes to what it was to read", element->len);
		if (element->id == MARKER)
			guest->marked = true;
	}
	return any;
}

bool taken_within(struct guest *guest, unsigned int limit_ms)
{
	struct virtio_vsock_hdr answer;
	uint64_t began = now_ms();

	step("the host's taking of a packet");
	while (!take_elements(guest)) {
		while (take_packet(guest, &answer))
			;
		if (now_ms() - began > limit_ms)
			return false;
		let_work(began);
	}
	return true;
}

void publish_packet(struct guest *guest, const struct virtio_vsock_hdr *head, unsigned int payload,
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

void deliver(struct guest *guest, const struct virtio_vsock_hdr *head)
{
	uint64_t began = now_ms();

	step("the host's taking of a packet");
	(void)take_elements(guest);
	publish_packet(guest, head, head->len, LARGE);
	while (!take_elements(guest))
		let_work(began);
	step("the case");
}

void answer(struct guest *guest, const struct virtio_vsock_hdr *question, unsigned int op)
{
	struct virtio_vsock_hdr head = {
		.src_cid = fake_cid(), .dst_cid = HOST_CID, .src_port = question->dst_port,
		.dst_port = question->src_port, .type = question->type, .op = op, .buf_alloc = 256u << 10,
	};

	deliver(guest, &head);
}

void offer_packet(struct guest *guest, unsigned int number, const struct virtio_vsock_hdr *head)
{
	char *at = guest->memory + TX_AREA + number * HEADER;

	memcpy(at, head, HEADER);
	guest->tx.desc[number] = (struct vring_desc){ .addr = (uintptr_t)at, .len = HEADER };
	offer(&guest->tx, number);
}

/* --- sockets of the host --- */

int listen_without_wait(int type, unsigned int port)
{
	int fd = listen_on(type, port);

	if (fcntl(fd, F_SETFL, O_NONBLOCK))
		fail_errno("O_NONBLOCK");
	return fd;
}

int accept_from(struct guest *guest, int listener, const struct virtio_vsock_hdr *request)
{
	struct virtio_vsock_hdr response;
	int fd;

	deliver(guest, request);
	expect_packet(guest, VIRTIO_VSOCK_OP_RESPONSE, &response);
	if (response.dst_port != request->src_port || response.src_port != request->dst_port ||
	    response.type != request->type)
		fail("a response to another request");
	fd = accept(listener, NULL, NULL);
	if (fd < 0)
		fail_errno("accept of what the host has answered");
	return fd;
}

int begin_connect(int type, unsigned int port)
{
	struct sockaddr_vm address = { .svm_family = AF_VSOCK, .svm_cid = fake_cid(), .svm_port = port };
	int fd = socket(AF_VSOCK, type | SOCK_NONBLOCK, 0);

	if (fd < 0)
		fail_errno("socket");
	expect_error("connect without a wait", connect(fd, (struct sockaddr *)&address, sizeof(address)), EINPROGRESS);
	return fd;
}

bool is_connected(int fd)
{
	struct sockaddr_vm address;
	socklen_t size = sizeof(address);

	return !getpeername(fd, (struct sockaddr *)&address, &size);
}

unsigned int own_port(int fd)
{
	struct sockaddr_vm address;
	socklen_t size = sizeof(address);

	if (getsockname(fd, (struct sockaddr *)&address, &size))
		fail_errno("getsockname");
	return address.svm_port;
}
