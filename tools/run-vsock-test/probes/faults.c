// SPDX-License-Identifier: GPL-2.0-only
/*
 * No memory: each allocation that a call makes fails once, the first, then the second, and
 * so on until the call makes no more; and one in a few fails, as long as data flows. What
 * send() says it sent is what arrives, in order; a call that fails says so; and the next one
 * works.
 *
 * /proc/self/fail-nth of Documentation/fault-injection/fault-injection.rst; kernels
 * without CONFIG_FAILSLAB and CONFIG_FAIL_PAGE_ALLOC have no such file.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "probe.h"

#define LARGEST		(96u << 10)	/* several packets */
#define MOST_FAULTS	400
/* More than one packet of a message may be on its way when the next fails, which is another case. */
#define MESSAGE		8000u

static void set(const char *file, const char *text)
{
	int fd = open(file, O_WRONLY);

	if (fd < 0)
		return;
	if (write(fd, text, strlen(text)) < 0)
		note("%s: %s", file, strerror(errno));
	close(fd);
}

static int open_fail_nth(void)
{
	int fd = open("/proc/self/fail-nth", O_RDWR);

	if (fd < 0)
		return fd;
	/* Those that may sleep as well: they are the ones that a call makes. */
	set("/sys/kernel/debug/failslab/ignore-gfp-wait", "N");
	set("/sys/kernel/debug/fail_page_alloc/ignore-gfp-wait", "N");
	set("/sys/kernel/debug/fail_page_alloc/ignore-gfp-highmem", "N");
	set("/sys/kernel/debug/fail_page_alloc/min-order", "0");
	return fd;
}

/* From here on the `nth` allocation of this process fails. */
static void fail_the(int fd, unsigned int nth)
{
	char text[16];
	int length = snprintf(text, sizeof(text), "%u", nth);

	if (pwrite(fd, text, length, 0) != length)
		fail_errno("fail-nth");
}

/* Whether it has failed. Without this no allocation of what follows is safe. */
static bool has_failed(int fd)
{
	char text[16] = { 0 };
	int error = errno;

	if (pread(fd, text, sizeof(text) - 1, 0) < 0)
		fail_errno("fail-nth");
	if (pwrite(fd, "0", 1, 0) != 1)
		fail_errno("fail-nth");
	errno = error;
	return text[0] == '0';
}

/* The client: whose allocations fail. */
static int have_fail_nth(void)
{
	int fd = open_fail_nth();

	if (fd < 0)
		skip("/proc/self/fail-nth: %s", strerror(errno));
	tell("FAULTS");
	return fd;
}

static size_t size_of(const struct probe_side *side)
{
	return side->type == SOCK_STREAM ? LARGEST : MESSAGE;
}

/* The sizes come by the control connection: what was not sent does not come. */
static void recv_what_was_sent(const struct probe_side *side)
{
	static char data[LARGEST];
	uint64_t at = 0, size;
	int fd;

	await("FAULTS");
	fd = pair_up(side);
	while ((size = await_number())) {
		if (size > sizeof(data))
			fail("send gave more than it was given");
		step("what send said it sent");
		if (side->type == SOCK_STREAM)
			recv_all(fd, data, size);
		else
			recv_exactly(fd, data, size, 0);
		check_pattern(data, size, at, 1);
		at += size;
		tell("TAKEN");
	}
	expect_nothing(fd);
	tell("DONE");
	await("DONE");
	close(fd);
}

static void send_with_faults(const struct probe_side *side)
{
	static char data[LARGEST];
	bool failed = true;
	uint64_t at = 0;
	unsigned int nth;
	int fd, faults;

	faults = have_fail_nth();
	fd = pair_up(side);
	for (nth = 1; failed && nth < MOST_FAULTS; nth++) {
		ssize_t n;

		fill_pattern(data, sizeof(data), at, 1);
		step("send without memory");
		fail_the(faults, nth);
		n = send(fd, data, size_of(side), MSG_NOSIGNAL);
		failed = has_failed(faults);
		if (n < 0 && !failed)
			fail_errno("send that nothing kept from memory");
		if (n < 0 && errno != ENOMEM && errno != ENOBUFS && errno != EAGAIN)
			fail_errno("send without memory");
		if (n <= 0)
			continue;
		tell_number(n);
		await("TAKEN");
		at += n;
	}
	note("%u allocations", nth - 2);
	tell_number(0);
	await("DONE");
	tell("DONE");
	close(fd);
}

static void send_pieces(const struct probe_side *side)
{
	char data[MESSAGE];
	int fd;

	await("FAULTS");
	fd = pair_up(side);
	fill_pattern(data, sizeof(data), 0, 2);
	while (await_number())
		send_all(fd, data, sizeof(data));
	close(fd);
}

static void recv_with_faults(const struct probe_side *side)
{
	char data[MESSAGE];
	bool failed = true;
	int fd, faults;

	faults = have_fail_nth();
	fd = pair_up(side);
	for (unsigned int nth = 1; failed && nth < MOST_FAULTS; nth++) {
		ssize_t n;

		tell_number(nth);
		step("recv without memory");
		/* All of it is there before: what is asked for is not to wait for more. */
		while ((n = recv(fd, data, sizeof(data), MSG_PEEK)) < (ssize_t)sizeof(data)) {
			if (cannot_peek(side->type, n))
				skip("no MSG_PEEK");
			usleep(1000);
		}
		fail_the(faults, nth);
		n = recv(fd, data, sizeof(data), 0);
		failed = has_failed(faults);
		if (n < 0 && !failed)
			fail_errno("recv that nothing kept from memory");
		/* What it refuses to give is still there. */
		if (n < 0)
			n = recv(fd, data, sizeof(data), 0);
		if (n != (ssize_t)sizeof(data))
			fail("recv gave %zd bytes, not %zu", n, sizeof(data));
		check_pattern(data, n, 0, 2);
	}
	tell_number(0);
	close(fd);
}

static void accept_until_over(const struct probe_side *side)
{
	char byte;
	int listener;

	await("FAULTS");
	listener = listen_on(side->type, PROBE_PORT);
	tell("LISTENING");
	while (await_number()) {
		int fd = accept_one(listener);

		if (recv(fd, &byte, 1, 0) != 1 || byte != 'x')
			fail("not the byte that was sent");
		close(fd);
	}
	close(listener);
}

static void connect_with_faults(const struct probe_side *side)
{
	struct sockaddr_vm there = { .svm_family = AF_VSOCK, .svm_cid = side->peer_cid, .svm_port = PROBE_PORT };
	bool failed = true;
	int faults;

	faults = have_fail_nth();
	await("LISTENING");
	for (unsigned int nth = 1; failed && nth < MOST_FAULTS; nth++) {
		int fd, ret = -1;

		step("connect without memory");
		fail_the(faults, nth);
		fd = socket(AF_VSOCK, side->type, 0);
		if (fd >= 0)
			ret = connect(fd, (struct sockaddr *)&there, sizeof(there));
		failed = has_failed(faults);
		if (ret && !failed)
			fail_errno("socket or connect that nothing kept from memory");
		/* Not the next allocation: only this side knows that it is connected. */
		if (!ret) {
			tell_number(nth);
			send_all(fd, "x", 1);
		}
		if (fd >= 0)
			close(fd);
	}
	tell_number(0);
}

/* --- one in a few, while data flows --- */

#define FLOW		(1u << 20)
/* All of it has room: credit that cannot be told for want of memory is another matter (docs/probes.md). */
#define ROOM		(2ull * FLOW)
#define IN_A_ROW	500	/* that fail: at one in a few there are no such many */

static const char *const settings[][2] = {
	{ "task-filter", "Y" }, { "interval", "1" }, { "times", "-1" }, { "space", "0" }, { "verbose", "0" },
	{ "ignore-gfp-wait", "N" }, { "ignore-gfp-highmem", "N" }, { "min-order", "0" }, { "probability", "20" },
};

/* Open before memory is scarce, for it takes some to open it. */
static int scarcity = -1;

/* Of this process, while it says so: no other has less. */
static void have_scarcity(void)
{
	static const char *const kinds[] = { "failslab", "fail_page_alloc" };
	char file[80], told[16] = "";
	int fd;

	scarcity = open("/proc/self/make-it-fail", O_RDWR);
	if (scarcity < 0)
		skip("/proc/self/make-it-fail: %s", strerror(errno));
	for (int kind = 0; kind < 2; kind++)
		for (unsigned int i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
			snprintf(file, sizeof(file), "/sys/kernel/debug/%s/%s", kinds[kind], settings[i][0]);
			set(file, settings[i][1]);
		}
	/* The last that was set. */
	fd = open("/sys/kernel/debug/failslab/probability", O_RDONLY);
	if (fd < 0 || read(fd, told, sizeof(told) - 1) <= 0 || strncmp(told, "20", 2))
		skip("/sys/kernel/debug/failslab cannot be set");
	close(fd);
	tell("FAULTS");
}

static void be_scarce(bool scarce)
{
	int error = errno;

	if (pwrite(scarcity, scarce ? "1" : "0", 1, 0) != 1)
		fail_errno("make-it-fail");
	errno = error;
}

/* As `pair_up`, with ROOM on both sides. */
static int pair_up_with_room(const struct probe_side *side)
{
	struct sockaddr_vm address = {
		.svm_family = AF_VSOCK, .svm_cid = side->server ? VMADDR_CID_ANY : side->peer_cid, .svm_port = PROBE_PORT,
	};
	uint64_t room = ROOM;
	int fd = socket(AF_VSOCK, side->type, 0), connected;

	if (fd < 0 || setsockopt(fd, AF_VSOCK, SO_VM_SOCKETS_BUFFER_MAX_SIZE, &room, sizeof(room)) ||
	    setsockopt(fd, AF_VSOCK, SO_VM_SOCKETS_BUFFER_SIZE, &room, sizeof(room)))
		fail_errno("socket");
	if (!side->server) {
		await("LISTENING");
		step("connect");
		if (connect(fd, (struct sockaddr *)&address, sizeof(address)))
			fail_errno("connect");
		return fd;
	}
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) || listen(fd, 1))
		fail_errno("listen");
	tell("LISTENING");
	connected = accept_one(fd);
	close(fd);
	return connected;
}

static size_t any_size(const struct probe_side *side, unsigned int *seed)
{
	*seed = *seed * 1103515245 + 12345;
	return 1 + (*seed >> 8) % size_of(side);
}

static void recv_flow(const struct probe_side *side)
{
	static char data[LARGEST];
	uint64_t at = 0;
	ssize_t n;
	int fd;

	await("FAULTS");
	fd = pair_up_with_room(side);
	for (;;) {
		step("what a sender without memory sends");
		n = recv(fd, data, sizeof(data), 0);
		if (n < 0)
			fail_errno("recv after %llu bytes", (unsigned long long)at);
		if (n == 0)
			break;
		check_pattern(data, n, at, 3);
		at += n;
	}
	tell_number(at);
	await("DONE");
	close(fd);
}

static void send_scarcely(const struct probe_side *side)
{
	static char data[LARGEST];
	unsigned int seed = 1, failed = 0, in_a_row = 0;
	uint64_t at = 0, arrived;
	int fd;

	have_scarcity();
	fd = pair_up_with_room(side);
	while (at < FLOW) {
		size_t size = any_size(side, &seed);
		ssize_t n;

		fill_pattern(data, size, at, 3);
		step("send while memory is scarce");
		be_scarce(true);
		n = send(fd, data, size, MSG_NOSIGNAL);
		be_scarce(false);
		if (n < 0 && errno != ENOMEM && errno != ENOBUFS)
			fail_errno("send while memory is scarce, after %llu bytes", (unsigned long long)at);
		failed += n < 0;
		in_a_row = n < 0 ? in_a_row + 1 : 0;
		if (in_a_row == IN_A_ROW)
			fail("%u sends have failed in a row", in_a_row);
		if (n > 0)
			at += n;
	}
	note("%u sends failed", failed);
	if (!failed)
		fail("no send has failed: memory was not scarce");
	if (shutdown(fd, SHUT_WR))
		fail_errno("shutdown");
	arrived = await_number();
	if (arrived != at)
		fail("%llu bytes arrived of %llu", (unsigned long long)arrived, (unsigned long long)at);
	tell("DONE");
	close(fd);
}

static void send_flow(const struct probe_side *side)
{
	static char data[LARGEST];
	unsigned int seed = 2;
	int fd;

	await("FAULTS");
	fd = pair_up_with_room(side);
	for (uint64_t at = 0; at < FLOW;) {
		size_t size = any_size(side, &seed);

		fill_pattern(data, size, at, 4);
		step("send to a reader without memory");
		send_all(fd, data, size);
		at += size;
	}
	if (shutdown(fd, SHUT_WR))
		fail_errno("shutdown");
	await("DONE");
	close(fd);
}

static void recv_scarcely(const struct probe_side *side)
{
	static char data[LARGEST];
	uint64_t at = 0;
	unsigned int in_a_row = 0;
	int fd;

	have_scarcity();
	/* Its pages are to be there: what a copy to new ones comes to is EFAULT. */
	memset(data, 0xee, sizeof(data));
	fd = pair_up_with_room(side);
	for (;;) {
		ssize_t n;

		step("recv while memory is scarce");
		be_scarce(true);
		n = recv(fd, data, sizeof(data), 0);
		be_scarce(false);
		if (n < 0 && errno != ENOMEM && errno != ENOBUFS)
			fail_errno("recv while memory is scarce, after %llu bytes", (unsigned long long)at);
		in_a_row = n < 0 ? in_a_row + 1 : 0;
		if (in_a_row == IN_A_ROW)
			fail("%u calls of recv have failed in a row", in_a_row);
		if (n < 0)
			continue;
		if (n == 0)
			break;
		check_pattern(data, n, at, 4);
		at += n;
	}
	if (at < FLOW)
		fail("the connection ended after %llu bytes", (unsigned long long)at);
	tell("DONE");
	close(fd);
}

static const struct probe_case cases[] = {
	BOTH_TYPES("send without memory", recv_what_was_sent, send_with_faults),
	BOTH_TYPES("recv without memory", send_pieces, recv_with_faults),
	BOTH_TYPES("connect without memory", accept_until_over, connect_with_faults),
	BOTH_TYPES("flow with a sender short of memory", recv_flow, send_scarcely),
	BOTH_TYPES("flow with a reader short of memory", send_flow, recv_scarcely),
	{ 0 },
};

int main(int argc, char **argv)
{
	return probe_main(argc, argv, cases);
}
