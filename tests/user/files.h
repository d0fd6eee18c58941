/*
 * files.h: for programs about files: a folder of their own that goes when they end, and files of
 * known text in it.
 */
#pragma once

#include "check.h"

#include <dirent.h>
#include <ftw.h>
#include <sys/stat.h>

static char folder_name[] = "/tmp/folder-XXXXXX";

static inline int folder_remove_one(const char *path, const struct stat *st, int type,
				    struct FTW *at)
{
	(void)st, (void)type, (void)at;
	return remove(path);
}

static inline void folder_remove(void)
{
	if (chdir("/") == 0)
		nftw(folder_name, folder_remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* Make a new folder in /tmp the working directory, until the program returns from main. */
static inline void folder_enter(void)
{
	umask(022);
	CHECK(mkdtemp(folder_name) && chdir(folder_name) == 0);
	CHECK(atexit(folder_remove) == 0);
}

/* The file becomes what text says; it is made if need be. */
static inline void file_make(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	CHECK(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	CHECK(close(fd) == 0);
}

static inline bool file_holds(const char *path, const char *text)
{
	char found[256];
	int fd = open(path, O_RDONLY);
	ssize_t n = read(fd, found, sizeof(found));

	close(fd);
	return fd >= 0 && n == (ssize_t)strlen(text) && memcmp(found, text, n) == 0;
}

static inline bool is_there(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

static inline struct stat stat_of(const char *path)
{
	struct stat st;

	CHECK(lstat(path, &st) == 0);
	return st;
}
