// SPDX-License-Identifier: GPL-2.0-only
/*
 * Leaks: connections by the hundred that come to nothing - refused, given up, never
 * accepted, closed with data that nobody read. What a machine holds afterwards is what
 * it held before: sockets, open files, packets, and kernel memory that cannot be reclaimed.
 *
 * A socket whose data nobody has read may live on for VSOCK_CLOSE_TIMEOUT, 8 s, so that
 * what is left is looked at once, behind all of them.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "probe.h"

#define TIMES		16
#define DATA_BYTES	16384
#define KINDS		7
#define RETURN_MS	200
#define NO_CID		77	/* there is no such guest */
#define HOST_CID	2	/* VMADDR_CID_HOST, which the host itself has no device for */
#ifndef VMADDR_FLAG_TO_HOST
#define VMADDR_FLAG_TO_HOST 1
#endif
/* Of each kind: with both types, from both sides, in two rounds. */
#define LOST_EACH	(2 * 4 * TIMES)
/* Half of what is lost when each connection of one kind loses a packet of DATA_BYTES. */
#define LOST_KB		((long)LOST_EACH / 2 * DATA_BYTES / 1024)
/* nr_files of fs/file_table.c is told to within a batch of 32 for each CPU. */
#define FILES_WITHIN	(LOST_EACH - 28)
/* The guest's driver has 64 to 128 of them waiting for data; the host none, and of each CPU's slab all count. */
#define PACKETS_WITHIN	(LOST_EACH * 3 / 8)

struct held {
	long sockets, files, memory_kb;
	long packets;	/* struct sk_buff; -1: cannot be told */
};

/* The number behind `name` in a file of /proc, and behind `next` on the same line; -1 when there is none. */
static long number_in(const char *file, const char *name, const char *next)
{
	char line[256];
	FILE *stream = fopen(file, "r");
	long number = -1;

	while (stream && fgets(line, sizeof(line), stream)) {
		const char *at = strncmp(line, name, strlen(name)) ? NULL : strstr(line + strlen(name), next);

		if (at && sscanf(at + strlen(next), "%ld", &number) == 1)
			break;
	}
	if (stream)
		fclose(stream);
	return number;
}

static long certain_number_in(const char *file, const char *name, const char *next)
{
	long number = number_in(file, name, next);

	if (number < 0)
		fail("%s has no %s", file, name);
	return number;
}

static long lines_of(const char *file)
{
	FILE *stream = fopen(file, "r");
	long lines = 0;

	for (int c; stream && (c = getc(stream)) != EOF;)
		lines += c == '\n';
	if (stream)
		fclose(stream);
	return lines;
}

/*
 * AF_VSOCK has no count of its own, so it is all sockets but the others: in loopback the
 * guest's QEMU, which opens some, may only just be starting.
 */
static long sockets_now(void)
{
	return certain_number_in("/proc/net/sockstat", "sockets:", " used ") -
	       certain_number_in("/proc/net/sockstat", "TCP:", " alloc ") -
	       certain_number_in("/proc/net/sockstat", "UDP:", " inuse ") -
	       lines_of("/proc/net/unix") - lines_of("/proc/net/netlink");
}

static struct held held_now(void)
{
	struct held held = { .sockets = sockets_now() };

	held.files = certain_number_in("/proc/sys/fs/file-nr", "", "");
	/* First of the two: it takes from the caches what is kept of packets that are gone. */
	held.memory_kb = kernel_memory_kb();
	held.packets = number_in("/proc/slabinfo", "skbuff_head_cache", " ");
	return held;
}

static struct sockaddr_vm address_of(const struct probe_side *side, unsigned int port)
{
	return (struct sockaddr_vm){ .svm_family = AF_VSOCK, .svm_cid = side->peer_cid, .svm_port = port };
}

static int new_socket(const struct probe_side *side)
{
	int fd = socket(AF_VSOCK, side->type, 0);

	if (fd < 0)
		fail_errno("socket");
	return fd;
}

/* --- refused --- */

static void nothing(const struct probe_side *side)
{
	(void)side;
}

/* Also with a socket that tries again, waiting and not, and to a CID that there is not. */
static void connect_to_nobody(const struct probe_side *side)
{
	struct sockaddr_vm nobody = address_of(side, PROBE_PORT + 7), none = nobody;

	for (int i = 0; i < TIMES; i++) {
		int fd = new_socket(side);

		step("connect to a port where nobody listens");
		expect_error("connect to a port where nobody listens",
			     connect(fd, (struct sockaddr *)&nobody, sizeof(nobody)), ECONNRESET);
		if (fcntl(fd, F_SETFL, O_NONBLOCK))
			fail_errno("O_NONBLOCK");
		(void)!connect(fd, (struct sockaddr *)&nobody, sizeof(nobody));
		if (i % 2 && !fcntl(fd, F_SETFL, 0)) {
			(void)!connect(fd, (struct sockaddr *)&nobody, sizeof(nobody));
			/* The time-out of the one that did not wait is still to come. */
			if (!fcntl(fd, F_SETFL, O_NONBLOCK))
				(void)!connect(fd, (struct sockaddr *)&nobody, sizeof(nobody));
		}
		close(fd);
		fd = new_socket(side);
		none.svm_cid = i % 2 ? NO_CID : HOST_CID;
		none.svm_flags = i % 4 / 2 ? VMADDR_FLAG_TO_HOST : 0;
		if (!fcntl(fd, F_SETFL, O_NONBLOCK) && !connect(fd, (struct sockaddr *)&none, sizeof(none)))
			fail("connected to nobody");
		close(fd);
	}
}

/* --- given up: closed before the answer --- */

static void accept_what_comes(const struct probe_side *side)
{
	int listener = listen_on(side->type, PROBE_PORT);

	if (fcntl(listener, F_SETFL, O_NONBLOCK))
		fail_errno("O_NONBLOCK");
	tell("LISTENING");
	await("GIVEN UP");
	for (;;) {
		int fd = accept(listener, NULL, NULL);

		if (fd >= 0)
			close(fd);
		else if (errno == EAGAIN)
			break;
		else if (errno != ECONNRESET && errno != ECONNABORTED)
			fail_errno("accept");
	}
	close(listener);
}

static void connect_and_give_up(const struct probe_side *side)
{
	struct sockaddr_vm there = address_of(side, PROBE_PORT);

	await("LISTENING");
	for (int i = 0; i < TIMES; i++) {
		int fd = new_socket(side);

		if (fcntl(fd, F_SETFL, O_NONBLOCK))
			fail_errno("O_NONBLOCK");
		/* In loopback it may be there already, and with a full backlog it is refused. */
		if (connect(fd, (struct sockaddr *)&there, sizeof(there)) && errno != EINPROGRESS &&
		    errno != ECONNRESET)
			fail_errno("connect without waiting");
		close(fd);
	}
	tell("GIVEN UP");
}

/* --- never accepted: the listener goes first --- */

static void listen_only(const struct probe_side *side)
{
	int listener = listen_on(side->type, PROBE_PORT);

	tell("LISTENING");
	await("CONNECTED");
	close(listener);
	tell("CLOSED");
}

static void connect_all_at_once(const struct probe_side *side)
{
	int fds[TIMES];
	struct sockaddr_vm there = address_of(side, PROBE_PORT);

	await("LISTENING");
	for (int i = 0; i < TIMES; i++) {
		fds[i] = new_socket(side);
		step("connect to a listener that does not accept");
		if (connect(fds[i], (struct sockaddr *)&there, sizeof(there)) && errno != ECONNRESET)
			fail_errno("connect");
		(void)!send(fds[i], "lost", 4, MSG_NOSIGNAL | MSG_DONTWAIT);
	}
	tell("CONNECTED");
	await("CLOSED");
	for (int i = 0; i < TIMES; i++)
		close(fds[i]);
}

/* --- closed with data that nobody has read, on both sides --- */

static void accept_and_leave(const struct probe_side *side)
{
	int listener = listen_on(side->type, PROBE_PORT);
	char data[DATA_BYTES] = { 0 };

	tell("LISTENING");
	for (int i = 0; i < TIMES; i++) {
		int fd = accept_one(listener);

		(void)!send(fd, data, sizeof(data), MSG_NOSIGNAL | MSG_DONTWAIT);
		close(fd);
	}
	close(listener);
}

static void send_and_leave(const struct probe_side *side)
{
	char data[DATA_BYTES] = { 0 };

	await("LISTENING");
	for (int i = 0; i < TIMES; i++) {
		int fd = connect_to(side->type, side->peer_cid, PROBE_PORT);

		(void)!send(fd, data, sizeof(data), MSG_NOSIGNAL | MSG_DONTWAIT);
		close(fd);
	}
}

/* --- of the other type, to a listener that goes then --- */

static void connect_with_other_type(const struct probe_side *side)
{
	struct sockaddr_vm there = address_of(side, PROBE_PORT);
	struct probe_side other = *side;

	other.type = side->type == SOCK_STREAM ? SOCK_SEQPACKET : SOCK_STREAM;
	await("LISTENING");
	for (int i = 0; i < TIMES; i++) {
		int fd = new_socket(&other);

		step("connect of another type");
		if (!connect(fd, (struct sockaddr *)&there, sizeof(there)))
			fail("connected to a listener of another type");
		close(fd);
	}
	tell("CONNECTED");
	await("CLOSED");
}

/* --- closed in good order: by this side, then by that --- */

static void accept_and_wait(const struct probe_side *side)
{
	int listener = listen_on(side->type, PROBE_PORT);
	char byte;

	tell("LISTENING");
	for (int i = 0; i < TIMES; i++) {
		int fd = accept_one(listener);

		if (i % 2)
			(void)!recv(fd, &byte, 1, 0);
		close(fd);
		tell("NEXT");
	}
	close(listener);
}

static void connect_and_end(const struct probe_side *side)
{
	await("LISTENING");
	for (int i = 0; i < TIMES; i++) {
		int fd = connect_to(side->type, side->peer_cid, PROBE_PORT);

		if (i % 2)
			close(fd);
		await("NEXT");
		if (i % 2 == 0)
			close(fd);
	}
}

/* --- what was lent, and what could not be sent --- */

static void take_all(const struct probe_side *side)
{
	int listener = listen_on(side->type, PROBE_PORT);
	char data[DATA_BYTES];

	tell("LISTENING");
	for (int i = 0; i < TIMES; i++) {
		int fd = accept_one(listener);

		while (recv(fd, data, sizeof(data), 0) > 0)
			;
		close(fd);
	}
	close(listener);
}

static void lend_and_refuse(const struct probe_side *side)
{
	static char data[DATA_BYTES];
	int one = 1;

	await("LISTENING");
	for (int i = 0; i < TIMES; i++) {
		int fd = connect_to(side->type, side->peer_cid, PROBE_PORT);
		struct pollfd returned = { .fd = fd };
		bool lends = setsockopt(fd, SOL_SOCKET, SO_ZEROCOPY, &one, sizeof(one)) == 0;

		/* The pages come back, and nobody takes the word of it; of a socket that is closed before there is none. */
		if (send(fd, data, sizeof(data), MSG_NOSIGNAL | MSG_ZEROCOPY | MSG_DONTWAIT) > 0 && lends)
			(void)poll(&returned, 1, RETURN_MS);
		(void)!send(fd, (void *)8, DATA_BYTES, MSG_NOSIGNAL | MSG_DONTWAIT);
		close(fd);
	}
}

static const struct {
	void (*server)(const struct probe_side *side), (*client)(const struct probe_side *side);
	bool lingers;
} kinds[KINDS] = {
	{ accept_and_leave, send_and_leave, true },
	{ listen_only, connect_all_at_once, true },
	{ nothing, connect_to_nobody, false },
	{ accept_what_comes, connect_and_give_up, false },
	{ listen_only, connect_with_other_type, false },
	{ accept_and_wait, connect_and_end, false },
	{ take_all, lend_and_refuse, false },
};

/* Every kind with both types of socket, and each side in both parts: what lingers, or what does not. */
static void round_of(const struct probe_side *side, bool lingers)
{
	static const int types[] = { SOCK_STREAM, SOCK_SEQPACKET };
	struct probe_side now = *side;

	for (int i = 0; i < 4 * KINDS; i++) {
		if (kinds[i / 4].lingers != lingers)
			continue;
		now.type = types[i % 2];
		now.server = side->server == (i % 4 < 2);
		step("connections that come to nothing");
		(now.server ? kinds[i / 4].server : kinds[i / 4].client)(&now);
		tell("KIND");
		await("KIND");
	}
}

/* --- sent by one that has closed, and read by one that took its time --- */

#define LATE_BYTES	100u
/* Longer than VSOCK_CLOSE_TIMEOUT. */
#define LATE_MS		9000
#define GONE_MS		20000

static int send_and_close(const struct probe_side *side, int type)
{
	struct probe_side typed = *side;
	char data[LATE_BYTES];
	int fd;

	typed.type = type;
	fd = pair_up(&typed);
	if (!side->server)
		return fd;
	fill_pattern(data, sizeof(data), 0, type);
	send_all(fd, data, sizeof(data));
	close(fd);
	return -1;
}

static void read_late(int fd, int type)
{
	char data[LATE_BYTES];

	if (fd < 0)
		return;
	step("recv of what was sent long ago");
	recv_exactly(fd, data, sizeof(data), 0);
	check_pattern(data, sizeof(data), 0, type);
	expect_end(fd);
	close(fd);
}

#define SETTLED_MS	1500
#define TICK_MS		50

/* What earlier probes have left to linger is not there for ever, and must not look like ours. */
static void settle(void)
{
	long sockets = sockets_now();
	uint64_t began = now_ms(), changed = began;

	step_of(2, "the end of the sockets of earlier probes");
	while (now_ms() - changed < SETTLED_MS && now_ms() - began < LATE_MS) {
		long now;

		usleep(TICK_MS * 1000);
		now = sockets_now();
		if (now != sockets)
			changed = now_ms();
		sockets = now;
	}
	step("the case");
}

/* What is more than before by more than it may be, in words; empty: nothing. */
static const char *lost(const struct probe_side *side, const struct held *before, const struct held *after)
{
	static char text[80];
	/* In loopback files and memory are those of a guest that is starting, too. */
	bool own = side->peer_cid != VMADDR_CID_LOCAL;
	long files = after->files - before->files, packets = after->packets - before->packets;
	long memory_kb = after->memory_kb - before->memory_kb;

	*text = 0;
	if (own && files > FILES_WITHIN)
		snprintf(text, sizeof(text), "%ld open files more than before", files);
	else if (side->peer_cid != HOST_CID && before->packets >= 0 && packets > PACKETS_WITHIN)
		snprintf(text, sizeof(text), "%ld packets more than before", packets);
	else if (own && memory_kb > LOST_KB)
		snprintf(text, sizeof(text), "%ld KiB of kernel memory more than before", memory_kb);
	return text;
}

/* On a busy machine what an RCU grace period or a worker frees comes late. */
#define FREED_MS	5000

/* It may have waited for the end of its sockets for as long as this. */
static void await_the_other(const struct probe_side *side)
{
	tell("GONE");
	await_for(1 + (GONE_MS + FREED_MS) / 1000 / side->step, "GONE");
}

#define LARGE_BYTES	(64 * 1024u)
#define LARGE_TIMES	32

/*
 * A driver may have larger buffers in its rings while large packets come, megabytes of them: each side has had as many
 * before it is counted what it holds, and before it is counted again.
 */
static void have_large_packets(const struct probe_side *side)
{
	static char data[LARGE_BYTES];
	struct probe_side now = *side;
	int fd;

	now.type = SOCK_STREAM;
	fd = pair_up(&now);
	for (int i = 0; i < 2 * LARGE_TIMES; i++) {
		step("large packets");
		if (side->server == (i < LARGE_TIMES))
			send_all(fd, data, sizeof(data));
		else
			recv_all(fd, data, sizeof(data));
	}
	step("the end of large packets");
	shutdown(fd, SHUT_WR);
	expect_end(fd);
	close(fd);
}

/* The connections; what is held afterwards is counted when there is nothing more of it to go. */
static void count(const struct probe_side *side, struct held *before, struct held *after)
{
	bool late = side->peer_cid != VMADDR_CID_LOCAL;
	uint64_t began;

	if (late)
		have_large_packets(side);
	*before = held_now();
	tell("COUNTED");
	await("COUNTED");
	/* First: while the others run, these sockets are on their way out. In loopback that is the same code. */
	for (int i = 0; i < 2 && late; i++)
		round_of(side, true);
	for (int i = 0; i < 2; i++)
		round_of(side, false);
	began = now_ms();
	for (long more; (more = sockets_now() - before->sockets) > 0;) {
		step("the sockets' end");
		if (now_ms() - began > GONE_MS)
			fail("%ld sockets more than before, %d s later", more, GONE_MS / 1000);
		usleep(20 * 1000);
	}
	await_the_other(side);
	if (late)
		have_large_packets(side);
	began = now_ms();
	for (*after = held_now(); *lost(side, before, after) && now_ms() - began < FREED_MS; *after = held_now()) {
		step("the end of what they held");
		usleep(TICK_MS * 1000);
	}
}

static void leave_nothing(const struct probe_side *side)
{
	struct held before, after;
	bool late = side->peer_cid != VMADDR_CID_LOCAL, grew, peer_grew;
	int stream = -1, seqpacket = -1;
	uint64_t closed;

	if (late) {
		settle();
		stream = send_and_close(side, SOCK_STREAM);
		seqpacket = send_and_close(side, SOCK_SEQPACKET);
	}
	closed = now_ms();
	count(side, &before, &after);
	step_of(2, "the peer's close time-out");
	if (late && now_ms() - closed < LATE_MS)
		usleep((LATE_MS - (now_ms() - closed)) * 1000);
	read_late(stream, SOCK_STREAM);
	read_late(seqpacket, SOCK_SEQPACKET);
	await_the_other(side);
	/* What a driver or an allocator takes once and keeps is no leak: a leak grows again. */
	grew = *lost(side, &before, &after);
	tell_number(grew);
	peer_grew = await_number();
	if (!grew && !peer_grew)
		return;
	if (grew)
		note("%s; once more", lost(side, &before, &after));
	count(side, &before, &after);
	await_the_other(side);
	if (grew && *lost(side, &before, &after))
		fail("%s, and so the time before", lost(side, &before, &after));
}

static const struct probe_case cases[] = {
	{ "connections that come to nothing", 0, leave_nothing, leave_nothing },
	{ 0 },
};

int main(int argc, char **argv)
{
	return probe_main(argc, argv, cases);
}
