/*
 * Looking into /proc at processes that have gone since leaves nothing behind: neither names nor
 * frames.
 *
 * rows: A6
 * quire-only
 */
#include "counters.h"

static void look_at_self(void *arg)
{
	char text[256], path[64];
	int fd = open("/proc/self/status", O_RDONLY);

	CHECK(fd >= 0 && read(fd, text, sizeof(text)) > 0);
	CHECK(readlink("/proc/self/exe", text, sizeof(text)) > 0);
	snprintf(path, sizeof(path), "/proc/%d/maps", getpid());
	fd = open(path, O_RDONLY);
	CHECK(fd >= 0 && read(fd, text, sizeof(text)) > 0);
	*(pid_t *)arg = getpid();
}

int main(void)
{
	pid_t *pid = map_shared(PAGE);
	long before = 0;

	for (int i = 0; i < 300; i++) {
		char path[64];

		if (i == 50)
			before = frames_free();
		CHECK(child_run(look_at_self, pid) == 0);
		snprintf(path, sizeof(path), "/proc/%d", *pid);
		CHECK_ERRNO(access(path, F_OK), ENOENT);
	}
	CHECK(before - frames_free() <= 2);
	return 0;
}
