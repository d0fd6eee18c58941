/* files.c: names and descriptors. */
#include "tests/diff/diff.h"

#include <stdio.h>
#include <sys/stat.h>

#define BACKINGS 40
#define BACKING_FDS 200
#define FD_CROWD 14 /* Open descriptors from which on one is closed instead. */

uint8_t fd_kinds[FD_LIMIT];
const char *const names[] = {"a",     "b",   "c",      "d",   "e",  "sub/a",
			     "sub/b", "sub", "none/x", "a/x", "new"};
const uint32_t name_count = COUNT(names);

/* ---- descriptors ---- */

static uint32_t fd_count(void)
{
	uint32_t n = 0;

	for (int fd = FD_FIRST; fd < FD_LIMIT; fd++)
		n += fd_kinds[fd] != FD_NONE;
	return n;
}

static int fd_bad(void)
{
	static const int bad[] = {-1, 23, 22, 100000, 0x7fffffff, -100};

	return PICK(bad);
}

/* From a random one upwards, the first that is open, and a file if that is asked. */
static int fd_search(bool file)
{
	int start = (int)below(FD_LIMIT);

	for (int i = 0; i < FD_LIMIT; i++) {
		int fd = (start + i) % FD_LIMIT;

		if (file ? fd_kinds[fd] == FD_FILE : fd_kinds[fd] != FD_NONE)
			return fd;
	}
	return fd_bad();
}

int fd_file(void)
{
	if (percent(2))
		return fd_bad();
	return fd_search(percent(96));
}

int fd_any(void)
{
	return percent(3) ? fd_bad() : fd_search(false);
}

bool same_file(int a, int b)
{
	struct stat x, y;

	return fstat(a, &x) == 0 && fstat(b, &y) == 0 && x.st_ino == y.st_ino &&
	       x.st_dev == y.st_dev;
}

int64_t size_of(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 ? st.st_size : 0;
}

/* Descriptors of our own keep the files, out of the programs' way. */
static int backings[BACKINGS];
static uint16_t backing_count = 1;

uint16_t backing_of(int fd)
{
	for (uint16_t i = 1; i < backing_count; i++)
		if (same_file(backings[i], fd))
			return i;
	if (backing_count == BACKINGS)
		return 0;
	backings[backing_count] = fcntl(fd, F_DUPFD, BACKING_FDS);
	return backings[backing_count] < 0 ? 0 : backing_count++;
}

int64_t backing_size(uint16_t file)
{
	return size_of(backings[file]);
}

/* A call gave this descriptor. */
static void fd_opened(long fd)
{
	struct stat st;

	if (fd < FD_FIRST || fd >= FD_LIMIT || fstat((int)fd, &st) != 0)
		return;
	if (fcntl((int)fd, F_GETFL) & O_PATH)
		fd_kinds[fd] = FD_PATH;
	else if (S_ISREG(st.st_mode))
		fd_kinds[fd] = FD_FILE;
	else
		fd_kinds[fd] = S_ISDIR(st.st_mode) ? FD_FOLDER : FD_PIPE;
}

static void act_close(void)
{
	int fd = fd_any();
	long r = CALL(SYS_close, fd);

	say("close(%d)", fd);
	say_result(r);
	if (r == 0)
		fd_kinds[fd] = FD_NONE;
}

static bool is_crowded(void)
{
	if (fd_count() < FD_CROWD)
		return false;
	act_close();
	return true;
}

static void act_dup(void)
{
	int fd = fd_any(), to = FD_FIRST + (int)below(16), how = (int)below(4);
	long r;

	if (is_crowded())
		return;
	if (how == 0) {
		say("dup(%d)", fd);
		r = CALL(SYS_dup, fd);
	} else if (how == 1) {
		say("dup2(%d, %d)", fd, to);
		r = CALL(SYS_dup2, fd, to);
	} else if (how == 2) {
		say("dup3(%d, %d, CLOEXEC)", fd, to);
		r = CALL(SYS_dup3, fd, to, O_CLOEXEC);
	} else {
		say("fcntl(%d, DUPFD, %d)", fd, to);
		r = CALL(SYS_fcntl64, fd, F_DUPFD, to);
	}
	say_result(r);
	fd_opened(r);
}

static void act_set_flags(void)
{
	int fd = fd_any(), flags = percent(50) ? O_APPEND : 0;
	long r;

	if (fd >= 0 && fd < FD_LIMIT && fd_kinds[fd] == FD_PIPE)
		flags |= O_NONBLOCK;
	r = CALL(SYS_fcntl64, fd, F_SETFL, flags);
	say("fcntl(%d, SETFL, %#x)", fd, flags);
	say_result(r);
	say("  getfl %ld getfd %ld\n", CALL(SYS_fcntl64, fd, F_GETFL),
	    CALL(SYS_fcntl64, fd, F_GETFD));
}

static void act_pipe(void)
{
	int ends[2] = {-1, -1};
	long r;

	if (is_crowded())
		return;
	r = CALL(SYS_pipe2, ends, O_NONBLOCK);
	say("pipe2() %d %d", ends[0], ends[1]);
	say_result(r);
	fd_opened(ends[0]);
	fd_opened(ends[1]);
}

static void act_memfd(void)
{
	static const uint32_t flags[] = {0, 0, 1, 2, 3, 0x80000000u, 0x100};
	uint32_t f = PICK(flags);
	long r;

	if (is_crowded())
		return;
	r = CALL(SYS_memfd_create, "memory", f);
	say("memfd_create(%#x)", f);
	say_result(r);
	fd_opened(r);
}

/* ---- names ---- */

static const char *name_any(void)
{
	return percent(80) ? names[below(5)] : PICK(names);
}

static void act_open(void)
{
	const char *name = name_any();
	int flags = percent(15) ? O_WRONLY : percent(50) ? O_RDWR : O_RDONLY;
	long r;

	if (is_crowded())
		return;
	flags |= percent(70) ? O_CREAT : 0;
	flags |= percent(10) ? O_TRUNC : 0;
	flags |= percent(12) ? O_APPEND : 0;
	flags |= flags & O_CREAT && percent(6) ? O_EXCL : 0;
	flags |= percent(2) ? O_DIRECTORY : 0;
	flags |= percent(3) ? O_NOFOLLOW : 0;
	flags |= percent(2) ? O_PATH : 0;
	flags |= percent(2) ? O_ACCMODE : 0;
	flags |= percent(3) ? O_CLOEXEC : 0;
	r = CALL(SYS_open, name, flags | O_LARGEFILE, 0644);
	say("open(%s, %#x)", name, flags);
	say_result(r);
	fd_opened(r);
}

static void act_unlink(void)
{
	const char *name = name_any();
	long r = CALL(SYS_unlink, name);

	say("unlink(%s)", name);
	say_result(r);
}

static void act_folder(void)
{
	const char *name = PICK(names);
	bool make = percent(50);
	long r = make ? CALL(SYS_mkdir, name, 0755) : CALL(SYS_rmdir, name);

	say("%s(%s)", make ? "mkdir" : "rmdir", name);
	say_result(r);
}

static void act_rename(void)
{
	const char *from = name_any(), *to = name_any();
	uint32_t flags = percent(15); /* RENAME_NOREPLACE */
	long r = CALL(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, flags);

	say("renameat2(%s, %s, %#x)", from, to, flags);
	say_result(r);
}

static void act_link(void)
{
	const char *from = name_any(), *to = name_any();
	long r = CALL(SYS_link, from, to);

	say("link(%s, %s)", from, to);
	say_result(r);
}

const struct operation file_operations[] = {
	{"open", 80, act_open},	     {"close", 20, act_close},	{"dup", 12, act_dup},
	{"setfl", 6, act_set_flags}, {"pipe", 6, act_pipe},	{"memfd", 10, act_memfd},
	{"unlink", 12, act_unlink},  {"folder", 4, act_folder}, {"rename", 10, act_rename},
	{"link", 6, act_link},	     {NULL, 0, NULL},
};
