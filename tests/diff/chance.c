/* chance.c: numbers that follow from the seed. */
#include "kernel/lib/xorshift.h"
#include "tests/diff/diff.h"

static uint32_t state;

static uint32_t mix(uint32_t x)
{
	x = (x ^ (x >> 16)) * 0x7feb352du;
	x = (x ^ (x >> 15)) * 0x846ca68bu;
	return x ^ (x >> 16);
}

void chance_seed(uint32_t seed, uint32_t index)
{
	state = mix(mix(seed + 0x9e3779b9u) + index);
	if (state == 0)
		state = 1;
}

uint32_t chance(void)
{
	return xorshift32(&state);
}

uint32_t below(uint32_t n)
{
	return (uint32_t)((uint64_t)chance() * n >> 32);
}

bool percent(uint32_t p)
{
	return below(100) < p;
}

uint32_t chance_length(uint32_t max)
{
	uint32_t pages = 1 + below(max / PAGE);

	if (percent(3))
		return 0;
	if (percent(30))
		return 1 + below(200);
	if (percent(50))
		return pages * PAGE;
	return pages * PAGE - below(PAGE);
}

int64_t chance_offset(void)
{
	static const int64_t far[] = {-1,	   -PAGE,	  INT64_MIN,  0x7fffffff,
				      0x80000000u, 0x100000000ll, 0x40000000, 0x7ffff000};

	if (percent(4))
		return PICK(far);
	if (percent(30))
		return 0;
	if (percent(50))
		return below(12) * PAGE;
	return below(12 * PAGE);
}
