// SPDX-License-Identifier: GPL-2.0-only
/* A device of the probe's own; see vhost-user.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <linux/vhost_types.h>
#include <linux/virtio_config.h>
#include "probe.h"
#include "vhost-user.h"

/* The requests that QEMU makes of a device with two queues and a configuration; the others need features we have not. */
enum request {
	GET_FEATURES = 1,
	SET_FEATURES = 2,
	SET_OWNER = 3,
	SET_MEM_TABLE = 5,
	SET_VRING_NUM = 8,
	SET_VRING_ADDR = 9,
	SET_VRING_BASE = 10,
	GET_VRING_BASE = 11,
	SET_VRING_KICK = 12,
	SET_VRING_CALL = 13,
	SET_VRING_ERR = 14,
	GET_PROTOCOL_FEATURES = 15,
	SET_PROTOCOL_FEATURES = 16,
	SET_VRING_ENABLE = 18,
	GET_CONFIG = 24,
};

#define VERSION			1u
#define IS_REPLY		(1u << 2)
#define F_PROTOCOL_FEATURES	30
#define PROTOCOL_F_CONFIG	9

struct message {
	uint32_t request, flags, size;
	union {
		uint64_t number;
		struct vhost_vring_state state;
		struct vhost_vring_addr address;
		struct {
			uint32_t count, padding;
			struct {
				uint64_t guest, size, user, offset;
			} regions[REGIONS];
		} memory;
		struct {
			uint32_t offset, size, flags;
			char bytes[256];
		} config;
	};
} __attribute__((packed));

#define MESSAGE_HEADER		offsetof(struct message, number)

/* --- what QEMU asks --- */

/* False when QEMU has gone. */
static bool read_message(int fd, struct message *message, int *descriptors)
{
	char control[CMSG_SPACE(REGIONS * sizeof(int))];
	struct iovec into = { .iov_base = message, .iov_len = MESSAGE_HEADER };
	struct msghdr head = {
		.msg_iov = &into, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control),
	};
	ssize_t n = recvmsg(fd, &head, MSG_CMSG_CLOEXEC | MSG_WAITALL);

	for (int i = 0; i < REGIONS; i++)
		descriptors[i] = -1;
	if (n == 0 || (n < 0 && errno == ECONNRESET))
		return false;
	if (n != (ssize_t)MESSAGE_HEADER)
		fail_errno("a message of QEMU's");
	for (struct cmsghdr *one = CMSG_FIRSTHDR(&head); one; one = CMSG_NXTHDR(&head, one))
		if (one->cmsg_level == SOL_SOCKET && one->cmsg_type == SCM_RIGHTS)
			memcpy(descriptors, CMSG_DATA(one), one->cmsg_len - CMSG_LEN(0));
	if (message->size > sizeof(*message) - MESSAGE_HEADER)
		fail("a message of QEMU's of %u bytes, request %u", message->size, message->request);
	if (message->size && recv(fd, &message->number, message->size, MSG_WAITALL) != (ssize_t)message->size)
		fail_errno("a message of QEMU's");
	return true;
}

static void reply(int fd, struct message *message, size_t size)
{
	message->flags = VERSION | IS_REPLY;
	message->size = size;
	if (send(fd, message, MESSAGE_HEADER + size, MSG_NOSIGNAL) != (ssize_t)(MESSAGE_HEADER + size))
		fail_errno("a reply to QEMU");
}

static void map_memory(struct user_device *device, const struct message *message, const int *descriptors)
{
	for (unsigned int i = 0; i < device->region_count; i++)
		munmap(device->regions[i].at, device->regions[i].size);
	device->region_count = message->memory.count;
	if (device->region_count > REGIONS)
		fail("a guest's memory in %u regions", device->region_count);
	for (unsigned int i = 0; i < device->region_count; i++) {
		device->regions[i].guest = message->memory.regions[i].guest;
		device->regions[i].user = message->memory.regions[i].user;
		device->regions[i].size = message->memory.regions[i].size;
		device->regions[i].at = mmap(NULL, message->memory.regions[i].size, PROT_READ | PROT_WRITE, MAP_SHARED,
					     descriptors[i], message->memory.regions[i].offset);
		if (device->regions[i].at == MAP_FAILED)
			fail_errno("the guest's memory");
		close(descriptors[i]);
	}
}

static void *of_guest(const struct user_device *device, uint64_t address, uint64_t size)
{
	for (unsigned int i = 0; i < device->region_count; i++)
		if (address >= device->regions[i].guest &&
		    address - device->regions[i].guest + size <= device->regions[i].size)
			return device->regions[i].at + (address - device->regions[i].guest);
	return NULL;
}

static void *of_qemu(const struct user_device *device, uint64_t address)
{
	for (unsigned int i = 0; i < device->region_count; i++)
		if (address >= device->regions[i].user && address - device->regions[i].user < device->regions[i].size)
			return device->regions[i].at + (address - device->regions[i].user);
	fail("an address of QEMU's outside of its guest's memory: %llx", (unsigned long long)address);
}

static void replace(int *old, int new)
{
	if (*old >= 0)
		close(*old);
	*old = new;
}

static struct queue *queue_of(struct user_device *device, unsigned int index)
{
	if (index > 1)
		fail("QEMU speaks of queue %u", index);
	return index ? &device->tx : &device->rx;
}

static void turn(const struct user_device *device, struct queue *queue, bool on)
{
	queue->wants_on = on;
	queue->on = on && !device->handling;
}

/* False when QEMU has gone. */
static bool answer_qemu(struct user_device *device)
{
	struct message message;
	int descriptors[REGIONS];
	struct queue *queue;

	if (!read_message(device->fd, &message, descriptors))
		return false;
	switch (message.request) {
	case GET_FEATURES:
		message.number = 1ull << VIRTIO_F_VERSION_1 | 1ull << VIRTIO_VSOCK_F_SEQPACKET |
				 1ull << F_PROTOCOL_FEATURES;
		reply(device->fd, &message, sizeof(message.number));
		break;
	case GET_PROTOCOL_FEATURES:
		message.number = 1ull << PROTOCOL_F_CONFIG;
		reply(device->fd, &message, sizeof(message.number));
		break;
	case GET_CONFIG:
		memset(message.config.bytes, 0, sizeof(message.config.bytes));
		if (message.config.offset == 0)
			memcpy(message.config.bytes, &device->cid, sizeof(device->cid));
		reply(device->fd, &message, message.size);
		break;
	case SET_MEM_TABLE:
		map_memory(device, &message, descriptors);
		break;
	case SET_VRING_NUM:
		queue_of(device, message.state.index)->size = message.state.num;
		break;
	case SET_VRING_BASE:
		queue = queue_of(device, message.state.index);
		queue->next = message.state.num;
		queue->given = message.state.num;
		break;
	case SET_VRING_ADDR:
		queue = queue_of(device, message.address.index);
		queue->desc = of_qemu(device, message.address.desc_user_addr);
		queue->avail = of_qemu(device, message.address.avail_user_addr);
		queue->used = of_qemu(device, message.address.used_user_addr);
		break;
	case SET_VRING_KICK:
		queue = queue_of(device, message.number & 0xff);
		replace(&queue->kick, descriptors[0]);
		if (!device->told_to_enable)
			turn(device, queue, true);
		break;
	case SET_FEATURES:
		device->told_to_enable = message.number >> F_PROTOCOL_FEATURES & 1;
		break;
	case SET_VRING_CALL:
		replace(&queue_of(device, message.number & 0xff)->call, descriptors[0]);
		break;
	case SET_VRING_ERR:
		if (descriptors[0] >= 0)
			close(descriptors[0]);
		break;
	case SET_VRING_ENABLE:
		turn(device, queue_of(device, message.state.index), message.state.num);
		break;
	case GET_VRING_BASE:
		queue = queue_of(device, message.state.index);
		turn(device, queue, false);
		message.state.num = queue->next;
		reply(device->fd, &message, sizeof(message.state));
		break;
	case SET_OWNER:
	case SET_PROTOCOL_FEATURES:
		break;
	default:
		fail("QEMU asks for %u, which was not offered", message.request);
	}
	return true;
}

/* Until something comes: from QEMU, which is answered, or a kick of the guest's. */
static void wait_for_work(struct user_device *device, int limit_ms)
{
	struct pollfd waits[] = {
		{ .fd = device->fd, .events = POLLIN },
		{ .fd = device->rx.on ? device->rx.kick : -1, .events = POLLIN },
		{ .fd = device->tx.on ? device->tx.kick : -1, .events = POLLIN },
	};
	uint64_t count;

	if (poll(waits, 3, limit_ms) < 0 && errno != EINTR)
		fail_errno("poll");
	for (int i = 1; i < 3; i++)
		if ((waits[i].revents & POLLIN) && read(waits[i].fd, &count, sizeof(count)) < 0 && errno != EAGAIN)
			fail_errno("a kick");
	if (waits[0].revents && !answer_qemu(device))
		_exit(EXIT_SUCCESS);
}

/* --- rings --- */

/* What lies can come to: the guest and this device no longer mean the same. Until it is started again. */
static bool give_up(struct user_device *device, const char *why)
{
	note("the device stops: %s", why);
	turn(device, &device->rx, false);
	turn(device, &device->tx, false);
	return false;
}

static bool next_element(struct user_device *device, struct queue *queue, struct element *element)
{
	uint16_t index;

	if (!queue->on || __atomic_load_n(&queue->avail->idx, __ATOMIC_ACQUIRE) == queue->next)
		return false;
	index = element->head = queue->avail->ring[queue->next % queue->size];
	queue->next++;
	element->count = 0;
	element->size = 0;
	for (;;) {
		const struct vring_desc *desc;

		if (index >= queue->size || element->count == PARTS)
			return give_up(device, "a chain of the guest's leads nowhere");
		desc = &queue->desc[index];
		element->parts[element->count].at = of_guest(device, desc->addr, desc->len);
		if (!element->parts[element->count].at)
			return give_up(device, "an address of the guest's is outside of its memory");
		element->parts[element->count++].size = desc->len;
		element->size += desc->len;
		if (!(desc->flags & VRING_DESC_F_NEXT))
			return true;
		index = desc->next;
	}
}

static bool wait_for_element(struct user_device *device, struct queue *queue, struct element *element,
			     unsigned int limit_ms)
{
	uint64_t began = now_ms(), passed;

	while (!next_element(device, queue, element)) {
		passed = now_ms() - began;
		if (passed >= limit_ms || (device->handling && !queue->on))
			return false;
		wait_for_work(device, limit_ms - passed);
	}
	return true;
}

void put_used(struct queue *queue, uint16_t index, uint32_t head, uint32_t length)
{
	if (queue->on)
		queue->used->ring[index % queue->size] = (struct vring_used_elem){ .id = head, .len = length };
}

void set_used_index(struct queue *queue, uint16_t index)
{
	uint64_t one = 1;

	if (!queue->on)
		return;
	__atomic_store_n(&queue->used->idx, index, __ATOMIC_RELEASE);
	if (queue->call >= 0 && write(queue->call, &one, sizeof(one)) < 0 && errno != EAGAIN)
		fail_errno("an interrupt");
}

void give_back(struct queue *queue, uint16_t head, uint32_t length)
{
	put_used(queue, queue->given, head, length);
	set_used_index(queue, ++queue->given);
}

/* --- to the guest --- */

bool take_buffer(struct user_device *device, struct element *element, unsigned int limit_ms)
{
	return wait_for_element(device, &device->rx, element, limit_ms);
}

/* Copies between `data` and the bytes of an element from `offset` on; gives how many. */
static size_t copy(const struct element *element, size_t offset, char *data, size_t size, bool into)
{
	size_t done = 0;

	for (unsigned int i = 0; i < element->count && done < size; i++) {
		size_t room = element->parts[i].size, piece;

		if (offset >= room) {
			offset -= room;
			continue;
		}
		piece = room - offset < size - done ? room - offset : size - done;
		if (into)
			memcpy(element->parts[i].at + offset, data + done, piece);
		else
			memcpy(data + done, element->parts[i].at + offset, piece);
		done += piece;
		offset = 0;
	}
	return done;
}

void write_element(const struct element *element, size_t offset, const void *data, size_t size)
{
	(void)copy(element, offset, (char *)data, size, true);
}

/* Of a guest that goes on, on however slow a machine. */
#define BUFFER_MS	20000

bool send_to_guest(struct user_device *device, const struct virtio_vsock_hdr *head, const char *payload)
{
	unsigned int sent = 0;

	do {
		struct virtio_vsock_hdr one = *head;
		struct element element;

		if (!take_buffer(device, &element, BUFFER_MS))
			return false;
		if (one.len - sent > element.size - HEADER) {
			one.flags &= ~(VIRTIO_VSOCK_SEQ_EOM | VIRTIO_VSOCK_SEQ_EOR);
			one.len = element.size - HEADER;
		} else {
			one.len -= sent;
		}
		write_element(&element, 0, &one, HEADER);
		write_element(&element, HEADER, payload + sent, one.len);
		give_back(&device->rx, element.head, HEADER + one.len);
		sent += one.len;
	} while (sent < head->len);
	return true;
}

/* --- from the guest --- */

bool see_from_guest(struct user_device *device, struct element *element, struct virtio_vsock_hdr *head,
		    char *payload, unsigned int limit_ms)
{
	if (!wait_for_element(device, &device->tx, element, limit_ms))
		return false;
	if (copy(element, 0, (char *)head, HEADER, false) != HEADER || head->len > LARGEST ||
	    element->size != HEADER + head->len)
		return give_up(device, "a packet of the guest's is not as long as its header tells");
	(void)copy(element, HEADER, payload, head->len, false);
	return true;
}

bool take_from_guest(struct user_device *device, struct virtio_vsock_hdr *head, char *payload, unsigned int limit_ms)
{
	struct element element;

	if (!see_from_guest(device, &element, head, payload, limit_ms))
		return false;
	give_back(&device->tx, element.head, 0);
	return true;
}

/* --- */

#define EVER_MS		1000000000u

int listen_for_qemu(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	if (listener < 0 || bind(listener, (struct sockaddr *)&address, sizeof(address)) || listen(listener, 1))
		fail_errno("%s", path);
	return listener;
}

void be_device(int listener, uint64_t cid,
	       void (*handle)(struct user_device *device, const struct virtio_vsock_hdr *head, const char *payload))
{
	static char payload[LARGEST];
	struct user_device device = {
		.cid = cid, .rx = { .kick = -1, .call = -1 }, .tx = { .kick = -1, .call = -1 },
	};

	device.fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	if (device.fd < 0)
		fail_errno("accept of QEMU");
	close(listener);
	for (;;) {
		struct virtio_vsock_hdr head;

		if (!take_from_guest(&device, &head, payload, EVER_MS))
			continue;
		device.handling = true;
		handle(&device, &head, payload);
		device.handling = false;
		turn(&device, &device.rx, device.rx.wants_on);
		turn(&device, &device.tx, device.tx.wants_on);
	}
}
