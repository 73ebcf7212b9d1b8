// SPDX-License-Identifier: GPL-2.0-only
/*
 * A user who lies to the kernel: bad addresses, short buffers, odd flags, signals and
 * shutdown in the middle. What a call did not take is still there, every call returns,
 * and what it says it sent is what arrives.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>
#include <linux/errqueue.h>
#include "probe.h"

#define KB		1024u
#define LARGE		(64 * KB)	/* VIRTIO_VSOCK_MAX_PKT_BUF_SIZE: more is several packets */
#define END_MARK	"the end"

/* `good` bytes, and behind them addresses that cannot be read or written. */
static char *half_good(size_t good, size_t bad)
{
	size_t page = sysconf(_SC_PAGESIZE);
	size_t first = (good + page - 1) / page * page, second = (bad + page - 1) / page * page;
	char *p = mmap(NULL, first + second, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED || mprotect(p + first, second, PROT_NONE))
		fail_errno("memory for bad addresses");
	return p + first - good;
}

/*
 * The server of most cases: takes what is sent, and compares with what the client says
 * that the kernel took; then an honest message has to come through as it is.
 */
static void take_what_was_taken(const struct probe_side *side)
{
	int fd = pair_up(side);
	uint64_t all = await_number();
	size_t room = all + LARGE;
	char *data = malloc(room);
	char end[sizeof(END_MARK)];

	if (!data)
		fail("no memory");
	if (side->type == SOCK_STREAM) {
		recv_all(fd, data, all);
		check_pattern(data, all, 0, 1);
	} else if (all > 0) {
		recv_exactly(fd, data, all, 0);
		check_pattern(data, all, 0, 1);
	}
	step("an honest message behind the others");
	memset(end, 0, sizeof(end));
	if (side->type == SOCK_STREAM) {
		recv_all(fd, end, sizeof(end));
	} else {
		ssize_t n = recv(fd, data, room, MSG_TRUNC);

		if (n != sizeof(end))
			fail("a message of %zd bytes, where one of %zu was sent", n, sizeof(end));
		memcpy(end, data, sizeof(end));
	}
	if (memcmp(end, END_MARK, sizeof(end)))
		fail("the honest message holds something else");
	expect_end(fd);
	tell("DONE");
	free(data);
	close(fd);
}

static void finish(int fd, uint64_t taken)
{
	tell_number(taken);
	step("send of an honest message");
	send_all(fd, END_MARK, sizeof(END_MARK));
	if (shutdown(fd, SHUT_WR))
		fail_errno("shutdown");
	await("DONE");
	close(fd);
}

/*
 * ENOMEM is what kernels before 6.19 make of a bad address in send(), and older ones in recv(): what counts is
 * that it is refused.
 */
static void expect_refused(const char *what, long ret)
{
	if (ret >= 0)
		fail("%s gave %ld", what, ret);
	if (errno != EFAULT && errno != ENOMEM)
		fail_errno("%s", what);
}

static void send_bad(const struct probe_side *side)
{
	int fd = pair_up(side);
	char *bad = half_good(0, LARGE);

	expect_refused("send from a bad address", send(fd, bad, 100, MSG_NOSIGNAL));
	expect_refused("send from a bad address", send(fd, bad, LARGE, MSG_NOSIGNAL));
	expect_refused("send from address 8", send(fd, (void *)8, 1, MSG_NOSIGNAL));
	finish(fd, 0);
}

/* Were what is refused paid for, the last of them would wait for credit for ever. */
static void send_bad_often(const struct probe_side *side)
{
	int fd = pair_up(side);
	char *bad = half_good(0, LARGE);

	for (int i = 0; i < 200; i++)
		expect_refused("send from a bad address", send(fd, bad, LARGE, MSG_NOSIGNAL | MSG_DONTWAIT));
	finish(fd, 0);
}

static void send_half_bad(const struct probe_side *side)
{
	int fd = pair_up(side);
	char *half = half_good(LARGE, LARGE);
	ssize_t n;

	fill_pattern(half, LARGE, 0, 1);
	n = send(fd, half, 2 * LARGE, MSG_NOSIGNAL);
	if (n < 0)
		expect_refused("send from an address that is good at first", n);
	else if (n > (ssize_t)LARGE)
		fail("send took %zd bytes, of which %u can be read", n, LARGE);
	finish(fd, n < 0 ? 0 : n);
}

/* The same with its pages pinned, where the kernel knows that. */
static void send_half_bad_zerocopy(const struct probe_side *side)
{
	int fd = pair_up(side);
	char *half = half_good(LARGE, LARGE);
	int one = 1;
	ssize_t n;

	if (setsockopt(fd, SOL_SOCKET, SO_ZEROCOPY, &one, sizeof(one)))
		skip("no SO_ZEROCOPY: %s", strerror(errno));
	fill_pattern(half, LARGE, 0, 1);
	step("send with MSG_ZEROCOPY from an address that is good at first");
	n = send(fd, half, 2 * LARGE, MSG_NOSIGNAL | MSG_ZEROCOPY);
	if (n < 0)
		expect_refused("send with MSG_ZEROCOPY", n);
	else if (n > (ssize_t)LARGE)
		fail("send took %zd bytes, of which %u can be read", n, LARGE);
	finish(fd, n < 0 ? 0 : n);
}

static void send_nothing(const struct probe_side *side)
{
	int fd = pair_up(side);
	ssize_t n;

	n = send(fd, "", 0, MSG_NOSIGNAL);
	if (n != 0)
		fail("send of no bytes gave %zd", n);
	finish(fd, 0);
}

/* --- receiving: here the client is the one who lies, and the server sends --- */

static void send_two(const struct probe_side *side)
{
	int fd = pair_up(side);
	char data[2000];

	fill_pattern(data, sizeof(data), 0, 2);
	send_all(fd, data, 1000);
	send_all(fd, data + 1000, 1000);
	tell("SENT");
	await("DONE");
	close(fd);
}

static void recv_bad(const struct probe_side *side)
{
	int fd = pair_up(side);
	char *bad = half_good(0, LARGE), data[2000];

	await("SENT");
	expect_refused("recv to a bad address", recv(fd, bad, 1000, 0));
	if (side->type == SOCK_STREAM) {
		recv_all(fd, data, sizeof(data));
		check_pattern(data, sizeof(data), 0, 2);
	} else {
		/* As with datagrams the message that could not be given may be gone, the next may not. */
		recv_exactly(fd, data, 1000, 0);
	}
	tell("DONE");
	close(fd);
}

static void recv_half_bad(const struct probe_side *side)
{
	int fd = pair_up(side);
	char *half = half_good(600, LARGE), data[2000];
	ssize_t n;

	await("SENT");
	n = recv(fd, half, 1000, 0);
	if (n < 0)
		expect_refused("recv to an address that is good at first", n);
	if (n > 600)
		fail("recv gave %zd bytes, for 600 of which there was room", n);
	if (n < 0)
		n = 0;
	if (side->type == SOCK_STREAM) {
		check_pattern(half, n, 0, 2);
		recv_all(fd, data, sizeof(data) - n);
		check_pattern(data, sizeof(data) - n, n, 2);
	} else {
		recv_exactly(fd, data, 1000, 0);
	}
	tell("DONE");
	close(fd);
}

/* Of two packets the second cannot be given: what was taken of the first is told, or is still there. */
static void recv_second_bad(const struct probe_side *side)
{
	int fd = pair_up(side);
	char *half = half_good(1400, LARGE), data[2000];
	ssize_t n;

	await("SENT");
	step("both packets");
	do {
		n = recv(fd, data, sizeof(data), MSG_PEEK);
		if (n <= 0)
			fail_errno("MSG_PEEK gave %zd", n);
	} while (n != sizeof(data) && !usleep(10 * 1000));
	n = recv(fd, half, sizeof(data), 0);
	if (n < 0)
		expect_refused("recv to an address that is good for one of two packets", n);
	if (n > 1400)
		fail("recv gave %zd bytes, for 1400 of which there was room", n);
	if (n < 0)
		n = 0;
	check_pattern(half, n, 0, 2);
	step("recv of what was not given");
	recv_all(fd, data, sizeof(data) - n);
	check_pattern(data, sizeof(data) - n, n, 2);
	tell("DONE");
	close(fd);
}

static void peek(const struct probe_side *side)
{
	int fd = pair_up(side);
	char data[2000];
	size_t first = side->type == SOCK_STREAM ? 1500 : 1000;
	ssize_t n;

	await("SENT");
	for (int i = 0; i < 3; i++) {
		memset(data, 0, sizeof(data));
		n = recv(fd, data, 700 + 10 * i, MSG_PEEK);
		if (cannot_peek(side->type, n))
			skip("no MSG_PEEK");
		if (n != 700 + 10 * i)
			fail("MSG_PEEK gave %zd bytes, not %d", n, 700 + 10 * i);
		check_pattern(data, n, 0, 2);
	}
	expect_refused("MSG_PEEK to a bad address", recv(fd, half_good(0, 8), 8, MSG_PEEK));
	n = recv(fd, data, first, side->type == SOCK_STREAM ? MSG_WAITALL : 0);
	if (n != (ssize_t)first)
		fail("recv gave %zd bytes, not %zu", n, first);
	check_pattern(data, first, 0, 2);
	n = recv(fd, data, sizeof(data), 0);
	if (n != 2000 - (ssize_t)first)
		fail("recv gave %zd bytes, not %zu", n, 2000 - first);
	check_pattern(data, n, first, 2);
	expect_nothing(fd);
	tell("DONE");
	close(fd);
}

static void cut_message(const struct probe_side *side)
{
	int fd = pair_up(side);
	char data[2000];
	struct iovec vec = { data, 10 };
	struct msghdr msg = { .msg_iov = &vec, .msg_iovlen = 1 };
	ssize_t n;

	await("SENT");
	n = recvmsg(fd, &msg, MSG_TRUNC);
	if (n != 1000)
		fail("MSG_TRUNC gave %zd, not the message's 1000 bytes", n);
	if (!(msg.msg_flags & MSG_TRUNC))
		fail("the message was cut without MSG_TRUNC in msg_flags");
	if (msg.msg_flags & MSG_EOR)
		fail("MSG_EOR, which nobody sent");
	check_pattern(data, 10, 0, 2);
	/* What was cut off is gone: the next is the second message. */
	recv_exactly(fd, data, 1000, 0);
	check_pattern(data, 1000, 1000, 2);
	expect_nothing(fd);
	tell("DONE");
	close(fd);
}

/* As long as the room for it, as the message: neither is cut. */
static void whole_message(const struct probe_side *side)
{
	int fd = pair_up(side);
	char data[1000];
	struct iovec vec = { data, sizeof(data) };
	struct msghdr msg = { .msg_iov = &vec, .msg_iovlen = 1 };
	ssize_t n;

	await("SENT");
	n = recvmsg(fd, &msg, 0);
	if (n != 1000 || msg.msg_flags & MSG_TRUNC)
		fail("a message of 1000 bytes gave %zd with flags 0x%x", n, msg.msg_flags);
	check_pattern(data, 1000, 0, 2);
	/* Looked at in part, and told whole. */
	vec.iov_len = 10;
	n = recvmsg(fd, &msg, MSG_PEEK | MSG_TRUNC);
	if (cannot_peek(SOCK_SEQPACKET, n))
		skip("no MSG_PEEK");
	if (n != 1000 || !(msg.msg_flags & MSG_TRUNC))
		fail("MSG_PEEK with MSG_TRUNC gave %zd with flags 0x%x", n, msg.msg_flags);
	/* Memory that nobody has touched yet. */
	{
		char *fresh = half_good(1000, LARGE);

		n = recv(fd, fresh, 1000, MSG_PEEK);
		if (n != 1000)
			fail_errno("MSG_PEEK into fresh memory gave %zd", n);
		check_pattern(fresh, 1000, 1000, 2);
	}
	recv_exactly(fd, data, 1000, 0);
	check_pattern(data, 1000, 1000, 2);
	tell("DONE");
	close(fd);
}

/* The second time from where the first ended. */
static void peek_again(const struct probe_side *side)
{
	int fd = pair_up(side);
	char data[2000];
	size_t at = 0;

	await("SENT");
	for (int i = 0; i < 4; i++) {
		step("MSG_PEEK of what is left of a packet");
		recv_exactly(fd, data, 400, MSG_PEEK | MSG_WAITALL);
		check_pattern(data, 400, at, 2);
		recv_exactly(fd, data, 350, MSG_WAITALL);
		check_pattern(data, 350, at, 2);
		at += 350;
	}
	tell("DONE");
	close(fd);
}

/* --- pages lent instead of copied --- */

static void read_lent(const struct probe_side *side)
{
	static char data[40000];
	int fd = pair_up(side);
	uint64_t size, at = 0;

	while ((size = await_number())) {
		step("recv of what was lent");
		if (side->type == SOCK_STREAM)
			recv_all(fd, data, size);
		else
			recv_exactly(fd, data, size, 0);
		check_pattern(data, size, at, 1);
		at += size;
	}
	expect_nothing(fd);
	tell("DONE");
	await("DONE");
	close(fd);
}

/* How many sends have given their pages back, in order from `first`. */
static unsigned int given_back(int fd, unsigned int first)
{
	char control[128];
	struct msghdr msg = { .msg_control = control, .msg_controllen = sizeof(control) };
	struct sock_extended_err *told;
	struct cmsghdr *head;

	if (recvmsg(fd, &msg, MSG_ERRQUEUE | MSG_DONTWAIT) < 0) {
		if (errno != EAGAIN)
			fail_errno("recvmsg with MSG_ERRQUEUE");
		usleep(1000);
		return 0;
	}
	head = CMSG_FIRSTHDR(&msg);
	if (!head)
		fail("MSG_ERRQUEUE gave nothing");
	told = (struct sock_extended_err *)CMSG_DATA(head);
	if (told->ee_origin != SO_EE_ORIGIN_ZEROCOPY || told->ee_errno)
		fail("MSG_ERRQUEUE: origin %u, errno %u", told->ee_origin, told->ee_errno);
	if (told->ee_info != first)
		fail("send %u has given its pages back, not %u", told->ee_info, first);
	return told->ee_data - told->ee_info + 1;
}

/* From the middle of pages, behind what was copied, and with a bad one among them that never was. */
static void lend(const struct probe_side *side)
{
	static const unsigned int sizes[] = { 10, 100, 5000, 30000, 1, 4096 };
	char *pages = half_good(64 * KB, LARGE);
	int fd = pair_up(side), one = 1;
	unsigned int lent = 0, back = 0;
	uint64_t at = 0;

	if (setsockopt(fd, SOL_SOCKET, SO_ZEROCOPY, &one, sizeof(one)))
		skip("no SO_ZEROCOPY: %s", strerror(errno));
	/* Ends with the buffer, and begins in the middle of a page. */
	for (unsigned int i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		char *from = pages + 64 * KB - sizes[i] - 123;
		bool lends = i != 0;

		fill_pattern(from, sizes[i], at, 1);
		step("send with MSG_ZEROCOPY");
		if (i == 3)
			expect_refused("send with MSG_ZEROCOPY of nothing good",
				       send(fd, pages + 64 * KB, 100, MSG_NOSIGNAL | MSG_ZEROCOPY));
		if (send(fd, from, sizes[i], MSG_NOSIGNAL | (lends ? MSG_ZEROCOPY : 0)) != (ssize_t)sizes[i])
			fail_errno("send of %u bytes", sizes[i]);
		lent += lends;
		at += sizes[i];
		tell_number(sizes[i]);
		/* They are not to be written before. */
		step("pages to come back");
		while (back < lent)
			back += given_back(fd, back);
	}
	if (back != lent)
		fail("%u sends have given their pages back, and %u were lent", back, lent);
	tell_number(0);
	await("DONE");
	tell("DONE");
	close(fd);
}

/* The word that it was sent may come before it. */
static void wait_until_there(int fd, int type, size_t size)
{
	char data[2000];
	ssize_t n;

	step("what was sent to be there");
	while ((n = recv(fd, data, size, MSG_PEEK)) < (ssize_t)size) {
		if (cannot_peek(type, n)) {
			/* Nothing else tells: it is given the time it takes. */
			usleep(300 * 1000);
			return;
		}
		usleep(1000);
	}
}

static void no_wait(const struct probe_side *side)
{
	int fd = pair_up(side);
	char data[2000];

	await("SENT");
	wait_until_there(fd, side->type, side->type == SOCK_STREAM ? 2000 : 1000);
	recv_exactly(fd, data, 1000, MSG_DONTWAIT | (side->type == SOCK_STREAM ? MSG_WAITALL : 0));
	wait_until_there(fd, side->type, 1000);
	recv_exactly(fd, data + 1000, 1000, MSG_DONTWAIT);
	check_pattern(data, sizeof(data), 0, 2);
	for (int i = 0; i < 3; i++)
		expect_nothing(fd);
	tell("DONE");
	close(fd);
}

/* --- interruptions --- */

static void on_signal(int signal)
{
	(void)signal;
}

static void *signal_later(void *thread)
{
	usleep(60 * 1000);
	pthread_kill(*(pthread_t *)thread, SIGUSR1);
	return NULL;
}

static void *shut_later(void *fd)
{
	usleep(60 * 1000);
	if (shutdown(*(int *)fd, SHUT_RD))
		fail_errno("shutdown");
	return NULL;
}

static void send_when_told(const struct probe_side *side)
{
	int fd = pair_up(side);
	char data[1000];

	await("SEND");
	fill_pattern(data, sizeof(data), 0, 3);
	send_all(fd, data, sizeof(data));
	await("DONE");
	close(fd);
}

static void recv_and_signal(const struct probe_side *side)
{
	struct sigaction caught = { .sa_handler = on_signal };
	pthread_t own = pthread_self(), other;
	int fd = pair_up(side);
	char data[1000];

	sigaction(SIGUSR1, &caught, NULL);
	if (pthread_create(&other, NULL, signal_later, &own))
		fail("no thread");
	step("recv that a signal ends");
	expect_error("recv at a signal", recv(fd, data, sizeof(data), 0), EINTR);
	pthread_join(other, NULL);
	tell("SEND");
	recv_exactly(fd, data, sizeof(data), side->type == SOCK_STREAM ? MSG_WAITALL : 0);
	check_pattern(data, sizeof(data), 0, 3);
	tell("DONE");
	close(fd);
}

static void recv_and_shutdown(const struct probe_side *side)
{
	pthread_t other;
	int fd = pair_up(side);
	char byte;
	ssize_t n;

	if (pthread_create(&other, NULL, shut_later, &fd))
		fail("no thread");
	step("recv that a shutdown ends");
	n = recv(fd, &byte, 1, 0);
	if (n != 0)
		fail("recv gave %zd after SHUT_RD", n);
	pthread_join(other, NULL);
	tell("DONE");
	close(fd);
}

static void wait_until_done(const struct probe_side *side)
{
	int fd = pair_up(side);

	await("DONE");
	close(fd);
}

static void recv_timeout(const struct probe_side *side)
{
	struct timeval limit = { .tv_usec = 300 * 1000 };
	int fd = pair_up(side);
	uint64_t began = now_ms();
	char byte;

	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)))
		fail_errno("SO_RCVTIMEO");
	step("recv with SO_RCVTIMEO");
	expect_error("recv with SO_RCVTIMEO", recv(fd, &byte, 1, 0), EAGAIN);
	if (now_ms() - began < 250)
		fail("SO_RCVTIMEO of 300 ms was over after %llu", (unsigned long long)(now_ms() - began));
	tell("DONE");
	close(fd);
}

/* --- pages that may not be locked --- */

#define MAY_LOCK	(64 * KB)
#define NOBODY		65534

/* Whoever lends pages has them locked: within RLIMIT_MEMLOCK, for who has no CAP_IPC_LOCK. */
static void lend_too_much(const struct probe_side *side)
{
	struct rlimit limit = { .rlim_cur = MAY_LOCK, .rlim_max = MAY_LOCK };
	int fd = pair_up(side), one = 1;
	char *data = half_good(2 * MAY_LOCK, LARGE);

	if (setsockopt(fd, SOL_SOCKET, SO_ZEROCOPY, &one, sizeof(one)))
		skip("no SO_ZEROCOPY: %s", strerror(errno));
	if (setrlimit(RLIMIT_MEMLOCK, &limit) || setgid(NOBODY) || setuid(NOBODY))
		fail_errno("a user who may lock %u bytes", MAY_LOCK);
	step("send with MSG_ZEROCOPY of more than may be locked");
	if (send(fd, data, 2 * MAY_LOCK, MSG_NOSIGNAL | MSG_ZEROCOPY) >= 0)
		fail("send with MSG_ZEROCOPY of %u bytes, where %u may be locked", 2 * MAY_LOCK, MAY_LOCK);
	if (errno != ENOMEM && errno != ENOBUFS)
		fail_errno("send with MSG_ZEROCOPY of more than may be locked");
	finish(fd, 0);
}

/* --- options and states: one side is enough --- */

static void options(const struct probe_side *side)
{
	int fd = socket(AF_VSOCK, side->type, 0);
	unsigned long long size = 100000, least = 200000, got;
	socklen_t length = sizeof(got);

	if (fd < 0)
		fail_errno("socket");
	expect_error("a size of 4 bytes", setsockopt(fd, AF_VSOCK, SO_VM_SOCKETS_BUFFER_SIZE, &size, 4), EINVAL);
	expect_error("a size at a bad address",
		     setsockopt(fd, AF_VSOCK, SO_VM_SOCKETS_BUFFER_SIZE, half_good(0, 8), 8), EFAULT);
	expect_error("an option that there is not", setsockopt(fd, AF_VSOCK, 4711, &size, 8), ENOPROTOOPT);
	if (setsockopt(fd, AF_VSOCK, SO_VM_SOCKETS_BUFFER_SIZE, &size, sizeof(size)) ||
	    getsockopt(fd, AF_VSOCK, SO_VM_SOCKETS_BUFFER_SIZE, &got, &length))
		fail_errno("SO_VM_SOCKETS_BUFFER_SIZE");
	if (got != size)
		fail("a buffer of %llu bytes, not %llu", got, size);
	/* The least is more than the size: the size has to follow. */
	if (setsockopt(fd, AF_VSOCK, SO_VM_SOCKETS_BUFFER_MIN_SIZE, &least, sizeof(least)) ||
	    getsockopt(fd, AF_VSOCK, SO_VM_SOCKETS_BUFFER_SIZE, &got, &length))
		fail_errno("SO_VM_SOCKETS_BUFFER_MIN_SIZE");
	if (got < least)
		fail("a buffer of %llu bytes, where %llu is the least", got, least);
	length = 4;
	expect_error("room for 4 bytes of an option",
		     getsockopt(fd, AF_VSOCK, SO_VM_SOCKETS_BUFFER_SIZE, &got, &length), EINVAL);
	close(fd);
}

static void wrong_order(const struct probe_side *side)
{
	struct sockaddr_vm any = {
		.svm_family = AF_VSOCK, .svm_cid = VMADDR_CID_ANY,
		/* In loopback both sides are in one machine. */
		.svm_port = PROBE_PORT + 1 + side->server,
	};
	struct sockaddr_vm inet = { .svm_family = AF_INET };
	int fd = socket(AF_VSOCK, side->type, 0), second = socket(AF_VSOCK, side->type, 0);
	char byte = 0;

	if (fd < 0 || second < 0)
		fail_errno("socket");
	expect_error("shutdown without a peer", shutdown(fd, SHUT_RDWR), ENOTCONN);
	step("send behind a shutdown without a peer");
	expect_error("send without a peer", send(fd, &byte, 1, MSG_NOSIGNAL), ENOTCONN);
	expect_error("recv without a peer", recv(fd, &byte, 1, 0), ENOTCONN);
	expect_error("accept without listen", accept(fd, NULL, NULL), EINVAL);
	expect_error("listen without bind", listen(fd, 1), EINVAL);
	expect_error("connect with a short address", connect(fd, (struct sockaddr *)&any, 8), EINVAL);
	if (connect(fd, (struct sockaddr *)&inet, sizeof(inet)) == 0)
		fail("connect to an address of another family");
	if (bind(fd, (struct sockaddr *)&any, sizeof(any)))
		fail_errno("bind");
	expect_error("bind again", bind(fd, (struct sockaddr *)&any, sizeof(any)), EINVAL);
	expect_error("bind of a second to the same", bind(second, (struct sockaddr *)&any, sizeof(any)),
		     EADDRINUSE);
	close(fd);
	close(second);
}

static const struct probe_case cases[] = {
	BOTH_TYPES("send from a bad address", take_what_was_taken, send_bad),
	BOTH_TYPES("send from a bad address 200 times", take_what_was_taken, send_bad_often),
	BOTH_TYPES("send from a half bad address", take_what_was_taken, send_half_bad),
	BOTH_TYPES("send from a half bad address MSG_ZEROCOPY", take_what_was_taken, send_half_bad_zerocopy),
	BOTH_TYPES("more MSG_ZEROCOPY than may be locked", take_what_was_taken, lend_too_much),
	BOTH_TYPES("send of nothing", take_what_was_taken, send_nothing),
	BOTH_TYPES("recv to a bad address", send_two, recv_bad),
	BOTH_TYPES("recv to a half bad address", send_two, recv_half_bad),
	{ "recv of two packets to a half bad address", SOCK_STREAM, send_two, recv_second_bad },
	BOTH_TYPES("MSG_PEEK takes nothing", send_two, peek),
	{ "MSG_TRUNC tells the length", SOCK_SEQPACKET, send_two, cut_message },
	{ "MSG_PEEK of what is left", SOCK_STREAM, send_two, peek_again },
	{ "messages that are not cut", SOCK_SEQPACKET, send_two, whole_message },
	BOTH_TYPES("MSG_ZEROCOPY", read_lent, lend),
	BOTH_TYPES("MSG_DONTWAIT", send_two, no_wait),
	BOTH_TYPES("signal in recv", send_when_told, recv_and_signal),
	BOTH_TYPES("shutdown in recv", wait_until_done, recv_and_shutdown),
	BOTH_TYPES("SO_RCVTIMEO", wait_until_done, recv_timeout),
	BOTH_TYPES("socket options", options, options),
	BOTH_TYPES("calls in the wrong order", wrong_order, wrong_order),
	{ 0 },
};

int main(int argc, char **argv)
{
	return probe_main(argc, argv, cases);
}
