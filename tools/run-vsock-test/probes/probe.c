// SPDX-License-Identifier: GPL-2.0-only
/* What the probes share; see probe.h. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/wait.h>
#include "probe.h"

#define MAX_SKIPS	512
#define DEFAULT_STEP	10
#define SKIPPED		"SKIPPED"
#define COMPLETED	"COMPLETED"
/* Behind the first line after a case that this side has failed. */
#define FAILED		" failed"
#define LEFT_CASE	"the other side has left this case"
/* How often it is looked for while a case runs. */
#define LOOK_MS		100

/* How the process of a case ends. */
enum {
	GOOD = EXIT_SUCCESS,
	BAD = EXIT_FAILURE,
	LEFT_OUT = 77,
};

static struct probe_side me = { .step = DEFAULT_STEP };
static int control = -1;
static bool any_failed, last_failed;
static const char *volatile current_step = "the case";

static void vsay(const char *format, va_list args)
{
	vprintf(format, args);
	fflush(stdout);
}

void fail(const char *format, ...)
{
	va_list args;

	/* Of several threads that fail one says why; it is never unlocked. */
	flockfile(stdout);
	va_start(args, format);
	vsay(format, args);
	va_end(args);
	printf("\n");
	fflush(stdout);
	_exit(EXIT_FAILURE);
}

void fail_errno(const char *format, ...)
{
	int error = errno;
	char text[200];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	fail("%s: %s", text, strerror(error));
}

void note(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsay(format, args);
	va_end(args);
	printf("\n");
	fflush(stdout);
}

void skip(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsay(format, args);
	va_end(args);
	printf("\n");
	fflush(stdout);
	tell(SKIPPED);
	_exit(LEFT_OUT);
}

/* What it does is safe in a signal handler. */
static void on_alarm(int signal)
{
	static const char said[] = " timed out\n";

	(void)signal;
	if (write(STDOUT_FILENO, current_step, strlen(current_step)) < 0 ||
	    write(STDOUT_FILENO, said, sizeof(said) - 1) < 0)
		_exit(EXIT_FAILURE + 1);
	_exit(EXIT_FAILURE);
}

/* Safe in a signal handler, too. */
static void on_left(int signal)
{
	static const char said[] = LEFT_CASE "\n";

	(void)signal;
	_exit(write(STDOUT_FILENO, said, sizeof(said) - 1) < 0 ? EXIT_FAILURE + 1 : EXIT_FAILURE);
}

void step_of(unsigned int count, const char *what)
{
	current_step = what;
	alarm(count * me.step);
}

void step(const char *what)
{
	step_of(1, what);
}

uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000ull + now.tv_nsec / 1000000;
}

#define VIRTIO_DEVICES	"/sys/bus/virtio/devices"

static int by_number(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

unsigned int vsock_devices(char names[DEVICES][DEVICE_NAME])
{
	DIR *folder = opendir(VIRTIO_DEVICES);
	struct dirent *entry;
	int numbers[DEVICES];
	unsigned int count = 0;

	while (folder && (entry = readdir(folder))) {
		char path[300], text[16] = "";
		int number;
		FILE *stream;

		if (sscanf(entry->d_name, "virtio%d", &number) != 1)
			continue;
		snprintf(path, sizeof(path), VIRTIO_DEVICES "/%s/device", entry->d_name);
		stream = fopen(path, "r");
		if (!stream || !fgets(text, sizeof(text), stream))
			fail_errno("%s", path);
		fclose(stream);
		/* VIRTIO_ID_VSOCK of include/uapi/linux/virtio_ids.h */
		if (strtoul(text, NULL, 16) != 19)
			continue;
		if (count == DEVICES)
			fail("more than %d devices for vsock", DEVICES);
		numbers[count++] = number;
	}
	if (folder)
		closedir(folder);
	qsort(numbers, count, sizeof(numbers[0]), by_number);
	for (unsigned int i = 0; i < count; i++)
		snprintf(names[i], DEVICE_NAME, "virtio%d", numbers[i]);
	return count;
}

bool is_bound(const char *device)
{
	char path[128];

	snprintf(path, sizeof(path), VSOCK_DRIVER "/%s", device);
	return !access(path, F_OK);
}

void tell_driver(const char *what, const char *device)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), VSOCK_DRIVER "/%s", what);
	fd = open(path, O_WRONLY);
	if (fd < 0 || write(fd, device, strlen(device)) != (ssize_t)strlen(device))
		fail_errno("%s of %s", what, device);
	close(fd);
}

#define SLABS	"/sys/kernel/slab"

/* Whether packets, sockets and files come from it, or what kmemleak knows of them. */
static bool is_ours(const char *cache)
{
	static const char *const caches[] = { "skbuff_", "kmalloc-", "sock_inode_cache", "filp", "dentry", "kmemleak_object" };

	for (unsigned int i = 0; i < sizeof(caches) / sizeof(caches[0]); i++)
		if (!strncmp(cache, caches[i], strlen(caches[i])))
			return true;
	return false;
}

/* kmem_cache_shrink() of mm/slab_common.c. */
static void shrink_slabs(void)
{
	DIR *folder = opendir(SLABS);
	struct dirent *entry;

	while (folder && (entry = readdir(folder))) {
		char path[300];
		int fd;

		if (!is_ours(entry->d_name))
			continue;
		snprintf(path, sizeof(path), SLABS "/%s/shrink", entry->d_name);
		fd = open(path, O_WRONLY);
		if (fd < 0)
			continue;
		(void)!write(fd, "1", 1);
		close(fd);
	}
	if (folder)
		closedir(folder);
}

long kernel_memory_kb(void)
{
	char line[128];
	long kb = -1;
	FILE *stream;

	shrink_slabs();
	stream = fopen("/proc/meminfo", "r");
	while (stream && fgets(line, sizeof(line), stream) && sscanf(line, "SUnreclaim: %ld", &kb) != 1)
		;
	if (stream)
		fclose(stream);
	if (kb < 0)
		fail("/proc/meminfo has no SUnreclaim");
	return kb;
}

/* --- the connection between the two sides --- */

static void open_control(const char *host, const char *port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(strtoul(port, NULL, 10)) };
	int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1;

	if (host && inet_pton(AF_INET, host, &address.sin_addr) != 1)
		fail("%s is no IPv4 address", host);
	if (fd < 0)
		fail_errno("socket");
	if (!me.server) {
		if (connect(fd, (struct sockaddr *)&address, sizeof(address)))
			fail_errno("connect to %s:%s", host, port);
		printf("Control socket connected to %s:%s.\n", host, port);
		control = fd;
	} else {
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
		if (bind(fd, (struct sockaddr *)&address, sizeof(address)) || listen(fd, 1))
			fail_errno("listen on port %s", port);
		printf("Control socket listening on 0.0.0.0:%s\n", port);
		fflush(stdout);
		control = accept(fd, NULL, NULL);
		if (control < 0)
			fail_errno("accept");
		close(fd);
		printf("Control socket connection accepted...\n");
	}
	fflush(stdout);
}

static void write_line(const char *line)
{
	char text[64];
	int length = snprintf(text, sizeof(text), "%s\n", line);

	if (send(control, text, length, MSG_NOSIGNAL) != length)
		fail_errno("send");
}

/* A line that is there, without taking it; each was sent in one piece. */
static size_t peek_line(char *line, size_t size)
{
	for (;;) {
		ssize_t n = recv(control, line, size - 1, MSG_PEEK);
		char *end;

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			fail_errno("recv");
		if (n == 0)
			fail("unexpected EOF on control socket");
		end = memchr(line, '\n', n);
		if (!end && (size_t)n == size - 1)
			fail("a line without an end on control socket");
		if (end) {
			*end = '\0';
			return end - line + 1;
		}
		usleep(1000);
	}
}

static void take(size_t bytes)
{
	char line[64];

	if (recv(control, line, bytes, MSG_WAITALL) != (ssize_t)bytes)
		fail_errno("recv");
}

static bool begins_case(const char *line)
{
	return !strncmp(line, "NEXT ", 5) || !strncmp(line, "SKIP ", 5);
}

/* A line of the case at hand: the other side may have left it instead. */
static void next_line(char *line, size_t size)
{
	size_t length = peek_line(line, size);

	/* Not for this case: whoever comes next takes it. */
	if (begins_case(line))
		fail(LEFT_CASE);
	take(length);
	if (!strcmp(line, SKIPPED))
		_exit(LEFT_OUT);
}

void tell(const char *word)
{
	write_line(word);
}

void await(const char *word)
{
	await_for(1, word);
}

void await_for(unsigned int count, const char *word)
{
	static char what[80];
	char line[64];

	snprintf(what, sizeof(what), "waiting for %s of the other side", word);
	step_of(count, what);
	next_line(line, sizeof(line));
	if (strcmp(line, word))
		fail("expected \"%s\" on control socket, got \"%s\"", word, line);
	step("the case");
}

void tell_number(uint64_t number)
{
	char text[32];

	snprintf(text, sizeof(text), "%llu", (unsigned long long)number);
	write_line(text);
}

uint64_t await_number(void)
{
	char line[64];

	step("waiting for a number of the other side");
	next_line(line, sizeof(line));
	step("the case");
	return strtoull(line, NULL, 10);
}

/* --- sockets --- */

int listen_on(int type, unsigned int port)
{
	struct sockaddr_vm address = {
		.svm_family = AF_VSOCK, .svm_cid = VMADDR_CID_ANY, .svm_port = port,
	};
	int fd = socket(AF_VSOCK, type, 0);

	if (fd < 0)
		fail_errno("socket");
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)))
		fail_errno("bind to port %u", port);
	if (listen(fd, SOMAXCONN))
		fail_errno("listen");
	return fd;
}

int accept_one(int listener)
{
	int fd;

	step("accept");
	fd = accept(listener, NULL, NULL);
	if (fd < 0)
		fail_errno("accept");
	step("the case");
	return fd;
}

int connect_to(int type, unsigned int cid, unsigned int port)
{
	struct sockaddr_vm address = { .svm_family = AF_VSOCK, .svm_cid = cid, .svm_port = port };
	int fd = socket(AF_VSOCK, type, 0);

	if (fd < 0)
		fail_errno("socket");
	step("connect");
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)))
		fail_errno("connect");
	step("the case");
	return fd;
}

int pair_up(const struct probe_side *side)
{
	int listener, fd;

	if (!side->server) {
		await("LISTENING");
		return connect_to(side->type, side->peer_cid, PROBE_PORT);
	}
	listener = listen_on(side->type, PROBE_PORT);
	tell("LISTENING");
	fd = accept_one(listener);
	close(listener);
	return fd;
}

void send_all(int fd, const void *data, size_t size)
{
	size_t sent = 0;

	while (sent < size) {
		ssize_t n = send(fd, (const char *)data + sent, size - sent, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			fail_errno("send after %zu of %zu bytes", sent, size);
		if (n == 0)
			fail("send gave 0 after %zu of %zu bytes", sent, size);
		sent += n;
	}
}

void recv_all(int fd, void *data, size_t size)
{
	size_t got = 0;

	while (got < size) {
		ssize_t n = recv(fd, (char *)data + got, size - got, 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			fail_errno("recv after %zu of %zu bytes", got, size);
		if (n == 0)
			fail("the connection ended after %zu of %zu bytes", got, size);
		got += n;
	}
}

void recv_exactly(int fd, void *data, size_t size, int flags)
{
	ssize_t n = recv(fd, data, size, flags);

	if (n < 0)
		fail_errno("recv of %zu bytes", size);
	if ((size_t)n != size)
		fail("recv gave %zd bytes, not %zu", n, size);
}

void expect_error(const char *what, long ret, int expected)
{
	int error = errno;

	if (ret >= 0)
		fail("%s gave %ld, not %s", what, ret, strerror(expected));
	if (error != expected)
		fail("%s: %s, not %s", what, strerror(error), strerror(expected));
}

void expect_end(int fd)
{
	char byte;
	ssize_t n = recv(fd, &byte, 1, 0);

	if (n < 0)
		fail_errno("recv at the end");
	if (n > 0)
		fail("a byte that nobody sent: 0x%02x", (unsigned char)byte);
}

bool cannot_peek(int type, ssize_t ret)
{
	return ret < 0 && type == SOCK_SEQPACKET && (errno == EOPNOTSUPP || errno == ENOMEM);
}

void expect_nothing(int fd)
{
	char byte;
	ssize_t n = recv(fd, &byte, 1, MSG_DONTWAIT);

	if (n > 0)
		fail("a byte that nobody sent: 0x%02x", (unsigned char)byte);
	if (n == 0)
		fail("the connection is over");
	if (errno != EAGAIN)
		fail_errno("recv of nothing");
}

static unsigned char pattern_byte(uint64_t offset, unsigned int seed)
{
	uint64_t x = (offset + 1) * 0x9e3779b97f4a7c15ull + seed * 0xbf58476d1ce4e5b9ull;

	return (x ^ (x >> 29)) >> 24;
}

void fill_pattern(void *data, size_t size, uint64_t offset, unsigned int seed)
{
	for (size_t i = 0; i < size; i++)
		((unsigned char *)data)[i] = pattern_byte(offset + i, seed);
}

void check_pattern(const void *data, size_t size, uint64_t offset, unsigned int seed)
{
	for (size_t i = 0; i < size; i++) {
		unsigned char got = ((const unsigned char *)data)[i], want = pattern_byte(offset + i, seed);

		if (got != want)
			fail("byte %llu is 0x%02x, not 0x%02x", (unsigned long long)(offset + i), got, want);
	}
}

/* --- the cases --- */

static const char *type_name(int type)
{
	return type == SOCK_STREAM ? "SOCK_STREAM " : type == SOCK_SEQPACKET ? "SOCK_SEQPACKET " : "";
}

static void list(const struct probe_case *cases)
{
	printf("ID\tTest name\n");
	for (int i = 0; cases[i].name; i++)
		printf("%d\t%s%s\n", i, type_name(cases[i].type), cases[i].name);
}

/* Both sides begin a case together, or neither does. What is left of the case before is thrown away. */
static bool both_begin(int number, bool skipped)
{
	char own[32], line[64];

	snprintf(own, sizeof(own), "%s %d%s", skipped ? "SKIP" : "NEXT", number, last_failed ? FAILED : "");
	tell(own);
	/* It may need all the steps of its case: whoever started both has the last word. */
	do
		take(peek_line(line, sizeof(line)));
	while (!begins_case(line));
	if (strtol(line + 5, NULL, 10) != number)
		fail("expected \"%s\" on control socket, got \"%s\"", own, line);
	return !skipped && !strncmp(line, "NEXT ", 5);
}

/* Behind what it may have said before, which the case at hand has not taken. */
static bool other_has_failed(void)
{
	char lines[4096];
	ssize_t n = recv(control, lines, sizeof(lines) - 1, MSG_PEEK | MSG_DONTWAIT);

	if (n <= 0)
		return false;
	lines[n] = '\0';
	return strstr(lines, FAILED "\n") != NULL;
}

/* Of a child, in `ms` at most; false: it is not over. */
static bool is_over(pid_t child, int *status, unsigned int ms)
{
	struct timespec most = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000l };
	sigset_t ended;
	pid_t over;

	sigemptyset(&ended);
	sigaddset(&ended, SIGCHLD);
	/* Blocked since before the fork: one that came in the meantime is still there. */
	over = waitpid(child, status, WNOHANG);
	if (over == 0 && sigtimedwait(&ended, NULL, &most) >= 0)
		over = waitpid(child, status, WNOHANG);
	if (over < 0)
		fail_errno("waitpid");
	return over == child;
}

/* A case that the other side has failed is over; this side may still say what it has met, in a twentieth of a step. */
static int end_of(pid_t child)
{
	int status;

	while (!is_over(child, &status, LOOK_MS)) {
		if (!other_has_failed())
			continue;
		for (uint64_t seen = now_ms(); now_ms() - seen < me.step * 50;)
			if (is_over(child, &status, LOOK_MS))
				return status;
		kill(child, SIGUSR2);
		if (waitpid(child, &status, 0) < 0)
			fail_errno("waitpid");
		break;
	}
	return status;
}

/* In a process of its own: one that fails, or dies, or leaves things behind costs no other case. */
static int run(const struct probe_case *one)
{
	void (*own)(const struct probe_side *side) = me.server ? one->server : one->client;
	sigset_t before, ended;
	int status;
	pid_t child;

	sigemptyset(&ended);
	sigaddset(&ended, SIGCHLD);
	sigprocmask(SIG_BLOCK, &ended, &before);
	child = fork();
	if (child < 0)
		fail_errno("fork");
	if (child == 0) {
		sigprocmask(SIG_SETMASK, &before, NULL);
		me.type = one->type;
		step("the case");
		if (own)
			own(&me);
		_exit(GOOD);
	}
	status = end_of(child);
	if (WIFSIGNALED(status))
		printf("killed by signal %d\n", WTERMSIG(status));
	last_failed = !WIFEXITED(status) || (WEXITSTATUS(status) != GOOD && WEXITSTATUS(status) != LEFT_OUT);
	return last_failed ? BAD : WEXITSTATUS(status);
}

/* `times`, unless one side has had enough. */
static int run_rounds(const struct probe_case *one, int number, unsigned int times)
{
	for (unsigned int round = 1;; round++) {
		int result = run(one);

		if (round == times || !both_begin(number, result != GOOD))
			return result;
		/* A side that says nothing for long looks stuck. */
		printf("\nround %u of %u\n", round + 1, times);
		fflush(stdout);
	}
}

static void run_all(const struct probe_case *cases, const bool *skips, unsigned int times)
{
	for (int i = 0; cases[i].name; i++) {
		int result = LEFT_OUT;

		printf("%d - %s%s...", i, type_name(cases[i].type), cases[i].name);
		fflush(stdout);
		if (both_begin(i, skips[i]))
			result = run_rounds(&cases[i], i, times);
		printf("%s\n", result == GOOD ? "ok" : result == LEFT_OUT ? "skipped" : "failed");
		fflush(stdout);
		any_failed |= result == BAD;
	}
	printf("All tests have been executed. Waiting other peer...");
	fflush(stdout);
	tell(last_failed ? COMPLETED FAILED : COMPLETED);
	for (;;) {
		char line[64];

		take(peek_line(line, sizeof(line)));
		if (!strncmp(line, COMPLETED, strlen(COMPLETED)))
			break;
	}
	printf("ok\n");
}

int probe_main(int argc, char **argv, const struct probe_case *cases)
{
	static const struct option known[] = {
		{ "mode", required_argument, NULL, 'm' },
		{ "control-host", required_argument, NULL, 'H' },
		{ "control-port", required_argument, NULL, 'P' },
		{ "peer-cid", required_argument, NULL, 'p' },
		{ "step", required_argument, NULL, 's' },
		{ "times", required_argument, NULL, 't' },
		{ "skip", required_argument, NULL, 'x' },
		{ "list", no_argument, NULL, 'l' },
		{ NULL, 0, NULL, 0 },
	};
	static bool skips[MAX_SKIPS];
	const char *host = NULL, *port = NULL;
	unsigned int times = 1;
	struct sigaction late = { .sa_handler = on_alarm }, left = { .sa_handler = on_left };
	int word;

	while ((word = getopt_long(argc, argv, "", known, NULL)) != -1) {
		switch (word) {
		case 'm':
			me.server = !strcmp(optarg, "server");
			break;
		case 'H':
			host = optarg;
			break;
		case 'P':
			port = optarg;
			break;
		case 'p':
			me.peer_cid = strtoul(optarg, NULL, 10);
			break;
		case 's':
			me.step = strtoul(optarg, NULL, 10);
			break;
		case 't':
			times = strtoul(optarg, NULL, 10);
			break;
		case 'x':
			if (strtoul(optarg, NULL, 10) < MAX_SKIPS)
				skips[strtoul(optarg, NULL, 10)] = true;
			break;
		case 'l':
			list(cases);
			return 0;
		default:
			return 2;
		}
	}
	if (!port || (!me.server && !host) || !me.step || !times || optind != argc) {
		fprintf(stderr, "mode, control-port, peer-cid, and a client's control-host are to be given\n");
		return 2;
	}
	sigaction(SIGALRM, &late, NULL);
	sigaction(SIGUSR2, &left, NULL);
	signal(SIGPIPE, SIG_IGN);
	open_control(host, port);
	run_all(cases, skips, times);
	return any_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
