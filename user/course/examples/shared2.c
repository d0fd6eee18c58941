/* shared2: parent and child talk through a page that they share, in turns (IIT Jodhpur, test-shared2). */
#include "user/course/course.h"

#include <sched.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile int *value;

/* Wait until the other has stored this. */
static void await(int wanted)
{
	while (*value != wanted)
		sched_yield();
}

static void talk(const char *who)
{
	printf("%s %d\n", who, *value);
	fflush(stdout);
}

int main(void)
{
	value = (int *)mapshared();
	*value = 42;
	if (fork() == 0) {
		talk("child");
		*value = 53;
		await(43);
		talk("child again");
		*value = 54;
		return 0;
	}
	await(53);
	talk("parent");
	*value = 43;
	wait(NULL);
	talk("parent again");
	unmapshared();
	return 0;
}
