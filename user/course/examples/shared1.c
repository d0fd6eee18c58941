/* shared1: a page that parent and child share (IIT Jodhpur, test-shared1). */
#include "user/course/course.h"

#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	int *value = (int *)mapshared();

	*value = 42;
	if (fork() == 0) {
		value = (int *)getshared();
		printf("child %d\n", *value);
		*value = 53;
		return 0;
	}
	wait(NULL);
	printf("parent %d\n", *value);
	return 0;
}
