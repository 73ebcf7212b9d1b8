// SPDX-License-Identifier: GPL-2.0-only
/*
 * Integrity under load: many sockets at once, both ways at the same time, sends and
 * receives of random sizes, and each byte compared with what belongs there. A message of
 * SOCK_SEQPACKET arrives whole and alone.
 */
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "probe.h"

#define MOST_SOCKETS	12
#define LARGEST		90000u		/* more than a packet, less than the buffer */

/* What moves: on so many sockets, so many bytes each way, in pieces of at most so many. */
struct load {
	unsigned int sockets, bytes, largest;
};
static const struct load large = { MOST_SOCKETS, 192u << 10, LARGEST };
/* Many packets, one right behind the other: what is done to the queues is done often. */
static const struct load small = { 4, 3000, 2 };

struct way {
	const struct load *load;
	int fd, type;
	unsigned int seed;	/* of pattern and sizes: the same on both sides */
};

/* xorshift32 (Marsaglia 2003). */
static unsigned int next_random(unsigned int *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

/* Mostly small, sometimes several packets long; never nothing. */
static unsigned int next_size(unsigned int *state, const struct load *load, unsigned int left)
{
	unsigned int bits = next_random(state) % 17, size = 1 + next_random(state) % ((1u << bits) + 1);

	if (size > load->largest)
		size = load->largest;
	return size < left ? size : left;
}

static void *send_way(void *data)
{
	const struct way *way = data;
	unsigned int state = way->seed * 2654435761u | 1;
	char *bytes = malloc(LARGEST);

	if (!bytes)
		fail("no memory");
	for (unsigned int at = 0; at < way->load->bytes;) {
		unsigned int size = next_size(&state, way->load, way->load->bytes - at);

		fill_pattern(bytes, size, at, way->seed);
		send_all(way->fd, bytes, size);
		at += size;
	}
	if (shutdown(way->fd, SHUT_WR))
		fail_errno("shutdown");
	free(bytes);
	return NULL;
}

static void *recv_way(void *data)
{
	const struct way *way = data;
	unsigned int messages = way->seed * 2654435761u | 1, own = way->seed + 77;
	char *bytes = malloc(LARGEST);

	if (!bytes)
		fail("no memory");
	for (unsigned int at = 0; at < way->load->bytes;) {
		bool whole = way->type == SOCK_SEQPACKET;
		unsigned int expected = next_size(whole ? &messages : &own, way->load, way->load->bytes - at);
		ssize_t n = recv(way->fd, bytes, whole ? LARGEST : expected, 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			fail("recv gave %zd after %u of %u bytes: %s", n, at, way->load->bytes, n ? strerror(errno) : "the end");
		if (whole && n != expected)
			fail("a message of %zd bytes, not %u, after %u", n, expected, at);
		check_pattern(bytes, n, at, way->seed);
		at += n;
	}
	expect_end(way->fd);
	free(bytes);
	return NULL;
}

static void both_ways(const struct probe_side *side, const struct load *load)
{
	static struct way ways[2 * MOST_SOCKETS];
	static pthread_t threads[2 * MOST_SOCKETS];
	int fds[MOST_SOCKETS], listener = -1;

	if (side->server) {
		listener = listen_on(side->type, PROBE_PORT);
		tell("LISTENING");
	} else {
		await("LISTENING");
	}
	for (unsigned int i = 0; i < load->sockets; i++) {
		fds[i] = side->server ? accept_one(listener) : connect_to(side->type, side->peer_cid, PROBE_PORT);
		/* One after the other: both sides count alike. */
		tell("CONNECTED");
		await("CONNECTED");
	}
	step_of(load->sockets, "data both ways on all sockets");
	for (unsigned int i = 0; i < 2 * load->sockets; i++) {
		bool sends = i % 2 == (side->server ? 0 : 1);

		ways[i] = (struct way){ .load = load, .fd = fds[i / 2], .type = side->type, .seed = i + 1 };
		if (pthread_create(&threads[i], NULL, sends ? send_way : recv_way, &ways[i]))
			fail("no thread");
	}
	for (unsigned int i = 0; i < 2 * load->sockets; i++)
		pthread_join(threads[i], NULL);
	tell("DONE");
	await("DONE");
}

static void move_large(const struct probe_side *side)
{
	both_ways(side, &large);
}

static void move_small(const struct probe_side *side)
{
	both_ways(side, &small);
}

static const struct probe_case cases[] = {
	BOTH_TYPES("random sizes on many sockets, both ways", move_large, move_large),
	{ "packets of a byte or two on some sockets, both ways", SOCK_STREAM, move_small, move_small },
	{ 0 },
};

int main(int argc, char **argv)
{
	return probe_main(argc, argv, cases);
}
