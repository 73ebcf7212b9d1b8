// SPDX-License-Identifier: GPL-2.0-only
/*
 * The guest's device goes, in the middle of what it does, and comes back: its driver is
 * unbound and bound again through sysfs (Documentation/ABI/testing/sysfs-bus-css and
 * driver-api/driver-model/binding.rst). Who waits is told, nothing is kept, and what is
 * connected afterwards works.
 *
 * The client is the one with the device; where there is none nothing is tried.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>
#include "probe.h"

#define TIMES		3
#define PIECE		4000u
#define WITHOUT		1000	/* connects: each has a packet of half a KiB and more */
#define ASLEEP_US	(30 * 1000)
/* Of 512 KiB of rx buffers that are lost each time. */
#define LOST_KB		700

static char names[DEVICES][DEVICE_NAME];

/* Its place in `names`; their count when there is none. */
static unsigned int first_bound(unsigned int *count)
{
	unsigned int bound = 0;

	*count = vsock_devices(names);
	while (bound < *count && !is_bound(names[bound]))
		bound++;
	return bound;
}

/* The one that works: of two the first. A case that has failed may have left it without its driver. */
static const char *own_device(void)
{
	unsigned int count, bound = first_bound(&count);

	if (count == 0 || access(VSOCK_DRIVER, F_OK))
		skip("no device for " VSOCK_DRIVER);
	if (bound == count) {
		bound = 0;
		tell_driver("bind", names[bound]);
	}
	tell("DEVICE");
	return names[bound];
}

/* --- the host's side --- */

static void accept_again(const struct probe_side *side, bool sends)
{
	struct timeval limit = { .tv_usec = 200 * 1000 };
	char data[PIECE] = { 0 };

	await("DEVICE");
	for (int i = 0; i < TIMES; i++) {
		int fd = pair_up(side);

		if (sends) {
			/* A host is not told that the driver of its guest has gone: who waits for credit then waits on. */
			if (setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit)))
				fail_errno("SO_SNDTIMEO");
			step("send to a device that goes and comes back");
			while (send(fd, data, sizeof(data), MSG_NOSIGNAL) > 0)
				;
			if (errno != EPIPE && errno != ECONNRESET && errno != EAGAIN)
				fail_errno("send to a device that goes and comes back");
		}
		/* Unbound, a thousand connects, bound. */
		await_for(4, "BACK");
		close(fd);
		fd = pair_up(side);
		recv_exactly(fd, data, 100, 0);
		check_pattern(data, 100, 0, 1);
		send_all(fd, data, 100);
		await("DONE");
		close(fd);
	}
}

static void accept_one_by_one(const struct probe_side *side)
{
	accept_again(side, false);
}

static void send_in_the_middle(const struct probe_side *side)
{
	accept_again(side, true);
}

/* --- the guest's --- */

static void *recv_until_end(void *data)
{
	char bytes[PIECE];

	while (recv(*(int *)data, bytes, sizeof(bytes), 0) > 0)
		;
	return NULL;
}

/* A packet that has no device to go to is one that nobody keeps. Without a device there is no SOCK_SEQPACKET. */
static void connect_without_device(const struct probe_side *side)
{
	struct sockaddr_vm there = { .svm_family = AF_VSOCK, .svm_cid = side->peer_cid, .svm_port = PROBE_PORT };

	step("connect without a device");
	for (int i = 0; i < WITHOUT; i++) {
		int fd = socket(AF_VSOCK, SOCK_STREAM, 0);

		if (fd < 0)
			fail_errno("socket");
		if (!connect(fd, (struct sockaddr *)&there, sizeof(there)))
			fail("connected by a device that has gone");
		close(fd);
	}
}

static void go_and_come_back(const struct probe_side *side)
{
	const char *name = own_device();
	long before = 0, more;

	for (int i = 0; i < TIMES; i++) {
		int fd = pair_up(side);
		char data[100];
		pthread_t reader;

		if (pthread_create(&reader, NULL, recv_until_end, &fd))
			fail("no thread");
		usleep(ASLEEP_US);
		step("unbind");
		tell_driver("unbind", name);
		step("recv of a device that has gone");
		pthread_join(reader, NULL);
		if (send(fd, data, sizeof(data), MSG_NOSIGNAL | MSG_DONTWAIT) >= 0)
			fail("send by a device that has gone");
		close(fd);
		connect_without_device(side);
		step("bind");
		tell_driver("bind", name);
		tell("BACK");
		fd = pair_up(side);
		fill_pattern(data, sizeof(data), 0, 1);
		send_all(fd, data, sizeof(data));
		recv_exactly(fd, data, sizeof(data), 0);
		check_pattern(data, sizeof(data), 0, 1);
		tell("DONE");
		close(fd);
		/* What the first time leaves in caches is no leak. */
		if (i == 0)
			before = kernel_memory_kb();
	}
	more = kernel_memory_kb() - before;
	if (more > LOST_KB)
		fail("%ld KiB of kernel memory more after %d times", more, TIMES - 1);
}

static const struct probe_case cases[] = {
	BOTH_TYPES("device that goes under a reader", accept_one_by_one, go_and_come_back),
	BOTH_TYPES("device that goes in mid-transfer", send_in_the_middle, go_and_come_back),
	{ 0 },
};

int main(int argc, char **argv)
{
	unsigned int count;
	bool had_one = first_bound(&count) < count;
	int status = probe_main(argc, argv, cases);

	/* The last case may have been left without: what runs behind this needs a device. */
	if (had_one && first_bound(&count) == count && count > 0)
		tell_driver("bind", names[0]);
	return status;
}
