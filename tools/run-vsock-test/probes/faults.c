// SPDX-License-Identifier: GPL-2.0-only
/*
 * No memory: each allocation that a call makes fails once, the first, then the second, and
 * so on until the call makes no more. What send() says it sent is what arrives, in order;
 * a call that fails says so; and the next one works.
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
		while (recv(fd, data, sizeof(data), MSG_PEEK) < (ssize_t)sizeof(data))
			usleep(1000);
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

static const struct probe_case cases[] = {
	BOTH_TYPES("send without memory", recv_what_was_sent, send_with_faults),
	BOTH_TYPES("recv without memory", send_pieces, recv_with_faults),
	BOTH_TYPES("connect without memory", accept_until_over, connect_with_faults),
	{ 0 },
};

int main(int argc, char **argv)
{
	return probe_main(argc, argv, cases);
}
