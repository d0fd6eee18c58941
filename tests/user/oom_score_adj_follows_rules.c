/*
 * oom_score_adj goes from -1000 to 1000, is inherited and shared by who shares the memory; without rights one
 * may make oneself the victim, and go back, but not become safer than root left one. oom_score follows.
 *
 * rows: A14
 */
#include "procfs.h"

#include <sched.h>

#define ADJ "/proc/self/oom_score_adj"

static int fd;

static bool set(const char *text)
{
	return write(fd, text, strlen(text)) == (ssize_t)strlen(text);
}

static int number(const char *path)
{
	return atoi(proc_text(path));
}

static void without_rights(void *arg)
{
	(void)arg;
	CHECK(number(ADJ) == 300 && setuid(65534) == 0);
	CHECK(set("500") && set("300\n"));
	CHECK(!set("-1") && errno == EACCES);
	CHECK(!set("-1000") && errno == EACCES);
}

static int raise_for_all(void *arg)
{
	(void)arg;
	return !set("400");
}

int main(void)
{
	static char stack[16 * PAGE];
	int status, before;

	fd = open(ADJ, O_RDWR);
	CHECK(fd >= 0 && set("0"));
	before = number("/proc/self/oom_score");
	CHECK(!set("1001") && errno == EINVAL);
	CHECK(!set("-1001") && errno == EINVAL);
	CHECK(!set("much") && errno == EINVAL);
	CHECK(set("300") && number(ADJ) == 300);
	CHECK(number("/proc/self/oom_score") >= before + 150);
	CHECK(child_run(without_rights, NULL) == 0 && number(ADJ) == 300);
	CHECK(clone(raise_for_all, stack + sizeof(stack), CLONE_VM | SIGCHLD, NULL) > 0);
	CHECK(wait(&status) > 0 && status == 0 && number(ADJ) == 400);
	return 0;
}
