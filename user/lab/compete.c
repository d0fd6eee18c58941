/* compete: two processes share the frames: one goes through its pages in a loop, the other has a few that it
 * wants all the time and many that it wants seldom. Pipes make them take turns, the same in each run. */

#include <sys/wait.h>

#include "user/lab/lab.h"

#define TURNS 60
#define LOOP_PAGES 96
#define HOT_PAGES 24
#define COLD_PAGES 128
#define HOT_TOUCHES 200

static void loop_turn(unsigned char *memory, int turn)
{
	for (uint32_t i = 0; i < LOOP_PAGES / 2; i++)
		memory[(turn % 2 * LOOP_PAGES / 2 + i) * PAGE]++;
}

static void skewed_turn(unsigned char *memory)
{
	for (int i = 0; i < HOT_TOUCHES; i++)
		memory[random_below(HOT_PAGES) * PAGE]++;
	for (int i = 0; i < HOT_TOUCHES / 20; i++)
		memory[(HOT_PAGES + random_below(COLD_PAGES)) * PAGE]++;
}

/* One of the two: wait for the turn, take it, pass it on. */
static void play(int which, int from, int to)
{
	unsigned char *memory = pages_alloc(which ? HOT_PAGES + COLD_PAGES : LOOP_PAGES);
	char token = 0;

	for (int turn = 0; turn < TURNS; turn++) {
		if (read(from, &token, 1) != 1)
			exit(1);
		if (which)
			skewed_turn(memory);
		else
			loop_turn(memory, turn);
		if (write(to, &token, 1) != 1)
			exit(1);
	}
}

int main(void)
{
	int there[2], back[2], status;
	pid_t child;

	if (pipe(there) != 0 || pipe(back) != 0 || write(there[1], "", 1) != 1)
		return 1;
	child = fork();
	if (child < 0)
		return 1;
	if (child == 0) {
		play(1, back[0], there[1]);
		_exit(0);
	}
	play(0, there[0], back[1]);
	return waitpid(child, &status, 0) == child && status == 0 ? 0 : 1;
}
