// SPDX-License-Identifier: GPL-2.0-only
/*
 * Races: connects that are given up or interrupted, shutdown against send, close against
 * packets that come in, listeners that go while somebody connects, sockets that go from
 * one transport to another, options changed and data looked at while it flows. Beside
 * each of them a pair of sockets moves data both ways, of which every byte is compared.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>
#include <sys/ioctl.h>
#include <linux/sockios.h>
#include "probe.h"

#define ROUNDS		16	/* of connects, on each thread */
#define PAIRS		6
#define THREADS		3
#define WITNESS_PORT	(PROBE_PORT + 1)
#define WITNESS_BYTES	(96u << 10)
#define PIECE		4000u

/* --- a connection that must not notice --- */

struct witness {
	int fd;
	unsigned int own, others;	/* seeds */
	pthread_t sends, receives;
	volatile bool sent;
};

static void *send_pattern(void *data)
{
	struct witness *witness = data;
	char piece[PIECE];

	for (unsigned int at = 0; at < WITNESS_BYTES; at += PIECE) {
		size_t size = WITNESS_BYTES - at < PIECE ? WITNESS_BYTES - at : PIECE;

		fill_pattern(piece, size, at, witness->own);
		send_all(witness->fd, piece, size);
	}
	witness->sent = true;
	return NULL;
}

static void *recv_pattern(void *data)
{
	const struct witness *witness = data;
	char piece[PIECE];

	for (unsigned int at = 0; at < WITNESS_BYTES; at += PIECE) {
		size_t size = WITNESS_BYTES - at < PIECE ? WITNESS_BYTES - at : PIECE;

		recv_all(witness->fd, piece, size);
		check_pattern(piece, size, at, witness->others);
	}
	return NULL;
}

static pthread_t begin(void *(*what)(void *), const void *data)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, what, (void *)data))
		fail("no thread");
	return thread;
}

static struct witness *call_witness(const struct probe_side *side)
{
	static struct witness witness;

	if (side->server) {
		int listener = listen_on(side->type, WITNESS_PORT);

		tell("WITNESS");
		witness.fd = accept_one(listener);
		close(listener);
	} else {
		await("WITNESS");
		witness.fd = connect_to(side->type, side->peer_cid, WITNESS_PORT);
	}
	witness.own = side->server ? 1 : 2;
	witness.others = side->server ? 2 : 1;
	witness.sends = begin(send_pattern, &witness);
	witness.receives = begin(recv_pattern, &witness);
	return &witness;
}

/* All its data came through; and a new connection works as well. */
static void dismiss(const struct probe_side *side, struct witness *witness)
{
	char word[16];
	int fd;

	step_of(2, "the data of the connection beside it");
	pthread_join(witness->sends, NULL);
	pthread_join(witness->receives, NULL);
	tell("WITNESSED");
	await("WITNESSED");
	expect_nothing(witness->fd);
	fd = pair_up(side);
	fill_pattern(word, sizeof(word), 0, side->server ? 3 : 4);
	send_all(fd, word, sizeof(word));
	recv_exactly(fd, word, sizeof(word), 0);
	check_pattern(word, sizeof(word), 0, side->server ? 4 : 3);
	tell("DONE");
	await("DONE");
	close(fd);
	close(witness->fd);
}

/* Some tens of microseconds, never twice the same. */
static void a_moment(unsigned int *state)
{
	*state = *state * 1103515245u + 12345;
	for (volatile unsigned int i = (*state >> 16) % 20000; i; i--)
		;
}

static struct sockaddr_vm there(const struct probe_side *side, unsigned int port)
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

/* Until the other side says so: whatever comes is accepted, given some bytes, and closed. */
static volatile bool over;

static void *accept_all(void *data)
{
	int listener = *(int *)data;
	struct pollfd poller = { .fd = listener, .events = POLLIN };
	char bytes[64] = { 0 };

	while (!over) {
		int fd;

		if (poll(&poller, 1, 10) <= 0)
			continue;
		fd = accept(listener, NULL, NULL);
		if (fd < 0)
			continue;
		(void)!send(fd, bytes, sizeof(bytes), MSG_NOSIGNAL | MSG_DONTWAIT);
		close(fd);
	}
	return NULL;
}

static void accept_beside(const struct probe_side *side)
{
	struct witness *witness = call_witness(side);
	int listener = listen_on(side->type, PROBE_PORT + 2);
	pthread_t accepts;

	if (fcntl(listener, F_SETFL, O_NONBLOCK))
		fail_errno("O_NONBLOCK");
	accepts = begin(accept_all, &listener);
	tell("LISTENING");
	await("OVER");
	over = true;
	pthread_join(accepts, NULL);
	close(listener);
	dismiss(side, witness);
}

static void on_all_cpus(const struct probe_side *side, void *(*what)(void *))
{
	pthread_t threads[THREADS];

	for (int i = 0; i < THREADS; i++)
		threads[i] = begin(what, side);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
}

static void connect_beside(const struct probe_side *side, void *(*how)(void *))
{
	struct witness *witness = call_witness(side);

	await("LISTENING");
	step("connects that come to nothing, beside a connection");
	on_all_cpus(side, how);
	tell("OVER");
	dismiss(side, witness);
}

/* --- connects given up --- */

static void *give_up(void *data)
{
	const struct probe_side *side = data;
	struct sockaddr_vm address = there(side, PROBE_PORT + 2);
	unsigned int state = (unsigned int)(uintptr_t)&address;

	for (int i = 0; i < ROUNDS; i++) {
		int fd = new_socket(side);

		if (fcntl(fd, F_SETFL, O_NONBLOCK))
			fail_errno("O_NONBLOCK");
		if (connect(fd, (struct sockaddr *)&address, sizeof(address)) && errno != EINPROGRESS &&
		    errno != ECONNRESET)
			fail_errno("connect without waiting");
		a_moment(&state);
		close(fd);
	}
	return NULL;
}

static void give_up_beside(const struct probe_side *side)
{
	connect_beside(side, give_up);
}

/* --- connects interrupted: by a signal, or by their own time-out --- */

static void on_signal(int signal)
{
	(void)signal;
}

struct interrupted {
	pthread_t thread;
	volatile bool over;
};

static void *keep_interrupting(void *data)
{
	struct interrupted *whom = data;

	while (!whom->over) {
		pthread_kill(whom->thread, SIGUSR1);
		usleep(100);
	}
	return NULL;
}

static void *be_interrupted(void *data)
{
	const struct probe_side *side = data;
	struct sockaddr_vm address = there(side, PROBE_PORT + 2);
	struct timeval soon = { .tv_usec = 10000 };
	struct interrupted me = { .thread = pthread_self() };
	pthread_t interrupts = begin(keep_interrupting, &me);

	for (int i = 0; i < ROUNDS; i++) {
		int fd = new_socket(side), ret;
		char bytes[64];

		setsockopt(fd, AF_VSOCK, SO_VM_SOCKETS_CONNECT_TIMEOUT, &soon, sizeof(soon));
		/* A socket whose connect was interrupted may try again, if not for ever. */
		for (int tries = 0; tries < 5; tries++) {
			ret = connect(fd, (struct sockaddr *)&address, sizeof(address));
			if (!ret || (errno != EINTR && errno != EALREADY && errno != ETIMEDOUT))
				break;
		}
		if (ret && errno != EINTR && errno != EALREADY && errno != ETIMEDOUT && errno != ECONNRESET &&
		    errno != EISCONN && errno != EPIPE && errno != EPROTO)
			fail_errno("connect that is interrupted");
		/* Connected or not: it says so, and does not hang. */
		(void)!recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT);
		(void)!send(fd, bytes, sizeof(bytes), MSG_DONTWAIT | MSG_NOSIGNAL);
		close(fd);
	}
	me.over = true;
	pthread_join(interrupts, NULL);
	return NULL;
}

static void interrupt_beside(const struct probe_side *side)
{
	struct sigaction action = { .sa_handler = on_signal };

	sigaction(SIGUSR1, &action, NULL);
	connect_beside(side, be_interrupted);
}

/* --- the same socket with one transport and then another --- */

static void *change_transport(void *data)
{
	const struct probe_side *side = data;
	struct sockaddr_vm address = there(side, PROBE_PORT + 2), own = there(side, PROBE_PORT + 9);

	own.svm_cid = VMADDR_CID_LOCAL;
	for (int i = 0; i < ROUNDS; i++) {
		int fd = new_socket(side);

		/* Refused, or this kernel has no loopback: the socket is as good as new either way. */
		if (!connect(fd, (struct sockaddr *)&own, sizeof(own)))
			fail("connected to a port where nobody listens");
		if (connect(fd, (struct sockaddr *)&address, sizeof(address)) && errno != ECONNRESET)
			fail_errno("connect to the peer after another transport refused");
		close(fd);
	}
	return NULL;
}

static void transport_beside(const struct probe_side *side)
{
	connect_beside(side, change_transport);
}

/* --- shutdown against send, close against what comes in --- */

static void *send_until_end(void *data)
{
	char piece[PIECE] = { 0 };

	while (send(*(int *)data, piece, sizeof(piece), MSG_NOSIGNAL) > 0)
		;
	if (errno != EPIPE && errno != ECONNRESET && errno != ENOTCONN)
		fail_errno("send to one that closes");
	return NULL;
}

/* Both send, on several threads; one shuts down or closes in the middle of it. */
static void close_against_data(const struct probe_side *side)
{
	struct witness *witness = call_witness(side);
	unsigned int state = 7;

	for (int i = 0; i < PAIRS; i++) {
		bool first = side->server == (i % 2 == 0);
		int fd = pair_up(side);
		pthread_t senders[2];
		char bytes[PIECE];

		for (int j = 0; j < 2; j++)
			senders[j] = begin(send_until_end, &fd);
		if (first) {
			for (int j = 0; j < i % 5; j++)
				if (recv(fd, bytes, 1 + i * 100, 0) <= 0)
					fail_errno("recv before the end");
			a_moment(&state);
		} else {
			/* Its end, or its reset. */
			while (recv(fd, bytes, sizeof(bytes), 0) > 0)
				;
		}
		shutdown(fd, SHUT_RDWR);
		step("senders whose peer has closed");
		for (int j = 0; j < 2; j++)
			pthread_join(senders[j], NULL);
		close(fd);
		tell("CLOSED");
		await("CLOSED");
	}
	dismiss(side, witness);
}

/* The reader goes without a word, with packets under way to it. */
static void release_against_data(const struct probe_side *side)
{
	struct witness *witness = call_witness(side);
	unsigned int state = 3;

	for (int i = 0; i < PAIRS; i++) {
		int fd = pair_up(side);
		char bytes[PIECE] = { 0 };

		if (side->server == (i % 2 == 0)) {
			if (i % 3 && recv(fd, bytes, 1 + i * 100, 0) <= 0)
				fail_errno("recv before the end");
			a_moment(&state);
			close(fd);
		} else {
			step("a sender whose peer has closed");
			send_until_end(&fd);
			close(fd);
		}
		tell("CLOSED");
		await("CLOSED");
	}
	dismiss(side, witness);
}

/* --- listeners that go --- */

static void *connect_and_see(void *data)
{
	const struct probe_side *side = data;
	struct sockaddr_vm address = there(side, PROBE_PORT + 3);

	for (int i = 0; i < 4; i++) {
		int fd = new_socket(side);

		if (connect(fd, (struct sockaddr *)&address, sizeof(address)) && errno != ECONNRESET)
			fail_errno("connect to a listener that goes");
		close(fd);
	}
	return NULL;
}

static void go_while_they_come(const struct probe_side *side)
{
	struct witness *witness = call_witness(side);
	unsigned int state = 5;

	for (int i = 0; i < PAIRS; i++) {
		if (side->server) {
			int listener = listen_on(side->type, PROBE_PORT + 3), fd;

			tell("LISTENING");
			fd = accept_one(listener);
			a_moment(&state);
			if (i % 2)
				close(fd);
			close(listener);
			if (i % 2 == 0)
				close(fd);
		} else {
			await("LISTENING");
			step("connects to a listener that goes");
			on_all_cpus(side, connect_and_see);
		}
		tell("GONE");
		await("GONE");
	}
	dismiss(side, witness);
}

/* --- options and looks while data flows --- */

static void *change_options(void *data)
{
	int fd = *(int *)data;
	uint64_t largest = 1u << 20;

	if (setsockopt(fd, AF_VSOCK, SO_VM_SOCKETS_BUFFER_MAX_SIZE, &largest, sizeof(largest)))
		fail_errno("largest buffer size");
	for (unsigned int i = 0; !over; i++) {
		/* Never less than all there is to come: what a buffer holds that shrinks is another case. */
		uint64_t size = i % 2 ? largest : WITNESS_BYTES * 3;
		struct pollfd poller = { .fd = fd, .events = POLLIN | POLLOUT | POLLRDHUP };
		int lowat = 1 + i % 2 * 2000, bytes;
		char looked[PIECE];

		if (setsockopt(fd, AF_VSOCK, SO_VM_SOCKETS_BUFFER_SIZE, &size, sizeof(size)))
			fail_errno("buffer size");
		(void)setsockopt(fd, SOL_SOCKET, SO_RCVLOWAT, &lowat, sizeof(lowat));
		if (poll(&poller, 1, 0) < 0 && errno != EINTR)
			fail_errno("poll");
		if (poller.revents & (POLLERR | POLLHUP | POLLRDHUP))
			fail("poll says 0x%x of a connection that is well", poller.revents);
		(void)ioctl(fd, SIOCOUTQ, &bytes);
		(void)!recv(fd, looked, sizeof(looked), MSG_PEEK | MSG_DONTWAIT);
		usleep(500);
	}
	return NULL;
}

static void options_beside(const struct probe_side *side)
{
	struct witness *witness = call_witness(side);
	pthread_t changes = begin(change_options, &witness->fd);
	int least = 1;

	step_of(2, "data on a socket whose options change");
	while (!witness->sent)
		usleep(1000);
	over = true;
	pthread_join(changes, NULL);
	/* Nothing that is smaller than a message waits for more. */
	setsockopt(witness->fd, SOL_SOCKET, SO_RCVLOWAT, &least, sizeof(least));
	dismiss(side, witness);
}

static const struct probe_case cases[] = {
	BOTH_TYPES("connects given up beside data", accept_beside, give_up_beside),
	BOTH_TYPES("connects interrupted beside data", accept_beside, interrupt_beside),
	BOTH_TYPES("from one transport to another beside data", accept_beside, transport_beside),
	BOTH_TYPES("shutdown against data both ways", close_against_data, close_against_data),
	BOTH_TYPES("close against data on its way", release_against_data, release_against_data),
	BOTH_TYPES("listener that goes while they connect", go_while_they_come, go_while_they_come),
	BOTH_TYPES("options changed while data flows", options_beside, options_beside),
	{ 0 },
};

int main(int argc, char **argv)
{
	return probe_main(argc, argv, cases);
}
