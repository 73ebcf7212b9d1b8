/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A device of the probe's own: QEMU's vhost-user-vsock, with this program behind it instead of
 * vhost_vsock. QEMU, docs/interop/vhost-user.rst; virtio 1.2: 2.7 (split virtqueues), 5.10
 * (socket device).
 *
 * The guest's memory is mapped here; what this program writes into its rings the guest's
 * driver reads, whatever it is.
 */
#ifndef VHOST_USER_H
#define VHOST_USER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <linux/virtio_ring.h>
#include <linux/virtio_vsock.h>

#define HEADER		((unsigned int)sizeof(struct virtio_vsock_hdr))
#define REGIONS		8
#define PARTS		32	/* of a chain */
#define LARGEST		(64u << 10)	/* VIRTIO_VSOCK_MAX_PKT_BUF_SIZE */

struct queue {
	struct vring_desc *desc;
	struct vring_avail *avail;
	struct vring_used *used;
	unsigned int size;
	uint16_t next;		/* of avail->ring */
	uint16_t given;		/* of used->ring: what used->idx is without a lie */
	int kick, call;
	bool on;		/* and as long as it is not, nothing is read or written */
	bool wants_on;		/* started again while a packet was being handled: behind that */
};

struct user_device {
	int fd;			/* to QEMU */
	uint64_t cid;		/* of the guest */
	struct {
		uint64_t guest, user, size;
		char *at;
	} regions[REGIONS];
	unsigned int region_count;
	bool told_to_enable;	/* each queue, by QEMU; else they are on from the start */
	bool handling;
	struct queue rx, tx;
};

/* A descriptor chain of the guest's. */
struct element {
	uint16_t head;
	unsigned int count;
	size_t size;		/* bytes, together */
	struct {
		char *at;
		size_t size;
	} parts[PARTS];
};

/* Where QEMU will connect to. */
int listen_for_qemu(const char *path);
/*
 * Waits there for QEMU and is its device until QEMU goes. Each packet of the guest's is
 * given to `handle`; its payload is `len` of the header, LARGEST at most. A device that the
 * guest stops meanwhile stays stopped until `handle` has returned.
 */
void be_device(int listener, uint64_t cid,
	       void (*handle)(struct user_device *device, const struct virtio_vsock_hdr *head, const char *payload))
	__attribute__((noreturn));

/* --- to the guest --- */

/* A buffer that the guest offers; false when it offers none for so long, or has stopped the device. */
bool take_buffer(struct user_device *device, struct element *element, unsigned int limit_ms);
/* As much as has room. */
void write_element(const struct element *element, size_t offset, const void *data, size_t size);
/* Gives an element back with what is said to have been written, and interrupts. */
void give_back(struct queue *queue, uint16_t head, uint32_t length);
/* The rest of it, one by one. */
void put_used(struct queue *queue, uint16_t index, uint32_t head, uint32_t length);
void set_used_index(struct queue *queue, uint16_t index);
/* A packet as it has to be, in as many as the buffers need; false when there was no buffer. */
bool send_to_guest(struct user_device *device, const struct virtio_vsock_hdr *head, const char *payload);

/* --- from the guest --- */

/* The next packet, whose element has been given back; false when none comes. */
bool take_from_guest(struct user_device *device, struct virtio_vsock_hdr *head, char *payload, unsigned int limit_ms);
/* The same, but the element is not given back. */
bool see_from_guest(struct user_device *device, struct element *element, struct virtio_vsock_hdr *head,
		    char *payload, unsigned int limit_ms);

#endif
