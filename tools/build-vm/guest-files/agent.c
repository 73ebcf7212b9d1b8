// SPDX-License-Identifier: GPL-2.0-only
/*
 * agent: respin's hand inside a machine. It is started by init as process 1,
 * takes commands on one virtio-serial port, starts programs, and sends what they
 * print and how they end back on the same port. In the host it also starts the
 * guest's QEMU and joins the guest's ports to ports of the host.
 *
 * Commands, one a line; sizes are in bytes:
 *
 *   start ID MODE RELAYS WORDS   then RELAYS lines with a virtio port's name, then
 *                                WORDS lines with the words of the command line.
 *                                MODE pty: output merged through a terminal, a line
 *                                          ending in \n as the program wrote it;
 *                                     terminal: for a person, with echo and \r\n;
 *                                     pipe: output merged through a pipe.
 *                                Relay k is the program's file descriptor 3 + k.
 *   input ID SIZE                then SIZE bytes for the program's terminal
 *   resize ID ROWS COLUMNS
 *   kill ID SIGNAL
 *   poweroff
 *
 * Frames sent, each a line and then SIZE bytes:
 *
 *   ready 0 SIZE    the kernel's release
 *   output ID SIZE  what the program printed
 *   exit ID SIZE    "status N" or "signal N"
 *   error ID SIZE   why a command could not be carried out
 *
 * A port's name that begins with / is a Unix socket: so the agent can be tried
 * outside a machine, where it is not process 1 and leaves the machine alone.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/klog.h>
#include <sys/reboot.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define MAX_PROGRAMS	64
#define MAX_RELAYS	8
#define MAX_WORDS	256
#define LINE_SIZE	4096
#define BUFFER_SIZE	65536
#define MAX_POLLED	(2 + MAX_PROGRAMS + 2 * MAX_RELAYS)
#define CONSOLE_ALL	8	/* klogctl(8, …): every level below this is printed */

/* On a slow machine a port's name comes to sysfs after the agent. */
#define AGENT_PORT_MS	10000
#define RELAY_PORT_MS	2000
/* How long the relays' last bytes may take at poweroff, and QEMU to fetch them. */
#define LAST_BYTES_MS	1000
#define FETCH_MS	50
/* Reads of 16 KiB: of a running program per turn, and of one that has ended. */
#define TURN_READS	4
#define LAST_READS	256

struct buffer {
	char data[BUFFER_SIZE];
	size_t start, end;
};

/* Two file descriptors, what comes out of one goes into the other. */
struct relay {
	bool used;
	int port, peer;
	struct buffer to_port, to_peer;
};

struct program {
	bool used;
	int id;
	pid_t pid;
	int output;
	bool silent;	/* closed its output, but has not ended yet */
	char *input;	/* what its terminal has not taken yet */
	size_t input_start, input_end;
};

static int control = -1;
static FILE *commands;
static struct program programs[MAX_PROGRAMS];
static struct relay *relays[MAX_RELAYS];

static void write_all(int fd, const void *data, size_t size)
{
	const char *p = data;

	while (size > 0) {
		ssize_t n = write(fd, p, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN) {
			struct pollfd wait = { .fd = fd, .events = POLLOUT };

			poll(&wait, 1, -1);
			continue;
		}
		if (n <= 0)
			return;	/* respin is gone, and so is this machine soon */
		p += n;
		size -= n;
	}
}

static void send_frame(const char *type, int id, const void *data, size_t size)
{
	char head[64];
	int n = snprintf(head, sizeof(head), "%s %d %zu\n", type, id, size);

	write_all(control, head, n);
	write_all(control, data, size);
}

static void __attribute__((format(printf, 3, 4)))
send_text(const char *type, int id, const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	send_frame(type, id, text, strlen(text));
}

static long long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static int open_socket(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof(address))) {
		int error = errno;

		close(fd);
		errno = error;
		return -1;
	}
	return fd;
}

/* Without udev a port's name is found in sysfs alone. */
static int find_port(const char *name)
{
	DIR *dir = opendir("/sys/class/virtio-ports");
	struct dirent *entry;
	int fd = -1, error = ENOENT;

	while (dir && fd < 0 && (entry = readdir(dir))) {
		char path[512], found[256] = "";
		FILE *file;

		snprintf(path, sizeof(path), "/sys/class/virtio-ports/%s/name", entry->d_name);
		file = fopen(path, "r");
		if (!file)
			continue;
		if (fgets(found, sizeof(found), file))
			found[strcspn(found, "\n")] = '\0';
		fclose(file);
		if (strcmp(found, name))
			continue;
		snprintf(path, sizeof(path), "/dev/%s", entry->d_name);
		fd = open(path, O_RDWR | O_CLOEXEC);
		error = errno;
	}
	if (dir)
		closedir(dir);
	errno = error;
	return fd;
}

/* A port gives an end of file until QEMU has said that its other end is open. */
static int open_port(const char *name)
{
	int fd = name[0] == '/' ? open_socket(name) : find_port(name);
	struct pollfd state = { .fd = fd, .events = POLLOUT };

	if (fd >= 0 && poll(&state, 1, 0) > 0 && state.revents & POLLHUP) {
		close(fd);
		errno = ENOTCONN;
		return -1;
	}
	return fd;
}

static struct program *find_program(int id)
{
	for (int i = 0; i < MAX_PROGRAMS; i++)
		if (programs[i].used && programs[i].id == id)
			return &programs[i];
	return NULL;
}

enum line { LINE_END, LINE_READ, LINE_TOO_LONG };

/* Of a line that is too long the rest is passed over, so that it is not the next line. */
static enum line read_line(char *line, size_t size)
{
	size_t length;
	int c;

	if (!fgets(line, size, commands))
		return LINE_END;
	length = strcspn(line, "\n");
	if (line[length] == '\n') {
		line[length] = '\0';
		return LINE_READ;
	}
	while ((c = fgetc(commands)) != EOF)
		if (c == '\n')
			return LINE_TOO_LONG;
	return LINE_END;
}

static void skip_lines(long count)
{
	char line[LINE_SIZE];

	while (count-- > 0 && read_line(line, sizeof(line)) != LINE_END)
		;
}

static void close_relay(struct relay *relay)
{
	close(relay->port);
	close(relay->peer);
	relay->used = false;
}

static bool empty(const struct buffer *buffer)
{
	return buffer->start == buffer->end;
}

/* Fills an empty buffer with what is there; false when the end is closed. */
static bool take(int fd, struct buffer *buffer)
{
	ssize_t n = read(fd, buffer->data, sizeof(buffer->data));

	if (n > 0) {
		buffer->start = 0;
		buffer->end = n;
	}
	return n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR));
}

/* A virtio port takes at most 32 KiB at a time: a part may stay in the buffer. */
static bool give(int fd, struct buffer *buffer)
{
	ssize_t n = write(fd, buffer->data + buffer->start, buffer->end - buffer->start);

	if (n > 0)
		buffer->start += n;
	return n >= 0 || errno == EAGAIN || errno == EINTR;
}

/*
 * An end is read only into an empty buffer, so nothing that is held is ever lost.
 * The peer goes away with its last bytes still to be read: its end shows in a read
 * that gives nothing, and that comes when all it wrote is at the port.
 */
static void serve_relay(struct relay *relay, short port_events, short peer_events)
{
	const short gone = POLLHUP | POLLERR;
	bool open = true;

	if (port_events & POLLIN)
		open = take(relay->port, &relay->to_peer);
	else if (port_events & gone)
		open = false;
	if (open && empty(&relay->to_port) && peer_events & (POLLIN | gone))
		open = take(relay->peer, &relay->to_port);
	if (open && !empty(&relay->to_peer) && !give(relay->peer, &relay->to_peer))
		relay->to_peer.start = relay->to_peer.end;	/* nobody is there to take it */
	if (open && !empty(&relay->to_port))
		open = give(relay->port, &relay->to_port);
	if (!open)
		close_relay(relay);
}

/* POLLHUP is reported unasked: an end with nothing to be asked must not be polled. */
static struct pollfd polled(int fd, const struct buffer *from_it, const struct buffer *to_it)
{
	short events = (empty(from_it) ? POLLIN : 0) | (empty(to_it) ? 0 : POLLOUT);

	return (struct pollfd){ .fd = events ? fd : -1, .events = events };
}

/* Two places in fds for each relay that is in use; returns how many relays there are. */
static int poll_relays(struct pollfd *fds, struct relay **joined)
{
	int count = 0;

	for (int i = 0; i < MAX_RELAYS; i++) {
		struct relay *relay = relays[i];

		if (!relay || !relay->used)
			continue;
		joined[count] = relay;
		fds[2 * count] = polled(relay->port, &relay->to_peer, &relay->to_port);
		fds[2 * count + 1] = polled(relay->peer, &relay->to_port, &relay->to_peer);
		count++;
	}
	return count;
}

/* Serves the relays alone; false when none of them had anything to move for so long. */
static bool move_relays(int ms)
{
	struct pollfd fds[2 * MAX_RELAYS];
	struct relay *joined[MAX_RELAYS];
	int count = poll_relays(fds, joined);

	if (poll(fds, 2 * count, ms) <= 0)
		return false;
	for (int i = 0; i < count; i++)
		serve_relay(joined[i], fds[2 * i].revents, fds[2 * i + 1].revents);
	return true;
}

/* What a relay still holds, or its peer has left, goes to the port before the machine goes. */
static void give_last_bytes(void)
{
	long long end = now_ms() + LAST_BYTES_MS;
	bool moved = false;

	while (now_ms() < end) {
		bool held = false;

		for (int i = 0; i < MAX_RELAYS; i++)
			held |= relays[i] && relays[i]->used && !empty(&relays[i]->to_port);
		if (move_relays(held ? end - now_ms() : 0))
			moved = true;
		else if (!held)
			break;
	}
	/* A write that does not block is done before QEMU has fetched the bytes. */
	if (moved)
		usleep(FETCH_MS * 1000);
}

static int wait_for_port(const char *name, int ms)
{
	long long end = now_ms() + ms;
	int fd;

	/* A port can be taken by a relay that has its last bytes to give. */
	while ((fd = open_port(name)) < 0 && now_ms() < end) {
		int error = errno;

		move_relays(10);
		usleep(10000);
		errno = error;
	}
	return fd;
}

static struct relay *free_relay(void)
{
	for (int i = 0; i < MAX_RELAYS; i++) {
		if (!relays[i])
			relays[i] = calloc(1, sizeof(*relays[i]));
		if (relays[i] && !relays[i]->used)
			return relays[i];
	}
	errno = EMFILE;
	return NULL;
}

/* Joins a port to a socket pair, whose other end is for a program; NULL leaves errno. */
static struct relay *join_relay(const char *name, int *peer_end)
{
	int pair[2], port = wait_for_port(name, RELAY_PORT_MS);
	struct relay *relay;

	if (port < 0)
		return NULL;
	/* Only now: a relay that ended while its port was waited for is free. */
	relay = free_relay();
	if (!relay || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair)) {
		int error = errno;

		close(port);
		errno = error;
		return NULL;
	}
	memset(relay, 0, sizeof(*relay));
	relay->used = true;
	relay->port = port;
	relay->peer = pair[0];
	fcntl(port, F_SETFL, O_RDWR | O_NONBLOCK);
	fcntl(pair[0], F_SETFL, O_RDWR | O_NONBLOCK);
	*peer_end = pair[1];
	return relay;
}

/* Runs in the child: descriptors 0-2 are the program's output, 3… the relays. */
static void become_program(int in, int out, const int *ends, int end_count, char **words)
{
	sigset_t none;
	int high[MAX_RELAYS];

	/* First out of the way of 0-10, then to their places. */
	in = fcntl(in, F_DUPFD, 100);
	out = fcntl(out, F_DUPFD, 100);
	for (int i = 0; i < end_count; i++)
		high[i] = fcntl(ends[i], F_DUPFD, 100);
	dup2(in, 0);
	dup2(out, 1);
	dup2(out, 2);
	for (int i = 0; i < end_count; i++)
		dup2(high[i], 3 + i);
	for (int fd = 3 + end_count; fd < 256; fd++)
		close(fd);
	/* What is ignored stays ignored over exec: `yes | head` would not end. */
	signal(SIGPIPE, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execvp(words[0], words);
	dprintf(2, "cannot start %s: %s\n", words[0], strerror(errno));
	_exit(127);
}

/* Both ends, or neither. */
static int open_terminal(int *child_end, bool for_person)
{
	struct termios settings;
	int fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);

	if (fd < 0)
		return -1;
	if (!grantpt(fd) && !unlockpt(fd))
		*child_end = open(ptsname(fd), O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (*child_end < 0) {
		int error = errno;

		close(fd);
		errno = error;
		return -1;
	}
	if (for_person)
		return fd;
	tcgetattr(*child_end, &settings);
	settings.c_oflag &= ~OPOST;
	settings.c_lflag &= ~ECHO;
	tcsetattr(*child_end, TCSANOW, &settings);
	return fd;
}

static int open_pipe(int *in, int *out)
{
	int pair[2];

	*in = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (*in < 0 || pipe2(pair, O_CLOEXEC))
		return -1;
	*out = pair[1];
	return pair[0];
}

static void close_open(int fd)
{
	if (fd >= 0)
		close(fd);
}

static struct program *free_program(void)
{
	for (int i = 0; i < MAX_PROGRAMS; i++)
		if (!programs[i].used)
			return &programs[i];
	return NULL;
}

static void launch(int id, const char *mode, char names[][LINE_SIZE], int relay_count, char **words)
{
	struct relay *joined[MAX_RELAYS];
	int ends[MAX_RELAYS], in = -1, out = -1, output, ready = 0;
	bool for_person = !strcmp(mode, "terminal");
	bool terminal = for_person || !strcmp(mode, "pty");
	struct program *program = free_program();
	pid_t pid = -1;

	if (!program) {
		send_text("error", id, "start: too many programs");
		return;
	}
	output = terminal ? open_terminal(&in, for_person) : open_pipe(&in, &out);
	if (output < 0) {
		send_text("error", id, "start: no terminal or pipe: %s", strerror(errno));
		goto ended;
	}
	for (; ready < relay_count; ready++) {
		joined[ready] = join_relay(names[ready], &ends[ready]);
		if (!joined[ready]) {
			send_text("error", id, "start: no port %.200s: %s", names[ready], strerror(errno));
			goto ended;
		}
	}
	fcntl(output, F_SETFL, O_RDWR | O_NONBLOCK);
	pid = fork();
	if (pid == 0) {
		setsid();
		if (terminal)
			ioctl(in, TIOCSCTTY, 0);
		become_program(in, terminal ? in : out, ends, relay_count, words);
	}
	if (pid < 0)
		send_text("error", id, "start: fork: %s", strerror(errno));
	else
		*program = (struct program){ .used = true, .id = id, .pid = pid, .output = output };
ended:
	close_open(in);
	close_open(out);
	for (int i = 0; i < ready; i++) {
		close(ends[i]);
		/* One whose port went away meanwhile is closed already. */
		if (pid < 0 && joined[i]->used)
			close_relay(joined[i]);
	}
	if (pid < 0)
		close_open(output);
}

static void start(int id, const char *mode, int relay_count, int word_count)
{
	static char text[MAX_WORDS][LINE_SIZE];
	static char names[MAX_RELAYS][LINE_SIZE];
	char *words[MAX_WORDS + 1] = { NULL };
	bool too_long = false;

	if (relay_count < 0 || relay_count > MAX_RELAYS || word_count < 1 || word_count > MAX_WORDS) {
		send_text("error", id, "start: bad counts %d %d", relay_count, word_count);
		/* Its lines are there all the same, and no commands. */
		skip_lines((relay_count > 0 ? relay_count : 0) + (long)(word_count > 0 ? word_count : 0));
		return;
	}
	for (int i = 0; i < relay_count + word_count; i++) {
		char *line = i < relay_count ? names[i] : text[i - relay_count];
		enum line got = read_line(line, LINE_SIZE);

		if (got == LINE_END)
			return;
		too_long |= got == LINE_TOO_LONG;
		if (i >= relay_count)
			words[i - relay_count] = line;
	}
	if (too_long)
		send_text("error", id, "start: a line is longer than %d bytes", LINE_SIZE - 2);
	else
		launch(id, mode, names, relay_count, words);
}

/*
 * Sends what a program has printed; false when there will be no more. One that
 * never stops printing must not keep the others waiting.
 */
static bool drain(struct program *program, int reads)
{
	char data[16384];

	while (reads-- > 0) {
		ssize_t n = read(program->output, data, sizeof(data));

		if (n > 0) {
			send_frame("output", program->id, data, n);
			continue;
		}
		if (n < 0 && errno == EINTR)
			continue;
		/* A terminal whose last user is gone gives EIO. */
		return n < 0 && errno == EAGAIN;
	}
	return true;
}

static void forget_input(struct program *program)
{
	free(program->input);
	program->input = NULL;
	program->input_start = program->input_end = 0;
}

/* Gives a program's terminal what it takes now; the rest is kept. */
static void give_input(struct program *program)
{
	while (program->input_start < program->input_end) {
		ssize_t n = write(program->output, program->input + program->input_start,
				  program->input_end - program->input_start);

		if (n < 0 && errno == EINTR)
			continue;
		if (n == 0 || (n < 0 && errno == EAGAIN))
			return;
		if (n < 0)
			break;	/* it has no terminal, or nobody reads it any more */
		program->input_start += n;
	}
	forget_input(program);
}

static void keep_input(struct program *program, const char *data, size_t size)
{
	size_t kept = program->input_end - program->input_start;
	char *all = malloc(kept + size);

	if (!all)
		return;
	if (kept > 0)
		memcpy(all, program->input + program->input_start, kept);
	memcpy(all + kept, data, size);
	free(program->input);
	program->input = all;
	program->input_start = 0;
	program->input_end = kept + size;
}

static void reap(void)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		for (int i = 0; i < MAX_PROGRAMS; i++) {
			struct program *program = &programs[i];

			if (!program->used || program->pid != pid)
				continue;
			drain(program, LAST_READS);
			close(program->output);
			forget_input(program);
			program->used = false;
			if (WIFSIGNALED(status))
				send_text("exit", program->id, "signal %d", WTERMSIG(status));
			else
				send_text("exit", program->id, "status %d", WEXITSTATUS(status));
		}
	}
}

static void feed_input(int id, size_t size)
{
	struct program *program = find_program(id);
	static char data[BUFFER_SIZE];

	while (size > 0) {
		size_t n = fread(data, 1, size < sizeof(data) ? size : sizeof(data), commands);

		if (n == 0)
			return;
		if (program && !program->silent)
			keep_input(program, data, n);
		size -= n;
	}
	if (program)
		give_input(program);
}

/* A program just started may not lead its own group yet. */
static void send_signal(const struct program *program, int number)
{
	if (kill(-program->pid, number))
		kill(program->pid, number);
}

static void power_off(void)
{
	give_last_bytes();
	if (getpid() != 1)
		exit(0);
	sync();
	reboot(RB_POWER_OFF);
	/* Without ACPI a reset ends the machine: QEMU runs with -no-reboot. */
	reboot(RB_AUTOBOOT);
	exit(1);
}

static void command(char *line)
{
	struct program *program;
	char mode[16];
	int id, a, b;
	size_t size;

	if (sscanf(line, "start %d %15s %d %d", &id, mode, &a, &b) == 4) {
		start(id, mode, a, b);
	} else if (sscanf(line, "input %d %zu", &id, &size) == 2) {
		feed_input(id, size);
	} else if (sscanf(line, "resize %d %d %d", &id, &a, &b) == 3) {
		struct winsize window = { .ws_row = a, .ws_col = b };

		program = find_program(id);
		if (program)
			ioctl(program->output, TIOCSWINSZ, &window);
	} else if (sscanf(line, "kill %d %d", &id, &a) == 2) {
		program = find_program(id);
		if (program)
			send_signal(program, a);
	} else if (!strcmp(line, "poweroff")) {
		power_off();
	} else {
		send_text("error", 0, "unknown command: %.200s", line);
	}
}

static int poll_programs(struct pollfd *fds, struct program **running)
{
	int count = 0;

	for (int i = 0; i < MAX_PROGRAMS; i++) {
		struct program *program = &programs[i];

		if (!program->used)
			continue;
		running[count] = program;
		fds[count++] = (struct pollfd){
			/* A negative descriptor is passed over. */
			.fd = program->silent ? -1 : program->output,
			.events = POLLIN | (program->input ? POLLOUT : 0),
		};
	}
	return count;
}

static void serve_program(struct program *program, short events)
{
	if (events & (POLLIN | POLLHUP | POLLERR))
		program->silent = !drain(program, TURN_READS);
	if (program->silent)
		forget_input(program);
	else if (events & POLLOUT)
		give_input(program);
}

static void serve_commands(short events)
{
	char line[LINE_SIZE];

	if (!(events & (POLLIN | POLLHUP)))
		return;
	switch (events & POLLIN ? read_line(line, sizeof(line)) : LINE_END) {
	case LINE_READ:
		command(line);
		break;
	case LINE_TOO_LONG:
		send_text("error", 0, "a command is longer than %d bytes", LINE_SIZE - 2);
		break;
	case LINE_END:
		power_off();	/* respin is gone */
	}
}

static void serve(int signals)
{
	for (;;) {
		struct pollfd fds[MAX_POLLED];
		struct program *running[MAX_PROGRAMS];
		struct relay *joined[MAX_RELAYS];
		struct pollfd *relay_fds;
		int program_count, relay_count;

		fds[0] = (struct pollfd){ .fd = control, .events = POLLIN };
		fds[1] = (struct pollfd){ .fd = signals, .events = POLLIN };
		program_count = poll_programs(fds + 2, running);
		relay_fds = fds + 2 + program_count;
		relay_count = poll_relays(relay_fds, joined);
		if (poll(fds, 2 + program_count + 2 * relay_count, -1) < 0)
			continue;

		for (int i = 0; i < program_count; i++)
			serve_program(running[i], fds[2 + i].revents);
		for (int i = 0; i < relay_count; i++)
			serve_relay(joined[i], relay_fds[2 * i].revents, relay_fds[2 * i + 1].revents);
		if (fds[1].revents & POLLIN) {
			struct signalfd_siginfo info;

			if (read(signals, &info, sizeof(info)) > 0)
				reap();
		}
		serve_commands(fds[0].revents);
	}
}

int main(int argc, char **argv)
{
	struct utsname name;
	sigset_t child;

	if (argc != 2) {
		fprintf(stderr, "usage: agent PORT\n");
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	control = wait_for_port(argv[1], AGENT_PORT_MS);
	commands = control < 0 ? NULL : fdopen(dup(control), "r");
	if (!commands) {
		fprintf(stderr, "agent: no virtio port %s: %s\n", argv[1], strerror(errno));
		power_off();
	}
	/* One command at a time is read, so that poll() sees the next. */
	setvbuf(commands, NULL, _IONBF, 0);
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, NULL);
	if (getpid() == 1)
		klogctl(CONSOLE_ALL, NULL, CONSOLE_ALL);
	uname(&name);
	send_text("ready", 0, "%s", name.release);
	serve(signalfd(-1, &child, SFD_CLOEXEC));
	return 0;
}
