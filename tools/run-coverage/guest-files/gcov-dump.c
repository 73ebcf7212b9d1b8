// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writes the kernel's gcov counters to stdout and sets them to zero.
 *
 * Below /sys/kernel/debug/gcov each profiled object has a file NAME.gcda
 * (Documentation/dev-tools/gcov.rst). One open of it is a snapshot; a write
 * to it sets the counters of that object to zero. What runs between the two
 * is lost, so one follows the other at once, object by object.
 *
 *	file 1234 /path/of/the/build/net/vmw_vsock/af_vsock.gcda
 *	<1234 bytes>
 *	end 1
 *
 * Without an end line, or when it counts another number of files, something
 * went wrong: then stderr says what, and the status is 1.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define GCOV_DIR "/sys/kernel/debug/gcov"

static unsigned int dumped;

static void die(const char *what, const char *path)
{
	fprintf(stderr, "gcov-dump: %s %s: %s\n", what, path, strerror(errno));
	exit(1);
}

static void put(const char *data, size_t len)
{
	if (fwrite(data, 1, len, stdout) != len)
		die("write", "stdout");
}

/* The size of a file in debugfs is not known before it was read. */
static char *read_whole(const char *path, size_t *len)
{
	size_t room = 64 * 1024, used = 0;
	char *data = malloc(room);
	int fd = open(path, O_RDONLY);

	if (fd < 0 || !data)
		die("open", path);
	for (;;) {
		ssize_t got = read(fd, data + used, room - used);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			die("read", path);
		if (got == 0)
			break;
		used += got;
		if (used == room) {
			room *= 2;
			data = realloc(data, room);
			if (!data)
				die("read", path);
		}
	}
	close(fd);
	*len = used;
	return data;
}

static void reset(const char *path)
{
	int fd = open(path, O_WRONLY);

	if (fd < 0 || write(fd, "0\n", 2) != 2)
		die("reset", path);
	close(fd);
}

static void dump(const char *path)
{
	size_t len;
	char *data = read_whole(path, &len);

	reset(path);
	printf("file %zu %s\n", len, path + strlen(GCOV_DIR));
	put(data, len);
	put("\n", 1);
	free(data);
	dumped++;
}

static void walk(const char *folder)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;

	if (!dir)
		die("open", folder);
	while ((entry = readdir(dir))) {
		const char *ending = strrchr(entry->d_name, '.');
		char *path;

		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		if (asprintf(&path, "%s/%s", folder, entry->d_name) < 0)
			die("name", entry->d_name);
		if (entry->d_type == DT_DIR)
			walk(path);
		else if (entry->d_type == DT_REG && ending && !strcmp(ending, ".gcda"))
			dump(path);
		free(path);
	}
	closedir(dir);
}

int main(void)
{
	walk(GCOV_DIR);
	printf("end %u\n", dumped);
	if (fflush(stdout))
		die("write", "stdout");
	return 0;
}
