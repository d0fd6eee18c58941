/*
 * file_calls.c: does the file calls that its arguments name, one line of output for each: the call
 * and OK or the error's name. For tests of disks that fail, which compare the lines.
 *
 *	open PATH	the file for all that follows, for reading and writing if it may be
 *	opensync PATH	the same with O_SYNC
 *	read OFFSET	a page of it by pread
 *	map OFFSET	a byte of it through a mapping: OK or SIGBUS
 *	write OFFSET	a page of 'w' by pwrite
 *	mapwrite OFFSET	a byte 'm' through a shared mapping
 *	fsync
 *	list PATH	a folder to its end
 *	stat PATH
 *	run PATH	a program: OK, the error of execve, or the signal it died of
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096

static int fd = -1;
static char page[PAGE];
static sigjmp_buf bus_error;

static void bus_error_came(int signal_number)
{
	siglongjmp(bus_error, signal_number);
}

/* What became of a call: as it said, -1 with errno. */
static const char *word_of(long result)
{
	switch (result < 0 ? errno : 0) {
	case 0:
		return "OK";
	case EIO:
		return "EIO";
	case ENOENT:
		return "ENOENT";
	case ENOMEDIUM:
		return "ENOMEDIUM";
	case ENXIO:
		return "ENXIO";
	case EROFS:
		return "EROFS";
	default:
		return strerror(errno);
	}
}

static const char *open_file(const char *path, int flags)
{
	if (fd >= 0)
		close(fd);
	fd = open(path, O_RDWR | flags);
	if (fd < 0 && errno == EROFS)
		fd = open(path, O_RDONLY);
	return word_of(fd);
}

static const char *do_open(const char *path)
{
	return open_file(path, 0);
}

static const char *do_opensync(const char *path)
{
	return open_file(path, O_SYNC);
}

static const char *do_read(const char *offset)
{
	return word_of(pread(fd, page, PAGE, atol(offset)));
}

static const char *do_write(const char *offset)
{
	memset(page, 'w', PAGE);
	return word_of(pwrite(fd, page, PAGE, atol(offset)));
}

static const char *do_map(const char *offset)
{
	volatile char *p = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, atol(offset));
	const char *word = "SIGBUS";

	if (p == MAP_FAILED)
		return word_of(-1);
	signal(SIGBUS, bus_error_came);
	if (sigsetjmp(bus_error, 1) == 0) {
		(void)*p;
		word = "OK";
	}
	munmap((void *)p, PAGE);
	return word;
}

static const char *do_mapwrite(const char *offset)
{
	char *p = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, atol(offset));

	if (p == MAP_FAILED)
		return word_of(-1);
	*p = 'm';
	munmap(p, PAGE);
	return "OK";
}

static const char *do_fsync(const char *unused)
{
	(void)unused;
	return word_of(fsync(fd));
}

static const char *do_list(const char *path)
{
	DIR *dir = opendir(path);

	if (!dir)
		return word_of(-1);
	errno = 0;
	while (readdir(dir))
		continue;
	closedir(dir);
	return word_of(errno ? -1 : 0);
}

static const char *do_stat(const char *path)
{
	struct stat st;

	return word_of(stat(path, &st));
}

static const char *do_run(const char *path)
{
	char *const argv[] = {(char *)path, NULL};
	int status;
	pid_t pid;

	errno = posix_spawn(&pid, path, NULL, NULL, argv, NULL);
	if (errno)
		return word_of(-1);
	waitpid(pid, &status, 0);
	return WIFSIGNALED(status) ? (WTERMSIG(status) == SIGBUS ? "SIGBUS" : "signal") : "OK";
}

static const struct {
	const char *name;
	const char *(*fn)(const char *argument);
} calls[] = {
	{"mapwrite", do_mapwrite}, {"open", do_open}, {"opensync", do_opensync},
	{"read", do_read},	   {"map", do_map},   {"write", do_write},
	{"fsync", do_fsync},	   {"list", do_list}, {"stat", do_stat},
	{"run", do_run},
};

int main(int argc, char **argv)
{
	for (int at = 1; at < argc;) {
		size_t i = 0;
		const char *argument;

		while (i < sizeof(calls) / sizeof(calls[0]) && strcmp(calls[i].name, argv[at]) != 0)
			i++;
		if (i == sizeof(calls) / sizeof(calls[0])) {
			fprintf(stderr, "%s: no such call\n", argv[at]);
			return 2;
		}
		at++;
		argument = calls[i].fn == do_fsync ? "" : argv[at++];
		printf("%s %s %s\n", calls[i].name, argument, calls[i].fn(argument));
		fflush(stdout);
	}
	return 0;
}
