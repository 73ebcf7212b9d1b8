// SPDX-License-Identifier: GPL-2.0-only
/*
 * Credit: a sender may have as much on its way as the receiver's buffer holds, and
 * learns from it what has been read (virtio spec 5.10.6.3). Readers that are slow, or
 * stop, buffers that are tiny, huge, or shrink: the sender never sends more than it may,
 * and never waits for good.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <linux/sockios.h>
#include "probe.h"

#define KB	1024u

static void set_buffer(int fd, unsigned long long size)
{
	unsigned long long least = size < 128 ? size : 128, most = size;

	if (setsockopt(fd, AF_VSOCK, SO_VM_SOCKETS_BUFFER_MAX_SIZE, &most, sizeof(most)) ||
	    setsockopt(fd, AF_VSOCK, SO_VM_SOCKETS_BUFFER_MIN_SIZE, &least, sizeof(least)) ||
	    setsockopt(fd, AF_VSOCK, SO_VM_SOCKETS_BUFFER_SIZE, &size, sizeof(size)))
		fail_errno("a buffer of %llu bytes", size);
}

/* A server whose sockets have such a buffer from the beginning. */
static int accept_with_buffer(const struct probe_side *side, unsigned long long size)
{
	int listener = listen_on(side->type, PROBE_PORT), fd;

	set_buffer(listener, size);
	tell("LISTENING");
	fd = accept_one(listener);
	close(listener);
	return fd;
}

static void *room(size_t size)
{
	void *data = malloc(size);

	if (!data)
		fail("no memory");
	return data;
}

/* Client: so much, in messages of this size, and the peer has to have it all. */
static void send_in_messages(const struct probe_side *side, size_t all, size_t message)
{
	int fd = pair_up(side);
	char *data = room(all);

	fill_pattern(data, all, 0, 1);
	for (size_t at = 0; at < all; at += message) {
		step("send to a reader that reads slowly");
		send_all(fd, data + at, all - at < message ? all - at : message);
	}
	await("DONE");
	free(data);
	close(fd);
}

/* Server: all of it in reads of this size, each as long as the message where there is one. */
static void read_in_pieces(int fd, size_t all, size_t piece)
{
	char *data = room(piece);

	for (size_t at = 0; at < all;) {
		ssize_t n;

		if (at % 4096 < piece)
			step("recv of the next piece");
		n = recv(fd, data, all - at < piece ? all - at : piece, 0);
		if (n <= 0)
			fail("recv gave %zd after %zu of %zu bytes: %s", n, at, all, n ? strerror(errno) : "the end");
		check_pattern(data, n, at, 1);
		at += n;
	}
	free(data);
}

#define BY_BYTE	(12 * KB)

static void read_by_byte(const struct probe_side *side)
{
	int fd = accept_with_buffer(side, 4 * KB);

	read_in_pieces(fd, BY_BYTE, 1);
	tell("DONE");
	close(fd);
}

static void send_for_bytes(const struct probe_side *side)
{
	send_in_messages(side, BY_BYTE, 3000);
}

#define WITH_PAUSES	(1024 * KB)

static void read_with_pauses(const struct probe_side *side)
{
	int fd = accept_with_buffer(side, 64 * KB);
	char *data = room(64 * KB);

	for (size_t at = 0; at < WITH_PAUSES;) {
		ssize_t n;

		/* Long enough for the sender to fill the buffer and to sleep. */
		if (at / (256 * KB) != (at + 64 * KB) / (256 * KB))
			usleep(50 * 1000);
		step("recv after a pause");
		n = recv(fd, data, 64 * KB, 0);
		if (n <= 0)
			fail("recv gave %zd after %zu bytes: %s", n, at, n ? strerror(errno) : "the end");
		check_pattern(data, n, at, 1);
		at += n;
	}
	tell("DONE");
	free(data);
	close(fd);
}

static void send_with_pauses(const struct probe_side *side)
{
	send_in_messages(side, WITH_PAUSES, 32 * KB);
}

#define TINY	64u

static void read_tiny(const struct probe_side *side)
{
	int fd = accept_with_buffer(side, TINY);

	read_in_pieces(fd, 40 * TINY, TINY);
	tell("DONE");
	close(fd);
}

static void send_tiny(const struct probe_side *side)
{
	send_in_messages(side, 40 * TINY, TINY);
}

/* More than the 32 bits that a header has for it. */
static void read_huge(const struct probe_side *side)
{
	int fd = accept_with_buffer(side, (1ull << 32) + 1);

	read_in_pieces(fd, 512 * KB, 64 * KB);
	tell("DONE");
	close(fd);
}

static void send_huge(const struct probe_side *side)
{
	send_in_messages(side, 512 * KB, 64 * KB);
}

/* poll() is to wait until as much as the buffer holds is there; the sender has only that credit. */
static void read_at_low_water(const struct probe_side *side)
{
	int fd = accept_with_buffer(side, 128 * KB), low = 128 * KB;
	char *data = room(low);
	size_t at = 0, all = 3 * (size_t)low;

	if (setsockopt(fd, SOL_SOCKET, SO_RCVLOWAT, &low, sizeof(low)))
		skip("no SO_RCVLOWAT of %d: %s", low, strerror(errno));
	while (at < all) {
		struct pollfd ready = { .fd = fd, .events = POLLIN };

		step("poll with SO_RCVLOWAT");
		if (poll(&ready, 1, -1) != 1 || !(ready.revents & POLLIN))
			fail("poll gave 0x%x", ready.revents);
		/* What is read first gives credit, but less than what is then waited for. */
		for (size_t part = 0; part < (size_t)low;) {
			ssize_t n = recv(fd, data, low - part < 50000 ? low - part : 50000, 0);

			if (n <= 0)
				fail_errno("recv gave %zd", n);
			check_pattern(data, n, at, 1);
			part += n;
			at += n;
		}
	}
	tell("DONE");
	free(data);
	close(fd);
}

static void send_to_low_water(const struct probe_side *side)
{
	send_in_messages(side, 3 * 128 * KB, 40000);
}

/* As much as goes without waiting; gives how much. */
static size_t send_until_full(int fd, size_t message, size_t at, size_t most)
{
	char *data = room(message);

	while (at < most) {
		ssize_t n;

		fill_pattern(data, message, at, 1);
		n = send(fd, data, message, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n < 0 && errno == EAGAIN)
			break;
		if (n <= 0)
			fail_errno("send without waiting gave %zd", n);
		at += n;
	}
	free(data);
	return at;
}

static void await_room(int fd, const char *what)
{
	struct pollfd room_again = { .fd = fd, .events = POLLOUT };

	step(what);
	if (poll(&room_again, 1, -1) != 1 || !(room_again.revents & POLLOUT))
		fail("poll gave 0x%x", room_again.revents);
}

/* What is still on its way is nobody's lie. */
static void wait_until_there(int fd)
{
	int left = 1, known;

	step("the data's arrival");
	do
		usleep(10 * 1000);
	while ((known = ioctl(fd, SIOCOUTQ, &left)) == 0 && left > 0);
	/* Before 6.12 nobody can ask. */
	if (known)
		usleep(300 * 1000);
}

#define STOPPED	(256 * KB)

static void read_after_stop(const struct probe_side *side)
{
	int fd = accept_with_buffer(side, STOPPED);
	size_t first = await_number(), second;

	if (first > STOPPED)
		fail("%zu bytes were sent, the buffer holds %u", first, STOPPED);
	if (first < STOPPED / 2)
		fail("only %zu bytes could be sent, the buffer holds %u", first, STOPPED);
	read_in_pieces(fd, first, 16 * KB);
	tell("READ");
	second = await_number();
	{
		char *data = room(16 * KB);

		for (size_t at = first; at < second;) {
			ssize_t n;

			step("recv after the stop");
			n = recv(fd, data, 16 * KB, 0);
			if (n <= 0)
				fail_errno("recv gave %zd", n);
			check_pattern(data, n, at, 1);
			at += n;
		}
		free(data);
	}
	tell("DONE");
	close(fd);
}

static void send_to_stop(const struct probe_side *side)
{
	int fd = pair_up(side);
	size_t first = send_until_full(fd, 16 * KB, 0, 4 * STOPPED), second;

	tell_number(first);
	await("READ");
	await_room(fd, "poll for room to send");
	second = send_until_full(fd, 16 * KB, first, first + 64 * KB);
	if (second == first)
		fail("poll said that there is room, and there is none");
	tell_number(second);
	await("DONE");
	close(fd);
}

/* What is on its way is more than the buffer holds all of a sudden: nothing more may be sent. */
static void shrink(const struct probe_side *side)
{
	int fd = accept_with_buffer(side, STOPPED);
	unsigned long long small = 64 * KB;
	size_t first = await_number();

	if (setsockopt(fd, AF_VSOCK, SO_VM_SOCKETS_BUFFER_SIZE, &small, sizeof(small)))
		fail_errno("a smaller buffer");
	/* A message of its own tells the peer. */
	send_all(fd, "x", 1);
	tell("SHRUNK");
	await("TRIED");
	read_in_pieces(fd, first, 16 * KB);
	tell("READ");
	await("SENT");
	{
		char data[100];

		step("recv after the buffer has shrunk");
		recv_all(fd, data, sizeof(data));
		check_pattern(data, sizeof(data), first, 1);
	}
	tell("DONE");
	close(fd);
}

static void send_to_shrunk(const struct probe_side *side)
{
	int fd = pair_up(side);
	size_t first = send_until_full(fd, 16 * KB, 0, 4 * STOPPED), second;
	char data[100];

	wait_until_there(fd);
	tell_number(first);
	await("SHRUNK");
	recv_exactly(fd, data, 1, 0);
	second = send_until_full(fd, 16 * KB, first, 4 * STOPPED);
	if (second != first)
		fail("%zu bytes were sent after the buffer had shrunk below what was in it", second - first);
	tell("TRIED");
	await("READ");
	fill_pattern(data, sizeof(data), first, 1);
	step("send after the buffer has shrunk");
	send_all(fd, data, sizeof(data));
	tell("SENT");
	await("DONE");
	close(fd);
}

/* So many that what the kernel needs for each is more than what is in them; all of it is within the credit. */
#define SMALL		16
#define SMALL_MESSAGES	2000

static void read_small(const struct probe_side *side)
{
	int fd = accept_with_buffer(side, STOPPED);
	char data[SMALL];

	await("SENT");
	for (int i = 0; i < SMALL_MESSAGES; i++) {
		if (i % 100 == 0)
			step("recv of small messages");
		if (side->type == SOCK_STREAM)
			recv_all(fd, data, SMALL);
		else
			recv_exactly(fd, data, SMALL, 0);
		check_pattern(data, SMALL, (uint64_t)i * SMALL, 1);
	}
	expect_nothing(fd);
	tell("DONE");
	close(fd);
}

static void send_small(const struct probe_side *side)
{
	int fd = pair_up(side);
	char data[SMALL];

	for (int i = 0; i < SMALL_MESSAGES; i++) {
		if (i % 100 == 0)
			step("send of small messages");
		fill_pattern(data, SMALL, (uint64_t)i * SMALL, 1);
		send_all(fd, data, SMALL);
	}
	wait_until_there(fd);
	tell("SENT");
	await("DONE");
	close(fd);
}

/* A message that the peer's buffer can never hold is refused; one that fills it is not. */
static void read_largest(const struct probe_side *side)
{
	int fd = accept_with_buffer(side, STOPPED);
	char *data = room(STOPPED);

	step("recv of a message as large as the buffer");
	recv_exactly(fd, data, STOPPED, 0);
	check_pattern(data, STOPPED, 0, 1);
	expect_nothing(fd);
	tell("DONE");
	free(data);
	close(fd);
}

static void send_largest(const struct probe_side *side)
{
	int fd = pair_up(side);
	char *data = room(STOPPED + 1);

	fill_pattern(data, STOPPED, 0, 1);
	step("send of a message larger than the buffer");
	if (send(fd, data, STOPPED + 1, MSG_NOSIGNAL) >= 0)
		fail("a message larger than the buffer was sent");
	/* ENOMEM is what older kernels make of every error here. */
	if (errno != EMSGSIZE && errno != ENOMEM)
		fail_errno("send of a message larger than the buffer");
	step("send of a message as large as the buffer");
	send_all(fd, data, STOPPED);
	await("DONE");
	free(data);
	close(fd);
}

/* A buffer that grows is room for who waits, without a byte being read. */
static void grow(const struct probe_side *side)
{
	unsigned long long large = STOPPED;
	int fd = accept_with_buffer(side, 64 * KB);
	size_t first = await_number();

	if (setsockopt(fd, AF_VSOCK, SO_VM_SOCKETS_BUFFER_MAX_SIZE, &large, sizeof(large)) ||
	    setsockopt(fd, AF_VSOCK, SO_VM_SOCKETS_BUFFER_SIZE, &large, sizeof(large)))
		fail_errno("a larger buffer");
	tell("GROWN");
	await("SENT");
	read_in_pieces(fd, first + 16 * KB, 16 * KB);
	tell("DONE");
	close(fd);
}

static void send_to_grown(const struct probe_side *side)
{
	int fd = pair_up(side);
	size_t first = send_until_full(fd, 16 * KB, 0, 4 * STOPPED);

	tell_number(first);
	await("GROWN");
	await_room(fd, "poll for room in a buffer that has grown");
	if (send_until_full(fd, 16 * KB, first, first + 16 * KB) == first)
		fail("poll said that there is room, and there is none");
	tell("SENT");
	await("DONE");
	close(fd);
}

/*
 * What has been read is not told yet, and then as much is waited for as only the whole buffer holds. A byte of another
 * connection goes the same way behind the credit: when that is there, so is the credit.
 */
static void low_water_later(const struct probe_side *side)
{
	int fd = accept_with_buffer(side, 128 * KB), behind = pair_up(side), low = 128 * KB;
	struct pollfd ready = { .fd = fd, .events = POLLIN };

	await("FULL");
	read_in_pieces(fd, 60 * KB, 60 * KB);
	if (setsockopt(fd, SOL_SOCKET, SO_RCVLOWAT, &low, sizeof(low)))
		skip("no SO_RCVLOWAT of %d: %s", low, strerror(errno));
	send_all(behind, "x", 1);
	step("poll with a SO_RCVLOWAT that was set late");
	if (poll(&ready, 1, -1) != 1 || !(ready.revents & POLLIN))
		fail("poll gave 0x%x", ready.revents);
	tell("DONE");
	close(behind);
	close(fd);
}

static void send_to_low_water_later(const struct probe_side *side)
{
	int fd = pair_up(side), behind = pair_up(side);
	size_t at = send_until_full(fd, 4 * KB, 0, 4 * STOPPED), sent = 0;
	char *data = room(60 * KB), byte;

	wait_until_there(fd);
	tell("FULL");
	fill_pattern(data, 60 * KB, at, 1);
	step("the byte behind the credit");
	recv_exactly(behind, &byte, 1, 0);
	step("send of as much as was read");
	while (sent < 60 * KB) {
		ssize_t n = send(fd, data + sent, 60 * KB - sent, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n < 0 && errno == EAGAIN)
			fail("the reader has read %u bytes and waits for more, and there is room for %zu", 60 * KB, sent);
		if (n <= 0)
			fail_errno("send after %zu bytes gave %zd", sent, n);
		sent += n;
	}
	await("DONE");
	free(data);
	close(behind);
	close(fd);
}

/* What is told with a byte that goes the other way is what there is room for, and not more. */
static void answer_while_full(const struct probe_side *side)
{
	int fd = accept_with_buffer(side, STOPPED);
	size_t first = await_number(), second, at = 0;
	char *data = room(STOPPED);

	for (int i = 0; i < 4; i++) {
		step("recv of less than a packet");
		recv_all(fd, data, 60 * KB);
		check_pattern(data, 60 * KB, at, 1);
		at += 60 * KB;
		send_all(fd, "x", 1);
	}
	second = await_number();
	if (second > at + STOPPED)
		fail("%zu bytes were sent, %zu were read, the buffer holds %u", second, at, STOPPED);
	for (; at < second; at += first) {
		first = second - at < 16 * KB ? second - at : 16 * KB;
		step("recv of the rest");
		recv_all(fd, data, first);
		check_pattern(data, first, at, 1);
	}
	tell("DONE");
	free(data);
	close(fd);
}

static void send_to_answering(const struct probe_side *side)
{
	int fd = pair_up(side);
	size_t at = send_until_full(fd, 64 * KB, 0, 4 * STOPPED);
	char byte;

	wait_until_there(fd);
	tell_number(at);
	for (int i = 0; i < 4; i++) {
		recv_exactly(fd, &byte, 1, 0);
		at = send_until_full(fd, 20 * KB, at, 8 * STOPPED);
	}
	tell_number(at);
	await("DONE");
	close(fd);
}

/* Small and large in turn, all of them there before the first is read: however they are put together, in this order. */
static const unsigned int mixed[] = { 10, 300, 100, 40000, 300, 7, 65536 + 100, 100, 3000, 1, 300, 20000, 64, 4096, 1 };
#define MIXED	(sizeof(mixed) / sizeof(mixed[0]))

static void read_mixed(const struct probe_side *side)
{
	int fd = accept_with_buffer(side, STOPPED);
	char *data = room(STOPPED);
	size_t at = 0;

	await("SENT");
	for (unsigned int round = 0, i = 0; i < MIXED; i++) {
		unsigned int times = mixed[i] <= 300 ? 20 : 1;

		for (round = 0; round < times; round++) {
			step("recv of small and large");
			if (side->type == SOCK_STREAM)
				recv_all(fd, data, mixed[i]);
			else
				recv_exactly(fd, data, mixed[i], 0);
			check_pattern(data, mixed[i], at, 1);
			at += mixed[i];
		}
	}
	expect_nothing(fd);
	tell("DONE");
	free(data);
	close(fd);
}

static void send_mixed(const struct probe_side *side)
{
	int fd = pair_up(side);
	char *data = room(STOPPED);
	size_t at = 0;

	for (unsigned int i = 0; i < MIXED; i++) {
		unsigned int times = mixed[i] <= 300 ? 20 : 1;

		for (unsigned int round = 0; round < times; round++) {
			fill_pattern(data, mixed[i], at, 1);
			step("send of small and large");
			send_all(fd, data, mixed[i]);
			at += mixed[i];
		}
	}
	wait_until_there(fd);
	tell("SENT");
	await("DONE");
	free(data);
	close(fd);
}

/*
 * More packets than the receiver has overhead to spare for, too large to be copied into one another as they come, with a
 * large one among the first: they may be put together, and stay in order.
 */
#define PACKET		300u
#define FIRST_PACKETS	20
#define LARGE_PACKET	40000u
#define PACKETS		450
#define MANY_BYTES	((FIRST_PACKETS + PACKETS) * PACKET + LARGE_PACKET)

static void read_many(const struct probe_side *side)
{
	int fd = accept_with_buffer(side, STOPPED);

	await("SENT");
	read_in_pieces(fd, MANY_BYTES, 16 * KB);
	expect_nothing(fd);
	tell("DONE");
	close(fd);
}

static void send_many(const struct probe_side *side)
{
	int fd = pair_up(side);
	char *data = room(MANY_BYTES);

	fill_pattern(data, MANY_BYTES, 0, 1);
	for (size_t at = 0; at < MANY_BYTES;) {
		size_t size = at == FIRST_PACKETS * PACKET ? LARGE_PACKET : PACKET;

		step("send of many packets");
		send_all(fd, data + at, size);
		at += size;
	}
	wait_until_there(fd);
	tell("SENT");
	await("DONE");
	free(data);
	close(fd);
}

/* What has been read is too little for an update of its own: the next packet that goes the other way tells it. */
#define LITTLE	(4 * KB)

static void answer_after_little(const struct probe_side *side)
{
	int fd = accept_with_buffer(side, STOPPED);
	size_t all = await_number();

	read_in_pieces(fd, LITTLE, LITTLE);
	send_all(fd, "x", 1);
	all += await_number();
	{
		char *data = room(all);

		recv_all(fd, data, all - LITTLE);
		check_pattern(data, all - LITTLE, LITTLE, 1);
		free(data);
	}
	tell("DONE");
	close(fd);
}

static void wait_for_answer(const struct probe_side *side)
{
	int fd = pair_up(side);
	size_t first = send_until_full(fd, LITTLE, 0, 4 * STOPPED);

	wait_until_there(fd);
	tell_number(first);
	await_room(fd, "poll for room that is told with a byte");
	tell_number(send_until_full(fd, LITTLE, first, first + LITTLE) - first);
	await("DONE");
	close(fd);
}

/* A sender holds no more for its peer than its own buffer size says, whatever the peer has room for. */
#define OWN	(8 * KB)

static void read_nothing(const struct probe_side *side)
{
	int fd = accept_with_buffer(side, STOPPED);
	size_t all = await_number();

	read_in_pieces(fd, all, KB);
	tell("DONE");
	close(fd);
}

static void send_with_small_buffer(const struct probe_side *side)
{
	int fd = pair_up(side);
	size_t sent;

	set_buffer(fd, OWN);
	sent = send_until_full(fd, KB, 0, STOPPED);
	tell_number(sent);
	if (sent > OWN)
		fail("%zu bytes were sent by a socket whose buffer size is %u", sent, OWN);
	await("DONE");
	close(fd);
}

static const struct probe_case cases[] = {
	{ "reads of one byte", SOCK_STREAM, read_by_byte, send_for_bytes },
	BOTH_TYPES("reads with pauses", read_with_pauses, send_with_pauses),
	BOTH_TYPES("tiny buffer", read_tiny, send_tiny),
	BOTH_TYPES("buffer of more than 32 bits", read_huge, send_huge),
	{ "SO_RCVLOWAT as large as the buffer", SOCK_STREAM, read_at_low_water, send_to_low_water },
	BOTH_TYPES("reader that stops", read_after_stop, send_to_stop),
	BOTH_TYPES("sender with a small buffer", read_nothing, send_with_small_buffer),
	BOTH_TYPES("buffer that shrinks", shrink, send_to_shrunk),
	BOTH_TYPES("buffer that grows", grow, send_to_grown),
	{ "SO_RCVLOWAT set late", SOCK_STREAM, low_water_later, send_to_low_water_later },
	{ "reader that answers while it is full", SOCK_STREAM, answer_while_full, send_to_answering },
	{ "room that is told with a byte", SOCK_STREAM, answer_after_little, wait_for_answer },
	BOTH_TYPES("small and large to a reader that waits", read_mixed, send_mixed),
	{ "many packets to a reader that waits", SOCK_STREAM, read_many, send_many },
	BOTH_TYPES("small messages to a reader that stops", read_small, send_small),
	{ "message as large as the buffer", SOCK_SEQPACKET, read_largest, send_largest },
	{ 0 },
};

int main(int argc, char **argv)
{
	return probe_main(argc, argv, cases);
}
