/*
 * When the n-th allocation fails, for every n, a file call gives ENOMEM and leaves everything as it
 * was: the same call works a moment later, and no frame is lost.
 *
 * rows: A6 E14
 * quire-only
 * timeout: 120
 */
#include "counters.h"

#include <dirent.h>
#include <poll.h>
#include <sys/stat.h>

#define MUST(call) (result = (call), result >= 0 || errno == ENOMEM || errno == EIO)

static void use_files(int result)
{
	int fds[2], fd = -1;
	char block[64] = "x";
	struct stat st;

	CHECK(MUST(mkdir("d", 0755)) && MUST(symlink("d", "l")));
	CHECK(MUST(open("d/a-name-too-long-for-the-dentry-itself", O_CREAT | O_RDWR, 0644)) ||
	      errno == ENOENT);
	fd = result;
	CHECK(fd < 0 || (MUST(write(fd, block, 64)) && MUST(pwrite(fd, block, 64, 5 * PAGE))));
	CHECK(fd < 0 || (MUST(pread(fd, block, 64, 0)) && MUST(ftruncate(fd, 10)) &&
			 MUST(fcntl(fd, F_SETLK, &(struct flock){.l_type = F_WRLCK, .l_len = 5}))));
	close(fd);
	CHECK(MUST(stat("l/a-name-too-long-for-the-dentry-itself", &st)) || errno == ENOENT);
	CHECK(MUST(rename("d/a-name-too-long-for-the-dentry-itself",
			  "another-name-too-long-for-the-dentry-itself")) ||
	      errno == ENOENT);
	CHECK(MUST(link("another-name-too-long-for-the-dentry-itself", "d/h")) || errno == ENOENT);
	if (MUST(pipe(fds)) && result >= 0) {
		CHECK(MUST(write(fds[1], block, 64)));
		CHECK(MUST(poll(&(struct pollfd){.fd = fds[0], .events = POLLIN}, 1, 0)));
		close(fds[0]), close(fds[1]);
	}
	fd = open("/proc/self/status", O_RDONLY);
	CHECK(fd < 0 || MUST(read(fd, block, 64)));
	close(fd);
}

static void clean_up(void)
{
	unlink("d/h"), unlink("l"), unlink("another-name-too-long-for-the-dentry-itself");
	unlink("d/a-name-too-long-for-the-dentry-itself");
	CHECK(rmdir("d") == 0 || errno == ENOENT);
}

int main(void)
{
	static const char *const points[] = {"kmalloc", "frame_alloc", "cache_read"};
	long before = 0;
	char arm[32];
	int fd = open("/proc/sys/debug/fail", O_WRONLY);

	CHECK(fd >= 0 && chdir("/tmp") == 0);
	image_settle();
	for (int i = 0; i < 3 * 60; i++) {
		if (i == 10)
			before = frames_free();
		snprintf(arm, sizeof(arm), "%s:%d", points[i % 3], i / 3 + 1);
		CHECK(write(fd, arm, strlen(arm)) == (ssize_t)strlen(arm));
		use_files(0);
		while (write(fd, "off", 3) != 3)
			;
		clean_up();
	}
	use_files(0);
	clean_up();
	CHECK(before - frames_free() <= 8);
	vm_check();
	return 0;
}
