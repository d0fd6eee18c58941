/*
 * Under the Windows personality two hundred sleepers' kernel stacks go to swap and come back, twice; in the end all
 * slots and frames are back too.
 *
 * rows: D21
 * quire-only
 * mem: 96M
 * swap: 64M
 * append: personality=windows
 * timeout: 120
 */
#include "swap.h"
#include "windows.h"

#define SLEEPERS 200u

static void round_trip(long out)
{
	struct sleeper s[SLEEPERS];
	long used = SWAP_USED;

	for (unsigned i = 0; i < SLEEPERS; i++)
		s[i] = sleeper_start(1);
	stacks_await(out + (long)SLEEPERS);
	CHECK(SWAP_USED >= used + (long)SLEEPERS * 4);
	vm_check();
	for (unsigned i = 0; i < SLEEPERS; i++)
		sleeper_finish(&s[i]);
}

int main(void)
{
	long out = stacks_settle(), frames, used;

	round_trip(out);
	used = SWAP_USED;
	frames = frames_free();
	round_trip(out);
	CHECK(SWAP_USED <= used && STACKS_OUT <= out);
	CHECK(frames_free() >= frames - 16); /* The caches of the kernel's own objects. */
	vm_check();
	return 0;
}
