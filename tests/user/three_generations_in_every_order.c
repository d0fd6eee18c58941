/*
 * Parent, child and grandchild write the same page in each of the six orders, and each keeps its
 * own value.
 *
 * rows: C21 D36
 */
#include "check.h"

static const char orders[6][4] = {"pcg", "pgc", "cpg", "cgp", "gpc", "gcp"};
static volatile char *turn;
static char *page;

/* Write when it is our turn; check when all have. */
static void take_part(const char *order, char who)
{
	int mine = (int)(strchr(order, who) - order);

	while (*turn != mine)
		sleep_ms(1);
	CHECK(page[0] == 'o' && page[PAGE] == 'o');
	page[0] = who;
	(*turn)++;
	while (*turn < 3)
		sleep_ms(1);
	CHECK(page[0] == who && page[PAGE] == 'o');
}

static void child(const char *order)
{
	int status;
	pid_t pid = fork();

	CHECK(pid >= 0);
	take_part(order, pid ? 'c' : 'g');
	if (pid)
		CHECK(waitpid(pid, &status, 0) == pid && status == 0);
	_exit(0);
}

int main(void)
{
	turn = map_shared(PAGE);
	page = map_anon(2 * PAGE);
	for (int i = 0; i < 6; i++) {
		int status;
		pid_t pid;

		*turn = 0;
		page[0] = page[PAGE] = 'o';
		pid = fork();
		CHECK(pid >= 0);
		if (pid == 0)
			child(orders[i]);
		take_part(orders[i], 'p');
		CHECK(waitpid(pid, &status, 0) == pid && status == 0);
	}
	return 0;
}
