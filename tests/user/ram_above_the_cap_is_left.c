/*
 * RAM beyond what the direct map has room for is reported at boot and left alone; the rest is usable.
 *
 * rows: A4
 * quire-only
 * mem: 3G
 */
#include "procfs.h"

#include <sys/klog.h>

#define READ_ALL 3
#define CAP_KB (768 * 1024)

int main(void)
{
	static char log[1 << 16];
	long kb = proc_sum("/proc/meminfo", "MemTotal");
	char *p = map_anon(64u << 20);

	CHECK(klogctl(READ_ALL, log, sizeof(log) - 1) > 0);
	CHECK(strstr(log, "RAM ends at 3071 MiB; only the first 768 MiB are used"));
	CHECK(kb < CAP_KB && kb > CAP_KB / 10 * 9);
	touch_write(p, 64u << 20, 1);
	CHECK(pages_hold(p, 64u << 20, 1));
	return 0;
}
