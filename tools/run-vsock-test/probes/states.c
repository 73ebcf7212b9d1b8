// SPDX-License-Identifier: GPL-2.0-only
/*
 * The states of a connection, as man 7 socket, man 2 shutdown, man 2 poll and man 2 recv have
 * them: whose half is shut down, what poll() says then, what recv() waits for, what is
 * left to be sent, and what close() waits for.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <linux/sockios.h>
#include "probe.h"

#define KB	1024u
#define SOME	100u

/* Once more than the sleep that the other side may have to fall into. */
#define ASLEEP_US	(30 * 1000)

static short poll_for(int fd, short events, const char *what)
{
	struct pollfd poller = { .fd = fd, .events = events };

	step(what);
	if (poll(&poller, 1, -1) != 1)
		fail_errno("%s", what);
	return poller.revents;
}

static short poll_now(int fd)
{
	struct pollfd poller = { .fd = fd, .events = POLLIN | POLLOUT | POLLRDHUP };

	if (poll(&poller, 1, 0) < 0)
		fail_errno("poll");
	return poller.revents;
}

static void send_pattern(int fd, size_t size)
{
	char data[SOME];

	fill_pattern(data, size, 0, 1);
	send_all(fd, data, size);
}

static void expect_pattern(int fd, size_t size, const char *what)
{
	char data[SOME];

	step(what);
	recv_exactly(fd, data, size, 0);
	check_pattern(data, size, 0, 1);
}

/* --- one half, then the other --- */

static void see_writing_end(const struct probe_side *side)
{
	int fd = pair_up(side);
	short told;
	char byte;

	tell("WAITING");
	told = poll_for(fd, POLLIN | POLLRDHUP, "poll for the peer's SHUT_WR");
	if (!(told & POLLIN) || !(told & POLLRDHUP))
		fail("poll says 0x%x after the peer's SHUT_WR", told);
	step("recv after the peer's SHUT_WR");
	expect_end(fd);
	/* The other way still goes. */
	send_pattern(fd, SOME);
	await("BOTH");
	step("recv after both");
	expect_end(fd);
	/* The word of it may be here before the packet. */
	step("the peer's SHUT_RD");
	while (send(fd, &byte, 1, MSG_NOSIGNAL) == 1)
		usleep(1000);
	expect_error("send after the peer's SHUT_RD", -1, EPIPE);
	tell("SEEN");
	close(fd);
}

static void end_writing(const struct probe_side *side)
{
	int fd = pair_up(side);

	await("WAITING");
	usleep(ASLEEP_US);
	if (shutdown(fd, SHUT_WR))
		fail_errno("SHUT_WR");
	expect_error("send after SHUT_WR", send(fd, "x", 1, MSG_NOSIGNAL), EPIPE);
	expect_pattern(fd, SOME, "what the peer sends after SHUT_WR");
	if (shutdown(fd, SHUT_RD))
		fail_errno("SHUT_RD");
	tell("BOTH");
	await("SEEN");
	close(fd);
}

static void see_reading_end(const struct probe_side *side)
{
	int fd = pair_up(side);
	short told;
	char byte;

	/* Behind the news of it. */
	expect_pattern(fd, SOME, "what the peer sends after its SHUT_RD");
	told = poll_now(fd);
	if (told & (POLLIN | POLLRDHUP | POLLHUP))
		fail("poll says 0x%x after the peer's SHUT_RD", told);
	expect_nothing(fd);
	expect_error("send after the peer's SHUT_RD", send(fd, &byte, 1, MSG_NOSIGNAL), EPIPE);
	tell("SEEN");
	expect_pattern(fd, SOME, "what the peer sends then");
	tell("DONE");
	close(fd);
}

static void end_reading(const struct probe_side *side)
{
	int fd = pair_up(side);

	if (shutdown(fd, SHUT_RD))
		fail_errno("SHUT_RD");
	send_pattern(fd, SOME);
	await("SEEN");
	send_pattern(fd, SOME);
	await("DONE");
	close(fd);
}

/* --- what recv() and poll() wait for --- */

static void wait_for_all(const struct probe_side *side)
{
	int fd = pair_up(side);
	char data[SOME];

	tell("WAITING");
	step("recv with MSG_WAITALL");
	recv_exactly(fd, data, SOME, MSG_WAITALL);
	check_pattern(data, SOME, 0, 1);
	tell("DONE");
	close(fd);
}

static void send_in_two(const struct probe_side *side)
{
	int fd = pair_up(side);
	char data[SOME];

	fill_pattern(data, SOME, 0, 1);
	await("WAITING");
	send_all(fd, data, 60);
	usleep(ASLEEP_US);
	send_all(fd, data + 60, SOME - 60);
	/* It is not the end that it waits for. */
	await("DONE");
	close(fd);
}

static void wait_for_byte(const struct probe_side *side)
{
	int fd = pair_up(side);

	tell("WAITING");
	if (!(poll_for(fd, POLLIN, "poll for one byte") & POLLIN))
		fail("poll without POLLIN");
	expect_pattern(fd, 1, "one byte");
	if (poll_now(fd) & POLLIN)
		fail("POLLIN, and there is nothing");
	tell("DONE");
	await("AGAIN");
	/* There already. */
	if (!(poll_for(fd, POLLIN, "poll for a byte that is there") & POLLIN))
		fail("poll without POLLIN");
	expect_pattern(fd, 1, "one byte");
	tell("DONE");
	close(fd);
}

static void send_byte(const struct probe_side *side)
{
	int fd = pair_up(side);

	await("WAITING");
	usleep(ASLEEP_US);
	send_pattern(fd, 1);
	await("DONE");
	send_pattern(fd, 1);
	tell("AGAIN");
	await("DONE");
	close(fd);
}

/* Who has accepted may send before it has heard anything. */
static void speak_first(const struct probe_side *side)
{
	static char data[200 * KB];
	int fd = pair_up(side);

	fill_pattern(data, sizeof(data), 0, 1);
	step("send of one who has accepted");
	for (size_t at = 0; at < sizeof(data); at += 50 * KB)
		send_all(fd, data + at, 50 * KB);
	await("DONE");
	close(fd);
}

static void listen_first(const struct probe_side *side)
{
	static char data[50 * KB];
	int fd = pair_up(side);

	for (size_t at = 0; at < 200 * KB; at += sizeof(data)) {
		step("recv of one who has connected");
		recv_all(fd, data, sizeof(data));
		check_pattern(data, sizeof(data), at, 1);
	}
	tell("DONE");
	close(fd);
}

/* --- what is left to be sent --- */

static void read_it_all(const struct probe_side *side)
{
	static char data[64 * KB];
	int fd = pair_up(side);

	await("KNOWN");
	for (int i = 0; i < 3; i++) {
		step("recv of what will not be left");
		recv_all(fd, data, i == 1 ? sizeof(data) : 1000);
		tell("READ");
	}
	await("DONE");
	close(fd);
}

static void leave_nothing_unsent(const struct probe_side *side)
{
	static char data[64 * KB];
	int fd = pair_up(side), left;

	if (ioctl(fd, SIOCOUTQ, &left))
		skip("no SIOCOUTQ: %s", strerror(errno));
	tell("KNOWN");
	for (int i = 0; i < 3; i++) {
		send_all(fd, data, i == 1 ? sizeof(data) : 1000);
		/* From where nothing can be read: it is not sent, and not left to be. */
		(void)!send(fd, (void *)8, 5000, MSG_NOSIGNAL);
		await("READ");
		step("SIOCOUTQ to be 0");
		for (;;) {
			if (ioctl(fd, SIOCOUTQ, &left))
				fail_errno("SIOCOUTQ");
			if (left == 0)
				break;
			usleep(1000);
		}
	}
	tell("DONE");
	close(fd);
}

/* --- a signal in send() --- */

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

#define FAR_TOO_MUCH	(2048 * KB)

static void read_what_was_sent(const struct probe_side *side)
{
	char *data = malloc(FAR_TOO_MUCH);
	int fd = pair_up(side);
	uint64_t sent = await_number();

	step("recv of what was sent before the signal");
	recv_all(fd, data, sent);
	check_pattern(data, sent, 0, 1);
	expect_nothing(fd);
	tell("DONE");
	await("DONE");
	close(fd);
}

static void signal_in_send(const struct probe_side *side)
{
	struct sigaction caught = { .sa_handler = on_signal };
	pthread_t own = pthread_self(), other;
	char *data = malloc(FAR_TOO_MUCH);
	int fd = pair_up(side);
	ssize_t n;

	fill_pattern(data, FAR_TOO_MUCH, 0, 1);
	sigaction(SIGUSR1, &caught, NULL);
	if (pthread_create(&other, NULL, signal_later, &own))
		fail("no thread");
	step("send to one who does not read, with a signal");
	n = send(fd, data, FAR_TOO_MUCH, MSG_NOSIGNAL);
	if (n < 0)
		fail_errno("send that a signal ended has sent something, and says");
	if (n < (ssize_t)(64 * KB) || n >= (ssize_t)FAR_TOO_MUCH)
		fail("send gave %zd", n);
	pthread_join(other, NULL);
	tell_number(n);
	await("DONE");
	tell("DONE");
	close(fd);
}

/* --- what close() waits for --- */

static void close_soon(const struct probe_side *side)
{
	int fd = pair_up(side);

	await("LINGERING");
	usleep(ASLEEP_US);
	expect_pattern(fd, SOME, "what was sent before close()");
	close(fd);
	/* And one that does not read what the other leaves behind. */
	fd = pair_up(side);
	await("GONE");
	close(fd);
}

static int linger(const struct probe_side *side, int seconds)
{
	struct linger lingers = { .l_onoff = 1, .l_linger = seconds };
	int fd = pair_up(side);

	if (setsockopt(fd, SOL_SOCKET, SO_LINGER, &lingers, sizeof(lingers)))
		fail_errno("SO_LINGER");
	send_pattern(fd, SOME);
	return fd;
}

static void linger_and_close(const struct probe_side *side)
{
	int fd = linger(side, 100), status;
	pid_t child;

	tell("LINGERING");
	step("close with SO_LINGER whose peer closes, too");
	close(fd);
	/* Who exits does not wait, whatever the socket says. */
	child = fork();
	if (child < 0)
		fail_errno("fork");
	if (child == 0) {
		linger(side, 100);
		_exit(EXIT_SUCCESS);
	}
	step("the end of a process with SO_LINGER");
	if (waitpid(child, &status, 0) != child)
		fail_errno("waitpid");
	if (status)
		fail("the process with SO_LINGER failed");
	tell("GONE");
}

static const struct probe_case cases[] = {
	BOTH_TYPES("SHUT_WR, then SHUT_RD", see_writing_end, end_writing),
	BOTH_TYPES("SHUT_RD is no end", see_reading_end, end_reading),
	{ "MSG_WAITALL", SOCK_STREAM, wait_for_all, send_in_two },
	BOTH_TYPES("poll for one byte", wait_for_byte, send_byte),
	BOTH_TYPES("server that speaks first", speak_first, listen_first),
	{ "nothing is left unsent", SOCK_STREAM, read_it_all, leave_nothing_unsent },
	{ "signal in send", SOCK_STREAM, read_what_was_sent, signal_in_send },
	BOTH_TYPES("SO_LINGER", close_soon, linger_and_close),
	{ 0 },
};

int main(int argc, char **argv)
{
	return probe_main(argc, argv, cases);
}
