/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the probes share: two sides, cases in step with each other, time limits, and
 * sockets. Command line and output are those of tools/testing/vsock, so that whatever
 * drives vsock_test drives a probe:
 *
 *   probe --mode=server|client [--control-host=HOST] --control-port=PORT --peer-cid=CID
 *         [--step=SECONDS] [--times=N] [--skip=N]...
 *   probe --list
 *
 * Each case runs in a process of its own. One that fails says why, and `failed` on the
 * line behind; the next one begins all the same. With --times each is run so often, as long
 * as it goes well.
 */
#ifndef PROBE_H
#define PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <linux/vm_sockets.h>

struct probe_side {
	bool server;
	unsigned int peer_cid;
	int type;		/* of the case: SOCK_STREAM, SOCK_SEQPACKET, or 0 */
	unsigned int step;	/* seconds that a step may take */
};

struct probe_case {
	const char *name;
	int type;
	void (*server)(const struct probe_side *side);
	void (*client)(const struct probe_side *side);
};

/* The same for both types of socket; the type stands before the name. */
#define BOTH_TYPES(name, server, client)			\
	{ name, SOCK_STREAM, server, client },			\
	{ name, SOCK_SEQPACKET, server, client }

/* Ends with a case that has no name. */
int probe_main(int argc, char **argv, const struct probe_case *cases);

/* Ends the case: why it failed. */
void fail(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));
/* The same with what errno says. */
void fail_errno(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));
/* Said beside the case's result, whatever that is. */
void note(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* On either side: this kernel has no such thing, and the case is over. */
void skip(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));
/* From here on the step's time runs anew; `what` is what then has timed out. */
void step(const char *what);
/* The same for something that takes as long as `count` steps. */
void step_of(unsigned int count, const char *what);

/* Between the two sides, in order. */
void tell(const char *word);
void await(const char *word);
void tell_number(uint64_t number);
uint64_t await_number(void);
/* Of a side that takes as long as `count` steps. */
void await_for(unsigned int count, const char *word);

/* Sockets; a failure ends the case. */
#define PROBE_PORT 4242
int listen_on(int type, unsigned int port);
int accept_one(int listener);
int connect_to(int type, unsigned int cid, unsigned int port);
/* Server: listens, tells, accepts. Client: waits for that and connects. */
int pair_up(const struct probe_side *side);

/* All of it, in one message for each call on SOCK_SEQPACKET. */
void send_all(int fd, const void *data, size_t size);
/* Exactly as much. */
void recv_all(int fd, void *data, size_t size);
/* One recv() that has to give this much. */
void recv_exactly(int fd, void *data, size_t size, int flags);
/* One call that has to fail so. */
void expect_error(const char *what, long ret, int expected);
/* Nothing more comes: the peer has shut down or closed. */
void expect_end(int fd);
/* Of recv() with MSG_PEEK: the kernel knows none for messages. Before 6.7; ENOMEM is what it makes of every error. */
bool cannot_peek(int type, ssize_t ret);
/* Nothing is there, and the call says so at once. */
void expect_nothing(int fd);

/* Bytes without a period: those that belong at `offset` of a stream numbered `seed`. */
void fill_pattern(void *data, size_t size, uint64_t offset, unsigned int seed);
/* Fails with the place of the first byte that is not what belongs there. */
void check_pattern(const void *data, size_t size, uint64_t offset, unsigned int seed);

uint64_t now_ms(void);

/* The guest's, of net/vmw_vsock/virtio_transport.c. */
#define VSOCK_DRIVER	"/sys/bus/virtio/drivers/vmw_vsock_virtio_transport"
/* The guest's devices for vsock, bound or not: `virtio3`, in the order in which it has found them. Gives how many. */
#define DEVICES		4
#define DEVICE_NAME	32
unsigned int vsock_devices(char names[DEVICES][DEVICE_NAME]);
bool is_bound(const char *device);
/* `bind` or `unbind`, and a device: `virtio3`. */
void tell_driver(const char *what, const char *device);

/* SUnreclaim of /proc/meminfo, KiB, without what the allocator keeps of freed packets: KASAN's quarantine is megabytes. */
long kernel_memory_kb(void);

#endif
