// SPDX-License-Identifier: GPL-2.0-only
/*
 * vsock-load: one side of a transfer over AF_VSOCK with many threads.
 *
 *   vsock-load --side=server --cid=ANY --port=N ...
 *   vsock-load --side=client --cid=N --port=N ...
 *
 * Both sides get the same words:
 *
 *   --type=stream|seqpacket
 *   --threads=N    connections, a thread on each side for each
 *   --message=N    bytes of each send() and of each recv()
 *   --bytes=N      bytes of a round, all threads together; or
 *   --ms=N         milliseconds that the client sends in a round
 *   --echo=N       ping-pong instead: N messages there and back in a round
 *   --rounds=N
 *   --limit=N      milliseconds that the first round may take; each later one may take
 *                  twice as long as the longest before it, within N
 *
 * A round: the client connects with all its threads. The server says go on every
 * connection once all are there, and its clock starts. The client sends its share
 * and shuts down; the server reads to the end, and its clock stops with the last
 * byte of the last connection. It tells how much it got, and the client compares.
 * All that arrives is compared with what must come at that place.
 *
 * Prints "listening" when a client may come, and at its end one line of JSON:
 *
 *   {"side":"server","rounds":[{"bytes":N,"ns":N,"cpu":{"user":N,...}}]}
 *   {"side":"client","rounds":[{"bytes":N,"ns":N,"cpu":{...},"echo":[N,...]}]}
 *   {"side":"server","kind":"wrong","error":"connection 3 ended after 4096 of 65536 bytes"}
 *
 * ns: CLOCK_MONOTONIC of the side's machine. cpu: what its /proc/stat counted
 * meanwhile, ticks of 1/100 s. echo: ns of each message there and back, in order.
 * kind: wrong, what arrived is not what was sent, or not all of it; late, a round did
 * not end within the limit; failed, anything else.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
#include <linux/vm_sockets.h>

#define MAX_THREADS	512
#define MAX_MESSAGE	(1 << 20)
#define MAX_ROUNDS	1000
#define SHIFTS		4096	/* a power of two: where in the pattern a message may begin */
#define STACK_BYTES	(128 * 1024)

static struct {
	bool server;
	unsigned int cid, port;
	int type;
	long threads, message, bytes, ms, echo, rounds, limit;
} opt = { .cid = VMADDR_CID_ANY, .type = SOCK_STREAM, .rounds = 1 };

struct connection {
	pthread_t thread;
	int number, fd;
	char *buffer;
	uint64_t moved;		/* bytes of this round */
	uint64_t end_ns;
};

struct cpu {
	uint64_t user, nice, system, idle, iowait, irq, softirq, steal, guest;
};

struct round {
	uint64_t bytes, ns;
	struct cpu cpu;
};

static struct connection connections[MAX_THREADS];
static struct round rounds[MAX_ROUNDS];
static uint64_t *echo_ns;	/* of all rounds */
static long round_number;
static uint64_t round_limit_ns, round_began_ns;
static unsigned char *pattern;
static uint64_t deadline_ns;

static const char *side(void)
{
	return opt.server ? "server" : "client";
}

/* Whichever thread is first tells it, and the process ends. */
static void __attribute__((noreturn, format(printf, 2, 0)))
end_with(const char *kind, const char *format, va_list args)
{
	static pthread_mutex_t once = PTHREAD_MUTEX_INITIALIZER;
	char text[256];

	pthread_mutex_lock(&once);
	vsnprintf(text, sizeof(text), format, args);
	printf("{\"side\":\"%s\",\"kind\":\"%s\",\"error\":\"%s\"}\n", side(), kind, text);
	fflush(stdout);
	_exit(1);
}

static void __attribute__((noreturn, format(printf, 1, 2))) fail(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	end_with("failed", format, args);
}

static void __attribute__((noreturn, format(printf, 1, 2))) fail_wrong(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	end_with("wrong", format, args);
}

static void __attribute__((noreturn, format(printf, 1, 2))) fail_late(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	end_with("late", format, args);
}

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ull + now.tv_nsec;
}

static struct cpu cpu_now(void)
{
	struct cpu cpu = { 0 };
	FILE *stat = fopen("/proc/stat", "r");

	if (!stat || fscanf(stat, "cpu %lu %lu %lu %lu %lu %lu %lu %lu %lu", &cpu.user, &cpu.nice,
			    &cpu.system, &cpu.idle, &cpu.iowait, &cpu.irq, &cpu.softirq,
			    &cpu.steal, &cpu.guest) != 9)
		fail("/proc/stat cannot be read");
	fclose(stat);
	return cpu;
}

/* user has guest in it: what is left is this machine's own. The two are not counted at one time. */
static struct cpu cpu_between(struct cpu from, struct cpu to)
{
	uint64_t guest = to.guest - from.guest;
	uint64_t user = to.user - from.user + to.nice - from.nice;

	return (struct cpu){
		.user = user > guest ? user - guest : 0,
		.system = to.system - from.system,
		.idle = to.idle - from.idle + to.iowait - from.iowait,
		.irq = to.irq - from.irq,
		.softirq = to.softirq - from.softirq,
		.steal = to.steal - from.steal,
		.guest = guest,
	};
}

/* Bytes without a period, so that one that is lost, doubled or moved shows. */
static void make_pattern(void)
{
	uint32_t x = 2463534242u;

	pattern = malloc(MAX_MESSAGE + SHIFTS);
	if (!pattern)
		fail("no memory");
	for (size_t i = 0; i < MAX_MESSAGE + SHIFTS; i++) {
		x ^= x << 13;
		x ^= x >> 17;
		x ^= x << 5;
		pattern[i] = x >> 24;
	}
}

static const unsigned char *message_at(const struct connection *c, uint64_t message)
{
	return pattern + ((message * 1021 + c->number * 257) & (SHIFTS - 1));
}

/* The bytes of this connection in a round; the first ones get what is left over. */
static uint64_t share(const struct connection *c)
{
	uint64_t messages = opt.bytes / opt.message;
	uint64_t own = messages / opt.threads + ((uint64_t)c->number < messages % opt.threads);

	return own * opt.message;
}

static void send_all(struct connection *c, const void *data, size_t size)
{
	const char *p = data;

	while (size > 0) {
		ssize_t n = send(c->fd, p, size, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			fail("connection %d: send after %lu bytes: %s", c->number, c->moved, strerror(errno));
		p += n;
		size -= n;
	}
}

/* What arrived at this place of the stream must be what was sent there. */
static void compare(struct connection *c, const char *data, size_t size)
{
	while (size > 0) {
		uint64_t within = c->moved % opt.message;
		size_t part = opt.message - within < size ? opt.message - within : size;

		if (memcmp(data, message_at(c, c->moved / opt.message) + within, part))
			fail_wrong("connection %d: wrong data in bytes %lu to %lu", c->number, c->moved,
			     c->moved + part);
		c->moved += part;
		data += part;
		size -= part;
	}
}

/* One recv(); 0 at the end of what the peer sends. */
static size_t receive(struct connection *c, size_t size)
{
	ssize_t n;

	do
		n = recv(c->fd, c->buffer, size, 0);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		fail("connection %d: recv after %lu bytes: %s", c->number, c->moved, strerror(errno));
	if (n > 0 && opt.type == SOCK_SEQPACKET && n != opt.message)
		fail_wrong("connection %d: a message of %zd bytes, not %ld", c->number, n, opt.message);
	return n;
}

/* A number that the other side tells about the round. */
static uint64_t receive_number(struct connection *c)
{
	uint64_t number;
	size_t got = 0;

	while (got < sizeof(number)) {
		ssize_t n = recv(c->fd, (char *)&number + got, sizeof(number) - got, 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			fail("connection %d: recv of a count: %s", c->number, strerror(errno));
		if (n == 0)
			fail("connection %d ended without a count", c->number);
		got += n;
	}
	return number;
}

static void echo_back(struct connection *c)
{
	for (long i = 0; i < opt.echo; i++) {
		uint64_t end = c->moved + opt.message;

		while (c->moved < end) {
			size_t n = receive(c, end - c->moved);

			if (n == 0)
				fail_wrong("connection %d ended after %ld of %ld messages", c->number, i, opt.echo);
			compare(c, c->buffer, n);
		}
		send_all(c, message_at(c, i), opt.message);
	}
}

static void echo_there(struct connection *c)
{
	for (long i = 0; i < opt.echo; i++) {
		uint64_t end = c->moved + opt.message, began = now_ns();

		send_all(c, message_at(c, i), opt.message);
		while (c->moved < end) {
			size_t n = receive(c, end - c->moved);

			if (n == 0)
				fail_wrong("connection %d ended after %ld of %ld messages", c->number, i, opt.echo);
			compare(c, c->buffer, n);
		}
		echo_ns[(round_number * opt.threads + c->number) * opt.echo + i] = now_ns() - began;
	}
}

static void take_all(struct connection *c)
{
	size_t n;

	while ((n = receive(c, opt.message)) > 0)
		compare(c, c->buffer, n);
	if (!opt.ms && c->moved != share(c))
		fail_wrong("connection %d ended after %lu of %lu bytes", c->number, c->moved, share(c));
}

static void send_share(struct connection *c)
{
	uint64_t all = share(c);

	for (uint64_t i = 0; opt.ms ? now_ns() < deadline_ns : c->moved < all; i++) {
		send_all(c, message_at(c, i), opt.message);
		c->moved += opt.message;
	}
	if (shutdown(c->fd, SHUT_WR))
		fail("connection %d: shutdown: %s", c->number, strerror(errno));
}

static void *serve(void *data)
{
	struct connection *c = data;
	uint64_t count;

	if (opt.echo)
		echo_back(c);
	else
		take_all(c);
	c->end_ns = now_ns();
	count = c->moved;
	send_all(c, &count, sizeof(count));
	return NULL;
}

static void *transfer(void *data)
{
	struct connection *c = data;
	uint64_t count;

	receive_number(c);	/* go */
	if (opt.echo)
		echo_there(c);
	else
		send_share(c);
	count = receive_number(c);
	c->end_ns = now_ns();
	if (count != c->moved)
		fail_wrong("connection %d: %lu bytes were sent and %lu arrived", c->number, c->moved, count);
	return NULL;
}

static void start_threads(void *(*work)(void *))
{
	pthread_attr_t attr;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK_BYTES);
	for (long i = 0; i < opt.threads; i++) {
		int error = pthread_create(&connections[i].thread, &attr, work, &connections[i]);

		if (error)
			fail("thread %ld: %s", i, strerror(error));
	}
	pthread_attr_destroy(&attr);
}

/*
 * A peer whose machine stands still says nothing: SIGALRM, which all other threads
 * block, tells that a round has had its time. One timer a round costs next to nothing.
 */
static void *watch(void *data)
{
	const sigset_t *alarm = data;
	int signal;

	sigwait(alarm, &signal);
	fail_late("round %ld had not ended after %lu ms", round_number + 1, round_limit_ns / 1000000);
}

static void start_watch(void)
{
	static sigset_t alarm;
	pthread_t thread;

	sigemptyset(&alarm);
	sigaddset(&alarm, SIGALRM);
	if (pthread_sigmask(SIG_BLOCK, &alarm, NULL) || pthread_create(&thread, NULL, watch, &alarm))
		fail("the watch on the rounds cannot be started");
}

#define LEAST_LIMIT_NS	250000000ull	/* what is quick is not measured by its own quickness */

/* A round begins: the watch is set anew. */
static void begin_round(long number)
{
	static uint64_t longest_ns;
	struct itimerval limit = { 0 };
	uint64_t now = now_ns();

	round_number = number;
	if (!opt.limit)
		return;
	round_limit_ns = opt.limit * 1000000ull;
	if (number > 0) {
		uint64_t later;

		if (now - round_began_ns > longest_ns)
			longest_ns = now - round_began_ns;
		later = 2 * longest_ns > LEAST_LIMIT_NS ? 2 * longest_ns : LEAST_LIMIT_NS;
		if (later < round_limit_ns)
			round_limit_ns = later;
	}
	round_began_ns = now;
	limit.it_value.tv_sec = round_limit_ns / 1000000000;
	limit.it_value.tv_usec = round_limit_ns % 1000000000 / 1000;
	if (setitimer(ITIMER_REAL, &limit, NULL))
		fail("setitimer: %s", strerror(errno));
}

/* Waits for all of a round and closes; the time is that of the last connection. */
static void end_round(struct round *round, uint64_t began, struct cpu before)
{
	uint64_t end = began;

	round->bytes = 0;
	for (long i = 0; i < opt.threads; i++)
		pthread_join(connections[i].thread, NULL);
	round->cpu = cpu_between(before, cpu_now());
	for (long i = 0; i < opt.threads; i++) {
		round->bytes += connections[i].moved;
		if (connections[i].end_ns > end)
			end = connections[i].end_ns;
		close(connections[i].fd);
	}
	round->ns = end - began;
}

static void begin(struct connection *c, int number, int fd)
{
	c->number = number;
	c->fd = fd;
	c->moved = c->end_ns = 0;
	if (!c->buffer)
		c->buffer = malloc(opt.message);
	if (!c->buffer)
		fail("no memory");
}

static void run_server(void)
{
	struct sockaddr_vm address = {
		.svm_family = AF_VSOCK, .svm_cid = VMADDR_CID_ANY, .svm_port = opt.port,
	};
	int listener = socket(AF_VSOCK, opt.type, 0);

	if (listener < 0)
		fail("socket: %s", strerror(errno));
	if (bind(listener, (struct sockaddr *)&address, sizeof(address)) || listen(listener, MAX_THREADS))
		fail("listen on port %u: %s", opt.port, strerror(errno));
	puts("listening");
	fflush(stdout);
	for (long r = 0; r < opt.rounds; r++) {
		uint64_t began, go = 0;
		struct cpu before;

		if (r > 0)
			begin_round(r);
		for (long i = 0; i < opt.threads; i++) {
			int fd = accept(listener, NULL, NULL);

			if (fd < 0)
				fail("accept: %s", strerror(errno));
			/* For its first client it waits as long as it takes to start one. */
			if (r == 0 && i == 0)
				begin_round(r);
			begin(&connections[i], i, fd);
			/* The client counts as it connects, whatever is accepted first. */
			connections[i].number = receive_number(&connections[i]);
			if (connections[i].number < 0 || connections[i].number >= opt.threads)
				fail("a client with other words than these");
		}
		before = cpu_now();
		began = now_ns();
		for (long i = 0; i < opt.threads; i++)
			send_all(&connections[i], &go, sizeof(go));
		start_threads(serve);
		end_round(&rounds[r], began, before);
	}
}

static void run_client(void)
{
	struct sockaddr_vm address = {
		.svm_family = AF_VSOCK, .svm_cid = opt.cid, .svm_port = opt.port,
	};

	for (long r = 0; r < opt.rounds; r++) {
		struct cpu before;
		uint64_t began;

		begin_round(r);
		for (long i = 0; i < opt.threads; i++) {
			int fd = socket(AF_VSOCK, opt.type, 0);
			uint64_t number = i;

			if (fd < 0)
				fail("socket: %s", strerror(errno));
			if (connect(fd, (struct sockaddr *)&address, sizeof(address)))
				fail("connect to %u:%u: %s", opt.cid, opt.port, strerror(errno));
			begin(&connections[i], i, fd);
			send_all(&connections[i], &number, sizeof(number));
		}
		before = cpu_now();
		began = now_ns();
		deadline_ns = began + opt.ms * 1000000ull;
		start_threads(transfer);
		end_round(&rounds[r], began, before);
	}
}

static void print_result(void)
{
	printf("{\"side\":\"%s\",\"rounds\":[", side());
	for (long r = 0; r < opt.rounds; r++) {
		const struct round *round = &rounds[r];
		const struct cpu *cpu = &round->cpu;

		printf("%s{\"bytes\":%lu,\"ns\":%lu,\"cpu\":{\"user\":%lu,\"system\":%lu,\"irq\":%lu,"
		       "\"softirq\":%lu,\"steal\":%lu,\"guest\":%lu,\"idle\":%lu}", r ? "," : "",
		       round->bytes, round->ns, cpu->user, cpu->system, cpu->irq, cpu->softirq,
		       cpu->steal, cpu->guest, cpu->idle);
		if (opt.echo && !opt.server) {
			long count = opt.threads * opt.echo;

			for (long i = 0; i < count; i++)
				printf("%s%lu", i ? "," : ",\"echo\":[", echo_ns[r * count + i]);
			printf("]");
		}
		printf("}");
	}
	printf("]}\n");
}

static long number_between(const char *name, const char *text, long least, long most)
{
	char *end;
	long number;

	errno = 0;
	number = strtol(text, &end, 10);
	if (errno || end == text || *end || number < least || number > most)
		fail("--%s takes a number from %ld to %ld", name, least, most);
	return number;
}

static void read_words(int argc, char **argv)
{
	static const struct option known[] = {
		{ "side", required_argument, NULL, 's' },
		{ "cid", required_argument, NULL, 'c' },
		{ "port", required_argument, NULL, 'p' },
		{ "type", required_argument, NULL, 't' },
		{ "threads", required_argument, NULL, 'n' },
		{ "message", required_argument, NULL, 'm' },
		{ "bytes", required_argument, NULL, 'b' },
		{ "ms", required_argument, NULL, 'd' },
		{ "echo", required_argument, NULL, 'e' },
		{ "rounds", required_argument, NULL, 'r' },
		{ "limit", required_argument, NULL, 'l' },
		{ NULL, 0, NULL, 0 },
	};
	int word;

	while ((word = getopt_long(argc, argv, "", known, NULL)) != -1) {
		switch (word) {
		case 's':
			opt.server = !strcmp(optarg, "server");
			break;
		case 'c':
			opt.cid = number_between("cid", optarg, 0, UINT32_MAX);
			break;
		case 'p':
			opt.port = number_between("port", optarg, 1, UINT32_MAX);
			break;
		case 't':
			opt.type = !strcmp(optarg, "seqpacket") ? SOCK_SEQPACKET : SOCK_STREAM;
			break;
		case 'n':
			opt.threads = number_between("threads", optarg, 1, MAX_THREADS);
			break;
		case 'm':
			opt.message = number_between("message", optarg, 1, MAX_MESSAGE);
			break;
		case 'b':
			opt.bytes = number_between("bytes", optarg, 1, LONG_MAX);
			break;
		case 'd':
			opt.ms = number_between("ms", optarg, 1, 3600000);
			break;
		case 'e':
			opt.echo = number_between("echo", optarg, 1, 1000000);
			break;
		case 'r':
			opt.rounds = number_between("rounds", optarg, 1, MAX_ROUNDS);
			break;
		case 'l':
			opt.limit = number_between("limit", optarg, 1, INT_MAX);
			break;
		default:
			exit(2);
		}
	}
	if (optind != argc || !opt.port || !opt.threads || !opt.message ||
	    !!opt.bytes + !!opt.ms + !!opt.echo != 1)
		fail("port, threads, message, and one of bytes, ms and echo are to be given");
}

int main(int argc, char **argv)
{
	read_words(argc, argv);
	make_pattern();
	if (opt.echo) {
		echo_ns = calloc(opt.rounds * opt.threads * opt.echo, sizeof(*echo_ns));
		if (!echo_ns)
			fail("no memory");
	}
	if (opt.limit)
		start_watch();
	if (opt.server)
		run_server();
	else
		run_client();
	print_result();
	return 0;
}
