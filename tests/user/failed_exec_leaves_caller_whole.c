/*
 * An execve that fails says why and leaves the caller as it was: memory, files, and the program
 * that runs.
 *
 * rows: C25
 */
#include "check.h"

#include <sys/stat.h>

static char path[] = "/tmp/exec-XXXXXX";

static void expect(const char *file, char **argv, int error)
{
	static char big[PAGE] = "whole";
	char *none[] = {(char *)file, NULL};

	CHECK_ERRNO(execve(file, argv ? argv : none, none + 1), error);
	CHECK(strcmp(big, "whole") == 0);
}

static void write_file(const char *text, size_t bytes, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_TRUNC);

	CHECK(fd >= 0 && write(fd, text, bytes) == (ssize_t)bytes && fchmod(fd, mode) == 0);
	close(fd);
}

int main(void)
{
	static char huge[2 << 20], name[300];
	char *args[] = {path, huge, NULL};
	int fd = mkstemp(path);

	CHECK(fd >= 0);
	memset(huge, 'x', sizeof(huge) - 1);
	memset(name, 'n', sizeof(name) - 1);
	expect("/no/such/file", NULL, ENOENT);
	expect("", NULL, ENOENT);
	expect(name, NULL, ENAMETOOLONG);
	expect("/dev/null/file", NULL, ENOTDIR);
	expect("/tmp", NULL, EACCES);
	write_file("#!/bin/sh\n", 10, 0600);
	expect(path, NULL, EACCES);
	fchmod(fd, 0700);
	expect(path, NULL, ETXTBSY); /* It is still open for writing. */
	close(fd);
	write_file("no program\n", 11, 0700);
	expect(path, NULL, ENOEXEC);
	write_file("", 0, 0700);
	expect(path, NULL, ENOEXEC);
	write_file("\177ELF\1\1\1", 8, 0700);
	expect(path, NULL, ENOEXEC);
	write_file("#!/no/such/interpreter\n", 23, 0700);
	expect(path, NULL, ENOENT);
	expect("/proc/self/exe", args, E2BIG);
	expect((char *)1, NULL, EFAULT);
	expect("/proc/self/exe", (char **)1, EFAULT);
	args[1] = (char *)1;
	expect("/proc/self/exe", args, EFAULT);
	CHECK(unlink(path) == 0);
	return 0;
}
