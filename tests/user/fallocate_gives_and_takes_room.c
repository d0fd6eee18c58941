/*
 * fallocate on a file in memory: room with or without growing, holes that mappings see at once but private
 * copies do not; what the file system cannot do is EOPNOTSUPP. MADV_REMOVE makes the same holes.
 *
 * rows: A13 A22 E55
 */
#include "check.h"

#include <sys/stat.h>
#include <sys/syscall.h>

#define KEEP 1
#define PUNCH 3 /* With KEEP. */

static int fd;

static long give(int mode, off_t off, off_t len)
{
	return syscall(SYS_fallocate, fd, mode, (long)off, (long)((long long)off >> 32), (long)len,
		       (long)((long long)len >> 32));
}

static void has(off_t size, blkcnt_t pages)
{
	struct stat st;

	CHECK(fstat(fd, &st) == 0 && st.st_size == size && st.st_blocks == pages * 8);
}

int main(void)
{
	char *shared, *private, byte;

	fd = syscall(SYS_memfd_create, "room", 0);
	CHECK(fd >= 0 && give(0, PAGE + 1, PAGE) == 0);
	has(2 * PAGE + 1, 2);
	CHECK(give(KEEP, 0, 6 * PAGE) == 0);
	has(2 * PAGE + 1, 6);
	CHECK(ftruncate(fd, 4 * PAGE) == 0);
	shared = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	private = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	CHECK(shared != MAP_FAILED && private != MAP_FAILED);
	memset(shared, 'x', 4 * PAGE);
	CHECK(private[PAGE] == 'x');
	private[2 * PAGE] = 'p';
	CHECK(give(PUNCH, PAGE - 10, 2 * PAGE + 20) == 0);
	has(4 * PAGE, 4); /* Two of them beyond the end. */
	CHECK(shared[PAGE - 11] == 'x' && shared[PAGE - 10] == 0 && shared[3 * PAGE + 9] == 0);
	CHECK(shared[3 * PAGE + 10] == 'x' && shared[PAGE] == 0 && private[PAGE] == 0);
	CHECK(private[2 * PAGE] == 'p' && pread(fd, &byte, 1, 2 * PAGE) == 1 && byte == 0);
	shared[PAGE] = 'n';
	CHECK(private[PAGE] == 'n' && give(PUNCH, PAGE + 5, 7) == 0 && shared[PAGE] == 'n');
	CHECK(madvise(shared + PAGE, PAGE, MADV_REMOVE) == 0 && shared[PAGE] == 0);
	CHECK_ERRNO(madvise(private, PAGE, MADV_REMOVE), EACCES);
	CHECK(give(PUNCH, 100 * PAGE, PAGE) == 0);

	CHECK_ERRNO(give(0, -1, PAGE), EINVAL);
	CHECK_ERRNO(give(0, 0, 0), EINVAL);
	CHECK_ERRNO(give(2, 0, PAGE), EOPNOTSUPP); /* A hole without KEEP. */
	CHECK_ERRNO(give(0x10, 0, PAGE), EOPNOTSUPP);
	CHECK_ERRNO(give(0x12, 0, PAGE), EOPNOTSUPP);
	CHECK_ERRNO(give(0x1000, 0, PAGE), EOPNOTSUPP);
	CHECK_ERRNO(give(0, 0x7FFFFFFFFFFFFFFF, PAGE), EFBIG);
	fd = open("/proc/self/exe", O_RDONLY);
	CHECK_ERRNO(give(0, 0, PAGE), EBADF);
	fd = open("/dev/null", O_RDWR);
	CHECK_ERRNO(give(0, 0, PAGE), ENODEV);
	fd = 99;
	CHECK_ERRNO(give(0, -1, PAGE), EBADF);
	return 0;
}
