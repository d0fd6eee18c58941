/* io.c: what is done with an open file. */
#include "tests/diff/diff.h"

#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/uio.h>

#define IO_MAX (4 * PAGE)
#define PIPE_MAX 20000 /* Bytes in a pipe that we fill no further: how full is full may differ. */

static enum fd_kind kind_of(int fd)
{
	return fd >= 0 && fd < FD_LIMIT ? fd_kinds[fd] : FD_NONE;
}

static bool pipe_is_full(int fd)
{
	int bytes = 0;

	return kind_of(fd) == FD_PIPE && (ioctl(fd, FIONREAD, &bytes) != 0 || bytes > PIPE_MAX);
}

/* Does [va, va + n) show a file, as far as we know? */
static bool shows_file(uint32_t va, uint32_t n)
{
	for (uint32_t at = va & ~(PAGE - 1); n > 0 && at - (va & ~(PAGE - 1)) < va % PAGE + n;
	     at += PAGE) {
		struct space *s = space_of(at);
		struct page *p = s ? &s->page[(at - s->base) / PAGE] : NULL;

		if (p && (p->kind == FILE_PRIVATE || p->kind == FILE_SHARED))
			return true;
	}
	return false;
}

/* Copying between parts of one page that overlap is not defined. A buffer that shows a file, which may be
 * the same, gets the file position's place in its page, so that no overlap is partial. */
static uint32_t buffer_beside(uint32_t va, uint32_t n, int64_t pos)
{
	return shows_file(va, n + PAGE) ? (va & ~(PAGE - 1)) + (LOW(pos) & (PAGE - 1)) : va;
}

/* A buffer to write from that shows a file, but not all of it may: what the write changes may be what it
 * fails on. Makes sure, and leaves the pages unmapped half of the time. */
static bool shows_too_little(uint32_t va, uint32_t n)
{
	struct space *s = space_of(va);
	uint32_t read = n;

	if (!shows_file(va, n))
		return false;
	digest(va, &read);
	if (percent(50) && s && s->page[(va - s->base) / PAGE].kind == FILE_SHARED)
		syscall(SYS_madvise, va & ~(PAGE - 1), PAGE, MADV_DONTNEED);
	return read < n;
}

/* Behind a float there may be anything. */
static bool leaves_space(uint32_t va, uint32_t n)
{
	const struct space *s = space_of(va);

	return s && va + n > s->base + s->pages * PAGE;
}

/* Where the next read or write by position will be. */
static int64_t position_of(int fd, bool writes)
{
	if (writes && fcntl(fd, F_GETFL) & O_APPEND)
		return size_of(fd);
	return lseek(fd, 0, SEEK_CUR);
}

/* A write of n bytes, to a file of this size, gave r. What a write that met a bad buffer leaves behind the
 * end is not defined, and is cut off. */
static void note_write(int fd, int64_t size, uint32_t n, long r)
{
	if (n > 0 && (r == -EFAULT || (r >= 0 && (uint32_t)r < n)))
		transcript->vague = true;
	if (n > 0 && r == -EFAULT && kind_of(fd) == FD_FILE && ftruncate(fd, size) != 0)
		say(" not cut");
}

static void say_moved(uint32_t buffer, long r)
{
	say(" = %ld", r);
	if (r > 0)
		say_bytes(buffer, (uint32_t)r);
	say("\n");
}

static void act_read(void)
{
	int fd = fd_file();
	bool writes = percent(60);
	uint32_t n = chance_length(IO_MAX), buffer = buffer_any(n, writes ? PROT_READ : PROT_WRITE);
	int64_t size = size_of(fd);
	long r;

	if (writes && pipe_is_full(fd))
		return;
	if (kind_of(fd) == FD_FILE)
		buffer = buffer_beside(buffer, n, position_of(fd, writes));
	if (leaves_space(buffer, n) ||
	    (writes ? shows_too_little(buffer, n) : bytes_defined(buffer, n) < n))
		return;
	say("%s(%d, %s, %u)", writes ? "write" : "read", fd, address_name(buffer), n);
	r = writes ? CALL(SYS_write, fd, buffer, n) : CALL(SYS_read, fd, buffer, n);
	note_write(fd, size, writes ? n : 0, r);
	say_moved(buffer, r);
}

static void act_pread(void)
{
	int fd = fd_file();
	bool writes = percent(60);
	int64_t pos = chance_offset();
	uint32_t n = chance_length(IO_MAX), buffer = buffer_any(n, writes ? PROT_READ : PROT_WRITE);
	int64_t size = size_of(fd);
	long r;

	if (kind_of(fd) == FD_FILE)
		buffer = buffer_beside(
			buffer, n,
			fcntl(fd, F_GETFL) & O_APPEND && writes ? position_of(fd, true) : pos);
	if (leaves_space(buffer, n) ||
	    (writes ? shows_too_little(buffer, n) : bytes_defined(buffer, n) < n))
		return;
	say("%s(%d, %s, %u, %lld)", writes ? "pwrite" : "pread", fd, address_name(buffer), n,
	    (long long)pos);
	r = CALL(writes ? SYS_pwrite64 : SYS_pread64, fd, buffer, n, LOW(pos), HIGH(pos));
	note_write(fd, size, writes ? n : 0, r);
	say_moved(buffer, r);
}

/* Up to 4 pieces; one that shows a file is replaced by nothing. */
static uint32_t vector_make(struct iovec iov[4], int prot, uint32_t *total)
{
	uint32_t count = 1 + below(4);

	*total = 0;
	for (uint32_t i = 0; i < count; i++) {
		uint32_t n = chance_length(2 * PAGE), va = buffer_any(n, prot);

		if (shows_file(va, n))
			n = 0;
		iov[i] = (struct iovec){(void *)va, percent(1) ? 0x80000000u : n};
		say("%s%s %u", i ? ", " : "", address_name(va), (unsigned)iov[i].iov_len);
		*total += n;
	}
	return percent(1) ? 2000 : count;
}

static void act_readv(void)
{
	static const long calls[2][2] = {{SYS_readv, SYS_preadv}, {SYS_writev, SYS_pwritev}};
	static const char *const call_names[2][2] = {{"readv", "preadv"}, {"writev", "pwritev"}};
	bool writes = percent(60), at = percent(50);
	struct iovec iov[4];
	int fd = fd_file();
	int64_t pos = chance_offset();
	uint32_t count, total;
	int64_t size = size_of(fd);
	long r;

	if (writes && pipe_is_full(fd))
		return;
	say("%s(%d, ", call_names[writes][at], fd);
	count = vector_make(iov, writes ? PROT_READ : PROT_WRITE, &total);
	if (at)
		say(", at %lld", (long long)pos);
	r = CALL(calls[writes][at], fd, iov, count, LOW(pos), HIGH(pos));
	note_write(fd, size, writes ? total : 0, r);
	say(") = %ld", r);
	for (uint32_t i = 0; r > 0 && i < count; i++)
		say_bytes((uint32_t)iov[i].iov_base,
			  iov[i].iov_len < (uint32_t)r ? (uint32_t)iov[i].iov_len : (uint32_t)r);
	say("\n");
}

static void act_lseek(void)
{
	int fd = fd_any(), whence = (int)below(pages_are_known() ? 5 : 3);
	int64_t off = chance_offset(), result = 0;
	long r;

	if (kind_of(fd) == FD_FOLDER)
		return;
	if (whence && percent(40))
		off = -off;
	if (percent(2))
		whence = 7;
	r = CALL(SYS__llseek, fd, HIGH(off), LOW(off), &result, whence);
	say("llseek(%d, %lld, %d) %lld", fd, (long long)off, whence, (long long)result);
	say_result(r);
}

static void act_truncate(void)
{
	int64_t size = chance_offset();
	int fd = fd_file();
	long r;

	if (percent(70)) {
		r = CALL(SYS_ftruncate64, fd, LOW(size), HIGH(size));
		say("ftruncate(%d, %lld)", fd, (long long)size);
	} else {
		const char *name = names[below(name_count)];

		r = CALL(SYS_truncate64, name, LOW(size), HIGH(size));
		say("truncate(%s, %lld)", name, (long long)size);
	}
	say_result(r);
}

/* Modes: 0, KEEP_SIZE 1, PUNCH_HOLE 2, COLLAPSE 8, ZERO_RANGE 16. */
static void act_fallocate(void)
{
	static const int modes[] = {0, 0, 1, 1, 3, 3, 3, 3, 2, 8, 16, 17, 64};
	int fd = fd_file(), mode = PICK(modes);
	int64_t off = chance_offset(), len = percent(5) ? chance_offset() : chance_length(IO_MAX);
	long r;

	if (!on_tmpfs || len > 16 * (int)PAGE)
		return;
	r = CALL(SYS_fallocate, fd, mode, LOW(off), HIGH(off), LOW(len), HIGH(len));
	say("fallocate(%d, %d, %lld, %lld)", fd, mode, (long long)off, (long long)len);
	say_result(r);
	transcript->reserved |= r == 0 && !(mode & FALLOC_FL_PUNCH_HOLE);
}

static void act_sync(void)
{
	int fd = fd_any();
	bool data = percent(50);
	long r = CALL(data ? SYS_fdatasync : SYS_fsync, fd);

	say("%s(%d)", data ? "fdatasync" : "fsync", fd);
	say_result(r);
}

/* Within one file the parts could overlap. */
static void act_sendfile(void)
{
	int in = fd_file(), out = percent(80) ? fd_file() : fd_any();
	int64_t off = chance_offset();
	uint32_t n = chance_length(IO_MAX);
	bool at = percent(50);
	long r;

	if (same_file(in, out) || pipe_is_full(out) || kind_of(in) == FD_PIPE || off < 0 || n == 0)
		return;
	say("sendfile(%d, %d, %lld, %u)", out, in, at ? (long long)off : -1ll, n);
	r = CALL(SYS_sendfile64, out, in, at ? &off : NULL, n);
	say(" off %lld", (long long)off);
	say_result(r);
}

static void act_copy_range(void)
{
	int in = fd_file(), out = fd_file();
	int64_t from = chance_offset(), to = chance_offset();
	uint32_t n = chance_length(IO_MAX), flags = percent(2);
	bool from_at = percent(50), to_at = percent(50);
	long r;

	if (same_file(in, out) && (!from_at || !to_at))
		return;
	say("copy_file_range(%d, %lld, %d, %lld, %u, %u)", in, from_at ? (long long)from : -1ll,
	    out, to_at ? (long long)to : -1ll, n, flags);
	r = CALL(SYS_copy_file_range, in, from_at ? &from : NULL, out, to_at ? &to : NULL, n,
		 flags);
	say(" %lld %lld", (long long)from, (long long)to);
	say_result(r);
}

const struct operation io_operations[] = {
	{"read", 90, act_read},
	{"pread", 60, act_pread},
	{"readv", 40, act_readv},
	{"lseek", 30, act_lseek},
	{"truncate", 40, act_truncate},
	{"fallocate", 25, act_fallocate},
	{"sync", 8, act_sync},
	{"sendfile", 15, act_sendfile},
	{"copy_range", 12, act_copy_range},
	{NULL, 0, NULL},
};
