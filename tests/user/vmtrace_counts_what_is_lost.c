/*
 * A ring of memory's events that is too small begins with an event that counts those that are gone; off, it is
 * empty; and it cannot be made larger than memory.
 *
 * quire-only
 */
#include "counters.h"

struct event {
	uint8_t kind, how, with, error;
	int32_t result;
	uint32_t ns[2], tid, space, where, before, after, arg, free;
};

#define START 1
#define FAULT 2

static struct event events[64 + 1];

/* How many events there are, those that are gone included; the first is START. */
static uint32_t count_events(void)
{
	int fd = open("/proc/vmtrace.bin", O_RDONLY);
	ssize_t n = read(fd, events, sizeof(events));

	CHECK(fd >= 0 && n >= 0 && n % sizeof(*events) == 0);
	close(fd);
	CHECK(n == 0 || events[0].kind == START);
	return n == 0 ? 0 : events[0].arg + (uint32_t)n / sizeof(*events);
}

int main(void)
{
	char *memory = map_anon(200 * PAGE);
	uint32_t before;
	int faults = 0;

	image_settle();
	switch_set("/proc/sys/vm/vmtrace", "64");
	before = count_events();
	CHECK(before > 0 && before < 64 && events[0].arg == 0);
	touch_write(memory, 200 * PAGE, 1);
	CHECK(count_events() >= before + 400 && events[0].arg >= 336);
	for (int i = 1; i <= 64; i++)
		faults += events[i].kind == FAULT && events[i].tid == (uint32_t)getpid();
	CHECK(faults >= 30);
	CHECK_ERRNO(write(open("/proc/sys/vm/vmtrace", O_WRONLY), "99999999", 8), EINVAL);
	switch_set("/proc/sys/vm/vmtrace", "0");
	CHECK(count_events() == 0);
	return 0;
}
