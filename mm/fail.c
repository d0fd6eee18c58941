/*
 * fail.c: failure on demand, for tests of every error path: fail=frame_alloc:17 makes the 17th frame
 * allocation from then on fail, kmalloc:3+ every kmalloc from the third on, kmalloc:50* every fiftieth.
 */

#include "mm/fail.h"

#include "kernel/abi/errno.h"
#include "kernel/lib/atomic.h"
#include "kernel/lib/string.h"

struct point {
	const char *name;
	uint32_t countdown; /* Atomic: calls left before failing. */
	bool forever;	    /* Keep failing. */
	uint32_t period;    /* Or fail again after so many; 0: do not. */
	uint32_t callers[FAIL_CALLERS];
};

uint32_t fail_armed;
uint32_t (*fail_callers)(uint32_t ebp, uint32_t *eip, uint32_t max);

static struct point points[FAIL_POINT_COUNT] = {
	[FAIL_FRAME_ALLOC] = {.name = "frame_alloc"},
	[FAIL_KMALLOC] = {.name = "kmalloc"},
	[FAIL_CACHE_READ] = {.name = "cache_read"},
};

bool fail_now_slow(enum fail_point p)
{
	struct point *pt = &points[p];
	uint32_t left = atomic_load(&pt->countdown);

	while (left > 1)
		if (atomic_cmpxchg(&pt->countdown, &left, left - 1))
			return false;
	if (pt->period)
		atomic_store(&pt->countdown, pt->period);
	else if (!pt->forever)
		atomic_and(&fail_armed, ~(1u << p));
	memset(pt->callers, 0, sizeof(pt->callers));
	if (fail_callers)
		fail_callers((uint32_t)__builtin_frame_address(0), pt->callers, FAIL_CALLERS);
	return true;
}

void fail_state(enum fail_point p, struct fail_state *out)
{
	*out = (struct fail_state){.name = points[p].name, .armed = fail_armed >> p & 1};
	memcpy(out->callers, points[p].callers, sizeof(out->callers));
}

static struct point *point_find(const char *name, size_t len)
{
	for (uint32_t i = 0; i < FAIL_POINT_COUNT; i++)
		if (strlen(points[i].name) == len && strncmp(points[i].name, name, len) == 0)
			return &points[i];
	return NULL;
}

int fail_set(const char *text)
{
	const char *colon = strchr(text, ':');
	char number[16];
	struct point *pt;
	uint64_t count;
	size_t len;
	char how;

	if (strcmp(text, "off") == 0) {
		atomic_store(&fail_armed, 0);
		return 0;
	}
	if (!colon || !(pt = point_find(text, (size_t)(colon - text))))
		return -EINVAL;
	len = strlcpy(number, colon + 1, sizeof(number));
	if (len == 0 || len >= sizeof(number))
		return -EINVAL;
	how = number[len - 1];
	if (how == '+' || how == '*')
		number[len - 1] = '\0';
	if (!parse_size(number, &count) || count == 0 || count > UINT32_MAX)
		return -EINVAL;
	memset(pt->callers, 0, sizeof(pt->callers));
	pt->forever = how == '+';
	pt->period = how == '*' ? (uint32_t)count : 0;
	atomic_store(&pt->countdown, (uint32_t)count);
	atomic_or(&fail_armed, 1u << (pt - points));
	return 0;
}
