/*
 * check.h: what every test program shares.
 *
 * A program is one promise. It exits 0 when the promise holds; otherwise CHECK says on stderr which
 * line found it broken, and the program exits 1. Children may use CHECK as well: whoever waits for
 * them checks their status. Include this file first: it asks for GNU's interfaces.
 */
#pragma once

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PAGE 4096u
#define TABLE_SPAN (1024 * PAGE) /* What one page table maps. */

/* By dprintf, not stdio: a child must not print what its parent had buffered. */
static inline void check_failed(const char *file, int line, const char *what)
{
	int err = errno;

	dprintf(2, "%s:%d: %s (errno %d, %s)\n", file, line, what, err, strerror(err));
	_exit(1);
}

#define CHECK(cond) ((cond) ? (void)0 : check_failed(__FILE__, __LINE__, #cond))

/* The call fails with just this error. */
#define CHECK_ERRNO(call, error)                                                                   \
	do {                                                                                       \
		errno = 0;                                                                         \
		CHECK((long)(call) == -1 && errno == (error));                                     \
	} while (0)

/* Run fn(arg) in a child, which exits 0 when it returns. Its wait status. */
static inline int child_run(void (*fn)(void *), void *arg)
{
	int status;
	pid_t pid = fork();

	CHECK(pid >= 0);
	if (pid == 0) {
		fn(arg);
		_exit(0);
	}
	CHECK(waitpid(pid, &status, 0) == pid);
	return status;
}

/* The same in one word: the signal the child died of, or 0 when it exited 0. */
static inline int child_signal(void (*fn)(void *), void *arg)
{
	int status = child_run(fn, arg);

	CHECK(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
	return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

/* Private anonymous pages, zero and untouched. */
static inline char *map_anon(size_t bytes)
{
	char *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	CHECK(p != MAP_FAILED);
	return p;
}

/* Anonymous pages that children of fork share. */
static inline void *map_shared(size_t bytes)
{
	void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	CHECK(p != MAP_FAILED);
	return p;
}

/* Write one byte into each page of [p, p + bytes), or read it. */
static inline void touch_write(volatile char *p, size_t bytes, char value)
{
	for (size_t i = 0; i < bytes; i += PAGE)
		p[i] = value;
}

static inline void touch_read(volatile const char *p, size_t bytes)
{
	for (size_t i = 0; i < bytes; i += PAGE)
		(void)p[i];
}

/* True when each page of [p, p + bytes) starts with value. */
static inline bool pages_hold(volatile const char *p, size_t bytes, char value)
{
	for (size_t i = 0; i < bytes; i += PAGE)
		if (p[i] != value)
			return false;
	return true;
}

/* A file in /tmp without a name that holds bytes bytes: byte i is i / PAGE + 1. */
static inline int temp_file(size_t bytes)
{
	char path[] = "/tmp/test-XXXXXX", page[PAGE];
	int fd = mkstemp(path);

	CHECK(fd >= 0 && unlink(path) == 0);
	for (size_t at = 0; at < bytes; at += PAGE) {
		size_t part = bytes - at < PAGE ? bytes - at : PAGE;

		memset(page, (int)(at / PAGE + 1), part);
		CHECK(write(fd, page, part) == (ssize_t)part);
	}
	return fd;
}

static inline void sleep_ms(int ms)
{
	struct timespec left = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L};

	while (nanosleep(&left, &left) != 0 && errno == EINTR)
		;
}
