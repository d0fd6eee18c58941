/*
 * Each fault is counted under its reason: zero page, fresh page, file page, private copy of one,
 * copy-on-write.
 *
 * rows: A35 D28 D29 E10 E11 E13
 * quire-only
 * lab: cow
 */
#include "counters.h"

static long last[5];

/* What was counted since the last call, as decimal digits: zero anon file promote cow. */
static int reasons(void)
{
	static const char *const names[] = {"fault_zero", "fault_anon", "fault_file",
					    "fault_promote", "fault_cow_copy"};
	int digits = 0;

	for (int i = 0; i < 5; i++) {
		long now = counter("/proc/vmstat", names[i]);

		digits = digits * 10 + (int)(now - last[i]);
		last[i] = now;
	}
	return digits;
}

static void write_once(void *p)
{
	for (int i = 0; i < 2; i++) {
		reasons();
		((char *)p)[i * PAGE] = 2;
		CHECK(reasons() == 1);
	}
}

int main(void)
{
	int fd = temp_file(4 * PAGE);
	char *file = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	char *anon = map_anon(4 * PAGE);

	touch_write(map_anon(PAGE), PAGE, 1);
	reasons();
	CHECK(reasons() == 0);
	CHECK(anon[0] == 0 && reasons() == 10000);
	anon[0] = 1; /* From the zero page to a fresh one. */
	CHECK(reasons() == 1000);
	anon[PAGE] = 1;
	CHECK(reasons() == 1000);
	CHECK(anon[1] == 0 && reasons() == 0);
	CHECK(file[0] == 1 && reasons() == 100);
	file[0] = 2; /* Already seen. */
	CHECK(reasons() == 10);
	file[2 * PAGE] = 2;
	CHECK(reasons() == 10);
	CHECK(child_run(write_once, anon) == 0);
	return 0;
}
