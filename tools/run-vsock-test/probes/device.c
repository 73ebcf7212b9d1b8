// SPDX-License-Identifier: GPL-2.0-only
/*
 * The device as its guest sees it: /dev/vhost-vsock under a guest of the probe's own that
 * keeps to the rules, and looks at what QEMU and a kernel do not show. CIDs, features, start
 * and stop; elements, signals and lengths in the rings; packets in pieces; queues that are
 * full, and go on.
 *
 * Both sides are in the host; what is between them is in vring.h.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/time.h>
#include <unistd.h>
#include <linux/vhost.h>
#include "probe.h"
#include "vring.h"

/* Others for each case: what is left of one that failed answers to its ports for some seconds. */
#define GUEST_PORT	10000
#define NOBODY		4444	/* a port of the host where nobody listens */
#define ENDS		(VIRTIO_VSOCK_SEQ_EOM | VIRTIO_VSOCK_SEQ_EOR)

static struct virtio_vsock_hdr request_of(int type, unsigned int port)
{
	return (struct virtio_vsock_hdr){
		.src_cid = fake_cid(), .dst_cid = HOST_CID, .src_port = port, .dst_port = PROBE_PORT,
		.type = type == SOCK_SEQPACKET ? VIRTIO_VSOCK_TYPE_SEQPACKET : VIRTIO_VSOCK_TYPE_STREAM,
		.op = VIRTIO_VSOCK_OP_REQUEST, .buf_alloc = 256u << 10,
	};
}

/* It runs, and has no rx buffer yet. */
static void power_on_without_buffers(struct guest *guest)
{
	plug_in(guest);
	set_cid(guest, fake_cid());
	set_running(guest, 1);
}

static void expect_silence(struct guest *guest)
{
	struct virtio_vsock_hdr head;

	flush(guest);
	if (next_packet(guest, &head, 0))
		fail("op %u from the host to port %u, where nothing was to be said", head.op, head.dst_port);
}

/* Connected from the host, with the request that has to be the next packet. */
static void serve(struct guest *guest, int fd)
{
	struct virtio_vsock_hdr request;

	expect_packet(guest, VIRTIO_VSOCK_OP_REQUEST, &request);
	if (request.src_port != own_port(fd))
		fail("a request of port %u, where that of port %u was next", request.src_port, own_port(fd));
	answer(guest, &request, VIRTIO_VSOCK_OP_RESPONSE);
	if (!is_connected(fd))
		fail("connect() has not been answered");
}

/* --- CIDs and features --- */

static void expect_no_cid(struct guest *guest, uint64_t cid, int error)
{
	char what[60];

	snprintf(what, sizeof(what), "a CID of 0x%llx", (unsigned long long)cid);
	expect_error(what, ioctl(guest->fd, VHOST_VSOCK_SET_GUEST_CID, &cid), error);
}

/* Whether a connect() comes to a guest of this CID, or nowhere. It does not run: no answer comes. */
static void expect_guest(uint64_t cid, bool there)
{
	struct sockaddr_vm address = { .svm_family = AF_VSOCK, .svm_cid = cid, .svm_port = GUEST_PORT };
	int fd = socket(AF_VSOCK, SOCK_STREAM | SOCK_NONBLOCK, 0);

	if (!connect(fd, (struct sockaddr *)&address, sizeof(address)))
		fail("connected to a guest that does not run");
	if ((errno != ENODEV) != there)
		fail_errno("connect to CID %llu, which a device %s", (unsigned long long)cid, there ? "has" : "had");
	close(fd);
}

static void cids(const struct probe_side *side)
{
	const uint64_t none[] = {
		0, 1, HOST_CID, 0xffffffff, 1ull << 32, 1ull << 32 | fake_cid(), 1ull << 63 | fake_cid(),
		0xffffffff00000000ull | fake_cid(), 0xffffffffffffffffull,
	};
	struct guest guest, other;

	(void)side;
	plug_in(&guest);
	plug_in(&other);
	for (unsigned int i = 0; i < 2 * sizeof(none) / sizeof(none[0]); i++) {
		/* The second time it has one, and keeps it. */
		if (i == sizeof(none) / sizeof(none[0]))
			set_cid(&guest, fake_cid());
		expect_no_cid(&guest, none[i % (sizeof(none) / sizeof(none[0]))], EINVAL);
	}
	expect_no_cid(&other, fake_cid(), EADDRINUSE);
	set_cid(&guest, fake_cid());
	expect_guest(fake_cid(), true);
	set_cid(&guest, fake_cid() + 1);
	expect_guest(fake_cid() + 1, true);
	expect_guest(fake_cid(), false);
	set_cid(&other, fake_cid());
	expect_no_cid(&guest, fake_cid(), EADDRINUSE);
	power_off(&other);
	set_cid(&guest, fake_cid());
	power_off(&guest);
}

/* Nothing of a device outlives it but the sockets, which know. */
static void gone(const struct probe_side *side)
{
	struct sockaddr_vm address = { .svm_family = AF_VSOCK, .svm_cid = fake_cid(), .svm_port = GUEST_PORT };
	int listener = listen_without_wait(side->type, PROBE_PORT);

	for (unsigned int i = 0; i < 3; i++) {
		struct virtio_vsock_hdr request = request_of(side->type, GUEST_PORT + i);
		struct pollfd poll_for = { .events = POLLIN };
		struct guest guest;
		char byte = 0;
		int fd;

		/* With the CID of the one before. */
		power_on(&guest);
		poll_for.fd = accept_from(&guest, listener, &request);
		power_off(&guest);
		if (poll(&poll_for, 1, 0) != 1)
			fail("nobody is told that the guest has gone");
		errno = 0;
		if (recv(poll_for.fd, &byte, 1, MSG_DONTWAIT) > 0 || errno == EAGAIN)
			fail("recv() waits for a guest that has gone");
		if (send(poll_for.fd, &byte, 1, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0 || errno == EAGAIN)
			fail("send() has room for a guest that has gone");
		close(poll_for.fd);
		fd = socket(AF_VSOCK, SOCK_STREAM | SOCK_NONBLOCK, 0);
		expect_error("connect to a guest that has gone", connect(fd, (void *)&address, sizeof(address)),
			     ENODEV);
		close(fd);
	}
}

static void expect_type(int type, int error)
{
	struct sockaddr_vm address = { .svm_family = AF_VSOCK, .svm_cid = fake_cid(), .svm_port = GUEST_PORT };
	int fd = socket(AF_VSOCK, type | SOCK_NONBLOCK, 0);

	if (fd < 0)
		fail_errno("socket");
	expect_error(type == SOCK_STREAM ? "connect of SOCK_STREAM" : "connect of SOCK_SEQPACKET",
		     connect(fd, (void *)&address, sizeof(address)), error);
	close(fd);
}

static void features(const struct probe_side *side)
{
	struct guest guest;

	(void)side;
	power_on(&guest);
	for (unsigned int i = 0; i < 4; i++) {
		set_features(&guest, i % 2);
		expect_type(SOCK_STREAM, EINPROGRESS);
		expect_type(SOCK_SEQPACKET, i % 2 ? EINPROGRESS : ESOCKTNOSUPPORT);
	}
	power_off(&guest);
}

/* --- start and stop --- */

static void start(const struct probe_side *side)
{
	struct sockaddr_vm address = { .svm_family = AF_VSOCK, .svm_cid = fake_cid(), .svm_port = GUEST_PORT };
	struct guest guest;
	int fds[3];

	(void)side;
	plug_in(&guest);
	set_cid(&guest, fake_cid());
	/* No kick from here on: the start alone has to do. */
	offer_buffers(&guest);
	for (unsigned int i = 0; i < 3; i++) {
		fds[i] = socket(AF_VSOCK, SOCK_STREAM | SOCK_NONBLOCK, 0);
		if (!connect(fds[i], (void *)&address, sizeof(address)))
			fail("connect to a guest that is not there yet");
		/* A kernel may as well refuse it at once. */
		if (errno == EHOSTUNREACH)
			skip("connect() does not wait for the start of a guest");
		if (errno != EINPROGRESS)
			fail_errno("connect to a guest that is not there yet");
	}
	flush(&guest);
	if (guest.rx.used->idx)
		fail("a device that does not run has written to its guest");
	set_running(&guest, 1);
	/* Taking a packet gives its buffer back, with a kick: all at once. */
	step("what has waited for the start");
	for (uint64_t began = now_ms(); __atomic_load_n(&guest.rx.used->idx, __ATOMIC_ACQUIRE) < 3;)
		let_work(began);
	for (unsigned int i = 0; i < 3; i++)
		serve(&guest, fds[i]);
	expect_silence(&guest);
	power_off(&guest);
}

static void stop(const struct probe_side *side)
{
	struct virtio_vsock_hdr connection = request_of(SOCK_STREAM, GUEST_PORT), head = connection, got;
	int listener = listen_without_wait(SOCK_STREAM, PROBE_PORT), fd;
	char data[1000], back[1000];
	struct guest guest;

	(void)side;
	fill_pattern(data, sizeof(data), 0, 1);
	power_on(&guest);
	fd = accept_from(&guest, listener, &connection);
	head.op = VIRTIO_VSOCK_OP_RW;
	head.len = sizeof(data);
	for (unsigned int i = 0; i < 3; i++) {
		uint16_t written;

		set_running(&guest, 0);
		written = guest.rx.used->idx;
		for (unsigned int index = 0; index < 2; index++) {
			struct vhost_vring_state number = { .index = index, .num = QUEUE };

			if (ioctl(guest.fd, VHOST_SET_VRING_NUM, &number))
				fail_errno("a new size for ring %u of a device that is stopped", index);
		}
		publish_packet(&guest, &head, sizeof(data), LARGE);
		send_all(fd, data, sizeof(data));
		flush(&guest);
		if (take_elements(&guest))
			fail("a device that is stopped reads on");
		if (guest.rx.used->idx != written)
			fail("a device that is stopped writes on");
		expect_nothing(fd);
		set_running(&guest, 1);
		kick(&guest.tx);
		step("a packet that has waited for the start");
		recv_all(fd, back, sizeof(back));
		check_pattern(back, sizeof(back), 0, 1);
		expect_packet(&guest, VIRTIO_VSOCK_OP_RW, &got);
		if (got.len != sizeof(data))
			fail("%u bytes after the start, not %zu", got.len, sizeof(data));
		/* Its element may come a moment behind its bytes. */
		flush(&guest);
		(void)take_elements(&guest);
	}
	power_off(&guest);
}

/* --- elements --- */

static void clear_signal(struct ring *ring)
{
	uint64_t count;

	(void)!read(ring->call, &count, sizeof(count));
}

static void expect_signal(struct ring *ring, const char *what)
{
	uint64_t began = now_ms(), count;

	step(what);
	while (read(ring->call, &count, sizeof(count)) != sizeof(count))
		let_work(began);
	step("the case");
}

/* Each on its own: used, with nothing written, and the guest is told. */
static void signals(const struct probe_side *side)
{
	static const struct {
		unsigned int op, len, port, type;
	} sent[] = {
		{ VIRTIO_VSOCK_OP_RST, 0, NOBODY, VIRTIO_VSOCK_TYPE_STREAM },
		{ VIRTIO_VSOCK_OP_RW, 100, NOBODY, VIRTIO_VSOCK_TYPE_STREAM },
		{ VIRTIO_VSOCK_OP_REQUEST, 0, NOBODY, 99 },
		{ VIRTIO_VSOCK_OP_CREDIT_UPDATE, 0, PROBE_PORT, VIRTIO_VSOCK_TYPE_STREAM },
		{ VIRTIO_VSOCK_OP_CREDIT_REQUEST, 0, PROBE_PORT, VIRTIO_VSOCK_TYPE_STREAM },
		{ VIRTIO_VSOCK_OP_RW, 1, PROBE_PORT, VIRTIO_VSOCK_TYPE_STREAM },
		{ VIRTIO_VSOCK_OP_RW, LARGE, PROBE_PORT, VIRTIO_VSOCK_TYPE_STREAM },
		{ VIRTIO_VSOCK_OP_SHUTDOWN, 0, PROBE_PORT, VIRTIO_VSOCK_TYPE_STREAM },
		{ VIRTIO_VSOCK_OP_RST, 0, PROBE_PORT, VIRTIO_VSOCK_TYPE_STREAM },
	};
	struct virtio_vsock_hdr connection = request_of(SOCK_STREAM, GUEST_PORT), head;
	int listener = listen_without_wait(SOCK_STREAM, PROBE_PORT);
	struct guest guest;

	(void)side;
	power_on(&guest);
	clear_signal(&guest.tx);
	clear_signal(&guest.rx);
	accept_from(&guest, listener, &connection);
	expect_signal(&guest.tx, "a signal for a tx element");
	expect_signal(&guest.rx, "a signal for a rx element");
	for (unsigned int i = 0; i < sizeof(sent) / sizeof(sent[0]); i++) {
		head = connection;
		head.op = sent[i].op;
		head.len = sent[i].len;
		head.dst_port = sent[i].port;
		head.type = sent[i].type;
		deliver(&guest, &head);
		expect_signal(&guest.tx, "a signal for a tx element");
	}
	/* One that is thrown away as well. */
	head.src_cid = fake_cid() + 1;
	deliver(&guest, &head);
	expect_signal(&guest.tx, "a signal for a tx element of another CID");
	power_off(&guest);
}

/* Into buffers of all sizes: of each message the pieces are the whole, and its end is in the last one. */
static void pieces(const struct probe_side *side)
{
	static const unsigned int buffers[] = { HEADER + 1, 100, 1000, RX_BYTES, 2048, 333, HEADER + 3, RX_BYTES - 1 };
	static const unsigned int messages[] = { 1, 2, 55, 56, 57, 4053, 8104, 5000, LARGE, LARGE + 1, 70000, 30 };
	struct virtio_vsock_hdr connection = request_of(side->type, GUEST_PORT), head;
	int listener = listen_without_wait(side->type, PROBE_PORT), fd;
	static char data[LARGE * 2], piece[RX_BYTES];
	const unsigned int ends = side->type == SOCK_SEQPACKET ? ENDS : 0;
	struct guest guest;

	connection.buf_alloc = 1u << 20;
	power_on_without_buffers(&guest);
	for (unsigned int i = 0; i < QUEUE; i++) {
		guest.rx.desc[i] = (struct vring_desc){
			.addr = (uintptr_t)rx_buffer(&guest, i), .len = buffers[i % 8], .flags = VRING_DESC_F_WRITE,
		};
		publish(&guest.rx, i);
	}
	fd = accept_from(&guest, listener, &connection);
	for (unsigned int i = 0; i < sizeof(messages) / sizeof(messages[0]); i++) {
		const bool eor = i % 3 != 1;
		unsigned int got = 0, want;

		fill_pattern(data, messages[i], 0, i);
		step("send of a message");
		if (send(fd, data, messages[i], MSG_NOSIGNAL | (eor ? MSG_EOR : 0)) != (ssize_t)messages[i])
			fail_errno("send of %u bytes", messages[i]);
		step("the pieces of a message");
		for (uint64_t began = now_ms(); got < messages[i];) {
			if (!take_packet_with(&guest, &head, piece)) {
				let_work(began);
				continue;
			}
			if (head.op != VIRTIO_VSOCK_OP_RW || head.type != connection.type || !head.len)
				fail("op %u of type %u with %u bytes in a message", head.op, head.type, head.len);
			if (head.len > messages[i] - got)
				fail("a piece of %u bytes, where %u were left", head.len, messages[i] - got);
			check_pattern(piece, head.len, got, i);
			got += head.len;
			want = got < messages[i] ? 0 : ends & (eor ? ENDS : VIRTIO_VSOCK_SEQ_EOM);
			if (head.flags != want)
				fail("flags 0x%x, not 0x%x, after %u of %u bytes", head.flags, want, got, messages[i]);
			if (head.src_cid != HOST_CID || head.dst_cid != fake_cid() || head.src_port != PROBE_PORT ||
			    head.dst_port != GUEST_PORT || head.buf_alloc != 256u << 10 || head.fwd_cnt)
				fail("a piece with another header than its message");
		}
	}
	expect_silence(&guest);
	power_off(&guest);
}

/* --- queues that are full --- */

/* What a connect() that is given up has sent is not seen by a guest that looks later. */
static void given_up(const struct probe_side *side)
{
	struct sockaddr_vm address = { .svm_family = AF_VSOCK, .svm_cid = fake_cid(), .svm_port = GUEST_PORT };
	struct timeval soon = { .tv_usec = 20 * 1000 };
	struct guest guest;
	int fd;

	power_on_without_buffers(&guest);
	for (unsigned int i = 0; i < 3; i++) {
		struct pollfd poll_for;
		int error = 0;
		socklen_t size = sizeof(error);

		fd = poll_for.fd = socket(AF_VSOCK, side->type | (i == 1 ? SOCK_NONBLOCK : 0), 0);
		poll_for.events = POLLOUT;
		if (fd < 0 || setsockopt(fd, AF_VSOCK, SO_VM_SOCKETS_CONNECT_TIMEOUT, &soon, sizeof(soon)))
			fail_errno("a socket with a connect timeout");
		step("a connect() that nobody answers");
		expect_error("connect that nobody answers", connect(fd, (void *)&address, sizeof(address)),
			     i == 1 ? EINPROGRESS : ETIMEDOUT);
		if (i == 1 && (poll(&poll_for, 1, -1) != 1 ||
			       getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) || error != ETIMEDOUT))
			fail("a connect() in the background ended with: %s", strerror(error));
	}
	fd = begin_connect(side->type, GUEST_PORT);
	give_buffers(&guest);
	serve(&guest, fd);
	expect_silence(&guest);
	power_off(&guest);
}

static long sockets_now(void)
{
	char line[128];
	long number = -1;
	FILE *stream = fopen("/proc/net/sockstat", "r");

	if (!stream)
		fail_errno("/proc/net/sockstat");
	while (fgets(line, sizeof(line), stream) && sscanf(line, "sockets: used %ld", &number) != 1)
		;
	fclose(stream);
	return number;
}

#define SENDERS		30
#define OTHERS		8	/* sockets that the rest of the system may open meanwhile */

/* A guest goes that has not taken what it was sent: nobody keeps it. */
static void gone_with_packets(const struct probe_side *side)
{
	int listener = listen_without_wait(side->type, PROBE_PORT), fds[SENDERS];
	static const char data[16 << 10];
	struct guest guest;
	uint64_t began;
	long before;

	power_on(&guest);
	before = sockets_now();
	for (unsigned int i = 0; i < SENDERS; i++) {
		struct virtio_vsock_hdr request = request_of(side->type, GUEST_PORT + i);

		fds[i] = accept_from(&guest, listener, &request);
	}
	/* The rings have room for half of it. */
	for (unsigned int i = 0; i < SENDERS; i++)
		send_all(fds[i], data, sizeof(data));
	power_off(&guest);
	for (unsigned int i = 0; i < SENDERS; i++)
		close(fds[i]);
	began = now_ms();
	step_of(2, "the end of the sockets");
	while (sockets_now() - before > OTHERS) {
		if (now_ms() - began > 5000)
			fail("%ld sockets are left of those that have sent to a guest that is gone",
			     sockets_now() - before);
		let_work(began);
	}
}

#define ASKED		(2 * QUEUE)

/* Each question has an answer, and no answer has room: the host reads no further, until there is. */
static void replies(const struct probe_side *side)
{
	struct virtio_vsock_hdr request = request_of(SOCK_STREAM, GUEST_PORT), head;
	bool answered[ASKED] = { false };
	struct guest guest;

	(void)side;
	request.dst_port = NOBODY;
	power_on_without_buffers(&guest);
	for (unsigned int i = 0; i < ASKED;) {
		/* All that the ring has room for. */
		(void)take_elements(&guest);
		if (i - guest.tx.seen == QUEUE)
			fail("the host has read %u of %u packets, and stops", guest.tx.seen, i);
		for (; i < ASKED && i - guest.tx.seen < QUEUE; i++) {
			request.src_port = GUEST_PORT + i;
			offer_packet(&guest, i % QUEUE, &request);
		}
		kick(&guest.tx);
		flush(&guest);
	}
	(void)take_elements(&guest);
	if (guest.tx.seen == ASKED)
		fail("the host has read %u packets without room for an answer", ASKED);
	/* No kick of tx from here on. */
	give_buffers(&guest);
	for (unsigned int i = 0; i < ASKED; i++) {
		expect_packet(&guest, VIRTIO_VSOCK_OP_RST, &head);
		if (head.dst_port - GUEST_PORT >= ASKED || answered[head.dst_port - GUEST_PORT])
			fail("an answer for port %u, which did not ask, or had one", head.dst_port);
		answered[head.dst_port - GUEST_PORT] = true;
	}
	expect_silence(&guest);
	power_off(&guest);
}

/* Much more than vhost reads in one turn, with one kick for all of it. */
static void much_to_read(const struct probe_side *side)
{
	struct virtio_vsock_hdr head = request_of(SOCK_STREAM, GUEST_PORT);
	struct guest guest;

	(void)side;
	power_on(&guest);
	/* Of somebody else, so that it is read and thrown away. */
	head.src_cid = fake_cid() + 1;
	head.op = VIRTIO_VSOCK_OP_RW;
	head.len = LARGE;
	memcpy(guest.memory + TX_AREA, &head, HEADER);
	for (unsigned int i = 0; i < QUEUE; i++) {
		guest.tx.desc[i] = (struct vring_desc){
			.addr = (uintptr_t)guest.memory + TX_AREA, .len = HEADER + LARGE,
		};
		offer(&guest.tx, i);
	}
	kick(&guest.tx);
	step("the host's reading of all that there is");
	for (uint64_t began = now_ms(); guest.tx.seen < QUEUE; (void)take_elements(&guest))
		let_work(began);
	power_off(&guest);
}

#define PACKETS		32

/* Much more than vhost writes in one turn. */
static void much_to_write(const struct probe_side *side)
{
	int listener = listen_without_wait(SOCK_STREAM, PROBE_PORT), fd;
	struct virtio_vsock_hdr connection = request_of(SOCK_STREAM, GUEST_PORT);
	unsigned long long room = 4ull << 20;
	static char data[LARGE];
	struct guest guest;

	(void)side;
	if (setsockopt(listener, AF_VSOCK, SO_VM_SOCKETS_BUFFER_MAX_SIZE, &room, sizeof(room)) ||
	    setsockopt(listener, AF_VSOCK, SO_VM_SOCKETS_BUFFER_SIZE, &room, sizeof(room)))
		fail_errno("a buffer of %llu bytes", room);
	connection.buf_alloc = room;
	power_on_without_buffers(&guest);
	guest.keeps = true;
	guest.rx.desc[0] = (struct vring_desc){
		.addr = (uintptr_t)rx_buffer(&guest, 0), .len = RX_BYTES, .flags = VRING_DESC_F_WRITE,
	};
	publish(&guest.rx, 0);
	fd = accept_from(&guest, listener, &connection);
	step("send of what the guest has no room for yet");
	for (unsigned int i = 0; i < PACKETS; i++)
		send_all(fd, data, sizeof(data));
	/* All of them in one place: it is their number that counts. */
	for (unsigned int i = 0; i < PACKETS; i++) {
		guest.rx.desc[i] = (struct vring_desc){
			.addr = (uintptr_t)guest.memory + 2 * TX_AREA, .len = HEADER + LARGE, .flags = VRING_DESC_F_WRITE,
		};
		offer(&guest.rx, i);
	}
	kick(&guest.rx);
	step("the host's writing of all that there is");
	for (uint64_t began = now_ms(); __atomic_load_n(&guest.rx.used->idx, __ATOMIC_ACQUIRE) < 1 + PACKETS;)
		let_work(began);
	for (unsigned int i = 1; i <= PACKETS; i++)
		if (guest.rx.used->ring[i].len != HEADER + LARGE)
			fail("%u bytes in a buffer for %u", guest.rx.used->ring[i].len, HEADER + LARGE);
	power_off(&guest);
}

#define BACKLOG		4

static bool is_let_in(struct guest *guest, const struct virtio_vsock_hdr *request)
{
	struct virtio_vsock_hdr head;

	deliver(guest, request);
	step("an answer to a request");
	while (!next_packet(guest, &head, 1000))
		;
	if ((head.op != VIRTIO_VSOCK_OP_RESPONSE && head.op != VIRTIO_VSOCK_OP_RST) ||
	    head.dst_port != request->src_port)
		fail("op %u for port %u, where port %u asked", head.op, head.dst_port, request->src_port);
	return head.op == VIRTIO_VSOCK_OP_RESPONSE;
}

/* What is refused takes no place of the backlog, and what is accepted gives its place back. */
static void backlog(const struct probe_side *side)
{
	struct virtio_vsock_hdr request = request_of(side->type, GUEST_PORT), wrong = request;
	int listener = listen_without_wait(side->type, PROBE_PORT);
	struct guest guest;
	unsigned int in;

	if (listen(listener, BACKLOG))
		fail_errno("listen");
	power_on(&guest);
	wrong.type = 3 - request.type;
	for (unsigned int i = 0; i < 2 * BACKLOG; i++, wrong.src_port++)
		if (is_let_in(&guest, &wrong))
			fail("a request of another type is let in");
	if (side->type == SOCK_SEQPACKET) {
		set_features(&guest, false);
		for (unsigned int i = 0; i < 2 * BACKLOG; i++, request.src_port++)
			if (is_let_in(&guest, &request))
				fail("SOCK_SEQPACKET is let in, which the guest has not negotiated");
		set_features(&guest, true);
	}
	for (in = 0; in < 4 * BACKLOG && is_let_in(&guest, &request); in++)
		request.src_port++;
	if (in != BACKLOG && in != BACKLOG + 1)
		fail("%u connections in a backlog of %d", in, BACKLOG);
	for (unsigned int i = 0; i < 3; i++) {
		if (accept(listener, NULL, NULL) < 0)
			fail_errno("accept");
		if (!is_let_in(&guest, &request))
			fail("accept() makes no room in the backlog");
		request.src_port++;
		if (is_let_in(&guest, &request))
			fail("accept() makes more room in the backlog than it takes");
	}
	power_off(&guest);
}

/* Who asks what it may send is told, each time. */
static void asked_for_credit(const struct probe_side *side)
{
	struct virtio_vsock_hdr connection = request_of(side->type, GUEST_PORT), question = connection, head;
	int listener = listen_without_wait(side->type, PROBE_PORT);
	struct guest guest;

	power_on(&guest);
	(void)accept_from(&guest, listener, &connection);
	flush(&guest);
	while (take_packet(&guest, &head))
		;
	question.op = VIRTIO_VSOCK_OP_CREDIT_REQUEST;
	for (unsigned int i = 0; i < 3; i++) {
		uint64_t began = now_ms();

		deliver(&guest, &question);
		step("an answer to a question for credit");
		while (!take_packet(&guest, &head))
			let_work(began);
		if (head.op != VIRTIO_VSOCK_OP_CREDIT_UPDATE || head.dst_port != GUEST_PORT || !head.buf_alloc)
			fail("op %u for port %u, with room for %u bytes, where credit was asked for", head.op,
			     head.dst_port, head.buf_alloc);
		step("the case");
	}
	expect_silence(&guest);
	power_off(&guest);
}

/* A guest that goes is no matter of those who have nothing to do with it. */
static void others(const struct probe_side *side)
{
	struct sockaddr_vm here = { .svm_family = AF_VSOCK, .svm_cid = VMADDR_CID_LOCAL, .svm_port = PROBE_PORT + 1 };
	int own = listen_without_wait(side->type, PROBE_PORT), other = listen_on(side->type, PROBE_PORT + 1);
	int client = socket(AF_VSOCK, side->type, 0), server;
	char data[100], back[100];

	step("a connection of one machine with itself");
	if (connect(client, (struct sockaddr *)&here, sizeof(here))) {
		if (errno == ENODEV)
			skip("no loopback");
		fail_errno("connect to CID 1");
	}
	server = accept_one(other);
	fill_pattern(data, sizeof(data), 0, 1);
	for (unsigned int i = 0; i < 3; i++) {
		struct virtio_vsock_hdr request = request_of(side->type, GUEST_PORT + i);
		struct guest guest;

		power_on(&guest);
		close(accept_from(&guest, own, &request));
		power_off(&guest);
		step("data between others when a guest has gone");
		send_all(client, data, sizeof(data));
		recv_exactly(server, back, sizeof(back), 0);
		check_pattern(back, sizeof(back), 0, 1);
		send_all(server, data, sizeof(data));
		recv_exactly(client, back, sizeof(back), 0);
	}
	close(client);
	expect_end(server);
	close(server);
}

static const struct probe_case cases[] = {
	{ "CIDs that may not be, or are another's", 0, NULL, cids },
	BOTH_TYPES("a guest that has gone", NULL, gone),
	{ "a feature that is taken back", 0, NULL, features },
	{ "start with packets that wait", 0, NULL, start },
	{ "stop, and start again", 0, NULL, stop },
	{ "signals for elements", 0, NULL, signals },
	BOTH_TYPES("rx buffers of all sizes", NULL, pieces),
	BOTH_TYPES("connects given up before the guest looks", NULL, given_up),
	BOTH_TYPES("gone with packets that wait", NULL, gone_with_packets),
	{ "more replies than there is room for", 0, NULL, replies },
	{ "much to read at once", 0, NULL, much_to_read },
	{ "much to write at once", 0, NULL, much_to_write },
	BOTH_TYPES("refusals and the backlog", NULL, backlog),
	BOTH_TYPES("credit that is asked for", NULL, asked_for_credit),
	BOTH_TYPES("others' connections when a guest goes", NULL, others),
	{ 0 },
};

int main(int argc, char **argv)
{
	return probe_main(argc, argv, cases);
}
