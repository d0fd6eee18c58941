/*
 * /proc/PID/working_set refuses what is no limit, a policy that is none, one that needs a trace without one, and
 * a trace where nobody takes it; it is root's and the process's own.
 *
 * rows: A50
 * quire-only
 */
#include "working_set.h"

static const char *const wrong[] = {"x",
				    "7",
				    "100001",
				    "64 none",
				    "64 lru",
				    "64 fifo x",
				    "64 fifo trace",
				    "64 fifo trace x",
				    "0 fifo",
				    "18446744073709551648"};

static void look_elsewhere(void *arg)
{
	(void)arg;
	CHECK(setuid(1000) == 0);
	CHECK_ERRNO(open("/proc/1/working_set", O_RDONLY), EACCES);
}

int main(void)
{
	struct working_set ws;

	for (uint32_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		CHECK(!working_set_set(wrong[i]));
	CHECK(!working_set_get(&ws));
	CHECK(working_set_set("64") && working_set_get(&ws) && ws.limit == 64);
	CHECK(!working_set_set("64 none") && working_set_get(&ws) && ws.limit == 64);
	CHECK(working_set_set("  80  fifo ") && working_set_get(&ws) && ws.limit == 80);
	CHECK(child_run(look_elsewhere, NULL) == 0);
	return 0;
}
