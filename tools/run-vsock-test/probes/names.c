// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who may have which address, and what a listener makes of those who come: bind, listen,
 * connect and accept as man 7 vsock and man 2 listen have them, the socket types that
 * do not match, the backlog, the options, connects that are tried again.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>
#include "probe.h"

#define NOBODY		65534
#define NO_CID		77	/* there is no such guest */
#ifndef VMADDR_FLAG_TO_HOST
#define VMADDR_FLAG_TO_HOST 1
#endif

static int new_socket(int type)
{
	int fd = socket(AF_VSOCK, type, 0);

	if (fd < 0)
		fail_errno("socket");
	return fd;
}

static int try_bind(int fd, unsigned int cid, unsigned int port)
{
	struct sockaddr_vm address = { .svm_family = AF_VSOCK, .svm_cid = cid, .svm_port = port };

	return bind(fd, (struct sockaddr *)&address, sizeof(address));
}

static int try_connect(int fd, unsigned int cid, unsigned int port)
{
	struct sockaddr_vm address = { .svm_family = AF_VSOCK, .svm_cid = cid, .svm_port = port };

	return connect(fd, (struct sockaddr *)&address, sizeof(address));
}

static void make_nonblocking(int fd, bool yes)
{
	if (fcntl(fd, F_SETFL, yes ? O_NONBLOCK : 0))
		fail_errno("O_NONBLOCK");
}

static unsigned int port_of(int fd)
{
	struct sockaddr_vm address;
	socklen_t length = sizeof(address);

	if (getsockname(fd, (struct sockaddr *)&address, &length))
		fail_errno("getsockname");
	return address.svm_port;
}

/* --- addresses: one side is enough; in loopback both are in one machine --- */

static void bind_once(const struct probe_side *side)
{
	unsigned int port = PROBE_PORT + 10 + side->server;
	int one = new_socket(side->type), other = new_socket(side->type), status;
	pid_t child;

	/* An address is in use whether all of it is named or not. */
	if (try_bind(one, VMADDR_CID_LOCAL, port) == 0)
		expect_error("bind of any CID to a port that one has", try_bind(other, VMADDR_CID_ANY, port),
			     EADDRINUSE);
	close(one);
	one = new_socket(side->type);
	if (try_bind(one, VMADDR_CID_ANY, port))
		fail_errno("bind to a port that is free again");
	expect_error("bind of a CID to a port that all have", try_bind(other, VMADDR_CID_ANY, port), EADDRINUSE);
	expect_error("bind to another's CID", try_bind(other, NO_CID, port), EADDRNOTAVAIL);
	close(one);
	close(other);
	/* Ports that are given out are different, and not reserved ones. */
	one = new_socket(side->type);
	other = new_socket(side->type);
	if (try_bind(one, VMADDR_CID_ANY, VMADDR_PORT_ANY) || try_bind(other, VMADDR_CID_ANY, VMADDR_PORT_ANY))
		fail_errno("bind to any port");
	if (port_of(one) == port_of(other) || port_of(one) < 1024)
		fail("any port: %u and %u", port_of(one), port_of(other));
	child = fork();
	if (child < 0)
		fail_errno("fork");
	if (child == 0) {
		if (setgid(NOBODY) || setuid(NOBODY))
			fail_errno("setuid");
		expect_error("bind to port 1023 without CAP_NET_BIND_SERVICE",
			     try_bind(new_socket(side->type), VMADDR_CID_ANY, 1023), EACCES);
		_exit(EXIT_SUCCESS);
	}
	if (waitpid(child, &status, 0) != child || status)
		fail("and it can");
	close(one);
	close(other);
}

static void size_of_buffer(int fd, unsigned long long *size)
{
	socklen_t length = sizeof(*size);

	if (getsockopt(fd, AF_VSOCK, SO_VM_SOCKETS_BUFFER_SIZE, size, &length))
		fail_errno("SO_VM_SOCKETS_BUFFER_SIZE");
}

static void options(const struct probe_side *side)
{
	unsigned long long least = 1ull << 30, most, size;
	struct timeval soon = { .tv_usec = 500 }, got;
	socklen_t length = sizeof(most);
	int fd = new_socket(side->type);

	if (getsockopt(fd, AF_VSOCK, SO_VM_SOCKETS_BUFFER_MAX_SIZE, &most, &length))
		fail_errno("SO_VM_SOCKETS_BUFFER_MAX_SIZE");
	/* Where the two do not agree, the most counts. */
	if (setsockopt(fd, AF_VSOCK, SO_VM_SOCKETS_BUFFER_MIN_SIZE, &least, sizeof(least)))
		fail_errno("SO_VM_SOCKETS_BUFFER_MIN_SIZE");
	size_of_buffer(fd, &size);
	if (size > most)
		fail("a buffer of %llu bytes, where %llu is the most", size, most);
	if (setsockopt(fd, AF_VSOCK, SO_VM_SOCKETS_CONNECT_TIMEOUT, &soon, sizeof(soon)))
		fail_errno("SO_VM_SOCKETS_CONNECT_TIMEOUT");
	length = sizeof(got);
	if (getsockopt(fd, AF_VSOCK, SO_VM_SOCKETS_CONNECT_TIMEOUT, &got, &length))
		fail_errno("SO_VM_SOCKETS_CONNECT_TIMEOUT");
	if (got.tv_sec || got.tv_usec > 100 * 1000)
		fail("a time-out of 500 us is one of %ld.%06ld s", (long)got.tv_sec, (long)got.tv_usec);
	close(fd);
}

/* --- who waits at a listener --- */

static int listen_with(int type, int backlog)
{
	int fd = new_socket(type);

	if (try_bind(fd, VMADDR_CID_ANY, PROBE_PORT) || listen(fd, backlog))
		fail_errno("listen");
	return fd;
}

#define BACKLOG	3
#define COMERS	10

static void have_a_backlog(const struct probe_side *side)
{
	int listener = listen_with(side->type, BACKLOG);
	unsigned int came;

	tell("LISTENING");
	came = await_number();
	if (came < BACKLOG || came > BACKLOG + 1)
		fail("%u connections wait with a backlog of %d", came, BACKLOG);
	for (unsigned int i = 0; i < came; i++) {
		int fd = accept_one(listener);
		char own;

		/* First come, first served. */
		recv_exactly(fd, &own, 1, 0);
		if (own != (char)('a' + i))
			fail("connection %c is accepted as number %u", own, i + 1);
		close(fd);
	}
	tell("ACCEPTED");
	/* Who is accepted, or goes, does not count any more. */
	for (int i = 0; i < 2 * COMERS; i++) {
		int fd = accept_one(listener);

		expect_end(fd);
		close(fd);
		tell("NEXT");
	}
	close(listener);
}

static void come(const struct probe_side *side)
{
	int fds[COMERS];
	unsigned int came = 0;

	await("LISTENING");
	for (int i = 0; i < COMERS; i++) {
		char own = 'a' + came;

		fds[i] = new_socket(side->type);
		step("connect to a backlog");
		if (try_connect(fds[i], side->peer_cid, PROBE_PORT)) {
			expect_error("connect to a full backlog", -1, ECONNRESET);
			continue;
		}
		send_all(fds[i], &own, 1);
		came++;
	}
	tell_number(came);
	await("ACCEPTED");
	for (int i = 0; i < COMERS; i++)
		close(fds[i]);
	for (int i = 0; i < 2 * COMERS; i++) {
		close(connect_to(side->type, side->peer_cid, PROBE_PORT));
		await("NEXT");
	}
}

/* --- the wrong type, and nobody --- */

static void listen_with_this_type(const struct probe_side *side)
{
	int listener = listen_with(side->type, SOMAXCONN), fd;

	tell("LISTENING");
	fd = accept_one(listener);
	tell("ACCEPTED");
	await("DONE");
	close(fd);
	close(listener);
}

static void connect_with_the_other(const struct probe_side *side)
{
	int type = side->type == SOCK_STREAM ? SOCK_SEQPACKET : SOCK_STREAM, fd;
	uint64_t began = 0;

	await("LISTENING");
	for (int i = 0; i < 3; i++) {
		fd = new_socket(type);
		step("connect of another type");
		began = now_ms();
		expect_error("connect of another type", try_connect(fd, side->peer_cid, PROBE_PORT), ECONNRESET);
		if (now_ms() - began > 1800)
			fail("a refused connect took %llu ms", (unsigned long long)(now_ms() - began));
		close(fd);
	}
	/* The same socket that was refused may try elsewhere. */
	fd = new_socket(side->type);
	for (int i = 0; i < 3; i++)
		expect_error("connect to nobody", try_connect(fd, side->peer_cid, PROBE_PORT + 5), ECONNRESET);
	step("connect of a socket that was refused before");
	if (try_connect(fd, side->peer_cid, PROBE_PORT))
		fail_errno("connect of a socket that was refused before");
	await("ACCEPTED");
	tell("DONE");
	close(fd);
}

/* --- connects that nobody answers --- */

static void accept_after_all(const struct probe_side *side)
{
	int listener = listen_with(side->type, SOMAXCONN), fd;
	char byte;

	tell("LISTENING");
	for (int i = 0; i < 2; i++) {
		fd = accept_one(listener);
		recv_exactly(fd, &byte, 1, 0);
		close(fd);
		tell("TAKEN");
	}
	close(listener);
}

/* 0: it is under way. Otherwise this machine knows by itself that nobody is there. */
static int connect_to_no_cid(int fd)
{
	struct sockaddr_vm address = { .svm_family = AF_VSOCK, .svm_cid = NO_CID, .svm_port = 1 };

	/* In a guest it is up to the host. */
	address.svm_flags = VMADDR_FLAG_TO_HOST;
	return connect(fd, (struct sockaddr *)&address, sizeof(address));
}

static void connect_again(const struct probe_side *side)
{
	struct timeval soon = { .tv_usec = 50 * 1000 };
	struct pollfd poller = { .events = POLLOUT };
	int fd, error;
	socklen_t length = sizeof(error);

	await("LISTENING");
	/* Waiting for it. */
	fd = new_socket(side->type);
	if (setsockopt(fd, AF_VSOCK, SO_VM_SOCKETS_CONNECT_TIMEOUT, &soon, sizeof(soon)))
		fail_errno("SO_VM_SOCKETS_CONNECT_TIMEOUT");
	step("connect to a CID that there is not");
	if (connect_to_no_cid(fd) == 0)
		fail("connected to a CID that there is not");
	if (errno != ETIMEDOUT && errno != ENODEV && errno != ECONNRESET && errno != EHOSTUNREACH &&
	    errno != ESOCKTNOSUPPORT)
		fail_errno("connect to a CID that there is not");
	step("connect after a connect that timed out");
	if (try_connect(fd, side->peer_cid, PROBE_PORT))
		fail_errno("connect after a connect that timed out");
	send_all(fd, "x", 1);
	await("TAKEN");
	close(fd);
	/* Without waiting: it may be asked again when it has timed out, and given up before. */
	for (int i = 0; i < 3; i++) {
		fd = new_socket(side->type);
		setsockopt(fd, AF_VSOCK, SO_VM_SOCKETS_CONNECT_TIMEOUT, &soon, sizeof(soon));
		make_nonblocking(fd, true);
		if (connect_to_no_cid(fd) == 0 || errno != EINPROGRESS)
			break;
		if (i == 0)
			usleep(10 * 1000);
		if (i < 2) {
			close(fd);
			continue;
		}
		poller.fd = fd;
		step("poll for a connect that times out");
		if (poll(&poller, 1, -1) != 1)
			fail_errno("poll");
		expect_error("connect again after the time-out", connect_to_no_cid(fd), EINPROGRESS);
		step("poll for a connect that times out");
		if (poll(&poller, 1, -1) != 1)
			fail_errno("poll");
	}
	/* What it met before is not what it meets now. */
	step("connect of a socket that has timed out");
	make_nonblocking(fd, false);
	if (try_connect(fd, side->peer_cid, PROBE_PORT))
		fail_errno("connect of a socket that has timed out");
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length))
		fail_errno("SO_ERROR");
	if (error)
		fail("SO_ERROR is \"%s\" on a socket that is connected", strerror(error));
	send_all(fd, "x", 1);
	await("TAKEN");
	close(fd);
	/* Longer than the time-out of what was given up: its end must not find the socket. */
	usleep(80 * 1000);
}

static const struct probe_case cases[] = {
	BOTH_TYPES("bind", bind_once, bind_once),
	BOTH_TYPES("least and most, and a short time-out", options, options),
	BOTH_TYPES("backlog", have_a_backlog, come),
	BOTH_TYPES("connect of another type, to nobody, and again", listen_with_this_type, connect_with_the_other),
	BOTH_TYPES("connect after a time-out", accept_after_all, connect_again),
	{ 0 },
};

int main(int argc, char **argv)
{
	return probe_main(argc, argv, cases);
}
