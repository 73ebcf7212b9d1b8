/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A guest of the probe's own: /dev/vhost-vsock with vrings in the probe's memory instead of
 * QEMU's. Virtio 1.2: 2.7 (split virtqueues), 5.10 (socket device); the ioctls are those of
 * include/uapi/linux/vhost.h.
 *
 * What is taken out of a ring has to keep to its rules: the host says that it wrote nothing
 * into a tx element, and into a rx element its packet.
 */
#ifndef VRING_H
#define VRING_H

#include <stdbool.h>
#include <stdint.h>
#include <linux/virtio_ring.h>
#include <linux/virtio_vsock.h>

#define HOST_CID	2	/* VMADDR_CID_HOST */
#define QUEUE		64
#define RX_BYTES	4096
#define MEMORY		(4u << 20)
#define TX_AREA		(1u << 20)	/* behind the rings and the rx buffers: what is sent */
#define LARGE		(64u << 10)	/* VIRTIO_VSOCK_MAX_PKT_BUF_SIZE */
#define HEADER		((unsigned int)sizeof(struct virtio_vsock_hdr))

struct ring {
	struct vring_desc *desc;
	struct vring_avail *avail;
	struct vring_used *used;
	int kick, call;
	uint16_t seen;	/* of used->idx */
};

/* The last element of a ring: publish_packet() does not come to it. */
#define MARKER	(QUEUE - 1)

struct guest {
	int fd;
	char *memory;
	struct ring rx, tx;
	bool keeps;	/* the buffers that it takes, instead of offering them again */
	bool marked;	/* take_elements() has met MARKER */
};

/*
 * Of this case alone. What the host has not closed to the end it resets after VSOCK_CLOSE_TIMEOUT, 8 s, and that
 * reset goes to whoever has the CID by then: it must be nobody. The one after it is the case's own as well.
 */
unsigned int fake_cid(void);

/* A device with memory and rings, but without CID and buffers, which does not run. */
void plug_in(struct guest *guest);
void set_features(struct guest *guest, bool seqpacket);
void set_cid(struct guest *guest, uint64_t cid);
void set_running(struct guest *guest, int running);
/* A device that runs, with all its buffers on offer. */
void power_on(struct guest *guest);
void power_off(struct guest *guest);

/* An element is on offer; the host is told of it by a kick; both. */
void offer(struct ring *ring, uint16_t head);
void kick(struct ring *ring);
void publish(struct ring *ring, uint16_t head);
/* The host's worker has had a turn for everything that it was asked for until now. */
void flush(struct guest *guest);
/* The host's worker needs a moment: less than the tick that the shortest sleep may be. */
void let_work(uint64_t began);

/* --- from the host --- */

char *rx_buffer(struct guest *guest, unsigned int number);
/* All of them; the second kicks. */
void offer_buffers(struct guest *guest);
void give_buffers(struct guest *guest);
/* A packet that is there already, with its payload or without; its buffer is on offer again. */
bool take_packet_with(struct guest *guest, struct virtio_vsock_hdr *head, void *payload);
bool take_packet(struct guest *guest, struct virtio_vsock_hdr *head);
/* The next packet that is not about credit; false when none comes. */
bool next_packet(struct guest *guest, struct virtio_vsock_hdr *head, unsigned int limit_ms);
/* The same, and it has to be this one. */
void expect_packet(struct guest *guest, unsigned int op, struct virtio_vsock_hdr *head);

/* --- to the host --- */

/* Those that the host has given back; false when there are none. */
bool take_elements(struct guest *guest);
/*
 * True when the host has taken what was published; false when it leaves it lying. What it
 * answers meanwhile is thrown away: as long as its answers are not taken, it takes nothing.
 */
bool taken_within(struct guest *guest, unsigned int limit_ms);
/* A header, and payload in descriptors of at most `piece` bytes. */
void publish_packet(struct guest *guest, const struct virtio_vsock_hdr *head, unsigned int payload,
		    unsigned int piece);
/* With as much payload as it says, until the host has taken it; the answers are left where they are. */
void deliver(struct guest *guest, const struct virtio_vsock_hdr *head);
/* The same for what goes back to where a packet came from. */
void answer(struct guest *guest, const struct virtio_vsock_hdr *question, unsigned int op);
/* Without payload, in descriptor `number`, and without a kick. */
void offer_packet(struct guest *guest, unsigned int number, const struct virtio_vsock_hdr *head);

/* --- sockets of the host --- */

int listen_without_wait(int type, unsigned int port);
/* The guest asks for a connection, and gets it. */
int accept_from(struct guest *guest, int listener, const struct virtio_vsock_hdr *request);
/* A connect() to the guest that is under way. */
int begin_connect(int type, unsigned int port);
bool is_connected(int fd);
unsigned int own_port(int fd);

#endif
