/* feed.c: see feed.h. All memory is used again: a feed that has begun makes no faults of its own to look at. */

#include "user/vmtop/feed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "user/vmtop/screen.h"

#define IDLE_SECONDS 1.0 /* Where nothing changes, one looks less and less often, down to this. */

/* Of the map: the frame of zeroes is the kernel's. */
static char letter(uint8_t state)
{
	return looks[state < STATES ? state : KERNEL].letter;
}

static void print_frames(const struct sample *s)
{
	size_t same;

	for (size_t i = 0; i < s->frame_count; i += same) {
		same = 1;
		while (i + same < s->frame_count && s->frames[i + same] == s->frames[i])
			same++;
		putchar(letter(s->frames[i]));
		if (same > 1)
			printf("%zu", same);
	}
}

static void print_sample(const struct sample *s)
{
	printf("{\"time\": %.3f, \"faults\": %lu, \"in\": %lu, \"out\": %lu, \"swap\": [%lu, %lu], ",
	       s->time, s->faults, s->swapins, s->swapouts, s->swap_total - s->swap_free,
	       s->swap_total);
	printf("\"frames\": \"");
	print_frames(s);
	printf("\"}\n");
	if (fflush(stdout) != 0)
		exit(1); /* Nobody reads any more. */
}

/* The number of faults tells also what has come and gone since. */
static bool same(const struct sample *a, const struct sample *b)
{
	return a->faults == b->faults && a->swap_free == b->swap_free &&
	       a->frame_count == b->frame_count &&
	       memcmp(a->frames, b->frames, a->frame_count) == 0;
}

static void wait_for(double seconds)
{
	struct timespec wait = {(time_t)seconds, (long)((seconds - (double)(time_t)seconds) * 1e9)};

	nanosleep(&wait, NULL);
}

void feed_run(double delay)
{
	struct sample samples[2] = {0};
	double wait = delay, most = delay > IDLE_SECONDS ? delay : IDLE_SECONDS;

	for (unsigned int now = 0;; wait_for(wait)) {
		sample_take_memory(&samples[now]);
		if (same(&samples[now], &samples[!now])) {
			wait = wait < most / 2 ? 2 * wait : most;
			continue;
		}
		print_sample(&samples[now]);
		now = !now;
		wait = delay;
	}
}
