/*
 * Whoever reads a long file of /proc costs the kernel a few pages for each open file, not the length
 * of the text.
 *
 * quire-only
 */
#include "procfs.h"

#define AREAS 4000
#define READERS 16
#define FAR (1 << 20)

int main(void)
{
	static char buf[1 << 16];
	char *p = map_anon(2 * AREAS * PAGE);
	long slab;

	for (int i = 0; i < AREAS; i++)
		CHECK(mprotect(p + 2 * i * PAGE, PAGE, PROT_READ) == 0);
	touch_write(buf, sizeof(buf), 1);
	slab = proc_sum("/proc/meminfo", "Slab");
	for (int i = 0; i < READERS; i++) {
		int fd = open("/proc/self/smaps", O_RDONLY);

		CHECK(fd >= 0);
		for (long n = 0; n < FAR; n += sizeof(buf))
			CHECK(read(fd, buf, sizeof(buf)) == sizeof(buf));
	}
	CHECK(proc_sum("/proc/meminfo", "Slab") - slab <= READERS * 4 * 4);
	return 0;
}
